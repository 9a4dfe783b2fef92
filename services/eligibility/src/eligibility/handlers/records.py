"""Opening and keeping the record of the message's encounter, and what surrounds a message."""

from typing import TypeVar
from uuid import UUID

from eligibility import events
from eligibility.domain import identifiers
from eligibility.domain.directory import (
    Entry,
    Payer,
    find_payer,
    find_provider,
    provisional_payer,
    provisional_provider,
)
from eligibility.domain.encounter import Change, EncounterRecord, Identity
from eligibility.domain.facts import CoverageSent, Fact, ProviderSent, encounter_of, patient_of, registration_of
from eligibility.domain.registration import Context
from eligibility.messages.local import EncounterFacts, PayerDiscovered, ProviderDiscovered
from eligibility.storage import ENCOUNTER_PURPOSE, EligibilityWork
from revcycle_kit.clock import local_date
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import NotFound
from revcycle_kit.sealing import Sealed
from revcycle_kit.values import replace

E = TypeVar("E", bound=Entry)


def open_record(work: EligibilityWork) -> EncounterRecord | None:
    """Open the encounter of the stream; None where nobody spoke of it yet."""
    encounter = work.encounters.find(work.stream.id)
    if encounter is None:
        return None
    if work.opened is None or work.opened[0] != encounter.identity:
        identity = work.open(Sealed(encounter.identity), ENCOUNTER_PURPOSE, encounter.encounter_id, Identity)
        work.opened = (encounter.identity, identity)
    return EncounterRecord(encounter=encounter, identity=work.opened[1])


def registered_record(work: EligibilityWork) -> EncounterRecord:
    """Open the registered encounter of the stream. Raises NotFound where there is none."""
    record = open_record(work)
    if record is None or not record.encounter.registrations:
        raise NotFound("encounter")
    return record


def keep_record(record: EncounterRecord, work: EligibilityWork) -> EncounterRecord:
    """Seal and keep a record; returns it as kept."""
    encounter, identity = record.encounter, record.identity
    if work.opened is None or work.opened != (encounter.identity, identity):
        number = identity.visit_number or identity.account_number
        encounter = replace(
            encounter,
            identity=work.seal(identity, ENCOUNTER_PURPOSE, encounter.encounter_id),
            visit_hash=work.keyed_hash("visit_number", number.upper()).hex() if number else "",
        )
        work.opened = (encounter.identity, identity)
    work.encounters.put(encounter)
    return EncounterRecord(encounter=encounter, identity=identity)


def publish_change(change: Change, work: EligibilityWork) -> EncounterRecord:
    """Keep what changed and publish it: the registration or the update, and the order of coverages."""
    record = keep_record(change.record, work)
    identity = events.identity_of(record.identity)
    if change.opened:
        work.publish(events.encounter_registered(record.encounter), identity=identity)
    elif change.changed and record.encounter.registrations:
        work.publish(events.encounter_updated(record.encounter, change.changed), identity=identity)
    if change.reordered and record.encounter.coverages:
        work.publish(events.coverage_order_decided(record.encounter))
    return record


def context_of(message: EncounterFacts, fact: Fact, record: EncounterRecord | None, work: EligibilityWork) -> Context:
    """Look up who the names of a fact mean; whom nobody entered is entered provisionally."""
    clinic = work.clinics.get(work.stream.tenant_id)
    registration, sent = registration_of(fact), encounter_of(fact)
    guarantor = registration.guarantor if registration else None
    organization_id = clinic.organization_id
    patient_id = patient_of(fact).patient_id
    known_guarantor = record.encounter.guarantor_id if record else None
    return Context(
        clinic=clinic,
        billing_entity_id=_payee(clinic.billing_entity_ids, clinic.clinic_id, organization_id),
        source=message.source,
        received_at=message.received_at,
        sent_at=message.sent_at,
        today=local_date(message.received_at, clinic.time_zone),
        guarantor_id=guarantor.guarantor_id
        if guarantor
        else known_guarantor or identifiers.guarantor_self(organization_id, patient_id),
        guarantor=guarantor.person if guarantor else None,
        payers=tuple((coverage, payer_of(coverage, organization_id, work)) for coverage in _coverages(fact)),
        provider_ids={
            provider.role: provider_of(provider, organization_id, work) for provider in (sent.providers if sent else ())
        },
    )


def _coverages(fact: Fact) -> tuple[CoverageSent, ...]:
    registration = registration_of(fact)
    return (registration.coverages or ()) if registration else ()


def _payee(billing_entity_ids: tuple[UUID, ...], clinic_id: UUID, organization_id: UUID) -> UUID:
    return (
        billing_entity_ids[0] if billing_entity_ids else identifiers.billing_entity(organization_id, "", str(clinic_id))
    )


def payer_of(sent: CoverageSent, organization_id: UUID, work: EligibilityWork) -> Payer:
    """Return the payer a coverage means; one that nobody entered becomes a provisional entry."""
    by_code = work.payers.find(identifiers.payer(organization_id, sent.payer_code)) if sent.payer_code else None
    payer_found = by_code or find_payer(_own(work.payers.all(), organization_id), sent)
    if payer_found is not None:
        return payer_found
    payer = provisional_payer(organization_id, sent)
    to = StreamRef("organization", organization_id, "directory", payer.payer_id)
    work.send(PayerDiscovered(payer=payer), to, key=str(payer.payer_id))
    return payer


def provider_of(sent: ProviderSent, organization_id: UUID, work: EligibilityWork) -> UUID:
    """Return the id of the clinician who is meant; one whom nobody entered becomes a provisional entry."""
    number = sent.npi or sent.local_id
    by_number = work.providers.find(identifiers.provider(organization_id, number)) if number else None
    found = by_number or find_provider(_own(work.providers.all(), organization_id), sent)
    if found is not None:
        return found.provider_id
    provider = provisional_provider(organization_id, sent)
    to = StreamRef("organization", organization_id, "directory", provider.provider_id)
    work.send(ProviderDiscovered(provider=provider), to, key=str(provider.provider_id))
    return provider.provider_id


def _own(entries: list[E], organization_id: UUID) -> list[E]:
    return [entry for entry in entries if entry.organization_id == organization_id]
