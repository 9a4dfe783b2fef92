"""Roles and bodies of requests, and the way of a command to its account."""

from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from patient_billing.domain.policy import SMALL_BALANCE_CENTS
from patient_billing.http.views import AccountStateView
from patient_billing.messages import AccountState, account_stream
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import Command
from revcycle_kit.http import AmountCents, CommandKey, CommandRunner, PositiveCents, requires
from revcycle_kit.money import ZERO

Reader = Annotated[Grant, requires("biller", "front_desk", "lead", "manager", "client", "auditor", "operator")]
StatementReader = Annotated[Grant, requires("biller", "front_desk", "lead", "manager", "client", "operator")]
Cashier = Annotated[Grant, requires("front_desk", "biller", "lead", "manager", "payments")]
Clerk = Annotated[Grant, requires("front_desk", "biller", "lead", "manager")]
Biller = Annotated[Grant, requires("biller", "lead", "manager", "client")]
Lead = Annotated[Grant, requires("lead", "manager", "client")]
Manager = Annotated[Grant, requires("manager", "client", "operator")]

ACCOUNT: Final = "/billing-entities/{billing_entity_id}/accounts/{account_id}"
"""The address of an account."""

Percent = Annotated[int, Field(ge=0, le=10_000)]
Days = Annotated[int, Field(ge=0, le=366)]


async def run_on_account(
    runner: CommandRunner,
    command: Command,
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    caller: Grant,
    key: CommandKey,
) -> AccountStateView:
    """Run a command on an account. Raises NotFound for one that the caller may not know of."""
    caller.require_billing_entity(billing_entity_id)
    caller.require_organization()
    stream = account_stream(billing_entity_id, account_id)
    state = await runner.answer(AccountState, command, stream, caller=caller, key=key)
    return AccountStateView.model_validate(state)


class Body(BaseModel):
    """The body of a command; a field that we do not know is refused."""

    model_config = ConfigDict(extra="forbid")


class PaymentAsked(Body):
    """A payment towards what an account owes, or ahead of an encounter."""

    amount_cents: AmountCents
    method: Literal["card", "check", "cash", "ach", "other"]
    purpose: Literal["copay", "prepayment", "balance", "plan"] = "balance"
    clinic_id: UUID | None = None
    encounter_id: UUID | None = None
    """With its clinic: the encounter that the payment is meant for."""
    statement_id: UUID | None = None
    """The statement that the payment answers: what it asked for comes first. Only with the purpose `balance`."""
    received_on: date | None = None
    reference: str = Field(default="", max_length=64, pattern=r"^[A-Za-z0-9._:-]*$")
    """The receipt or token of whoever took it. Never a card number: those are refused."""


class EncounterPaymentAsked(Body):
    """A copay or prepayment, taken where the encounter is known."""

    amount_cents: AmountCents
    method: Literal["card", "check", "cash", "ach", "other"]
    purpose: Literal["copay", "prepayment", "balance"] = "copay"
    received_on: date | None = None
    reference: str = Field(default="", max_length=64, pattern=r"^[A-Za-z0-9._:-]*$")


class ReturnAsked(Body):
    """Why a payment came back."""

    reason: Literal["insufficient_funds", "chargeback", "stopped", "error", "other"]


class RecoveryAsked(Body):
    """What an agency collected, before its fee."""

    amount_cents: AmountCents
    fee_cents: AmountCents | None = None
    """What the agency kept; left out, its agreed rate."""
    received_on: date | None = None
    reference: str = Field(default="", max_length=64, pattern=r"^[A-Za-z0-9._:-]*$")


class RefundAsked(Body):
    """How much of an encounter's credit goes back."""

    encounter_id: UUID
    amount_cents: AmountCents


class WriteOffAsked(Body):
    """What to give up."""

    encounter_id: UUID
    write_off_class: Literal["small_balance", "administrative", "courtesy"]
    amount_cents: PositiveCents


class PlanAsked(Body):
    """How many monthly installments, from which day on."""

    installments: int = Field(ge=1, le=120)
    first_due_on: date
    autopay: bool = False
    encounter_ids: list[UUID] = Field(default=[], max_length=100)
    """Left empty, the plan covers everything that is due."""


class HoldAsked(Body):
    """Why nothing may be asked of the guarantor. The other holds follow their dispute or application."""

    reason: Literal["bankruptcy", "deceased"]


class DisputeAsked(Body):
    """What the guarantor disputes; `ppdr` is against the good-faith estimate."""

    encounter_id: UUID
    kind: Literal["dispute", "ppdr"] = "dispute"
    amount_cents: PositiveCents


class ResolutionAsked(Body):
    """How a dispute ended; `adjusted` lowers the balance by the amount."""

    outcome: Literal["upheld", "adjusted", "withdrawn"]
    adjusted_cents: AmountCents = ZERO


class AssistanceAsked(Body):
    """The share that is forgiven; 10000 basis points are all of it."""

    percent_basis_points: int = Field(ge=0, le=10_000)


class PlacementAsked(Body):
    """Which encounters an agency works in the provider's name."""

    encounter_ids: list[UUID] = Field(min_length=1, max_length=100)


class ContactAsked(Body):
    """What the guarantor allows."""

    email_opted_out: bool = False
    sms_consented: bool = False


class InsuranceAsked(Body):
    """The payer on the card that was shown."""

    payer_name: str = Field(min_length=1, max_length=80)


class PolicyAsked(Body):
    """How patients are billed; percentages are basis points (4000 is 40 %)."""

    self_pay_discount_basis_points: Percent = 0
    clinic_discounts: dict[UUID, Percent] = Field(default_factory=dict)
    first_statement_after_days: Days = 1
    statement_days: list[Days] = Field(default=[0, 30, 60, 90], min_length=1, max_length=12)
    due_after_days: Days = 21
    reminder_after_days: Days = 14
    small_balance_cents: int = Field(default=SMALL_BALANCE_CENTS, ge=0, le=10_00, strict=True)
    credit_rest_days: Days = 14
    prepayment_rest_days: Days = 120
    presented_pause_days: Days = 30
    plan_grace_days: Days = 5
    plan_missed_max: int = Field(default=2, ge=1, le=12)
    plan_installments_max: int = Field(default=36, ge=1, le=120)
    agency: str = Field(default="Collection agency", min_length=1, max_length=80)
    agency_fee_basis_points: Percent = 2500
    bad_debt_automatic: bool = True
