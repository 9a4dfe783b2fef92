"""The table of contents of denials: one line for each thing that can happen to it."""

from collections.abc import Awaitable, Callable

import msgspec

from denials import appealing, consumed, handlers, messages, staff
from denials.partners import Correspondence
from denials.storage import DenialsWork, metadata
from revcycle_kit.delivery.service import Service


def build(correspondence: Correspondence) -> Service[DenialsWork]:
    """Compose the service over the partner that carries its letters."""
    service = Service("denials", DenialsWork, metadata)

    service.on(consumed.ClaimSubmitted, handlers.remember_claim)
    service.on(consumed.ClaimAcknowledged, handlers.remember_acceptance)
    service.on(consumed.ClaimAdjudicated, handlers.open_denials)
    service.on(consumed.ClaimRejected, handlers.learn_from_rejection)
    service.on(consumed.CorrectionDeclined, handlers.take_correction_back)
    service.on(consumed.PatientBalanceDue, handlers.end_at_self_pay)
    service.on(consumed.UnderpaymentFound, handlers.note_underpayment)
    service.on(consumed.PayerUpdated, handlers.know_payer)
    service.on(consumed.BillingEntityUpdated, handlers.know_payee)
    service.on(consumed.ClinicUpdated, handlers.know_clinic)

    service.local(messages.RefusalSeen, handlers.watch_pattern)
    service.timer(messages.PaymentOverdue, handlers.miss_payment)
    service.effect(messages.SendLetter, call=_send(correspondence), then=handlers.record_sending, idempotent=True)

    service.command(messages.AssignDenial, staff.assign)
    service.command(messages.ResumeDenial, staff.resume)
    service.command(messages.RequestCorrection, staff.request_correction)
    service.command(messages.FileAppeal, appealing.file_appeal)
    service.command(messages.RecordDecision, appealing.record_decision)
    service.command(messages.WriteOffDenial, staff.write_off)
    service.command(messages.AcceptDenial, staff.accept)
    service.command(messages.BillPatient, staff.bill_patient)
    service.command(messages.ActivateRule, staff.activate_rule)
    service.command(messages.RetireRule, staff.retire_rule)
    return service


def _send(correspondence: Correspondence) -> Callable[[messages.SendLetter, str], Awaitable[messages.LetterSent]]:
    async def call(effect: messages.SendLetter, key: str) -> messages.LetterSent:
        await correspondence.send(effect.letter_pdf, msgspec.json.encode(effect.cover), key)
        return messages.LetterSent(letter_sha256=effect.cover.letter_sha256)

    return call
