"""Health, readiness and metrics: what a machine asks before it sends work here."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from revcycle_kit.auth import Grant
from revcycle_kit.http.rules import public, requires
from revcycle_kit.telemetry import get_log, render_metrics

Check = Callable[[], Awaitable[object]]
"""Answers if the thing is ready, and raises if it is not."""

CHECK_SECONDS_MAX: Final = 2.0
_REMEMBERED_SECONDS: Final = 1.0
_log = get_log()


class Readiness:
    """
    Runs the named checks together; what they answered holds for a second, however many ask.

    Of those in `beside` it is told that they fail, and the process stays ready: it takes work without them.
    """

    def __init__(
        self,
        checks: Mapping[str, Check],
        seconds: Callable[[], float] = time.monotonic,
        *,
        beside: Mapping[str, Check] | None = None,
    ) -> None:
        self._checks = {**checks, **(beside or {})}
        self._beside = frozenset(beside or ())
        self._seconds = seconds
        self._asking = asyncio.Lock()
        self._asked_at = float("-inf")
        self._answers: dict[str, str] = {}

    async def status(self) -> tuple[str, dict[str, str]]:
        """Return `pass`, `warn` or `fail`, and the answer of each check."""
        answers = await self._ask_all()
        failed = {name for name, answer in answers.items() if answer != "pass"}
        return ("fail" if failed - self._beside else "warn" if failed else "pass"), answers

    async def _ask_all(self) -> dict[str, str]:
        async with self._asking:
            if self._seconds() - self._asked_at >= _REMEMBERED_SECONDS:
                outcomes = await asyncio.gather(*(_ask(name, check) for name, check in self._checks.items()))
                self._answers = dict(zip(self._checks, outcomes, strict=True))
                self._asked_at = self._seconds()
            return self._answers


def health_routes(readiness: Readiness, *, open_metrics: bool) -> APIRouter:
    """Return the routes `/health`, `/ready` and `/metrics`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/health", dependencies=[public("says only that the process answers")])
    async def health() -> dict[str, str]:
        return {"status": "pass"}

    @routes.get("/ready", dependencies=[public("says only which named check fails")])
    async def ready() -> Response:
        status, answers = await readiness.status()
        return JSONResponse({"status": status, "checks": answers}, 503 if status == "fail" else 200)

    rule: Any = public("scraped on a private port") if open_metrics else requires("operator")

    @routes.get("/metrics")
    async def metrics(_: Annotated[Grant | None, rule]) -> Response:
        return Response(render_metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return routes


async def _ask(name: str, check: Check) -> str:
    try:
        async with asyncio.timeout(CHECK_SECONDS_MAX):
            await check()
    except Exception:  # noqa: BLE001 - whatever it is, the answer is that the check fails
        _log.warning("not ready", kind=name, exc_info=True)
        return "fail"
    return "pass"
