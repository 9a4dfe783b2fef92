"""The table of contents of denials: one line for each thing that can happen to it."""

from functools import partial

from denials import consumed, messages
from denials.handlers import appeals, claims, corrections, denials, directory, prevention, underpayments, write_offs
from denials.partners.correspondence import Correspondence, send_letter
from denials.storage import DenialsWork, metadata
from revcycle_kit.delivery.service import Service


def build(correspondence: Correspondence) -> Service[DenialsWork]:
    """Compose the service over the partner that carries its letters."""
    service = Service("denials", DenialsWork, metadata)

    service.on(consumed.ClaimSubmitted, claims.record_claim)
    service.on(consumed.ClaimAcknowledged, claims.record_acceptance)
    service.on(consumed.ClaimAdjudicated, denials.open_denials)
    service.on(consumed.ClaimRejected, prevention.count_rejection)
    service.on(consumed.CorrectionDeclined, corrections.decline_correction)
    service.on(consumed.PatientBalanceDue, denials.end_self_pay_denials)
    service.on(consumed.UnderpaymentFound, underpayments.record_underpayment)
    service.on(consumed.PayerUpdated, directory.update_payer)
    service.on(consumed.BillingEntityUpdated, directory.update_payee)
    service.on(consumed.ClinicUpdated, directory.update_clinic)

    service.local(messages.RefusalSeen, prevention.count_refusal)
    service.timer(messages.PaymentOverdue, appeals.miss_payment)
    service.effect(
        messages.SendLetter,
        call=partial(send_letter, correspondence),
        then=appeals.record_letter_sent,
        partner=correspondence,
        given_up=appeals.give_up_letter,
    )

    service.command(messages.AssignDenial, denials.assign_denial)
    service.command(messages.ResumeDenial, denials.resume_denial)
    service.command(messages.RequestCorrection, corrections.request_correction)
    service.command(messages.FileAppeal, appeals.file_appeal)
    service.command(messages.RecordDecision, appeals.record_decision)
    service.command(messages.WriteOffDenial, write_offs.write_off_denial)
    service.command(messages.AcceptDenial, write_offs.accept_denial)
    service.command(messages.BillPatient, denials.bill_patient)
    service.command(messages.ActivateRule, prevention.activate_rule)
    service.command(messages.RetireRule, prevention.retire_rule)
    return service
