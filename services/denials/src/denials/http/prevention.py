"""Prevention rules over HTTP: those proposed from what is refused again and again, and what a lead decides."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from denials import messages, queries
from denials.domain.prevention import RuleState
from denials.http import views
from denials.http.requests import Lead, Reader
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.http import Cursor, IdempotencyKey, Page, Paging, Runner

router = APIRouter(prefix="/v1", tags=["prevention"])

RuleStates = Annotated[list[RuleState], Query(max_length=4)]

by_id = Cursor("prevention rules", tuple[UUID])


@router.get("/prevention-rules")
async def list_rules(
    caller: Reader,
    paging: Paging,
    runner: Runner,
    state: RuleStates = [RuleState.PROPOSED, RuleState.ACTIVE],  # noqa: B006 - read, never changed
) -> Page[views.RuleView]:
    """List prevention rules in these states."""
    after = by_id.read(paging.cursor)
    organization_id = caller.require_organization()
    async with runner.read(caller) as connection:
        rules = await queries.rules(connection, organization_id, state, after[0] if after else None, paging.limit + 1)
    return by_id.page(
        rules, paging, item=lambda rule: views.RuleView.of(rule, seen=rule.count), after=lambda rule: (rule.rule_id,)
    )


@router.post("/prevention-rules/{rule_id}/activate")
async def activate_rule(rule_id: UUID, caller: Lead, key: IdempotencyKey, runner: Runner) -> views.RuleDecided:
    """Have claims held by this rule."""
    command = messages.ActivateRule(rule_id=rule_id, by=caller.subject)
    decided = await runner.answer(messages.RuleDecided, command, _stream(rule_id, caller), caller=caller, key=key)
    return views.RuleDecided.of(decided)


@router.post("/prevention-rules/{rule_id}/retire")
async def retire_rule(rule_id: UUID, caller: Lead, key: IdempotencyKey, runner: Runner) -> views.RuleDecided:
    """Have claims held no longer, or turn the proposal down."""
    command = messages.RetireRule(rule_id=rule_id, by=caller.subject)
    decided = await runner.answer(messages.RuleDecided, command, _stream(rule_id, caller), caller=caller, key=key)
    return views.RuleDecided.of(decided)


def _stream(rule_id: UUID, caller: Grant) -> StreamRef:
    return StreamRef("organization", caller.require_organization(), "prevention_rule", rule_id)
