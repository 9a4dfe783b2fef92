"""Corrections that people make to a registration: coverages, the patient, the guarantor."""

from datetime import date
from uuid import UUID

from eligibility.domain.coverages import in_order
from eligibility.domain.directory import Payer
from eligibility.domain.encounter import Coverage, EncounterRecord, Identity, Subscriber, missing_fields
from eligibility.domain.people import Person
from revcycle_kit.ids import derived_id
from revcycle_kit.values import Value, replace


class CoverageDetails(Value, kw_only=True):
    """The fields of a coverage that a person fills in; None keeps what is recorded."""

    payer: Payer | None = None
    member_id: str | None = None
    group_number: str | None = None
    relationship: str | None = None
    subscriber: Person | None = None
    begins_on: date | None = None
    ends_on: date | None = None


def with_coverage(
    record: EncounterRecord, payer: Payer, details: CoverageDetails, *, first: bool
) -> tuple[EncounterRecord, UUID]:
    """Add a coverage; it comes last, or first if the person says so, unless a rule of primacy decides otherwise."""
    encounter = record.encounter
    taken = {coverage.coverage_id for coverage in encounter.coverages}
    numbered = (
        derived_id("coverage", str(encounter.encounter_id), str(payer.payer_id), str(number))
        for number in range(len(taken) + 1)
    )
    identifier = next(unused for unused in numbered if unused not in taken)
    orders = [coverage.sent_order for coverage in encounter.coverages]
    coverage = Coverage(
        coverage_id=identifier,
        payer_id=payer.payer_id,
        kind=payer.kind,
        rank=len(taken) + 1,
        relationship=details.relationship or "18",
        begins_on=details.begins_on,
        ends_on=details.ends_on,
        sent_order=min(orders, default=1) - 1 if first else max(orders, default=0) + 1,
    )
    subscriber = Subscriber(
        coverage_id=identifier,
        person=details.subscriber or record.identity.patient,
        member_id=details.member_id or "",
        group_number=details.group_number or "",
    )
    return _with(record, (*encounter.coverages, coverage), (*record.identity.subscribers, subscriber)), identifier


def with_correction(record: EncounterRecord, coverage: Coverage, details: CoverageDetails) -> EncounterRecord:
    """Correct a coverage in place: its id stays, so that what was asked and claimed about it stays its own."""
    payer = details.payer
    corrected = replace(
        coverage,
        payer_id=payer.payer_id if payer else coverage.payer_id,
        kind=payer.kind if payer else coverage.kind,
        relationship=details.relationship or coverage.relationship,
        begins_on=details.begins_on or coverage.begins_on,
        ends_on=details.ends_on or coverage.ends_on,
    )
    previous = record.identity.subscriber_of(coverage.coverage_id) or Subscriber(
        coverage_id=coverage.coverage_id, person=record.identity.patient
    )
    person = previous.person.updated_by(details.subscriber) if details.subscriber else previous.person
    subscriber = replace(
        previous,
        person=person,
        member_id=previous.member_id if details.member_id is None else details.member_id,
        group_number=previous.group_number if details.group_number is None else details.group_number,
    )
    coverages = tuple(corrected if other is coverage else other for other in record.encounter.coverages)
    others = tuple(
        subscriber for subscriber in record.identity.subscribers if subscriber.coverage_id != coverage.coverage_id
    )
    return _with(record, coverages, (*others, subscriber))


def without_coverage(record: EncounterRecord, coverage_id: UUID) -> EncounterRecord:
    """Take a coverage off."""
    coverages = tuple(coverage for coverage in record.encounter.coverages if coverage.coverage_id != coverage_id)
    subscribers = tuple(
        subscriber for subscriber in record.identity.subscribers if subscriber.coverage_id != coverage_id
    )
    return _with(record, coverages, subscribers)


def with_patient(record: EncounterRecord, patient: Person | None, guarantor: Person | None) -> EncounterRecord:
    """Correct the patient or the guarantor; a subscriber who is the patient is corrected with them."""
    identity = record.identity
    corrected = identity.patient.updated_by(patient) if patient else identity.patient
    own = {coverage.coverage_id for coverage in record.encounter.coverages if coverage.relationship == "18"}
    identity = replace(
        identity,
        patient=corrected,
        guarantor=identity.guarantor.updated_by(guarantor) if guarantor else identity.guarantor,
        subscribers=tuple(
            replace(subscriber, person=subscriber.person.updated_by(corrected))
            if subscriber.coverage_id in own
            else subscriber
            for subscriber in identity.subscribers
        ),
    )
    return EncounterRecord(
        encounter=replace(record.encounter, missing=missing_fields(record.encounter, identity)), identity=identity
    )


def _with(
    record: EncounterRecord, coverages: tuple[Coverage, ...], subscribers: tuple[Subscriber, ...]
) -> EncounterRecord:
    identity: Identity = replace(record.identity, subscribers=subscribers)
    ranked, order = in_order(coverages, identity, record.encounter.service_on)
    encounter = replace(
        record.encounter,
        coverages=ranked,
        coverages_stated=True,
        order_rule=order.rule,
        order_reason=order.reason,
    )
    return EncounterRecord(encounter=replace(encounter, missing=missing_fields(encounter, identity)), identity=identity)
