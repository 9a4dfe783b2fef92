"""The scope of figures: a clinic, a payer, a provider, a month, each optional; row security adds the grant."""

from calendar import monthrange
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_

from revcycle_kit.values import Value


class Scope(Value):
    """Whose figures, and as of when."""

    as_of: date
    clinic_id: UUID | None = None
    payer_id: UUID | None = None
    """The encounter's primary payer, or the claim's own payer."""
    provider_id: UUID | None = None
    month: date | None = None
    """The first day of a month."""

    @property
    def month_end(self) -> date | None:
        """The last day of the month, where one is asked for."""
        if self.month is None:
            return None
        return self.month.replace(day=monthrange(self.month.year, self.month.month)[1])

    @property
    def balance_on(self) -> date:
        """The day whose balances are shown."""
        return min(self.as_of, self.month_end) if self.month_end else self.as_of

    def within(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Limit a date column to the month, and to what was known on the as-of day."""
        until = column <= self.balance_on
        return and_(column >= self.month, until) if self.month else until

    def owner(self, columns: Any) -> list[ColumnElement[bool]]:
        """Limit encounters or claims to the clinic, payer and provider asked for."""
        wanted = (("clinic_id", self.clinic_id), ("payer_id", self.payer_id), ("provider_id", self.provider_id))
        return [columns[name] == value for name, value in wanted if value is not None]
