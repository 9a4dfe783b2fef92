"""Shares, accumulators and balance: what must hold for every claim."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from revcycle_sandbox.payer.pricing import CostShare
from revcycle_sandbox.world import Plan

amounts = st.integers(0, 500_000)


def test_a_cap_gives_back_coinsurance_then_copay_then_deductible() -> None:
    """50.00 + 30.00 + 20.00 owed, 60.00 left: all coinsurance and 10.00 of the copay come back."""
    owed = CostShare(deductible_cents=50_00, coinsurance_cents=30_00, copay_cents=20_00)
    assert CostShare(deductible_cents=50_00, coinsurance_cents=0, copay_cents=10_00) == owed.capped(60_00)
    assert CostShare(deductible_cents=10_00) == owed.capped(10_00)
    assert owed == owed.capped(100_00)


def test_the_deductible_is_used_up_in_the_order_of_processing(make: Any) -> None:
    """The claim that the payer decides first takes it, not the one of the earlier service."""
    plan = Plan(code="PLAN", payer="PPO01", deductible_cents=120_00)
    place = make.town([make.payer(fees={"G0463": 100_00})], [plan], [make.member()])
    later, earlier = make.line("G0463", 150_00, service_on=make.day(5)), make.line("G0463", 150_00)
    place.send(make.day(10), make.claim("LATER", later))
    place.send(make.day(20), make.claim("EARLIER", earlier))
    place.pass_until(make.day(60))
    by_claim = {decision.claim.patient_control_number: decision.adjusted("PR", "1") for decision in place.decisions}
    assert {"LATER": 100_00, "EARLIER": 20_00} == by_claim


def test_a_void_gives_the_deductible_back(make: Any) -> None:
    plan = Plan(code="PLAN", payer="PPO01", deductible_cents=100_00)
    place = make.town([make.payer(fees={"G0463": 100_00})], [plan], [make.member()])
    place.send(make.day(1), make.claim("C1", make.line("G0463", 150_00)))
    place.pass_until(make.day(20))
    number = place.decisions[0].control_number
    void = make.claim("C1V", make.line("G0463", 150_00), frequency="8", payer_control_number=number)
    place.send(make.day(21), void)
    place.send(make.day(40), make.claim("C2", make.line("G0463", 150_00, service_on=make.day(2))))
    place.pass_until(make.day(80))
    assert ["1", "22", "1"] == [decision.status for decision in place.decisions]
    assert 100_00 == place.decisions[2].adjusted("PR", "1")


def test_a_new_year_begins_with_nothing_used(make: Any) -> None:
    plan = Plan(code="PLAN", payer="PPO01", deductible_cents=100_00)
    place = make.town([make.payer(fees={"G0463": 100_00})], [plan], [make.member()])
    place.send(make.day(1), make.claim("C1", make.line("G0463", 150_00)))
    place.send(make.day(380), make.claim("C2", make.line("G0463", 150_00, service_on=make.day(370))))
    place.pass_until(make.day(420))
    assert [100_00, 100_00] == [decision.adjusted("PR", "1") for decision in place.decisions]


@settings(max_examples=60, deadline=None)
@given(
    charge=st.integers(1, 500_000),
    fee=amounts,
    deductible=amounts,
    rate=st.integers(0, 10_000),
    cap=st.none() | amounts,
    copay=st.none() | amounts,
    kind=st.sampled_from(["commercial", "medicare"]),
)
def test_paid_and_adjustments_always_add_up_to_the_charge(make: Any, **plan: Any) -> None:
    """Nothing is negative, and the patient never owes more than was allowed or the plan's maximum."""
    benefits = Plan(
        code="PLAN",
        payer="PPO01",
        deductible_cents=plan["deductible"],
        coinsurance_basis_points=plan["rate"],
        out_of_pocket_cents=plan["cap"],
        copays={} if plan["copay"] is None else {"G0463": plan["copay"]},
    )
    place = make.town([make.payer(fees={"G0463": plan["fee"]}, kind=plan["kind"])], [benefits], [make.member()])
    place.send(make.day(1), make.claim("C1", make.line("G0463", plan["charge"])))
    place.pass_until(make.day(40))
    decision = place.decisions[0]
    [line] = decision.lines
    assert 0 == line.imbalance_cents
    assert min([line.paid_cents, *(adjustment.amount_cents for adjustment in line.adjustments)]) >= 0
    assert decision.adjusted("PR") <= min(line.allowed_cents, plan["cap"] if plan["cap"] is not None else 10**9)


@settings(max_examples=60, deadline=None)
@given(
    primary=amounts,
    secondary=amounts,
    rate=st.integers(0, 10_000),
    method=st.sampled_from(["non_duplication", "lesser_of", "medigap", "supplement"]),
)
def test_a_secondary_never_pays_more_than_the_primary_left(
    make: Any, primary: int, secondary: int, rate: int, method: str
) -> None:
    """OA-23 restates the primary; payment, CO-45 and PR make up the rest."""
    plans = [
        Plan(code="PLAN", payer="PPO01", deductible_cents=50_00, coinsurance_basis_points=2_000),
        Plan(code="SECOND", payer="SEC02", coinsurance_basis_points=rate, coordination=method),
    ]
    payers = [make.payer(fees={"G0463": primary}), make.payer("SEC02", fees={"G0463": secondary})]
    place = make.town(payers, plans, [make.member(), make.member("S1", "SEC02", "SECOND")])
    place.send(make.day(1), make.claim("C1", make.line("G0463", 4_000_00)))
    place.pass_until(make.day(20))
    first = place.decisions[0]
    place.send(make.day(21), make.as_secondary(first, "SEC02", "S1", "C2"))
    place.pass_until(make.day(60))
    [line] = place.decisions[1].lines
    assert 0 == line.imbalance_cents
    assert 0 <= line.paid_cents <= first.adjusted("PR")
    assert first.charge_cents - first.adjusted("PR") == place.decisions[1].adjusted("OA", "23")
