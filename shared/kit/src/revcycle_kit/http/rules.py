"""
Who may call a route: declared on the route, checked when the application is made.

Every route says `requires("biller", …)`, `any_role()` or `public("why")`; every
route that changes something takes an IdempotencyKey or says `repeatable("why")`.
An application with a route that does not is not made at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, cast

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from fastapi.security import HTTPBearer

from revcycle_kit.auth import Grant
from revcycle_kit.clock import Clock
from revcycle_kit.errors import Unauthenticated
from revcycle_kit.http.commands import command_key

GRANT_KEY: Final = "revcycle.grant"
_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_BEARER: Final = HTTPBearer(auto_error=False, bearerFormat="JWT", description="An access token (OpenID Connect).")


class RuleMissing(Exception):  # noqa: N818 - raised while building, read by a developer
    """A route does not say who may call it, or how a repeated call is recognised."""


async def granted(request: Request, _: Annotated[Any, Depends(_BEARER)]) -> Grant:
    """Return the grant that the gate verified."""
    grant = request.scope.get(GRANT_KEY)
    if not isinstance(grant, Grant):
        raise Unauthenticated("no grant reached the route")
    return grant


Caller = Annotated[Grant, Depends(granted)]
"""The caller's grant, on a route that has its rule elsewhere."""


async def _now(request: Request) -> datetime:
    return cast("Clock", request.app.state.clock).now()


Now = Annotated[datetime, Depends(_now)]
"""The instant of the request, from the application's clock."""


@dataclass(frozen=True, slots=True)
class RoleRule:
    """Lets in who has one of these roles; no roles named means any caller with a grant."""

    roles: frozenset[str]

    async def __call__(self, grant: Caller) -> Grant:
        if self.roles:
            grant.require_role(*self.roles)
        return grant


@dataclass(frozen=True, slots=True)
class PublicRule:
    """Lets in anybody, for the reason given."""

    reason: str

    async def __call__(self) -> None:
        """Allow."""


@dataclass(frozen=True, slots=True)
class RepeatableRule:
    """Says why a route needs no Idempotency-Key."""

    reason: str

    async def __call__(self) -> None:
        """Allow."""


def requires(*roles: str) -> Any:
    """
    Let in callers with one of these roles.

    As in `caller: Annotated[Grant, requires("biller")]`, or in a route's dependencies.
    """
    if not roles:
        raise ValueError("name the roles, or say any_role()")
    return Depends(RoleRule(frozenset(roles)))


def any_role() -> Any:
    """Allow every caller with a grant; the route itself narrows by clinic or billing entity."""
    return Depends(RoleRule(frozenset()))


def public(reason: str) -> Any:
    """Allow everybody, for this reason: `dependencies=[public("a webhook, signed by the bank")]`."""
    return Depends(PublicRule(_said(reason)))


def repeatable(reason: str) -> Any:
    """Need no Idempotency-Key, for this reason: `dependencies=[repeatable("unique by its hash")]`."""
    return Depends(RepeatableRule(_said(reason)))


def route_contexts(app: FastAPI) -> Iterator[tuple[RouteContext, list[Any]]]:
    """Yield every route with all that its dependencies call. Raises RuleMissing for what is no API route."""
    for context in iter_route_contexts(app.routes):
        dependant = getattr(context, "dependant", None)
        if not isinstance(dependant, Dependant) or context.methods is None:
            raise RuleMissing(f"{context.path}: only API routes can say who may call them")
        yield context, list(_calls(dependant))


def check_rules(app: FastAPI) -> None:
    """Raise RuleMissing, naming every route that lacks a rule."""
    lacking = [complaint for context, calls in route_contexts(app) for complaint in _complaints(context, calls)]
    if lacking:
        raise RuleMissing("\n".join(lacking))


def _complaints(context: RouteContext, calls: list[Any]) -> Iterator[str]:
    methods = context.methods or set()
    place = f"{' '.join(sorted(methods))} {context.path}"
    if not any(isinstance(call, RoleRule | PublicRule) for call in calls):
        yield f"{place}: say requires(…), any_role() or public(…)"
    if methods & _CHANGING and not any(call is command_key or isinstance(call, RepeatableRule) for call in calls):
        yield f"{place}: take an IdempotencyKey or say repeatable(…)"


def _calls(dependant: Dependant) -> Iterator[Any]:
    for below in dependant.dependencies:
        yield below.call
        yield from _calls(below)


def _said(reason: str) -> str:
    if not reason.strip():
        raise ValueError("say why")
    return reason
