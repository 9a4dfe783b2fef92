"""HTTP of prevention: rules proposed from patterns; and what was allowed below the contract."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from denials import messages, queries
from denials.domain.prevention import RuleState
from denials.http import views
from denials.http.desk import Desk, Lead, Reader, organization_of
from revcycle_kit.http import Cursor, IdempotencyKey, Page, Paging

RuleStates = Annotated[list[RuleState], Query(max_length=4)]

by_id = Cursor("prevention rules", tuple[UUID])
by_missing = Cursor("underpayments", tuple[int, UUID])


class RuleRoutes:
    """Decide on prevention rules; list underpayments."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def list_rules(
        self,
        caller: Reader,
        paging: Paging,
        state: RuleStates = [RuleState.PROPOSED, RuleState.ACTIVE],  # noqa: B006 - read, never changed
    ) -> Page[views.RuleView]:
        """List prevention rules in these states."""
        after = by_id.read(paging.cursor)
        organization_id = organization_of(caller)
        async with self._desk.runtime.read(caller) as connection:
            rows = await queries.rules(
                connection, organization_id, state, after[0] if after else None, paging.limit + 1
            )
        return by_id.page(
            rows,
            paging,
            item=lambda row: views.rule_of(queries.decode("patterns", row.document)),
            after=lambda row: (row.id,),
        )

    async def activate_rule(self, rule_id: UUID, caller: Lead, key: IdempotencyKey) -> messages.RuleDecided:
        """Have claims held by this rule."""
        return await self._desk.on_rule(rule_id, messages.ActivateRule(rule_id=rule_id, by=caller.subject), caller, key)

    async def retire_rule(self, rule_id: UUID, caller: Lead, key: IdempotencyKey) -> messages.RuleDecided:
        """Have claims held no longer, or turn the proposal down."""
        return await self._desk.on_rule(rule_id, messages.RetireRule(rule_id=rule_id, by=caller.subject), caller, key)

    async def list_underpayments(self, caller: Reader, paging: Paging) -> Page[views.UnderpaymentView]:
        """List lines that were allowed less than the contract says, the largest first."""
        after = by_missing.read(paging.cursor)
        async with self._desk.runtime.read(caller) as connection:
            rows = await queries.underpayments(connection, caller, after, paging.limit + 1)
        return by_missing.page(
            rows,
            paging,
            item=lambda row: views.underpayment_of(queries.decode("underpayments", row.document), row.clinic_id),
            after=lambda row: (-row.missing_cents, row.id),
        )
