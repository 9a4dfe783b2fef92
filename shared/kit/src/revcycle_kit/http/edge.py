"""
The outermost layer: correlation, headers, measures, and no error that is not a problem.

What the framework says in plain text is said again as a problem; an exception
nobody handled is logged without its values and becomes a 500 without its stack.
"""

import re
import time
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from revcycle_kit.http import problems
from revcycle_kit.telemetry import Metrics, correlation_id, get_log, span

CORRELATION_HEADER: Final = "X-Correlation-Id"
_CORRELATION: Final = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET: Final = frozenset({"/health", "/ready", "/metrics"})
_PLAIN: Final = ("text/plain", "text/html", "")
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}

_log = get_log()


class Edge:
    """Wraps an application; the first to see a request and the last to see its answer."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        metrics = Metrics(service)
        self._count = metrics.counter("http_requests", "Requests answered.", "method", "route", "status")
        self._seconds = metrics.histogram("http_request_seconds", "Time to answer.", "method", "route")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get(CORRELATION_HEADER, "")
        token = correlation_id.set(given if _CORRELATION.fullmatch(given) else str(uuid4()))
        began = time.perf_counter()
        answer = _Answer(scope, receive, send)
        try:
            with span("http request", headers.get("traceparent")) as traced:
                await self._run(scope, receive, answer)
                traced.note(route=_route(scope), status=answer.status)
        finally:
            self._measure(scope, answer.status, time.perf_counter() - began)
            correlation_id.reset(token)

    async def _run(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            _log.exception("request failed", method=scope["method"], route=_route(scope))
            if answer.started and not answer.is_problem:
                raise  # half an answer is out: only closing the connection tells the caller
            if not answer.started:
                await answer.give(HTTPStatus.INTERNAL_SERVER_ERROR)

    def _measure(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "(other)"
        route = _route(scope)
        self._count.inc(1, method, route, str(status))
        self._seconds.observe(seconds, method, route)
        if scope["path"] not in _QUIET:
            took_ms = round(seconds * 1_000, 1)
            _log.info("request answered", method=method, route=route, status=status, duration_ms=took_ms)


class _Answer:
    """Passes an answer on, with our headers; an error in plain text is replaced by a problem."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self.status = 0
        self.started = False
        self.is_problem = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] >= HTTPStatus.BAD_REQUEST and _is_plain(message):
                await self.give(message["status"])
                return
            await self._start(message)
        elif not self.is_problem:
            await self._send(message)

    async def give(self, status: int) -> None:
        """Answer with the problem of a status, and swallow what the application still says."""
        await problems.of_status(status)(self._scope, self._receive, self._pass)
        self.is_problem = True

    async def _pass(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        else:
            await self._send(message)

    async def _start(self, message: Message) -> None:
        self.status, self.started = message["status"], True
        headers = MutableHeaders(raw=list(message.get("headers", [])))
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        headers[CORRELATION_HEADER] = correlation_id.get() or ""
        await self._send({**message, "headers": headers.raw})


def _is_plain(message: Message) -> bool:
    kind = Headers(raw=list(message.get("headers", []))).get("content-type", "")
    return kind.partition(";")[0].strip() in _PLAIN


def _route(scope: Scope) -> str:
    route: Any = scope.get("route")
    return getattr(route, "path_format", None) or "(none)"
