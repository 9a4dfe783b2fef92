"""
Events per second per hop, beside the floor: what a raw bus and raw inserts would do on the same server.

say (command to outbox), relay (outbox to log), hear (log to rows of a reader); floor: the same rows by one set-wise
insert a batch, and the same records appended to the log with nobody reading. Writes `build/bench/hops.json`.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from revcycle_kit.bus.log import LogBus
from revcycle_kit.bus.protocol import Record
from revcycle_kit.clock import SystemClock
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.delivery.runtime import Addresses, Runtime
from revcycle_kit.delivery.service import Service
from revcycle_kit.embedded import EmbeddedPostgres
from revcycle_kit.embedded.databases import RoleNames
from revcycle_kit.ids import derived_id
from revcycle_kit.sealing import Sealer
from revcycle_kit.testing.counting import Place, build_counter, build_web
from revcycle_kit.testing.harness import create_tables
from revcycle_kit.testing.keys import ThrowawayKeys
from revcycle_kit.testing.postgres import FreshDatabase

ROOT = Path(__file__).parent.parent
CLINIC = UUID("0199f000-0000-7000-8000-00000000c111")
BATCH = 500
RAW = "INSERT INTO raw SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[])"


async def measure(server: EmbeddedPostgres, events: int) -> dict[str, float]:
    """Measure each hop once, and the floor beside it; events per second."""
    bus = LogBus(server.cluster.dsn("bus", "owner"))
    await bus.start()
    bus.sole_process = True
    web, counter = (_runtime(service, server, bus) for service in (build_web(), build_counter()))
    streams = [derived_id("order", str(number), str(uuid4())) for number in range(events)]
    rates = {
        "say": await _rate(events, lambda: _say(web, streams)),
        "relay": await _rate(events, lambda: _until_zero(web.relay_step)),
        "hear": await _rate(events, lambda: _until_zero(counter.step)),
        "floor: raw inserts": await _rate(events, lambda: _raw(server.cluster.dsn("bus", "owner"), events)),
        "floor: raw bus": await _rate(events, lambda: _append(bus, events)),
    }
    for runtime in (web, counter):
        await runtime.close()
    await bus.close()
    return rates


async def _rate(events: int, deed: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await deed()
    return events / (time.perf_counter() - began)


def _runtime(service: Service[Any], server: EmbeddedPostgres, bus: LogBus) -> Runtime[Any]:
    cluster = server.cluster
    addresses = Addresses(cluster.dsn(service.name, "worker"), cluster.dsn(service.name, "api"))
    runtime: Runtime[Any] = Runtime(service, addresses, bus, Sealer(ThrowawayKeys()), SystemClock())
    runtime.alone = True
    return runtime


async def _say(web: Runtime[Any], streams: list[UUID]) -> None:
    async def one(stream: UUID) -> None:
        await web.execute(Place(order_id=stream, numbers=(1,)), StreamRef("clinic", CLINIC, "encounter", stream))

    await asyncio.gather(*(one(stream) for stream in streams))


async def _until_zero(step: Callable[[], Awaitable[Any]]) -> None:
    while await step():
        pass


async def _raw(dsn: str, events: int) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE IF NOT EXISTS raw (a uuid, b uuid, c bigint)")
    for start in range(0, events, BATCH):
        keys = [uuid4() for _ in range(min(BATCH, events - start))]
        await connection.execute(RAW, keys, keys, list(range(len(keys))))
    await connection.close()


async def _append(bus: LogBus, events: int) -> None:
    publisher = await bus.publisher("raw.events")
    for start in range(0, events, BATCH):
        count = min(BATCH, events - start)
        await publisher.publish([Record(uuid4(), uuid4(), {"ce_type": "raw.v1"}, b"{}" * 100) for _ in range(count)])
    await publisher.close()


async def _measured(events: int, rounds: int) -> list[dict[str, float]]:
    with tempfile.TemporaryDirectory(prefix="revcycle-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres", databases=("web", "counter", "bus"), temporary=True)
        async with server as cluster:
            for service in (build_web(), build_counter()):
                dsns = (cluster.dsn(service.name, role) for role in ("owner", "api", "worker"))
                await create_tables(FreshDatabase(service.name, RoleNames(service.name), *dsns), service)
            return [await measure(server, events) for _ in range(rounds)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print medians."""
    parser = argparse.ArgumentParser(prog="python -m bench hops", description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args(arguments)
    rounds = asyncio.run(_measured(told.events, told.rounds))
    medians = {name: round(median(measured[name] for measured in rounds)) for name in rounds[0]}
    for name, rate in medians.items():
        print(f"{name:20} {rate:>8} events/s")
    out = ROOT / "build" / "bench" / "hops.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(medians, indent=2) + "\n")
    return 0
