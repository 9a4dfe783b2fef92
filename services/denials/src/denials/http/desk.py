"""How a request reaches the encounter, or the rule, that it is about; and who may ask for what."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Table

from denials import messages, queries
from denials.storage import appeal_table, denial_table
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.delivery.runtime import Runtime, answer_as
from revcycle_kit.errors import NotFound
from revcycle_kit.http import CommandKey, any_role, requires

Worker = Annotated[Grant, requires("biller", "lead", "manager", "client")]
Lead = Annotated[Grant, requires("lead", "manager", "client")]
Reader = Annotated[Grant, any_role()]


class Desk:
    """The runtime, and how a request reaches the encounter that it is about."""

    def __init__(self, runtime: Runtime[Any]) -> None:
        self.runtime = runtime

    async def on_denials(
        self, ids: Sequence[UUID], command: Command, caller: Grant, key: CommandKey, kind: type
    ) -> Any:
        """Let a command about denials take effect on their encounter."""
        return await self._on(denial_table, ids, "denial", command, caller, key, kind)

    async def on_appeal(self, appeal_id: UUID, command: Command, caller: Grant, key: CommandKey, kind: type) -> Any:
        """Let a command about an appeal take effect on its encounter."""
        return await self._on(appeal_table, [appeal_id], "appeal", command, caller, key, kind)

    async def on_rule(self, rule_id: UUID, command: Command, caller: Grant, key: CommandKey) -> messages.RuleDecided:
        """Let a command about a prevention rule take effect. Raises NotFound without an organization."""
        stream = StreamRef("organization", organization_of(caller), "prevention_rule", rule_id)
        answer = await self.runtime.execute(command, stream, grant=caller, key=key)
        return answer_as(messages.RuleDecided, answer)  # type: ignore[no-any-return]

    async def _on(  # noqa: PLR0917 - a request in all its parts
        self, table: Table, ids: Sequence[UUID], noun: str, command: Command, caller: Grant, key: CommandKey, kind: type
    ) -> Any:
        async with self.runtime.read(caller) as connection:
            stream = await queries.stream_of(connection, caller, table, ids, noun)
        return answer_as(kind, await self.runtime.execute(command, stream, grant=caller, key=key))


def organization_of(caller: Grant) -> UUID:
    """Return the caller's organization. Raises NotFound when the grant names none."""
    if caller.organization_id is None:
        raise NotFound("organization")
    return caller.organization_id
