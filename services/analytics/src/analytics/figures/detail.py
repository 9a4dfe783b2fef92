"""
What words need of an event: the fields of all events that sentences are made of.

What is not declared is not read: the sealed identity of an event never comes to rest here, and no key is held that
could open it.
"""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value


class Charge(Value):
    """A service: words count them."""

    code: str = ""


class Entry(Value):
    """A double entry of a ledger."""

    debit: str = ""
    credit: str = ""
    amount_cents: Cents = ZERO


class Adjustment(Value):
    """What a payer did not pay, and why."""

    group: str = ""
    carc: str = ""
    amount_cents: Cents = ZERO
    meaning: str = ""


class Line(Value):
    """A line of a decision."""

    adjustments: tuple[Adjustment, ...] = ()


class EditFinding(Value):
    """What edits found wrong with a claim."""

    rule: str = ""
    fix: str = ""


class Detail(Value):
    """The fields of all events that words are made of; each event has a few of them."""

    act_by: date | None = None
    adjusted_cents: Cents | None = None
    adjustment_cents: Cents | None = None
    allowed_cents: Cents | None = None
    amount_cents: Cents | None = None
    applied_cents: Cents | None = None
    balance_cents: Cents | None = None
    carc: str = ""
    category: str = ""
    cause: str = ""
    changed: tuple[str, ...] = ()
    channel: str = ""
    charge_cents: Cents | None = None
    charged_cents: Cents | None = None
    charges: tuple[Charge, ...] = ()
    claim_adjustments: tuple[Adjustment, ...] = ()
    claims: int | None = None
    clinic_ids: tuple[UUID, ...] = ()
    codes: Any = None
    contractual_cents: Cents | None = None
    decision_due_by: date | None = None
    denied_cents: Cents | None = None
    discount_cents: Cents | None = None
    due_by: date | None = None
    due_on: date | None = None
    effective_on: date | None = None
    encounter_id: UUID | None = None
    encounter_ids: tuple[UUID, ...] = ()
    entries: tuple[Entry, ...] = ()
    expected_cents: Cents | None = None
    expected_recovery_cents: Cents | None = None
    fee_cents: Cents | None = None
    findings: tuple[EditFinding, ...] = ()
    fix: str = ""
    frequency: str = ""
    group: str = ""
    installments_cents: tuple[Cents, ...] = ()
    kind: str = ""
    late: bool = False
    level: int | str = ""
    lines: tuple[Line, ...] = ()
    message: str = ""
    method: str = ""
    missing: Any = None
    name: str = ""
    next_step: str = ""
    outcome: str = ""
    owner: str = ""
    paid_cents: Cents | None = None
    party: str = ""
    patient_cents: Cents | None = None
    patient_responsibility_cents: Cents | None = None
    payer_id: UUID | None = None
    period: str = ""
    posted_claims: int | None = None
    purpose: str = ""
    rank: int | None = None
    reason: str = ""
    recovered_cents: Cents | None = None
    remittance_id: UUID | None = None
    reversal: bool = False
    rule: str = ""
    scope: str = ""
    service_on: date | None = None
    source: str = ""
    tier: str = ""
    transaction: str = ""
    unapplied_cents: Cents | None = None
    visit_class: str = ""
    waiting_for: str = ""
    write_off_cents: Cents | None = None
    write_off_class: str = ""


_decode = msgspec.json.Decoder(Detail).decode
_NOTHING = Detail()


def detail_of(body: bytes) -> Detail:
    """Read what words need; an event in an unforeseen shape is still a step of the journey, with fewer words."""
    try:
        return _decode(body)
    except msgspec.ValidationError:
        return _NOTHING
