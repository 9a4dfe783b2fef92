"""Nothing is given back while a payer may still move what the patient owes."""

from uuid import UUID

from patient_billing.domain.payment import PaymentMethod, PaymentPurpose
from patient_billing.domain.payments import release_payments
from patient_billing.domain.transfers import change_insurance
from patient_billing.testing.accounts import AccountBook

HERE = UUID(int=101)


def refunds(book: AccountBook) -> list[int]:
    return [posting.amount_cents for posting in book.postings if posting.kind == "refund"]


def test_a_copay_waits_for_insurance_however_long_it_is_open(book: AccountBook) -> None:
    book.pay(30_00, encounter=1, purpose=PaymentPurpose.COPAY, method=PaymentMethod.CASH)
    book.do(change_insurance, HERE, insurance_open=True)
    book.pass_days(400)
    assert ([], 30_00) == (refunds(book), book.account.unapplied_cents)

    book.owe(1, 20_00)
    book.pass_days(14)
    assert [10_00] == refunds(book), "the insurers have decided: what is too much goes back when it has rested"
    book.check()


def test_the_rest_of_a_copay_stays_while_another_line_is_undecided(book: AccountBook) -> None:
    book.pay(30_00, encounter=1, purpose=PaymentPurpose.COPAY, method=PaymentMethod.CASH)
    book.owe(2, 15_00)
    book.owe(1, 10_00, insurance_open=True)
    book.pass_days(60)
    assert ([], 20_00) == (refunds(book), book.account.unapplied_cents)
    assert (10_00, 0) == (book.position(1).paid_cents, book.position(2).paid_cents)

    book.owe(1, 20_00)

    assert (0, 30_00) == (book.account.unapplied_cents, book.position(1).paid_cents)
    book.check()


def test_a_credit_rests_from_the_day_on_which_insurance_closed(book: AccountBook) -> None:
    book.owe(1, 80_00)
    book.pay(80_00)
    book.owe(1, -50_00, insurance_open=True)
    book.pass_days(90)
    assert [] == refunds(book)

    book.do(change_insurance, HERE, insurance_open=False)
    book.pass_days(13)
    assert [] == refunds(book)
    book.pass_days(1)
    assert [50_00] == refunds(book)
    book.check()


def test_what_is_paid_beyond_a_statement_stays_while_insurance_is_open_on_it(book: AccountBook) -> None:
    book.owe(1, 50_00, insurance_open=True)
    book.pass_days(5)
    book.pay(80_00, statement=book.statements[0], reference="receipt-1")
    book.pass_days(60)
    assert ([], 30_00) == (refunds(book), book.account.unapplied_cents)

    book.owe(2, 30_00)
    assert (0, 30_00) == (book.account.unapplied_cents, book.position(2).paid_cents), "it may serve what is due"
    book.check()


def test_no_morning_is_armed_for_what_waits_for_insurance(book: AccountBook) -> None:
    book.pay(30_00, encounter=1, purpose=PaymentPurpose.COPAY, method=PaymentMethod.CASH)
    book.do(change_insurance, HERE, insurance_open=True)
    told = len(book.facts)
    book.pass_days(1_000)
    assert told == len(book.facts)
    book.do(release_payments, HERE)
    book.pass_days(14)
    assert [30_00] == refunds(book), "an encounter that does not take place has no insurance to wait for"
