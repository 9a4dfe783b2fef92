"""The gate and the roles: without a grant nothing answers, with one only what it covers."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Protocol
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, FastAPI, WebSocket
from starlette.responses import PlainTextResponse

from revcycle_kit.auth import Grant, LocalIssuer
from revcycle_kit.errors import Unavailable
from revcycle_kit.http import Caller, IdempotencyKey, any_role, public, repeatable, requires, service_app
from revcycle_kit.http.rules import RuleMissing

CLINIC = UUID("0199a0c0-0000-7000-8000-00000000000a")


class Service(Protocol):
    """What the fixture offers."""

    app: FastAPI
    issuer: LocalIssuer

    def client(self, *roles: str) -> httpx.AsyncClient: ...
    def anonymous(self, **headers: str) -> httpx.AsyncClient: ...


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/v1/clinics/{CLINIC}"),
        ("POST", "/v1/orders"),
        ("GET", "/metrics"),
        ("GET", "/nowhere"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("OPTIONS", "/v1/orders"),
        ("POST", "/v1/moment"),
    ],
)
async def test_without_a_token_every_address_gives_the_same_401(
    stranger: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await stranger.request(method, path, content=b"{")
    assert (401, "Bearer") == (answer.status_code, answer.headers["WWW-Authenticate"])
    assert "urn:revcycle:problem:unauthorized" == answer.json()["type"]


@pytest.mark.parametrize(
    "value",
    ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "bearer x.y.z", "Bearer " + "x" * 1_000_000, "Bearer é"],
)
async def test_a_bad_authorization_header_says_nothing_about_why(service: Service, value: str) -> None:
    async with service.anonymous() as client:
        answers = [
            await client.get("/v1/rows", headers=[(b"Authorization", given.encode())])
            for given in (value, "Bearer nope")
        ]
    bodies = [{**answer.json(), "correlation_id": None} for answer in answers]
    assert [401, 401] == [answer.status_code for answer in answers]
    assert bodies[0] == bodies[1]


async def test_two_authorization_headers_are_one_too_many(service: Service) -> None:
    token = f"Bearer {service.issuer.issue('ada')}".encode()
    async with service.anonymous() as client:
        answer = await client.get("/v1/rows", headers=[(b"Authorization", token), (b"Authorization", token)])
    assert 401 == answer.status_code


async def test_a_public_route_answers_everybody_on_its_method_only(stranger: httpx.AsyncClient) -> None:
    assert {"at": "2026-03-01T12:00:00Z"} == (await stranger.get("/v1/moment")).json()
    assert 401 == (await stranger.get("/v1/moment/x")).status_code


async def test_a_role_that_is_listed_is_let_in_and_another_is_not(service: Service) -> None:
    for role, status in (("biller", 200), ("coder", 200), ("operator", 403)):
        async with service.client(role) as client:
            assert status == (await client.get(f"/v1/clinics/{CLINIC}")).status_code


async def test_a_missing_role_is_named(service: Service) -> None:
    async with service.client("reader") as client:
        answer = await client.get(f"/v1/clinics/{CLINIC}")
    assert "biller or coder" in answer.json()["detail"]


async def test_a_clinic_that_is_not_granted_does_not_exist(biller: httpx.AsyncClient) -> None:
    answer = await biller.get(f"/v1/clinics/{UUID(int=1)}")
    assert (404, "urn:revcycle:problem:not-found") == (answer.status_code, answer.json()["type"])


async def test_metrics_are_for_operators(service: Service) -> None:
    async with service.client("biller") as client:
        assert 403 == (await client.get("/metrics")).status_code
    async with service.client("operator") as client:
        assert b"revcycle_http_requests_total" in (await client.get("/metrics")).content


class NobodyHome:
    """A verifier whose issuer is down."""

    async def verify(self, token: str) -> Grant:
        raise Unavailable(f"the identity provider {len(token)}")


async def test_while_tokens_cannot_be_verified_nobody_is_let_in() -> None:
    app = service_app(name="testing", routers=[], verifier=NobodyHome(), open_metrics=True)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answer = await client.get("/v1/x", headers={"Authorization": "Bearer x"})
        assert (503, True) == (answer.status_code, "Retry-After" in answer.headers)
        assert 200 == (await client.get("/metrics")).status_code


async def test_a_websocket_is_closed_before_it_opens(service: Service) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await service.app({"type": "websocket", "path": "/v1/rows", "headers": []}, receive, send)
    assert ["websocket.close"] == [message["type"] for message in sent]


async def _reads(caller: Caller) -> None:
    assert caller


async def _commands(key: IdempotencyKey) -> None:
    assert key


def _made(router: APIRouter) -> FastAPI:
    return service_app(name="testing", routers=[router], verifier=NobodyHome())


def test_a_route_without_a_rule_stops_the_application_from_being_made() -> None:
    router = APIRouter(prefix="/v1")
    router.get("/claims")(_reads)
    with pytest.raises(RuleMissing, match=r"GET /v1/claims: say requires"):
        _made(router)


def test_a_change_without_a_key_stops_it_too_and_all_are_named() -> None:
    router = APIRouter()
    router.post("/a", dependencies=[any_role()])(_reads)
    router.delete("/b", dependencies=[requires("biller")])(_reads)
    router.put("/c", dependencies=[requires("biller")])(_commands)
    router.patch("/d", dependencies=[any_role(), repeatable("the same patch changes nothing more")])(_reads)
    with pytest.raises(RuleMissing) as refusal:
        _made(router)
    assert {
        "POST /a: take an IdempotencyKey or say repeatable(…)",
        "DELETE /b: take an IdempotencyKey or say repeatable(…)",
    } == set(str(refusal.value).splitlines())


def test_a_rule_on_the_router_covers_its_routes() -> None:
    router = APIRouter(dependencies=[requires("biller")])
    router.get("/claims")(_reads)
    inner = APIRouter()
    inner.include_router(router, prefix="/v1")
    assert _made(inner)


async def test_a_route_added_later_is_found_before_the_first_answer() -> None:
    app = _made(APIRouter())
    app.get("/late")(_reads)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        with pytest.raises(RuleMissing, match="GET /late"):
            await client.get("/late")


def test_a_mounted_application_cannot_slip_past() -> None:
    app = _made(APIRouter())
    app.mount("/other", PlainTextResponse("x"))
    with pytest.raises(RuleMissing, match="/other"):
        app.build_middleware_stack()


def test_a_websocket_route_cannot_slip_past() -> None:
    router = APIRouter()

    @router.websocket("/ws")
    async def talk(socket: WebSocket, grant: Annotated[Grant, any_role()]) -> None:
        assert socket
        assert grant

    with pytest.raises(RuleMissing, match="/ws"):
        _made(router)


@pytest.mark.parametrize("rule", [public, repeatable])
def test_an_exception_to_the_rules_says_why(rule: Any) -> None:
    with pytest.raises(ValueError, match="say why"):
        rule(" ")


def test_a_role_rule_names_roles() -> None:
    with pytest.raises(ValueError, match="any_role"):
        requires()


@pytest.fixture
async def stranger(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with service.anonymous() as client:
        yield client
