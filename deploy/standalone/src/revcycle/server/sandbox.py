"""
The sandbox as a process of its own beside services that run elsewhere: `python -m revcycle.server.sandbox`.

It serves what the services' partners would serve, and it is the sender where others send: it brings EHR messages by
MLLP and HTTP, deposits, payments and letters to the services until they are taken. Where its billing company is
unknown, it enters it first. What waits and what was rejected is listed at `GET /kept`; `POST /kept/again` brings the
rejected again.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec
import uvicorn
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from revcycle.server.adapters import InboundAdapters
from revcycle.server.directory import NotEnteredError, enter, places_of, references_of
from revcycle.server.loops import live
from revcycle.server.outside import Outside, opened_outside
from revcycle.server.redelivery import UNAVAILABLE
from revcycle.server.services import RemoteServices
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.clock import SystemClock
from revcycle_kit.delivery.loops import WakeEvent
from revcycle_kit.embedded.layout import write_private
from revcycle_kit.telemetry.logs import configure_logs, get_log
from revcycle_sandbox import (
    FolderDoor,
    Journal,
    Sandbox,
    SandboxProgram,
    World,
    build_app,
    demo_world,
    from_json,
    to_json,
)

EHR_CONNECTIONS = 4
RETRY_SECONDS = 1.0
_log = get_log()
T = TypeVar("T")


class SandboxSettings(BaseSettings):
    """What the sandbox is told, in `REVCYCLE_…` variables."""

    model_config = SettingsConfigDict(env_prefix="REVCYCLE_", extra="ignore")

    sandbox_seed: int = 1
    """The same seed gives the same year."""
    sandbox_encounters: int = 300
    """How many visits the demonstration's world has."""
    sandbox_months: int = 6
    """Over how many months they are spread."""
    sandbox_start_on: date | None = None
    """The day of the first visits; today, where none is given."""
    sandbox_world: Path | None = None
    """A world as JSON, instead of the demonstration's."""
    sandbox_enroll_unknown: bool = False
    """Whether payers welcome members whom nobody knows."""
    sandbox_data: Path = Path(".revcycle/sandbox")
    """Where the world and the journal are kept, for a restart."""
    sandbox_folder: Path | None = None
    """A folder that an SFTP server serves: the clearinghouse takes files from `in/` and puts its own into `out/`."""
    eligibility_url: str = "http://127.0.0.1:8001"
    claims_url: str = "http://127.0.0.1:8002"
    denials_url: str = "http://127.0.0.1:8003"
    patient_billing_url: str = "http://127.0.0.1:8004"
    mllp_host: str = "127.0.0.1"
    mllp_port: int = 2575
    local_key: Path = Path("issuer.key")
    """The local issuer's key file: the sandbox signs its own tokens."""
    audience: str = "revcycle"
    host: str = "127.0.0.1"
    port: int = 8000

    def services(self) -> RemoteServices:
        """Return the services at their addresses."""
        names = ("eligibility", "claims", "denials", "patient_billing")
        addresses = {name: str(getattr(self, f"{name}_url")) for name in names}
        return RemoteServices(addresses, LocalIssuer(self.local_key, audience=self.audience))


def world_of(settings: SandboxSettings) -> World:
    """
    Read the world from its file, or make the demonstration's.

    It is kept beside the journal: played back on another day, the journal has to meet the same people.
    """
    if settings.sandbox_world is not None:
        return from_json(settings.sandbox_world.read_bytes())
    kept = settings.sandbox_data / "world.json"
    if kept.exists():
        return from_json(kept.read_bytes())
    start_on = settings.sandbox_start_on or SystemClock().now().date()
    world = demo_world(settings.sandbox_seed, settings.sandbox_encounters, settings.sandbox_months, start_on)
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(kept, to_json(world).decode())
    return world


class SandboxProcess:
    """The sandbox, what it serves, and what it brings."""

    def __init__(self, settings: SandboxSettings) -> None:
        self._settings = settings
        self._clock = SystemClock()
        self._journal = Journal(settings.sandbox_data / "journal.jsonl")
        self._world = world_of(settings)
        self._places = places_of(self._world)
        self._references = references_of(self._world, self._places)
        sandbox = Sandbox(self._world, settings.sandbox_seed, enroll_unknown=settings.sandbox_enroll_unknown)
        self._program = SandboxProgram(sandbox, self._clock.now, self._journal)
        self._partners = build_app(self._program, self._references.printed)
        self._outside: Outside | None = None

    def app(self) -> Starlette:
        """Make the application; it brings what the sandbox sends as long as it runs."""
        return Starlette(
            routes=[
                Route("/kept", self._list_kept),
                Route("/kept/again", self._bring_again, methods=["POST"]),
                Mount("/", self._partners),
            ],
            lifespan=lambda _: self._at_work(),
        )

    async def _list_kept(self, _: Request) -> Response:
        kept = self._outside.redelivery.kept() if self._outside is not None else []
        return Response(msgspec.json.encode([parcel.shown() for parcel in kept]), media_type="application/json")

    async def _bring_again(self, _: Request) -> Response:
        again = self._outside.redelivery.retry_rejected() if self._outside is not None else 0
        return JSONResponse({"again": again}, 202)

    @asynccontextmanager
    async def _at_work(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._work())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._journal.close()

    def _folder(self) -> FolderDoor | None:
        folder = self._settings.sandbox_folder
        return FolderDoor(self._program, folder) if folder is not None else None

    async def _work(self) -> None:
        """Enter the directory, then let the world's time pass."""
        services = self._settings.services()
        await _until_reached(lambda: enter(services, self._world, self._places))
        async with AsyncExitStack() as stack:
            mllp = self._settings.mllp_host, self._settings.mllp_port
            adapters = InboundAdapters(services, self._places, self._references, mllp, connections=EHR_CONNECTIONS)
            stack.push_async_callback(adapters.close)
            transport = httpx.ASGITransport(self._partners)
            self._outside = await stack.enter_async_context(
                opened_outside(self._program, transport, adapters.by_channel, self._clock.now, folder=self._folder())
            )
            await live(self._outside, WakeEvent())


async def _until_reached(deed: Callable[[], Awaitable[T]]) -> T:
    """Do it again until it succeeds; say once what is refused: the directory holds no patient."""
    said = ""
    while True:
        try:
            return await deed()
        except UNAVAILABLE as error:
            _log.warning("sandbox waits", reason=type(error).__name__)
        except NotEnteredError as refusal:  # by a service that is still starting, or for good
            if said != str(refusal):
                said = str(refusal)
                sys.stderr.write(f"sandbox: the directory is not entered yet: {said}\n")
        await asyncio.sleep(RETRY_SECONDS)


def main() -> None:
    """Serve and bring until stopped."""
    settings = SandboxSettings()
    configure_logs("sandbox")
    app = SandboxProcess(settings).app()
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, access_log=False)


if __name__ == "__main__":
    main()
