"""How what an EHR tells changes an encounter: registration, discharge, class change, appointment, cancellation."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from eligibility.domain.coverages import coverages_from, in_order
from eligibility.domain.directory import Clinic, Payer
from eligibility.domain.encounter import (
    Change,
    Encounter,
    EncounterRecord,
    EncounterState,
    Identity,
    difference,
    missing_fields,
    place_of_service,
)
from eligibility.domain.facts import (
    CoverageSent,
    DiagnosisSent,
    EncounterSent,
    PatientSent,
    Registration,
    Source,
    VisitClass,
)
from eligibility.domain.people import Person
from revcycle_kit.values import Value, replace


class Context(Value, kw_only=True):
    """What surrounds a message: where it was received, from whom, and who its names mean in the directory."""

    clinic: Clinic
    billing_entity_id: UUID
    source: Source
    received_at: datetime
    sent_at: datetime | None = None
    today: date
    guarantor_id: UUID
    guarantor: Person | None = None
    payers: tuple[tuple[CoverageSent, Payer], ...] = ()
    provider_ids: dict[str, UUID] = msgspec.field(default_factory=dict)

    @property
    def written_at(self) -> datetime:
        """When the sender wrote the message, else when it came."""
        return self.sent_at or self.received_at


def registered(
    record: EncounterRecord | None, registration: Registration, sent: EncounterSent, context: Context
) -> Change:
    """
    Apply a registration snapshot.

    An older snapshot than the newest applied only fills gaps. One sent after a cancellation opens the encounter
    again; one sent before it does not.
    """
    if record is None or not record.encounter.registrations:
        return _opened(record, registration, sent, context)
    if record.encounter.state == EncounterState.CANCELLED and not _is_later(context, record.encounter.cancelled_at):
        return Change(record=record, changed=())
    outdated = not _is_later(context, record.encounter.snapshot_at)
    updated = _applied(record, registration, sent, context, outdated=outdated)
    if record.encounter.state == EncounterState.CANCELLED:
        revived = replace(updated.encounter, state=EncounterState.REGISTERED, cancelled_at=None)
        return difference(record, replace(updated, encounter=revived), opened=True)
    return difference(record, updated)


def _opened(
    record: EncounterRecord | None, registration: Registration, sent: EncounterSent, context: Context
) -> Change:
    before = record or expected(registration.patient, sent, context)
    if before.encounter.state == EncounterState.CANCELLED and not _is_later(context, before.encounter.cancelled_at):
        return Change(record=before, changed=())
    applied = _applied(before, registration, sent, context, outdated=False)
    opened = replace(
        applied.encounter, state=EncounterState.REGISTERED, received_at=context.received_at, source=context.source
    )
    return difference(before, replace(applied, encounter=opened), opened=True)


def expected(patient: PatientSent, sent: EncounterSent, context: Context) -> EncounterRecord:
    """Make an encounter that something spoke of before its registration."""
    visit_class: VisitClass = sent.visit_class or "outpatient"
    encounter = Encounter(
        encounter_id=sent.encounter_id,
        organization_id=context.clinic.organization_id,
        clinic_id=context.clinic.clinic_id,
        billing_entity_id=context.billing_entity_id,
        patient_id=patient.patient_id,
        guarantor_id=context.guarantor_id,
        state=EncounterState.EXPECTED,
        source=context.source,
        received_at=context.received_at,
        visit_class=visit_class,
        place_of_service=place_of_service(visit_class, context.clinic.place_of_service),
        service_on=sent.service_on or sent.reported_on or context.today,
    )
    identity = Identity(patient=patient.person, medical_record_number=patient.medical_record_number)
    return EncounterRecord(encounter=encounter, identity=identity)


def _applied(
    record: EncounterRecord, registration: Registration, sent: EncounterSent, context: Context, *, outdated: bool
) -> EncounterRecord:
    identity = _identity(record.identity, registration.patient, sent, context, outdated=outdated)
    encounter = _facts(record.encounter, registration, sent, context, outdated=outdated)
    if registration.coverages is not None and not (outdated and encounter.coverages_stated):
        coverages, subscribers = coverages_from(
            encounter.encounter_id, context.payers, identity.patient, record.identity
        )
        identity = replace(identity, subscribers=subscribers)
        ranked, order = in_order(coverages, identity, encounter.service_on)
        encounter = replace(
            encounter,
            coverages=ranked,
            coverages_stated=True,
            order_rule=order.rule,
            order_reason=order.reason,
        )
    return EncounterRecord(encounter=replace(encounter, missing=missing_fields(encounter, identity)), identity=identity)


def _identity(
    previous: Identity, patient: PatientSent, sent: EncounterSent, context: Context, *, outdated: bool
) -> Identity:
    person = patient.person.updated_by(previous.patient) if outdated else previous.patient.updated_by(patient.person)
    cleared = () if outdated else patient.cleared
    blank = {name: getattr(Person(), name) for name in cleared if name in person.__struct_fields__}
    return replace(
        previous,
        patient=replace(person, **blank),
        medical_record_number=patient.medical_record_number or previous.medical_record_number,
        visit_number=previous.visit_number or sent.visit_number,
        account_number=previous.account_number or sent.account_number,
        guarantor=context.guarantor or (previous.guarantor if previous.guarantor.is_named else person),
    )


def _facts(
    encounter: Encounter, registration: Registration, sent: EncounterSent, context: Context, *, outdated: bool
) -> Encounter:
    news = {
        "visit_class": sent.visit_class,
        "service_on": sent.service_on,
        "service_through_on": sent.service_through_on,
        "admitted_at": sent.admitted_at,
        "discharged_at": sent.discharged_at,
        "rendering_provider_id": _rendering(encounter, context.provider_ids),
        "attending_provider_id": context.provider_ids.get("attending"),
        "referring_provider_id": context.provider_ids.get("referring"),
    }
    first = encounter.registrations == 0
    accepted = {
        name: value for name, value in news.items() if value is not None and _takes(encounter, name, outdated, first)
    }
    visit_class: VisitClass = accepted.get("visit_class", encounter.visit_class)  # type: ignore[assignment]
    default = sent.place_of_service or context.clinic.place_of_service
    return replace(
        encounter,
        **accepted,
        place_of_service=place_of_service(visit_class, default),
        guarantor_id=context.guarantor_id,
        self_pay=encounter.self_pay or sent.self_pay,
        diagnoses=encounter.diagnoses
        if outdated and encounter.diagnoses
        else registration.diagnoses or encounter.diagnoses,
        snapshot_at=encounter.snapshot_at if outdated else context.written_at,
        registrations=encounter.registrations + 1,
    )


def _rendering(encounter: Encounter, provider_ids: dict[str, UUID]) -> UUID | None:
    """Return who renders the service: whom the sender names as such, else who attends."""
    named = provider_ids.get("rendering")
    if named is not None or encounter.rendering_provider_id not in {None, encounter.attending_provider_id}:
        return named
    return provider_ids.get("attending")


def _takes(encounter: Encounter, name: str, outdated: bool, first: bool) -> bool:  # noqa: FBT001 - both are asked at once
    return first or not outdated or getattr(encounter, name) is None


def _is_later(context: Context, than: datetime | None) -> bool:
    return than is None or context.written_at >= than


def diagnoses_of(newest: tuple[DiagnosisSent, ...], previous: tuple[DiagnosisSent, ...]) -> tuple[DiagnosisSent, ...]:
    """Return the diagnoses of both, each code once, the told ones first."""
    merged = {(diagnosis.code, diagnosis.system): diagnosis for diagnosis in (*previous, *newest)}
    first = {(diagnosis.code, diagnosis.system): diagnosis for diagnosis in newest}
    return (*first.values(), *(diagnosis for key, diagnosis in merged.items() if key not in first))
