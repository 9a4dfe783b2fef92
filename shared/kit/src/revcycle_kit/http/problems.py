"""
Problem details (RFC 9457): one shape for every error, saying what is wrong, where, and what to do.

A problem never repeats a value the caller sent, and never shows a stack.
"""

from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any, Final

import orjson
from asyncpg import CharacterNotInRepertoireError, InterfaceError, PostgresError, UntranslatableCharacterError
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from revcycle_kit.database.connections import outage_of
from revcycle_kit.errors import (
    Conflict,
    Forbidden,
    IdempotencyConflict,
    NotFound,
    NotYet,
    Refusal,
    Unauthenticated,
    Unavailable,
)
from revcycle_kit.http.commands import KeyMissing
from revcycle_kit.http.invalid import Flaw, flaws_in
from revcycle_kit.idempotency import KEY_HEADER
from revcycle_kit.keyring import Cause, Unreadable
from revcycle_kit.telemetry import correlation_id

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:revcycle:problem:"
_RETRY_SOON: Final = {"Retry-After": "2"}
_RETRY_LATER: Final = {"Retry-After": "5"}
_ADVICE: Final = {
    400: "The request could not be read. Check its syntax and headers.",
    401: "Send a valid bearer token in the Authorization header.",
    404: "There is nothing at this address. Check the path and the ids in it.",
    405: "This address does not take this method.",
    406: "None of the formats in the Accept header can be given.",
    413: "The body is too large. Send it in smaller parts.",
    415: "This media type is not taken here. Check the Content-Type header.",
    500: "Something is wrong on our side. Give the correlation id to support.",
    503: "Something this needs is out of reach. Try again in a few seconds.",
}

Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]


class FlawModel(BaseModel):
    """One thing wrong with a request."""

    where: str = Field(examples=["body.lines[0].charged_cents"])
    what: str = Field(examples=["This field is required."])
    fix: str = Field(examples=["Send it."])


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(examples=["urn:revcycle:problem:invalid-request"])
    title: str
    status: int
    detail: str
    errors: list[FlawModel] = []
    correlation_id: str | None = None


def problem(
    status: int,
    slug: str,
    title: str,
    detail: str,
    *,
    flaws: list[Flaw] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem as a response."""
    body: dict[str, Any] = {"type": TYPE_PREFIX + slug, "title": title, "status": status, "detail": detail}
    if flaws:
        body["errors"] = [{"where": flaw.where, "what": flaw.what, "fix": flaw.fix} for flaw in flaws]
    body["correlation_id"] = correlation_id.get()
    return Response(orjson.dumps(body), status, dict(headers or {}), MEDIA_TYPE)


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return the problem that a bare status means."""
    title = HTTPStatus(status).phrase
    slug = title.lower().replace(" ", "-").replace("'", "")
    return problem(status, slug, title, _ADVICE.get(status, title + "."), headers=headers)


def unauthenticated() -> Response:
    """Return the one answer to every bad token: it does not say what was wrong with it."""
    return of_status(401, {"WWW-Authenticate": "Bearer"})


def unavailable() -> Response:
    """Return the answer while a partner is out of reach; which one is for our log."""
    return of_status(503, _RETRY_LATER)


async def _refused(_: Request, refusal: Refusal) -> Response:
    status, slug, title = next(row for kind, row in _REFUSALS.items() if isinstance(refusal, kind))
    detail = f"{refusal.what} {refusal.fix}".strip()
    flaws = [Flaw(refusal.where, refusal.what, refusal.fix)] if refusal.where else None
    return problem(status, slug, title, detail, flaws=flaws)


async def _not_yet(_: Request, waiting: NotYet) -> Response:
    detail = f"This needs a fact that has not arrived yet: {waiting.fact}. Try again in a moment."
    return problem(409, "not-yet", "Not yet", detail, headers=_RETRY_SOON)


async def _unauthenticated(_: Request, __: Unauthenticated) -> Response:
    return unauthenticated()


async def _unavailable(_: Request, __: Unavailable) -> Response:
    return unavailable()


async def _unreadable(_: Request, unreadable: Unreadable) -> Response:
    if unreadable.cause is not Cause.DESTROYED:
        raise unreadable
    detail = "What you ask for was sealed, and its keys were destroyed: it cannot be read by anybody any more."
    return problem(410, "erased", "Erased", detail)


async def _invalid(_: Request, error: RequestValidationError) -> Response:
    flaws = flaws_in(error.errors())
    detail = f"{len(flaws)} thing{'s are' if len(flaws) != 1 else ' is'} wrong with the request; each is named below."
    return problem(422, "invalid-request", "The request is not valid", detail, flaws=flaws)


async def _not_kept(_: Request, __: Exception) -> Response:
    """Answer what the database cannot keep as text, where no edge refused it before."""
    return problem(
        422, "invalid-request", "The request is not valid", "A text holds U+0000, which cannot be kept. Remove it."
    )


async def _database(request: Request, error: Exception) -> Response:
    """Answer an outage, and what a driver refused as text; anything else is an error of ours."""
    if outage_of(error):
        return unavailable()
    if not isinstance(error, DBAPIError):
        raise error
    cause = error.orig.__cause__ if error.orig else None
    if not isinstance(cause, _NOT_KEPT):
        raise error
    return await _not_kept(request, cause)


async def _key_missing(_: Request, __: KeyMissing) -> Response:
    fix = "Send 1 to 128 visible characters, new for each command and the same when you repeat one."
    flaw = Flaw(f"header.{KEY_HEADER}", "This header is required for a command.", fix)
    return problem(400, "idempotency-key-missing", "Idempotency key missing", f"{flaw.what} {fix}", flaws=[flaw])


async def _http(_: Request, error: HTTPException) -> Response:
    """Answer what the framework itself refuses; its words are replaced by ours."""
    return of_status(error.status_code, error.headers)


_REFUSALS: Final[dict[type[Refusal], tuple[int, str, str]]] = {
    IdempotencyConflict: (422, "idempotency-key-reused", "Idempotency key used for another request"),
    NotFound: (404, "not-found", "Not found"),
    Forbidden: (403, "forbidden", "Forbidden"),
    Conflict: (409, "conflict", "The present state forbids this"),
    Refusal: (422, "refused", "A rule forbids this"),
}

_NOT_KEPT: Final = (CharacterNotInRepertoireError, UntranslatableCharacterError)

HANDLERS: Final[dict[int | type[Exception], Handler]] = {
    Refusal: _refused,
    NotYet: _not_yet,
    Unauthenticated: _unauthenticated,
    Unavailable: _unavailable,
    Unreadable: _unreadable,
    RequestValidationError: _invalid,
    KeyMissing: _key_missing,
    **dict.fromkeys((DBAPIError, PostgresError, InterfaceError), _database),
    **dict.fromkeys(_NOT_KEPT, _not_kept),
    HTTPException: _http,
}
