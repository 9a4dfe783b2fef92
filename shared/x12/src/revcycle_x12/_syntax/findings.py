"""A finding: what is wrong, where, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Severity(StrEnum):
    """How bad a finding is. Only errors make a file unfit."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


class Snip(IntEnum):
    """The edit types named by WEDI SNIP. Type 6 (line of service) belongs to payers and comes as type 7 here."""

    SYNTAX = 1
    REQUIREMENT = 2
    BALANCE = 3
    SITUATION = 4
    CODE_SET = 5
    PAYER = 7


@dataclass(frozen=True, slots=True)
class Position:
    """
    Where in the input something stands.

    `segment` counts from ST = 1 within a transaction set, from ISA = 1 outside of
    one; `line` counts from 1; `byte` is the offset of the segment's first byte.
    Zero: not known (the thing was built, not read).
    """

    segment: int = 0
    line: int = 0
    byte: int = 0


NOWHERE = Position()


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing found wrong.

    The message states element texts only where they are codes, counts or amounts:
    it may be logged.
    """

    code: str
    message: str
    snip: Snip = Snip.SYNTAX
    severity: Severity = Severity.ERROR
    position: Position = NOWHERE
    segment_id: str = ""
    loop: str = ""
    element: str = ""
    fix: str = ""
    unit: str = field(default="", repr=False)
    """Control number of the claim it stands in. It names a claim, so it is left out of what is logged."""

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


class Findings:
    """A bounded list of findings. What does not fit is counted by severity and lost."""

    __slots__ = ("_kept", "_limit", "errors", "lost")

    def __init__(self, limit: int) -> None:
        self._kept: list[Finding] = []
        self._limit = limit
        self.errors = 0
        self.lost = 0

    def add(self, finding: Finding) -> None:
        """Keep the finding while there is room."""
        self.errors += finding.is_error
        if len(self._kept) < self._limit:
            self._kept.append(finding)
        else:
            self.lost += 1

    @property
    def is_full(self) -> bool:
        """Further findings are only counted."""
        return len(self._kept) >= self._limit

    def count(self, severity: Severity) -> None:
        """Count a finding that is not kept."""
        self.errors += severity is Severity.ERROR
        self.lost += 1

    def since(self, mark: int) -> list[Finding]:
        """Tell what was kept after the first `mark` ones."""
        return self._kept[mark:]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)
