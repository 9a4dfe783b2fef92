"""The table of contents of claims: one line for each thing that can happen to it."""

from collections.abc import Callable

from claims import consumed, messages
from claims.edi.claim_form import Sender
from claims.handlers import (
    acknowledgments,
    cash,
    charges,
    claims,
    denials,
    directory,
    encounters,
    interchanges,
    payments,
    remittances,
    set_aside,
    submission,
)
from claims.partners.clearinghouse import Clearinghouse
from claims.partners.submitter import ClaimSubmitter, ReadDatabase
from claims.storage import ClaimsWork, metadata
from revcycle_kit.delivery.service import Service


def build(
    clearinghouse: Clearinghouse, database: Callable[[], ReadDatabase], sender: Sender | None = None
) -> Service[ClaimsWork]:
    """
    Compose the service over its clearinghouse.

    `database` is asked when an interchange is written: a runtime of this service, or anything else that reads its
    database and holds its keys.
    """
    service = Service("claims", ClaimsWork, metadata)
    _directory(service)
    _encounters(service)
    _billing(service)
    _money(service)
    desk = ClaimSubmitter(clearinghouse, database, sender or Sender())
    service.effect(
        messages.SubmitBatch,
        call=desk.submit,
        then=submission.record_submission,
        partner=clearinghouse,
        given_up=submission.give_up_batch,
    )
    service.effect(
        messages.AskStatus,
        call=desk.ask,
        then=acknowledgments.record_status,
        partner=clearinghouse,
        given_up=acknowledgments.give_up_inquiry,
    )
    return service


def _directory(service: Service[ClaimsWork]) -> None:
    service.on(consumed.ClinicUpdated, directory.learn_clinic)
    service.on(consumed.BillingEntityUpdated, directory.learn_billing_entity)
    service.on(consumed.ProviderUpdated, directory.learn_provider)
    service.on(consumed.PayerUpdated, directory.learn_payer)
    service.on(consumed.EnrollmentChanged, directory.learn_enrollment)
    service.on(consumed.PreventionRuleActivated, directory.hold_by_rule)
    service.on(consumed.PreventionRuleRetired, directory.retire_rule)
    service.command(messages.SetPolicy, directory.set_policy)
    service.command(messages.LoadPrices, directory.load_prices)


def _encounters(service: Service[ClaimsWork]) -> None:
    service.on(consumed.EncounterRegistered, encounters.register_encounter)
    service.on(consumed.EncounterUpdated, encounters.update_encounter)
    service.on(consumed.EncounterFinished, encounters.finish_encounter)
    service.on(consumed.EncounterCancelled, encounters.cancel_encounter)
    service.on(consumed.PatientsMerged, encounters.merge_patients)
    service.on(consumed.CoverageOrderDecided, encounters.order_coverages)
    service.on(consumed.CoverageVerified, encounters.verify_coverage)
    service.on(consumed.CoverageRefused, encounters.refuse_coverage)
    service.on(consumed.AuthorizationDecided, encounters.decide_authorization)
    service.on(consumed.NoticeSigned, encounters.note_signature)
    service.on(consumed.SelfPayElected, encounters.elect_self_pay)
    service.on(consumed.ChargesReceived, charges.receive_charges)
    service.command(messages.CompleteCoding, charges.complete_coding)


def _billing(service: Service[ClaimsWork]) -> None:
    service.timer(messages.BillingDue, claims.bill_encounter)
    service.timer(messages.RecheckDue, claims.recheck_claims)
    service.command(messages.RecheckClaim, claims.recheck_claim)
    service.command(messages.CorrectClaim, claims.correct_claim)
    service.command(messages.VoidClaim, claims.void_claim)
    service.local(messages.ClaimQueued, submission.queue_claim)
    service.timer(messages.SendingDue, submission.make_batches)
    service.local(messages.BatchMade, submission.submit_batch)
    service.local(messages.ClaimSent, submission.record_claim_sent)
    service.local(messages.ClaimNotSent, submission.record_claim_not_sent)
    service.local(messages.ClaimExcluded, submission.exclude_claim)
    service.local(messages.BatchAnswered, acknowledgments.acknowledge_batch)
    service.local(messages.ClaimAnswered, acknowledgments.acknowledge_claim)
    service.local(messages.StatusAnswered, acknowledgments.take_status)
    service.timer(messages.AnswerDue, acknowledgments.miss_claim_answer)


def _money(service: Service[ClaimsWork]) -> None:
    service.command(messages.TakeInterchange, interchanges.take_interchange)
    service.local(messages.RemittanceArrived, remittances.open_remittance)
    service.local(messages.PaymentsReceived, payments.post_payments)
    service.local(messages.PaymentsPosted, remittances.record_answer)
    service.command(messages.RecordDeposit, cash.record_deposit)
    service.command(messages.PostSetAside, set_aside.post_set_aside)
    service.command(messages.CloseSetAside, set_aside.close_set_aside)
    service.command(messages.ClosePeriod, cash.close_period)
    service.on(consumed.CorrectionRequested, denials.correct_denied_claim)
    service.on(consumed.WriteOffApproved, denials.write_off_denial)
    service.on(consumed.DenialResolved, denials.resolve_denial)
    service.on(consumed.AppealDecided, denials.expect_appeal_payment)
