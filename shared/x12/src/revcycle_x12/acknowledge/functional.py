"""999 from what was found on a functional group and its transaction sets."""

import re
from collections.abc import Iterable

from revcycle_x12._grammar import standard
from revcycle_x12._syntax.envelope import Group
from revcycle_x12._syntax.findings import Finding, Snip
from revcycle_x12.acknowledgment import ElementNote, ImplementationAcknowledgment, SegmentNote, SetResponse, Verdict
from revcycle_x12.guides import all_guides, sets_of
from revcycle_x12.validate import GroupResult, Report, TransactionResult

_SEGMENT_CODES = {
    "segment-unexpected": "2",
    "segment-missing": "3",
    "segment-repeats": "5",
    "segment-order": "7",
    "loop-order": "7",
    "loop-repeats": "4",
    "loop-missing": "I7",
}
_ELEMENT_CODES = {
    "element-missing": "1",
    "element-condition": "2",
    "too-many-components": "13",
    "element-too-short": "4",
    "element-too-long": "5",
    "character-invalid": "6",
    "element-blank": "6",
    "trailing-separator": "6",
    "number-invalid": "6",
    "amount-decimals": "I12",
    "amount-too-large": "5",
    "percent-range": "I12",
    "quantity-decimals": "I12",
    "code-not-listed": "I6",
    "code-unknown": "7",
    "qualifier-not-listed": "I6",
    "date-invalid": "8",
    "time-invalid": "9",
    "element-excluded": "10",
    "element-not-used": "I10",
    "element-repeats": "12",
}
_OTHER_ELEMENT = "7"
_SET_CODES = {
    "transaction-trailer": "2",
    "se-control-number": "3",
    "se-count": "4",
    "guide-unknown": "I6",
    "guide-mismatch": "I6",
}
_GROUP_CODES = {"group-trailer": "3", "ge-control-number": "4", "ge-count": "5", "group-functional-id": "1"}
_IN_ERROR = "I5"
_SEGMENTS_IN_ERROR = "5"
_NO_GUIDE = "I6"
_GROUP_NOT_SUPPORTED = "1"
_VERSION_NOT_SUPPORTED = "2"
_MISSPELLED = re.compile(r"005010X(?!\d{3}(?:[A-Z]\d)?$).+")
_NOTES_MAX = 500


def acknowledge_groups(report: Report) -> list[ImplementationAcknowledgment]:
    """Answer every functional group of a validated source that holds something to answer (no 999 answers a 999)."""
    return [
        acknowledge_group(group)
        for interchange in report.envelopes
        for group in interchange.groups
        if group.group.functional_id != "FA"
    ]


def acknowledge_group(result: GroupResult) -> ImplementationAcknowledgment:
    """
    Answer one group: a set with an error of SNIP type 1 or 2 is rejected, the others are accepted.

    A group of a kind or version that is not supported is rejected as a whole: its
    sets were not validated, and are not spoken of.
    """
    unsupported = _unsupported(result.group)
    responses = [] if unsupported else [respond(transaction) for transaction in result.transactions]
    accepted = sum(response.verdict is Verdict.ACCEPTED for response in responses)
    faults = [_GROUP_CODES[code] for code in result.group.faults if code in _GROUP_CODES]
    received = len(result.transactions)
    stated = result.group.trailer[1] if len(result.group.trailer) > 1 else str(received)
    answer = ImplementationAcknowledgment(
        functional_id=result.group.functional_id,
        group_control_number=result.group.control_number,
        group_version=result.group.version,
        responses=responses,
        verdict=Verdict.REJECTED if unsupported else _group_verdict(accepted, received, faults),
        included_count=int(stated) if stated.isdecimal() else received,
        received_count=received,
        accepted_count=accepted,
    )
    codes = list(dict.fromkeys(filter(None, [unsupported, *faults])))
    elements = answer.loop.elements("AK9")
    if codes and elements is not None:
        elements += codes[:5]
    return answer


def _unsupported(group: Group) -> str:
    """
    Give the AK905 code of a group that cannot be taken: 1 for its kind, 2 for its version; empty for others.

    A version that is none at all (`005010X22A1`) is a slip of the pen: its sets
    are rejected one by one.
    """
    if group.functional_id not in {guide.functional_id for guide in all_guides()}:
        return _GROUP_NOT_SUPPORTED
    if sets_of(group.version) or _MISSPELLED.fullmatch(group.version):
        return ""
    return _VERSION_NOT_SUPPORTED


def _group_verdict(accepted: int, received: int, faults: list[str]) -> Verdict:
    if accepted == 0 and received:
        return Verdict.REJECTED
    if accepted < received:
        return Verdict.PARTIALLY_ACCEPTED
    return Verdict.ACCEPTED_WITH_ERRORS if faults else Verdict.ACCEPTED


def respond(result: TransactionResult) -> SetResponse:
    """Answer one transaction set. What was not validated is not accepted."""
    errors = [finding for finding in result.findings if finding.is_error and finding.snip <= Snip.REQUIREMENT]
    noted = [finding for finding in errors if finding.code not in _SET_CODES and not _is_unknown(finding)]
    notes = list(_notes(noted))
    codes = [_SET_CODES[finding.code] for finding in errors if finding.code in _SET_CODES]
    if not result.validated:
        codes.append(_NO_GUIDE)
    if notes:
        codes.append(_IN_ERROR)
    elif errors and not codes:
        codes.append(_SEGMENTS_IN_ERROR)
    response = SetResponse(
        set_id=result.set_id,
        control_number=result.control_number,
        version=result.version if result.version[:6].isdigit() and result.set_id != "835" else "",
        notes=notes[:_NOTES_MAX],
        verdict=Verdict.REJECTED if codes else Verdict.ACCEPTED,
    )
    response.errors = list(dict.fromkeys(codes))
    return response


def _is_unknown(finding: Finding) -> bool:
    """Say whether the finding is on a segment the standard does not have: IK3 can only name those it has (RFI 1257)."""
    return finding.code in {"segment-unexpected", "segment-invalid"} and finding.segment_id not in standard.segments


def _notes(findings: Iterable[Finding]) -> Iterable[SegmentNote]:
    """One note for each segment and kind of fault; the elements of a segment in one."""
    notes: dict[tuple[int, str, str], SegmentNote] = {}
    elements: dict[tuple[int, str, str], list[ElementNote]] = {}
    for finding in findings:
        code = _SEGMENT_CODES.get(finding.code, "8")
        named = finding.element if finding.code in {"segment-missing", "segment-repeats"} else ""
        key = (finding.position.segment, code, named or finding.loop)
        if key not in notes:
            notes[key] = _note(finding, code)
            elements[key] = []
        if code == "8" and (element := _element_note(finding)) is not None:
            elements[key].append(element)
    for key, note in notes.items():
        note.elements = elements[key]
        yield note


def _note(finding: Finding, code: str) -> SegmentNote:
    missing = finding.code == "segment-missing"
    segment_id = (finding.element if missing else finding.segment_id) or _opening(finding.loop)
    note = SegmentNote(
        segment_id=segment_id[:3], position=max(finding.position.segment, 1), loop_name=finding.loop[:4], error=code
    )
    note.claim_number = finding.unit
    return note


def _opening(loop: str) -> str:
    return "ST" if loop in {"", "ST"} else "NM1" if loop.startswith(("10", "2010", "2310", "2330")) else "HL"


def _element_note(finding: Finding) -> ElementNote | None:
    """IK4 of a finding on an element; None where it is on the segment as a whole."""
    segment_id = finding.segment_id
    rest = finding.element[len(segment_id) :] if finding.element.startswith(segment_id) else ""
    place, _, component = rest.partition("-")
    if not place.isdecimal():
        return None
    return ElementNote(
        position=int(place),
        component=int(component) if component.isdecimal() else None,
        data_element=_data_element(segment_id, int(place), component),
        error=_ELEMENT_CODES.get(finding.code, _OTHER_ELEMENT),
    )


def _data_element(segment_id: str, place: int, component: str) -> str:
    numbers = standard.segments.get(segment_id, ())
    number = numbers[place - 1] if 0 < place <= len(numbers) else ""
    if number in standard.composites and component.isdecimal():
        parts = standard.composites[number]
        number = parts[int(component) - 1] if int(component) <= len(parts) else ""
    return number if number.isdecimal() else ""
