"""The table of contents: everything that can happen to analytics, and who handles it."""

from analytics import consumed, messages
from analytics.handlers import alarms, cash, charging, claims, denials, encounters, patients
from analytics.heard import keep
from analytics.readings import Readings
from analytics.storage import AnalyticsWork, metadata
from revcycle_kit.delivery.service import Service


def build(readings: Readings) -> Service[AnalyticsWork]:
    """Return the service; `readings` is bound to its database by whoever runs it."""
    service = Service("analytics", AnalyticsWork, metadata)
    for source in consumed.SOURCES:
        service.on_any(source, keep)
    _hear_encounters(service)
    _hear_claims(service)
    _hear_denials(service)
    _hear_patients(service)
    _hear_cash(service)
    service.local(messages.EncounterOnAccount, patients.learn_where)
    service.local(messages.StatementSent, patients.note_statement)
    service.local(messages.FiguresMoved, alarms.plan_measuring)
    service.timer(messages.DeadlineDue, alarms.raise_alarm)
    service.timer(messages.FiguresDue, alarms.measure)
    service.effect(messages.MeasureFigures, call=readings.measure, then=alarms.compare_with_targets, idempotent=True)
    return service


def _hear_encounters(service: Service[AnalyticsWork]) -> None:
    service.on(consumed.EncounterRegistered, encounters.register_encounter)
    service.on(consumed.EncounterUpdated, encounters.register_encounter)
    service.on(consumed.EncounterCancelled, encounters.cancel_encounter)
    service.on(consumed.ChargesReceived, encounters.note_charges_received)
    service.on(consumed.ChargesPosted, charging.note_charges)
    service.on(consumed.ChargesReversed, charging.note_charges_reversed)
    service.on(consumed.CodingNeeded, charging.note_coding_needed)
    service.on(consumed.CodingCompleted, charging.note_coding_completed)


def _hear_claims(service: Service[AnalyticsWork]) -> None:
    service.on(consumed.ClaimHeld, charging.note_held_claim)
    service.on(consumed.ClaimSubmitted, claims.follow_claim)
    service.on(consumed.ClaimAcknowledged, claims.note_acknowledgment)
    service.on(consumed.ClaimRejected, claims.note_rejection)
    service.on(consumed.ClaimStatusReported, claims.note_status)
    service.on(consumed.ClaimAdjudicated, claims.note_decision)
    service.on(consumed.InsuranceLedgerPosted, claims.post_insurance)


def _hear_denials(service: Service[AnalyticsWork]) -> None:
    service.on(consumed.DenialOpened, denials.note_denial)
    service.on(consumed.CorrectionRequested, denials.note_correction)
    service.on(consumed.AppealFiled, denials.note_appeal)
    service.on(consumed.AppealDecided, denials.note_appeal_decision)
    service.on(consumed.WriteOffApproved, denials.note_write_off)
    service.on(consumed.DenialResolved, denials.note_resolution)


def _hear_patients(service: Service[AnalyticsWork]) -> None:
    service.on(consumed.PatientBalanceDue, patients.note_balance)
    service.on(consumed.PatientBalanceWithdrawn, patients.note_withdrawal)
    service.on(consumed.PatientLedgerPosted, patients.post_patient)
    service.on(consumed.PatientPaymentApplied, patients.note_payment_applied)
    service.on(consumed.RefundIssued, patients.note_refund)
    service.on(consumed.StatementIssued, patients.spread_statement)
    service.on(consumed.PatientPaymentReceived, patients.note_payment)
    service.on(consumed.PaymentReturned, patients.note_payment_returned)


def _hear_cash(service: Service[AnalyticsWork]) -> None:
    service.on(consumed.RemittanceReceived, cash.note_remittance)
    service.on(consumed.RemittancePosted, cash.note_posted)
    service.on(consumed.RemittanceQuarantined, cash.note_quarantine)
    service.on(consumed.DepositMatched, cash.note_deposit)
    service.on(consumed.CashPosted, cash.post_cash)
