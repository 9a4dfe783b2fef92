"""Patient billing under test: an account played day by day, and the service on real PostgreSQL with scripted mail."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from patient_billing import consumed
from patient_billing.domain.account import PatientAccount
from patient_billing.domain.balance import BalanceLine, Cause, EncounterBalance, Transfer
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.encounter import BilledEncounter
from patient_billing.domain.facts import Fact
from patient_billing.domain.ledger import Entry, Position, position
from patient_billing.domain.morning import next_morning, wake
from patient_billing.domain.payment import Method, Payment, Purpose
from patient_billing.domain.payments import take_payment
from patient_billing.domain.policy import BillingPolicy
from patient_billing.domain.posting import Posting, entries_for, entries_for_transfer
from patient_billing.domain.statement import Statement
from patient_billing.domain.transfers import expect_encounter, take_transfer
from patient_billing.messages import account_id_of, account_stream, encounter_stream
from patient_billing.service import build
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.ids import SeededIds, derived_id
from revcycle_kit.money import Cents
from revcycle_kit.testing.harness import Harness

ORGANIZATION = UUID(int=1)
CLINIC = UUID(int=2)
ENTITY = UUID(int=3)
GUARANTOR = UUID(int=4)
START = datetime(2026, 3, 2, 15, tzinfo=UTC)


class Letterbox:
    """The mail partner of the tests: keeps what it is given, once per key."""

    def __init__(self) -> None:
        self.letters: dict[str, tuple[bytes, dict[str, Any]]] = {}

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        """Keep the letter."""
        self.letters.setdefault(key, (document, json.loads(cover)))

    @property
    def covers(self) -> list[dict[str, Any]]:
        return [cover for _, cover in self.letters.values()]


class Office:
    """Patient billing, and what happens to it, in the words of a biller."""

    organization_id, clinic_id, entity_id, guarantor_id = ORGANIZATION, CLINIC, ENTITY, GUARANTOR
    account_id = account_id_of(ENTITY, GUARANTOR)
    account = account_stream(ENTITY, account_id_of(ENTITY, GUARANTOR))

    def __init__(self, harness: Harness, letterbox: Letterbox) -> None:
        self.harness = harness
        self.letterbox = letterbox

    @staticmethod
    def encounter(number: int) -> StreamRef:
        """Return the stream of an encounter."""
        return encounter_stream(CLINIC, UUID(int=100 + number))

    async def know_directory(self) -> None:
        """Hear of the clinic and of the billing entity."""
        clinic = consumed.ClinicUpdated(clinic_id=CLINIC, name="Lakeside Clinic", time_zone="America/Chicago")
        await self.harness.hear("eligibility", clinic, StreamRef("organization", ORGANIZATION, "directory", CLINIC))
        entity = consumed.BillingEntityUpdated(
            billing_entity_id=ENTITY,
            name="Lakeside Medical Group",
            address=consumed.Address(line1="1 Shore Road", city="Duluth", state="MN", postal_code="55802"),
            contact_phone="218-555-0100",
        )
        await self.harness.hear("eligibility", entity, StreamRef("organization", ORGANIZATION, "directory", ENTITY))

    async def register(self, number: int, *, email: str = "", service_on: date = date(2026, 2, 20)) -> None:
        """Hear that an encounter was registered."""
        home = consumed.Address(line1="9 Elm Street", city="Duluth", state="MN", postal_code="55803")
        identity = consumed.EncounterIdentity(
            patient=consumed.Person(family="Example", given="Robin", address=home),
            guarantor=consumed.Person(family="Example", given="Alex", address=home, email=email),
        )
        event = consumed.EncounterRegistered(
            encounter_id=UUID(int=100 + number),
            billing_entity_id=ENTITY,
            guarantor_id=GUARANTOR,
            patient_id=UUID(int=5),
            service_on=service_on,
        )
        await self.harness.hear("eligibility", event, self.encounter(number), identity=identity)

    async def estimate(self, number: int, cents: int) -> None:
        """Hear of a good-faith estimate."""
        told = consumed.EstimatePrepared(
            encounter_id=UUID(int=100 + number), kind="good_faith", patient_cents=Cents(cents)
        )
        await self.harness.hear("eligibility", told, self.encounter(number))

    async def cancel(self, number: int) -> None:
        """Hear that an encounter will not take place."""
        told = consumed.EncounterCancelled(encounter_id=UUID(int=100 + number))
        await self.harness.hear("eligibility", told, self.encounter(number))
        await self.harness.settle()

    async def owe(
        self, number: int, cents: int, *, cause: str = "patient_responsibility", posted_on: date | None = None
    ) -> None:
        """Hear that claims moved money to the patient."""
        line = consumed.BalanceLine(
            line_number=1,
            code="99213",
            service_on=date(2026, 2, 20),
            charge_cents=Cents(cents + 174_00),
            insurance_paid_cents=Cents(104_00),
            adjusted_cents=Cents(70_00),
            coinsurance_cents=Cents(cents),
        )
        due = consumed.PatientBalanceDue(
            encounter_id=UUID(int=100 + number),
            billing_entity_id=ENTITY,
            guarantor_id=GUARANTOR,
            transfer_id=derived_id("transfer", str(number), str(cents)),
            cause=cause,
            amount_cents=Cents(cents),
            lines=(line,),
            posted_on=posted_on or self.harness.clock.now().date(),
        )
        await self.harness.hear("claims", due, self.encounter(number))
        await self.harness.settle()

    async def insure(self, number: int, cents: int) -> None:
        """Hear that claims posted what payers owe; below zero, what they no longer owe."""
        accounts = ("receivable.insurance", "revenue.charges")
        debit, credit = accounts if cents > 0 else accounts[::-1]
        entry = consumed.LedgerEntry(debit=debit, credit=credit, amount_cents=Cents(abs(cents)))
        posted = consumed.LedgerPosted(encounter_id=UUID(int=100 + number), entries=(entry,))
        await self.harness.hear("claims", posted, self.encounter(number))
        await self.harness.settle()

    async def withdraw(self, number: int, cents: int) -> None:
        """Hear that claims took money back from the patient."""
        withdrawn = consumed.PatientBalanceWithdrawn(
            encounter_id=UUID(int=100 + number),
            transfer_id=derived_id("transfer", str(number), str(cents)),
            amount_cents=Cents(cents),
            posted_on=self.harness.clock.now().date(),
        )
        await self.harness.hear("claims", withdrawn, self.encounter(number))
        await self.harness.settle()

    async def ask(self, command: Command, stream: StreamRef | None = None) -> Any:
        """Ask for something, on the account unless said otherwise, and let it settle."""
        answer = await self.harness.command(command, stream or self.account)
        await self.harness.settle()
        return answer

    async def until(self, year: int, month: int, day: int) -> None:
        """Let time pass until the evening of a day."""
        await self.harness.advance(datetime(year, month, day, 23, tzinfo=UTC))

    async def see_account(self) -> PatientAccount:
        """Return the account as it is kept."""
        accounts: list[PatientAccount] = await self.harness.documents("account")
        return accounts[0]

    async def see_encounter(self, number: int) -> BilledEncounter:
        """Return an encounter as it is kept."""
        encounters: list[BilledEncounter] = await self.harness.documents("encounter", UUID(int=100 + number))
        return encounters[0]

    async def ledger(self, number: int) -> list[tuple[str, str, int]]:
        """Return the entries of an encounter: debit, credit, cents."""
        rows = await self.harness.query(
            "SELECT debit, credit, amount_cents FROM ledger_entry WHERE stream_id = $1 ORDER BY posted_on, id",
            UUID(int=100 + number),
        )
        return sorted((row["debit"], row["credit"], row["amount_cents"]) for row in rows)

    async def nothing_parked(self) -> None:
        """Assert that every message took effect."""
        assert [] == await self.harness.parked()
        assert [] == await self.harness.waiting()


@pytest.fixture
async def office(harness: Callable[..., Awaitable[Harness]]) -> Office:
    """Open patient billing with its directory known."""
    letterbox = Letterbox()
    made: list[Harness] = []
    service = build(letterbox, lambda: made[0].sealer)
    made.append(await harness(service, package="patient_billing", start=START))
    office = Office(made[0], letterbox)
    await office.know_directory()
    return office


class Book:
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
        cause: Cause = "patient_responsibility",
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
        purpose: Purpose = "balance",
        method: Method = "card",
        statement: Statement | None = None,
        reference: str = "",
    ) -> UUID:
        """Receive a payment today and return its id."""
        payment_id = self.ids.new_id()
        encounter_id = None if encounter is None else UUID(int=100 + encounter)
        if encounter_id:
            self.account = expect_encounter(self.account, encounter_id, CLINIC, self.today)
        payment = Payment(payment_id, Cents(cents), method, purpose, self.today, encounter_id)
        asked_for = statement.encounter_ids if statement else ()
        self.do(take_payment, replace(payment, asked_for=asked_for, reference=reference))
        return payment_id

    def pass_days(self, days: int) -> None:
        """Let mornings come, each on the day on which the account has to wake."""
        end = self.today + timedelta(days=days)
        policy = self.moment.policy
        while (on := next_morning(self.account, policy, self.today + timedelta(days=1))) is not None and on <= end:
            self.today = on
            self.do(wake)
        self.today = end

    def balance(self, encounter: int) -> EncounterBalance:
        return self.account.known_balance(UUID(int=100 + encounter))

    def position(self, encounter: int) -> Position:
        return position(self.entries[UUID(int=100 + encounter)])

    def said(self, kind: type[Any]) -> list[Any]:
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
    bad_debt = sum(balance.written_off_cents.get("bad_debt", 0) for balance in account.balances)
    assert account.placed_cents == bad_debt


@pytest.fixture
def book() -> Book:
    """An account under the default policy."""
    return Book()


@pytest.fixture
def new_book() -> Callable[..., Book]:
    """Make accounts under a policy of the test's own."""

    def make(**changes: Any) -> Book:
        return Book(replace(BillingPolicy(effective_on=date(2020, 1, 1)), **changes))

    return make


@pytest.fixture
def line() -> Callable[..., BalanceLine]:
    """Make lines of a statement."""

    def make(number: int, charge: int, **cents: int) -> BalanceLine:
        amounts = {f"{name}_cents": Cents(amount) for name, amount in cents.items()}
        return BalanceLine(number, f"9921{number}", date(2026, 2, 2), Cents(charge), **amounts)

    return make
