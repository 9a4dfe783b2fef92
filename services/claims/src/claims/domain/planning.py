"""
Which claims an encounter needs now: to the first payer, again after late charges, and to the next payer.

Claims that have not left are brought up to date; those that have left are never changed, only replaced.
"""

from collections.abc import Iterable
from datetime import date

from claims.domain.building import build, claim_identity, kinds_of, rebuilt, secondary
from claims.domain.claims import DECIDED, GONE, UNSENT, Claim, ClaimState, control_number
from claims.domain.coordination import prior_payers
from claims.domain.encounters import Coverage, CoverageAnswer, Encounter
from claims.domain.parties import Parties
from claims.domain.responsibility import asked_out_of_turn, line_key, next_payer_expected
from revcycle_kit.values import replace

REPLACED = GONE - {ClaimState.NOT_OURS}
"""States in which another claim stands in the place of this one, or none is wanted."""
FIRST = "1"
REPLACEMENT = "7"
VOID = "8"


def is_self_pay(encounter: Encounter) -> bool:
    """Say whether no payer is to be asked: none is known, or the patient forbade it."""
    return not encounter.payers_in_order()


def plan(encounter: Encounter, claims: Iterable[Claim], parties: Parties) -> tuple[Claim, ...]:
    """
    Return the claims that have to be made or changed now; none where everything stands as it should.

    Claims come back as drafts (to be edited and sent) or voided (never sent, no longer wanted).
    """
    known = {claim.claim_id: claim for claim in claims}
    if encounter.billing_stopped:
        return ()
    changed = [claim.void() for claim in known.values() if unwanted(claim, encounter)]
    for claim in changed:
        known[claim.claim_id] = claim
    order = encounter.payers_in_order()
    for kind in kinds_of(encounter) if order else ():
        of_kind = tuple(claim for claim in known.values() if claim.kind == kind)
        fresh = _first(encounter, kind, order[0], of_kind, parties)
        fresh = fresh or _next(encounter, kind, order[1:], of_kind, parties)
        if fresh is not None:
            changed.append(fresh)
    changed.extend(void_of(claim, known.values()) for claim in _emptied(tuple(known.values()), encounter))
    return tuple(changed)


def resend(claim: Claim, encounter: Encounter, claims: Iterable[Claim], parties: Parties) -> Claim | None:
    """
    Build the claim that takes the place of one that was rejected, or decided and corrected: a new one (1).

    None where no payer is left to be asked, or the payers before this one have not decided yet: the claim is made
    when they have.
    """
    everything = tuple(claims)
    order = encounter.payers_in_order()
    if not order:
        return None
    coverage = encounter.coverage(claim.coverage_id) or order[0]
    earlier = tuple(payer for payer in order if payer.rank < coverage.rank and payer.answer != CoverageAnswer.REFUSED)
    prior = prior_payers(everything, claim.kind, earlier)
    if prior is None:
        return None
    fresh = build(encounter, claim.kind, coverage, parties, ordinal=_ordinal(everything, claim.kind, coverage))
    fresh = secondary(fresh, prior, parties.payer(coverage.payer_id)) if prior else fresh
    return replace(
        fresh,
        replaces_claim_id=claim.claim_id,
        first_edited_on=claim.first_edited_on,
        touched=True,
        rejected_before=claim.rejected_before or claim.state == ClaimState.REJECTED,
    )


def replacement(claim: Claim, encounter: Encounter, claims: Iterable[Claim], parties: Parties) -> Claim | None:
    """Build the claim that replaces (7) one that the payer decided, naming the payer's number."""
    fresh = resend(claim, encounter, claims, parties)
    if fresh is None:
        return None
    return replace(fresh, frequency=REPLACEMENT, original_control_number=claim.payer_claim_control_number)


def void_of(claim: Claim, claims: Iterable[Claim]) -> Claim:
    """Build the void (8) of a claim: the same lines under a number of its own, naming the payer's number."""
    ordinal = 1 + max(other.ordinal for other in claims if (other.kind, other.payer_id) == (claim.kind, claim.payer_id))
    claim_id = claim_identity(claim.encounter_id, claim.payer_id, claim.rank, claim.kind, ordinal)
    return replace(
        claim,
        claim_id=claim_id,
        patient_control_number=control_number(claim_id),
        ordinal=ordinal,
        state=ClaimState.DRAFT,
        frequency=VOID,
        original_control_number=claim.payer_claim_control_number,
        replaces_claim_id=claim.claim_id,
        decisions=(),
        acknowledgments=(),
        findings=(),
        touched=True,
        submitted_at=None,
        batch="",
    )


def differs(claim: Claim, encounter: Encounter) -> bool:
    """Say whether the claim's lines are no longer what is charged."""
    billed = {(line.line_id, line.charge_cents) for line in claim.lines}
    charged = {(charge.line_id, charge.charge_cents) for charge in kinds_of(encounter).get(claim.kind, ())}
    return billed != charged


def unwanted(claim: Claim, encounter: Encounter) -> bool:
    """Say whether a claim that has not left goes to a payer who is not asked first any more, or bills nothing."""
    if claim.state not in UNSENT | {ClaimState.READY} or claim.prior:
        return False
    order = encounter.payers_in_order()
    gone = claim.kind not in kinds_of(encounter) and claim.frequency != VOID
    return gone or not order or claim.coverage_id != order[0].coverage_id


def _emptied(claims: tuple[Claim, ...], encounter: Encounter) -> list[Claim]:
    """Find decided claims of which every charge was taken back, and for which no void is on its way."""
    kinds = kinds_of(encounter)
    voiding = {claim.replaces_claim_id for claim in claims if claim.frequency == VOID}
    return [
        claim
        for claim in claims
        if claim.kind not in kinds
        and claim.state in DECIDED
        and claim.decided
        and claim.frequency != VOID
        and claim.claim_id not in voiding
    ]


def _first(
    encounter: Encounter, kind: str, coverage: Coverage, of_kind: tuple[Claim, ...], parties: Parties
) -> Claim | None:
    mine = [claim for claim in of_kind if claim.coverage_id == coverage.coverage_id and claim.state not in REPLACED]
    if not mine:
        if any(claim.accepted for claim in of_kind):
            return None
        fresh = build(encounter, kind, coverage, parties, ordinal=_ordinal(of_kind, kind, coverage))
        turned_away = any(proof.outcome == "rejected" for claim in of_kind for proof in claim.acknowledgments)
        return replace(fresh, touched=turned_away, rejected_before=turned_away)
    latest = mine[-1]
    if latest.state in UNSENT:
        same_payer = parties.payer(coverage.payer_id).payer_id == latest.payer_id
        return rebuilt(latest, build(encounter, kind, coverage, parties)) if same_payer else None
    if latest.state in DECIDED and latest.decided and differs(latest, encounter):
        again = replacement(latest, encounter, of_kind, parties)
        return replace(again, touched=latest.touched) if again is not None else None
    return None


def _next(
    encounter: Encounter, kind: str, later: tuple[Coverage, ...], of_kind: tuple[Claim, ...], parties: Parties
) -> Claim | None:
    standing = tuple(claim for claim in of_kind if claim.counts and not asked_out_of_turn(claim, encounter))
    decided = [claim for claim in standing if claim.decided]
    if not later or not decided or not next_payer_expected(encounter, standing):
        return None
    last = max(decided, key=lambda claim: encounter.rank_of(claim.coverage_id, claim.rank))
    rank = encounter.rank_of(last.coverage_id, last.rank)
    if any(claim.awaited and claim.rank > rank for claim in standing) or not _leaves_something(last, encounter):
        return None
    asked = {claim.coverage_id for claim in standing}
    for coverage in later:
        if coverage.rank > rank and coverage.coverage_id not in asked and coverage.answer != CoverageAnswer.REFUSED:
            return _to_next(encounter, kind, coverage, of_kind, parties)
    return None


def _to_next(
    encounter: Encounter, kind: str, coverage: Coverage, of_kind: tuple[Claim, ...], parties: Parties
) -> Claim | None:
    earlier = tuple(
        payer
        for payer in encounter.payers_in_order()
        if payer.rank < coverage.rank and payer.answer != CoverageAnswer.REFUSED
    )
    prior = prior_payers(of_kind, kind, earlier)
    if not prior:
        return None
    fresh = build(encounter, kind, coverage, parties, ordinal=_ordinal(of_kind, kind, coverage))
    return secondary(fresh, prior, parties.payer(coverage.payer_id))


def _leaves_something(claim: Claim, encounter: Encounter) -> bool:
    """Say whether a decision is complete, with every refusal worked off, and leaves something for the next payer."""
    decision = claim.live_decisions[-1]
    refused = [line for line in decision.lines if line.refused_cents > 0]
    given_up = {
        str(write_off.line_id or claim.kind)
        for write_off in encounter.write_offs
        if write_off.claim_id == claim.claim_id
    }
    keys = {line_key(claim.kind, line) for line in refused}
    if not keys <= given_up | encounter.refused_to_patient.keys():
        return False
    return decision.summed("patient") > 0 or any(key in encounter.refused_to_patient for key in keys)


def _ordinal(claims: Iterable[Claim], kind: str, coverage: Coverage) -> int:
    theirs = (claim.ordinal for claim in claims if (claim.kind, claim.payer_id) == (kind, coverage.payer_id))
    return 1 + max(theirs, default=0)


def due_on(encounter: Encounter, hold_days: int) -> date:
    """Return the first day on which the encounter may be billed: its last day of service and the days of hold."""
    last = encounter.service_through_on or encounter.service_on
    return date.fromordinal(last.toordinal() + hold_days)
