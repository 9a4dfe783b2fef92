"""
Courier: stands between the services and a sandbox that run as processes of their own.

`python -m revcycle.server.courier` starts it.

To the services it is the clearinghouse, the mailing vendor and the letter shop: what they hand over is with the
sandbox before they are answered. What the sandbox sends out it brings to the services' doors, by MLLP and HTTP, until
it is taken (`bringing`); only then the sandbox may forget it, so that a crash delivers again, which every door
recognizes. What waits and what was refused is listed at `GET /kept`; `POST /kept/again` brings the refused again.
Where the sandbox's billing company is unknown, it is entered first.
"""

import asyncio
import sys
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import TypeVar, cast

import msgspec
import uvicorn
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from revcycle.server.bringing import OUT_OF_REACH, Bringing
from revcycle.server.directory import enter, pair_visits, places_of
from revcycle.server.far import FarSandbox, Services
from revcycle.server.outside import Nobody
from revcycle.server.post import US, Ledger, Post
from revcycle.server.steady_doors import SteadyDoors
from revcycle.server.system import System
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.clock import SystemClock
from revcycle_kit.errors import Unavailable
from revcycle_kit.telemetry.logs import configure_logs, get_log
from revcycle_sandbox import Parcel, World

LOOK_SECONDS = 0.25
"""How often the sandbox is asked: its time passes when it is."""
RETRY_SECONDS = 1.0
_log = get_log()
T = TypeVar("T")


class CourierSettings(BaseSettings):
    """What the courier is told, in `REVCYCLE_…` variables."""

    model_config = SettingsConfigDict(env_prefix="REVCYCLE_", extra="ignore")

    sandbox_url: str = "http://127.0.0.1:8090"
    eligibility_url: str = "http://127.0.0.1:8001"
    claims_url: str = "http://127.0.0.1:8002"
    denials_url: str = "http://127.0.0.1:8003"
    patient_billing_url: str = "http://127.0.0.1:8004"
    mllp_host: str = "127.0.0.1"
    mllp_port: int = 2575
    local_key: Path = Path("issuer.key")
    """The local issuer's key file: the courier signs its own tokens."""
    audience: str = "revcycle"
    host: str = "127.0.0.1"
    port: int = 8000

    def services(self) -> dict[str, str]:
        """Return each service's address by its name."""
        return {name: getattr(self, f"{name}_url") for name in ("eligibility", "claims", "denials", "patient_billing")}


class Counter(Post):
    """Takes what the services hand over; it is with the sandbox before the answer."""

    def __init__(self, sandbox: FarSandbox, pairs: Ledger) -> None:
        super().__init__(Nobody(), SystemClock(), pairs)
        self._far = sandbox

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """Answer a 270, 276 or 278 at once."""
        asked = Parcel(channel="x12.realtime", sender=US, receiver="SANDBOX", content=interchange, meta={"key": key})
        answers = [each for each in await self._far.give([asked]) if each.meta.get("in_reply_to") == key]
        if not answers or answers[0].channel == "problem":
            raise Unavailable("an answer of the clearinghouse")
        return answers[0].content

    async def hand_over(self) -> None:
        """Give the sandbox what was taken in."""
        parcels, self._to_sandbox = self._to_sandbox, []
        if parcels:
            await self._far.give(parcels)

    # what the services call

    async def realtime(self, request: Request) -> Response:
        """Answer an inquiry."""
        return Response(await self.ask(await request.body(), _key(request)), media_type="application/edi-x12")

    async def batch(self, request: Request) -> Response:
        """Take a claim file."""
        await self.submit(await request.body(), request.path_params["name"], _key(request))
        return await self._taken()

    async def letters(self, request: Request) -> Response:
        """Take an appeal: a cover sheet and a letter."""
        parts = parts_of(request.headers["Content-Type"], await request.body())
        await self.send(parts["letter"], parts["cover"], _key(request))
        return await self._taken()

    async def mail(self, request: Request) -> Response:
        """Take a letter to a guarantor."""
        letter = await request.json()
        await self.deliver(b64decode(letter["document"]), letter["cover"].encode(), _key(request))
        return await self._taken()

    async def _taken(self) -> Response:
        await self.hand_over()
        return JSONResponse({"status": "taken"}, 202)


def _key(request: Request) -> str:
    return request.headers["Idempotency-Key"]


def parts_of(content_type: str, body: bytes) -> dict[str, bytes]:
    """Return the parts of a multipart form by name."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + body)
    parts = {str(part.get_param("name", header="Content-Disposition")): part for part in form.iter_parts()}
    return {name: cast("bytes", part.get_payload(decode=True)) for name, part in parts.items()}


class Courier:
    """Brings what the sandbox sends out to the services' doors."""

    def __init__(self, sandbox: FarSandbox, bringing: Bringing) -> None:
        self._sandbox = sandbox
        self._bringing = bringing
        self._fetched = 0
        """The number of the last parcel that came here."""

    async def carry(self) -> None:
        """Bring parcels for ever; while the sandbox is out of reach, try again."""
        while True:
            try:
                came = await self.round()
            except OUT_OF_REACH as error:
                _log.warning("courier.paused", reason=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if not came:
                await asyncio.sleep(LOOK_SECONDS)

    async def round(self) -> bool:
        """Fetch what is new and bring what is due; True when anything came or was taken."""
        taken = await self._bringing.round()
        parcels = await self._sandbox.waiting(self._fetched, self._bringing.taken_before(self._fetched))
        for each in parcels:
            self._bringing.add(each.number, each.parcel)
            self._fetched = each.number
        return bool(parcels or taken)


async def _until_reached(deed: Callable[[], Awaitable[T]]) -> T:
    """Do it again until it succeeds; say once what is refused: the directory holds no patient."""
    said = ""
    while True:
        try:
            return await deed()
        except OUT_OF_REACH as error:
            _log.warning("courier.waits", reason=type(error).__name__)
        except AssertionError as refusal:  # by a service that is still starting, or for good
            if said != str(refusal):
                said = str(refusal)
                sys.stderr.write(f"courier: the directory is not entered yet: {said}\n")
        await asyncio.sleep(RETRY_SECONDS)


@asynccontextmanager
async def _at_work(
    settings: CourierSettings, sandbox: FarSandbox, post: Counter, pairs: Ledger, bringing: Bringing
) -> AsyncIterator[None]:
    task = asyncio.create_task(_work(settings, sandbox, post, pairs, bringing))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await sandbox.close()


async def _work(
    settings: CourierSettings, sandbox: FarSandbox, post: Counter, pairs: Ledger, bringing: Bringing
) -> None:
    """Enter the directory, then carry."""
    services = Services(settings.services(), LocalIssuer(settings.local_key, audience=settings.audience))
    world: World = await _until_reached(sandbox.world)
    places = places_of(world)
    pair_visits(world, places, pairs)
    await _until_reached(lambda: enter(cast("System", services), world, places))
    doors = SteadyDoors(cast("System", services), places, pairs, (settings.mllp_host, settings.mllp_port))
    doors.open(post)
    try:
        await Courier(sandbox, bringing).carry()
    finally:
        await doors.close()


def build_app(settings: CourierSettings) -> Starlette:
    """Make the courier's application; it carries as long as it runs."""
    sandbox, pairs = FarSandbox(settings.sandbox_url), Ledger()
    post = Counter(sandbox, pairs)
    bringing = Bringing(post.doors, SystemClock().now)

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "pass"})

    async def kept(_: Request) -> Response:
        return Response(msgspec.json.encode([each.told() for each in bringing.kept()]), media_type="application/json")

    async def again(_: Request) -> Response:
        return JSONResponse({"again": bringing.again()}, 202)

    async def unavailable(_: Request, error: Exception) -> Response:
        return JSONResponse({"title": "Try again later.", "detail": type(error).__name__}, 503)

    return Starlette(
        routes=[
            Route("/health", health),
            Route("/kept", kept),
            Route("/kept/again", again, methods=["POST"]),
            Route("/x12/realtime", post.realtime, methods=["POST"]),
            Route("/realtime", post.realtime, methods=["POST"]),
            Route("/batch/{name:path}", post.batch, methods=["POST"]),
            Route("/letters", post.letters, methods=["POST"]),
            Route("/mail", post.mail, methods=["POST"]),
        ],
        exception_handlers=dict.fromkeys(OUT_OF_REACH, unavailable),
        lifespan=lambda _: _at_work(settings, sandbox, post, pairs, bringing),
    )


def main() -> None:
    """Serve and carry until stopped."""
    settings = CourierSettings()
    configure_logs("courier")
    uvicorn.run(build_app(settings), host=settings.host, port=settings.port, log_config=None, access_log=False)


if __name__ == "__main__":
    main()
