"""The factory of a service's HTTP application."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from revcycle_kit.auth import Verifier
from revcycle_kit.clock import Clock, SystemClock
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.http.edge import Edge
from revcycle_kit.http.gate import Gate, OpenRoute
from revcycle_kit.http.health import Check, Readiness, health_routes
from revcycle_kit.http.openapi import description
from revcycle_kit.http.problems import HANDLERS
from revcycle_kit.http.rules import PublicRule, check_rules, route_contexts
from revcycle_kit.http.runner import CommandRunner
from revcycle_kit.http.texts import keepable

BODY_BYTES_MAX: Final = 1_000_000
_NO_TELEMETRY_OF_ITS_OWN: Final[Any] = dict.fromkeys(
    ("tracing", "metrics", "logs", "operation_spans", "auto_configure"), False
)

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class _ServiceApp(FastAPI):
    """An application behind its gate and its edge."""

    verifier: Verifier
    service: str

    def build_middleware_stack(self) -> ASGIApp:
        # once more: a route may have been added since the application was made
        check_rules(self)
        gate = Gate(super().build_middleware_stack(), self.verifier, _open_routes(self))
        return Edge(gate, self.service)

    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            self.openapi_schema = description(self)
        return self.openapi_schema


def service_app(
    *,
    name: str,
    routers: Iterable[APIRouter],
    verifier: Verifier,
    runtime: Runtime[Any] | None = None,
    readiness: Mapping[str, Check] | None = None,
    clock: Clock | None = None,
    version: str = "0.1.0",
    lifespan: Lifespan | None = None,
    body_bytes_max: int = BODY_BYTES_MAX,
    open_metrics: bool = False,
) -> FastAPI:
    """
    Make the application of a service. Raises RuleMissing for a route without a rule.

    Routes reach the `runtime` as `Runner`. `readiness` names checks that raise while something is not ready. A route
    may say `max_body_size=…`. `/metrics` needs the role `operator`, unless `open_metrics` (a private port).
    """
    app = _ServiceApp(
        title=f"revcycle {name}",
        version=version,
        lifespan=lifespan,
        telemetry=_NO_TELEMETRY_OF_ITS_OWN,
        openapi_url=None,
        redirect_slashes=False,
        max_body_size=body_bytes_max,
        generate_unique_id_function=_operation_id,
        exception_handlers=dict(HANDLERS),
        dependencies=[Depends(keepable)],
    )
    app.verifier, app.service = verifier, name
    app.state.clock = clock or (runtime.clock if runtime else SystemClock())
    app.state.runner = CommandRunner(runtime) if runtime else None
    health = health_routes(_readiness(runtime, readiness or {}), open_metrics=open_metrics)
    for router in (health, *routers):
        app.include_router(router)
    check_rules(app)
    return app


def _readiness(runtime: Runtime[Any] | None, checks: Mapping[str, Check]) -> Readiness:
    """Check the runtime's database too, and tell of its bus: commands are kept until that is back."""
    if runtime is None:
        return Readiness(checks)
    return Readiness({"database": runtime.check, **checks}, beside={"bus": runtime.check_bus})


def _open_routes(app: FastAPI) -> list[OpenRoute]:
    return [
        OpenRoute(frozenset(context.methods or ()), context.path_regex)
        for context, calls in route_contexts(app)
        if any(isinstance(call, PublicRule) for call in calls)
    ]


def _operation_id(route: APIRoute) -> str:
    return route.name
