"""The patient's side of the journeys with exact money."""

from datetime import date, timedelta

import pytest

from patient_billing.domain.balance import TransferCause
from patient_billing.domain.dispute import has_dispute_right
from patient_billing.domain.facts import (
    AccountPlacedWithAgency,
    AccountSettled,
    PaymentPlanCompleted,
    PaymentPlanMissed,
    StatementIssued,
)
from patient_billing.domain.payment import Payment, PaymentMethod, PaymentPurpose
from patient_billing.domain.placements import recall
from patient_billing.domain.plans import start_plan
from patient_billing.domain.recoveries import take_recovery
from patient_billing.testing.accounts import AccountBook, balance_line
from revcycle_kit.errors import Refusal
from revcycle_kit.money import Cents


def test_j1_one_statement_of_76_dollars_is_paid_and_settles_the_account(book: AccountBook) -> None:
    lines = (balance_line(1, 250_00, insurance_paid=104_00, adjusted=70_00, deductible=50_00, coinsurance=26_00),)
    book.owe(1, 76_00, lines=lines)
    book.pass_days(3)

    [statement] = book.statements
    assert 76_00 == statement.balance_cents
    assert 1 == statement.number
    [item] = statement.items
    assert (250_00, 104_00, 70_00, 76_00) == (
        item.charged_cents,
        item.insurance_paid_cents,
        item.adjusted_cents,
        item.share_cents,
    )

    book.pay(76_00)
    book.pass_days(200)

    assert (76_00, 0) == (book.position(1).paid_cents, book.position(1).open_cents)
    assert 1 == len(book.statements)
    assert 1 == len(book.said(AccountSettled))
    book.check()


def test_j2_a_copay_taken_at_service_waits_for_its_encounter_and_no_statement_follows(book: AccountBook) -> None:
    book.owe(9, 12_00)
    book.pay(30_00, encounter=2, purpose=PaymentPurpose.COPAY, method=PaymentMethod.CASH)

    assert 30_00 == book.account.unapplied_cents, "the older balance of another encounter may not eat the copay"

    book.pay(12_00, encounter=9)
    book.owe(2, 30_00)
    book.pass_days(200)

    assert (30_00, 30_00, 0) == (
        book.position(2).transferred_cents,
        book.position(2).paid_cents,
        book.position(2).open_cents,
    )
    assert [] == book.statements
    assert 0 == book.account.unapplied_cents
    book.check()


def test_j8_what_the_payer_pays_after_all_goes_back_to_the_patient(book: AccountBook) -> None:
    book.owe(8, 150_00)
    book.pass_days(10)
    book.pay(150_00)
    book.owe(8, -120_00)

    assert -120_00 == book.position(8).open_cents

    book.pass_days(60)

    [refund] = [posting for posting in book.postings if posting.kind == "refund"]
    assert 120_00 == refund.amount_cents
    assert (30_00, 30_00, 0) == (
        book.position(8).transferred_cents,
        book.position(8).paid_cents,
        book.position(8).open_cents,
    )
    assert book.account.settled
    book.check()


@pytest.mark.parametrize("paid_first", [True, False])
def test_j9_twenty_dollars_reversed_and_restated_are_not_billed_twice(book: AccountBook, paid_first: bool) -> None:  # noqa: FBT001 - a parameter of the test
    share = (balance_line(1, 130_00, insurance_paid=80_00, adjusted=30_00, copay=20_00),)
    book.owe(9, 20_00, lines=share)
    book.pass_days(5)
    if paid_first:
        book.pay(20_00)
    book.owe(9, -20_00)
    book.pass_days(3)
    book.owe(9, 20_00, lines=share)
    book.pass_days(20)
    if not paid_first:
        assert {20_00} == {statement.balance_cents for statement in book.statements}
        book.pay(20_00)
    book.pass_days(200)

    assert (20_00, 20_00, 0) == (
        book.position(9).transferred_cents,
        book.position(9).paid_cents,
        book.position(9).open_cents,
    )
    assert [] == [posting for posting in book.postings if posting.kind == "refund"]
    book.check()


def test_j10_self_pay_gets_its_discount_and_a_plan_of_six() -> None:
    book = AccountBook.under(self_pay_discount_basis_points=4000)
    book.owe(10, 1_250_00, cause=TransferCause.SELF_PAY, estimate=720_00)

    assert 500_00 == book.position(10).discounted_cents
    assert 750_00 == book.account.due_cents
    assert not has_dispute_right(book.balance(10), book.today)

    book.do(start_plan, 6, date(2026, 4, 1))
    assert [125_00] * 6 == [part.amount_cents for part in book.plan.installments]
    for month in (4, 5, 6, 8, 8):
        book.pass_days((date(2026, month, 1) - book.today).days)
        book.pay(125_00, purpose=PaymentPurpose.PLAN)

    assert 125_00 == book.account.due_cents
    [missed] = book.said(PaymentPlanMissed)
    assert (4, date(2026, 7, 1), 125_00) == (missed.installment, missed.due_on, missed.amount_cents)
    assert book.plan.current(book.today)
    assert [] == book.statements

    book.pass_days(31)
    book.pay(125_00, purpose=PaymentPurpose.PLAN)

    assert 1 == len(book.said(PaymentPlanCompleted))
    assert (500_00, 750_00, 0) == (
        book.position(10).discounted_cents,
        book.position(10).paid_cents,
        book.position(10).open_cents,
    )
    book.check()


@pytest.mark.parametrize(("billed", "right"), [(1_119_99, False), (1_120_00, True)])
def test_j10_the_right_to_dispute_begins_exactly_400_dollars_above_the_estimate(
    book: AccountBook,
    billed: int,
    right: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    book.owe(10, billed, cause=TransferCause.SELF_PAY, estimate=720_00)
    book.pass_days(5)

    assert right == has_dispute_right(book.balance(10), book.today)
    assert not has_dispute_right(book.balance(10), book.today + timedelta(days=121))


def test_j14_bad_debt_follows_four_statements_and_day_120_and_the_agency_brings_some_back(book: AccountBook) -> None:
    book.owe(14, 215_00)
    book.pass_days(5)
    book.pay(40_00)
    book.pass_days(115)

    first = book.statements[0].issued_on
    assert [0, 30, 60, 90] == [(statement.issued_on - first).days for statement in book.statements]
    assert [1, 2, 3, 4] == [statement.number for statement in book.statements]
    assert [215_00, 175_00, 175_00, 175_00] == [fact.balance_cents for fact in book.said(StatementIssued)]
    assert [None, None, None, first + timedelta(days=120)] == [part.placement_after for part in book.statements]
    assert [] == book.said(AccountPlacedWithAgency)

    book.pass_days(60)

    [placed] = book.said(AccountPlacedWithAgency)
    assert ("bad_debt", 175_00, first + timedelta(days=121)) == (placed.kind, placed.amount_cents, placed.placed_on)
    assert (40_00, 175_00, 0) == _paid_written_open(book)

    recovery = Payment(book.ids.new_id(), Cents(60_00), PaymentMethod.AGENCY, PaymentPurpose.RECOVERY, book.today)
    book.do(take_recovery, recovery, placed.placement_id, None)

    [posting] = [posting for posting in book.postings if posting.kind == "recovery"]
    assert (60_00, 15_00) == (posting.amount_cents, posting.fee_cents)
    assert (100_00, 115_00, 0) == _paid_written_open(book)
    book.check()

    with pytest.raises(Refusal, match="more than is left"):
        book.do(
            take_recovery,
            Payment(book.ids.new_id(), Cents(115_01), PaymentMethod.AGENCY, PaymentPurpose.RECOVERY, book.today),
            placed.placement_id,
            None,
        )
    book.do(recall, placed.placement_id)
    assert (100_00, 0, 115_00) == _paid_written_open(book)
    book.check()


def _paid_written_open(book: AccountBook) -> tuple[int, int, int]:
    ledger = book.position(14)
    return (ledger.paid_cents, ledger.written_off_cents, ledger.open_cents)
