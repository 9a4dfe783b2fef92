"""What a service costs, what is charged, and what a coder still has to say."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from claims.domain.charging import LineCoding, SentCharge, SentDiagnosis, post, priced, receive, recoded
from claims.domain.coding import missing
from claims.domain.encounters import Encounter
from claims.domain.pricing import Price, PriceList, Rate, expected_allowed
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents

ON = date(2026, 1, 10)
PPO = derived_id("payer")


def encounter(**more: Any) -> Encounter:
    """Register a visit."""
    ids: dict[str, Any] = {
        name: derived_id(name)
        for name in ("encounter_id", "organization_id", "clinic_id", "billing_entity_id", "patient_id", "guarantor_id")
    }
    return Encounter(service_on=ON, rendering_provider_id=derived_id("provider"), **ids, **more)


def sent(code: str = "99213", **more: Any) -> SentCharge:
    """Say that a service was rendered."""
    return SentCharge(line_id=derived_id("line", code), code=code, **more)


def price(cents: int, since: date = date(2026, 1, 1), **more: Any) -> Price:
    """Set a price."""
    return Price(code="99213", unit_cents=Cents(cents), effective_on=since, **more)


ICD = (SentDiagnosis(code="E11.9"),)


def charged(*charges: SentCharge, prices: PriceList | None = None) -> Encounter:
    """Receive and price services."""
    return priced(receive(encounter(), charges, ICD, complete=True), prices)


def test_the_price_of_the_day_counts() -> None:
    prices = PriceList().with_prices([price(10000), price(12000, date(2026, 2, 1))])

    assert 10000 == charged(sent(), prices=prices).charges[0].charge_cents
    assert 12000 == charged(sent(service_on=date(2026, 2, 1)), prices=prices).charges[0].charge_cents
    assert charged(sent(service_on=date(2025, 12, 31)), prices=prices).charges[0].charge_cents is None


def test_a_price_for_a_modifier_wins() -> None:
    prices = PriceList().with_prices([price(10000), price(4000, modifier="26")])

    assert 4000 == charged(sent(modifiers=("26",)), prices=prices).charges[0].charge_cents


def test_units_multiply_the_price_half_up() -> None:
    prices = PriceList().with_prices([price(333)])

    assert 500 == charged(sent(units=Decimal("1.5")), prices=prices).charges[0].charge_cents


def test_what_the_sender_charged_wins_unless_it_is_zero() -> None:
    prices = PriceList().with_prices([price(10000)])

    assert 7700 == charged(sent(amount_cents=7700), prices=prices).charges[0].charge_cents
    assert 10000 == charged(sent(amount_cents=0), prices=prices).charges[0].charge_cents


def test_the_chargemaster_knows_the_revenue_code() -> None:
    prices = PriceList().with_prices([price(10000, revenue_code="0510")])

    assert "0510" == charged(sent(), prices=prices).charges[0].revenue_code


def test_a_row_with_the_same_start_is_replaced() -> None:
    prices = PriceList().with_prices([price(10000)]).with_prices([price(11000)])

    assert 1 == len(prices.prices["99213"])
    assert 11000 == charged(sent(), prices=prices).charges[0].charge_cents


@pytest.mark.parametrize(
    ("rate", "allowed"),
    [
        ({"unit_cents": 8000}, 16000),
        ({"unit_cents": 20000}, 25000),
        ({"charge_basis_points": 6500}, 16250),
    ],
)
def test_a_contract_never_allows_more_than_the_charge(rate: dict[str, Any], allowed: int) -> None:
    row = Rate(payer_id=PPO, code="*", effective_on=date(2026, 1, 1), **rate)
    prices = PriceList().with_rates([row])

    assert allowed == expected_allowed(prices.rate(PPO, "99213", (), ON), Cents(25000), Decimal(2))
    assert expected_allowed(prices.rate(derived_id("other"), "99213", (), ON), Cents(25000), Decimal(2)) is None


def test_the_same_line_twice_is_one_line() -> None:
    once = receive(encounter(), (sent(amount_cents=5000),), ICD, complete=True)

    assert 1 == len(receive(once, (sent(amount_cents=5000),), ICD, complete=True).charges)


def test_a_credit_before_posting_leaves_nothing() -> None:
    received = receive(encounter(), (sent(amount_cents=5000), sent(amount_cents=5000, credit=True)), ICD, complete=True)

    after, posted, gone = post(priced(received, None), ON)

    assert ((), (), ()) == (after.charges, posted, gone)


def test_a_credit_after_posting_is_a_reversal_and_a_second_one_is_nothing() -> None:
    after, _, _ = post(charged(sent(amount_cents=5000)), ON)
    credit = sent(amount_cents=5000, credit=True)

    credited, _, gone = post(receive(after, (credit,), (), complete=True), ON)
    again, _, nothing = post(receive(credited, (credit,), (), complete=True), ON)

    assert (1, 0, 0) == (len(gone), credited.charged_cents, again.charged_cents)
    assert () == nothing


def test_a_credit_without_its_line_id_takes_the_newest_equal_service() -> None:
    after, _, _ = post(charged(sent(amount_cents=5000)), ON)
    stray = SentCharge(line_id=derived_id("stray"), code="99213", credit=True)

    _, _, [gone] = post(receive(after, (stray,), (), complete=True), ON)

    assert derived_id("line", "99213") == gone.line_id


@pytest.mark.parametrize(
    ("charge", "what"),
    [
        (sent("185349003", system="snomed", amount_cents=100), "procedure"),
        (sent("OFFICE", amount_cents=100), "procedure"),
        (sent("99213"), "price"),
        (sent("99213", amount_cents=100, units=Decimal(0)), "units"),
        (sent("0510", system="revenue", amount_cents=100), "procedure"),
    ],
)
def test_a_coder_is_told_what_a_line_lacks(charge: SentCharge, what: str) -> None:
    [lack] = missing(charged(charge))

    assert (what, charge.line_id) == (lack.what, lack.line_id)
    assert lack.where
    assert lack.fix


def test_a_visit_lacks_a_diagnosis_or_a_provider() -> None:
    bare = receive(
        encounter(), (sent(amount_cents=100),), (SentDiagnosis(code="44054006", system="snomed"),), complete=True
    )

    assert ["diagnosis"] == [missing_code.what for missing_code in missing(priced(bare, None))]
    assert "snomed" in missing(priced(bare, None))[0].fix


def test_a_coders_answer_completes_a_line_and_leaves_the_price_of_posted_ones_alone() -> None:
    unmapped = charged(sent("185349003", system="snomed"), sent(amount_cents=5000))
    posted, _, _ = post(unmapped, ON)
    answers = {
        charge.line_id: LineCoding(line_id=charge.line_id, code="99214", charge_cents=Cents(9000))
        for charge in posted.charges
    }

    coded = recoded(posted, answers, ())

    assert [("99214", "hcpcs", 9000), ("99213", "hcpcs", 5000)] == [
        (charge.code, charge.system, charge.charge_cents) for charge in coded.charges
    ]
    assert () == missing(coded)


def test_a_coder_says_the_diagnosis_of_a_line_that_is_charged_already() -> None:
    bare, _, _ = post(priced(receive(encounter(), (sent(amount_cents=5000),), (), complete=True), None), ON)
    [line] = bare.charges
    answer = LineCoding(line_id=line.line_id, diagnoses=("Z23",), modifiers=("25",))

    coded = recoded(bare, {line.line_id: answer}, ())

    assert (("Z23",), ("25",), 5000) == (
        coded.charges[0].diagnoses,
        coded.charges[0].modifiers,
        coded.charges[0].charge_cents,
    )
    assert () == missing(coded)


def test_a_coder_may_remove_a_line_that_is_no_service() -> None:
    waiting = charged(sent("224299000", system="snomed"))
    remove = LineCoding(line_id=waiting.charges[0].line_id, remove=True)

    after, posted, gone = post(recoded(waiting, {remove.line_id: remove}, ()), ON)

    assert ((), (), ()) == (after.charges, posted, gone)
