"""An account played day by day, without a database."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.balance import BalanceLine, EncounterBalance, Transfer, TransferCause
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.facts import Fact
from patient_billing.domain.ledger import Entry, Position, WriteOffClass, position
from patient_billing.domain.morning import next_morning, wake
from patient_billing.domain.payment import Payment, PaymentMethod, PaymentPurpose
from patient_billing.domain.payments import take_payment
from patient_billing.domain.plan import PaymentPlan
from patient_billing.domain.policy import BillingPolicy
from patient_billing.domain.posting import Posting, entries_for, entries_for_transfer
from patient_billing.domain.statement import Statement
from patient_billing.domain.transfers import expect_encounter, take_transfer
from patient_billing.testing.office import CLINIC
from revcycle_kit.ids import SeededIds
from revcycle_kit.money import Cents
from revcycle_kit.values import replace

K = TypeVar("K")


class AccountBook:
    """One account, the ledgers of its encounters, and everything said, as days go by."""

    def __init__(self, policy: BillingPolicy | None = None) -> None:
        self.ids = SeededIds("book")
        self.account = PatientAccount(UUID(int=1), UUID(int=2), UUID(int=3), "America/Chicago")
        self.today = date(2026, 3, 2)
        self.policies = (policy,) if policy else ()
        self.postings: list[Posting] = []
        self.facts: list[Fact] = []
        self.statements: list[Statement] = []
        self.entries: dict[UUID, list[Entry]] = {}

    @classmethod
    def under(cls, **changes: Any) -> "AccountBook":
        """Open a book under a policy of its own."""
        return cls(replace(BillingPolicy(effective_on=date(2020, 1, 1)), **changes))

    @property
    def moment(self) -> Moment:
        now = datetime.combine(self.today, time(15), tzinfo=UTC)
        return Moment(now, self.today, self.ids.new_id, self.policies)

    def take(self, decision: Decision) -> Decision:
        """Make a decision real: post its postings, keep what it says."""
        self.account = decision.account
        for posting in decision.postings:
            entries = entries_for(posting, self.today, posting.posted_on)
            self.entries.setdefault(posting.encounter_id, []).extend(entries)
        self.postings.extend(decision.postings)
        self.facts.extend(decision.facts)
        self.statements.extend(decision.statements)
        return decision

    def do(self, deed: Callable[..., Decision], *args: Any, **kwargs: Any) -> Decision:
        """Run a deed that takes the account first and the moment last."""
        return self.take(deed(self.account, *args, self.moment, **kwargs))

    def owe(
        self,
        encounter: int,
        cents: int,
        *,
        cause: TransferCause = TransferCause.PATIENT_RESPONSIBILITY,
        lines: tuple[BalanceLine, ...] = (),
        estimate: int | None = None,
        service_on: date | None = None,
        insurance_open: bool = False,
    ) -> None:
        """Let claims move money to the patient (below zero: back)."""
        encounter_id = UUID(int=100 + encounter)
        on = service_on or date(2026, 2, 1) + timedelta(days=encounter)
        transfer = Transfer(
            self.ids.new_id(),
            encounter_id,
            CLINIC,
            Cents(cents),
            cause,
            on,
            self.today,
            lines,
            None if estimate is None else Cents(estimate),
            insurance_open,
        )
        self.entries.setdefault(encounter_id, []).extend(entries_for_transfer(Cents(cents), on, self.today))
        self.do(take_transfer, transfer)

    def pay(
        self,
        cents: int,
        *,
        encounter: int | None = None,
        purpose: PaymentPurpose = PaymentPurpose.BALANCE,
        method: PaymentMethod = PaymentMethod.CARD,
        statement: Statement | None = None,
        reference: str = "",
    ) -> UUID:
        """Receive a payment today and return its id."""
        payment_id = self.ids.new_id()
        encounter_id = None if encounter is None else UUID(int=100 + encounter)
        if encounter_id:
            self.account = expect_encounter(self.account, encounter_id, CLINIC, self.today)
        payment = Payment(payment_id, Cents(cents), method, purpose, self.today, encounter_id)
        statement_encounter_ids = statement.encounter_ids if statement else ()
        self.do(take_payment, replace(payment, statement_encounter_ids=statement_encounter_ids, reference=reference))
        return payment_id

    def pass_days(self, days: int) -> None:
        """Let mornings come, each on the day on which the account has to wake."""
        end = self.today + timedelta(days=days)
        policy = self.moment.policy
        while (on := next_morning(self.account, policy, self.today + timedelta(days=1))) is not None and on <= end:
            self.today = on
            self.do(wake)
        self.today = end

    @property
    def plan(self) -> PaymentPlan:
        """The plan of the account, which has one."""
        assert self.account.plan is not None
        return self.account.plan

    def balance(self, encounter: int) -> EncounterBalance:
        return self.account.known_balance(UUID(int=100 + encounter))

    def position(self, encounter: int) -> Position:
        return position(self.entries[UUID(int=100 + encounter)])

    def said(self, kind: type[K]) -> list[K]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def check(self) -> None:
        """Assert what must always hold: ledgers, account and cash say the same, to the cent."""
        for balance in self.account.balances:
            ledger = position(self.entries.get(balance.encounter_id, []))
            assert ledger == _as_position(balance)
            forgiven = ledger.discounted_cents + ledger.written_off_cents
            assert ledger.transferred_cents == forgiven + ledger.paid_cents + ledger.open_cents
            assert min([*balance.written_off_cents.values(), balance.refunded_cents, balance.discounted_cents]) >= 0
        _check_cash(self.account)


def _as_position(balance: EncounterBalance) -> Position:
    return Position(
        balance.transferred_cents,
        balance.discounted_cents,
        balance.forgiven_cents,
        Cents(balance.applied_cents - balance.refunded_cents),
        balance.open_cents,
    )


def _check_cash(account: PatientAccount) -> None:
    kept = [payment for payment in account.payments if payment.returned_on is None]
    assert all(payment.unapplied_cents >= 0 for payment in kept)
    applied = sum(balance.applied_cents for balance in account.balances)
    assert sum(payment.amount_cents for payment in kept) == applied + account.unapplied_cents
    bad_debt = sum(balance.written_off_cents.get(WriteOffClass.BAD_DEBT, 0) for balance in account.balances)
    assert account.placed_cents == bad_debt


def balance_line(number: int, charge: int, **cents: int) -> BalanceLine:
    """Make a line of a statement."""
    amounts = {f"{name}_cents": Cents(amount) for name, amount in cents.items()}
    return BalanceLine(number, f"9921{number}", date(2026, 2, 2), Cents(charge), **amounts)
