"""Payments of a remittance on an encounter: posted, announced, and followed by what they make due."""

from claims.domain.posting import Advice
from claims.domain.remittance_posting import post_remittance, remit
from claims.handlers.cases import keep_case, open_case
from claims.messages import PaymentsPosted, PaymentsReceived, remittance_stream
from claims.storage import ClaimsWork


async def post_payments(message: PaymentsReceived, work: ClaimsWork) -> None:
    """
    Post every payment of one remittance on this encounter, in the file's order, and tell the remittance.

    Reversal and corrected decision are one step, so nobody is billed in between; then the next payer is asked, or
    the patient owes what is left.
    """
    case = open_case(work)
    advice = Advice(
        remittance_id=message.remittance_id,
        payer_id=message.payer_id,
        produced_on=message.produced_on,
        posted_on=case.today,
        deposited_on=message.deposited_on,
    )
    remitted = remit(case.encounter, case.claims.values(), message.payments, advice, case.parties())
    keep_case(post_remittance(case, remitted), work)
    answer = PaymentsPosted(
        remittance_id=message.remittance_id,
        clinic_id=case.encounter.clinic_id,
        encounter_id=case.encounter.encounter_id,
        posted=len(remitted.decided),
        applied_cents=remitted.applied_cents,
        set_aside=remitted.set_aside,
        again=message.item_id is not None,
    )
    to = remittance_stream(message.billing_entity_id, message.trace_number)
    work.send(answer, to=to, key=str(work.message_id))
