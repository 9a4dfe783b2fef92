"""
The gate: nobody reaches a route, nor learns which routes exist, without a valid token.

It stands before the body is read. Only routes that say `public` are open.
"""

import re
from dataclasses import dataclass
from typing import Final

from fastapi import Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from revcycle_kit.auth import Grant, Verifier
from revcycle_kit.errors import Unauthenticated, Unavailable
from revcycle_kit.http import problems
from revcycle_kit.http.rules import GRANT_KEY
from revcycle_kit.telemetry import get_log

_log = get_log()
_POLICY_VIOLATION: Final = 1008


@dataclass(frozen=True, slots=True)
class OpenRoute:
    """A route that anybody may call."""

    methods: frozenset[str]
    path: re.Pattern[str]


class Gate:
    """Verifies the bearer token and hands the grant to the route."""

    def __init__(self, app: ASGIApp, verifier: Verifier, open_routes: list[OpenRoute]) -> None:
        self._app = app
        self._verifier = verifier
        self._open = open_routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        if scope["type"] == "http" and not self._is_open(scope):
            answer = await self._admit(scope)
            if answer is not None:
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _admit(self, scope: Scope) -> Response | None:
        """Put the grant into the scope, or return the refusal."""
        try:
            scope[GRANT_KEY] = await self._grant(Headers(scope=scope))
        except Unauthenticated as refused:
            _log.warning("token refused", reason=refused.reason.replace(" ", "_"))
            return problems.unauthenticated()
        except Unavailable as missing:
            _log.warning("token not verifiable", reason=missing.what.replace(" ", "_"))
            return problems.unavailable()
        return None

    async def _grant(self, headers: Headers) -> Grant:
        given = headers.getlist("authorization")
        if len(given) != 1:
            raise Unauthenticated("there is no one Authorization header")
        scheme, _, token = given[0].partition(" ")
        if scheme.lower() != "bearer" or not token or not token.isascii():
            raise Unauthenticated("the Authorization header brings no bearer token")
        return await self._verifier.verify(token)

    def _is_open(self, scope: Scope) -> bool:
        method, path = scope["method"], scope["path"]
        return any(method in route.methods and route.path.match(path) for route in self._open)
