"""What denials does when something happens; what people ask of it stands in `staff`."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from denials import announce, consumed
from denials.domain.claim import VOID, Acceptance, BilledClaim
from denials.domain.classify import Circumstances, timely_proof
from denials.domain.denial import Denial, State
from denials.domain.directory import Clinic
from denials.domain.policy import Category
from denials.domain.prevention import Pattern, RuleState, Seen, teaches
from denials.domain.triage import follows, small_enough_to_end, triage
from denials.domain.underpayment import Underpayment
from denials.domain.write_off import TIERS, split
from denials.messages import LetterSent, PaymentOverdue, RefusalSeen, SendLetter
from denials.storage import DenialsWork
from revcycle_kit.clock import local_date
from revcycle_kit.delivery.messages import Reply, StreamRef
from revcycle_kit.ids import derived_id

IDENTITY_PURPOSE = "denials.claim"
SELF_PAY = "self_pay"
ASKED_NO_MORE = frozenset({"no_payer", "claim_voided"})
"""Why claims declines a correction for good."""
_CAUSES: dict[str, Category] = {
    "eligibility": "eligibility",
    "enrollment": "enrollment",
    "payer_routing": "wrong_payer",
}


async def remember_claim(submitted: consumed.ClaimSubmitted, work: DenialsWork) -> None:
    """Keep what was billed, whom it is about (sealed), and whose refusals it is meant to cure: they wait for it now."""
    claim = submitted.to_domain()
    chain: tuple[UUID, ...] = ()
    if claim.frequency != VOID:
        unresolved = [denial for denial in work.denials if not denial.resolved]
        chain = follows(claim, submitted.replaces_claim_id, work.claims.all(), unresolved)
        for denial in unresolved:
            if denial.claim_id in chain:
                work.denials.put(denial.followed())
    sealed = ""
    if submitted.identity:
        identity = work.open_identity(submitted.identity, consumed.ClaimIdentity)
        sealed = work.seal(identity, IDENTITY_PURPOSE, claim.claim_id)
    work.claims.put(replace(claim, follows=chain, identity=sealed))


async def take_correction_back(declined: consumed.CorrectionDeclined, work: DenialsWork) -> None:
    """Work on a refusal whose correction cannot be carried out, or end it where the payer is asked no more."""
    denials = [denial for denial in work.denials if denial.denial_id in declined.denial_ids and not denial.resolved]
    if declined.cause in ASKED_NO_MORE:
        _withdraw(denials, work)
        return
    for denial in denials:
        work.denials.put(denial.correction_declined(f"{declined.reason}: {declined.fix}"))


async def end_at_self_pay(due: consumed.PatientBalanceDue, work: DenialsWork) -> None:
    """End what payers refused on an encounter that the patient pays alone: there is nobody left to ask for it."""
    if due.cause == SELF_PAY:
        _withdraw([denial for denial in work.denials if not denial.resolved], work)


def _withdraw(denials: Sequence[Denial], work: DenialsWork) -> None:
    on = local_date(work.now, work.clinics.get(work.stream.tenant_id).time_zone)
    for denial in denials:
        ended = denial.withdrawn(on)
        work.denials.put(ended)
        work.publish(announce.denial_resolved(ended))


async def remember_acceptance(acknowledged: consumed.ClaimAcknowledged, work: DenialsWork) -> None:
    """Keep the payer's own acceptance: the proof against a refusal for late filing."""
    claim = work.claims.find(acknowledged.claim_id)
    if claim is None or (acknowledged.level, acknowledged.outcome) != ("payer", "accepted"):
        return
    acceptance = Acceptance(
        sender=acknowledged.sender,
        control_number=acknowledged.control_number,
        accepted_on=acknowledged.acknowledged_at.date(),
    )
    work.claims.put(claim.accepted(acceptance))


async def open_denials(adjudicated: consumed.ClaimAdjudicated, work: DenialsWork) -> None:
    """
    Open a Denial for every amount the payer refused; end those that a later decision no longer refuses.

    What the contract writes off (CO-45) and what the patient owes (PR-1, PR-2, PR-3) is no denial; PR-27 or PR-204 is.
    """
    adjudication = adjudicated.to_domain()
    claim = work.claims.find(adjudication.claim_id)
    chain = {adjudication.claim_id, *(claim.follows if claim else ())}
    around = Circumstances(
        claim=claim,
        terms=work.payers.get(adjudication.payer_id),
        proof=timely_proof(adjudication.payer_id, work.claims.all()),
        opened_on=adjudication.posted_on,
    )
    unresolved = [denial for denial in work.denials if denial.claim_id in chain and not denial.resolved]

    result = triage(adjudication, around, unresolved, work.new_id)

    for denial in (*result.opened, *result.kept, *result.ended):
        work.denials.put(denial)
    for denial in result.ended:
        work.publish(announce.denial_resolved(denial))
    for denial in result.opened:
        work.publish(announce.denial_opened(denial))
        _tell_pattern(denial, around.terms.organization_id, work)
    if claim is not None and not (adjudication.reversal or adjudication.duplicate):
        work.claims.put(replace(claim, decided=True))
    if claim is None or not _left_to_another_payer(claim, (*result.opened, *result.kept), work):
        _end_pennies(result.opened, work)


def _left_to_another_payer(claim: BilledClaim, refused: Sequence[Denial], work: DenialsWork) -> bool:
    """Let refusals wait for the payer who is asked in the place of this one by now, or end them if it has decided."""
    rivals = [other for other in work.claims.all() if other.takes_the_place_of(claim)]
    if not rivals or not refused:
        return False
    rival = max(rivals, key=lambda other: other.submitted_at)
    if rival.decided:
        _withdraw(refused, work)
        return True
    work.claims.put(replace(rival, follows=tuple(sorted({*rival.follows, claim.claim_id}))))
    for denial in refused:
        work.denials.put(denial.followed())
    return True


def _end_pennies(opened: Sequence[Denial], work: DenialsWork) -> None:
    """Write off at once what is not worth anybody's time: the first tier needs nobody's approval."""
    automatic = TIERS[0]
    if automatic.limit_cents is None or not small_enough_to_end(opened, automatic.limit_cents):
        return
    for denial in opened:
        ended = denial.written_off(denial.opened_on)
        shares = split(denial.amount_cents, denial.expected_allowed_cents)
        work.denials.put(ended)
        work.publish(
            announce.write_off_approved(denial, shares, "small_balance", automatic.name, "write-off policy", work.now)
        )
        work.publish(announce.denial_resolved(ended))


async def note_underpayment(found: consumed.UnderpaymentFound, work: DenialsWork) -> None:
    """List what was allowed below the contract: a dispute, but no denial."""
    work.underpayments.put(
        Underpayment(
            underpayment_id=derived_id("underpayment", str(found.claim_id), str(found.line_number)),
            encounter_id=found.encounter_id,
            claim_id=found.claim_id,
            line_number=found.line_number,
            expected_cents=found.expected_cents,
            allowed_cents=found.allowed_cents,
            found_on=work.occurred_at.date(),
        )
    )


async def learn_from_rejection(rejected: consumed.ClaimRejected, work: DenialsWork) -> None:
    """Count a rejection at the door towards its pattern; claims does the work on it."""
    organization_id = work.payers.get(rejected.payer_id).organization_id
    status = rejected.codes[0] if rejected.codes else consumed.Status(category="rejected")
    seen = RefusalSeen(
        case_id=work.message_id,
        organization_id=organization_id,
        payer_id=rejected.payer_id,
        carc=f"{status.category}:{status.status}".rstrip(":"),
        codes=(),
        category=_CAUSES.get(rejected.cause, "information"),
        on=rejected.rejected_at.date(),
    )
    work.send(seen, _pattern_of(seen), key=str(seen.case_id))


def _tell_pattern(denial: Denial, organization_id: UUID, work: DenialsWork) -> None:
    if not teaches(denial.preventable_at):
        return
    seen = RefusalSeen(
        case_id=denial.denial_id,
        organization_id=organization_id,
        payer_id=denial.payer_id,
        carc=denial.carc,
        codes=(denial.code,) if denial.code else (),
        category=denial.category,
        on=denial.opened_on,
    )
    work.send(seen, _pattern_of(seen), key=str(seen.case_id))


def _pattern_of(seen: RefusalSeen) -> StreamRef:
    rule_id = derived_id("prevention_rule", str(seen.organization_id), str(seen.payer_id), seen.carc, *seen.codes)
    return StreamRef("organization", seen.organization_id, "prevention_rule", rule_id)


async def watch_pattern(seen: RefusalSeen, work: DenialsWork) -> None:
    """Count a refusal; propose a rule when the same was refused often enough."""
    known = work.patterns.find(work.stream.id) or Pattern(
        rule_id=work.stream.id,
        organization_id=seen.organization_id,
        payer_id=seen.payer_id,
        carc=seen.carc,
        codes=seen.codes,
        category=seen.category,
    )
    counted = known.noticed(Seen(case_id=seen.case_id, on=seen.on))
    work.patterns.put(counted)
    if counted.state is RuleState.PROPOSED and known.state is RuleState.WATCHED:
        work.publish(announce.rule_proposed(counted))


async def record_sending(reply: Reply[LetterSent], work: DenialsWork) -> None:
    """Note that the partner took the letter."""
    if isinstance(reply.effect, SendLetter):
        work.appeals.put(work.appeals.get(reply.effect.appeal_id).sent(work.now.date()))


async def miss_payment(overdue: PaymentOverdue, work: DenialsWork) -> None:
    """Take the work back where a payer promised to pay and did not."""
    for denial_id in work.appeals.get(overdue.appeal_id).denial_ids:
        denial = work.denials.get(denial_id)
        if denial.state is State.OVERTURNED:
            work.denials.put(denial.resumed())


async def know_payer(updated: consumed.PayerUpdated, work: DenialsWork) -> None:
    """Keep a payer's terms."""
    work.payers.put(updated.to_domain())


async def know_payee(updated: consumed.BillingEntityUpdated, work: DenialsWork) -> None:
    """Keep in whose name letters are written."""
    work.payees.put(updated.to_domain())


async def know_clinic(updated: consumed.ClinicUpdated, work: DenialsWork) -> None:
    """Keep which day it is where."""
    work.clinics.put(Clinic(clinic_id=updated.clinic_id, name=updated.name, time_zone=updated.time_zone))
