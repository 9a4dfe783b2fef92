"""Post what one remittance says about one encounter: all its claims at once, so that nothing is billed in between."""

from collections.abc import Iterable, Iterator

from claims.domain.adjudication import Decision
from claims.domain.balances import settle_case
from claims.domain.billing import bill
from claims.domain.building import build
from claims.domain.case import EncounterCase, Wait
from claims.domain.claims import Claim, ClaimState
from claims.domain.encounters import Encounter
from claims.domain.facts import ClaimAdjudicated, Fact, InformationRequested, UnderpaymentFound
from claims.domain.ledger import Entry
from claims.domain.matching import find_claim
from claims.domain.parties import Parties
from claims.domain.posting import Advice, Unpostable, decide, entries_of, posted_paid_cents
from claims.domain.remittance_advice import NOT_OURS, PREDETERMINATION, ClaimPayment
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value, replace


class Decided(Value, kw_only=True):
    """One decision, on the claim as it stands after it."""

    claim: Claim
    decision: Decision


class Remitted(Value, kw_only=True):
    """What a remittance did to an encounter."""

    claims: tuple[Claim, ...] = ()
    """All claims of the encounter, as they stand now."""
    entries: tuple[Entry, ...] = ()
    decided: tuple[Decided, ...] = ()
    set_aside: tuple[Unpostable, ...] = ()
    applied_cents: Cents = ZERO


def remit(
    encounter: Encounter,
    claims: Iterable[Claim],
    payments: Iterable[ClaimPayment],
    advice: Advice,
    parties: Parties,
) -> Remitted:
    """Decide and post each payment in the file's order: a reversal before the decision that corrects it."""
    done = Remitted(claims=tuple(claims))
    for payment in payments:
        done = _one(done, encounter, payment, advice, parties)
    return done


def _one(done: Remitted, encounter: Encounter, payment: ClaimPayment, advice: Advice, parties: Parties) -> Remitted:
    if payment.status_code == PREDETERMINATION:
        return done
    claim = find_claim(done.claims, payment, advice.payer_id) or _crossover(done, encounter, advice, parties)
    if claim is None:
        return _aside(done, _nobody(payment))
    if payment.status_code == NOT_OURS:
        return replace(done, claims=_with(done.claims, claim.disown()))
    former = bool(encounter.coverages) and encounter.coverage(claim.coverage_id) is None
    decision = decide(claim, payment, advice, done.claims, former=former)
    if isinstance(decision, Unpostable):
        return _aside(done, decision)
    after = claim.decide(decision)
    claims = _with(done.claims, after)
    if payment.forwarded and not decision.reversal:
        claims = _forwarded(claims, encounter, after, parties)
    return replace(
        done,
        claims=claims,
        entries=(*done.entries, *entries_of(claim, decision, advice)),
        decided=(*done.decided, Decided(claim=after, decision=decision)),
        applied_cents=done.applied_cents + posted_paid_cents(decision),
    )


def _forwarded(claims: tuple[Claim, ...], encounter: Encounter, primary: Claim, parties: Parties) -> tuple[Claim, ...]:
    """Expect the next payer's answer to a claim that the primary payer forwarded: it is never sent again."""
    asked = {claim.coverage_id for claim in claims if claim.kind == primary.kind}
    for coverage in encounter.payers_in_order():
        if coverage.rank > primary.rank and coverage.coverage_id not in asked:
            expected = build(encounter, primary.kind, coverage, parties)
            return _with(claims, replace(expected, state=ClaimState.FORWARDED, crossover=True))
    return claims


def _crossover(done: Remitted, encounter: Encounter, advice: Advice, parties: Parties) -> Claim | None:
    """Find the claim of a payer that answers unasked: forwarded to it, although no remittance said so."""
    for coverage in encounter.payers_in_order()[1:]:
        if coverage.payer_id == advice.payer_id and done.claims:
            kind = done.claims[0].kind
            return replace(build(encounter, kind, coverage, parties), state=ClaimState.FORWARDED, crossover=True)
    return None


def _nobody(payment: ClaimPayment) -> Unpostable:
    return Unpostable(
        payment=payment,
        reason="no claim of the encounter went to this payer",
        fix="find the claim that was paid and post the payment to it, or return the money to the payer",
    )


def _aside(done: Remitted, why: Unpostable) -> Remitted:
    return replace(done, set_aside=(*done.set_aside, why))


def _with(claims: tuple[Claim, ...], changed: Claim) -> tuple[Claim, ...]:
    if any(claim.claim_id == changed.claim_id for claim in claims):
        return tuple(changed if claim.claim_id == changed.claim_id else claim for claim in claims)
    return (*claims, changed)


def post_remittance(case: EncounterCase, remitted: Remitted) -> EncounterCase:
    """Take over what a remittance did: its decisions and entries, and what follows from them."""
    case = case.keep(*remitted.claims).post(remitted.entries)
    for adjudicated in remitted.decided:
        case = case.announce(*_facts_of(adjudicated)).arm(Wait.ANSWER, None, adjudicated.claim.claim_id)
    return settle_case(bill(case))


def _facts_of(adjudicated: Decided) -> Iterator[Fact]:
    claim, decision = adjudicated.claim, adjudicated.decision
    yield ClaimAdjudicated(claim=claim, decision=decision)
    if claim.rank == 1 and not decision.reversal:
        yield from (UnderpaymentFound(claim=claim, line=line) for line in decision.lines if line.underpaid)
    if decision.summed("information") > 0:
        yield InformationRequested(claim=claim, codes=_wanted(decision))


def _wanted(decision: Decision) -> tuple[str, ...]:
    """Return the reasons and remarks by which a remittance asks for records."""
    reasons = [
        f"{adjustment.group}-{adjustment.carc}"
        for line in decision.lines
        for adjustment in line.adjustments
        if adjustment.meaning == "information"
    ]
    remarks = [remark for line in decision.lines for remark in line.remarks]
    return tuple(dict.fromkeys((*reasons, *remarks, *decision.remarks)))
