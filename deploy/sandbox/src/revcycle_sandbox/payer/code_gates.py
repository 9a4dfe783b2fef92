"""Gates 8 and 9: codes and modifiers, units a day, bundling, medical necessity."""

import re
from typing import Final

from revcycle_sandbox.claims import Line
from revcycle_sandbox.payer.case import Case, Refusal
from revcycle_sandbox.world import Bundle

_MODIFIER: Final = re.compile(r"[A-Z0-9]{2}")
_SEPARATE: Final = frozenset({"59", "XE", "XS", "XP", "XU", "25", "57", "LT", "RT"})
_WAIVER_ON_FILE: Final = "GA"


def code_validity(case: Case, line: Line) -> Refusal | None:
    """Gate 8: the modifiers are valid and those that the code needs are there; the place fits."""
    if any(not _MODIFIER.fullmatch(modifier) for modifier in line.modifiers):
        return Refusal(gate="modifier", group="CO", carc="4", remarks=("N519",))
    codes = {other.code for _number, other in case.others(line)}
    for rule in case.payer.modifiers:
        needed = rule.code == line.code and (not rule.beside or codes.intersection(rule.beside))
        if needed and not set(rule.any_of).intersection(line.modifiers):
            return Refusal(gate="modifier", group="CO", carc="4", remarks=("N519",))
    places = case.payer.places.get(line.code)
    if places and case.claim.kind == "P" and (line.place or case.claim.place) not in places:
        return Refusal(gate="place", group="CO", carc="5", remarks=("M77",))
    return None


def units_a_day(case: Case, line: Line) -> Refusal | None:
    """Gate 8: no more units than medically likely in a day (MUE)."""
    most = case.payer.units_max.get(line.code)
    if most is None or line.units <= most:
        return None
    return Refusal(gate="units", group="CO", carc="151", remarks=("N362",))


def bundling(case: Case, line: Line) -> Refusal | None:
    """Gate 8: not part of another service of the day."""
    for rule in case.payer.bundles:
        if rule.column2 == line.code and _together(case, line, rule):
            return Refusal(gate="bundled", group="CO", carc=rule.carc, remarks=(rule.remark,) if rule.remark else ())
    return None


def _together(case: Case, line: Line, rule: Bundle) -> bool:
    if rule.modifier_allowed and _SEPARATE.intersection(line.modifiers):
        return False
    return any(other.code == rule.column1 for _number, other in case.others(line))


def necessity(case: Case, line: Line) -> Refusal | None:
    """Gate 9: one of the diagnoses that the line points at supports the service; with a waiver the patient pays."""
    for rule in case.payer.necessity:
        if rule.code != line.code:
            continue
        if not any(code.startswith(rule.diagnoses) for code in line.diagnoses):
            remarks = ("N115",) if case.payer.kind == "medicare" else ()
            group = "PR" if _WAIVER_ON_FILE in line.modifiers else "CO"
            return Refusal(gate="necessity", group=group, carc="50", remarks=remarks)
    return None
