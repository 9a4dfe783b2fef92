"""Charges as received: every line gets an id that a resend repeats, and a credit finds what it takes back."""

from uuid import UUID

from eligibility.domain.encounter import ChargedLine, Encounter
from eligibility.domain.facts import Charges, ChargeSent, DiagnosisSent
from eligibility.domain.registration import diagnoses_of
from revcycle_kit.ids import derived_id
from revcycle_kit.values import Value, replace


class ReceivedLine(Value, kw_only=True):
    """One line as it is handed on."""

    line_id: UUID
    sent: ChargeSent
    credit: bool


class ChargeDelivery(Value, kw_only=True):
    """What a delivery of charges comes to."""

    encounter: Encounter
    lines: tuple[ReceivedLine, ...]
    diagnoses: tuple[DiagnosisSent, ...]
    unmatched: tuple[ChargeSent, ...] = ()
    """Credits without a charge to take back: they wait for it."""


def take_charges(encounter: Encounter, charges: Charges) -> ChargeDelivery:
    """
    Take charges into an encounter.

    What was taken before adds nothing: a line is known by its transaction id, else by its delivery and place in
    it. A credit without a charge to take back is not handed on yet.
    """
    charged = list(encounter.charged)
    credited = list(encounter.credits)
    lines: list[ReceivedLine] = []
    unmatched: list[ChargeSent] = []
    for sent in charges.lines:
        line = _line(encounter.encounter_id, charges.reference, sent)
        if not sent.credit:
            if not any(taken.line_id == line.line_id and not taken.credited for taken in charged):
                charged.append(line)
                lines.append(ReceivedLine(line_id=line.line_id, sent=sent, credit=False))
        elif line.line_id not in credited:
            credited_line = _taken_back(charged, line)
            if credited_line is None:
                unmatched.append(sent)
                continue
            charged[charged.index(credited_line)] = replace(credited_line, credited=True)
            credited.append(line.line_id)
            lines.append(ReceivedLine(line_id=credited_line.line_id, sent=sent, credit=True))
    diagnoses = diagnoses_of(charges.diagnoses, encounter.diagnoses)
    changed = replace(encounter, charged=tuple(charged), credits=tuple(credited), diagnoses=diagnoses)
    return ChargeDelivery(encounter=changed, lines=tuple(lines), diagnoses=diagnoses, unmatched=tuple(unmatched))


def _line(encounter_id: UUID, reference: str, sent: ChargeSent) -> ChargedLine:
    kind, encounter = "credit" if sent.credit else "charge", str(encounter_id)
    parts = ("transaction", sent.transaction_id) if sent.transaction_id else ("delivery", reference, str(sent.position))
    return ChargedLine(
        line_id=derived_id(kind, encounter, *parts, sent.code),
        transaction=derived_id("transaction", encounter, sent.transaction_id) if sent.transaction_id else None,
        code=sent.code,
        modifiers=sent.modifiers,
        service_on=sent.service_on,
    )


def _taken_back(lines: list[ChargedLine], credit: ChargedLine) -> ChargedLine | None:
    """Find the charge a credit means: of its transaction, else of its code, modifiers and day."""
    open_lines = [line for line in lines if not line.credited]
    for line in open_lines:
        if credit.transaction is not None and line.transaction == credit.transaction:
            return line
    same = [line for line in open_lines if (line.code, line.modifiers) == (credit.code, credit.modifiers)]
    return next((line for line in same if credit.service_on in {line.service_on, None}), None)
