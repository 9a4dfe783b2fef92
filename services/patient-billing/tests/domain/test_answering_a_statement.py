"""A payment that answers a statement pays what the statement asked for, also beside a plan."""

from datetime import date
from uuid import UUID

import pytest

from patient_billing.domain.payment import PaymentPurpose
from patient_billing.domain.payments import return_payment
from patient_billing.domain.plans import start_plan
from patient_billing.testing.accounts import AccountBook
from revcycle_kit.errors import Conflict, Refusal


@pytest.fixture
def beside(book: AccountBook) -> AccountBook:
    """An older visit of 90.00 on a plan of three, and a newer one of 40.00 on a statement."""
    book.owe(1, 90_00)
    book.do(start_plan, 3, date(2026, 4, 1))
    book.owe(2, 40_00)
    book.pass_days(5)
    return book


def test_the_newer_visit_is_paid_and_not_billed_again(beside: AccountBook) -> None:
    [statement] = beside.statements
    beside.pay(40_00, statement=statement)
    beside.pass_days(25)

    assert (90_00, 0) == (beside.balance(1).due_cents, beside.balance(2).due_cents)
    assert (90_00, [statement]) == (beside.plan.left_cents, beside.statements)
    beside.check()


def test_a_payment_that_names_no_statement_still_serves_the_plan_first(beside: AccountBook) -> None:
    beside.pay(40_00)
    assert (50_00, 40_00) == (beside.balance(1).due_cents, beside.balance(2).due_cents)


def test_what_exceeds_the_statement_serves_the_plan(beside: AccountBook) -> None:
    beside.pay(70_00, statement=beside.statements[0])
    assert (60_00, 0) == (beside.plan.left_cents, beside.plan.share_of(UUID(int=102)))
    assert (60_00, 0) == (beside.balance(1).due_cents, beside.balance(2).due_cents)


def test_of_a_visit_that_a_plan_holds_in_part_the_other_part_is_paid(book: AccountBook) -> None:
    book.owe(1, 90_00)
    book.do(start_plan, 3, date(2026, 4, 1))
    book.owe(1, 30_00)
    book.owe(2, 40_00)
    book.pass_days(5)
    [statement] = book.statements
    assert 70_00 == statement.balance_cents

    book.pay(70_00, statement=statement)

    assert (90_00, 0) == (book.balance(1).due_cents, book.balance(2).due_cents)
    assert 90_00 == book.plan.left_cents, "the installments stay as they were agreed"
    book.pass_days(25)
    assert [statement] == book.statements
    book.check()


def test_an_answer_that_bounces_is_asked_for_by_statements_again_and_not_by_the_plan(book: AccountBook) -> None:
    book.owe(1, 90_00)
    book.do(start_plan, 3, date(2026, 4, 1))
    book.pay(30_00, purpose=PaymentPurpose.PLAN)
    book.owe(1, 30_00)
    book.pass_days(5)
    answer = book.pay(30_00, statement=book.statements[0])
    book.do(return_payment, answer, "insufficient_funds")

    assert (90_00, 60_00) == (book.balance(1).due_cents, book.plan.left_cents)
    book.pass_days(31)
    assert [30_00, 30_00] == [statement.balance_cents for statement in book.statements]
    book.check()


def test_what_is_paid_twice_by_card_serves_the_next_balance_before_it_is_refunded(book: AccountBook) -> None:
    book.owe(1, 50_00)
    book.pass_days(5)
    book.pay(50_00, statement=book.statements[0], reference="receipt-1")
    book.pay(50_00, statement=book.statements[0], reference="receipt-2")
    assert 50_00 == book.account.unapplied_cents

    book.owe(2, 30_00)
    book.pass_days(20)

    assert (30_00, 0) == (book.position(2).paid_cents, book.account.unapplied_cents)
    assert [20_00] == [posting.amount_cents for posting in book.postings if posting.kind == "refund"]
    book.check()


def test_a_card_that_is_still_to_be_charged_is_not_charged_above_what_is_owed(book: AccountBook) -> None:
    book.owe(1, 50_00)
    with pytest.raises(Refusal, match=r"owes \$50\.00") as refused:
        book.pay(50_01)
    assert not isinstance(refused.value, Conflict), "nobody may be told to charge it again later"


def test_the_oldest_visit_of_the_statement_comes_first(book: AccountBook) -> None:
    book.owe(1, 50_00)
    book.owe(2, 30_00)
    book.pass_days(5)
    book.owe(3, 20_00, service_on=date(2026, 1, 2))
    book.pay(60_00, statement=book.statements[0])

    assert [0, 20_00, 20_00] == [book.balance(number).due_cents for number in (1, 2, 3)]
