"""The ISA against its fixed form (SNIP types 1 and 2)."""

from collections.abc import Iterator

from revcycle_x12._syntax.delimiters import ISA_LENGTH
from revcycle_x12._syntax.elements import parse_date, parse_short_date, parse_time
from revcycle_x12._syntax.envelope import Group, Interchange
from revcycle_x12._syntax.findings import Finding, Severity, Snip

_LENGTHS = (0, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_GROUP_NUMBER_MAX = 9
_LONG_DATES_SINCE = ("004", "005", "006", "007", "008")
_PARTNER_MIN = 2
_PARTNER_MAX = 15
_QUALIFIERS = frozenset({"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"})
_CODES = {
    1: frozenset({"00", "03"}),
    3: frozenset({"00", "01"}),
    5: _QUALIFIERS,
    7: _QUALIFIERS,
    14: frozenset({"0", "1"}),
    15: frozenset({"P", "T"}),
}


def check_isa(interchange: Interchange) -> Iterator[Finding]:
    """Faults of an ISA of version 00501; others are let be."""
    if interchange[12] != "00501":
        return
    yield from _lengths(interchange)
    for place, codes in _CODES.items():
        if interchange[place] not in codes:
            yield _finding(interchange, place, "has a code the standard does not list", "isa-code")
    for place in (6, 8):
        if not interchange[place]:
            yield _finding(interchange, place, "is blank", "isa-partner-blank", Severity.WARNING)
    if not _is(parse_short_date, interchange[9]) or not _is(parse_time, interchange[10]):
        yield _finding(interchange, 9, "and ISA10 are not a date YYMMDD and a time HHMM", "isa-date")
    number = interchange[13]
    if not number.isdecimal() or int(number) == 0:
        yield _finding(interchange, 13, "is not a number of nine digits above zero", "isa-control-number")
    if interchange[16] == interchange[11] or interchange[16].isalnum():
        yield _finding(interchange, 16, "is no usable component separator", "isa-delimiter")


def check_gs(group: Group) -> Iterator[Finding]:
    """Faults of a GS."""
    problems = [
        (place, "is not two to fifteen characters", "gs-partner")
        for place in (2, 3)
        if not _PARTNER_MIN <= len(group[place]) <= _PARTNER_MAX
    ]
    short = not group.version.startswith(_LONG_DATES_SINCE) and _is(parse_short_date, group[4])
    if not short and not _is(parse_date, group[4]):
        problems.append((4, "is not a date CCYYMMDD", "gs-date"))
    if not _is(parse_time, group[5]):
        problems.append((5, "is not a time HHMM[SS[D[D]]]", "gs-time"))
    number = group[6]
    if not number.isdecimal() or len(number) > _GROUP_NUMBER_MAX:
        problems.append((6, "is not a number of one to nine digits", "gs-control-number"))
    if group[7] != "X":
        problems.append((7, "is not X", "gs-agency"))
    for place, problem, code in problems:
        reference = f"GS{place:02d}"
        yield Finding(code, f"{reference} {problem}", position=group.position, segment_id="GS", element=reference)


def _lengths(interchange: Interchange) -> Iterator[Finding]:
    """Give an ISA of the right length whose elements are cut at the wrong places."""
    elements = interchange.elements
    if sum(map(len, elements)) + len(elements) == ISA_LENGTH:
        for place, size in enumerate(_LENGTHS[1:], 1):
            found = len(elements[place])
            if found != size:
                yield _finding(interchange, place, f"has {found} characters instead of {size}", "isa-element-length")


def _is(parse: object, text: str) -> bool:
    try:
        parse(text)  # type: ignore[operator]
    except ValueError:
        return False
    return True


def _finding(
    interchange: Interchange, place: int, problem: str, code: str, severity: Severity = Severity.ERROR
) -> Finding:
    reference = f"ISA{place:02d}"
    return Finding(
        code, f"{reference} {problem}", Snip.SYNTAX, severity, interchange.position, "ISA", "", reference, ""
    )
