"""The HI composite (C022): diagnoses, procedures, occurrences, values, conditions."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, Self, overload

from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.elements import format_cents, parse_cents
from revcycle_x12._views.loop_view import LoopView

_IN_SEGMENT_MAX = 12


class HealthCode(NamedTuple):
    """
    One code of an HI segment.

    `qualifier` says what it is (ABK principal diagnosis, ABF other diagnosis,
    BH occurrence …), empty to let the field choose. `on` is a date or span as
    written (CCYYMMDD or CCYYMMDD-CCYYMMDD).
    """

    code: str
    qualifier: str = ""
    on: str = ""
    amount_cents: int | None = None
    present_on_admission: str = ""

    @staticmethod
    @lru_cache(1 << 13)
    def parse(text: str, separator: str) -> "HealthCode":
        """Read the composite. An amount that is none reads as absent."""
        parts = [*text.split(separator), *[""] * 9]
        try:
            amount = parse_cents(parts[4]) if parts[4] else None
        except ValueError:
            amount = None
        return HealthCode(parts[1], parts[0], parts[3], amount, parts[8])

    def format(self, separator: str, qualifier: str) -> str:
        """Write the composite."""
        dated = ("RD8" if "-" in self.on else "D8") if self.on else ""
        amount = "" if self.amount_cents is None else format_cents(self.amount_cents)
        parts = [self.qualifier or qualifier, self.code, dated, self.on, amount, "", "", "", self.present_on_admission]
        return separator.join(parts).rstrip(separator)


def read_codes(loop: Loop, qualifiers: Sequence[str]) -> list[HealthCode]:
    """All codes under these qualifiers, in order."""
    separator = loop.delimiters.component
    return [
        HealthCode.parse(text, separator)
        for item in loop.lists("HI")
        for text in item[1:]
        if text.split(separator, 1)[0] in qualifiers
    ]


class HealthCodesField:
    """A field holding the codes of one kind. The first gets the first qualifier, the others the second."""

    form: ClassVar[str] = "a list of HealthCode"

    __slots__ = ("first", "other", "qualifiers")

    def __init__(self, first: str, other: str, also: Sequence[str]) -> None:
        self.first = first
        self.other = other or first
        self.qualifiers = (first, self.other, *also)

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> list[HealthCode]: ...
    def __get__(self, view: LoopView | None, owner: type) -> "list[HealthCode] | Self":
        return self if view is None else read_codes(view.loop, self.qualifiers)

    def __set__(self, view: LoopView, value: Sequence[HealthCode]) -> None:
        loop = view.loop
        separator = loop.delimiters.component
        loop.content = [item for item in loop.content if not self._mine(item, separator)]
        qualifiers = [self.first, *[self.other] * len(value)]
        texts = [
            HealthCode.format(code, separator, qualifier) for code, qualifier in zip(value, qualifiers, strict=False)
        ]
        for at in range(0, len(texts), _IN_SEGMENT_MAX):
            loop.content.append(["HI", *texts[at : at + _IN_SEGMENT_MAX]])
        loop.changed()

    def _mine(self, item: "Elements | Loop", separator: str) -> bool:
        if not isinstance(item, list) or item[0] != "HI" or len(item) < 2:  # noqa: PLR2004 (an HI without codes)
            return False
        return item[1].split(separator, 1)[0] in self.qualifiers


def health_codes(first: str, other: str = "", also: Sequence[str] = (), *, default: Any = ()) -> HealthCodesField:  # noqa: ARG001
    """Codes of one kind in HI segments; `also` are further qualifiers that are read (ICD-9)."""
    return HealthCodesField(first, other, also)
