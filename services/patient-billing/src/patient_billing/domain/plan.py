"""
A payment plan: a balance in monthly installments that add up to it exactly.

A plan holds a share of each encounter it covers. Whatever lowers a share (a payment, a withdrawal,
a write-off) counts as paid, so a plan never asks for more than is owed.
"""

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from patient_billing.domain.balance import EncounterBalance
from patient_billing.domain.calendar import add_months
from revcycle_kit.errors import Conflict, Refusal
from revcycle_kit.money import Cents, split
from revcycle_kit.values import Value, replace


class PlanStatus(StrEnum):
    """Where a plan stands; only an active one asks for anything."""

    ACTIVE = "active"
    COMPLETED = "completed"
    DEFAULTED = "defaulted"
    CANCELLED = "cancelled"


class Installment(Value):
    """One monthly payment; `missed` stays once it was told."""

    due_on: date
    amount_cents: Cents
    missed: bool = False


class PlanShare(Value):
    """What the plan covers of one encounter, and what of it is left."""

    encounter_id: UUID
    covered_cents: Cents
    left_cents: Cents


class PaymentPlan(Value):
    """The guarantor pays in installments; while the plan is kept nothing else is asked for these encounters."""

    plan_id: UUID
    installments: tuple[Installment, ...]
    shares: tuple[PlanShare, ...]
    started_on: date
    autopay: bool = False
    status: PlanStatus = PlanStatus.ACTIVE

    @property
    def active(self) -> bool:
        return self.status is PlanStatus.ACTIVE

    @property
    def total_cents(self) -> Cents:
        return Cents(sum(installment.amount_cents for installment in self.installments))

    @property
    def left_cents(self) -> Cents:
        return Cents(sum(share.left_cents for share in self.shares))

    @property
    def paid_cents(self) -> Cents:
        return Cents(self.total_cents - self.left_cents)

    def share_of(self, encounter_id: UUID) -> Cents:
        """Return what the plan still holds of an encounter."""
        return Cents(sum(share.left_cents for share in self.shares if share.encounter_id == encounter_id))

    def scheduled_through(self, number: int) -> Cents:
        """Return what the first installments up to this number add up to."""
        return Cents(sum(installment.amount_cents for installment in self.installments[:number]))

    def unpaid(self) -> tuple[int, ...]:
        """Return the numbers, from 1, of installments that what was paid does not reach."""
        numbers = range(1, len(self.installments) + 1)
        return tuple(number for number in numbers if self.paid_cents < self.scheduled_through(number))

    def overdue(self, today: date, grace_days: int) -> tuple[int, ...]:
        """Return the unpaid installments whose day and grace are over."""
        last_on = today - timedelta(days=grace_days)
        return tuple(number for number in self.unpaid() if self.installments[number - 1].due_on < last_on)

    def over(self, today: date, grace_days: int) -> bool:
        """Say whether every installment's day and grace are over, and something is left all the same."""
        return len(self.installments) in self.overdue(today, grace_days)

    def current(self, today: date) -> bool:
        """Say whether everything due until yesterday is paid: a missed installment was caught up."""
        return not self.overdue(today, grace_days=0)

    def next_due(self) -> Installment | None:
        """Return the first installment that is not paid, with what is left of it."""
        number = next(iter(self.unpaid()), None)
        if number is None:
            return None
        left = Cents(min(self.scheduled_through(number) - self.paid_cents, self.left_cents))
        return replace(self.installments[number - 1], amount_cents=left)

    def mark_missed(self, numbers: tuple[int, ...]) -> "PaymentPlan":
        """Remember that these installments were told as missed."""
        marked = enumerate(self.installments, start=1)
        return replace(
            self, installments=tuple(replace(part, missed=part.missed or n in numbers) for n, part in marked)
        )

    def postponed(self, days: int) -> "PaymentPlan":
        """Move what is unpaid by the days for which the account was held."""
        unpaid, delay = self.unpaid(), timedelta(days=days)
        moved = (
            replace(part, due_on=part.due_on + delay) if number in unpaid and not part.missed else part
            for number, part in enumerate(self.installments, start=1)
        )
        return replace(self, installments=tuple(moved))

    def pay(self, encounter_id: UUID, amount: Cents) -> "PaymentPlan":
        """Count a payment on a covered encounter; below zero, one that was taken back."""
        return replace(self, shares=tuple(_paid(share, encounter_id, amount) for share in self.shares))

    def ended(self, status: PlanStatus) -> "PaymentPlan":
        """End the plan: it is completed, defaulted or cancelled. Raises Conflict where it has ended before."""
        if not self.active:
            raise Conflict("The payment plan has ended.", "", "Agree on another plan.")
        return replace(self, status=status)

    def capped(self, balances: tuple[EncounterBalance, ...]) -> "PaymentPlan":
        """Lower each share to what its encounter still owes."""
        due = {balance.encounter_id: balance.due_cents for balance in balances}
        shares = (
            replace(share, left_cents=Cents(min(share.left_cents, due.get(share.encounter_id, 0))))
            for share in self.shares
        )
        return replace(self, shares=tuple(shares))


def _paid(share: PlanShare, encounter_id: UUID, amount: Cents) -> PlanShare:
    if share.encounter_id != encounter_id:
        return share
    left = Cents(min(max(share.left_cents - amount, 0), share.covered_cents))
    return replace(share, left_cents=left)


def installments_for(total: Cents, count: int, first_due_on: date) -> tuple[Installment, ...]:
    """Split a balance into monthly installments that add up to it, the larger first."""
    parts = split(total, count)
    return tuple(Installment(add_months(first_due_on, index), cents) for index, cents in enumerate(parts))


def plan_for(
    plan_id: UUID, balances: tuple[EncounterBalance, ...], count: int, first_due_on: date, today: date
) -> PaymentPlan:
    """
    Offer a plan over everything that is due.

    Raises Conflict when nothing is due, Refusal for installments of less than a cent.
    """
    due = tuple(balance for balance in balances if balance.due_cents > 0)
    total = Cents(sum(balance.due_cents for balance in due))
    if total == 0:
        raise Conflict("There is nothing to pay in installments: the account owes nothing.")
    if not 1 <= count <= total:
        raise Refusal("Every installment must be at least 0.01.", "installments", "Choose a number from 1 on.")
    shares = tuple(PlanShare(balance.encounter_id, balance.due_cents, balance.due_cents) for balance in due)
    return PaymentPlan(plan_id, installments_for(total, count, first_due_on), shares, today)
