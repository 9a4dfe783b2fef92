"""The encounter as it stands, and its transitions."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from eligibility.domain.directory import Clinic, PayerKind
from eligibility.domain.estimate import Estimate
from eligibility.domain.facts import DiagnosisSent, Source, VisitClass
from eligibility.domain.people import Person
from revcycle_kit.values import Value, replace


class EncounterState(StrEnum):
    """Where an encounter stands; `expected` is one that charges spoke of before anybody registered it."""

    EXPECTED = "expected"
    REGISTERED = "registered"
    FINISHED = "finished"
    CANCELLED = "cancelled"


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

PLACES_OF_SERVICE: dict[VisitClass, str] = {
    "inpatient": "21",
    "emergency": "23",
    "observation": "22",
    "virtual": "02",
    "home": "12",
}
"""CMS place-of-service codes by class; an outpatient visit has its clinic's own."""


class Subscriber(Value, kw_only=True):
    """Who holds a coverage, and under which numbers."""

    coverage_id: UUID
    person: Person
    member_id: str = ""
    group_number: str = ""


class Identity(Value, kw_only=True):
    """Everything about an encounter that says who somebody is: the part that rests and travels sealed."""

    patient: Person
    medical_record_number: str = ""
    visit_number: str = ""
    account_number: str = ""
    guarantor: Person = Person()
    subscribers: tuple[Subscriber, ...] = ()

    def subscriber_of(self, coverage_id: UUID) -> Subscriber | None:
        return next((subscriber for subscriber in self.subscribers if subscriber.coverage_id == coverage_id), None)


class Coverage(Value, kw_only=True):
    """One coverage of the encounter; `rank` 1 pays first."""

    coverage_id: UUID
    payer_id: UUID
    kind: PayerKind
    rank: int
    relationship: str = "18"
    begins_on: date | None = None
    ends_on: date | None = None
    sent_order: int = 1


class ChargedLine(Value, kw_only=True):
    """
    A charge line already reported, so that a credit finds what it takes back.

    `transaction` follows from the sender's transaction id, which often repeats the visit number and so is not kept.
    """

    line_id: UUID
    transaction: UUID | None
    code: str
    modifiers: tuple[str, ...]
    service_on: date | None
    credited: bool = False


class Encounter(Value, kw_only=True):
    """
    One encounter, from its first mention on.

    `snapshot_at` is when the sender wrote the newest registration applied: older snapshots only fill gaps.
    """

    encounter_id: UUID
    organization_id: UUID
    clinic_id: UUID
    billing_entity_id: UUID
    patient_id: UUID
    guarantor_id: UUID
    state: EncounterState
    source: Source
    received_at: datetime
    identity: str = ""
    visit_hash: str = ""
    snapshot_at: datetime | None = None
    visit_class: VisitClass = "outpatient"
    place_of_service: str = "11"
    service_on: date
    service_through_on: date | None = None
    starts_at: datetime | None = None
    scheduled_on: date | None = None
    admitted_at: datetime | None = None
    discharged_at: datetime | None = None
    finished_at: datetime | None = None
    cancelled_at: datetime | None = None
    rendering_provider_id: UUID | None = None
    attending_provider_id: UUID | None = None
    referring_provider_id: UUID | None = None
    coverages: tuple[Coverage, ...] = ()
    coverages_stated: bool = False
    order_rule: str = ""
    order_reason: str = ""
    self_pay: bool = False
    elected_self_pay_on: date | None = None
    """The patient forbade disclosure to any plan (45 CFR 164.522): no payer is asked anything."""
    diagnoses: tuple[DiagnosisSent, ...] = ()
    services: tuple[str, ...] = ()
    charged: tuple[ChargedLine, ...] = ()
    credits: tuple[UUID, ...] = ()
    """Credit lines that took effect."""
    pending: tuple[str, ...] = ()
    """Sealed facts that wait for the registration."""
    missing: tuple[str, ...] = ()
    registrations: int = 0
    estimate: Estimate | None = None
    estimate_due_by: date | None = None
    inquired: int = 0
    """How many inquiries were made: the next one's number."""
    authorized: int = 0

    @property
    def lacks(self) -> int:
        """How many fields the registration still lacks."""
        return len(self.missing)

    @property
    def is_registered(self) -> bool:
        return self.state in {EncounterState.REGISTERED, EncounterState.FINISHED}

    def coverage(self, coverage_id: UUID) -> Coverage | None:
        return next((coverage for coverage in self.coverages if coverage.coverage_id == coverage_id), None)

    @property
    def coverage_ids(self) -> tuple[UUID, ...]:
        """The coverages in the order in which payers are asked."""
        return tuple(coverage.coverage_id for coverage in self.coverages)

    def contradicts_cancellation(self, written_at: datetime) -> bool:
        """Return whether a registration was written after a cancellation of this instant."""
        return self.registrations > 0 and self.snapshot_at is not None and written_at < self.snapshot_at

    def cancelled(self, at: datetime) -> "Encounter":
        """Return the encounter as cancelled."""
        return replace(self, state=EncounterState.CANCELLED, cancelled_at=at)

    def finished(self, at: datetime, on: date) -> "Encounter":
        """Return the encounter as ended; ending it twice changes nothing but the time."""
        if self.state == EncounterState.CANCELLED:
            return self
        return replace(
            self,
            state=EncounterState.FINISHED,
            finished_at=at,
            discharged_at=self.discharged_at or (at if self.visit_class == "inpatient" else None),
            service_through_on=self.service_through_on or max(on, self.service_on),
        )

    def reopened(self) -> "Encounter":
        """Return the encounter with its discharge taken back (A13)."""
        if self.state != EncounterState.FINISHED:
            return self
        return replace(
            self, state=EncounterState.REGISTERED, finished_at=None, discharged_at=None, service_through_on=None
        )

    def reclassified(self, visit_class: VisitClass, clinic: Clinic) -> "Encounter":
        """Return the encounter in another class: it decides between professional and institutional claims."""
        place = place_of_service(visit_class, clinic.place_of_service)
        return replace(self, visit_class=visit_class, place_of_service=place)

    def booked(self, starts_at: datetime | None, services: tuple[str, ...], scheduled_on: date) -> "Encounter":
        """Return the encounter with its begin, what is planned, and when it was first scheduled."""
        return replace(
            self,
            starts_at=starts_at or self.starts_at,
            services=services or self.services,
            scheduled_on=self.scheduled_on or scheduled_on,
        )


class EncounterRecord(Value, kw_only=True):
    """An encounter with its identity opened."""

    encounter: Encounter
    identity: Identity


class Change(Value, kw_only=True):
    """What happened to an encounter; `changed` names the published fields that differ from before."""

    record: EncounterRecord
    changed: tuple[str, ...]
    opened: bool = False
    reordered: bool = False


def place_of_service(visit_class: VisitClass, clinic_default: str) -> str:
    """Return the place of service of a class of visit."""
    return PLACES_OF_SERVICE.get(visit_class, clinic_default)


def missing_fields(encounter: Encounter, identity: Identity) -> tuple[str, ...]:
    """Return what the registration still lacks for a claim, by the names of the intake contract."""
    person, missing = identity.patient, []
    if not (person.family and person.given):
        missing.append("patient_name")
    if person.birth_on is None:
        missing.append("birth_on")
    if not (person.address.line1 and person.address.city and person.address.state and person.address.postal_code):
        missing.append("address")
    if encounter.attending_provider_id is None and encounter.rendering_provider_id is None:
        missing.append("provider")
    for coverage in encounter.coverages:
        subscriber = identity.subscriber_of(coverage.coverage_id)
        if subscriber is None or not subscriber.member_id:
            missing.append(f"member_id[{coverage.rank}]")
        if subscriber and not subscriber.person.family:
            missing.append(f"subscriber_name[{coverage.rank}]")
    return tuple(missing)


def difference(before: EncounterRecord, after: EncounterRecord, *, opened: bool = False) -> Change:
    """Return the change from one state of an encounter to another; `opened`: it is news as a whole."""
    changed = [name for name in PUBLISHED_FIELDS if getattr(before.encounter, name) != getattr(after.encounter, name)]
    if before.identity != after.identity:
        changed.append("identity")
    reordered = before.encounter.coverage_ids != after.encounter.coverage_ids
    return Change(record=after, changed=tuple(changed), opened=opened, reordered=opened or reordered)
