"""What a remittance decided about an encounter: posted, told, and followed by what it makes due."""

from claims import events as say
from claims.domain.posting import Advice
from claims.domain.remitting import Decided, Remitted, remit
from claims.handlers.case import Case
from claims.handlers.remittances import remittance_stream
from claims.messages import AnswerDue, PaymentsAnswered, PaymentsTold
from claims.storage import ClaimsWork


async def post_payments(message: PaymentsTold, work: ClaimsWork) -> None:
    """
    Post every payment of one remittance on this encounter, in the file's order.

    Reversal and corrected decision are one step, so nobody is billed in between; then the next payer is asked, or
    the patient owes what is left.
    """
    case = Case(work)
    advice = Advice(
        remittance_id=message.remittance_id,
        payer_id=message.payer_id,
        produced_on=message.produced_on,
        posted_on=case.today,
        deposited_on=message.deposited_on,
    )
    done = remit(case.encounter, case.claims.values(), message.payments, advice, case.parties())
    for claim in done.claims:
        case.keep(claim)
    case.post(done.entries)
    for adjudicated in done.decided:
        _tell(case, adjudicated)
    case.bill()
    case.settle()
    case.save()
    _answer(case, message, done)


def _tell(case: Case, decided: Decided) -> None:
    case.work.publish(say.claim_adjudicated(decided.claim, decided.decision))
    for underpayment in say.underpayments(decided.claim, decided.decision):
        case.work.publish(underpayment)
    if decided.decision.summed("information") > 0:
        case.work.publish(say.information_wanted(decided.claim, decided.decision, case.today))
    case.work.cancel(AnswerDue, str(decided.claim.claim_id))


def _answer(case: Case, message: PaymentsTold, done: Remitted) -> None:
    """Tell the remittance what was taken of its money, and what could not be posted."""
    answer = PaymentsAnswered(
        remittance_id=message.remittance_id,
        clinic_id=case.encounter.clinic_id,
        encounter_id=case.encounter.encounter_id,
        posted=len(done.decided),
        applied_cents=done.applied_cents,
        set_aside=done.set_aside,
        again=message.item_id is not None,
    )
    to = remittance_stream(message.billing_entity_id, message.trace_number)
    case.work.send(answer, to=to, key=str(case.work.message_id))
