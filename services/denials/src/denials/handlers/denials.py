"""Denials: opened by decisions, worked by people, ended by money or by a decision."""

from collections.abc import Sequence

from denials import consumed, events, messages
from denials.domain.claim import BilledClaim
from denials.domain.classify import Circumstances, timely_proof
from denials.domain.denial import Denial
from denials.domain.triage import triage
from denials.handlers.prevention import report_refusal
from denials.handlers.write_offs import end_small_balances
from denials.storage import DenialsWork
from revcycle_kit.values import replace

_SELF_PAY = "self_pay"


async def open_denials(event: consumed.ClaimAdjudicated, work: DenialsWork) -> None:
    """
    Open a Denial for every amount the payer refused; end those that a later decision no longer refuses.

    What the contract writes off (CO-45) and what the patient owes (PR-1, PR-2, PR-3) is no denial; PR-27 or PR-204 is.
    """
    adjudication = event.to_domain()
    claim = work.claims.find(adjudication.claim_id)
    chain = {adjudication.claim_id, *(claim.follows if claim else ())}
    circumstances = Circumstances(
        claim=claim,
        terms=work.payers.get(adjudication.payer_id),
        proof=timely_proof(adjudication.payer_id, work.claims.all()),
        opened_on=adjudication.posted_on,
    )
    unresolved = [denial for denial in work.denials if denial.claim_id in chain and not denial.resolved]

    result = triage(adjudication, circumstances, unresolved, work.new_id)

    for denial in (*result.opened, *result.kept, *result.ended):
        work.denials.put(denial)
    for denial in result.ended:
        work.publish(events.denial_resolved(denial))
    for denial in result.opened:
        work.publish(events.denial_opened(denial))
        report_refusal(denial, circumstances.terms.organization_id, work)
    if claim is not None and not (adjudication.reversal or adjudication.duplicate):
        work.claims.put(replace(claim, decided=True))
    if claim is None or not _left_to_another_payer(claim, (*result.opened, *result.kept), work):
        end_small_balances(result.opened, work)


def _left_to_another_payer(claim: BilledClaim, refused: Sequence[Denial], work: DenialsWork) -> bool:
    """Let refusals wait for the payer who is asked in the place of this one by now, or end them if it has decided."""
    rivals = [other for other in work.claims.all() if other.takes_the_place_of(claim)]
    if not rivals or not refused:
        return False
    rival = max(rivals, key=lambda other: other.submitted_at)
    if rival.decided:
        withdraw(refused, work)
        return True
    work.claims.put(replace(rival, follows=tuple(sorted({*rival.follows, claim.claim_id}))))
    for denial in refused:
        work.denials.put(denial.followed())
    return True


async def end_self_pay_denials(event: consumed.PatientBalanceDue, work: DenialsWork) -> None:
    """End what payers refused on an encounter that the patient pays alone: there is nobody left to ask for it."""
    if event.cause == _SELF_PAY:
        withdraw([denial for denial in work.denials if not denial.resolved], work)


async def assign_denial(command: messages.AssignDenial, work: DenialsWork) -> messages.Done:
    """Give the work to a person, or back to the pool."""
    return _keep(work.denial(command.denial_id).assigned(command.assignee), work)


async def resume_denial(command: messages.ResumeDenial, work: DenialsWork) -> messages.Done:
    """Take the work back from the payer."""
    return _keep(work.denial(command.denial_id).resumed(), work)


async def bill_patient(command: messages.BillPatient, work: DenialsWork) -> messages.Done:
    """Let the refusal stand as the patient's to pay; claims moves the money."""
    ended = work.denial(command.denial_id).patient_billed(work.today)
    work.publish(events.denial_resolved(ended))
    return _keep(ended, work)


def withdraw(denials: Sequence[Denial], work: DenialsWork) -> None:
    """End denials about which no payer is asked any more."""
    on = work.today
    for denial in denials:
        ended = denial.withdrawn(on)
        work.denials.put(ended)
        work.publish(events.denial_resolved(ended))


def _keep(denial: Denial, work: DenialsWork) -> messages.Done:
    work.denials.put(denial)
    return messages.Done(denial_id=denial.denial_id, state=denial.state.value, act_by=denial.act_by)
