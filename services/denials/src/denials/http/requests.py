"""Bodies of requests, which refuse what they do not know; and the roles that may send them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict

from denials.domain.appeal import AppealOutcome
from denials.domain.corrections import FieldName
from denials.domain.policy import Correction
from denials.domain.write_off import WriteOffClass
from revcycle_kit.auth import Grant
from revcycle_kit.http import any_role, requires
from revcycle_kit.money import CENTS_MAX, Cents

Worker = Annotated[Grant, requires("biller", "lead", "manager", "client")]
Lead = Annotated[Grant, requires("lead", "manager", "client")]
Reader = Annotated[Grant, any_role()]
Amount = Annotated[Cents, Strict(), Field(ge=0, le=CENTS_MAX)]
Name = Annotated[str, Field(min_length=1, max_length=128)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AssignRequest(_Request):
    """Who takes the work; empty: nobody in particular."""

    assignee: Annotated[str, Field(max_length=128)]


class ChangeRequest(_Request):
    """One change to the claim."""

    field: FieldName
    line_number: Annotated[int, Field(ge=1, le=999)] | None = None
    value: Annotated[str, Field(max_length=200)] = ""


class CorrectionRequest(_Request):
    """Which denials of one claim, and what to change."""

    denial_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]
    changes: Annotated[list[ChangeRequest], Field(max_length=100)] = []
    method: Correction | None = None


class AppealRequest(_Request):
    """Which denials of one encounter and payer, and what to say."""

    denial_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]
    argument: Annotated[str, Field(max_length=5_000)] = ""
    enclosures: Annotated[list[Name], Field(max_length=50)] = []
    signed_by: Name
    late_reason: Annotated[str, Field(max_length=500)] = ""


class DecisionRequest(_Request):
    """What the payer answered."""

    outcome: AppealOutcome
    decided_on: date
    expected_cents: Amount | None = None
    payment_due_by: date | None = None
    upheld_denial_ids: Annotated[list[UUID], Field(max_length=100)] = []


class WriteOffRequest(_Request):
    """What kind of loss it is."""

    write_off_class: WriteOffClass | None = None
    expected_allowed_cents: Amount | None = None
