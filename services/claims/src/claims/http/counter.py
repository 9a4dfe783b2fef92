"""How a request reaches the stream that it is about; and who may ask for what."""

from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Table, select

from revcycle_kit.auth import Grant
from revcycle_kit.auth.grant import tenants_of
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.errors import NotFound
from revcycle_kit.http import CommandKey, any_role, requires

Coder = Annotated[Grant, requires("coder", "biller", "lead", "manager")]
Biller = Annotated[Grant, requires("biller", "lead", "manager")]
Lead = Annotated[Grant, requires("lead", "manager")]
Setter = Annotated[Grant, requires("administrator", "manager", "operator")]
Intake = Annotated[Grant, requires("intake", "operator")]
Reader = Annotated[Grant, any_role()]


class Counter:
    """The runtime, and how a request reaches what it is about."""

    def __init__(self, runtime: Runtime[Any]) -> None:
        self.runtime = runtime

    async def on_encounter(self, table: Table, key: UUID, noun: str, command: Command, asked: "Asked") -> Any:
        """Let a command take effect on the encounter of this encounter or claim. Raises NotFound."""
        owner, stream_id = await self._owner(table, key, noun, asked.caller)
        return await self.on(StreamRef("clinic", owner, "encounter", stream_id), command, asked)

    async def on_remittance(self, table: Table, key: UUID, noun: str, command: Command, asked: "Asked") -> Any:
        """Let a command take effect on the remittance of this payment. Raises NotFound."""
        owner, stream_id = await self._owner(table, key, noun, asked.caller)
        return await self.on(StreamRef("billing_entity", owner, "remittance", stream_id), command, asked)

    async def on(self, stream: StreamRef, command: Command, asked: "Asked") -> Any:
        """Let a command take effect on a stream."""
        return await self.runtime.execute(command, stream, grant=asked.caller, key=asked.key)

    async def _owner(self, table: Table, key: UUID, noun: str, caller: Grant) -> tuple[UUID, UUID]:
        """Tell whose it is, and on which stream."""
        tenant = table.c[table.info["tenant"]]
        query = select(tenant, table.c.stream_id).where(table.c.id == key, tenant.in_(tenants_of(caller)))
        async with self.runtime.read(caller) as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound(noun)
        return row[0], row[1]


class Asked:
    """Who asks, and under which key."""

    def __init__(self, caller: Grant, key: CommandKey) -> None:
        self.caller = caller
        self.key = key


def organization_of(caller: Grant) -> UUID:
    """Return the caller's organization. Raises NotFound when the grant names none."""
    if caller.organization_id is None:
        raise NotFound("organization")
    return caller.organization_id
