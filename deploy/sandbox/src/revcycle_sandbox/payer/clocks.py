"""How long a payer takes: drawn from the clocks table, or stated exactly."""

from datetime import date, datetime, timedelta
from typing import Final

from revcycle_sandbox.behaviour import Behaviour
from revcycle_sandbox.calendar import add_business_days, instant, next_weekday
from revcycle_sandbox.draws import Draws

DECIDE_HOUR: Final = 5
RUN_HOUR: Final = 12
"""Check runs at noon UTC: early morning in the clinics."""


class Clocks:
    """The clocks of one payer."""

    def __init__(self, payer: str, behaviour: Behaviour, draws: Draws) -> None:
        self.payer = payer
        self.behaviour = behaviour
        self.draws = draws

    def acknowledged_at(self, received_at: datetime, key: str) -> datetime:
        """Payer's 277CA: one business day, in one of twenty cases up to three; rarely later."""
        if self.behaviour.acknowledge_exactly:
            return received_at + timedelta(minutes=3)
        days = self.draws.weighted({1: 90, 2: 6, 3: 4}, self.payer, key, "acknowledgment days")
        if self.draws.chance(self.behaviour.faults.acknowledgment_late, self.payer, key, "acknowledgment late"):
            days += 4
        minute = self.draws.below(60, self.payer, key, "acknowledgment minute")
        return max(received_at, instant(add_business_days(received_at.date(), days), 13, minute))

    def acknowledgment_lost(self, key: str) -> bool:
        return self.draws.chance(self.behaviour.faults.acknowledgment_lost, self.payer, key, "acknowledgment lost")

    def decided_on(self, received_on: date, key: str) -> date:
        """Give the day of the decision."""
        habits = self.behaviour
        if habits.pay_after_days is not None:
            return received_on + timedelta(days=habits.pay_after_days)
        days = self.draws.days(habits.decide_days_median, habits.decide_days_p90, self.payer, key, "decision days")
        return received_on + timedelta(days=max(2, days))

    def run_at(self, decided_on: date, received_on: date) -> datetime:
        """Give the instant of the check run that pays a decision: not before the floor, on the weekly day."""
        day = max(decided_on, received_on + timedelta(days=self.behaviour.floor_days))
        if self.behaviour.pay_after_days is None and self.behaviour.run_weekday is not None:
            day = next_weekday(day, self.behaviour.run_weekday)
        return instant(day, RUN_HOUR)

    def appeal_days(self, key: str, *, records: bool) -> int:
        """Appeals take 30 to 60 days, records 14 to 30."""
        low, high = (14, 30) if records else (30, 60)
        return self.draws.between(low, high, self.payer, key, "appeal days")

    def takeback_days(self, key: str) -> int:
        return self.draws.between(60, 240, self.payer, key, "takeback days")

    def crossover_days(self, key: str) -> int:
        return self.draws.between(*self.behaviour.crossover_days, self.payer, key, "crossover days")
