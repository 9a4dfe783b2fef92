"""The table of contents: everything that can happen to analytics, and who handles it."""

from analytics import consumed, messages
from analytics.handlers import alarms, charges, claims, denials, encounters, journeys, patient_balances, remittances
from analytics.queries.database import ReadOnlyDatabase
from analytics.storage import AnalyticsWork, metadata
from revcycle_kit.delivery.service import Service


def build(database: ReadOnlyDatabase) -> Service[AnalyticsWork]:
    """Return the service; `database` is its own, bound by whoever runs it."""
    service = Service("analytics", AnalyticsWork, metadata)
    for source in consumed.SOURCES:
        service.on_any(source, journeys.record_event)
    _hear_encounters(service)
    _hear_claims(service)
    _hear_denials(service)
    _hear_patients(service)
    _hear_cash(service)
    service.local(messages.EncounterOnAccount, patient_balances.record_encounter)
    service.local(messages.StatementSent, patient_balances.record_statement)
    service.local(messages.FiguresMoved, alarms.schedule_measuring)
    service.timer(messages.DeadlineDue, alarms.raise_alarm)
    service.timer(messages.FiguresDue, alarms.measure_kpis)
    service.effect(messages.MeasureFigures, call=database.measure_kpis, then=alarms.compare_with_targets)
    return service


def _hear_encounters(service: Service[AnalyticsWork]) -> None:
    service.on(consumed.EncounterRegistered, encounters.register_encounter)
    service.on(consumed.EncounterUpdated, encounters.register_encounter)
    service.on(consumed.EncounterCancelled, encounters.cancel_encounter)
    service.on(consumed.ChargesReceived, encounters.record_charges_received)
    service.on(consumed.ChargesPosted, charges.record_charges)
    service.on(consumed.ChargesReversed, charges.reverse_charges)
    service.on(consumed.CodingNeeded, charges.await_coding)
    service.on(consumed.CodingCompleted, charges.complete_coding)


def _hear_claims(service: Service[AnalyticsWork]) -> None:
    service.on(consumed.ClaimHeld, charges.record_hold)
    service.on(consumed.ClaimSubmitted, claims.record_submission)
    service.on(consumed.ClaimAcknowledged, claims.record_acknowledgment)
    service.on(consumed.ClaimRejected, claims.record_rejection)
    service.on(consumed.ClaimStatusReported, claims.record_status)
    service.on(consumed.ClaimAdjudicated, claims.record_decision)
    service.on(consumed.InsuranceLedgerPosted, claims.post_insurance)


def _hear_denials(service: Service[AnalyticsWork]) -> None:
    service.on(consumed.DenialOpened, denials.record_denial)
    service.on(consumed.CorrectionRequested, denials.record_correction)
    service.on(consumed.AppealFiled, denials.record_appeal)
    service.on(consumed.AppealDecided, denials.record_appeal_decision)
    service.on(consumed.WriteOffApproved, denials.record_write_off)
    service.on(consumed.DenialResolved, denials.record_resolution)


def _hear_patients(service: Service[AnalyticsWork]) -> None:
    service.on(consumed.PatientBalanceDue, patient_balances.record_balance_due)
    service.on(consumed.PatientBalanceWithdrawn, patient_balances.record_withdrawal)
    service.on(consumed.PatientLedgerPosted, patient_balances.post_patient)
    service.on(consumed.PatientPaymentApplied, patient_balances.record_payment_applied)
    service.on(consumed.RefundIssued, patient_balances.record_refund)
    service.on(consumed.StatementIssued, patient_balances.distribute_statement)
    service.on(consumed.PatientPaymentReceived, patient_balances.record_payment)
    service.on(consumed.PaymentReturned, patient_balances.return_payment)


def _hear_cash(service: Service[AnalyticsWork]) -> None:
    service.on(consumed.RemittanceReceived, remittances.record_remittance)
    service.on(consumed.RemittancePosted, remittances.record_posting)
    service.on(consumed.RemittanceQuarantined, remittances.record_quarantine)
    service.on(consumed.DepositMatched, remittances.record_deposit)
    service.on(consumed.CashPosted, remittances.post_cash)
