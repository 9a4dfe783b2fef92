"""Claims: the worklists of held and rejected ones, one in full, and what people do to them."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from sqlalchemy import select, tuple_

from claims import queries
from claims.domain.claims import State
from claims.domain.corrections import Change
from claims.http import requests, views
from claims.http.counter import Asked, Biller, Counter, Lead, Reader
from claims.messages import CorrectClaim, RecheckClaim, VoidClaim
from claims.storage.tables import claim_table
from revcycle_kit.errors import NotFound
from revcycle_kit.http import Cursor, IdempotencyKey, Page, Paging

States = Annotated[list[State], Query(max_length=17, description="Which states; none: the worklists of this service.")]
Owner = Literal["biller", "coder", "registration", "enrollment", "system"]
by_service = Cursor("claims", tuple[date, UUID])
TO_BE_WORKED: tuple[State, ...] = ("held", "rejected", "not_ours", "information_requested")


class ClaimRoutes:
    """Read claims, and put right what is held or was turned away."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def list_claims(  # noqa: PLR0917 - the filters of the list
        self,
        caller: Reader,
        paging: Paging,
        state: States = list(TO_BE_WORKED),  # noqa: B006 - read, never changed
        clinic_id: UUID | None = None,
        payer_id: UUID | None = None,
        owner: Owner | None = None,
        encounter_id: UUID | None = None,
    ) -> Page[views.ClaimItem]:
        """List claims, the oldest service first; by default those that wait for a person."""
        column = claim_table.c
        clinics = [caller.require_clinic(clinic_id)] if clinic_id else caller.clinics
        query = select(column.service_on, column.id, queries.body_of(claim_table)).where(column.clinic_id.in_(clinics))
        equal = {"payer_id": payer_id, "hold_owner": owner, "stream_id": encounter_id}
        query = query.where(*(column[name] == value for name, value in equal.items() if value is not None))
        if encounter_id is None or list(state) != list(TO_BE_WORKED):
            query = query.where(column.state.in_(state))
        after = by_service.read(paging.cursor)
        if after is not None:
            query = query.where(tuple_(column.service_on, column.id) > tuple_(*after))
        query = query.order_by(column.service_on, column.id).limit(paging.limit + 1)
        async with self._counter.runtime.read(caller) as connection:
            rows = (await connection.execute(query)).all()
        return by_service.page(
            rows,
            paging,
            item=lambda row: views.claim_item(queries.decode("claims", row.document)),
            after=lambda row: (row.service_on, row.id),
        )

    async def read_claim(self, claim_id: UUID, caller: Reader) -> views.ClaimView:
        """Show a claim with its lines, its proofs and every decision on it."""
        async with self._counter.runtime.read(caller) as connection:
            found = await queries.documents(connection, "claims", [claim_id])
        if claim_id not in found:
            raise NotFound("claim")
        return views.claim_view(found[claim_id])

    async def recheck_claim(
        self, claim_id: UUID, request: requests.RecheckRequest, caller: Biller, key: IdempotencyKey
    ) -> views.ClaimView:
        """Check a held claim again; it leaves with the next interchange when nothing is found."""
        command = RecheckClaim(claim_id=claim_id, override=tuple(request.override), reason=request.reason)
        await self._counter.on_encounter(claim_table, claim_id, "claim", command, Asked(caller, key))
        return await self.read_claim(claim_id, caller)

    async def correct_claim(
        self, claim_id: UUID, request: requests.CorrectionsRequest, caller: Biller, key: IdempotencyKey
    ) -> Page[views.ClaimItem]:
        """Change a held or rejected claim and send it; a rejected one leaves as a new claim."""
        changes = tuple(
            Change(field=change.field, line_number=change.line_number, value=change.value) for change in request.changes
        )
        command = CorrectClaim(claim_id=claim_id, changes=changes)
        await self._counter.on_encounter(claim_table, claim_id, "claim", command, Asked(caller, key))
        async with self._counter.runtime.read(caller) as connection:
            claims = await queries.of_same_encounter(connection, claim_id)
        return Page(items=[views.claim_item(claim) for claim in claims], next_cursor=None)

    async def void_claim(self, claim_id: UUID, caller: Lead, key: IdempotencyKey) -> views.ClaimView:
        """Take a claim back: before it left, or by a void (8) when a payer decided it. No other is made."""
        await self._counter.on_encounter(
            claim_table, claim_id, "claim", VoidClaim(claim_id=claim_id), Asked(caller, key)
        )
        return await self.read_claim(claim_id, caller)
