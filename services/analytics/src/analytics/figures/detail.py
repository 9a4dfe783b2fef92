"""
What words need of an event: the fields of all events that sentences are made of.

What is not declared is not read: the sealed identity of an event never comes to rest here, and no key is held that
could open it.
"""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec


class Charge(msgspec.Struct, frozen=True, omit_defaults=True):
    """A service: words count them."""

    code: str = ""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A double entry of a ledger."""

    debit: str = ""
    credit: str = ""
    amount_cents: int = 0


class Adjustment(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a payer did not pay, and why."""

    group: str = ""
    carc: str = ""
    amount_cents: int = 0
    meaning: str = ""


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a decision."""

    adjustments: tuple[Adjustment, ...] = ()


class EditFinding(msgspec.Struct, frozen=True, omit_defaults=True):
    """What edits found wrong with a claim."""

    rule: str = ""
    fix: str = ""


class Detail(msgspec.Struct, frozen=True, omit_defaults=True):
    """The fields of all events that words are made of; each event has a few of them."""

    act_by: date | None = None
    adjusted_cents: int | None = None
    adjustment_cents: int | None = None
    allowed_cents: int | None = None
    amount_cents: int | None = None
    applied_cents: int | None = None
    balance_cents: int | None = None
    carc: str = ""
    category: str = ""
    cause: str = ""
    changed: tuple[str, ...] = ()
    channel: str = ""
    charge_cents: int | None = None
    charged_cents: int | None = None
    charges: tuple[Charge, ...] = ()
    claim_adjustments: tuple[Adjustment, ...] = ()
    claims: int | None = None
    clinic_ids: tuple[UUID, ...] = ()
    codes: Any = None
    contractual_cents: int | None = None
    decision_due_by: date | None = None
    denied_cents: int | None = None
    discount_cents: int | None = None
    due_by: date | None = None
    due_on: date | None = None
    effective_on: date | None = None
    encounter_id: UUID | None = None
    encounter_ids: tuple[UUID, ...] = ()
    entries: tuple[Entry, ...] = ()
    expected_cents: int | None = None
    expected_recovery_cents: int | None = None
    fee_cents: int | None = None
    findings: tuple[EditFinding, ...] = ()
    fix: str = ""
    frequency: str = ""
    group: str = ""
    installments_cents: tuple[int, ...] = ()
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
    paid_cents: int | None = None
    party: str = ""
    patient_cents: int | None = None
    patient_responsibility_cents: int | None = None
    payer_id: UUID | None = None
    period: str = ""
    posted_claims: int | None = None
    purpose: str = ""
    rank: int | None = None
    reason: str = ""
    recovered_cents: int | None = None
    remittance_id: UUID | None = None
    reversal: bool = False
    rule: str = ""
    scope: str = ""
    service_on: date | None = None
    source: str = ""
    tier: str = ""
    transaction: str = ""
    unapplied_cents: int | None = None
    visit_class: str = ""
    waiting_for: str = ""
    write_off_cents: int | None = None
    write_off_class: str = ""


_decode = msgspec.json.Decoder(Detail).decode
_NOTHING = Detail()


def detail_of(body: bytes) -> Detail:
    """Read what words need; an event in an unforeseen shape is still a step of the journey, with fewer words."""
    try:
        return _decode(body)
    except msgspec.ValidationError:
        return _NOTHING
