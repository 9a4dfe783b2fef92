"""Encounters: apply the facts of messages, and what people do to them."""

from eligibility import events
from eligibility.domain.corrections import with_patient
from eligibility.domain.encounter import Encounter, EncounterRecord, EncounterState, difference
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
from eligibility.domain.registration import Context, expected, registered
from eligibility.handlers.authorizations import take_over_authorizations
from eligibility.handlers.charges import publish_diagnoses, receive_charges, release_pending
from eligibility.handlers.estimates import estimate_at_scheduling
from eligibility.handlers.records import context_of, keep_record, open_record, publish_change, registered_record
from eligibility.handlers.verification import publish_and_verify, verify_changed_coverages
from eligibility.messages.commands import (
    CancelEncounter,
    CorrectPatient,
    Done,
    FinishEncounter,
)
from eligibility.messages.local import EncounterFacts, EncounterMoved
from eligibility.storage import EligibilityWork
from revcycle_kit.clock import local_date
from revcycle_kit.errors import Conflict
from revcycle_kit.values import replace


async def apply_encounter_facts(message: EncounterFacts, work: EligibilityWork) -> None:
    """Take what a message says of the encounter, in its order."""
    for fact in message.facts:
        _apply(fact, message, work)


def _apply(fact: Fact, message: EncounterFacts, work: EligibilityWork) -> None:
    """Take a fact: its registration first, then what it says beyond that."""
    record = open_record(work)
    context = context_of(message, fact, record, work)
    registration = registration_of(fact)
    if isinstance(fact, Charges):
        receive_charges(replace(fact, reference=f"{message.message_id}/{fact.reference}"), record, context, work)
    elif isinstance(fact, Cancellation):
        _cancel(fact, record, context, work)
    elif registration is not None:
        after = _register(registration, record, context, work)
        if after is not None:
            _apply_beyond_registration(fact, after, context, work)


async def move_encounter(message: EncounterMoved, work: EligibilityWork) -> None:
    """Move the encounter to the surviving patient."""
    record = open_record(work)
    if record is None or record.encounter.patient_id == message.surviving_patient_id:
        return
    moved = replace(record.encounter, patient_id=message.surviving_patient_id)
    change = difference(record, replace(record, encounter=moved))
    if record.encounter.registrations:
        work.publish(events.patients_merged(moved, message.retired_patient_id))
    publish_change(change, work)


def _register(
    registration: Registration, record: EncounterRecord | None, context: Context, work: EligibilityWork
) -> EncounterRecord | None:
    sent = registration.encounter
    if sent is None or (not registration.opens and (record is None or not record.encounter.registrations)):
        return None
    before = record.encounter if record else None
    change = registered(record, registration, sent, context)
    if change.record.encounter.state == EncounterState.CANCELLED:
        return None
    publish_change(change, work)
    verify_changed_coverages(before, record.identity if record else None, work)
    take_over_authorizations(registration, work)
    after = release_pending(registered_record(work), work) if change.opened else registered_record(work)
    if before and before.charged and before.diagnoses != after.encounter.diagnoses:
        publish_diagnoses(after.encounter, context, work)
    return after


def _apply_beyond_registration(fact: Fact, record: EncounterRecord, context: Context, work: EligibilityWork) -> None:
    match fact:
        case Discharge(finished_at=at):
            at = at or context.received_at
            publish_finish(record, record.encounter.finished(at, local_date(at, context.clinic.time_zone)), work)
        case ClassChange(visit_class=visit_class):
            reclassified = record.encounter.reclassified(visit_class, context.clinic)
            publish_change(difference(record, replace(record, encounter=reclassified)), work)
        case Appointment(starts_at=starts_at, services=services):
            booked = record.encounter.booked(starts_at, services, context.today)
            keep_record(replace(record, encounter=booked), work)
            estimate_at_scheduling(context.today, work)


def publish_finish(record: EncounterRecord, finished: Encounter, work: EligibilityWork) -> None:
    """Publish that the encounter ended, once."""
    publish_change(difference(record, replace(record, encounter=finished)), work)
    if record.encounter.state != EncounterState.FINISHED and finished.finished_at is not None:
        work.publish(events.encounter_finished(finished))


def _cancel(
    cancellation: Cancellation, record: EncounterRecord | None, context: Context, work: EligibilityWork
) -> None:
    if cancellation.of == "discharge":
        if record is not None:
            publish_change(difference(record, replace(record, encounter=record.encounter.reopened())), work)
        return
    before = record or expected(cancellation.patient, cancellation.encounter, context)
    encounter = before.encounter
    if encounter.state == EncounterState.CANCELLED or encounter.contradicts_cancellation(context.written_at):
        return
    cancelled = encounter.cancelled(context.written_at)
    keep_record(replace(before, encounter=cancelled), work)
    if encounter.registrations:
        work.publish(events.encounter_cancelled(cancelled, cancellation.reason))


async def correct_patient(command: CorrectPatient, work: EligibilityWork) -> Done:
    """Correct who the patient or the guarantor is, and verify what depends on it."""
    record = registered_record(work)
    publish_and_verify(record, with_patient(record, command.patient, command.guarantor), work)
    return Done(id=record.encounter.encounter_id, state="corrected")


async def finish_encounter(command: FinishEncounter, work: EligibilityWork) -> Done:
    """End the visit, as the desk says."""
    del command
    record = registered_record(work)
    clinic = work.clinics.get(work.stream.tenant_id)
    publish_finish(record, record.encounter.finished(work.now, local_date(work.now, clinic.time_zone)), work)
    return Done(id=record.encounter.encounter_id, state="finished")


async def cancel_encounter(command: CancelEncounter, work: EligibilityWork) -> Done:
    """Cancel the visit, as the desk says."""
    record = registered_record(work)
    encounter = record.encounter
    if encounter.charged:
        raise Conflict("The encounter has charges.", "encounter", "Credit its charges first, then cancel it.")
    if encounter.state != EncounterState.CANCELLED:
        cancelled = encounter.cancelled(work.now)
        keep_record(replace(record, encounter=cancelled), work)
        work.publish(events.encounter_cancelled(cancelled, command.reason))
    return Done(id=encounter.encounter_id, state="cancelled")
