"""What people at the desk correct: coverages, the patient, the guarantor."""

from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from eligibility.domain.directory import Payer
from eligibility.domain.encounter import Coverage, Identity, Subscriber, in_order, lacking
from eligibility.domain.people import Person
from eligibility.domain.registration import Chart
from revcycle_kit.ids import derived_id


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of a coverage; None keeps what is known."""

    payer: Payer | None = None
    member_id: str | None = None
    group_number: str | None = None
    relationship: str | None = None
    subscriber: Person | None = None
    begins_on: date | None = None
    ends_on: date | None = None


def with_coverage(chart: Chart, payer: Payer, given: Given, *, first: bool) -> tuple[Chart, UUID]:
    """Add a coverage; it comes last, or first if the person says so, unless a rule of primacy decides otherwise."""
    encounter = chart.encounter
    taken = {each.coverage_id for each in encounter.coverages}
    numbered = (
        derived_id("coverage", str(encounter.encounter_id), str(payer.payer_id), str(number))
        for number in range(len(taken) + 1)
    )
    identifier = next(each for each in numbered if each not in taken)
    orders = [each.sent_order for each in encounter.coverages]
    coverage = Coverage(
        coverage_id=identifier,
        payer_id=payer.payer_id,
        kind=payer.kind,
        rank=len(taken) + 1,
        relationship=given.relationship or "18",
        begins_on=given.begins_on,
        ends_on=given.ends_on,
        sent_order=min(orders, default=1) - 1 if first else max(orders, default=0) + 1,
    )
    subscriber = Subscriber(
        coverage_id=identifier,
        person=given.subscriber or chart.identity.patient,
        member_id=given.member_id or "",
        group_number=given.group_number or "",
    )
    return _with(chart, (*encounter.coverages, coverage), (*chart.identity.subscribers, subscriber)), identifier


def with_correction(chart: Chart, known: Coverage, given: Given) -> Chart:
    """Correct a coverage in place: its id stays, so that what was asked and claimed about it stays its own."""
    payer = given.payer
    coverage = replace(
        known,
        payer_id=payer.payer_id if payer else known.payer_id,
        kind=payer.kind if payer else known.kind,
        relationship=given.relationship or known.relationship,
        begins_on=given.begins_on or known.begins_on,
        ends_on=given.ends_on or known.ends_on,
    )
    before = chart.identity.subscriber_of(known.coverage_id) or Subscriber(
        coverage_id=known.coverage_id, person=chart.identity.patient
    )
    person = before.person.updated_by(given.subscriber) if given.subscriber else before.person
    subscriber = replace(
        before,
        person=person,
        member_id=before.member_id if given.member_id is None else given.member_id,
        group_number=before.group_number if given.group_number is None else given.group_number,
    )
    coverages = tuple(coverage if each is known else each for each in chart.encounter.coverages)
    others = tuple(each for each in chart.identity.subscribers if each.coverage_id != known.coverage_id)
    return _with(chart, coverages, (*others, subscriber))


def without_coverage(chart: Chart, coverage_id: UUID) -> Chart:
    """Take a coverage off."""
    coverages = tuple(each for each in chart.encounter.coverages if each.coverage_id != coverage_id)
    subscribers = tuple(each for each in chart.identity.subscribers if each.coverage_id != coverage_id)
    return _with(chart, coverages, subscribers)


def with_patient(chart: Chart, patient: Person | None, guarantor: Person | None) -> Chart:
    """Correct the patient or the guarantor; a subscriber who is the patient is corrected with them."""
    identity = chart.identity
    corrected = identity.patient.updated_by(patient) if patient else identity.patient
    own = {each.coverage_id for each in chart.encounter.coverages if each.relationship == "18"}
    identity = replace(
        identity,
        patient=corrected,
        guarantor=identity.guarantor.updated_by(guarantor) if guarantor else identity.guarantor,
        subscribers=tuple(
            replace(each, person=each.person.updated_by(corrected)) if each.coverage_id in own else each
            for each in identity.subscribers
        ),
    )
    return Chart(encounter=replace(chart.encounter, missing=lacking(chart.encounter, identity)), identity=identity)


def _with(chart: Chart, coverages: tuple[Coverage, ...], subscribers: tuple[Subscriber, ...]) -> Chart:
    identity: Identity = replace(chart.identity, subscribers=subscribers)
    ranked, order = in_order(coverages, identity, chart.encounter.service_on)
    encounter = replace(
        chart.encounter,
        coverages=ranked,
        coverages_told=True,
        order_rule=order.rule,
        order_reason=order.reason,
    )
    return Chart(encounter=replace(encounter, missing=lacking(encounter, identity)), identity=identity)
