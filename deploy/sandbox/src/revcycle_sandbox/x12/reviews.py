"""278 request to 278 response."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from revcycle_sandbox.draws import Draws
from revcycle_sandbox.payer.inquiries import Review, review
from revcycle_sandbox.payer.office import Office
from revcycle_sandbox.payer.pricing import units_text
from revcycle_sandbox.x12.building import Draft, draft, nest, organization, person
from revcycle_sandbox.x12.reading import asked_of, day, payer_of, provider_of, text
from revcycle_x12 import Loop, Transaction

Offices = Callable[[str, str], Office | None]


def answer_review(request: Transaction, offices: Offices, draws: Draws, at: datetime) -> Draft:
    """Decide on the services a 278 asks for."""
    root = request.tree()
    said = draft("278", "005010X217", "11")
    reference = text(root, "BHT", 3) or "1"
    said.loop.add(["BHT", "0007", "11", reference, at.strftime("%Y%m%d"), at.strftime("%H%M"), "18"])
    for reviewer in root.loops("2000A"):
        code, name = payer_of(reviewer)
        office = offices(code, name)
        told = nest(said.loop, "2000A", ["HL"])
        nest(told, "2010A", organization("X3", office.payer.name if office else name or "PAYER", "PI", code))
        for requester in reviewer.loops("2000B"):
            _answer_requester(told, requester, office, draws, at)
    return said


def _answer_requester(told: Loop, requester: Loop, office: Office | None, draws: Draws, at: datetime) -> None:
    npi, name = provider_of(requester)
    below = nest(told, "2000B", ["HL"])
    nest(below, "2010B", organization("1P", name or "PROVIDER", "XX", npi))
    for subscriber in requester.loops("2000C"):
        dependents = subscriber.loops("2000D")
        asked = asked_of(subscriber, dependents[0] if dependents else None)
        level = nest(below, "2000C", ["HL"])
        nest(level, "2010C", person("IL", asked.family, asked.given, "MI", asked.member_id or "UNKNOWN"))
        parent = subscriber
        if dependents:
            parent = dependents[0]
            level = nest(level, "2000D", ["HL"])
            nest(level, "2010D", person("QC", asked.family, asked.patient_given))
        for event in parent.loops("2000E"):
            services = services_of(event)
            on = _event_day(event) or at.date()
            decided = review(office, draws, asked, services, on, at) if office else Review(action="", rejection="79")
            _answer_event(level, event, decided)


def services_of(event: Loop) -> dict[str, Decimal]:
    """Read the codes asked for, with their units."""
    found: dict[str, Decimal] = {}
    for service in event.loops("2000F"):
        for segment_id, element, units in (("SV1", 1, 4), ("SV2", 2, 5)):
            segment = service.segment(segment_id)
            if segment is not None and segment[element, 2]:
                found[segment[element, 2]] = _units(segment[units])
    return found


def _units(told: str) -> Decimal:
    try:
        return Decimal(told) if told else Decimal(1)
    except InvalidOperation:
        return Decimal(1)


def _event_day(event: Loop) -> date | None:
    """Find the day of the event, or of its first service."""
    for loop in (event, *event.loops("2000F")):
        for qualifier in ("AAH", "472", "435"):
            found = day(text(loop, "DTP", 3, qualifier))
            if found:
                return found
    return None


def _answer_event(level: Loop, event: Loop, decided: Review) -> None:
    """Write the event with its decision, and every service under the same one."""
    traces = [["TRN", "2", *segment.elements[2:]] for segment in event.segments("TRN")]
    rejection = [["AAA", "N", "", decided.rejection, "C"]] if decided.rejection else []
    asked = event.segment("UM")
    described = [list(asked.elements)] if asked is not None else []
    told = nest(level, "2000E", ["HL"], *traces, *rejection, *described, *_decision(decided))
    for service in event.loops("2000F"):
        below = nest(told, "2000F", ["HL"], *_decision(decided))
        for segment_id in ("SV1", "SV2"):
            segment = service.segment(segment_id)
            if segment is not None:
                below.add(list(segment.elements))


def _decision(decided: Review) -> list[list[str]]:
    if not decided.action:
        return []
    parts = [["HCR", decided.action, decided.number, decided.reason]]
    if decided.begins_on and decided.ends_on:
        parts.append(["DTP", "007", "RD8", f"{decided.begins_on:%Y%m%d}-{decided.ends_on:%Y%m%d}"])
    if decided.units:
        parts.append(["HSD", "VS", units_text(decided.units)])
    return parts
