"""
Bring the ledger of an encounter to where its decisions say it should stand.

Transfers to the patient, write-offs and what may not be billed are targets: whatever happened, the difference between
the target and what is posted is one posting. So a corrected decision bills nobody twice, and a late payment takes a
write-off back.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from claims.domain.claims import Claim
from claims.domain.directory import Payer
from claims.domain.encounters import Encounter, Share, WriteOff
from claims.domain.ledger import RECEIVABLE, TRANSFER, Entry, Stamp, adjustment, moved, write_off
from claims.domain.posting import lowered_cents, posted_paid_cents
from claims.domain.records import Record
from claims.domain.responsibility import line_key, owed


class LinePosition(Record, frozen=True, kw_only=True):
    """Where one service stands: what it cost, what the payers did."""

    charged: int = 0
    paid: int = 0
    adjusted: int = 0


class Settlement(Record, frozen=True, kw_only=True):
    """What has to be posted and told now."""

    encounter: Encounter
    entries: tuple[Entry, ...] = ()
    patient_delta_cents: int = 0
    """More (or, below zero, less) that the patient owes."""
    written_off: tuple[tuple[WriteOff, int, int], ...] = ()
    """Write-offs that changed, with the write-off and adjustment cents that they now post in addition."""
    credit_found_cents: int = 0
    """A credit balance larger than the one announced before; zero: nothing new."""
    open_cents: int = 0


def settle(encounter: Encounter, claims: Iterable[Claim], payers: Mapping[UUID, Payer], today: date) -> Settlement:
    """Compute what to post so that transfers, write-offs and credits are what the decisions ask for."""
    everything = tuple(claims)
    target = owed(encounter, everything, payers)
    stamp = Stamp(service_on=encounter.service_on, posted_on=today)
    delta = _sum(target.patient) - _sum(encounter.shares)
    entries = list(moved(TRANSFER, RECEIVABLE, delta, stamp))
    forbidden = sum(target.not_billable.values()) - sum(encounter.not_billable_cents.values())
    entries.extend(moved(adjustment("not_billable"), RECEIVABLE, forbidden, stamp))
    settled = replace(encounter, shares=target.patient, not_billable_cents=target.not_billable)
    posted, changes, off_entries = _write_offs(settled, everything, stamp)
    settled = replace(settled, written_off=posted)
    still_open = open_cents(settled, everything)
    credit = max(0, -still_open)
    return Settlement(
        encounter=replace(settled, credit_cents=credit, transfers=settled.transfers + bool(delta)),
        entries=(*entries, *off_entries),
        patient_delta_cents=delta,
        written_off=changes,
        credit_found_cents=credit if credit > encounter.credit_cents else 0,
        open_cents=still_open,
    )


def open_cents(encounter: Encounter, claims: Iterable[Claim]) -> int:
    """Return what insurance still owes for the encounter, signed: charges less everything posted against them."""
    given_up = sum(lost + adjusted for lost, adjusted in encounter.written_off.values())
    return _before_write_offs(encounter, tuple(claims)) - given_up


def positions(encounter: Encounter, claims: Iterable[Claim]) -> dict[str, LinePosition]:
    """Tell for each line what it cost and what the payers did; the claim as a whole stands under its kind."""
    found = {str(one.line_id): LinePosition(charged=one.charge_cents or 0) for one in encounter.billable_charges}
    for claim in claims:
        for decision in claim.live_decisions:
            for line in decision.lines:
                key = line_key(claim.kind, line)
                known = found.get(key, LinePosition())
                found[key] = replace(
                    known, paid=known.paid + line.paid_cents, adjusted=known.adjusted + line.lowered_cents
                )
    return found


def _before_write_offs(encounter: Encounter, claims: tuple[Claim, ...]) -> int:
    by_payers = sum(
        posted_paid_cents(one) + lowered_cents(one) for claim in claims for one in claim.decisions if one.live
    )
    moved_on = _sum(encounter.shares) + sum(encounter.not_billable_cents.values())
    return encounter.charged_cents - by_payers - moved_on


def _write_offs(
    encounter: Encounter, claims: tuple[Claim, ...], stamp: Stamp
) -> tuple[dict[str, tuple[int, int]], tuple[tuple[WriteOff, int, int], ...], tuple[Entry, ...]]:
    if not encounter.write_offs:
        return encounter.written_off, (), ()
    room = max(0, _before_write_offs(encounter, claims))
    rooms = _line_rooms(encounter, claims)
    posted: dict[str, tuple[int, int]] = {}
    changes: list[tuple[WriteOff, int, int]] = []
    entries: list[Entry] = []
    for one in encounter.write_offs:
        key = str(one.line_id) if one.line_id else None
        most = min(room, one.write_off_cents + one.adjustment_cents, rooms.get(key, room) if key else room)
        lost = min(one.write_off_cents, most)
        target = (lost, most - lost)
        room -= most
        if key in rooms:
            rooms[key] -= most
        before = encounter.written_off.get(str(one.denial_id), (0, 0))
        posted[str(one.denial_id)] = target
        if target != before:
            more = (target[0] - before[0], target[1] - before[1])
            changes.append((one, *more))
            entries.extend(_write_off_entries(one, *more, stamp))
    return posted, tuple(changes), tuple(entries)


def _write_off_entries(one: WriteOff, lost: int, adjusted: int, stamp: Stamp) -> tuple[Entry, ...]:
    own = replace(stamp, claim_id=one.claim_id)
    kind = "bundled_correct" if one.write_off_class == "bundled_correct" else "contractual"
    return (
        *moved(write_off(one.write_off_class), RECEIVABLE, lost, own),
        *moved(adjustment(kind), RECEIVABLE, adjusted, own),
    )


def _line_rooms(encounter: Encounter, claims: tuple[Claim, ...]) -> dict[str | None, int]:
    rooms: dict[str | None, int] = {}
    for key, place in positions(encounter, claims).items():
        gone = encounter.shares.get(key, Share()).amount_cents + encounter.not_billable_cents.get(key, 0)
        rooms[key] = max(0, place.charged - place.paid - place.adjusted - gone)
    return rooms


def _sum(shares: Mapping[str, Share]) -> int:
    return sum(one.amount_cents for one in shares.values())
