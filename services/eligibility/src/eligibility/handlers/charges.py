"""Charges of an encounter: taken from messages or entered by hand, handed on once it is registered."""

from uuid import UUID

from eligibility import events
from eligibility.domain.charges import ChargeDelivery, take_charges
from eligibility.domain.encounter import Encounter, EncounterRecord
from eligibility.domain.facts import (
    Charges,
    EncounterSent,
    PatientSent,
    ProviderSent,
    encounter_of,
)
from eligibility.domain.registration import Context, diagnoses_of, expected
from eligibility.handlers.records import keep_record, provider_of, registered_record
from eligibility.messages.commands import (
    AddCharges,
    Done,
)
from eligibility.storage import PENDING_PURPOSE, EligibilityWork
from revcycle_kit.errors import Refusal
from revcycle_kit.sealing import Sealed
from revcycle_kit.values import replace


async def add_charges(command: AddCharges, work: EligibilityWork) -> Done:
    """Take charges entered by hand."""
    record = registered_record(work)
    charges = Charges(
        patient=PatientSent(
            patient_id=record.encounter.patient_id,
            medical_record_number=record.identity.medical_record_number,
            assigner="",
            person=record.identity.patient,
        ),
        encounter=EncounterSent(encounter_id=record.encounter.encounter_id),
        lines=command.lines,
        diagnoses=command.diagnoses,
        complete=command.complete,
        reference=f"api/{command.reference}",
    )
    delivery: ChargeDelivery = take_charges(record.encounter, charges)
    if delivery.unmatched:
        raise Refusal(
            "A credit takes back a charge that this encounter does not have.",
            "lines",
            "Send the transaction id, or code, modifiers and date of the charge it takes back.",
        )
    forward_charges(charges, record, work)
    return Done(id=record.encounter.encounter_id, state=f"{len(delivery.lines)} lines")


def receive_charges(charges: Charges, record: EncounterRecord | None, context: Context, work: EligibilityWork) -> None:
    """Take charges of a message; without a registration they wait for it."""
    sent = encounter_of(charges)
    if record is None and sent is not None:
        record = expected(charges.patient, sent, context)
    if record is None:
        return
    if not record.encounter.registrations:
        sealed = work.seal(charges, PENDING_PURPOSE, record.encounter.encounter_id)
        waiting = replace(record.encounter, pending=(*record.encounter.pending, sealed))
        keep_record(replace(record, encounter=waiting), work)
        return
    after = forward_charges(charges, record, work)
    if record.encounter.pending:
        release_pending(after, work)


def release_pending(record: EncounterRecord, work: EligibilityWork) -> EncounterRecord:
    """Hand on what waited for the registration, in the order it came."""
    pending = record.encounter.pending
    record = replace(record, encounter=replace(record.encounter, pending=()))
    for sealed in pending:
        charges = work.open(Sealed(sealed), PENDING_PURPOSE, record.encounter.encounter_id, Charges)
        record = forward_charges(charges, record, work)
    return keep_record(record, work) if pending else record


def forward_charges(charges: Charges, record: EncounterRecord, work: EligibilityWork) -> EncounterRecord:
    """Hand charges on; a credit without its charge waits for the next delivery."""
    delivery = take_charges(record.encounter, charges)
    encounter = delivery.encounter
    if delivery.unmatched:
        waiting = replace(charges, lines=delivery.unmatched)
        sealed = work.seal(waiting, PENDING_PURPOSE, encounter.encounter_id)
        encounter = replace(encounter, pending=(*encounter.pending, sealed))
    record = keep_record(replace(record, encounter=encounter), work)
    if delivery.lines:
        organization_id = encounter.organization_id
        lines = tuple(
            events.received_charge(line, _rendering(line.sent.provider, organization_id, work))
            for line in delivery.lines
        )
        work.publish(
            events.charges_received(
                encounter.encounter_id, lines, delivery.diagnoses, work.now, complete=charges.complete
            )
        )
    return record


def _rendering(provider: ProviderSent | None, organization_id: UUID, work: EligibilityWork) -> UUID | None:
    return provider_of(provider, organization_id, work) if provider is not None else None


def publish_diagnoses(encounter: Encounter, context: Context, work: EligibilityWork) -> None:
    """Publish diagnoses that came after the charges: no new charge, but what the claim will carry."""
    diagnoses = diagnoses_of(encounter.diagnoses, ())
    work.publish(events.charges_received(encounter.encounter_id, (), diagnoses, context.received_at))
