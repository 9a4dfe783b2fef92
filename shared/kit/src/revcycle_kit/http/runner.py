"""How a request reaches the stream that it is about, and what a caller may read."""

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, TypeVar, cast
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from revcycle_kit.auth import Grant
from revcycle_kit.auth.grant import tenants_of
from revcycle_kit.delivery.commands import answer_as
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.errors import NotFound, Refusal
from revcycle_kit.idempotency import CommandKey

A = TypeVar("A")


class CommandRunner:
    """Runs commands and reads for callers, each within its grant."""

    def __init__(self, runtime: Runtime[Any]) -> None:
        self.runtime = runtime

    async def run(self, command: Command, stream: StreamRef, *, caller: Grant, key: CommandKey | None) -> Any:
        """Let a command take effect on a stream. Raises NotFound where the stream is not the caller's."""
        return await self.runtime.execute(command, stream, grant=caller, key=key)

    async def answer(
        self, kind: type[A], command: Command, stream: StreamRef, *, caller: Grant, key: CommandKey | None
    ) -> A:
        """Let a command take effect on a stream, and return its answer: a recorded one, when it is repeated."""
        return cast("A", answer_as(kind, await self.run(command, stream, caller=caller, key=key)))

    async def run_on(
        self,
        table: Table,
        ids: UUID | Collection[UUID],
        noun: str,
        command: Command,
        *,
        caller: Grant,
        key: CommandKey | None,
    ) -> Any:
        """Let a command take effect on the stream of a row, or of several of one stream. Raises as `stream_of`."""
        return await self.run(command, await self.stream_of(table, ids, noun, caller), caller=caller, key=key)

    async def answer_on(
        self,
        kind: type[A],
        table: Table,
        ids: UUID | Collection[UUID],
        noun: str,
        command: Command,
        *,
        caller: Grant,
        key: CommandKey | None,
    ) -> A:
        """Let a command take effect on the stream of a row, and return its answer. Raises as `stream_of`."""
        stream = await self.stream_of(table, ids, noun, caller)
        return await self.answer(kind, command, stream, caller=caller, key=key)

    async def stream_of(self, table: Table, ids: UUID | Collection[UUID], noun: str, caller: Grant) -> StreamRef:
        """
        Return the stream on which a row lies, or several rows together.

        The table says which kind of stream that is (`document_table(…, stream="encounter")`). Raises NotFound for what
        the caller may not see, Refusal where rows lie on several streams.
        """
        if not table.info["stream"]:
            raise LookupError(f'on which kind of stream do rows lie? document_table("{table.name}", …, stream="…")')
        wanted = {ids} if isinstance(ids, UUID) else set(ids)
        tenant = table.c[table.info["tenant"]]
        query = select(table.c.id, tenant, table.c.stream_id).where(
            table.c.id.in_(wanted), tenant.in_(tenants_of(caller))
        )
        async with self.read(caller) as connection:
            rows = (await connection.execute(query)).all()
        if not rows or {row[0] for row in rows} != wanted:
            raise NotFound(noun)
        streams = {(row[1], row[2]) for row in rows}
        if len(streams) > 1:
            kind = table.info["stream"].replace("_", " ")
            raise Refusal(f"The {noun}s belong to several {kind}s.", f"{noun}_ids", "Send one request for each.")
        [(tenant_id, stream_id)] = streams
        return StreamRef(tenant.name.removesuffix("_id"), tenant_id, table.info["stream"], stream_id)

    def read(self, caller: Grant) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a read-only transaction that sees what the caller's grant covers."""
        return self.runtime.read(caller)


async def _runner(request: Request) -> CommandRunner:
    return cast("CommandRunner", request.app.state.runner)


Runner = Annotated[CommandRunner, Depends(_runner)]
"""The application's runner, which `service_app(…, runtime=…)` made."""
