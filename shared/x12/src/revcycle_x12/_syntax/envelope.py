"""Interchange, group and transaction control: ISA/IEA, GS/GE, as values over their elements."""

from dataclasses import dataclass, field
from datetime import datetime

from revcycle_x12._syntax.delimiters import Delimiters
from revcycle_x12._syntax.elements import parse_date, parse_short_date, parse_time
from revcycle_x12._syntax.errors import ElementError
from revcycle_x12._syntax.findings import NOWHERE, Position
from revcycle_x12._syntax.source import SegmentRun


def _moment(reference: str, day: str, hour: str, *, short: bool) -> datetime:
    """Give the day and time as the partner wrote them (a control segment names no zone)."""
    try:
        return datetime.combine((parse_short_date if short else parse_date)(day), parse_time(hour))
    except ValueError as problem:
        raise ElementError(reference, str(problem)) from None


@dataclass(slots=True, eq=False)
class Interchange:
    """What the ISA says. `trailer` is the IEA once read."""

    elements: list[str]
    delimiters: Delimiters
    position: Position = NOWHERE
    trailer: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """Codes of findings on the interchange itself."""

    def __getitem__(self, position: int) -> str:
        return self.elements[position].strip(" ") if position < len(self.elements) else ""

    @property
    def sender_qualifier(self) -> str:
        return self[5]

    @property
    def sender_id(self) -> str:
        return self[6]

    @property
    def receiver_qualifier(self) -> str:
        return self[7]

    @property
    def receiver_id(self) -> str:
        return self[8]

    @property
    def created_at(self) -> datetime:
        """Naive on purpose: the ISA names no time zone."""
        return _moment("ISA09", self[9], self[10], short=True)

    @property
    def control_number(self) -> str:
        return self[13]

    @property
    def acknowledgment_requested(self) -> bool:
        return self[14] == "1"

    @property
    def is_test(self) -> bool:
        return self[15] != "P"


@dataclass(slots=True, eq=False)
class Group:
    """What the GS says. `trailer` is the GE once read."""

    elements: list[str]
    place: tuple[SegmentRun, int] | None = field(default=None, repr=False)
    trailer: list[str] = field(default_factory=list)
    transactions: int = 0
    faults: list[str] = field(default_factory=list)
    """Codes of findings on the group itself."""

    def __getitem__(self, position: int) -> str:
        return self.elements[position].strip(" ") if position < len(self.elements) else ""

    @property
    def position(self) -> Position:
        """Where the GS stands."""
        if self.place is None:
            return NOWHERE
        run, index = self.place
        return Position(run.number + index, *run.place(index))

    @property
    def functional_id(self) -> str:
        return self[1]

    @property
    def sender_code(self) -> str:
        return self[2]

    @property
    def receiver_code(self) -> str:
        return self[3]

    @property
    def created_at(self) -> datetime:
        """Naive on purpose: the GS names no time zone."""
        return _moment("GS04", self[4], self[5], short=False)

    @property
    def control_number(self) -> str:
        return self[6]

    @property
    def version(self) -> str:
        return self[8]
