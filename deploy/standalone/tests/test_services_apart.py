"""Services in this process and in some of their own: the same encounters, the same money; nobody is left behind."""

import asyncio
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from revcycle.server.apart import EndedEarly, started
from revcycle.server.services_apart import APART, ServiceApart
from revcycle.server.system import System
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.bus.log import LogBus
from revcycle_kit.clock import SystemClock
from revcycle_sandbox import demo_world
from revcycle_simulation.demo import AFTERMATH
from revcycle_simulation.figures import Figures
from revcycle_simulation.setup import Play, staged

CLOCK = SystemClock()
WORLD = demo_world(seed=4, encounters=10, months=1)


async def played(*, apart: bool) -> dict[str, Any]:
    async with staged(Play(WORLD, seed=4, apart=apart)) as stage:
        assert set(stage.system.working) - set(stage.system.runtimes) == (
            {name for services in APART for name in services} if apart else set()
        )
        await stage.simulation.run_until(stage.clock.now() + AFTERMATH)
        figures = Figures(stage.system, stage.places)
        try:
            return {
                "encounters": await figures.encounters(),
                "money": await figures.money(),
                "events": await figures.event_counts(),
                "invariants": await figures.invariants(),
                "refused": stage.doors.refused + stage.staff.refused,
            }
        finally:
            await figures.close()


@pytest.mark.slow
async def test_the_same_comes_of_it_wherever_they_work() -> None:
    here, apart = await played(apart=False), await played(apart=True)

    assert here == apart, json.dumps([here, apart], default=str)
    assert all(here["invariants"].values())
    assert here["money"]["patient_paid"] > 0
    assert not here["refused"]


async def test_a_play_ends_when_their_process_does() -> None:
    async with staged(Play(WORLD, seed=4, apart=True)) as stage:
        service = stage.system.working["analytics"]
        assert isinstance(service, ServiceApart)
        service.apart.line.process.kill()

        with pytest.raises(EndedEarly):
            await stage.simulation.run_until(stage.clock.now() + AFTERMATH)


async def test_a_process_ends_in_silence_when_whoever_started_it_is_gone() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "revcycle.server.services_there", str(theirs.fileno())),
            pass_fds=(theirs.fileno(),),
            stderr=asyncio.subprocess.PIPE,
        )
    ours.close()

    _, said = await asyncio.wait_for(process.communicate(), timeout=30)
    assert (0, b"") == (process.returncode, said)


async def test_an_interrupt_at_the_terminal_reaches_only_whoever_started_it() -> None:
    async with started("revcycle.server.services_there") as line:
        assert os.getpgid(line.process.pid) != os.getpgid(0)


def test_older_news_of_the_log_moves_the_horizon_and_not_what_is_known(tmp_path: Path) -> None:
    """A service that has published while another is told of the round must not forget it."""
    system = System([], CLOCK, LocalIssuer(tmp_path / "issuer.key"))
    system.log = LogBus("")
    system.log.heads.update({"claims.events": 9})

    system.see({"claims.events": 5, "denials.events": 2})

    assert system.heads == {"claims.events": 9, "denials.events": 2}
    assert system.log.horizon == {"claims.events": 5, "denials.events": 2}
