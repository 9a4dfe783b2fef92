"""What a fact changes in its encounter."""

from uuid import UUID

from msgspec.structs import replace

from eligibility import events, published
from eligibility.domain.charges import charged
from eligibility.domain.encounter import Encounter
from eligibility.domain.facts import (
    Appointment,
    Cancellation,
    Charges,
    ClassChange,
    Discharge,
    Fact,
    Registration,
    encounter_of,
    registration_of,
)
from eligibility.domain.registration import (
    Chart,
    Context,
    booked,
    cancelled,
    diagnoses_of,
    expected,
    finished,
    reclassified,
    registered,
    reopened,
    told_difference,
)
from eligibility.handlers.authorizations import note_authorizations
from eligibility.handlers.estimates import estimate_at_scheduling
from eligibility.handlers.records import context_of, keep, known_chart, open_chart, provider_of, tell
from eligibility.handlers.verification import verify_changed
from eligibility.messages.local import EncounterRekeyed, EncounterTold
from eligibility.storage import EligibilityWork
from revcycle_kit.clock import local_date
from revcycle_kit.sealing import Sealed

PENDING_PURPOSE = "eligibility.pending"


async def hear_of_encounter(told: EncounterTold, work: EligibilityWork) -> None:
    """Take what a message says of the encounter, in its order."""
    for fact in told.facts:
        _take(fact, told, work)


def _take(fact: Fact, told: EncounterTold, work: EligibilityWork) -> None:
    """Take a fact: its registration first, then what it says beyond that."""
    chart = open_chart(work)
    context = context_of(told, fact, chart, work)
    registration = registration_of(fact)
    if isinstance(fact, Charges):
        _charge(replace(fact, reference=f"{told.message_id}/{fact.reference}"), chart, context, work)
    elif isinstance(fact, Cancellation):
        _cancel(fact, chart, context, work)
    elif registration is not None:
        after = _register(registration, chart, context, work)
        if after is not None:
            _beyond(fact, after, context, work)


async def rekey_encounter(told: EncounterRekeyed, work: EligibilityWork) -> None:
    """Move the encounter to the surviving patient."""
    chart = open_chart(work)
    if chart is None or chart.encounter.patient_id == told.surviving_patient_id:
        return
    moved = replace(chart.encounter, patient_id=told.surviving_patient_id)
    change = told_difference(chart, Chart(encounter=moved, identity=chart.identity))
    if chart.encounter.registrations:
        work.publish(
            published.PatientsMerged(
                encounter_id=moved.encounter_id,
                surviving_patient_id=told.surviving_patient_id,
                retired_patient_id=told.retired_patient_id,
            )
        )
    tell(change, work)


def _register(told: Registration, chart: Chart | None, context: Context, work: EligibilityWork) -> Chart | None:
    sent = told.encounter
    if sent is None or (not told.opens and (chart is None or not chart.encounter.registrations)):
        return None
    before = chart.encounter if chart else None
    change = registered(chart, told, sent, context)
    if change.chart.encounter.state == "cancelled":
        return None
    tell(change, work)
    verify_changed(before, chart.identity if chart else None, work)
    note_authorizations(told, work)
    after = _release(known_chart(work), work) if change.opened else known_chart(work)
    if before and before.charged and before.diagnoses != after.encounter.diagnoses:
        _tell_diagnoses(after.encounter, context, work)
    return after


def _beyond(fact: Fact, chart: Chart, context: Context, work: EligibilityWork) -> None:
    match fact:
        case Discharge(finished_at=at):
            at = at or context.received_at
            finish(chart, finished(chart, at, local_date(at, context.clinic.time_zone)), work)
        case ClassChange(visit_class=visit_class):
            tell(told_difference(chart, reclassified(chart, visit_class, context.clinic)), work)
        case Appointment(starts_at=starts_at, services=services):
            keep(booked(chart, starts_at, services, context.today), work)
            estimate_at_scheduling(context.today, work)


def finish(before: Chart, after: Chart, work: EligibilityWork) -> None:
    """Tell that the encounter ended, once."""
    was, now = before.encounter, after.encounter
    tell(told_difference(before, after), work)
    if was.state != "finished" and now.finished_at is not None:
        work.publish(published.EncounterFinished(encounter_id=now.encounter_id, finished_at=now.finished_at))


def _cancel(told: Cancellation, chart: Chart | None, context: Context, work: EligibilityWork) -> None:
    if told.of == "discharge":
        if chart is not None:
            tell(told_difference(chart, reopened(chart)), work)
        return
    before = chart or expected(told.patient, told.encounter, context)
    after = cancelled(before, context)
    if after is None or before.encounter.state == "cancelled":
        return
    keep(after, work)
    if before.encounter.registrations:
        work.publish(
            published.EncounterCancelled(
                encounter_id=after.encounter.encounter_id,
                reason=told.reason,
                cancelled_at=after.encounter.cancelled_at or context.received_at,
            )
        )


def _charge(told: Charges, chart: Chart | None, context: Context, work: EligibilityWork) -> None:
    sent = encounter_of(told)
    if chart is None and sent is not None:
        chart = expected(told.patient, sent, context)
    if chart is None:
        return
    if not chart.encounter.registrations:
        sealed = work.seal(told, PENDING_PURPOSE, chart.encounter.encounter_id)
        waiting = replace(chart.encounter, pending=(*chart.encounter.pending, sealed))
        keep(Chart(encounter=waiting, identity=chart.identity), work)
        return
    after = hand_on(told, chart, work)
    if chart.encounter.pending:
        _release(after, work)


def _release(chart: Chart, work: EligibilityWork) -> Chart:
    """Hand on what waited for the registration, in the order it came."""
    pending = chart.encounter.pending
    chart = Chart(encounter=replace(chart.encounter, pending=()), identity=chart.identity)
    for sealed in pending:
        told = work.open(Sealed(sealed), PENDING_PURPOSE, chart.encounter.encounter_id, Charges)
        chart = hand_on(told, chart, work)
    return keep(chart, work) if pending else chart


def hand_on(told: Charges, chart: Chart, work: EligibilityWork) -> Chart:
    """Hand charges on; a credit without its charge waits for the next delivery."""
    delivery = charged(chart.encounter, told)
    encounter = delivery.encounter
    if delivery.unmatched:
        waiting = replace(told, lines=delivery.unmatched)
        sealed = work.seal(waiting, PENDING_PURPOSE, encounter.encounter_id)
        encounter = replace(encounter, pending=(*encounter.pending, sealed))
    chart = keep(Chart(encounter=encounter, identity=chart.identity), work)
    if delivery.lines:
        organization_id = encounter.organization_id
        work.publish(
            published.ChargesReceived(
                encounter_id=encounter.encounter_id,
                charges=tuple(
                    events.received_charge(line, _rendering(line.sent.provider, organization_id, work))
                    for line in delivery.lines
                ),
                diagnoses=events.diagnoses(delivery.diagnoses),
                complete=told.complete,
                received_at=work.now,
            )
        )
    return chart


def _rendering(provider: object, organization_id: UUID, work: EligibilityWork) -> UUID | None:
    return provider_of(provider, organization_id, work) if provider is not None else None  # type: ignore[arg-type]


def _tell_diagnoses(encounter: Encounter, context: Context, work: EligibilityWork) -> None:
    """Tell diagnoses that came after the charges: no new charge, but what the claim will carry."""
    work.publish(
        published.ChargesReceived(
            encounter_id=encounter.encounter_id,
            charges=(),
            diagnoses=events.diagnoses(diagnoses_of(encounter.diagnoses, ())),
            received_at=context.received_at,
        )
    )
