"""Places and servers for the tests of the embedded PostgreSQL."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import asyncpg
import pytest

from revcycle_kit.embedded import EmbeddedPostgres


class MakeServer(Protocol):
    """Makes an EmbeddedPostgres in a directory; it is removed, with its data, after the test."""

    def __call__(self, directory: Path, **options: Any) -> EmbeddedPostgres: ...


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a directory that other users may pass through, unlike pytest's own."""
    place = Path(tempfile.gettempdir()) / f"revcycle-place-{secrets.token_hex(4)}"
    place.mkdir()
    place.chmod(0o711)
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def make_server() -> Iterator[MakeServer]:
    made: list[EmbeddedPostgres] = []

    def make(directory: Path, **options: Any) -> EmbeddedPostgres:
        made.append(EmbeddedPostgres(directory, **{"databases": ("claims",), **options}))
        return made[-1]

    yield make
    for server in made:
        server.remove()


@pytest.fixture
def query() -> Callable[..., Awaitable[Any]]:
    """Run one statement at an address and gives its first value."""

    async def run(dsn: str, statement: str) -> Any:
        connection = await asyncpg.connect(dsn, timeout=30)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return run


@pytest.fixture
def as_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
