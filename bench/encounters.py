"""
Encounters per second, end to end: from the first byte of the EHR to the last account settled, sandbox included.

A world of `--encounters` visits within one month is played by the simulated clock on the standalone system; the clock
then runs on until payers have decided and patients have paid. Median of `--rounds`; with `--kafka` the same on a real
Apache Kafka. Writes `build/bench/encounters.json`.
"""

import argparse
import asyncio
import json
import logging
import resource
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from revcycle_kit.telemetry.logs import configure_logs
from revcycle_kit.testing.kafka_broker import started_broker
from revcycle_sandbox import demo_world
from revcycle_simulation.figures import Figures
from revcycle_simulation.setup import Scenario, set_up

ROOT = Path(__file__).parent.parent
AFTERMATH = timedelta(days=30 + 150)


async def play(encounters: int, seed: int, kafka: str = "", prefix: str = "") -> dict[str, Any]:
    """Play one world; return its figures."""
    world = demo_world(seed=seed, encounters=encounters, months=1)
    used = _processor_seconds()
    async with set_up(Scenario(world, seed=seed, kafka=kafka, kafka_prefix=prefix)) as setup:
        began = time.perf_counter()
        await setup.simulation.run_until(setup.clock.now() + AFTERMATH)
        seconds = time.perf_counter() - began
        figures = Figures(setup.system, setup.places)
        counts, events = await figures.encounters(), await figures.event_counts()
        invariants = await figures.invariants()
        await figures.close()
    return {
        "encounters": counts["registered"],
        "closed": counts["closed"],
        "events": sum(events.values()),
        "seconds": round(seconds, 2),
        "processor_seconds": round(_processor_seconds() - used, 1),
        "per_second": round(counts["registered"] / seconds, 1),
        "invariants_hold": all(invariants.values()),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _processor_seconds() -> float:
    """Return what this process and those that it has ended have used so far: start, services, sandbox, PostgreSQL."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; exit status 1 if an invariant fails."""
    parser = argparse.ArgumentParser(prog="python -m bench encounters", description=__doc__)
    parser.add_argument("--encounters", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kafka", action="store_true", help="also on a real Kafka, taking turns")
    told = parser.parse_args(arguments)
    configure_logs("bench", level=logging.ERROR)
    results: dict[str, list[dict[str, Any]]] = {"log": []}
    with ExitStack() as stack:
        bootstrap = ""
        if told.kafka:
            broker = started_broker(ROOT / "build" / "bench" / "kafka", 0)
            stack.callback(broker.remove)
            bootstrap = broker.bootstrap
            results["kafka"] = []
        for number in range(told.rounds):
            for bus, plays in results.items():
                address = bootstrap if bus == "kafka" else ""
                plays.append(asyncio.run(play(told.encounters, number + 1, address, f"bench{number}.")))
                print(f"{bus:6} round {number + 1}: {json.dumps(plays[-1])}", flush=True)
    summary = {bus: median(played["per_second"] for played in plays) for bus, plays in results.items()}
    print(f"median encounters per second: {summary}")
    out = ROOT / "build" / "bench" / "encounters.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"median_per_second": summary, "rounds": results}, indent=2) + "\n")
    return 0 if all(each["invariants_hold"] for plays in results.values() for each in plays) else 1
