"""What denials promises to tell: what was refused, what was done about it, and how it ended."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from revcycle_kit.events import Published
from revcycle_kit.money import Cents

Category = Literal[
    "eligibility",
    "authorization",
    "coding",
    "bundling",
    "necessity",
    "timely_filing",
    "coordination",
    "duplicate",
    "information",
    "enrollment",
    "non_covered",
    "limit",
    "wrong_payer",
    "payer_error",
    "other",
]
Stage = Literal["registration", "eligibility", "authorization", "coding", "claim", "enrollment", "payer", "patient"]
Method = Literal["new", "replacement", "void_and_new", "reopening", "appeal", "accept", "bill_patient", "write_off"]


class DenialOpened(Published, frozen=True, kw_only=True):
    """A payer refused to pay an amount; someone has to act by a day."""

    encounter_id: UUID
    denial_id: UUID
    claim_id: UUID
    adjudication: int
    line_number: int | None
    """None: refused at claim level."""
    payer_id: UUID
    group: str
    carc: str
    remarks: tuple[str, ...] = ()
    amount_cents: Cents
    category: Category
    preventable_at: Stage
    method: Method
    appealable: bool
    act_by: date
    deadline_basis: str
    expected_recovery_cents: Cents
    opened_on: date


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change to the claim, by the field's name in the claims API."""

    field: Literal[
        "modifiers",
        "code",
        "units",
        "diagnoses",
        "member_id",
        "payer_id",
        "authorization_number",
        "rendering_provider_id",
        "place_of_service",
        "remove_line",
        "subscriber",
    ]
    line_number: int | None = None
    value: str = ""
    """Lists are separated by commas; identifiers of persons never stand here but in the encounter's registration."""


class CorrectionRequested(Published, frozen=True, kw_only=True):
    """The claim is to be sent again, corrected, by the payer's method."""

    encounter_id: UUID
    claim_id: UUID
    denial_ids: tuple[UUID, ...]
    method: Literal["new", "replacement", "void_and_new", "reopening"]
    changes: tuple[Change, ...]
    requested_by: str
    requested_at: datetime


class AppealFiled(Published, frozen=True, kw_only=True):
    """A letter went to the payer."""

    encounter_id: UUID
    appeal_id: UUID
    claim_id: UUID
    denial_ids: tuple[UUID, ...]
    level: int
    letter_sha256: str
    filed_on: date
    decision_due_by: date


class EffectGivenUp(Published, frozen=True, kw_only=True):
    """A letter did not reach its carrier, and is not sent again by itself: somebody has to look."""

    encounter_id: UUID
    appeal_id: UUID
    effect: Literal["send_letter"]
    reason: str
    in_doubt: bool
    """The carrier may have it."""
    attempts: int
    given_up_at: datetime


class AppealDecided(Published, frozen=True, kw_only=True):
    """The payer answered an appeal: an expectation, money moves only with the 835."""

    encounter_id: UUID
    appeal_id: UUID
    claim_id: UUID
    denial_ids: tuple[UUID, ...]
    outcome: Literal["overturned", "partly_overturned", "upheld", "dismissed"]
    expected_cents: Cents
    payment_due_by: date | None
    decided_on: date


class WriteOffApproved(Published, frozen=True, kw_only=True):
    """Someone with the authority gave up a refused amount."""

    encounter_id: UUID
    claim_id: UUID
    denial_id: UUID
    line_number: int | None
    write_off_class: Literal["denial", "timely", "small_balance", "administrative", "bundled_correct"]
    amount_cents: Cents
    expected_allowed_cents: Cents
    adjustment_cents: Cents
    """amount − expected allowed: contractual in any case."""
    write_off_cents: Cents
    tier: Literal["auto", "biller", "lead", "manager", "client"]
    approved_by: str
    approved_at: datetime


class DenialResolved(Published, frozen=True, kw_only=True):
    """
    A denial came to its end.

    `patient_responsibility`: the refusal stands and the patient owes the amount; claims then moves it.
    """

    encounter_id: UUID
    denial_id: UUID
    claim_id: UUID
    line_number: int | None
    outcome: Literal["overturned", "corrected", "written_off", "accepted", "patient_responsibility", "withdrawn"]
    amount_cents: Cents
    recovered_cents: Cents
    resolved_on: date


class PreventionRule(Published, frozen=True, kw_only=True):
    """A rule that would have prevented a pattern of denials."""

    STREAM: ClassVar[str] = "prevention_rule"
    TENANT: ClassVar[str] = "organization"
    rule_id: UUID
    payer_id: UUID
    codes: tuple[str, ...]
    carc: str
    fix: str


class PreventionRuleProposed(PreventionRule, frozen=True, kw_only=True):
    """A pattern was seen often enough to propose a rule."""

    denials_seen: int


class PreventionRuleActivated(PreventionRule, frozen=True, kw_only=True):
    """Someone decided that claims are to be held by this rule."""

    activated_by: str


class PreventionRuleRetired(PreventionRule, frozen=True, kw_only=True):
    """The rule holds no claims any more."""

    retired_by: str
