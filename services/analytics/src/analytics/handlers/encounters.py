"""Encounters as registered: who pays, who treats, when it was, and whether it took place."""

from uuid import UUID

from analytics import consumed
from analytics.figures.encounters import Encounter
from analytics.handlers.concluding import conclude
from analytics.storage import AnalyticsWork
from revcycle_kit.values import replace


async def register_encounter(
    event: consumed.EncounterRegistered | consumed.EncounterUpdated, work: AnalyticsWork
) -> None:
    """Learn by what figures an encounter is grouped; one registered after its cancellation takes place after all."""
    before = work.encounter(work.stream.id)
    encounter = replace(
        before,
        registered=True,
        cancelled=before.cancelled and isinstance(event, consumed.EncounterUpdated),
        billing_entity_id=event.billing_entity_id,
        payer_id=_primary(event),
        provider_id=event.rendering_provider_id,
        service_on=event.service_on,
    )
    conclude(encounter, work)


async def cancel_encounter(_: consumed.EncounterCancelled, work: AnalyticsWork) -> None:
    """Count it nowhere any more: nothing is due, and its claims are out of every figure."""
    for claim in work.claims.all():
        work.claims.put(replace(claim, voided=True))
    conclude(replace(work.encounter(work.stream.id), cancelled=True), work)


async def record_charges_received(_: consumed.ChargesReceived, work: AnalyticsWork) -> None:
    """Show the encounter as handed over by the EHR."""
    conclude(_at_least(work.encounter(work.stream.id)), work)


def _at_least(encounter: Encounter) -> Encounter:
    return replace(encounter, stage="charges_received") if encounter.stage == "registered" else encounter


def _primary(event: consumed.EncounterRegistered) -> UUID | None:
    first = min(event.coverages, key=lambda coverage: coverage.rank, default=None)
    return first.payer_id if first else None
