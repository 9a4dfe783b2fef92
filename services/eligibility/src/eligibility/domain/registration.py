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
    known: EncounterRecord | None, registration: Registration, sent: EncounterSent, context: Context
) -> Change:
    """
    Apply a registration snapshot.

    An older snapshot than the newest applied only fills gaps. One sent after a cancellation opens the encounter
    again; one sent before it does not.
    """
    if known is None or not known.encounter.registrations:
        return _opened(known, registration, sent, context)
    if known.encounter.state == EncounterState.CANCELLED and not _is_later(context, known.encounter.cancelled_at):
        return Change(record=known, changed=())
    outdated = not _is_later(context, known.encounter.snapshot_at)
    record = _applied(known, registration, sent, context, outdated=outdated)
    if known.encounter.state == EncounterState.CANCELLED:
        revived = replace(record.encounter, state=EncounterState.REGISTERED, cancelled_at=None)
        return difference(known, replace(record, encounter=revived), opened=True)
    return difference(known, record)


def _opened(known: EncounterRecord | None, registration: Registration, sent: EncounterSent, context: Context) -> Change:
    before = known or expected(registration.patient, sent, context)
    if before.encounter.state == EncounterState.CANCELLED and not _is_later(context, before.encounter.cancelled_at):
        return Change(record=before, changed=())
    record = _applied(before, registration, sent, context, outdated=False)
    opened = replace(
        record.encounter, state=EncounterState.REGISTERED, received_at=context.received_at, source=context.source
    )
    return difference(before, replace(record, encounter=opened), opened=True)


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
    known: EncounterRecord, registration: Registration, sent: EncounterSent, context: Context, *, outdated: bool
) -> EncounterRecord:
    identity = _identity(known.identity, registration.patient, sent, context, outdated=outdated)
    encounter = _facts(known.encounter, registration, sent, context, outdated=outdated)
    if registration.coverages is not None and not (outdated and encounter.coverages_stated):
        coverages, subscribers = coverages_from(
            encounter.encounter_id, context.payers, identity.patient, known.identity
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
    known: Identity, patient: PatientSent, sent: EncounterSent, context: Context, *, outdated: bool
) -> Identity:
    person = patient.person.updated_by(known.patient) if outdated else known.patient.updated_by(patient.person)
    cleared = () if outdated else patient.cleared
    blank = {name: getattr(Person(), name) for name in cleared if name in person.__struct_fields__}
    return replace(
        known,
        patient=replace(person, **blank),
        medical_record_number=patient.medical_record_number or known.medical_record_number,
        visit_number=known.visit_number or sent.visit_number,
        account_number=known.account_number or sent.account_number,
        guarantor=context.guarantor or (known.guarantor if known.guarantor.is_named else person),
    )


def _facts(
    known: Encounter, registration: Registration, sent: EncounterSent, context: Context, *, outdated: bool
) -> Encounter:
    news = {
        "visit_class": sent.visit_class,
        "service_on": sent.service_on,
        "service_through_on": sent.service_through_on,
        "admitted_at": sent.admitted_at,
        "discharged_at": sent.discharged_at,
        "rendering_provider_id": _rendering(known, context.provider_ids),
        "attending_provider_id": context.provider_ids.get("attending"),
        "referring_provider_id": context.provider_ids.get("referring"),
    }
    first = known.registrations == 0
    kept = {name: value for name, value in news.items() if value is not None and _takes(known, name, outdated, first)}
    visit_class: VisitClass = kept.get("visit_class", known.visit_class)  # type: ignore[assignment]
    default = sent.place_of_service or context.clinic.place_of_service
    return replace(
        known,
        **kept,
        place_of_service=place_of_service(visit_class, default),
        guarantor_id=context.guarantor_id,
        self_pay=known.self_pay or sent.self_pay,
        diagnoses=known.diagnoses if outdated and known.diagnoses else registration.diagnoses or known.diagnoses,
        snapshot_at=known.snapshot_at if outdated else context.written_at,
        registrations=known.registrations + 1,
    )


def _rendering(known: Encounter, provider_ids: dict[str, UUID]) -> UUID | None:
    """Return who renders the service: whom the sender names as such, else who attends."""
    named = provider_ids.get("rendering")
    if named is not None or known.rendering_provider_id not in {None, known.attending_provider_id}:
        return named
    return provider_ids.get("attending")


def _takes(known: Encounter, name: str, outdated: bool, first: bool) -> bool:  # noqa: FBT001 - both are asked at once
    return first or not outdated or getattr(known, name) is None


def _is_later(context: Context, than: datetime | None) -> bool:
    return than is None or context.written_at >= than


def diagnoses_of(newest: tuple[DiagnosisSent, ...], previous: tuple[DiagnosisSent, ...]) -> tuple[DiagnosisSent, ...]:
    """Return the diagnoses of both, each code once, the told ones first."""
    merged = {(diagnosis.code, diagnosis.system): diagnosis for diagnosis in (*previous, *newest)}
    first = {(diagnosis.code, diagnosis.system): diagnosis for diagnosis in newest}
    return (*first.values(), *(diagnosis for key, diagnosis in merged.items() if key not in first))
