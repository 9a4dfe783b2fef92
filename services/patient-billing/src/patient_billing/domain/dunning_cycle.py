"""The running cycle of statements and reminders."""

from datetime import date

from revcycle_kit.values import Value


class DunningCycle(Value):
    """The running cycle of statements; it ends when nothing is due."""

    last_statement_on: date | None = None
    statement_number: int = 0
    reminded_on: date | None = None
