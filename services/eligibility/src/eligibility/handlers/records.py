"""Opening and keeping the chart of the message's encounter, and what surrounds a message."""

from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

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
from eligibility.domain.encounter import Identity
from eligibility.domain.facts import CoverageSent, Fact, ProviderSent, encounter_of, patient_of, registration_of
from eligibility.domain.registration import Change, Chart, Context
from eligibility.messages.local import EncounterTold, PayerMet, ProviderMet
from eligibility.storage import ENCOUNTER_PURPOSE, EligibilityWork
from revcycle_kit.clock import local_date
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import NotFound
from revcycle_kit.sealing import Sealed

E = TypeVar("E", bound=Entry)


def open_chart(work: EligibilityWork) -> Chart | None:
    """Open the encounter of the stream; None where nobody spoke of it yet."""
    encounter = work.encounters.find(work.stream.id)
    if encounter is None:
        return None
    if work.opened is None or work.opened[0] != encounter.identity:
        identity = work.open(Sealed(encounter.identity), ENCOUNTER_PURPOSE, encounter.encounter_id, Identity)
        work.opened = (encounter.identity, identity)
    return Chart(encounter=encounter, identity=work.opened[1])


def known_chart(work: EligibilityWork) -> Chart:
    """Open the registered encounter of the stream. Raises NotFound where there is none."""
    chart = open_chart(work)
    if chart is None or not chart.encounter.registrations:
        raise NotFound("encounter")
    return chart


def keep(chart: Chart, work: EligibilityWork) -> Chart:
    """Seal and keep a chart; returns it as kept."""
    encounter, identity = chart.encounter, chart.identity
    if work.opened is None or work.opened != (encounter.identity, identity):
        number = identity.visit_number or identity.account_number
        encounter = replace(
            encounter,
            identity=work.seal(identity, ENCOUNTER_PURPOSE, encounter.encounter_id),
            visit_hash=work.keyed_hash("visit_number", number.upper()).hex() if number else "",
        )
        work.opened = (encounter.identity, identity)
    work.encounters.put(encounter)
    return Chart(encounter=encounter, identity=identity)


def tell(change: Change, work: EligibilityWork) -> Chart:
    """Keep what changed and tell it: the registration or the update, and the order of coverages."""
    chart = keep(change.chart, work)
    identity = events.identity_of(chart.identity)
    if change.opened:
        work.publish(events.encounter_registered(chart.encounter), identity=identity)
    elif change.changed and chart.encounter.registrations:
        work.publish(events.encounter_updated(chart.encounter, change.changed), identity=identity)
    if change.reordered and chart.encounter.coverages:
        work.publish(events.coverage_order_decided(chart.encounter))
    return chart


def context_of(told: EncounterTold, fact: Fact, chart: Chart | None, work: EligibilityWork) -> Context:
    """Look up who the names of a fact mean; whom nobody entered is entered provisionally."""
    clinic = work.clinics.get(work.stream.tenant_id)
    registration, sent = registration_of(fact), encounter_of(fact)
    guarantor = registration.guarantor if registration else None
    organization_id = clinic.organization_id
    patient_id = patient_of(fact).patient_id
    known_guarantor = chart.encounter.guarantor_id if chart else None
    return Context(
        clinic=clinic,
        billing_entity_id=_payee(clinic.billing_entity_ids, clinic.clinic_id, organization_id),
        source=told.source,
        received_at=told.received_at,
        sent_at=told.sent_at,
        today=local_date(told.received_at, clinic.time_zone),
        guarantor_id=guarantor.guarantor_id
        if guarantor
        else known_guarantor or identifiers.guarantor_self(organization_id, patient_id),
        guarantor=guarantor.person if guarantor else None,
        payers=tuple((each, payer_of(each, organization_id, work)) for each in _coverages(fact)),
        provider_ids={each.role: provider_of(each, organization_id, work) for each in (sent.providers if sent else ())},
    )


def _coverages(fact: Fact) -> tuple[CoverageSent, ...]:
    registration = registration_of(fact)
    return (registration.coverages or ()) if registration else ()


def _payee(known: tuple[UUID, ...], clinic_id: UUID, organization_id: UUID) -> UUID:
    return known[0] if known else identifiers.billing_entity(organization_id, "", str(clinic_id))


def payer_of(sent: CoverageSent, organization_id: UUID, work: EligibilityWork) -> Payer:
    """Return the payer a coverage means; one that nobody entered becomes a provisional entry."""
    by_code = work.payers.find(identifiers.payer(organization_id, sent.payer_code)) if sent.payer_code else None
    found = by_code or find_payer(_own(work.payers.all(), organization_id), sent)
    if found is not None:
        return found
    payer = provisional_payer(organization_id, sent)
    to = StreamRef("organization", organization_id, "directory", payer.payer_id)
    work.send(PayerMet(payer=payer), to, key=str(payer.payer_id))
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
    work.send(ProviderMet(provider=provider), to, key=str(provider.provider_id))
    return provider.provider_id


def _own(entries: list[E], organization_id: UUID) -> list[E]:
    return [entry for entry in entries if entry.organization_id == organization_id]
