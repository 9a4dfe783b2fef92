"""
The web site and the counter as processes of their own, to be killed.

`python -m revcycle_kit.testing.processes load|relay|naive-relay|worker` with a JSON configuration on standard input:
addresses, a seconds budget, and for `load` a file to which every acknowledged command is written.
"""

import asyncio
import json
import random
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from revcycle_kit.bus.log import LogBus
from revcycle_kit.bus.protocol import Record
from revcycle_kit.clock import SystemClock
from revcycle_kit.database.connections import TRANSIENT, Line
from revcycle_kit.delivery.loops import WakeEvent, run_relay, run_worker
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.delivery.runtime import Addresses, Runtime
from revcycle_kit.delivery.service import Service
from revcycle_kit.ids import derived_id
from revcycle_kit.sealing import Sealer
from revcycle_kit.testing.counting import Place, build_counter, build_web
from revcycle_kit.testing.keys import ThrowawayKeys

CLINIC = UUID("0199f000-0000-7000-8000-00000000c111")


def order_id(stream: int) -> UUID:
    """Return the id of the n-th stream."""
    return derived_id("order", str(stream))


class Configuration(msgspec.Struct, kw_only=True):
    """What a process is told."""

    web: str
    counter: str
    bus: str
    history: str = ""
    streams: tuple[int, ...] = ()
    pause_seconds: float = 0.02


def runtime_of(service: Service[Any], dsn: str, bus: LogBus) -> Runtime[Any]:
    """Return one process's runtime."""
    return Runtime(service, Addresses(dsn, dsn), bus, Sealer(ThrowawayKeys()), SystemClock())


async def load(configuration: Configuration) -> None:
    """Say numbers on some streams for ever; write down each one that was acknowledged, and each one asked."""
    web = runtime_of(build_web(), configuration.web, LogBus(configuration.bus))
    with Path(configuration.history).open("a", buffering=1) as history:  # noqa: ASYNC230 - a line a command
        await asyncio.gather(
            *(_say(web, stream, history, configuration.pause_seconds) for stream in configuration.streams)
        )


async def _say(web: Runtime[Any], stream: int, history: Any, pause_seconds: float) -> None:
    to = StreamRef("clinic", CLINIC, "encounter", order_id(stream))
    number = 0
    while True:
        number += 1
        history.write(json.dumps(["asked", stream, number]) + "\n")
        try:
            await web.execute(Place(order_id=to.id, numbers=(number,)), to)
        except TRANSIENT:
            await asyncio.sleep(0.1)
        else:
            history.write(json.dumps(["told", stream, number]) + "\n")
        await asyncio.sleep(pause_seconds * random.uniform(0.5, 1.5))  # noqa: S311 - a load, not a secret


async def relay(configuration: Configuration) -> None:
    """Relay the web site's outbox until killed."""
    await run_relay(runtime_of(build_web(), configuration.web, LogBus(configuration.bus)), WakeEvent())


async def worker(configuration: Configuration) -> None:
    """Let the counter hear until killed."""
    await run_worker(runtime_of(build_counter(), configuration.counter, LogBus(configuration.bus)), WakeEvent())


async def naive_relay(configuration: Configuration) -> None:
    """
    Relay as a tutorial would: a cursor on the sequence. Loses what commits out of order; the negative control.

    Nothing else differs: the same outbox, the same log, the same reader.
    """
    line = Line(configuration.web)
    publisher = await LogBus(configuration.bus).publisher("web.events")
    last = 0
    while True:
        try:
            rows = await (await line.connection()).fetch(
                "SELECT seq, event_id, stream_id, headers, body FROM outbox WHERE seq > $1 ORDER BY seq LIMIT 1000",
                last,
            )
            if rows:
                await publisher.publish(
                    [Record(row[1], row[2], msgspec.json.decode(row[3], type=dict[str, str]), row[4]) for row in rows]
                )
                last = rows[-1]["seq"]
        except asyncpg.PostgresError:
            await line.drop()
        await asyncio.sleep(0.005)


ROLES = {"load": load, "relay": relay, "worker": worker, "naive-relay": naive_relay}


def main() -> None:
    """Be what the first argument says, as standard input configures it."""
    told = msgspec.json.decode(sys.stdin.buffer.read(), type=Configuration)
    asyncio.run(ROLES[sys.argv[1]](told))


if __name__ == "__main__":
    main()
