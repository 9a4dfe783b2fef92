"""Business time may stand still: tokens, and what waits for machines, go by the clock of the machine."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from fastapi import FastAPI, Request

from revcycle.server.system import Part, System
from revcycle_kit.auth import Verifier
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.delivery.runtime import Runtime

DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
MACHINE = datetime(2026, 12, 1, 3, tzinfo=UTC)


def verifying_app(_: Runtime[Any], verifier: Verifier) -> FastAPI:
    """Return an application that says who calls; a token that is not believed raises."""
    app = FastAPI()

    @app.get("/who")
    async def who(request: Request) -> str:
        grant = await verifier.verify(request.headers["Authorization"].removeprefix("Bearer "))
        return grant.subject

    return app


async def test_a_client_stays_believed_however_long_the_day_stands_still(tmp_path: Path) -> None:
    machine = SimulatedClock(MACHINE)
    issuer = LocalIssuer(tmp_path / "issuer.key", clock=machine)
    part = Part("claims", cast("Any", None), verifying_app)
    system = System([part], SimulatedClock(DAY), issuer, machine=machine)
    system.register(part, cast("Runtime[Any]", None))
    async with system.client("claims", "biller") as client:
        for _ in range(3):
            assert "biller" == (await client.get("/who")).json()
            machine.advance_by(timedelta(days=1))
    assert DAY == system.clock.now()
