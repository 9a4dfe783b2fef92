"""Prices, contracts, billing days, closing a month."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path

from claims import queries
from claims.domain.pricing import Price, Rate
from claims.http import requests
from claims.http.counter import Asked, Counter, Lead, Reader, Setter, organization_of
from claims.http.views import view
from claims.messages import ClosePeriod, LoadPrices, SetPolicy
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import NotFound
from revcycle_kit.http import IdempotencyKey
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents

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


@dataclass(frozen=True, slots=True)
class DoneView:
    """It is done."""

    done: bool = True


class SetupRoutes:
    """Set up what services cost, what payers allow, and when a clinic bills."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def load_prices(
        self, billing_entity_id: UUID, request: requests.PricesRequest, caller: Setter, key: IdempotencyKey
    ) -> DoneView:
        """Add rows to the chargemaster and the contracts of a payee; a row with the same start is replaced."""
        payee = caller.require_billing_entity(billing_entity_id)
        command = LoadPrices(
            billing_entity_id=payee,
            prices=tuple(Price(**price.model_dump()) for price in request.prices),
            rates=tuple(Rate(**rate.model_dump()) for rate in request.rates),
        )
        stream = StreamRef("organization", organization_of(caller), "price_list", payee)
        await self._counter.on(stream, command, Asked(caller, key))
        return DoneView()

    async def read_prices(self, billing_entity_id: UUID, caller: Reader) -> PricesView:
        """Show the chargemaster of a payee."""
        payee = caller.require_billing_entity(billing_entity_id)
        async with self._counter.runtime.read(caller) as connection:
            found = await queries.documents(connection, "prices", [payee])
        if payee not in found:
            raise NotFound("price list")
        known = found[payee].prices
        rows = [view(PriceView, row) for code in sorted(known.prices) for row in known.prices[code]]
        return PricesView(prices=rows, contract_rows=sum(len(rates) for rates in known.rates.values()))

    async def set_policy(
        self, clinic_id: UUID, request: requests.PolicyRequest, caller: Setter, key: IdempotencyKey
    ) -> DoneView:
        """Set after how many days a clinic's encounters are billed."""
        clinic = caller.require_clinic(clinic_id)
        stream = StreamRef("organization", organization_of(caller), "billing_policy", clinic)
        command = SetPolicy(clinic_id=clinic, bill_hold_days=request.bill_hold_days)
        await self._counter.on(stream, command, Asked(caller, key))
        return DoneView()

    async def close_period(
        self, billing_entity_id: UUID, period: Period, caller: Lead, key: IdempotencyKey
    ) -> DoneView:
        """Close a month of a payee's insurance ledger; what comes later posts into the next."""
        payee = caller.require_billing_entity(billing_entity_id)
        stream = StreamRef("billing_entity", payee, "period", derived_id("period", str(payee)))
        await self._counter.on(stream, ClosePeriod(billing_entity_id=payee, period=period), Asked(caller, key))
        return DoneView()
