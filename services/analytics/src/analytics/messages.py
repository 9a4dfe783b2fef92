"""What analytics tells itself: locals to other streams, timers, and the measuring of KPIs."""

from datetime import date
from uuid import UUID

from revcycle_kit.delivery.messages import Effect, Local, StreamRef, Timer
from revcycle_kit.ids import derived_id
from revcycle_kit.values import Value


class EncounterOnAccount(Local, frozen=True, kw_only=True):
    """To the account: an encounter of this clinic has a balance on it."""

    encounter_id: UUID
    clinic_id: UUID


class StatementSent(Local, frozen=True, kw_only=True):
    """To the encounter: its balance was on a statement."""


class FiguresMoved(Local, frozen=True, kw_only=True):
    """To the clinic's KPIs: something happened that day that may change them."""


class DeadlineDue(Timer, frozen=True, kw_only=True):
    """On the encounter: the earliest deadline has come, or it has been quiet for long."""


class FiguresDue(Timer, frozen=True, kw_only=True):
    """On the clinic's KPIs: the day's figures are to be measured."""


class Miss(Value, kw_only=True):
    """A KPI on the wrong side of its target."""

    kpi: str
    numerator: int
    denominator: int
    target: str


class Measured(Value, kw_only=True):
    """Which KPIs miss their targets."""

    misses: tuple[Miss, ...] = ()


class MeasureFigures(Effect[Measured], frozen=True, kw_only=True):
    """Add up a clinic's figures as of a day: reads our own tables, outside any transaction."""

    clinic_id: UUID
    as_of: date


def figures_stream(clinic_id: UUID) -> StreamRef:
    """Return the line on which a clinic's KPIs are told."""
    return StreamRef("clinic", clinic_id, "kpi", derived_id("kpi", str(clinic_id)))


def account_stream(billing_entity_id: UUID, guarantor_id: UUID) -> StreamRef:
    """Return the line of the patient account that patient billing keeps for this guarantor."""
    account_id = derived_id("account", str(billing_entity_id), str(guarantor_id))
    return StreamRef("billing_entity", billing_entity_id, "account", account_id)
