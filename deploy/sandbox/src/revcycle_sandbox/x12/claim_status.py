"""276 to 277."""

from collections.abc import Callable
from datetime import datetime

from revcycle_sandbox.cents import to_decimal
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.payer.inquiries import StatusAnswer, status
from revcycle_sandbox.payer.office import Office
from revcycle_sandbox.x12.building import Draft, draft, nest, organization, person
from revcycle_sandbox.x12.reading import asked_of, named_loop, payer_of, provider_of, text
from revcycle_x12 import Loop, Transaction

Offices = Callable[[str, str], Office | None]


def answer_status(inquiry: Transaction, offices: Offices, draws: Draws, at: datetime) -> Draft:
    """Answer for every claim asked about in a 276."""
    _ = draws
    root = inquiry.tree()
    said = draft("277", "005010X212")
    reference = text(root, "BHT", 3) or "1"
    said.loop.add(["BHT", "0010", "08", reference, at.strftime("%Y%m%d"), at.strftime("%H%M"), "DG"])
    for source in root.loops("2000A"):
        code, name = payer_of(source)
        office = offices(code, name)
        told = nest(said.loop, "2000A", ["HL"])
        nest(told, "2100A", organization("PR", office.payer.name if office else name or "PAYER", "PI", code))
        for receiver in source.loops("2000B"):
            _answer_receiver(told, receiver, office, at)
    return said


def _answer_receiver(told: Loop, receiver: Loop, office: Office | None, at: datetime) -> None:
    number, name = provider_of(receiver)
    below = nest(told, "2000B", ["HL"])
    nest(below, "2100B", organization("41", name or "RECEIVER", "46", number or "RECEIVER"))
    for provider in receiver.loops("2000C"):
        npi, provider_name = provider_of(provider)
        level = nest(below, "2000C", ["HL"])
        nest(level, "2100C", organization("1P", provider_name or "PROVIDER", "XX", npi))
        for subscriber in provider.loops("2000D"):
            _answer_subscriber(level, subscriber, office, at)


def _answer_subscriber(level: Loop, subscriber: Loop, office: Office | None, at: datetime) -> None:
    dependents = subscriber.loops("2000E")
    asked = asked_of(subscriber, dependents[0] if dependents else None)
    told = nest(level, "2000D", ["HL"])
    nest(told, "2100D", person("IL", asked.family, asked.given, "MI", asked.member_id or "UNKNOWN"))
    for claim in subscriber.loops("2200D"):
        _answer_claim(told, "2200D", claim, office, at)
    for dependent in dependents:
        below = nest(told, "2000E", ["HL"])
        patient = named_loop(dependent)
        nest(below, "2100E", person("QC", text(patient, "NM1", 3) or asked.family, text(patient, "NM1", 4)))
        for claim in dependent.loops("2200E"):
            _answer_claim(below, "2200E", claim, office, at)


def _answer_claim(told: Loop, loop_id: str, claim: Loop, office: Office | None, at: datetime) -> None:
    """Answer under the trace that asked, by the provider's and the payer's claim numbers."""
    trace = text(claim, "TRN", 2)
    patient_control, payer_control = text(claim, "REF", 2, "EJ"), text(claim, "REF", 2, "1K")
    answer = status(office.book, patient_control or trace, payer_control, at) if office else None
    references = []
    if answer is not None and answer.record is not None:
        references.append(["REF", "1K", answer.record.control_number])
    if patient_control:
        references.append(["REF", "EJ", patient_control])
    days = claim.segment("DTP", "472")
    dates = [list(days.elements)] if days is not None else []
    nest(told, loop_id, ["TRN", "2", trace], _status(answer, at), *references, *dates)


def _status(answer: StatusAnswer | None, at: datetime) -> list[str]:
    """Write STC: status, its day, the charge and what was paid."""
    if answer is None:
        return ["STC", "E1:24:PR", at.strftime("%Y%m%d")]
    told = answer.status
    composite = ":".join(filter(None, (told.category, told.status, told.entity)))
    on = (answer.on or at.date()).strftime("%Y%m%d")
    if answer.record is None:
        return ["STC", composite, on]
    charge = _amount(answer.record.claim.charge_cents)
    finished = answer.decision is not None
    return (
        ["STC", composite, on, "", charge, _amount(answer.paid_cents)]
        if finished
        else ["STC", composite, on, "", charge]
    )


def _amount(cents: int) -> str:
    return format(to_decimal(cents).normalize(), "f")
