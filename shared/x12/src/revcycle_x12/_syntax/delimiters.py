"""The four characters that separate everything else, and the ISA that declares them."""

from dataclasses import dataclass
from functools import lru_cache

ISA_LENGTH = 106
LINE_ENDS = "\r\n"
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
    wrapped: bool = False
    """Line ends stand inside of it: someone broke the text into lines."""
    blank_before_terminator: bool = False


def read_isa(head: str) -> IsaHeader | None:
    """
    Take the delimiters from the ISA at the start of `head`; None where there is none.

    The element separator is the fourth character. Where the fixed 106 positions
    do not hold (padding trimmed by someone), the sixteenth separator is counted
    instead. Line ends inside of a header that is right without them are no part
    of it, and a blank where the terminator should be stands before it.
    """
    if not head.startswith("ISA") or len(head) <= len("ISA"):
        return None
    separator = head[3]
    last = _last_separator(head, separator)
    if last is None:
        return None
    text = without_line_ends(head[:last])
    wrapped = len(text) == ISA_LENGTH - 3 and last > len(text)
    component = _skip(head, last + 1, LINE_ENDS if wrapped else "")
    end = _skip(head, component + 1, LINE_ENDS if wrapped else "")
    behind = _skip(head, end, " ")
    padded = behind > end and behind < len(head) and not head[behind].isalnum()
    end = behind if padded else end
    if end >= len(head):
        return None
    elements = [*(text if wrapped else head[:last]).split(separator), head[component]]
    return IsaHeader(elements, _delimiters(elements, separator, head[end]), end + 1, wrapped, padded)


def without_line_ends(text: str) -> str:
    """Give a text without carriage returns and line feeds."""
    return text.replace("\r", "").replace("\n", "")


def _skip(head: str, at: int, marks: str) -> int:
    while at < len(head) and head[at] in marks:
        at += 1
    return at


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
