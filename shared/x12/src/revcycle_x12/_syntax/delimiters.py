"""The four characters that separate everything else, and the ISA that declares them."""

from dataclasses import dataclass
from functools import lru_cache

ISA_LENGTH = 106
_ISA_SEPARATORS = 16
_REPETITION_SINCE = "00402"


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The separators of one interchange. `repetition` is empty where the interchange has none (before 00402)."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"

    def all(self) -> str:
        """Every delimiter, as one string."""
        return self.element + self.component + self.repetition + self.terminator


@lru_cache(64)
def delimiters_of(element: str, component: str, repetition: str, terminator: str) -> Delimiters:
    """Give the one object for these delimiters: what is compiled for them is found again."""
    return Delimiters(element, component, repetition, terminator)


DEFAULT = delimiters_of("*", ":", "^", "~")


@dataclass(frozen=True, slots=True)
class IsaHeader:
    """An ISA as it stands in the bytes: its elements, its delimiters and its length with the terminator."""

    elements: list[str]
    delimiters: Delimiters
    length: int


def read_isa(head: str) -> IsaHeader | None:
    """
    Take the delimiters from the ISA at the start of `head`; None where there is none.

    The element separator is the fourth character. Where the fixed 106 positions
    do not hold (padding trimmed by someone), the sixteenth separator is counted
    instead.
    """
    if not head.startswith("ISA") or len(head) <= len("ISA"):
        return None
    separator = head[3]
    last = _last_separator(head, separator)
    if last is None or len(head) < last + 3:
        return None
    elements = head[: last + 2].split(separator)
    return IsaHeader(elements, _delimiters(elements, separator, head[last + 2]), last + 3)


def _last_separator(head: str, separator: str) -> int | None:
    """Find the separator before ISA16."""
    fixed = ISA_LENGTH - 3
    if head[fixed : fixed + 1] == separator and head.count(separator, 0, fixed + 1) == _ISA_SEPARATORS:
        return fixed
    at = -1
    for _ in range(_ISA_SEPARATORS):
        at = head.find(separator, at + 1)
        if at < 0:
            return None
    return at


def _delimiters(elements: list[str], separator: str, terminator: str) -> Delimiters:
    version, repetition = elements[12], elements[11].strip(" ")
    usable = len(repetition) == 1 and not repetition.isalnum() and version >= _REPETITION_SINCE
    return delimiters_of(separator, elements[16], repetition if usable else "", terminator)
