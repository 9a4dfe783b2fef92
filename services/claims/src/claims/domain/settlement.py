"""
Bring the ledger of an encounter to where its decisions say it should stand.

Transfers to the patient, write-offs and what may not be billed are targets: whatever happened, the difference between
the target and what is posted is one posting. So a corrected decision bills nobody twice, and a late payment takes a
write-off back.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from claims.domain.claims import Claim
from claims.domain.directory import Payer
from claims.domain.encounters import Encounter, Share, WriteOff
from claims.domain.ledger import RECEIVABLE, TRANSFER, Entry, Stamp, adjustment_account, moved, write_off_account
from claims.domain.posting import lowered_cents, posted_paid_cents
from claims.domain.responsibility import line_key, owed
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value, replace


class LinePosition(Value, kw_only=True):
    """Where one service stands: what it cost, what the payers did."""

    charged: Cents = ZERO
    paid: Cents = ZERO
    adjusted: Cents = ZERO


class Settlement(Value, kw_only=True):
    """What has to be posted and told now."""

    encounter: Encounter
    entries: tuple[Entry, ...] = ()
    patient_delta_cents: Cents = ZERO
    """More (or, below zero, less) that the patient owes."""
    written_off: tuple[tuple[WriteOff, Cents, Cents], ...] = ()
    """Write-offs that changed, with the write-off and adjustment cents that they now post in addition."""
    credit_found_cents: Cents = ZERO
    """A credit balance larger than the one announced before; zero: nothing new."""
    open_cents: Cents = ZERO


def settle(encounter: Encounter, claims: Iterable[Claim], payers: Mapping[UUID, Payer], today: date) -> Settlement:
    """Compute what to post so that transfers, write-offs and credits are what the decisions ask for."""
    everything = tuple(claims)
    target = owed(encounter, everything, payers)
    stamp = Stamp(service_on=encounter.service_on, posted_on=today)
    delta = Cents(_sum(target.patient) - _sum(encounter.shares))
    entries = list(moved(TRANSFER, RECEIVABLE, delta, stamp))
    forbidden = Cents(sum(target.not_billable.values()) - sum(encounter.not_billable_cents.values()))
    entries.extend(moved(adjustment_account("not_billable"), RECEIVABLE, forbidden, stamp))
    settled = replace(encounter, shares=target.patient, not_billable_cents=target.not_billable)
    posted, changes, off_entries = _write_offs(settled, everything, stamp)
    settled = replace(settled, written_off=posted)
    still_open = open_cents(settled, everything)
    credit = Cents(max(0, -still_open))
    return Settlement(
        encounter=replace(settled, credit_cents=credit, transfers=settled.transfers + bool(delta)),
        entries=(*entries, *off_entries),
        patient_delta_cents=delta,
        written_off=changes,
        credit_found_cents=credit if credit > encounter.credit_cents else ZERO,
        open_cents=still_open,
    )


def open_cents(encounter: Encounter, claims: Iterable[Claim]) -> Cents:
    """Return what insurance still owes for the encounter, signed: charges less everything posted against them."""
    given_up = sum(lost + adjusted for lost, adjusted in encounter.written_off.values())
    return Cents(_before_write_offs(encounter, tuple(claims)) - given_up)


def positions(encounter: Encounter, claims: Iterable[Claim]) -> dict[str, LinePosition]:
    """Tell for each line what it cost and what the payers did; the claim as a whole stands under its kind."""
    found = {
        str(charge.line_id): LinePosition(charged=charge.charge_cents or ZERO) for charge in encounter.billable_charges
    }
    for claim in claims:
        for decision in claim.live_decisions:
            for line in decision.lines:
                key = line_key(claim.kind, line)
                known = found.get(key, LinePosition())
                found[key] = replace(
                    known,
                    paid=Cents(known.paid + line.paid_cents),
                    adjusted=Cents(known.adjusted + line.lowered_cents),
                )
    return found


def _before_write_offs(encounter: Encounter, claims: tuple[Claim, ...]) -> int:
    by_payers = sum(
        posted_paid_cents(decision) + lowered_cents(decision)
        for claim in claims
        for decision in claim.decisions
        if decision.live
    )
    moved_on = _sum(encounter.shares) + sum(encounter.not_billable_cents.values())
    return encounter.charged_cents - by_payers - moved_on


def _write_offs(
    encounter: Encounter, claims: tuple[Claim, ...], stamp: Stamp
) -> tuple[dict[str, tuple[Cents, Cents]], tuple[tuple[WriteOff, Cents, Cents], ...], tuple[Entry, ...]]:
    if not encounter.write_offs:
        return encounter.written_off, (), ()
    room = max(0, _before_write_offs(encounter, claims))
    rooms = _line_rooms(encounter, claims)
    posted: dict[str, tuple[Cents, Cents]] = {}
    changes: list[tuple[WriteOff, Cents, Cents]] = []
    entries: list[Entry] = []
    for write_off in encounter.write_offs:
        key = str(write_off.line_id) if write_off.line_id else None
        most = min(room, write_off.write_off_cents + write_off.adjustment_cents, rooms.get(key, room) if key else room)
        lost = Cents(min(write_off.write_off_cents, most))
        target = (lost, Cents(most - lost))
        room -= most
        if key in rooms:
            rooms[key] = Cents(rooms[key] - most)
        before = encounter.written_off.get(str(write_off.denial_id), (ZERO, ZERO))
        posted[str(write_off.denial_id)] = target
        if target != before:
            more = (Cents(target[0] - before[0]), Cents(target[1] - before[1]))
            changes.append((write_off, *more))
            entries.extend(_write_off_entries(write_off, *more, stamp))
    return posted, tuple(changes), tuple(entries)


def _write_off_entries(write_off: WriteOff, lost: Cents, adjusted: Cents, stamp: Stamp) -> tuple[Entry, ...]:
    own = replace(stamp, claim_id=write_off.claim_id)
    kind = "bundled_correct" if write_off.write_off_class == "bundled_correct" else "contractual"
    return (
        *moved(write_off_account(write_off.write_off_class), RECEIVABLE, lost, own),
        *moved(adjustment_account(kind), RECEIVABLE, adjusted, own),
    )


def _line_rooms(encounter: Encounter, claims: tuple[Claim, ...]) -> dict[str | None, Cents]:
    rooms: dict[str | None, Cents] = {}
    for key, place in positions(encounter, claims).items():
        gone = encounter.shares.get(key, Share()).amount_cents + encounter.not_billable_cents.get(key, 0)
        rooms[key] = Cents(max(0, place.charged - place.paid - place.adjusted - gone))
    return rooms


def _sum(shares: Mapping[str, Share]) -> Cents:
    return Cents(sum(share.amount_cents for share in shares.values()))
