"""How what an EHR tells changes an encounter: registration, discharge, class change, appointment, cancellation."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from eligibility.domain.directory import Clinic, Payer
from eligibility.domain.encounter import (
    Encounter,
    Identity,
    coverages_from,
    in_order,
    lacking,
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

PUBLISHED_FIELDS = (
    "billing_entity_id",
    "patient_id",
    "guarantor_id",
    "visit_class",
    "place_of_service",
    "service_on",
    "service_through_on",
    "admitted_at",
    "discharged_at",
    "rendering_provider_id",
    "attending_provider_id",
    "referring_provider_id",
    "coverages",
    "missing",
)
"""The fields of an encounter that events tell: a change of any other is nobody else's business."""


class Context(msgspec.Struct, frozen=True, kw_only=True):
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
    provider_ids: dict[str, UUID] = {}


class EncounterRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An encounter with its identity opened."""

    encounter: Encounter
    identity: Identity


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a message did to an encounter; `changed` names the told fields that differ from before."""

    record: EncounterRecord
    changed: tuple[str, ...]
    opened: bool = False
    reordered: bool = False

    @property
    def is_news(self) -> bool:
        return self.opened or bool(self.changed)


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
    if known.encounter.state == "cancelled" and not _is_later(context, known.encounter.cancelled_at):
        return Change(record=known, changed=())
    outdated = not _is_later(context, known.encounter.snapshot_at)
    record = _applied(known, registration, sent, context, outdated=outdated)
    if known.encounter.state == "cancelled":
        revived = replace(record.encounter, state="registered", cancelled_at=None)
        return _change(known, replace(record, encounter=revived), opened=True)
    return _change(known, record)


def _opened(known: EncounterRecord | None, registration: Registration, sent: EncounterSent, context: Context) -> Change:
    before = known or expected(registration.patient, sent, context)
    if before.encounter.state == "cancelled" and not _is_later(context, before.encounter.cancelled_at):
        return Change(record=before, changed=())
    record = _applied(before, registration, sent, context, outdated=False)
    opened = replace(record.encounter, state="registered", received_at=context.received_at, source=context.source)
    return _change(before, replace(record, encounter=opened), opened=True)


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
        state="expected",
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
    return EncounterRecord(encounter=replace(encounter, missing=lacking(encounter, identity)), identity=identity)


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
        snapshot_at=known.snapshot_at if outdated else context.sent_at or context.received_at,
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
    return than is None or (context.sent_at or context.received_at) >= than


def _change(known: EncounterRecord, record: EncounterRecord, *, opened: bool = False) -> Change:
    before, after = known.encounter, record.encounter
    changed = [name for name in PUBLISHED_FIELDS if getattr(before, name) != getattr(after, name)]
    if known.identity != record.identity:
        changed.append("identity")
    reordered = [coverage.coverage_id for coverage in before.coverages] != [
        coverage.coverage_id for coverage in after.coverages
    ]
    return Change(record=record, changed=tuple(changed), opened=opened, reordered=reordered or opened)


def finished(record: EncounterRecord, at: datetime, on: date) -> EncounterRecord:
    """End the encounter; ending it twice changes nothing but the time."""
    encounter = record.encounter
    if encounter.state == "cancelled":
        return record
    through = max(on, encounter.service_on)
    return EncounterRecord(
        encounter=replace(
            encounter,
            state="finished",
            finished_at=at,
            discharged_at=encounter.discharged_at or (at if encounter.visit_class == "inpatient" else None),
            service_through_on=encounter.service_through_on or through,
        ),
        identity=record.identity,
    )


def reopened(record: EncounterRecord) -> EncounterRecord:
    """Take a discharge back (A13)."""
    encounter = record.encounter
    if encounter.state != "finished":
        return record
    undone = replace(encounter, state="registered", finished_at=None, discharged_at=None, service_through_on=None)
    return replace(record, encounter=undone)


def reclassified(record: EncounterRecord, visit_class: VisitClass, clinic: Clinic) -> EncounterRecord:
    """Change the class of the encounter: it decides between professional and institutional claims."""
    place = place_of_service(visit_class, clinic.place_of_service)
    encounter = replace(record.encounter, visit_class=visit_class, place_of_service=place)
    return replace(record, encounter=encounter)


def cancelled(record: EncounterRecord, context: Context) -> EncounterRecord | None:
    """Cancel the encounter; None where a later registration already contradicts the cancellation."""
    encounter = record.encounter
    if encounter.registrations and not _is_later(context, encounter.snapshot_at):
        return None
    at = context.sent_at or context.received_at
    return replace(record, encounter=replace(encounter, state="cancelled", cancelled_at=at))


def booked(
    record: EncounterRecord, starts_at: datetime | None, services: tuple[str, ...], scheduled_on: date
) -> EncounterRecord:
    """Record when the visit begins, what is planned, and when it was first scheduled."""
    encounter = record.encounter
    return EncounterRecord(
        encounter=replace(
            encounter,
            starts_at=starts_at or encounter.starts_at,
            services=services or encounter.services,
            scheduled_on=encounter.scheduled_on or scheduled_on,
        ),
        identity=record.identity,
    )


def difference(before: EncounterRecord, after: EncounterRecord) -> Change:
    """Return the change between two states of an encounter."""
    return _change(before, after)


def diagnoses_of(newest: tuple[DiagnosisSent, ...], previous: tuple[DiagnosisSent, ...]) -> tuple[DiagnosisSent, ...]:
    """Return the diagnoses of both, each code once, the told ones first."""
    merged = {(diagnosis.code, diagnosis.system): diagnosis for diagnosis in (*previous, *newest)}
    first = {(diagnosis.code, diagnosis.system): diagnosis for diagnosis in newest}
    return (*first.values(), *(diagnosis for key, diagnosis in merged.items() if key not in first))
