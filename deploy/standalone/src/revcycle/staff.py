"""Staff: the people at work, who see only worklists and act only through the services' own commands."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from revcycle.directory import Places
from revcycle.post import Ledger, Post
from revcycle.system import System
from revcycle_kit.clock import Clock


@dataclass(frozen=True, slots=True)
class Orders:
    """How the staff is told to work, where it should not work as competent people would."""

    coverage_refused: str = "ask"
    """`ask` the front desk, or `release` the claim as it is."""
    rejections_from: date | None = None
    """Rejections lie until this day."""
    denials: dict[str, str] = field(default_factory=dict)
    """By CARC: appeal, write_off, accept, bill_patient, correct, leave."""
    recoveries: tuple[dict[str, Any], ...] = ()


class Staff:
    """Everybody who works with the system."""

    def __init__(
        self, system: System, places: Places, pairs: Ledger, post: Post, clock: Clock, orders: Orders
    ) -> None:
        self._orders = orders

    async def step(self, now: datetime) -> bool:
        return False

    def next_due(self) -> datetime | None:
        return None

    async def close(self) -> None:
        pass
