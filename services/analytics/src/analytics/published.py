"""What analytics promises to tell: what is late, and what misses its target."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from revcycle_kit.events import Published


class KpiTargetMissed(Published, frozen=True, kw_only=True):
    """A KPI of a clinic is on the wrong side of its target."""

    STREAM: ClassVar[str] = "kpi"
    clinic_id: UUID
    kpi: str
    numerator: int
    denominator: int
    target: str
    as_of: date


class DeadlineMissed(Published, frozen=True, kw_only=True):
    """A step of an encounter's journey did not happen in time."""

    encounter_id: UUID
    step: Literal["submission", "acknowledgment", "adjudication", "denial_turnaround", "posting", "statement", "appeal"]
    due_at: datetime


class JourneyStalled(Published, frozen=True, kw_only=True):
    """Nothing has happened to an open encounter for too long."""

    encounter_id: UUID
    last_event: str
    since: datetime
    next_step: str
