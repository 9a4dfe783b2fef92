"""What patients pay and when; what the bank brings beside the 835."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from revcycle_sandbox import Sandbox, demo_world, load_scenario
from revcycle_sandbox.agenda import Agenda
from revcycle_sandbox.bank import Bank
from revcycle_sandbox.behaviour import Behaviour, Faults
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.parcels import json_parcel
from revcycle_sandbox.payer.news import Remittance

BILLED = datetime(2026, 3, 2, 12, tzinfo=UTC)
YEAR = timedelta(days=400)


def payments(behaviour: dict[str, Any], balance_cents: int, *, number: int = 1) -> list[dict[str, Any]]:
    """Send a patient a statement and give everything that is paid or asked for."""
    patient = {"mrn": "P1", "family": "DOE", "given": "JANE", "birth_on": "1980-01-01", "behaviour": behaviour}
    visit = {"number": "V1", "mrn": "P1", "service_on": "2026-01-12", "services": [{"code": "G0463"}]}
    sandbox = Sandbox(load_scenario({"patients": [patient], "visits": [visit]}), 1)
    sandbox.step(BILLED)
    body = {"account_id": "A1", "statement_id": "S1", "number": number, "balance_cents": balance_cents}
    sandbox.step(BILLED, [json_parcel("statement", "BILLER", "PATIENT", body | {"visit_numbers": ["V1"]})])
    return [parcel.body() for parcel in sandbox.step(BILLED + YEAR)[0] if parcel.channel == "payment"]


def test_who_pays_in_full_does_so_some_days_after_the_statement() -> None:
    [paid] = payments({"pays": "full", "after_days": 9}, 76_00)
    assert (76_00, "2026-03-11", "balance") == (paid["amount_cents"], paid["received_on"], paid["purpose"])


def test_who_answers_the_third_statement_leaves_the_first_alone() -> None:
    habits = {"pays": "full", "pays_statement": 3}
    assert [] == payments(habits, 76_00, number=1)
    assert [76_00] == [payment["amount_cents"] for payment in payments(habits, 76_00, number=3)]


def test_who_pays_partly_and_who_never_pays() -> None:
    assert [40_00] == [payment["amount_cents"] for payment in payments({"pays": "partly", "part": "40.00"}, 215_00)]
    assert [] == payments({"pays": "never"}, 215_00)


def test_j10_a_plan_is_asked_for_then_paid_with_one_installment_missed_and_caught_up() -> None:
    """6 × 125.00; the fourth is missed and comes with the fifth; five are paid, 125.00 stay open."""
    habits = {"pays": "plan", "installments": 6, "missed": [4], "paid_installments": 5}
    request, *paid = payments(habits, 750_00)
    assert [125_00] * 6 == request["installments_cents"]
    assert [125_00, 125_00, 125_00, 250_00] == [payment["amount_cents"] for payment in paid]


def test_installments_differ_by_a_cent_at_most() -> None:
    """750.00 in seven parts."""
    request, *_paid = payments({"pays": "plan", "installments": 7}, 750_00)
    assert [107_15, 107_15, 107_14, 107_14, 107_14, 107_14, 107_14] == request["installments_cents"]


def test_a_copay_is_taken_on_the_day_of_the_visit() -> None:
    world = demo_world(1, 60)
    expected = {visit.number: visit.copay_cents for visit in world.visits if visit.copay_cents and not visit.cancelled}
    sent = [each.body() for each in Sandbox(world, 1).step(BILLED + YEAR)[0] if each.channel == "payment"]
    assert expected == {payment["visit_number"]: payment["amount_cents"] for payment in sent}
    assert {"copay"} == {payment["purpose"] for payment in sent}


def remittance(trace: str, paid_cents: int = 100_00) -> Remittance:
    return Remittance(
        payer="P",
        payer_name="PAYER",
        payer_tin="9",
        payee_name="X",
        payee_npi="1",
        payee_tin="2",
        submitter="S",
        trace=trace,
        paid_cents=paid_cents,
        paid_on=BILLED.date(),
        decisions=(),
    )


def deposits(news: Remittance, behaviour: Behaviour) -> tuple[list[dict[str, Any]], datetime | None]:
    agenda = Agenda()
    late = Bank(agenda, Draws(1), lambda _payer: behaviour).expect(news)
    return [each.body() for each in agenda.fire(BILLED + YEAR)], late


def test_most_money_comes_with_its_file_and_the_rest_within_three_business_days() -> None:
    found = [deposits(remittance(f"T{number}"), Behaviour()) for number in range(400)]
    days = [(told[0]["deposited_on"], late) for told, late in found]
    same = sum(on == "2026-03-02" and late is None for on, late in days)
    assert 300 < same < 380
    assert all(on <= "2026-03-05" for on, _late in days)
    assert any(late is not None for _on, late in days)


@pytest.mark.parametrize("news", [remittance("T", 0), msgspec.structs.replace(remittance("T"), copy=2)])
def test_no_payment_and_no_copy_brings_money(news: Remittance) -> None:
    assert [] == deposits(news, Behaviour())[0]


def test_a_reissued_check_comes_later_under_another_trace() -> None:
    behaviour = Behaviour(deposit_exactly=True, faults=Faults(check_reissued=10_000))
    [told], _late = deposits(remittance("123456789012"), behaviour)
    assert ("2026-03-22", "123456789012") == (told["deposited_on"], told["replaces_trace_number"])
    assert told["trace_number"] != "123456789012"
