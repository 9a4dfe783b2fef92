"""Who is who: entries of the directory, entered by people or met in messages."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from eligibility import events
from eligibility.domain.directory import enrollment_id
from eligibility.messages.commands import (
    EnterBillingEntity,
    EnterClinic,
    Entered,
    EnterEnrollment,
    EnterPayer,
    EnterPrices,
    EnterProvider,
)
from eligibility.messages.local import PayerMet, ProviderMet
from eligibility.storage import EligibilityWork
from revcycle_kit.events import Published


async def enter_clinic(asked: EnterClinic, work: EligibilityWork) -> Entered:
    """Enter or change a clinic."""
    return _enter(work.clinics, asked.clinic.clinic_id, asked.clinic, events.clinic_updated(asked.clinic), work)


async def enter_billing_entity(asked: EnterBillingEntity, work: EligibilityWork) -> Entered:
    """Enter or change a payee."""
    entity = asked.billing_entity
    told = events.billing_entity_updated(entity)
    return _enter(work.billing_entities, entity.billing_entity_id, entity, told, work)


async def enter_provider(asked: EnterProvider, work: EligibilityWork) -> Entered:
    """Enter or change a clinician."""
    provider = asked.provider
    told = events.provider_updated(provider)
    return _enter(work.providers, provider.provider_id, provider, told, work)


async def enter_payer(asked: EnterPayer, work: EligibilityWork) -> Entered:
    """Enter or change a payer."""
    return _enter(work.payers, asked.payer.payer_id, asked.payer, events.payer_updated(asked.payer), work)


async def enter_enrollment(asked: EnterEnrollment, work: EligibilityWork) -> Entered:
    """Enter or change an enrollment."""
    enrollment = replace(asked.enrollment, enrollment_id=enrollment_id(asked.enrollment))
    told = events.enrollment_changed(enrollment)
    return _enter(work.enrollments, enrollment.enrollment_id, enrollment, told, work)


async def enter_prices(asked: EnterPrices, work: EligibilityWork) -> Entered:
    """Enter the prices a clinic estimates with."""
    changed = work.price_lists.find(asked.prices.clinic_id) != asked.prices
    work.price_lists.put(asked.prices)
    return Entered(id=asked.prices.clinic_id, changed=changed)


async def meet_payer(met: PayerMet, work: EligibilityWork) -> None:
    """Enter a payer that a message named; one already entered stays as it is."""
    if work.payers.find(met.payer.payer_id) is None:
        _enter(work.payers, met.payer.payer_id, met.payer, events.payer_updated(met.payer), work)


async def meet_provider(met: ProviderMet, work: EligibilityWork) -> None:
    """Enter a clinician whom a message named; one already entered stays as is."""
    provider = met.provider
    if work.providers.find(provider.provider_id) is None:
        told = events.provider_updated(provider)
        _enter(work.providers, provider.provider_id, provider, told, work)


def _enter(references: Any, identifier: UUID, entry: object, told: Published, work: EligibilityWork) -> Entered:
    """Keep an entry and tell it; the same entry again is no news."""
    changed: bool = references.find(identifier) != entry
    if changed:
        references.put(entry)
        work.publish(told)
    return Entered(id=identifier, changed=changed)
