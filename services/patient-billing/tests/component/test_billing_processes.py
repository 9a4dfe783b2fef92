"""The service as it is deployed: migrate, worker, relay and API as processes, the log as bus."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import msgspec

from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.bus.log import LogBus
from revcycle_kit.bus.protocol import Record
from revcycle_kit.ids import event_id
from revcycle_kit.keyring_file import FileKeyRing
from revcycle_kit.sealing import Sealer
from revcycle_kit.testing.postgres import FreshDatabase

SERVICES = Path(__file__).parents[3]
SECONDS_MAX = 60


async def test_a_balance_said_on_the_bus_is_billed_by_the_running_service(
    fresh_database: Callable[[str], FreshDatabase], tmp_path: Path
) -> None:
    """What eligibility and claims say reaches the API of patient billing, and its own events reach the bus."""
    database, log = fresh_database("patient_billing"), fresh_database("bus")
    port = _free_port()
    environment = _environment(database, log, tmp_path, port)
    await _say(log.owner, tmp_path / "keys")

    async with (
        _process("migrate", environment, wait=True),
        _process("worker", environment),
        _process("relay", environment),
        _process("api", environment),
    ):
        account = await _account_through_api(tmp_path, port)
        said = await _said_on_the_bus(log.owner)

    assert 26_00 == account["due_cents"]
    assert ["patient_billing.ledger_posted.v1"] * 2 == said


def _environment(database: FreshDatabase, log: FreshDatabase, folder: Path, port: int) -> dict[str, str]:
    told = {
        "DATABASE_OWNER": database.owner,
        "DATABASE_WORKER": database.worker,
        "DATABASE_API": database.api,
        "LOG_DATABASE": log.owner,
        "KEYS": str(folder / "keys"),
        "LOCAL_KEY": str(folder / "token.key"),
        "PORT": str(port),
        "MAIL": "http://127.0.0.1:9/letters",
    }
    return os.environ | {f"REVCYCLE_{name}": value for name, value in told.items()}


@asynccontextmanager
async def _process(role: str, environment: dict[str, str], *, wait: bool = False) -> AsyncIterator[None]:
    command = [sys.executable, "-m", "patient_billing.main", role]
    running = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        if wait:
            assert 0 == await running.wait()
        yield
    finally:
        if running.returncode is None:
            running.terminate()
            await running.wait()


async def _say(log: str, keys: Path) -> None:
    """Publish the readers' examples as eligibility and claims would."""
    bus = LogBus(log)
    await bus.start()
    for publisher, names in {
        "eligibility": (
            "clinic_updated.v1.chicago",
            "billing_entity_updated.v1.medical_group",
            "encounter_registered.v1.child_with_guarantor",
        ),
        "claims": (
            "patient_balance_due.v1.deductible_and_coinsurance",
            "patient_balance_withdrawn.v1.corrected_decision",
        ),
    }.items():
        line = await bus.publisher(f"{publisher}.events")
        folder = SERVICES / publisher / "contracts" / "consumers" / "patient_billing"
        records = [_record(json.loads((folder / f"{name}.json").read_text()), keys) for name in names]
        await line.publish(records)
        await line.close()
    await bus.close()


def _record(example: dict[str, Any], keys: Path) -> Record:
    headers, told = example["headers"], example["data"]
    source = headers["ce_source"][1:]
    stream = UUID(headers.get("encounter_id") or headers["directory_id"])
    made = event_id(source, stream, int(headers["version"]))
    if "identity" in told:
        clinic = UUID(headers["clinic_id"])
        ring = FileKeyRing(keys, "eligibility")
        ring.create(clinic, grants=["patient-billing"])
        body = msgspec.json.encode(told["identity"])
        told["identity"] = Sealer(ring).seal_text(clinic, headers["ce_type"], made, body)
    return Record(made, stream, {**headers, "ce_id": str(made), "traceparent": ""}, msgspec.json.encode(told))


async def _account_through_api(folder: Path, port: int) -> dict[str, Any]:
    """Ask until the balance has arrived."""
    told = json.loads(
        (
            SERVICES
            / "claims/contracts/consumers/patient_billing/patient_balance_due.v1.deductible_and_coinsurance.json"
        ).read_text()
    )
    entity = UUID(told["data"]["billing_entity_id"])
    token = LocalIssuer(folder / "token.key").issue("ada", roles=["biller"], billing_entities=[entity])
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {token}"}
    ) as client:
        async with asyncio.timeout(SECONDS_MAX):
            while True:
                account = await _first_account(client, entity)
                if account is not None and account["due_cents"] == 26_00:
                    return account
                await asyncio.sleep(0.1)


async def _first_account(client: httpx.AsyncClient, entity: UUID) -> dict[str, Any] | None:
    try:
        answer = await client.get(f"/v1/billing-entities/{entity}/accounts")
    except httpx.TransportError:
        return None
    return next(iter(answer.json()["items"]), None) if answer.is_success else None


async def _said_on_the_bus(log: str) -> list[str]:

    connection = await asyncpg.connect(log)
    try:
        async with asyncio.timeout(SECONDS_MAX):
            while True:
                rows = await connection.fetch(
                    "SELECT headers->>'ce_type' AS kind FROM record WHERE topic = 'patient_billing.events'"
                )
                if len(rows) >= 2:
                    return [row["kind"] for row in rows]
                await asyncio.sleep(0.1)
    finally:
        await connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
