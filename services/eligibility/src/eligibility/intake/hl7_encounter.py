"""The encounter in HL7 v2 messages: PV1, PV2, EVN, PID-18, SCH."""

from datetime import date, datetime

from eligibility.domain.facts import EncounterSent, PatientSent, ProviderRole, ProviderSent, VisitClass
from eligibility.hl7v2 import Message
from eligibility.intake.codes import visit_class
from eligibility.intake.dates import hl7_date, hl7_instant
from eligibility.intake.hl7_people import facility_of, provider
from eligibility.intake.scope import Scope

_PROVIDER_FIELDS: tuple[tuple[int, ProviderRole], ...] = ((7, "attending"), (8, "referring"))
_SELF_PAY = {"SELF", "SELFPAY", "SELF-PAY", "SELF PAY", "SP", "UNINSURED", "CASH"}
_START_FIELDS = (("AIS", 4), ("AIP", 6), ("AIG", 8), ("AIL", 6), ("TQ1", 7))


def read_encounter(
    message: Message,
    patient: PatientSent,
    scope: Scope,
    *,
    trigger_class: VisitClass | None = None,
    charged_on: date | None = None,
) -> EncounterSent:
    """
    Read the encounter of a message.

    Its id follows from the visit number (PV1-19), else the account (PID-18), else the appointment (SCH), else
    from patient, day and class. `trigger_class` is what the event implies where PV1-2 is silent, `charged_on`
    the first day of the message's charges.
    """
    visit, account = message.text("PV1", 19), message.text("PID", 18)
    appointment = message.text("SCH", 2) or message.text("SCH", 1)
    class_sent = visit_class(message.text("PV1", 2)) or trigger_class
    service_on, reported_on = _service_day(message, scope) or charged_on, _reported_day(message)
    number = visit or account or appointment
    identifier = (
        scope.encounter_id(facility_of(message, scope), number)
        if number
        else scope.unnumbered_encounter_id(patient.patient_id, str(service_on or reported_on), class_sent or "")
    )
    return EncounterSent(
        encounter_id=identifier,
        visit_number=visit,
        account_number=account,
        appointment_number=appointment,
        visit_class=class_sent,
        service_on=service_on,
        reported_on=reported_on,
        service_through_on=hl7_date(message.text("PV1", 45)),
        admitted_at=hl7_instant(message.text("PV1", 44), scope.time_zone),
        discharged_at=hl7_instant(message.text("PV1", 45), scope.time_zone),
        self_pay=message.text("PV1", 20).upper() in _SELF_PAY,
        providers=_providers(message),
    )


def finished_at(message: Message, scope: Scope) -> datetime | None:
    """Return when the encounter ended: PV1-45, else when the event occurred or was recorded."""
    places = (("PV1", 45), ("EVN", 6), ("EVN", 2), ("MSH", 7))
    instants = (hl7_instant(message.text(name, field), scope.time_zone) for name, field in places)
    return next((instant for instant in instants if instant), None)


def starts_at(message: Message, scope: Scope) -> datetime | None:
    """Return when an appointment begins: SCH-11, else the resources' own start times."""
    texts = [message.text("SCH", 11, 4), *(message.text(name, field) for name, field in _START_FIELDS)]
    instants = (hl7_instant(text, scope.time_zone) for text in texts)
    return next((instant for instant in instants if instant), None)


def _service_day(message: Message, scope: Scope) -> date | None:
    named = hl7_date(message.text("PV1", 44)) or hl7_date(message.text("EVN", 6))
    if named:
        return named
    if start := message.text("SCH", 11, 4):
        return hl7_date(start)
    starts = starts_at(message, scope) if message.first("SCH") else None
    return starts.date() if starts else None


def _reported_day(message: Message) -> date | None:
    return hl7_date(message.text("EVN", 2)) or hl7_date(message.text("MSH", 7))


def _providers(message: Message) -> tuple[ProviderSent, ...]:
    segment = message.first("PV1")
    if segment is None:
        return ()
    named = [provider(next(iter(segment.repetitions(field)), None), role) for field, role in _PROVIDER_FIELDS]
    return tuple(person for person in named if person)
