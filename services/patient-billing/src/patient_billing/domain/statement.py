"""
A statement: what is due and why, frozen on the day it was issued.

Per encounter, always: patient's share + corrections = discount + forgiven + paid + due.
"""

from datetime import date
from uuid import UUID

from patient_billing.domain.balance import BalanceLine, EncounterBalance
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value


class StatementItem(Value):
    """One encounter on a statement."""

    encounter_id: UUID
    clinic_id: UUID
    service_on: date
    lines: tuple[BalanceLine, ...]
    corrections_cents: Cents
    """What the insurers changed since the lines were told."""
    discounted_cents: Cents
    forgiven_cents: Cents
    paid_cents: Cents
    """Net of refunds."""
    on_plan_cents: Cents
    """Owed, but asked for by a payment plan, not by this statement."""
    due_cents: Cents
    sealed: str = ""
    """Who was seen, and the guarantor's address: sealed under the clinic's key."""

    @property
    def charged_cents(self) -> Cents:
        return Cents(sum(line.charge_cents for line in self.lines))

    @property
    def insurance_paid_cents(self) -> Cents:
        return Cents(sum(line.insurance_paid_cents for line in self.lines))

    @property
    def adjusted_cents(self) -> Cents:
        return Cents(sum(line.adjusted_cents for line in self.lines))

    @property
    def share_cents(self) -> Cents:
        """The patient's share, as the lines tell it."""
        return Cents(sum(line.patient_cents for line in self.lines))


class Statement(Value):
    """One bill to a guarantor: only what is due, with the story of every line."""

    statement_id: UUID
    account_id: UUID
    billing_entity_id: UUID
    number: int
    issued_on: date
    due_by: date
    items: tuple[StatementItem, ...]
    placement_after: date | None = None
    """Set on the final notice: the balance may go to an agency after this day."""

    @property
    def balance_cents(self) -> Cents:
        return Cents(sum(item.due_cents for item in self.items))

    @property
    def encounter_ids(self) -> tuple[UUID, ...]:
        return tuple(item.encounter_id for item in self.items)


def statement_item(balance: EncounterBalance, on_plan: Cents = ZERO) -> StatementItem:
    """Tell the money of one encounter so that its rows add up to what is due."""
    share = sum(line.patient_cents for line in balance.lines)
    return StatementItem(
        encounter_id=balance.encounter_id,
        clinic_id=balance.clinic_id,
        service_on=balance.service_on,
        lines=balance.lines,
        corrections_cents=Cents(balance.transferred_cents - share),
        discounted_cents=balance.discounted_cents,
        forgiven_cents=balance.forgiven_cents,
        paid_cents=Cents(balance.applied_cents - balance.refunded_cents),
        on_plan_cents=on_plan,
        due_cents=Cents(balance.due_cents - on_plan),
        sealed=balance.sealed,
    )
