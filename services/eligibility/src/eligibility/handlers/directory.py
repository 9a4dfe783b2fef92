"""Entries of the directory, entered by people or discovered in messages."""

from typing import Any
from uuid import UUID

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
from eligibility.messages.local import PayerDiscovered, ProviderDiscovered
from eligibility.storage import EligibilityWork
from revcycle_kit.events import Published
from revcycle_kit.values import replace


async def enter_clinic(command: EnterClinic, work: EligibilityWork) -> Entered:
    """Enter or change a clinic."""
    return _enter(work.clinics, command.clinic.clinic_id, command.clinic, events.clinic_updated(command.clinic), work)


async def enter_billing_entity(command: EnterBillingEntity, work: EligibilityWork) -> Entered:
    """Enter or change a payee."""
    entity = command.billing_entity
    event = events.billing_entity_updated(entity)
    return _enter(work.billing_entities, entity.billing_entity_id, entity, event, work)


async def enter_provider(command: EnterProvider, work: EligibilityWork) -> Entered:
    """Enter or change a clinician."""
    provider = command.provider
    event = events.provider_updated(provider)
    return _enter(work.providers, provider.provider_id, provider, event, work)


async def enter_payer(command: EnterPayer, work: EligibilityWork) -> Entered:
    """Enter or change a payer."""
    return _enter(work.payers, command.payer.payer_id, command.payer, events.payer_updated(command.payer), work)


async def enter_enrollment(command: EnterEnrollment, work: EligibilityWork) -> Entered:
    """Enter or change an enrollment."""
    enrollment = replace(command.enrollment, enrollment_id=enrollment_id(command.enrollment))
    event = events.enrollment_changed(enrollment)
    return _enter(work.enrollments, enrollment.enrollment_id, enrollment, event, work)


async def enter_prices(command: EnterPrices, work: EligibilityWork) -> Entered:
    """Enter the prices a clinic estimates with."""
    changed = work.price_lists.find(command.prices.clinic_id) != command.prices
    work.price_lists.put(command.prices)
    return Entered(id=command.prices.clinic_id, changed=changed)


async def enter_discovered_payer(message: PayerDiscovered, work: EligibilityWork) -> None:
    """Enter a payer that a message named; one already entered stays as it is."""
    if work.payers.find(message.payer.payer_id) is None:
        _enter(work.payers, message.payer.payer_id, message.payer, events.payer_updated(message.payer), work)


async def enter_discovered_provider(message: ProviderDiscovered, work: EligibilityWork) -> None:
    """Enter a clinician whom a message named; one already entered stays as is."""
    provider = message.provider
    if work.providers.find(provider.provider_id) is None:
        event = events.provider_updated(provider)
        _enter(work.providers, provider.provider_id, provider, event, work)


def _enter(references: Any, identifier: UUID, entry: object, event: Published, work: EligibilityWork) -> Entered:
    """Keep an entry and tell it; the same entry again is no news."""
    changed: bool = references.find(identifier) != entry
    if changed:
        references.put(entry)
        work.publish(event)
    return Entered(id=identifier, changed=changed)
