"""The patient of a message: knows all numbers and all merges, and passes each fact on to the encounter it means."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from eligibility.domain.facts import (
    EncounterSent,
    Fact,
    Merge,
    PatientSent,
    Registration,
    encounter_of,
    meant_for,
    patient_of,
    registration_of,
)
from eligibility.domain.patient import Link, Patient, PatientIdentity
from eligibility.messages.local import EncounterFacts, EncounterMoved, EncountersHandedOver, PatientFacts
from eligibility.storage import PATIENT_PURPOSE, EligibilityWork
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.sealing import Sealed
from revcycle_kit.values import replace

CURRENT = timedelta(days=180)
"""How far back a change of a person's data still reaches encounters: older ones are billed as they were."""


async def apply_patient_facts(message: PatientFacts, work: EligibilityWork) -> None:
    """Note who the patient is, find the encounters that are meant, and pass the facts on to them."""
    for merge in message.facts:
        if isinstance(merge, Merge):
            _merge(message, merge, work.patients.find(work.stream.id), work)
    facts = tuple(fact for fact in message.facts if not isinstance(fact, Merge))
    patient = work.patients.find(work.stream.id)
    if not facts:
        return
    if patient is not None and patient.merged_into is not None:
        _forward(replace(message, facts=facts), patient.merged_into, work)
    else:
        _apply(replace(message, facts=facts), patient, work)


async def adopt_encounters(message: EncountersHandedOver, work: EligibilityWork) -> None:
    """Take over the encounters of a retired record."""
    identity = _identity(work.patients.find(work.stream.id), message.surviving, work)
    _keep(work.stream.id, identity.absorbing(message.links), work)


def _apply(message: PatientFacts, patient: Patient | None, work: EligibilityWork) -> None:
    identity = before = _identity(patient, patient_of(message.facts[0]), work)
    facts_by_encounter: defaultdict[UUID, list[Fact]] = defaultdict(list)
    for fact in message.facts:
        sent, registration = patient_of(fact), registration_of(fact)
        identity = identity.updated(sent, registration.guarantor if registration else None)
        encounter = encounter_of(fact)
        if encounter is not None:
            identity, encounter_id = identity.linked(encounter)
            named = replace(encounter, encounter_id=encounter_id)
            facts_by_encounter[encounter_id].append(meant_for(fact, sent, named, identity.guarantor))
        elif isinstance(fact, Registration):
            for recent_id, copy in _for_recent_encounters(fact, identity, work):
                facts_by_encounter[recent_id].append(copy)
    for encounter_id, facts in facts_by_encounter.items():
        _send(message, tuple(facts), encounter_id, work)
    if patient is None or identity != before:
        _keep(work.stream.id, identity, work)


def _for_recent_encounters(
    registration: Registration, identity: PatientIdentity, work: EligibilityWork
) -> Iterator[tuple[UUID, Fact]]:
    """Pair every recent encounter with what changed of the person."""
    since = (work.now - CURRENT).date()
    for link in identity.links:
        if link.service_on is None or link.service_on >= since:
            sent = EncounterSent(encounter_id=link.encounter_id, service_on=link.service_on)
            fact = replace(registration, encounter=sent, opens=False)
            yield link.encounter_id, meant_for(fact, registration.patient, sent, identity.guarantor)


def _send(message: PatientFacts, facts: tuple[Fact, ...], encounter_id: UUID, work: EligibilityWork) -> None:
    facts_of_encounter = EncounterFacts(
        facts=facts,
        message_id=message.message_id,
        source=message.source,
        sent_at=message.sent_at,
        received_at=message.received_at,
    )
    to = StreamRef("clinic", work.stream.tenant_id, "encounter", encounter_id)
    work.send(facts_of_encounter, to, key=str(work.message_id))


def _forward(message: PatientFacts, surviving_id: UUID, work: EligibilityWork) -> None:
    to = StreamRef("clinic", work.stream.tenant_id, "patient", surviving_id)
    facts = tuple(_about(fact, surviving_id) for fact in message.facts)
    work.send(replace(message, facts=facts), to, key=str(work.message_id))


def _about(fact: Fact, patient_id: UUID) -> Fact:
    sent, patient = encounter_of(fact), replace(patient_of(fact), patient_id=patient_id)
    if sent is not None:
        return meant_for(fact, patient, sent, None)
    return replace(fact, patient=patient) if isinstance(fact, Registration) else fact


def _merge(message: PatientFacts, merge: Merge, patient: Patient | None, work: EligibilityWork) -> None:
    """Merge in two steps: the surviving stream sends the merge to the retired one, which then gives itself up."""
    if work.stream.id == merge.surviving.patient_id:
        _survive(message, merge, patient, work)
    elif patient is None or patient.merged_into != merge.surviving.patient_id:
        retired = replace(merge.surviving, patient_id=work.stream.id, medical_record_number=merge.retired_number)
        identity = _identity(patient, retired, work)
        _keep(work.stream.id, identity, work, merged_into=merge.surviving.patient_id)
        _hand_over(merge, identity.links, work)


def _survive(message: PatientFacts, merge: Merge, patient: Patient | None, work: EligibilityWork) -> None:
    further = patient.merged_into if patient else None
    if further == merge.retired_patient_id:
        return  # both were merged into each other: they are one record already
    if further is not None:
        surviving = replace(merge.surviving, patient_id=further)
        to = StreamRef("clinic", work.stream.tenant_id, "patient", further)
        work.send(replace(message, facts=(replace(merge, surviving=surviving),)), to, key=_key(merge, work))
        return
    identity = _identity(patient, merge.surviving, work)
    _keep(work.stream.id, identity.updated(merge.surviving, None), work)
    to = StreamRef("clinic", work.stream.tenant_id, "patient", merge.retired_patient_id)
    work.send(replace(message, facts=(merge,)), to, key=_key(merge, work))


def _key(merge: Merge, work: EligibilityWork) -> str:
    return f"{work.message_id}/{merge.retired_patient_id}"


def _hand_over(merge: Merge, links: tuple[Link, ...], work: EligibilityWork) -> None:
    clinic_id, surviving_id = work.stream.tenant_id, merge.surviving.patient_id
    to = StreamRef("clinic", clinic_id, "patient", surviving_id)
    work.send(EncountersHandedOver(surviving=merge.surviving, links=links), to, key=_key(merge, work))
    for link in links:
        rekeyed = EncounterMoved(surviving_patient_id=surviving_id, retired_patient_id=work.stream.id)
        work.send(rekeyed, StreamRef("clinic", clinic_id, "encounter", link.encounter_id), key=str(work.message_id))


def _identity(patient: Patient | None, sent: PatientSent, work: EligibilityWork) -> PatientIdentity:
    if patient is not None:
        return work.open(Sealed(patient.identity), PATIENT_PURPOSE, patient.patient_id, PatientIdentity)
    return PatientIdentity(person=sent.person, medical_record_number=sent.medical_record_number, assigner=sent.assigner)


def _keep(
    patient_id: UUID, identity: PatientIdentity, work: EligibilityWork, *, merged_into: UUID | None = None
) -> None:
    work.patients.put(
        Patient(
            patient_id=patient_id,
            record_hash=work.keyed_hash("medical_record_number", identity.medical_record_number.upper()).hex(),
            identity=work.seal(identity, PATIENT_PURPOSE, patient_id),
            merged_into=merged_into,
        )
    )
