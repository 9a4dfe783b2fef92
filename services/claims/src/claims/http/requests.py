"""The bodies of requests, strict and with money in whole cents, and the roles that may send them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict

from revcycle_kit.auth import Grant
from revcycle_kit.http import AmountCents, PositiveCents, any_role, requires
from revcycle_kit.money import CENTS_MAX, Cents

Coder = Annotated[Grant, requires("coder", "biller", "lead", "manager")]
Biller = Annotated[Grant, requires("biller", "lead", "manager")]
Lead = Annotated[Grant, requires("lead", "manager")]
Setter = Annotated[Grant, requires("administrator", "manager", "operator")]
Intake = Annotated[Grant, requires("intake", "operator")]
Reader = Annotated[Grant, any_role()]

PRINTABLE = r"^[\x20-\x7e]*$"
Code = Annotated[str, Field(min_length=1, max_length=30, pattern=PRINTABLE)]
Modifier = Annotated[str, Field(pattern=r"^(?:[0-9A-Z]{2})?$")]
NoLessThanZero = Annotated[Cents, Strict(), Field(ge=0, le=CENTS_MAX)]
"""An amount in cents that may be nothing: a contract may allow nothing for a service."""
Codes = Annotated[list[Code], Field(max_length=25)]
Reason = Literal["proof_of_timely_filing", "payer_agreed", "records_support", "checked_with_provider", "other"]


class Request(BaseModel):
    """A request: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class LineCodingRequest(Request):
    """A coder's word on one line; what is left out stays as it is."""

    line_id: UUID
    code: Code | None = None
    modifiers: Codes | None = None
    units: Annotated[Decimal, Field(gt=0, le=99_999)] | None = None
    charge_cents: PositiveCents | None = None
    diagnoses: Codes | None = None
    rendering_provider_id: UUID | None = None
    remove: bool = False


class CodingRequest(Request):
    """A coder's answer for an encounter."""

    lines: Annotated[list[LineCodingRequest], Field(max_length=999)] = []
    diagnoses: Codes = []
    rendering_provider_id: UUID | None = None


class RecheckRequest(Request):
    """Check a held claim again; `override` names edits to be passed over, with the reason."""

    override: Codes = []
    reason: Reason = "other"


class ChangeRequest(Request):
    """One change to a claim."""

    field: Literal[
        "modifiers",
        "code",
        "units",
        "diagnoses",
        "authorization_number",
        "rendering_provider_id",
        "place_of_service",
        "remove_line",
    ]
    line_number: Annotated[int, Field(ge=1, le=999)] | None = None
    value: Annotated[str, Field(max_length=300, pattern=PRINTABLE)] = ""


class CorrectionsRequest(Request):
    """Changes to a held or rejected claim, which is then sent."""

    changes: Annotated[list[ChangeRequest], Field(max_length=100)]


class DepositRequest(Request):
    """Money that the bank received."""

    deposit_id: UUID
    billing_entity_id: UUID
    trace_number: Code
    replaces_trace_number: Code | None = None
    """The trace of the payment that a reissued check stands for."""
    amount_cents: PositiveCents
    deposited_on: date


class CasRequest(Request):
    """One adjustment."""

    group: Literal["CO", "PR", "OA", "PI"]
    carc: Annotated[str, Field(pattern=r"^[0-9A-Z]{1,5}$")]
    amount_cents: AmountCents


class LineAdjustmentsRequest(Request):
    """The right adjustments of one line of the payment, by its place from 1."""

    line: Annotated[int, Field(ge=1, le=999)]
    adjustments: Annotated[list[CasRequest], Field(max_length=30)]


class PostRequest(Request):
    """Post a payment that was set aside: with the right adjustments, or to the claim where it belongs."""

    patient_control_number: Code | None = None
    """The claim of ours that was paid, where the payer named none of ours."""
    lines: Annotated[list[LineAdjustmentsRequest], Field(max_length=999)] | None = None
    claim_adjustments: Annotated[list[CasRequest], Field(max_length=30)] | None = None


class PriceRequest(Request):
    """What a unit of a service costs, from a day on."""

    code: Code
    unit_cents: PositiveCents
    effective_on: date
    ends_on: date | None = None
    modifier: Modifier = ""
    revenue_code: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None


class RateRequest(Request):
    """What a payer's contract allows: for a unit, or as a share of the charge."""

    payer_id: UUID
    code: Code
    """`*` for every service without a row of its own."""
    unit_cents: NoLessThanZero | None = None
    charge_basis_points: Annotated[int, Field(ge=0, le=10_000)] | None = None
    effective_on: date
    ends_on: date | None = None
    modifier: Modifier = ""


class PricesRequest(Request):
    """Rows of a chargemaster and of contracts; a row with the same start replaces the earlier one."""

    prices: Annotated[list[PriceRequest], Field(max_length=20_000)] = []
    rates: Annotated[list[RateRequest], Field(max_length=20_000)] = []


class PolicyRequest(Request):
    """A clinic's billing days."""

    bill_hold_days: Annotated[int, Field(ge=0, le=30)]
