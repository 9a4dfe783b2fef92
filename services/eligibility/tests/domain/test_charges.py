"""Charges as received: nothing twice, and every credit finds its charge."""

from datetime import UTC, date, datetime
from uuid import UUID

from eligibility.domain.charges import take_charges
from eligibility.domain.encounter import Encounter, EncounterState
from eligibility.domain.facts import Charges, ChargeSent, EncounterSent, PatientSent
from eligibility.domain.people import Person

DAY = date(2026, 1, 5)
ENCOUNTER = Encounter(
    encounter_id=UUID(int=1),
    organization_id=UUID(int=2),
    clinic_id=UUID(int=3),
    billing_entity_id=UUID(int=4),
    patient_id=UUID(int=5),
    guarantor_id=UUID(int=6),
    state=EncounterState.REGISTERED,
    source="hl7v2",
    received_at=datetime(2026, 1, 5, tzinfo=UTC),
    service_on=DAY,
)


def line(code: str = "G0463", **facts: object) -> ChargeSent:
    return ChargeSent(code=code, system="hcpcs", service_on=DAY, **facts)  # type: ignore[arg-type]


def delivery(reference: str, *lines: ChargeSent) -> Charges:
    patient = PatientSent(patient_id=UUID(int=5), medical_record_number="M", assigner="H", person=Person())
    return Charges(patient=patient, encounter=EncounterSent(encounter_id=UUID(int=1)), lines=lines, reference=reference)


def test_a_delivery_taken_twice_adds_its_lines_once() -> None:
    told = delivery("d", line(position=1), line(position=2))
    first = take_charges(ENCOUNTER, told)
    again = take_charges(first.encounter, told)
    assert (2, 0) == (len(first.lines), len(again.lines))
    assert first.lines[0].line_id != first.lines[1].line_id


def test_a_transaction_sent_in_another_delivery_is_the_same_line() -> None:
    first = take_charges(ENCOUNTER, delivery("d", line(transaction_id="T1")))
    again = take_charges(first.encounter, delivery("e", line(transaction_id="T1"), line(transaction_id="T2")))
    assert 1 == len(again.lines)


def test_equal_lines_without_transaction_ids_are_two_in_two_deliveries() -> None:
    first = take_charges(ENCOUNTER, delivery("d", line(position=1)))
    assert 1 == len(take_charges(first.encounter, delivery("e", line(position=1))).lines)


def test_a_credit_takes_back_by_transaction_else_by_code_modifiers_and_day() -> None:
    first = take_charges(
        ENCOUNTER, delivery("d", line(transaction_id="T1"), line("G0439", position=2, modifiers=("25",)))
    )
    by_transaction = take_charges(first.encounter, delivery("e", line(transaction_id="T1", credit=True)))
    by_code = take_charges(first.encounter, delivery("f", line("G0439", position=1, modifiers=("25",), credit=True)))
    assert [first.lines[0].line_id] == [each.line_id for each in by_transaction.lines]
    assert [first.lines[1].line_id] == [each.line_id for each in by_code.lines]


def test_a_charge_is_taken_back_once_and_a_credit_without_charge_waits() -> None:
    first = take_charges(ENCOUNTER, delivery("d", line(position=1)))
    back = take_charges(first.encounter, delivery("e", line(position=1, credit=True)))
    more = take_charges(back.encounter, delivery("f", line(position=1, credit=True)))
    same = take_charges(back.encounter, delivery("e", line(position=1, credit=True)))
    assert ((), 1) == (more.lines, len(more.unmatched))
    assert ((), 0) == (same.lines, len(same.unmatched))


def test_a_line_charged_again_after_its_credit_is_a_new_charge() -> None:
    first = take_charges(ENCOUNTER, delivery("d", line(transaction_id="T1")))
    back = take_charges(first.encounter, delivery("e", line(transaction_id="T1", credit=True)))
    assert 1 == len(take_charges(back.encounter, delivery("f", line(transaction_id="T1"))).lines)
