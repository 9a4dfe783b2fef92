"""Whatever happens to an account, no cent is lost, made or hidden."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patient_billing.domain.allocation import allocate_payment, allocation_order
from patient_billing.domain.assistance import apply_for_assistance, decide_assistance
from patient_billing.domain.balance import EncounterBalance
from patient_billing.domain.credits import refund_now
from patient_billing.domain.disputes import open_dispute, resolve_dispute
from patient_billing.domain.holds import place_hold, release_hold
from patient_billing.domain.ledger import Entry, balance_of, moved, position
from patient_billing.domain.payment import Payment, PaymentMethod, PaymentPurpose
from patient_billing.domain.payments import release_payments, return_payment
from patient_billing.domain.placements import recall
from patient_billing.domain.plan import installments_for
from patient_billing.domain.plans import start_plan
from patient_billing.domain.recoveries import take_recovery
from patient_billing.domain.write_offs import write_off
from patient_billing.testing.accounts import AccountBook
from revcycle_kit.errors import Refusal
from revcycle_kit.money import Cents

CENTS = st.integers(1, 400_00)
ENCOUNTER = st.integers(1, 3)
CLASSES = st.sampled_from(["administrative", "courtesy", "small_balance"])
ACTION = st.one_of(
    st.tuples(st.just("owe"), ENCOUNTER, CENTS, st.sampled_from(["patient_responsibility", "self_pay", "not_covered"])),
    st.tuples(st.just("withdraw"), ENCOUNTER, CENTS),
    st.tuples(st.just("pay"), CENTS, st.sampled_from(["card", "check"]), st.none() | ENCOUNTER),
    st.tuples(st.just("copay"), CENTS, ENCOUNTER),
    st.tuples(st.just("bounce"), st.integers(0, 5)),
    st.tuples(st.just("days"), st.integers(1, 160)),
    st.tuples(st.just("forgive"), ENCOUNTER, CENTS, CLASSES),
    st.tuples(st.just("refund"), ENCOUNTER, CENTS),
    st.tuples(st.just("plan"), st.integers(1, 9)),
    st.tuples(st.just("hold")),
    st.tuples(st.just("lift")),
    st.tuples(st.just("dispute"), ENCOUNTER, CENTS),
    st.tuples(st.just("resolve"), CENTS),
    st.tuples(st.just("assistance"), st.integers(0, 10_000)),
    st.tuples(st.just("recovery"), CENTS),
    st.tuples(st.just("recall")),
    st.tuples(st.just("cancel"), ENCOUNTER),
)


def _act(book: AccountBook, action: tuple[Any, ...]) -> None:
    name, *args = action
    here = UUID(int=100 + args[0]) if args and name in {"forgive", "refund", "dispute", "cancel"} else UUID(int=0)
    deeds: dict[str, Callable[[], object]] = {
        "owe": lambda: book.owe(args[0], args[1], cause=args[2]),
        "withdraw": lambda: _withdraw(book, *args),
        "pay": lambda: book.pay(args[0], method=args[1], encounter=args[2]),
        "copay": lambda: book.pay(args[0], encounter=args[1], purpose=PaymentPurpose.COPAY, method=PaymentMethod.CASH),
        "bounce": lambda: _bounce(book, args[0]),
        "days": lambda: book.pass_days(args[0]),
        "forgive": lambda: book.do(write_off, here, args[2], Cents(args[1])),
        "refund": lambda: book.do(refund_now, here, Cents(args[1])),
        "plan": lambda: book.do(start_plan, args[0], book.today),
        "hold": lambda: book.do(place_hold, "bankruptcy"),
        "lift": lambda: book.do(release_hold, "bankruptcy"),
        "dispute": lambda: book.do(open_dispute, here, "dispute", Cents(args[1])),
        "resolve": lambda: [
            book.do(resolve_dispute, part.dispute_id, "adjusted", Cents(args[0])) for part in book.account.disputes
        ],
        "assistance": lambda: _assist(book, args[0]),
        "recovery": lambda: _recover_all(book, args[0]),
        "recall": lambda: [book.do(recall, part.placement_id) for part in book.account.placements],
        "cancel": lambda: book.do(release_payments, here),
    }
    deeds[name]()


def _withdraw(book: AccountBook, encounter: int, cents: int) -> None:
    """Claims withdraws at most what it moved before."""
    known = book.account.balance(UUID(int=100 + encounter))
    if known and known.transferred_cents > 0:
        book.owe(encounter, -min(cents, known.transferred_cents))


def _bounce(book: AccountBook, number: int) -> None:
    if number < len(book.account.payments):
        book.do(return_payment, book.account.payments[number].payment_id, "insufficient funds")


def _assist(book: AccountBook, basis_points: int) -> None:
    book.do(apply_for_assistance)
    book.do(decide_assistance, book.account.applications[-1].application_id, basis_points)


def _recover_all(book: AccountBook, cents: int) -> None:
    for placement in book.account.placements:
        payment = Payment(book.ids.new_id(), Cents(cents), PaymentMethod.AGENCY, PaymentPurpose.RECOVERY, book.today)
        book.do(take_recovery, payment, placement.placement_id, None)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(ACTION, max_size=25))
def test_transferred_is_paid_plus_forgiven_plus_open_whatever_happens(actions: list[tuple[Any, ...]]) -> None:
    book = AccountBook.under(self_pay_discount_basis_points=4000)
    for action in actions:
        try:
            _act(book, action)
        except Refusal:
            continue
        finally:
            book.check()

    book.pass_days(3_000)
    book.check()
    if not book.account.held:
        assert 0 == book.account.credit_cents, "every credit is refunded or used in the end"
        assert 0 == book.account.unapplied_cents


@given(
    amount=st.integers(1, 10**9),
    owed=st.lists(st.tuples(st.integers(-500_00, 500_00), st.integers(1, 28)), max_size=8),
    directed=st.integers(0, 9),
)
def test_shares_and_rest_add_up_to_the_payment_and_none_exceeds_its_balance(
    amount: int, owed: list[tuple[int, int]], directed: int
) -> None:
    balances = [
        EncounterBalance(UUID(int=index), UUID(int=99), date(2026, 1, day), transferred_cents=Cents(cents))
        for index, (cents, day) in enumerate(owed)
    ]
    order = allocation_order(balances, UUID(int=directed))
    shares = allocate_payment(Cents(amount), order)

    given_out = sum(share.amount_cents for share in shares)
    assert given_out == min(amount, sum(balance.due_cents for balance in balances))
    due = {balance.encounter_id: balance.due_cents for balance in balances}
    assert all(0 < share.amount_cents <= due[share.encounter_id] for share in shares)
    days = [balance.service_on for balance in order if balance.encounter_id != UUID(int=directed)]
    assert days == sorted(days), "the oldest is served first"


@given(total=st.integers(1, 10**9), count=st.integers(1, 36))
def test_installments_add_up_and_differ_by_one_cent_at_most(total: int, count: int) -> None:
    parts = [part.amount_cents for part in installments_for(Cents(total), count, date(2026, 1, 31))]

    assert total == sum(parts)
    assert max(parts) - min(parts) <= 1
    assert parts == sorted(parts, reverse=True)


ACCOUNT = st.sampled_from(["receivable.patient", "transfer.insurance", "unapplied.patient", "write_off.charity"])


@given(moves=st.lists(st.tuples(ACCOUNT, ACCOUNT, st.integers(-(10**9), 10**9))))
def test_a_ledger_cannot_be_out_of_balance(moves: list[tuple[str, str, int]]) -> None:
    on = date(2026, 1, 1)
    entries: list[Entry] = []
    for debit, credit, cents in moves:
        entries.extend(moved(debit, credit, Cents(cents), service_on=on, posted_on=on))

    accounts = {entry.debit for entry in entries} | {entry.credit for entry in entries}
    assert 0 == sum(balance_of(account, entries) for account in accounts)
    assert all(entry.amount_cents > 0 for entry in entries)
    ledger = position(entries)
    forgiven = ledger.written_off_cents + ledger.discounted_cents
    assert ledger.transferred_cents == forgiven + ledger.paid_cents + ledger.open_cents
