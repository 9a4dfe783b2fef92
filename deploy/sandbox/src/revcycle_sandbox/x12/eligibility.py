"""270 to 271."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from revcycle_sandbox.cents import to_decimal
from revcycle_sandbox.draws import BASIS_POINTS, Draws
from revcycle_sandbox.payer.inquiries import UNABLE_NOW, Inquiry, Verification, unable_now, verify
from revcycle_sandbox.payer.office import Office
from revcycle_sandbox.world import Plan
from revcycle_sandbox.x12.building import Draft, draft, nest, organization, person
from revcycle_sandbox.x12.reading import asked_of, day, named_loop, payer_of, provider_of, text
from revcycle_x12 import Loop, Transaction

OFFICE_VISIT: Final = "98"
EMERGENCY: Final = "86"
_COPAYS: Final = {"G0463": OFFICE_VISIT, "0456": EMERGENCY, "0450": EMERGENCY}
"""Service type under which the copay of a code is told."""
_HEALTH_PLAN: Final = "30"
_EARLIEST: Final = date(1900, 1, 1)

Offices = Callable[[str, str], Office | None]
"""Finds a payer by code and name."""


def answer_eligibility(inquiry: Transaction, offices: Offices, draws: Draws, at: datetime) -> Draft:
    """Answer every person asked about in a 270."""
    root = inquiry.tree()
    said = draft("271", "005010X279A1")
    reference = text(root, "BHT", 3) or "1"
    said.loop.add(["BHT", "0022", "11", reference, at.strftime("%Y%m%d"), at.strftime("%H%M")])
    for source in root.loops("2000A"):
        _answer_source(said.loop, source, offices, draws, at)
    return said


def _answer_source(root: Loop, source: Loop, offices: Offices, draws: Draws, at: datetime) -> None:
    code, name = payer_of(source)
    office = offices(code, name)
    told = nest(root, "2000A", ["HL"])
    shown = office.payer.name if office else name
    rejection = [] if office else [["AAA", "Y", "", "79", "C"]]
    nest(told, "2100A", organization("PR", shown or "PAYER", "PI", code or "UNKNOWN"), *rejection)
    for receiver in source.loops("2000B"):
        if office is None:
            return
        npi, provider = provider_of(receiver)
        below = nest(told, "2000B", ["HL"])
        nest(below, "2100B", organization("1P", provider or "PROVIDER", "XX", npi))
        for subscriber in receiver.loops("2000C"):
            _answer_subscriber(below, subscriber, office, draws, at)


def _answer_subscriber(below: Loop, subscriber: Loop, office: Office, draws: Draws, at: datetime) -> None:
    patients: list[Loop | None] = [*subscriber.loops("2000D")]
    for patient in patients or [None]:
        asked = asked_of(subscriber, patient)
        on = _service_day(patient or subscriber) or at.date()
        down = unable_now(office, draws, asked, at)
        found = Verification(rejection=UNABLE_NOW) if down else verify(office.book, asked, on, at.date())
        _tell(below, subscriber, patient, asked, found, on)


def _tell(  # noqa: PLR0917 - a level, who is asked about, and what was found
    below: Loop, subscriber: Loop, patient: Loop | None, asked: Inquiry, found: Verification, on: date
) -> None:
    """Write the level of a subscriber, and of the dependent, with what was found."""
    member = found.member
    level = nest(below, "2000C", ["HL"], *([] if patient else _traces(subscriber)))
    name = person(
        "IL",
        member.family if member else asked.family,
        member.given if member else asked.given,
        "MI",
        _id(found, asked),
    )
    about_subscriber = patient is None or (bool(found.rejection) and not found.about_dependent)
    birth = member.birth_on if member else asked.birth_on
    details = _details(found, birth) if about_subscriber else _birth(birth)
    told = nest(level, "2100C", name, *details)
    if about_subscriber:
        _benefits(told, "2110C", found, on)
    if patient is not None and not (about_subscriber and found.rejection):
        dependent = nest(level, "2000D", ["HL"], *_traces(patient))
        named = person("03", asked.family, asked.patient_given)
        told = nest(dependent, "2100D", named, *_details(found, asked.patient_birth_on), ["INS", "N", "19"])
        _benefits(told, "2110D", found, on)


def _id(found: Verification, asked: Inquiry) -> str:
    return asked.member_id or (found.member.member_id if found.member else "UNKNOWN")


def _traces(level: Loop) -> list[list[str]]:
    """Echo the traces: what was sent under 1 comes back under 2."""
    return [["TRN", "2", *segment.elements[2:]] for segment in level.segments("TRN")]


def _details(found: Verification, birth: date | None) -> list[list[str]]:
    """Say why the person was not found, or since when the coverage lasts."""
    if found.rejection:
        later = found.rejection == UNABLE_NOW
        return [["AAA", "Y" if later else "N", "", found.rejection, "R" if later else "C"], *_birth(birth)]
    span, parts = found.span, _birth(birth)
    if span is not None and span.ends_on is not None:
        parts.append(["DTP", "291", "RD8", f"{span.begins_on:%Y%m%d}-{span.ends_on:%Y%m%d}"])
    elif span is not None:
        parts.append(["DTP", "346", "D8", f"{max(span.begins_on, _EARLIEST):%Y%m%d}"])
    return parts


def _birth(birth: date | None) -> list[list[str]]:
    return [["DMG", "D8", f"{birth:%Y%m%d}"]] if birth else []


def _benefits(told: Loop, loop_id: str, found: Verification, on: date) -> None:
    if found.rejection:
        return
    if found.plan is None:
        nest(told, loop_id, ["EB", "6", "", _HEALTH_PLAN])
        return
    for benefit in _plan_benefits(found.plan, found):
        nest(told, loop_id, benefit)
    first = found.member.pays_after if found.member else None
    if first is not None and first.since <= on:
        other = nest(told, loop_id, ["EB", "R", "", _HEALTH_PLAN])
        nest(other, loop_id.replace("2110", "2120"), organization("PRP", first.payer, "PI", first.payer))


def _plan_benefits(plan: Plan, found: Verification) -> list[list[str]]:
    """Tell the plan: active; deductible and maximum for the year and what is left; coinsurance; copays; limits."""
    rows = [["EB", "1", "IND", _HEALTH_PLAN, "", plan.name or plan.code]]
    rows += _amounts("C", plan.deductible_cents, found.deductible_left_cents)
    if plan.out_of_pocket_cents is not None:
        rows += _amounts("G", plan.out_of_pocket_cents, found.out_of_pocket_left_cents or 0)
    rate = plan.coinsurance_basis_points
    percent = format((to_decimal(rate) * 100 / BASIS_POINTS).normalize(), "f")
    rows.append(["EB", "A", "IND", _HEALTH_PLAN, "", "", "", "", percent, "", "", "", "Y"])
    types = {_COPAYS[code]: cents for code, cents in plan.copays.items() if code in _COPAYS}
    rows += [
        ["EB", "B", "IND", kind, "", "", "27", _amount(cents), "", "", "", "", "Y"] for kind, cents in types.items()
    ]
    return rows


def _amounts(info: str, whole: int, left: int) -> list[list[str]]:
    return [
        ["EB", info, "IND", _HEALTH_PLAN, "", "", "23", _amount(whole), "", "", "", "", "Y"],
        ["EB", info, "IND", _HEALTH_PLAN, "", "", "29", _amount(left), "", "", "", "", "Y"],
    ]


def _amount(cents: int) -> str:
    return format(to_decimal(cents).normalize(), "f")


def _service_day(level: Loop) -> date | None:
    """Find the day asked about: the DTP*291 of the person, or of what is asked of the person."""
    told = named_loop(level)
    places = [told, *told.loops()] if told is not None else []
    days = (day(text(place, "DTP", 3, "291")) for place in places)
    return next(filter(None, days), None)
