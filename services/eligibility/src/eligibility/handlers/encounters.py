"""What a fact changes in its encounter, and what people do to it."""

from msgspec.structs import replace

from eligibility import published
from eligibility.domain.corrections import with_patient
from eligibility.domain.facts import (
    Appointment,
    Cancellation,
    Charges,
    ClassChange,
    Discharge,
    Fact,
    Registration,
    registration_of,
)
from eligibility.domain.registration import (
    Chart,
    Context,
    booked,
    cancelled,
    expected,
    finished,
    reclassified,
    registered,
    reopened,
    told_difference,
)
from eligibility.handlers.authorizations import note_authorizations
from eligibility.handlers.charges import publish_diagnoses, receive_charges, release_pending
from eligibility.handlers.estimates import estimate_at_scheduling
from eligibility.handlers.records import context_of, keep, known_chart, open_chart, tell
from eligibility.handlers.verification import publish_and_verify, verify_changed
from eligibility.messages.commands import (
    CancelEncounter,
    CorrectPatient,
    Done,
    FinishEncounter,
)
from eligibility.messages.local import EncounterRekeyed, EncounterTold
from eligibility.storage import EligibilityWork
from revcycle_kit.clock import local_date
from revcycle_kit.errors import Conflict


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
        receive_charges(replace(fact, reference=f"{told.message_id}/{fact.reference}"), chart, context, work)
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
    after = release_pending(known_chart(work), work) if change.opened else known_chart(work)
    if before and before.charged and before.diagnoses != after.encounter.diagnoses:
        publish_diagnoses(after.encounter, context, work)
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


async def correct_patient(asked: CorrectPatient, work: EligibilityWork) -> Done:
    """Correct who the patient or the guarantor is, and verify what depends on it."""
    chart = known_chart(work)
    publish_and_verify(chart, with_patient(chart, asked.patient, asked.guarantor), work)
    return Done(id=chart.encounter.encounter_id, state="corrected")


async def finish_encounter(asked: FinishEncounter, work: EligibilityWork) -> Done:
    """End the visit, as the desk says."""
    del asked
    chart = known_chart(work)
    clinic = work.clinics.get(work.stream.tenant_id)
    finish(chart, finished(chart, work.now, local_date(work.now, clinic.time_zone)), work)
    return Done(id=chart.encounter.encounter_id, state="finished")


async def cancel_encounter(asked: CancelEncounter, work: EligibilityWork) -> Done:
    """Cancel the visit, as the desk says."""
    chart = known_chart(work)
    encounter = chart.encounter
    if encounter.charged:
        raise Conflict("The encounter has charges.", "encounter", "Credit its charges first, then cancel it.")
    if encounter.state != "cancelled":
        gone = replace(encounter, state="cancelled", cancelled_at=work.now)
        keep(Chart(encounter=gone, identity=chart.identity), work)
        work.publish(
            published.EncounterCancelled(
                encounter_id=encounter.encounter_id, reason=asked.reason, cancelled_at=work.now
            )
        )
    return Done(id=encounter.encounter_id, state="cancelled")
