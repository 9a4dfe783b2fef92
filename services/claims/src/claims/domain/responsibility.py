"""
What the patient owes: only when every payer of a line has spoken, and never where the law forbids it.

A later payer's patient responsibility replaces the earlier one's. A line that a payer refused does not hold up the
lines that are final. Nothing is billed while any first claim of the encounter still waits for its first decision, so
that a visit with a facility and a professional claim gives one bill.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from msgspec import field

from claims.domain.adjudication import CLAIM_LEVEL, Decision, LineDecision
from claims.domain.claims import GONE, Claim
from claims.domain.directory import Payer
from claims.domain.encounters import CoverageAnswer, Encounter, Share
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value, replace

QUALIFIED_BENEFICIARY = frozenset({"N781", "N782", "N783"})
"""Remarks by which Medicare says that deductible or coinsurance may not be billed (42 USC 1396a(n)(3)(B))."""

KINDS = frozenset({"P", "I"})
"""Keys of what a payer said of a whole claim."""


class Owed(Value, kw_only=True):
    """Who bears what the payers left: the patient, or nobody because the law forbids to bill it."""

    patient: dict[str, Share] = field(default_factory=dict)
    not_billable: dict[str, Cents] = field(default_factory=dict)


def owed(encounter: Encounter, claims: Iterable[Claim], payers: Mapping[UUID, Payer]) -> Owed:
    """Say what the patient owes for each line as things stand now."""
    everything = tuple(claims)
    standing = tuple(claim for claim in everything if claim.counts)
    if encounter.self_pay:
        return Owed(
            patient={
                str(charge.line_id): Share(other_cents=charge.charge_cents or ZERO)
                for charge in encounter.billable_charges
            }
        )
    shares: dict[str, Share] = {}
    forbidden: dict[str, Cents] = {}
    if not _first_word_awaited(standing):
        for kind in sorted({claim.kind for claim in standing}):
            of_kind = tuple(claim for claim in standing if claim.kind == kind)
            if not next_payer_expected(encounter, of_kind):
                _add_kind(encounter, of_kind, payers, shares, forbidden)
    _add_refused(encounter, everything, shares, forbidden)
    return Owed(patient=shares, not_billable=forbidden)


def _add_refused(
    encounter: Encounter, claims: tuple[Claim, ...], shares: dict[str, Share], forbidden: dict[str, Cents]
) -> None:
    """Add what was refused and is the patient's: only as far as no payer has taken it over since."""
    if not encounter.refused_to_patient:
        return
    left = _left_open(encounter, claims, shares, forbidden)
    room: int = sum(left.values())
    for line, cents in encounter.refused_to_patient.items():
        more = max(0, min(cents, room, room if line in KINDS else left.get(line, 0)))
        room -= more
        if more:
            known = shares.get(line, Share())
            shares[line] = replace(known, other_cents=Cents(known.other_cents + more))


def _left_open(
    encounter: Encounter, claims: tuple[Claim, ...], shares: Mapping[str, Share], forbidden: Mapping[str, Cents]
) -> dict[str, Cents]:
    """Tell for each line what neither payers nor patient have taken; what was said of a whole claim, by its kind."""
    left = {str(charge.line_id): charge.charge_cents or ZERO for charge in encounter.billable_charges}
    taken = [(line_key(claim.kind, line), line.paid_cents + line.lowered_cents) for claim in claims
             for decision in claim.live_decisions for line in decision.lines]  # fmt: skip
    taken += [(key, share.amount_cents) for key, share in shares.items()]
    for key, cents in (*taken, *forbidden.items()):
        left[key] = Cents(left.get(key, ZERO) - cents)
    return left


def next_payer_expected(encounter: Encounter, of_kind: tuple[Claim, ...]) -> bool:
    """Say whether a payer after the last one that decided is still to speak, or to be asked."""
    standing = tuple(claim for claim in of_kind if claim.counts and not asked_out_of_turn(claim, encounter))
    last = max((_rank(claim, encounter) for claim in standing if claim.decided), default=0)
    if last == 0 or any(claim.awaited and _rank(claim, encounter) > last for claim in standing):
        return True
    asked = {claim.coverage_id for claim in standing}
    return any(
        coverage.rank > last and coverage.answer != CoverageAnswer.REFUSED and coverage.coverage_id not in asked
        for coverage in encounter.payers_in_order()
    )


def asked_out_of_turn(claim: Claim, encounter: Encounter) -> bool:
    """Say whether a payer refused all because it was asked too early, or covers nobody here: it settles nothing."""
    if claim.accepted or not claim.decided:
        return False
    coverage = encounter.coverage(claim.coverage_id)
    return coverage is None or claim.rank < coverage.rank


def _rank(claim: Claim, encounter: Encounter) -> int:
    return encounter.rank_of(claim.coverage_id, claim.rank)


def line_key(kind: str, line: LineDecision) -> str:
    """Return the key of a line; what a payer said about the whole claim stands under the claim's kind."""
    return str(line.line_id) if line.line_id and line.line_number != CLAIM_LEVEL else kind


def _first_word_awaited(claims: tuple[Claim, ...]) -> bool:
    spoken = {claim.kind for claim in claims if claim.decisions}
    return any(claim.kind not in spoken and claim.state not in GONE and claim.rank == 1 for claim in claims)


def _add_kind(
    encounter: Encounter,
    of_kind: tuple[Claim, ...],
    payers: Mapping[UUID, Payer],
    shares: dict[str, Share],
    forbidden: dict[str, Cents],
) -> None:
    may_bill = _may_bill(of_kind, payers)
    seen: set[str] = set()
    for rank in sorted({_rank(claim, encounter) for claim in of_kind if claim.decided}, reverse=True):
        if of_kind[0].kind in seen:
            break
        decided = [
            (claim.kind, decision) for claim in _of_rank(rank, of_kind, encounter) for decision in claim.live_decisions
        ]
        found = _shares_of(decided)
        for key, share in found.items():
            if key in seen or not share.amount_cents:
                continue
            if may_bill:
                shares[key] = share
            else:
                forbidden[key] = share.amount_cents
        seen |= found.keys()


def _of_rank(rank: int, of_kind: tuple[Claim, ...], encounter: Encounter) -> tuple[Claim, ...]:
    """Return the claims decided at a rank: those of the payers who cover now, if there are any."""
    decided = tuple(claim for claim in of_kind if claim.decided and _rank(claim, encounter) == rank)
    return tuple(claim for claim in decided if encounter.coverage(claim.coverage_id) is not None) or decided


def _shares_of(decided: list[tuple[str, Decision]]) -> dict[str, Share]:
    sums: dict[str, dict[str, Cents]] = {}
    for kind, decision in decided:
        for line in decision.lines:
            parts = sums.setdefault(line_key(kind, line), {})
            if line.posting == "full":
                for adjustment in line.adjustments:
                    if adjustment.meaning == "patient":
                        name = _PARTS.get(adjustment.carc, "other_cents")
                        parts[name] = Cents(parts.get(name, ZERO) + adjustment.amount_cents)
    return {key: Share(**parts) for key, parts in sums.items()}


_PARTS = {"1": "deductible_cents", "2": "coinsurance_cents", "3": "copay_cents"}


def _may_bill(of_kind: tuple[Claim, ...], payers: Mapping[UUID, Payer]) -> bool:
    for claim in of_kind:
        if not claim.decided:
            continue
        payer = payers.get(claim.payer_id)
        if payer is not None and not payer.bills_patients:
            return False
        remarks = {mark for decision in claim.live_decisions for mark in decision.remarks}
        remarks |= {mark for decision in claim.live_decisions for line in decision.lines for mark in line.remarks}
        if remarks & QUALIFIED_BENEFICIARY:
            return False
    return True
