"""The service as processes: `python -m claims.main migrate|api|worker|relay`, stopped in good order."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from revcycle_kit.testing.postgres import FreshDatabase

STARTED_WITHIN_SECONDS = 20.0


@pytest.fixture
def surroundings(fresh_database: Callable[[str], FreshDatabase], tmp_path: Path) -> dict[str, str]:
    """Say where the databases, the keys and the port are."""
    claims, log = fresh_database("claims"), fresh_database("bus")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        "REVCYCLE_DATABASE_OWNER": claims.owner,
        "REVCYCLE_DATABASE_WORKER": claims.worker,
        "REVCYCLE_DATABASE_API": claims.api,
        "REVCYCLE_LOG_DATABASE": log.owner,
        "REVCYCLE_KEYS": str(tmp_path / "keys"),
        "REVCYCLE_LOCAL_KEY": str(tmp_path / "issuer.key"),
        "REVCYCLE_PORT": str(port),
    }
    return {**os.environ, **own}


async def started(role: str, surroundings: dict[str, str]) -> Process:
    """Start one process of the service."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "claims.main", role, env=surroundings, stdout=DEVNULL, stderr=PIPE
    )


async def answered(url: str) -> httpx.Response:
    """Ask until somebody answers. Raises TimeoutError."""
    async with asyncio.timeout(STARTED_WITHIN_SECONDS), httpx.AsyncClient() as client:
        while True:
            try:
                return await client.get(url)
            except httpx.TransportError:
                await asyncio.sleep(0.1)


async def test_the_service_migrates_serves_works_and_stops_when_told(surroundings: dict[str, str]) -> None:
    migrated = await started("migrate", surroundings)
    assert 0 == await migrated.wait()
    api, worker, relay = [await started(role, surroundings) for role in ("api", "worker", "relay")]

    ready = await answered(f"http://127.0.0.1:{surroundings['REVCYCLE_PORT']}/ready")
    refused = await answered(f"http://127.0.0.1:{surroundings['REVCYCLE_PORT']}/v1/claims")
    await asyncio.sleep(1)

    assert (200, 401) == (ready.status_code, refused.status_code)
    assert (None, None) == (worker.returncode, relay.returncode)
    for process in (worker, relay, api):
        process.send_signal(signal.SIGTERM)
    assert [0, 0] == [await process.wait() for process in (worker, relay)]
    assert await api.wait() in {0, -signal.SIGTERM}


async def test_an_unknown_role_is_answered_with_the_usage(surroundings: dict[str, str]) -> None:
    process = await started("serve", surroundings)

    _, said = await process.communicate()

    assert 1 == process.returncode
    assert b"api|worker|relay|connector|migrate" in said
