"""How a request reaches its stream and is answered (the kit's `CommandRunner` takes its place)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.delivery.runtime import Runtime, answer_as
from revcycle_kit.http import CommandKey

Kind = TypeVar("Kind")


class CommandRunner:
    """Runs the commands of requests, and opens reads, for their caller."""

    def __init__(self, runtime: Runtime[Any]) -> None:
        self.runtime = runtime

    async def run(self, command: Command, stream: StreamRef, *, caller: Grant, key: CommandKey) -> Any:
        """Run a command on its stream and return its answer."""
        return await self.runtime.execute(command, stream, grant=caller, key=key)

    async def answer(
        self, kind: type[Kind], command: Command, stream: StreamRef, *, caller: Grant, key: CommandKey
    ) -> Kind:
        """Run a command on its stream and return its answer, as a value of `kind`."""
        answer: Kind = answer_as(kind, await self.run(command, stream, caller=caller, key=key))
        return answer

    @asynccontextmanager
    async def read(self, caller: Grant) -> AsyncIterator[AsyncConnection]:
        """Open a read-only transaction that sees what the caller may see."""
        async with self.runtime.read(caller) as connection:
            yield connection


def _runner(request: Request) -> CommandRunner:
    runner: CommandRunner = request.app.state.runner
    return runner


Runner = Annotated[CommandRunner, Depends(_runner)]
