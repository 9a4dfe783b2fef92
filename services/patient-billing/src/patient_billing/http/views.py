"""Answers of the API: the account and its parts, in the words of the domain, without sealed texts."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, field_validator

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.credits import refundable
from patient_billing.domain.dispute import has_dispute_right


class View(BaseModel):
    """Read from the attributes of a value."""

    model_config = ConfigDict(from_attributes=True)


class AccountStateView(View):
    """Where an account stands after a command; `created_id` is the id of what the command made."""

    account_id: UUID
    created_id: UUID | None
    due_cents: int
    credit_cents: int
    unapplied_cents: int
    held: bool
    settled: bool


class AccountRow(View):
    """One account in a list."""

    account_id: UUID
    billing_entity_id: UUID
    guarantor_id: UUID
    due_cents: int
    credit_cents: int
    unapplied_cents: int
    held: bool
    wakes_on: date | None


class BalanceView(View):
    """What is owed for one encounter."""

    encounter_id: UUID
    clinic_id: UUID
    service_on: date
    transferred_cents: int
    discounted_cents: int
    forgiven_cents: int
    applied_cents: int
    refunded_cents: int
    open_cents: int
    refundable_cents: int
    estimate_cents: int | None
    first_billed_on: date | None
    bills: int
    notice_on: date | None
    paused_until: date | None
    dispute_right: bool
    """True: the bill is so far above the good-faith estimate that it may be disputed (45 CFR 149.620)."""


class ApplicationView(View):
    """What of a payment stands on an encounter."""

    encounter_id: UUID
    amount_cents: int


class PaymentView(View):
    """Money received."""

    payment_id: UUID
    amount_cents: int
    method: str
    purpose: str
    received_on: date
    encounter_id: UUID | None
    applications: list[ApplicationView]
    unapplied_cents: int
    returned_on: date | None
    reference: str


class InstallmentView(View):
    """One monthly payment."""

    due_on: date
    amount_cents: int
    missed: bool


class PlanView(View):
    """A payment plan."""

    plan_id: UUID
    status: str
    autopay: bool
    started_on: date
    total_cents: int
    paid_cents: int
    left_cents: int
    installments: list[InstallmentView]


class HoldView(View):
    """A hold."""

    reason: str
    since: date


class DisputeView(View):
    """A dispute."""

    dispute_id: UUID
    encounter_id: UUID
    kind: str
    amount_cents: int
    opened_on: date
    outcome: str | None
    adjusted_cents: int


class AssistanceView(View):
    """An application for financial assistance."""

    application_id: UUID
    received_on: date
    decided_on: date | None
    percent_basis_points: int | None


class PlacementView(View):
    """Balances with an agency."""

    placement_id: UUID
    kind: str
    agency: str
    placed_on: date
    recalled_on: date | None
    amount_cents: int
    left_cents: int


class AccountView(AccountRow):
    """One account with all its parts."""

    settled: bool
    balances: list[BalanceView]
    payments: list[PaymentView]
    plan: PlanView | None
    holds: list[HoldView]
    disputes: list[DisputeView]
    applications: list[AssistanceView]
    placements: list[PlacementView]


class PositionView(View):
    """Always: transferred = discounted + written off + paid + open."""

    transferred_cents: int
    discounted_cents: int
    written_off_cents: int
    paid_cents: int
    open_cents: int


class EncounterView(View):
    """An encounter's money as the patient's ledger has it."""

    encounter_id: UUID
    clinic_id: UUID
    billing_entity_id: UUID
    account_id: UUID
    service_on: date
    cancelled: bool
    estimate_cents: int | None
    position: PositionView


class EntryView(View):
    """One entry of the ledger."""

    entry_id: UUID
    debit: str
    credit: str
    amount_cents: int
    service_on: date
    posted_on: date


class StatementRowView(View):
    """One statement in a list."""

    statement_id: UUID
    number: int
    balance_cents: int
    issued_on: date
    due_by: date


class BalanceLine(View):
    """One service: what it cost, what the payers did, and what is left to the patient."""

    line_number: int
    code: str
    service_on: date
    charge_cents: int
    insurance_paid_cents: int = 0
    adjusted_cents: int = 0
    deductible_cents: int = 0
    coinsurance_cents: int = 0
    copay_cents: int = 0
    other_cents: int = 0


class StatementItem(View):
    """One encounter on a statement."""

    encounter_id: UUID
    clinic_id: UUID
    service_on: date
    lines: list[BalanceLine]
    corrections_cents: int
    discounted_cents: int
    forgiven_cents: int
    paid_cents: int
    on_plan_cents: int
    due_cents: int
    sealed: str = ""

    @field_validator("sealed")
    @classmethod
    def _conceal(cls, _: str) -> str:
        """Keep to ourselves who was seen and where the guarantor lives."""
        return ""


class Statement(View):
    """One bill to a guarantor: only what is due, with the story of every line."""

    statement_id: UUID
    account_id: UUID
    billing_entity_id: UUID
    number: int
    issued_on: date
    due_by: date
    items: list[StatementItem]
    placement_after: date | None = None


def account_view(account: PatientAccount, today: date) -> AccountView:
    """Show a whole account."""
    balances = [
        BalanceView.model_validate(
            {
                **{name: getattr(balance, name) for name in BalanceView.model_fields if hasattr(balance, name)},
                "refundable_cents": refundable(account, balance.encounter_id),
                "dispute_right": has_dispute_right(balance, today),
            }
        )
        for balance in account.balances
    ]
    rest: dict[str, Any] = {name: getattr(account, name) for name in AccountView.model_fields if name != "balances"}
    return AccountView.model_validate({**rest, "balances": balances})
