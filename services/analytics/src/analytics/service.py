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
        service.on_any(source, journeys.keep)
    _hear_encounters(service)
    _hear_claims(service)
    _hear_denials(service)
    _hear_patients(service)
    _hear_cash(service)
    service.local(messages.EncounterOnAccount, patient_balances.learn_where)
    service.local(messages.StatementSent, patient_balances.note_statement)
    service.local(messages.FiguresMoved, alarms.plan_measuring)
    service.timer(messages.DeadlineDue, alarms.raise_alarm)
    service.timer(messages.FiguresDue, alarms.measure)
    service.effect(
        messages.MeasureFigures, call=database.measure_kpis, then=alarms.compare_with_targets, idempotent=True
    )
    return service


def _hear_encounters(service: Service[AnalyticsWork]) -> None:
    service.on(consumed.EncounterRegistered, encounters.register_encounter)
    service.on(consumed.EncounterUpdated, encounters.register_encounter)
    service.on(consumed.EncounterCancelled, encounters.cancel_encounter)
    service.on(consumed.ChargesReceived, encounters.note_charges_received)
    service.on(consumed.ChargesPosted, charges.note_charges)
    service.on(consumed.ChargesReversed, charges.note_charges_reversed)
    service.on(consumed.CodingNeeded, charges.note_coding_needed)
    service.on(consumed.CodingCompleted, charges.note_coding_completed)


def _hear_claims(service: Service[AnalyticsWork]) -> None:
    service.on(consumed.ClaimHeld, charges.note_held_claim)
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
    service.on(consumed.PatientBalanceDue, patient_balances.note_balance)
    service.on(consumed.PatientBalanceWithdrawn, patient_balances.note_withdrawal)
    service.on(consumed.PatientLedgerPosted, patient_balances.post_patient)
    service.on(consumed.PatientPaymentApplied, patient_balances.note_payment_applied)
    service.on(consumed.RefundIssued, patient_balances.note_refund)
    service.on(consumed.StatementIssued, patient_balances.spread_statement)
    service.on(consumed.PatientPaymentReceived, patient_balances.note_payment)
    service.on(consumed.PaymentReturned, patient_balances.note_payment_returned)


def _hear_cash(service: Service[AnalyticsWork]) -> None:
    service.on(consumed.RemittanceReceived, remittances.note_remittance)
    service.on(consumed.RemittancePosted, remittances.note_posted)
    service.on(consumed.RemittanceQuarantined, remittances.note_quarantine)
    service.on(consumed.DepositMatched, remittances.note_deposit)
    service.on(consumed.CashPosted, remittances.post_cash)
