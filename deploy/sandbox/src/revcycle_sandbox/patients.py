"""What patients do about money: copays at the desk, answers to statements, plans kept and missed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import msgspec

from revcycle_sandbox.agenda import Agenda
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.ehr.feed import Feed
from revcycle_sandbox.parcels import Parcel, json_parcel
from revcycle_sandbox.people import Patient, PatientBehaviour, Visit
from revcycle_sandbox.world import World

MONTH_DAYS: Final = 30
WAYS: Final = {"full": 58, "partly": 9, "plan": 9, "never": 24}
ANSWERED: Final = {1: 55, 2: 28, 3: 17}
"""Which statement of a cycle is answered, of those who answer one."""
DRAWN_INSTALLMENTS: Final = 4
PLAN_FROM_CENTS: Final = 150_00
"""Nobody asks for a plan over less."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What a statement says to the sandbox: whose it is, which of its cycle, and how much is due."""

    account_id: str
    statement_id: str
    number: int
    balance_cents: int
    billing_entity: str = ""
    guarantor: str = ""
    """MRN of the guarantor's patient, or anything stable; the account otherwise."""
    visit_number: str = ""
    visit_numbers: tuple[str, ...] = ()


class Patients:
    """All who owe money; `strangers` says how those behave whom the world does not know."""

    def __init__(
        self, world: World, feed: Feed, agenda: Agenda, draws: Draws, strangers: PatientBehaviour | None = None
    ) -> None:
        self.agenda = agenda
        self._strangers = strangers or PatientBehaviour()
        self.draws = draws
        self.feed = feed
        self._receiver = world.organization.code
        self._by_visit = {visit.number: (visit, feed.chart(visit).patient) for visit in world.visits}
        self._plan_until: dict[str, datetime] = {}
        """When the last installment of an account's plan is due."""
        self._answered: dict[str, set[str]] = {}
        """By account: the visits for which as much was paid by statement as will be."""
        for visit in world.visits:
            self._copay(visit)

    def _copay(self, visit: Visit) -> None:
        """Collect a copay at the desk on the day of the visit."""
        if not visit.copay_cents or visit.cancelled:
            return
        chart = self.feed.chart(visit)
        due = chart.local(visit.service_on, 9, 55)
        body = {
            "payment_id": f"COPAY-{visit.number}",
            "amount_cents": visit.copay_cents,
            "method": "card",
            "purpose": "copay",
            "received_on": visit.service_on.isoformat(),
            "clinic": visit.clinic,
            "billing_entity": chart.clinic.billing_entity,
            "mrn": visit.mrn,
            "visit_number": visit.number,
            "account_id": "",
            "statement_id": "",
        }
        parcel = json_parcel("payment", visit.mrn, self._receiver, body, visit_number=visit.number)
        self.agenda.at(due, f"payment|copay|{visit.number}", lambda _at: [parcel])

    def read(self, parcel: Parcel, at: datetime) -> None:
        """Open a statement, and decide what to do; raises msgspec.ValidationError naming a field that is wrong."""
        statement = msgspec.json.decode(parcel.content, type=Statement)
        visits = statement.visit_numbers or (statement.visit_number,)
        known = next((self._by_visit[number] for number in visits if number in self._by_visit), None)
        patient = known[1] if known else None
        habits = patient.behaviour if patient else self._strangers
        way = self._way(statement, habits, patient)
        if way == "never" or statement.balance_cents <= 0 or statement.number < self._answers(statement, habits):
            return
        days = self._days(statement, habits)
        if at <= self._plan_until.get(statement.account_id, at - timedelta(days=1)):
            self._pay_beside_plan(statement, habits, parcel, at, days)
        elif way == "plan":
            self._plan(statement, habits, parcel, at)
        elif way == "full":
            self._pay(statement, parcel, at, days, statement.balance_cents)
        elif self._is_new(statement):
            amount = min(statement.balance_cents, habits.part_cents or statement.balance_cents // 2)
            self._pay(statement, parcel, at, days, amount)

    def _pay_beside_plan(
        self, statement: Statement, habits: PatientBehaviour, parcel: Parcel, at: datetime, days: int
    ) -> None:
        """Pay what came due after a plan was agreed on, once: the biller may put it to what the plan covers."""
        if habits.pays == "drawn" and self._is_new(statement):
            self._pay(statement, parcel, at, days, statement.balance_cents)

    def _is_new(self, statement: Statement) -> bool:
        """Tell whether nothing was paid yet for a visit on the statement, and remember them all."""
        known = self._answered.setdefault(statement.account_id, set())
        visits = set(statement.visit_numbers or (statement.visit_number,))
        new = bool(visits - known)
        known |= visits
        return new

    def _way(self, statement: Statement, habits: PatientBehaviour, patient: Patient | None) -> str:
        if habits.pays != "drawn":
            return habits.pays
        who = patient.mrn if patient else statement.guarantor or statement.account_id
        way = self.draws.weighted(WAYS, "pays", who)
        return "full" if way == "plan" and statement.balance_cents < PLAN_FROM_CENTS else way

    def _answers(self, statement: Statement, habits: PatientBehaviour) -> int:
        """Give the first statement of a cycle that is answered; later ones ask for what was not on it."""
        if habits.pays != "drawn":
            return habits.pays_statement
        who = statement.guarantor or statement.account_id
        return self.draws.weighted(ANSWERED, "statement answered", who, *sorted(statement.visit_numbers))

    def _days(self, statement: Statement, habits: PatientBehaviour) -> int:
        if habits.pays != "drawn":
            return habits.after_days
        return self.draws.between(3, 21, "days to pay", statement.statement_id)

    def _pay(self, statement: Statement, parcel: Parcel, at: datetime, days: int, amount: int) -> None:
        due = at + timedelta(days=days)
        method = self.draws.weighted({"card": 60, "check": 30, "ach": 10}, "method", statement.statement_id)
        self._send(statement, parcel, due, amount, purpose="balance", method=method, key="1")

    def _plan(self, statement: Statement, habits: PatientBehaviour, parcel: Parcel, at: datetime) -> None:
        """Ask for a plan over what the statement asks for, and pay its installments month by month."""
        count = habits.installments or DRAWN_INSTALLMENTS
        shares = [statement.balance_cents // count] * count
        for position in range(statement.balance_cents - sum(shares)):
            shares[position] += 1
        asked = at + timedelta(days=self._days(statement, habits))
        wish = {**_names(statement), "request": "plan", "installments": count, "installments_cents": shares}
        wish["visit_numbers"] = statement.visit_numbers
        self._plan_until[statement.account_id] = self._until(habits, asked, count)
        wish["first_due_on"] = (asked + timedelta(days=MONTH_DAYS)).date().isoformat()
        request = json_parcel("payment", statement.account_id, parcel.sender, wish, kind="plan_request")
        self.agenda.at(asked, f"payment|{statement.statement_id}|0", lambda _at: [request])
        self._installments(statement, habits, parcel, asked, shares)

    def _until(self, habits: PatientBehaviour, asked: datetime, count: int) -> datetime:
        """Give the day of the last installment; whose habits are stated asks for one plan only."""
        years = 100 if habits.pays != "drawn" else 0
        return asked + timedelta(days=MONTH_DAYS * count + 365 * years)

    def _installments(
        self, statement: Statement, habits: PatientBehaviour, parcel: Parcel, asked: datetime, shares: list[int]
    ) -> None:
        owed, paid = 0, 0
        for number, share in enumerate(shares, start=1):
            if habits.paid_installments is not None and paid >= habits.paid_installments:
                return
            owed += share
            if number in habits.missed:
                continue
            amount = owed if habits.caught_up else share
            due = asked + timedelta(days=MONTH_DAYS * number)
            self._send(statement, parcel, due, amount, purpose="plan", method="card", key=str(number))
            owed, paid = 0, number
        return

    def _send(
        self,
        statement: Statement,
        parcel: Parcel,
        due: datetime,
        amount: int,
        *,
        purpose: Literal["balance", "plan"],
        method: str,
        key: str,
    ) -> None:
        body: dict[str, Any] = {
            **_names(statement),
            "payment_id": f"PAY-{statement.statement_id}-{key}",
            "amount_cents": amount,
            "method": method,
            "purpose": purpose,
            "received_on": due.date().isoformat(),
        }
        payment = json_parcel("payment", statement.account_id, parcel.sender, body, kind="payment")
        self.agenda.at(due, f"payment|{statement.statement_id}|{key}", lambda _at: _one(payment))


def _names(statement: Statement) -> dict[str, Any]:
    return {
        "account_id": statement.account_id,
        "statement_id": statement.statement_id,
        "billing_entity": statement.billing_entity,
        "visit_number": statement.visit_number,
    }


def _one(parcel: Parcel) -> Iterator[Parcel]:
    yield parcel
