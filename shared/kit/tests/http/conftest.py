"""A small service with every kind of route, and callers with and without grants."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import httpx
import pytest
from asyncpg import CharacterNotInRepertoireError, UntranslatableCharacterError
from fastapi import APIRouter, FastAPI, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError

from revcycle_kit.auth import Grant, LocalIssuer
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.errors import Conflict, IdempotencyConflict, NotYet, Refusal, Unavailable
from revcycle_kit.http import (
    Caller,
    Cursor,
    IdempotencyKey,
    Now,
    Page,
    Paging,
    PositiveCents,
    any_role,
    public,
    repeatable,
    requires,
    service_app,
)
from revcycle_kit.keyring import Cause, Unreadable

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLINIC = UUID("0199a0c0-0000-7000-8000-00000000000a")
CANARY = "Zyxwv Canary"


def _by_driver(cause: Exception) -> DBAPIError:
    """Wrap what a driver said as SQLAlchemy does."""
    said = Exception()
    said.__cause__ = cause
    return DBAPIError("SELECT", {}, said)


OUTCOMES: dict[str, Callable[[], Exception]] = {
    "refusal": lambda: Refusal("The claim has no diagnosis.", "claim.diagnoses", "Add at least one."),
    "conflict": lambda: Conflict("The claim was sent already.", "claim.state", "Send a replacement."),
    "reused": IdempotencyConflict,
    "not-yet": lambda: NotYet(f"clinic {CLINIC}"),
    "unavailable": lambda: Unavailable("the database"),
    "destroyed": lambda: Unreadable(Cause.DESTROYED),
    "altered": lambda: Unreadable(Cause.ALTERED),
    "not-kept": UntranslatableCharacterError,
    "not-kept-read": lambda: _by_driver(CharacterNotInRepertoireError()),
    "driver": lambda: _by_driver(LookupError(CANARY)),
    "bug": lambda: LookupError(CANARY),
}


class Line(BaseModel):
    """One service line."""

    model_config = ConfigDict(extra="forbid", strict=True)
    charged_cents: PositiveCents
    kind: Literal["professional", "institutional"] = "professional"


class Order(BaseModel):
    """A command's body."""

    model_config = ConfigDict(extra="forbid")
    lines: list[Line] = Field(min_length=1, max_length=3)
    note: str = Field(default="", max_length=10)


class Said(BaseModel):
    """What a command answers."""

    key: str
    request_hash: str


class Moment(BaseModel):
    """The instant of a request."""

    at: datetime


ROWS = list(range(10))
cursor = Cursor("rows", tuple[int], key=b"k" * 32)


def _routes() -> APIRouter:
    router = APIRouter(prefix="/v1")

    @router.get("/clinics/{clinic_id}")
    async def read_clinic(clinic_id: UUID, caller: Annotated[Grant, requires("biller", "coder")]) -> dict[str, str]:
        return {"clinic_id": str(caller.require_clinic(clinic_id))}

    @router.post("/orders", dependencies=[requires("biller")], status_code=201)
    async def place_order(order: Order, key: IdempotencyKey) -> Said:
        assert order.lines
        return Said(key=key.key, request_hash=key.request_hash.hex())

    @router.post("/files", dependencies=[any_role(), repeatable("unique by its hash")], max_body_size=5_000)
    async def take_file(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    @router.get("/rows", dependencies=[any_role()])
    async def list_rows(paging: Paging) -> Page[int]:
        after = cursor.read(paging.cursor)
        rows = [row for row in ROWS if after is None or row > after[0]][: paging.limit + 1]
        return cursor.page(rows, paging, item=lambda row: row, after=lambda row: (row,))

    @router.get("/moment", dependencies=[public("the hour is no secret")])
    async def tell_moment(now: Now) -> Moment:
        return Moment(at=now)

    @router.get("/outcomes/{kind}", dependencies=[any_role()])
    async def fail(kind: str, caller: Caller) -> None:
        assert caller.subject
        failure = OUTCOMES[kind]()
        raise failure

    return router


Call = Callable[..., Any]


class Service:
    """The application and what a test needs around it."""

    def __init__(self, folder: Path) -> None:
        self.ready = True
        self.issuer = LocalIssuer(folder / "token.key")
        self.app: FastAPI = service_app(
            name="testing",
            routers=[_routes()],
            verifier=self.issuer,
            readiness={"database": self._check},
            clock=SimulatedClock(NOW),
            body_bytes_max=2_000,
        )

    async def _check(self) -> None:
        if not self.ready:
            raise ConnectionError(CANARY)

    def client(self, *roles: str) -> httpx.AsyncClient:
        """Return a client whose token has these roles for one clinic."""
        token = self.issuer.issue("ada", roles=roles, clinics=[CLINIC])
        return self.anonymous(Authorization=f"Bearer {token}")

    def anonymous(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


@pytest.fixture
async def biller(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with service.client("biller") as client:
        yield client


@pytest.fixture
async def stranger(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with service.anonymous() as client:
        yield client
