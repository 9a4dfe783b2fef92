"""Prices, contracts, billing days, closing a month."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from claims import messages, queries
from claims.domain.pricing import Price, PriceList, Rate
from claims.http import requests, views
from claims.http.requests import Lead, Reader, Setter
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.http import IdempotencyKey, Runner
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents

router = APIRouter(prefix="/v1", tags=["setup"])
Period = Annotated[str, Path(pattern=r"^[0-9]{4}-(?:0[1-9]|1[0-2])$", description="A month, such as 2026-10.")]


@dataclass(frozen=True, slots=True)
class PriceView:
    """One row of the chargemaster."""

    code: str
    unit_cents: Cents
    effective_on: date
    ends_on: date | None
    modifier: str
    revenue_code: str | None


@dataclass(frozen=True, slots=True)
class PricesView:
    """The chargemaster of a payee, and how many contract rows it has."""

    prices: list[PriceView]
    contract_rows: int


@router.post("/billing-entities/{billing_entity_id}/prices")
async def load_prices(
    billing_entity_id: UUID, request: requests.PricesRequest, caller: Setter, key: IdempotencyKey, runner: Runner
) -> views.DoneView:
    """Add rows to the chargemaster and the contracts of a payee; a row with the same start is replaced."""
    payee = caller.require_billing_entity(billing_entity_id)
    command = messages.LoadPrices(
        billing_entity_id=payee,
        prices=tuple(Price(**price.model_dump()) for price in request.prices),
        rates=tuple(Rate(**rate.model_dump()) for rate in request.rates),
    )
    stream = StreamRef("organization", caller.require_organization(), "price_list", payee)
    await runner.run(command, stream, caller=caller, key=key)
    return views.DoneView()


@router.get("/billing-entities/{billing_entity_id}/prices")
async def read_prices(billing_entity_id: UUID, caller: Reader, runner: Runner) -> PricesView:
    """Show the chargemaster of a payee."""
    payee = caller.require_billing_entity(billing_entity_id)
    async with runner.read(caller) as connection:
        return _prices_view(await queries.find_prices(connection, payee))


@router.post("/billing-entities/{billing_entity_id}/periods/{period}/close")
async def close_period(
    billing_entity_id: UUID, period: Period, caller: Lead, key: IdempotencyKey, runner: Runner
) -> views.DoneView:
    """Close a month of a payee's insurance ledger; what comes later posts into the next."""
    payee = caller.require_billing_entity(billing_entity_id)
    stream = StreamRef("billing_entity", payee, "period", derived_id("period", str(payee)))
    command = messages.ClosePeriod(billing_entity_id=payee, period=period)
    await runner.run(command, stream, caller=caller, key=key)
    return views.DoneView()


@router.put("/clinics/{clinic_id}/billing-policy")
async def set_policy(
    clinic_id: UUID, request: requests.PolicyRequest, caller: Setter, key: IdempotencyKey, runner: Runner
) -> views.DoneView:
    """Set after how many days a clinic's encounters are billed."""
    clinic = caller.require_clinic(clinic_id)
    stream = StreamRef("organization", caller.require_organization(), "billing_policy", clinic)
    command = messages.SetPolicy(clinic_id=clinic, bill_hold_days=request.bill_hold_days)
    await runner.run(command, stream, caller=caller, key=key)
    return views.DoneView()


def _prices_view(prices: PriceList) -> PricesView:
    """Show a chargemaster, and how many contract rows stand beside it."""
    rows = [views.view(PriceView, row) for code in sorted(prices.prices) for row in prices.prices[code]]
    return PricesView(prices=rows, contract_rows=sum(len(rates) for rates in prices.rates.values()))
