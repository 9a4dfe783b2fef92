"""One port for all: each service under its name, the pages, health, and what operators do."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, FastAPI, Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict
from starlette.types import ASGIApp, Receive, Scope, Send

from revcycle.server.pages import SECURITY, api_page, front_page
from revcycle.server.redelivery import Redelivery
from revcycle.server.system import System
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.breaker import Paused
from revcycle_kit.delivery.loops import WakeEvent
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.errors import Conflict, NotFound, Unavailable
from revcycle_kit.http import public, repeatable, requires, service_app

Operator = Annotated[Grant, requires("operator")]
OWN = frozenset({"", "/", "/docs", "/openapi.json"})
"""Below a service's name: what the front answers itself."""
State = Literal["parked", "queued", "waiting"]
EffectState = Literal["failing", "given_up", "in_doubt"]
HELD_MAX = 10_000


class Front:
    """Gives each request to the service that its path names, without the name."""

    def __init__(self, own: ASGIApp, services: Mapping[str, ASGIApp], changed: Callable[[], None]) -> None:
        self._own = own
        self._services = dict(services)
        self._changed = changed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; after one that may have changed something, say so."""
        if scope["type"] != "http":
            await self._own(scope, receive, send)
            return
        name, slash, rest = scope["path"][1:].partition("/")
        service = self._services.get(name)
        if service is None or slash + rest in OWN:
            await self._own(scope, receive, send)
            return
        raw = scope.get("raw_path") or scope["path"].encode()
        inner = {**scope, "path": f"/{rest}", "raw_path": b"/" + raw[1:].partition(b"/")[2]}
        await service(inner, receive, send)
        if scope["method"] not in {"GET", "HEAD"}:
            self._changed()


class HeldView(BaseModel):
    """A message that waits or is parked: everything but its contents."""

    service: str
    tenant_id: UUID
    stream_kind: str
    stream_id: UUID
    source: str
    name: str
    version: int
    state: str
    reason: str
    fingerprint: str
    attempts: int
    since: Any


class ReplayShape(BaseModel):
    """Which held queue to try again."""

    model_config = ConfigDict(extra="forbid")

    service: str
    tenant_id: UUID
    stream_id: UUID
    source: str


class ReplayedView(BaseModel):
    """How many messages took effect."""

    applied: int


class EffectView(BaseModel):
    """Something meant for a partner that does not go out: everything but its contents."""

    service: str
    task_id: UUID
    tenant_id: UUID
    stream_kind: str
    stream_id: UUID
    name: str
    state: str
    reason: str
    attempts: int
    since: Any
    retry_at: Any


class ResendShape(BaseModel):
    """Which effect to send again."""

    model_config = ConfigDict(extra="forbid")

    service: str
    task_id: UUID


class ResentView(BaseModel):
    """Whether it goes out."""

    resent: bool


class BreakerView(BaseModel):
    """Whether a service reads, or stopped because too much failed."""

    service: str
    paused: bool
    reason: str


class ResumeShape(BaseModel):
    """Which service reads on."""

    model_config = ConfigDict(extra="forbid")

    service: str


class ParcelView(BaseModel):
    """Something from outside that no service has taken yet: everything but its contents."""

    key: str
    channel: str
    state: Literal["new", "not_ready", "unavailable", "rejected"]
    service: str
    status: int
    reason: str
    tries: int
    since: datetime


class AgainView(BaseModel):
    """How many rejected parcels are brought again."""

    again: int


def parcel_routes(redelivery: Redelivery) -> APIRouter:
    """Make the routes with which an operator sees what came and was not taken, and has it brought again."""
    router = APIRouter(prefix="/operate/v1/parcels", tags=["operate"])

    @router.get("")
    async def list_parcels(caller: Operator) -> list[ParcelView]:
        """List what came from outside and no service has taken: it waits, or was rejected. Nothing is dropped."""
        del caller
        return [ParcelView(**kept.shown()) for kept in redelivery.kept()]

    @router.post("/again", dependencies=[repeatable("a service recognizes what it has taken")])
    async def bring_again(caller: Operator) -> AgainView:
        """Bring again what was rejected, after its cause was removed."""
        del caller
        return AgainView(again=redelivery.retry_rejected())

    return router


def operator_routes(runtimes: Mapping[str, Runtime[Any]]) -> APIRouter:
    """Make the routes with which an operator sees and frees what is held."""
    router = APIRouter(prefix="/operate/v1", tags=["operate"])

    @router.get("/held")
    async def list_held(
        caller: Operator, state: Annotated[list[State] | None, Query(description="Only these states.")] = None
    ) -> list[HeldView]:
        """List what waits or is parked in every service, without contents."""
        del caller
        return [
            HeldView(service=name, **{field: row[field] for field in row if field in HeldView.model_fields})
            for name, runtime in runtimes.items()
            for row in await runtime.held(*(state or ()), limit=HELD_MAX)
        ]

    @router.post("/replay", dependencies=[repeatable("a message that took effect is no longer held")])
    async def replay(asked: ReplayShape, caller: Operator) -> ReplayedView:
        """Let one held queue try again, in order."""
        del caller
        try:
            applied = await _runtime_of(asked.service, runtimes).replay(asked.tenant_id, asked.stream_id, asked.source)
        except Paused:
            raise Conflict(
                f"{asked.service} does not read: too much failed.", "service", "Resume it first, then replay."
            ) from None
        return ReplayedView(applied=applied)

    return router


def effect_routes(runtimes: Mapping[str, Runtime[Any]]) -> APIRouter:
    """Make the routes with which an operator sees what does not go out to partners, and sends it again."""
    router = APIRouter(prefix="/operate/v1", tags=["operate"])

    @router.get("/effects")
    async def list_effects(
        caller: Operator, state: Annotated[list[EffectState] | None, Query(description="Only these states.")] = None
    ) -> list[EffectView]:
        """List what does not go out to partners, longest first, without contents."""
        del caller
        return [
            EffectView(service=name, **{field: row[field] for field in row if field in EffectView.model_fields})
            for name, runtime in runtimes.items()
            for row in await runtime.effects(*(state or ()), limit=HELD_MAX)
        ]

    @router.post("/effects/resend", dependencies=[repeatable("it goes out under its own key")])
    async def resend(request: ResendShape, caller: Operator) -> ResentView:
        """Send one again: the same content under the same key."""
        del caller
        if not await _runtime_of(request.service, runtimes).resend(request.task_id):
            raise NotFound("effect that waits or was given up")
        return ResentView(resent=True)

    return router


def breaker_routes(runtimes: Mapping[str, Runtime[Any]]) -> APIRouter:
    """Make the routes with which an operator sees who does not read, and lets it read on."""
    router = APIRouter(prefix="/operate/v1", tags=["operate"])

    @router.get("/breakers")
    async def list_breakers(caller: Operator) -> list[BreakerView]:
        """Tell of each service whether it reads."""
        del caller
        reasons = {name: runtime.breaker.reason for name, runtime in runtimes.items()}
        return [BreakerView(service=name, paused=bool(reason), reason=reason) for name, reason in reasons.items()]

    @router.post("/resume", dependencies=[repeatable("a service that reads, reads on")])
    async def resume(asked: ResumeShape, caller: Operator) -> BreakerView:
        """Let a service read on after too much failed."""
        del caller
        _runtime_of(asked.service, runtimes).breaker.resume()
        return BreakerView(service=asked.service, paused=False, reason="")

    return router


def _runtime_of(service: str, runtimes: Mapping[str, Runtime[Any]]) -> Runtime[Any]:
    runtime = runtimes.get(service.replace("-", "_"))
    if runtime is None:
        raise NotFound("service")
    return runtime


def page_routes(system: System, url: str, mllp: str, directory: str) -> APIRouter:
    """Make the pages."""
    apps = {part.path: system.apps[part.name] for part in system.parts.values()}
    router = APIRouter(include_in_schema=False, dependencies=[public("documentation holds nothing of anybody")])
    headers = {"Content-Security-Policy": SECURITY}

    @router.get("/")
    async def show_front() -> HTMLResponse:
        return HTMLResponse(front_page(apps, url, mllp, directory), headers=headers)

    for name, app in apps.items():
        _add_documentation(router, name, app, headers)
    return router


def _add_documentation(router: APIRouter, name: str, app: FastAPI, headers: dict[str, str]) -> None:
    """Add the pages of one service, each under its own path: a pattern would open paths of others."""

    async def show_openapi() -> dict[str, Any]:
        return {**app.openapi(), "servers": [{"url": f"/{name}"}]}

    async def show_docs() -> HTMLResponse:
        return HTMLResponse(api_page(name, app.openapi()), headers=headers)

    router.add_api_route(f"/{name}/openapi.json", show_openapi, name=f"show_openapi_{name}")
    for path in (f"/{name}", f"/{name}/", f"/{name}/docs"):
        router.add_api_route(path, show_docs, name=f"show_docs_{name}")


def front_of(
    system: System,
    *,
    url: str = "",
    mllp: str = "",
    directory: str = "",
    wake: WakeEvent | None = None,
    redelivery: Redelivery | None = None,
) -> Front:
    """Make the application of the one port; `redelivery` is where there is a world outside."""
    mine = wake or WakeEvent()
    outside = [parcel_routes(redelivery)] if redelivery is not None else []
    own = service_app(
        name="standalone",
        routers=[
            operator_routes(system.runtimes),
            breaker_routes(system.runtimes),
            effect_routes(system.runtimes),
            *outside,
            page_routes(system, url, mllp, directory),
        ],
        verifier=system.issuer,
        clock=system.clock,
        readiness={part.path: _ready(system.runtimes[name], mine) for name, part in system.parts.items()},
    )
    return Front(own, {part.path: system.apps[part.name] for part in system.parts.values()}, mine.notify)


def _ready(runtime: Runtime[Any], wake: WakeEvent) -> Callable[[], Awaitable[None]]:
    async def check() -> None:
        if runtime.service.name in wake.troubled.values():
            raise Unavailable(f"delivery of {runtime.service.name}")
        if runtime.breaker.reason:
            raise Paused(runtime.breaker.reason)
        await runtime.check()
        await runtime.check_bus()

    return check
