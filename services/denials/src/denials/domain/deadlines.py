"""
By when something has to be done about a refusal, and on what ground the day stands.

Days are calendar days. An end on a weekend is not moved: not every reviewer grants it, and early is never late.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from denials.domain.policy import in_force
from revcycle_kit.errors import Conflict
from revcycle_kit.money import ZERO, Cents, format_dollars
from revcycle_kit.values import Value

HOUSE_DAYS: Final = 30
"""Our own rule for work on which no payer's clock runs."""


class Level(Value, kw_only=True):
    """One level of appeal, for a kind of payer, with or without contract, at a time."""

    payer_kinds: tuple[str, ...]
    contracted: bool | None
    level: int
    name: str
    reviewer: str
    days: int | None = None
    """None: as many as the contract with this payer gives."""
    months: int = 0
    """Where the law counts months instead of days."""
    presumed_receipt_days: int = 0
    decision_days: int
    minimum_cents: Cents = ZERO
    """What has to be in controversy."""
    automatic: bool = False
    """True: the payer forwards the case itself; nothing is filed."""
    requires: str = ""
    citation: str
    from_on: date | None = None
    to_on: date | None = None


class Deadline(Value, kw_only=True):
    """The last day, and the ground on which it stands."""

    act_by: date
    basis: str


class AppealPolicy:
    """The levels of appeal, as data."""

    def __init__(self, levels: Sequence[Level]) -> None:
        self._levels = tuple(levels)

    def level(self, number: int, *, payer_kind: str, contracted: bool, on: date) -> Level | None:
        """Return that level for such a payer, as it stands on a day; None when there is none."""
        fits = (
            level
            for level in self._levels
            if level.level == number
            and payer_kind in level.payer_kinds
            and level.contracted in (None, contracted)
            and in_force(level.from_on, level.to_on, on)
        )
        return next(fits, None)

    def require(self, number: int, *, payer_kind: str, contracted: bool, on: date, amount_cents: Cents) -> Level:
        """Return that level if an appeal can be filed there. Raises Conflict, saying why not."""
        level = self.level(number, payer_kind=payer_kind, contracted=contracted, on=on)
        if level is None:
            raise Conflict(
                f"There is no level {number} of appeal with this payer.",
                "level",
                "Write the amount off, bill the patient where that is allowed, or correct the claim.",
            )
        if level.automatic:
            raise Conflict(
                f"At level {number} ({level.name}) the payer forwards the case itself.",
                "level",
                "File nothing; record the decision of that level when it comes.",
            )
        if amount_cents < level.minimum_cents:
            raise Conflict(
                f"Level {number} ({level.name}) needs {format_dollars(level.minimum_cents)} in controversy.",
                "denial_ids",
                "Join other refusals of this payer to the appeal, or end here.",
            )
        return level


def appeal_deadline(level: Level, notice_on: date, contract_days: int) -> Deadline:
    """Count the days of a level from the notice, presumed received some days after it where the law says so."""
    received_on = notice_on + timedelta(days=level.presumed_receipt_days)
    days = contract_days if level.days is None else level.days
    act_by = add_months(received_on, level.months) if level.months else received_on + timedelta(days=days)
    span = f"{level.months} months" if level.months else f"{days} days"
    since = f"receipt, presumed {received_on}" if level.presumed_receipt_days else "the notice"
    return Deadline(act_by=act_by, basis=f"{level.name}: {span} from {since} (notice of {notice_on}); {level.citation}")


def correction_deadline(
    method: str,
    *,
    payer_kind: str,
    decided_on: date,
    service_on: date,
    timely_filing_by: date | None,
    contract_days: int,
) -> Deadline:
    """
    Say until when a corrected claim is taken.

    A new claim has to come within timely filing, which counts from the service. A reopening is asked for within a year
    of the decision (42 CFR 405.980(c)). A replacement follows the contract's days for disputes.
    """
    if method == "reopening" and payer_kind == "medicare":
        act_by = add_months(decided_on, 12)
        return Deadline(act_by=act_by, basis=f"reopening: 1 year from the decision of {decided_on}; 42 CFR 405.980(c)")
    if method == "new" and timely_filing_by is not None:
        ground = "42 CFR 424.44" if payer_kind == "medicare" else "the contract"
        return Deadline(
            act_by=timely_filing_by, basis=f"timely filing of a new claim, service of {service_on}; {ground}"
        )
    act_by = decided_on + timedelta(days=contract_days)
    return Deadline(act_by=act_by, basis=f"corrected claim: {contract_days} days from {decided_on}; the contract")


def house_deadline(opened_on: date) -> Deadline:
    """Return the day by which work is done on which no payer's clock runs."""
    act_by = opened_on + timedelta(days=HOUSE_DAYS)
    return Deadline(act_by=act_by, basis=f"{HOUSE_DAYS} days from {opened_on}; own rule, no payer's clock runs")


def add_months(on: date, months: int) -> date:
    """Return the same day some months later, or that month's last day."""
    year, month = divmod(on.month - 1 + months, 12)
    last = monthrange(on.year + year, month + 1)[1]
    return date(on.year + year, month + 1, min(on.day, last))
