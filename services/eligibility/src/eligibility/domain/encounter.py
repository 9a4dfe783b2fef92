"""The encounter as it stands, and how what an EHR tells changes it."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from eligibility.domain.directory import Payer, PayerKind
from eligibility.domain.estimate import Estimate
from eligibility.domain.facts import CoverageSent, DiagnosisSent, Source, VisitClass
from eligibility.domain.people import Person
from eligibility.domain.primacy import Contender, CoverageOrder, decide_order
from eligibility.domain.primacy import Patient as PrimacyPatient
from revcycle_kit.ids import derived_id

State = Literal["expected", "registered", "finished", "cancelled"]

PLACES_OF_SERVICE: dict[VisitClass, str] = {
    "inpatient": "21",
    "emergency": "23",
    "observation": "22",
    "virtual": "02",
    "home": "12",
}
"""CMS place-of-service codes by class; an outpatient visit has its clinic's own."""


class Subscriber(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds a coverage, and under which numbers."""

    coverage_id: UUID
    person: Person
    member_id: str = ""
    group_number: str = ""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about an encounter that says who somebody is: the part that rests and travels sealed."""

    patient: Person
    medical_record_number: str = ""
    visit_number: str = ""
    account_number: str = ""
    guarantor: Person = Person()
    subscribers: tuple[Subscriber, ...] = ()

    def subscriber_of(self, coverage_id: UUID) -> Subscriber | None:
        return next((subscriber for subscriber in self.subscribers if subscriber.coverage_id == coverage_id), None)


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """One coverage of the encounter; `rank` 1 pays first."""

    coverage_id: UUID
    payer_id: UUID
    kind: PayerKind
    rank: int
    relationship: str = "18"
    begins_on: date | None = None
    ends_on: date | None = None
    sent_order: int = 1


class ChargedLine(msgspec.Struct, frozen=True, kw_only=True):
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


class Encounter(msgspec.Struct, frozen=True, kw_only=True):
    """
    One encounter. `expected` is one that charges spoke of before anybody registered it.

    `snapshot_at` is when the sender wrote the newest registration applied: older snapshots only fill gaps.
    """

    encounter_id: UUID
    organization_id: UUID
    clinic_id: UUID
    billing_entity_id: UUID
    patient_id: UUID
    guarantor_id: UUID
    state: State
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
        return self.state in {"registered", "finished"}

    def coverage(self, coverage_id: UUID) -> Coverage | None:
        return next((coverage for coverage in self.coverages if coverage.coverage_id == coverage_id), None)


def place_of_service(visit_class: VisitClass, clinic_default: str) -> str:
    """Return the place of service of a class of visit."""
    return PLACES_OF_SERVICE.get(visit_class, clinic_default)


def coverages_from(
    encounter_id: UUID, sent: tuple[tuple[CoverageSent, Payer], ...], patient: Person, identity: Identity | None
) -> tuple[tuple[Coverage, ...], tuple[Subscriber, ...]]:
    """
    Turn the insurances of a message into coverages and their subscribers, in the sender's order.

    A member number learned from the payer stays where the message has none.
    """
    coverages: list[Coverage] = []
    subscribers: list[Subscriber] = []
    for rank, (insurance, payer) in enumerate(sent, start=1):
        ordinal = sum(1 for coverage in coverages if coverage.payer_id == payer.payer_id)
        identifier = derived_id("coverage", str(encounter_id), str(payer.payer_id), str(ordinal))
        subscriber = identity.subscriber_of(identifier) if identity else None
        coverages.append(
            Coverage(
                coverage_id=identifier,
                payer_id=payer.payer_id,
                kind=payer.kind,
                rank=rank,
                relationship=insurance.relationship,
                begins_on=insurance.begins_on,
                ends_on=insurance.ends_on,
                sent_order=insurance.order,
            )
        )
        subscribers.append(
            Subscriber(
                coverage_id=identifier,
                person=insurance.subscriber or patient,
                member_id=insurance.member_id or (subscriber.member_id if subscriber else ""),
                group_number=insurance.group_number or (subscriber.group_number if subscriber else ""),
            )
        )
    return tuple(coverages), tuple(subscribers)


def in_order(
    coverages: tuple[Coverage, ...], identity: Identity, service_on: date
) -> tuple[tuple[Coverage, ...], CoverageOrder]:
    """Put the coverages in the order in which payers are asked, with the rule that decided."""
    contenders = [
        Contender(
            coverage_id=coverage.coverage_id,
            kind=coverage.kind,
            relationship=coverage.relationship,
            subscriber_birth_on=_birth_of(identity, coverage.coverage_id),
            begins_on=coverage.begins_on,
            sent_order=coverage.sent_order,
        )
        for coverage in coverages
    ]
    order = decide_order(contenders, PrimacyPatient(birth_on=identity.patient.birth_on, service_on=service_on))
    by_id = {coverage.coverage_id: coverage for coverage in coverages}
    ranked = tuple(
        msgspec.structs.replace(by_id[identifier], rank=rank)
        for rank, identifier in enumerate(order.coverage_ids, start=1)
    )
    return ranked, order


def _birth_of(identity: Identity, coverage_id: UUID) -> date | None:
    subscriber = identity.subscriber_of(coverage_id)
    return subscriber.person.birth_on if subscriber else None


def lacking(encounter: Encounter, identity: Identity) -> tuple[str, ...]:
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
