"""The values inside of what claims promises to tell: lines, adjustments, entries, findings."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from revcycle_kit.money import ZERO, Cents

ClaimKind = Literal["P", "I", "D"]
AcknowledgmentLevel = Literal["interchange", "syntax", "clearinghouse", "payer"]
AdjustmentClass = Literal[
    "contractual", "patient", "denial", "information", "duplicate", "prior_payer", "capitated", "reduction"
]
"""`reduction`: taken from the payment by law (CO-253); like `contractual` it lowers the balance and is not billable."""


class PostedCharge(msgspec.Struct, frozen=True, kw_only=True):
    """One priced service."""

    line_id: UUID
    code: str
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    charge_cents: Cents
    service_on: date


class MissingCode(msgspec.Struct, frozen=True, kw_only=True):
    """What a coder has to supply before the encounter can be billed."""

    what: Literal["procedure", "diagnosis", "price", "provider", "coverage", "units", "other"]
    where: str
    fix: str
    line_id: UUID | None = None


class EditFinding(msgspec.Struct, frozen=True, kw_only=True):
    """Why a claim may not leave: the field, the rule and the fix."""

    edit: str
    field: str
    rule: str
    fix: str
    line_number: int | None = None


class SubmittedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One service line as billed."""

    line_number: int
    line_id: UUID
    code: str
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    charge_cents: Cents
    expected_allowed_cents: Cents | None = None
    diagnoses: tuple[str, ...] = ()
    service_on: date


class ClaimIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """The sealed part of a claim: what a letter to the payer has to name."""

    patient_family: str = ""
    patient_given: str = ""
    patient_birth_on: date | None = None
    subscriber_family: str = ""
    subscriber_given: str = ""
    member_id: str = ""


class StatusCode(msgspec.Struct, frozen=True, kw_only=True):
    """One STC composite: category, status, entity."""

    category: str
    status: str = ""
    entity: str = ""


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """One CAS amount and what it means for the balance."""

    group: str
    carc: str
    amount_cents: Cents
    meaning: AdjustmentClass


class AdjudicatedLine(msgspec.Struct, frozen=True, kw_only=True):
    """What the payer decided about one service line."""

    line_number: int
    code: str
    modifiers: tuple[str, ...] = ()
    charge_cents: Cents
    paid_cents: Cents
    allowed_cents: Cents
    expected_allowed_cents: Cents | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()


class Imbalance(msgspec.Struct, frozen=True, kw_only=True):
    """Where an 835 does not add up."""

    level: Literal["line", "claim", "file"]
    where: str
    expected_cents: Cents
    found_cents: Cents


class BalanceLine(msgspec.Struct, frozen=True, kw_only=True):
    """Why the patient owes: one service, what it cost, what the payers did."""

    line_number: int
    code: str
    service_on: date
    charge_cents: Cents
    insurance_paid_cents: Cents
    adjusted_cents: Cents
    deductible_cents: Cents = ZERO
    coinsurance_cents: Cents = ZERO
    copay_cents: Cents = ZERO
    other_cents: Cents = ZERO


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One double entry: the same cents on two accounts."""

    debit: str
    credit: str
    amount_cents: Cents
    """Always positive; a correction swaps the accounts."""
    claim_id: UUID | None = None
    payer_id: UUID | None = None
    carc: str | None = None
    service_on: date
    posted_on: date
    deposited_on: date | None = None
