"""Care for the guarantor: plans, holds, disputes, assistance, agencies, contact, a coverage shown late."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from patient_billing.commands import (
    ApplyForAssistance,
    CancelPlan,
    DecideAssistance,
    LiftHold,
    OpenDispute,
    PlaceHold,
    PlaceWithAgency,
    PresentInsurance,
    RecallPlacement,
    ResolveDispute,
    SetContactPreference,
    StartPlan,
)
from patient_billing.messages import encounter_stream
from patient_billing.routes.asking import Asked, Desk, organization_of
from patient_billing.routes.views import AccountStateView
from revcycle_kit.auth import Grant
from revcycle_kit.http import AmountCents, IdempotencyKey, PositiveCents, requires
from revcycle_kit.money import ZERO, Cents

Clerk = Annotated[Grant, requires("front_desk", "biller", "lead", "manager")]
Biller = Annotated[Grant, requires("biller", "lead", "manager", "client")]
Lead = Annotated[Grant, requires("lead", "manager", "client")]
_ACCOUNT = "/billing-entities/{billing_entity_id}/accounts/{account_id}"


class PlanAsked(Asked):
    """How many monthly installments, from which day on."""

    installments: int = Field(ge=1, le=120)
    first_due_on: date
    autopay: bool = False
    encounter_ids: list[UUID] = Field(default=[], max_length=100)
    """Left empty, the plan covers everything that is due."""


class HoldAsked(Asked):
    """Why nothing may be asked of the guarantor. The other holds follow their dispute or application."""

    reason: Literal["bankruptcy", "deceased"]


class DisputeAsked(Asked):
    """What the guarantor disputes; `ppdr` is against the good-faith estimate."""

    encounter_id: UUID
    kind: Literal["dispute", "ppdr"] = "dispute"
    amount_cents: PositiveCents


class ResolutionAsked(Asked):
    """How a dispute ended; `adjusted` lowers the balance by the amount."""

    outcome: Literal["upheld", "adjusted", "withdrawn"]
    adjusted_cents: AmountCents = ZERO


class AssistanceAsked(Asked):
    """The share that is forgiven; 10000 basis points are all of it."""

    percent_basis_points: int = Field(ge=0, le=10_000)


class PlacementAsked(Asked):
    """Which encounters an agency works in the provider's name."""

    encounter_ids: list[UUID] = Field(min_length=1, max_length=100)


class ContactAsked(Asked):
    """What the guarantor allows."""

    email_opted_out: bool = False
    sms_consented: bool = False


class InsuranceAsked(Asked):
    """The payer on the card that was shown."""

    payer_name: str = Field(min_length=1, max_length=80)


def care_routes(desk: Desk) -> APIRouter:
    """Return the routes that agree, hold, help and place."""
    router = APIRouter(prefix="/v1", tags=["care"])

    @router.post(_ACCOUNT + "/plans", status_code=201)
    async def start_plan(
        billing_entity_id: UUID, account_id: UUID, asked: PlanAsked, caller: Clerk, key: IdempotencyKey
    ) -> AccountStateView:
        """Put what is due, of all encounters or of those named, into monthly installments."""
        told = asked.model_dump(exclude={"encounter_ids"})
        command = StartPlan(**told, encounter_ids=tuple(asked.encounter_ids))
        return await desk.ask(command, billing_entity_id, account_id, caller, key)

    @router.post(_ACCOUNT + "/plans/cancel")
    async def cancel_plan(
        billing_entity_id: UUID, account_id: UUID, caller: Clerk, key: IdempotencyKey
    ) -> AccountStateView:
        """End the running plan: statements ask for what is left."""
        return await desk.ask(CancelPlan(), billing_entity_id, account_id, caller, key)

    @router.post(_ACCOUNT + "/holds", status_code=201)
    async def place_hold(
        billing_entity_id: UUID, account_id: UUID, asked: HoldAsked, caller: Biller, key: IdempotencyKey
    ) -> AccountStateView:
        """Stop statements, reminders, plan and placement."""
        return await desk.ask(PlaceHold(reason=asked.reason), billing_entity_id, account_id, caller, key)

    @router.post(_ACCOUNT + "/holds/lift")
    async def lift_hold(
        billing_entity_id: UUID, account_id: UUID, asked: HoldAsked, caller: Biller, key: IdempotencyKey
    ) -> AccountStateView:
        """Lift a hold; installments move by the days it stood."""
        return await desk.ask(LiftHold(reason=asked.reason), billing_entity_id, account_id, caller, key)

    @router.post(_ACCOUNT + "/disputes", status_code=201)
    async def open_dispute(
        billing_entity_id: UUID, account_id: UUID, asked: DisputeAsked, caller: Clerk, key: IdempotencyKey
    ) -> AccountStateView:
        """Open a dispute: the account is held until it is decided."""
        return await desk.ask(OpenDispute(**asked.model_dump()), billing_entity_id, account_id, caller, key)

    @router.post(_ACCOUNT + "/disputes/{dispute_id}/resolve")
    async def resolve_dispute(
        billing_entity_id: UUID,
        account_id: UUID,
        *,
        dispute_id: UUID,
        asked: ResolutionAsked,
        caller: Lead,
        key: IdempotencyKey,
    ) -> AccountStateView:
        """Decide a dispute."""
        adjusted = Cents(asked.adjusted_cents)
        command = ResolveDispute(dispute_id=dispute_id, outcome=asked.outcome, adjusted_cents=adjusted)
        return await desk.ask(command, billing_entity_id, account_id, caller, key)

    return router


def help_routes(desk: Desk) -> APIRouter:
    """Return the routes for assistance, agencies, contact, and a coverage shown late."""
    router = APIRouter(prefix="/v1", tags=["care"])

    @router.post(_ACCOUNT + "/assistance-applications", status_code=201)
    async def apply_for_assistance(
        billing_entity_id: UUID, account_id: UUID, caller: Clerk, key: IdempotencyKey
    ) -> AccountStateView:
        """Receive an application for financial assistance: everything waits for its decision."""
        return await desk.ask(ApplyForAssistance(), billing_entity_id, account_id, caller, key)

    @router.post(_ACCOUNT + "/assistance-applications/{application_id}/decide")
    async def decide_assistance(
        billing_entity_id: UUID,
        account_id: UUID,
        *,
        application_id: UUID,
        asked: AssistanceAsked,
        caller: Lead,
        key: IdempotencyKey,
    ) -> AccountStateView:
        """Forgive a share of everything owed as charity."""
        command = DecideAssistance(application_id=application_id, percent_basis_points=asked.percent_basis_points)
        return await desk.ask(command, billing_entity_id, account_id, caller, key)

    @router.post(_ACCOUNT + "/placements", status_code=201)
    async def place_with_agency(
        billing_entity_id: UUID, account_id: UUID, asked: PlacementAsked, caller: Lead, key: IdempotencyKey
    ) -> AccountStateView:
        """Place balances early-out; bad debt is placed by the calendar, not by hand."""
        command = PlaceWithAgency(encounter_ids=tuple(asked.encounter_ids))
        return await desk.ask(command, billing_entity_id, account_id, caller, key)

    @router.post(_ACCOUNT + "/placements/{placement_id}/recall")
    async def recall_placement(
        billing_entity_id: UUID, account_id: UUID, placement_id: UUID, caller: Lead, key: IdempotencyKey
    ) -> AccountStateView:
        """Take balances back from the agency."""
        command = RecallPlacement(placement_id=placement_id)
        return await desk.ask(command, billing_entity_id, account_id, caller, key)

    @router.put(_ACCOUNT + "/contact")
    async def set_contact(
        billing_entity_id: UUID, account_id: UUID, asked: ContactAsked, caller: Clerk, key: IdempotencyKey
    ) -> AccountStateView:
        """Keep what the guarantor allows: e-mail until opted out, text messages with consent."""
        return await desk.ask(SetContactPreference(**asked.model_dump()), billing_entity_id, account_id, caller, key)

    @router.post("/clinics/{clinic_id}/encounters/{encounter_id}/insurance-presented", status_code=202)
    async def present_insurance(
        clinic_id: UUID, encounter_id: UUID, asked: InsuranceAsked, caller: Clerk, key: IdempotencyKey
    ) -> Response:
        """Tell that the patient showed a coverage after the bill: it is verified and billed first."""
        caller.require_clinic(clinic_id)
        organization_of(caller)
        command = PresentInsurance(payer_name=asked.payer_name)
        await desk.runtime.execute(command, encounter_stream(clinic_id, encounter_id), grant=caller, key=key)
        return Response(status_code=202)

    return router
