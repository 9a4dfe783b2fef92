"""HL7 v2 escape sequences (chapter 2, "Use of escape sequences in text fields")."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

_LINE_BREAKS = {".br", ".sp", ".ce"}


class Delimiters(Protocol):
    """The characters that a message declares in MSH-1 and MSH-2; empty where it declares none."""

    @property
    def field(self) -> str: ...
    @property
    def component(self) -> str: ...
    @property
    def repetition(self) -> str: ...
    @property
    def escape(self) -> str: ...
    @property
    def subcomponent(self) -> str: ...


@lru_cache(maxsize=64)
def _pattern(escape: str) -> re.Pattern[str]:
    mark = re.escape(escape)
    return re.compile(f"{mark}([^{mark}\r\n]{{1,512}}){mark}")


def unescape(text: str, delimiters: Delimiters) -> str:
    r"""Replace escape sequences by what they stand for; an unknown one stays as it was sent."""
    if not delimiters.escape or delimiters.escape not in text:
        return text
    literal = _literals(delimiters)
    return _pattern(delimiters.escape).sub(lambda match: _meaning(match[1], match[0], literal), text)


def escape(text: str, delimiters: Delimiters) -> str:
    """Write text so that none of it is taken for a delimiter or the end of a segment."""
    if not delimiters.escape:
        return text
    mark = delimiters.escape
    codes = {character: f"{mark}{code}{mark}" for code, character in _literals(delimiters).items() if character}
    codes |= {"\r": f"{mark}X0D{mark}", "\n": f"{mark}X0A{mark}"}
    return "".join(codes.get(character, character) for character in text)


def _literals(delimiters: Delimiters) -> Mapping[str, str]:
    return {
        "F": delimiters.field,
        "S": delimiters.component,
        "T": delimiters.subcomponent,
        "R": delimiters.repetition,
        "E": delimiters.escape,
    }


def _meaning(code: str, whole: str, literal: Mapping[str, str]) -> str:
    if code in literal:
        return literal[code]
    if code[0] == "X":
        return _hexadecimal(code[1:], whole)
    if code[:3] in _LINE_BREAKS:
        return "\n"
    if code in {"H", "N"}:  # highlighting begins and ends: no text
        return ""
    return whole


def _hexadecimal(digits: str, whole: str) -> str:
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        return whole
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
