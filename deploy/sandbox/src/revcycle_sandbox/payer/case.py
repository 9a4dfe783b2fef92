"""One claim on the payer's desk: what the gates and the pricing look at."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import msgspec

from revcycle_sandbox.behaviour import Mistake
from revcycle_sandbox.claims import Claim, Line, LineDecision
from revcycle_sandbox.payer.book import Book, Purse, Record
from revcycle_sandbox.world import Member, Payer, Plan


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why a line is not paid: the gate, the code pair and the remarks."""

    gate: str
    group: str
    carc: str
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class Case:
    """The claim, its member and plan, and what has been used so far."""

    book: Book
    record: Record
    on: date
    """The day of the decision."""
    member: Member | None
    plan: Plan | None
    purse: Purse
    mistakes: dict[int, Mistake] = field(default_factory=dict)
    """By line number: what the payer gets wrong."""
    records_wanted: bool = False
    units: dict[str, Decimal] = field(default_factory=dict)
    """Units of a code on earlier lines of this claim."""
    decided: list[LineDecision] = field(default_factory=list)

    @property
    def claim(self) -> Claim:
        return self.record.claim

    @property
    def payer(self) -> Payer:
        return self.book.payer

    @property
    def coordinated(self) -> bool:
        """True: another payer has decided already."""
        return self.claim.coordinated

    def others(self, line: Line) -> list[tuple[str, Line]]:
        """Give the other lines of the same day: of this claim, and in force from earlier ones."""
        here = [("", each) for each in self.claim.lines if each is not line and each.service_on == line.service_on]
        before = self.book.same_day(self.claim.person, line.service_on)
        mine = self.record.control_number
        return here + [(number, each.line) for number, each, _claim in before if number != mine]

    def waives(self, gate: str, line: Line) -> bool:
        """Tell whether an appeal opened the gate for the line."""
        return (gate, line.number) in self.record.waived or (gate, 0) in self.record.waived
