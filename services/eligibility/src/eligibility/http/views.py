"""The answers of the HTTP interface."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict

from eligibility.domain.authorization import Authorization
from eligibility.domain.encounter import Coverage, Encounter, Identity
from eligibility.domain.verification import Inquiry


class View(BaseModel):
    """An answer."""

    model_config = ConfigDict(from_attributes=True)


class DoneView(View):
    """What a command came to."""

    id: UUID
    state: str = ""


class EnteredView(View):
    """The id of an entry, and whether it differs from what was known."""

    id: UUID
    changed: bool


class GapView(View):
    """What a message lacks, where it belongs, how to supply it."""

    what: str
    where: str
    fix: str


class RefusalView(View):
    """Why a message or one resource of it cannot be used."""

    problem: str
    where: str
    fix: str


class ReceiptView(View):
    """What became of a message."""

    message_id: UUID
    outcome: Literal["accepted", "held", "refused", "repeated"]
    facts: int
    encounter_ids: list[UUID]
    gaps: list[GapView]
    refusals: list[RefusalView]
    notes: list[str]


class MessageView(View):
    """A message as kept."""

    message_id: UUID
    state: str
    format: str
    type: str
    source: str
    received_at: datetime
    facts: int
    attempts: int
    repeats: int
    gaps: list[GapView]
    refusals: list[RefusalView]
    notes: list[str]


class CoverageView(View):
    """A coverage of an encounter, opened."""

    coverage_id: UUID
    payer_id: UUID
    rank: int
    relationship: str
    member_id: str
    group_number: str
    subscriber: dict[str, Any]
    begins_on: date | None
    ends_on: date | None


class EncounterRow(View):
    """An encounter in a list: nothing that says who somebody is."""

    encounter_id: UUID
    state: str
    patient_id: UUID
    visit_class: str
    service_on: date
    missing: list[str]
    order_rule: str


class EncounterView(EncounterRow):
    """An encounter with everything that is known of it."""

    billing_entity_id: UUID
    guarantor_id: UUID
    place_of_service: str
    service_through_on: date | None
    admitted_at: datetime | None
    discharged_at: datetime | None
    finished_at: datetime | None
    rendering_provider_id: UUID | None
    attending_provider_id: UUID | None
    order_reason: str
    estimate_due_by: date | None
    patient: dict[str, Any]
    guarantor: dict[str, Any]
    medical_record_number: str
    visit_number: str
    account_number: str
    coverages: list[CoverageView]
    inquiries: list[dict[str, Any]]
    authorizations: list[dict[str, Any]]
    estimate: dict[str, Any] | None
    charge_lines: int
    waiting_charges: int


def whole(value: object) -> Any:
    """Return a value as plain data, with the fields that hold their default as well."""
    if isinstance(value, msgspec.Struct):
        return {name: whole(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, (list, tuple)):
        return [whole(part) for part in value]
    return msgspec.to_builtins(value)


def encounter_view(
    encounter: Encounter, identity: Identity, inquiries: Sequence[Inquiry], authorizations: Sequence[Authorization]
) -> EncounterView:
    """Return an encounter with its identity opened, what was asked of payers, and what they said."""
    people = whole(identity)
    return EncounterView.model_validate(
        {
            **whole(encounter),
            **{name: people[name] for name in ("patient", "guarantor", "medical_record_number")},
            "visit_number": identity.visit_number,
            "account_number": identity.account_number,
            "coverages": [_coverage(coverage, identity) for coverage in encounter.coverages],
            "inquiries": whole(inquiries),
            "authorizations": whole(authorizations),
            "charge_lines": len(encounter.charged),
            "waiting_charges": len(encounter.pending),
        }
    )


def _coverage(coverage: Coverage, identity: Identity) -> dict[str, Any]:
    subscriber = identity.subscriber_of(coverage.coverage_id)
    if subscriber is None:
        raise LookupError("a coverage has no subscriber")
    numbers = {"member_id": subscriber.member_id, "group_number": subscriber.group_number}
    return {**whole(coverage), **numbers, "subscriber": whole(subscriber.person)}
