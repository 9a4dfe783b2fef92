"""Edits on codes: diagnoses, procedures, modifiers, units, place of service, revenue codes."""

import re
from collections.abc import Iterable
from itertools import pairwise

from claims.domain.building import DIAGNOSES_MAX, POINTERS_MAX
from claims.domain.coding import DIAGNOSIS, PROCEDURE
from claims.domain.edits.context import Edit, EditContext, Where, once

_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_MODIFIERS_MAX = 4
_REVENUE = re.compile(r"0[0-9]{3}|[1-9][0-9]{3}")
_FACILITIES = frozenset({"11", "12", "13", "14", "18", "21", "22", "32", "34", "71", "72", "76", "77", "83", "85"})
_PLACES = frozenset(
    f"{place:02}"
    for first, last in ((1, 27), (31, 34), (41, 42), (49, 58), (60, 62), (65, 66), (71, 72), (81, 81), (99, 99))
    for place in range(first, last + 1)
)
"""CMS place-of-service codes in force."""
REPEATED = frozenset({"76", "77", "91", "59", "XE", "XS", "XP", "XU", "LT", "RT"})
"""Modifiers that say why the same service stands twice."""


def _diagnosis_form(context: EditContext) -> Iterable[Where]:
    return (Where(field=f"diagnoses[{n}]") for n, code in _numbered(context) if not DIAGNOSIS.fullmatch(code))


def _diagnosis_valid(context: EditContext) -> Iterable[Where]:
    valid = context.rulebook.diagnosis_valid
    if valid is None:
        return ()
    on = context.claim.service_through_on if context.claim.kind == "I" else context.claim.service_on
    return [Where(field=f"diagnoses[{n}]") for n, code in _numbered(context) if not valid(code, on)]


def _numbered(context: EditContext) -> Iterable[tuple[int, str]]:
    return enumerate(context.claim.diagnoses, 1)


def _pointers(context: EditContext) -> Iterable[Where]:
    count = len(context.claim.diagnoses)
    for line in context.claim.lines:
        points = line.pointers
        wrong = any(not 1 <= point <= count for point in points) or len(points) > POINTERS_MAX
        if context.claim.kind == "P" and (not points or wrong):
            yield Where(line_number=line.line_number)


def _procedure(context: EditContext) -> Iterable[Where]:
    for line in context.claim.lines:
        bare_revenue = context.claim.kind == "I" and line.revenue_code is not None and line.code == line.revenue_code
        if not bare_revenue and not PROCEDURE.fullmatch(line.code):
            yield Where(line_number=line.line_number)


def _modifier_form(context: EditContext) -> Iterable[Where]:
    for line in context.claim.lines:
        codes = line.modifiers
        if len(codes) > _MODIFIERS_MAX or len(set(codes)) < len(codes) or not all(map(_MODIFIER.fullmatch, codes)):
            yield Where(line_number=line.line_number)


def _modifier_conflict(context: EditContext) -> Iterable[Where]:
    for line in context.claim.lines:
        if len(line.modifiers) > 1:
            own = frozenset(line.modifiers)
            if any(conflict <= own for conflict in context.rulebook.modifier_conflicts):
                yield Where(line_number=line.line_number)


def _units(context: EditContext) -> Iterable[Where]:
    return (Where(line_number=line.line_number) for line in context.claim.lines if line.units <= 0)


def _units_limit(context: EditContext) -> Iterable[Where]:
    for line in context.claim.lines:
        limit = context.rulebook.units_max.get(line.code)
        if limit is not None and line.units > limit:
            yield Where(line_number=line.line_number, fix=f"bill at most {limit}, or split by day with records")


def _place(context: EditContext) -> Iterable[Where]:
    if context.claim.kind != "P":
        return
    for line in context.claim.lines:
        if line.place_of_service not in _PLACES:
            yield Where(line_number=line.line_number)


def _revenue(context: EditContext) -> Iterable[Where]:
    if context.claim.kind != "I":
        return
    for line in context.claim.lines:
        if line.revenue_code is None or not _REVENUE.fullmatch(line.revenue_code):
            yield Where(line_number=line.line_number)


def _facility(context: EditContext) -> Iterable[Where]:
    return once(context.claim.kind == "I" and context.claim.facility_code not in _FACILITIES)


def _same_line_twice(context: EditContext) -> Iterable[Where]:
    ordered = sorted(context.claim.lines, key=lambda line: (line.code, line.service_on, line.modifiers))
    for line, other in pairwise(ordered):
        same = (line.code, line.service_on, line.modifiers) == (other.code, other.service_on, other.modifiers)
        if same and line.revenue_code == other.revenue_code and not REPEATED & set(other.modifiers):
            yield Where(line_number=other.line_number)


def _billed_elsewhere(context: EditContext) -> Iterable[Where]:
    if context.claim.frequency != "1" or not context.billed_elsewhere:
        return
    for line in context.claim.lines:
        if (line.code, line.service_on) in context.billed_elsewhere and not REPEATED & set(line.modifiers):
            yield Where(line_number=line.line_number)


def _learned(context: EditContext) -> Iterable[Where]:
    claim = context.claim
    for rule in context.rulebook.prevention:
        if rule.active and rule.payer_id == claim.payer_id and claim.rank == 1:
            for line in claim.lines:
                if not rule.codes or line.code in rule.codes:
                    yield Where(line_number=line.line_number, fix=rule.fix)


EDITS = (
    Edit(
        "diagnosis_present",
        "diagnoses",
        "the claim has at least one diagnosis",
        "enter the diagnosis of the encounter",
        "coder",
        lambda context: once(not context.claim.diagnoses),
    ),
    Edit(
        "diagnosis_form",
        "diagnoses",
        "a diagnosis is an ICD-10-CM code of three to seven characters",
        "correct the diagnosis",
        "coder",
        _diagnosis_form,
    ),
    Edit(
        "diagnosis_valid",
        "diagnoses",
        "the diagnosis may be billed on the day of service",
        "choose a more specific code, or the code in force on that day",
        "coder",
        _diagnosis_valid,
    ),
    Edit(
        "diagnosis_count",
        "diagnoses",
        "a professional claim has at most 12 diagnoses, an institutional one 25",
        "keep the diagnoses that the lines point to",
        "coder",
        lambda context: once(len(context.claim.diagnoses) > DIAGNOSES_MAX[context.claim.kind]),
    ),
    Edit(
        "diagnosis_pointer",
        "lines.pointers",
        "each professional line points to one to four diagnoses of the claim",
        "say which diagnoses the service was for",
        "coder",
        _pointers,
    ),
    Edit(
        "procedure_form",
        "lines.code",
        "a procedure is a CPT or HCPCS code of five characters",
        "correct the code",
        "coder",
        _procedure,
    ),
    Edit(
        "modifier_form",
        "lines.modifiers",
        "a line has at most four modifiers of two characters, each once",
        "correct the modifiers",
        "coder",
        _modifier_form,
    ),
    Edit(
        "modifier_conflict",
        "lines.modifiers",
        "the modifiers of a line do not contradict each other",
        "keep the modifier that tells what was done",
        "coder",
        _modifier_conflict,
    ),
    Edit("units", "lines.units", "a line has units above zero", "enter the units rendered", "coder", _units),
    Edit(
        "units_limit",
        "lines.units",
        "a line has no more units than the service can have on a day",
        "correct the units",
        "coder",
        _units_limit,
    ),
    Edit(
        "place_of_service",
        "lines.place_of_service",
        "a professional line has a place of service that CMS lists",
        "enter where the service was rendered",
        "coder",
        _place,
    ),
    Edit(
        "revenue_code",
        "lines.revenue_code",
        "an institutional line has a revenue code of four digits",
        "enter the revenue code, or put it into the chargemaster",
        "coder",
        _revenue,
    ),
    Edit(
        "bill_type",
        "facility_code",
        "an institutional claim has a type of bill",
        "enter the type of facility",
        "coder",
        _facility,
    ),
    Edit(
        "same_line_twice",
        "lines",
        "the same service of the same day stands once, or says by a modifier why it stands twice",
        "raise the units, remove the copy, or add a modifier",
        "coder",
        _same_line_twice,
    ),
    Edit(
        "billed_elsewhere",
        "lines",
        "the service was not billed already for this patient, provider and day",
        "remove the copy, or add a modifier that tells them apart",
        "biller",
        _billed_elsewhere,
    ),
    Edit(
        "prevention_rule",
        "lines",
        "a rule learned from denials asks for a look before this is sent",
        "do what the rule says, then override",
        "biller",
        _learned,
    ),
)
