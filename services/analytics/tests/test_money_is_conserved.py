"""What two ledgers say of an encounter adds up, whatever they post; what has no meaning here does not pass unseen."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.figures.money import Amounts, Cash, amounts_of, cash_of
from revcycle_kit.money import Cents


@dataclass(frozen=True)
class Entry:
    debit: str
    credit: str
    amount_cents: Cents


INSURANCE = st.sampled_from(
    [
        "revenue.charges",
        "payment.insurance",
        "adjustment.contractual",
        "adjustment.capitated",
        "write_off.denial",
        "write_off.timely",
        "transfer.patient",
    ]
)
PATIENT = st.sampled_from(
    [
        "transfer.insurance",
        "unapplied.patient",
        "refund.patient",
        "adjustment.self_pay_discount",
        "write_off.bad_debt",
        "write_off.charity",
    ]
)
CASH = st.sampled_from(
    ["cash.insurance", "unapplied.insurance", "payment.insurance", "liability.recoupment", "income.nonclaim"]
)
CENTS = st.integers(1, 10**9)


def entry(debit: str, credit: str, cents: int) -> Entry:
    return Entry(debit, credit, Cents(cents))


def entries(other: st.SearchStrategy[str], account: str) -> st.SearchStrategy[list[Entry]]:
    """Draw double entries between an account and others, in both directions."""
    drawn_entry = st.tuples(other, CENTS, st.booleans()).map(
        lambda drawn: entry(account, drawn[0], drawn[1]) if drawn[2] else entry(drawn[0], account, drawn[1])
    )
    return st.lists(drawn_entry, max_size=12)


@given(entries(INSURANCE, "receivable.insurance"), entries(PATIENT, "receivable.patient"))
def test_every_dollar_charged_is_paid_adjusted_written_off_or_open(
    insurance: list[Entry], patient: list[Entry]
) -> None:
    money = amounts_of("claims", insurance).plus(amounts_of("patient_billing", patient))

    assert 0 == money.gone_cents
    assert 0 == money.unknown_cents
    assert money.settled == (0 == money.insurance_open_cents == money.patient_open_cents == money.in_transit_cents)


@given(st.lists(st.tuples(CASH, CASH, CENTS).map(lambda drawn: entry(*drawn)), max_size=12))
def test_every_deposit_is_applied_unapplied_or_belongs_to_no_claim(drawn: list[Entry]) -> None:
    assert 0 == cash_of(drawn).gone_cents


def test_an_account_without_meaning_is_counted_apart_and_breaks_the_sum() -> None:
    money = amounts_of("claims", [entry("receivable.insurance", "suspense.unheard_of", 5_00)])

    assert -5_00 == money.unknown_cents
    assert -5_00 == money.gone_cents


def test_a_refund_lowers_what_the_patient_paid_and_the_credit_balance() -> None:
    paid = amounts_of("patient_billing", [entry("unapplied.patient", "receivable.patient", 150_00)])
    refunded = amounts_of("patient_billing", [entry("receivable.patient", "refund.patient", 120_00)])

    money = paid.plus(refunded)

    assert (30_00, 120_00, -30_00) == (money.patient_paid_cents, money.refunded_cents, money.patient_open_cents)


def test_what_claims_transferred_is_in_transit_until_patient_billing_has_it() -> None:
    sent = amounts_of("claims", [entry("transfer.patient", "receivable.insurance", 76_00)])
    taken_up = amounts_of("patient_billing", [entry("receivable.patient", "transfer.insurance", 76_00)])

    assert 76_00 == sent.in_transit_cents
    assert 0 == sent.plus(taken_up).in_transit_cents


@pytest.mark.parametrize(
    ("account", "part"),
    [
        ("write_off.denial", "refused_loss_cents"),
        ("write_off.timely", "refused_loss_cents"),
        ("write_off.bad_debt", "bad_debt_cents"),
        ("write_off.charity", "charity_cents"),
    ],
)
def test_a_write_off_is_a_loss_of_its_kind(account: str, part: str) -> None:
    money = amounts_of("claims", [entry(account, "receivable.insurance", 7_00)])

    assert 7_00 == money.written_off_cents
    assert 7_00 == getattr(money, part)


def test_a_takeback_kept_by_the_payer_is_a_debt_and_no_cash() -> None:
    """J13: the file pays 140.00 and keeps 60.00 for later; 80.00 net is applied to encounters."""
    cash = cash_of(
        [
            entry("cash.insurance", "unapplied.insurance", 140_00),
            entry("unapplied.insurance", "liability.recoupment", 60_00),
            entry("unapplied.insurance", "payment.insurance", 80_00),
        ]
    )

    assert Cash(deposits_cents=Cents(140_00), applied_cents=Cents(80_00), recoupment_cents=Cents(60_00)) == cash


def test_nothing_is_nothing() -> None:
    assert Amounts() == amounts_of("claims", [])
