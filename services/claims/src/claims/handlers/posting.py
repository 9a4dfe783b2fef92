"""What a remittance decided about an encounter: posted, told, and followed by what it makes due."""

from claims import events as say
from claims.domain.posting import Advice
from claims.domain.remitting import Decided, Remitted, remit
from claims.handlers.case import Case
from claims.handlers.remittances import remittance_stream
from claims.messages import AnswerDue, PaymentsAnswered, PaymentsTold
from claims.storage import ClaimsWork


async def post_payments(told: PaymentsTold, work: ClaimsWork) -> None:
    """
    Post every payment of one remittance on this encounter, in the file's order.

    Reversal and corrected decision are one step, so nobody is billed in between; then the next payer is asked, or
    the patient owes what is left.
    """
    case = Case(work)
    advice = Advice(
        remittance_id=told.remittance_id,
        payer_id=told.payer_id,
        produced_on=told.produced_on,
        posted_on=case.today,
        deposited_on=told.deposited_on,
    )
    done = remit(case.encounter, case.claims.values(), told.payments, advice, case.parties())
    for claim in done.claims:
        case.keep(claim)
    case.post(done.entries)
    for one in done.decided:
        _tell(case, one)
    case.bill()
    case.settle()
    case.save()
    _answer(case, told, done)


def _tell(case: Case, one: Decided) -> None:
    case.work.publish(say.claim_adjudicated(one.claim, one.decision))
    for found in say.underpayments(one.claim, one.decision):
        case.work.publish(found)
    if one.decision.summed("information") > 0:
        case.work.publish(say.information_wanted(one.claim, one.decision, case.today))
    case.work.cancel(AnswerDue, str(one.claim.claim_id))


def _answer(case: Case, told: PaymentsTold, done: Remitted) -> None:
    """Tell the remittance what was taken of its money, and what could not be posted."""
    answer = PaymentsAnswered(
        remittance_id=told.remittance_id,
        clinic_id=case.encounter.clinic_id,
        encounter_id=case.encounter.encounter_id,
        posted=len(done.decided),
        applied_cents=done.applied_cents,
        set_aside=done.set_aside,
        again=told.item_id is not None,
    )
    to = remittance_stream(told.billing_entity_id, told.trace_number)
    case.work.send(answer, to=to, key=str(case.work.message_id))
