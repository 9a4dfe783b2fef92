"""Who may do what: every route states its rule, and the rule holds; without a believable token there is nothing."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.http.rules import route_contexts

SERVICES = ("eligibility", "claims", "denials", "patient_billing", "analytics")
UNDESCRIBED = {"/health", "/ready", "/metrics"}
NOWHERE = "00000000-0000-8000-8000-00000000dead"
REFUSED = 403


class Anything(dict[str, str]):
    """Has an id for every name; nothing has that id."""

    def __missing__(self, name: str) -> str:
        return NOWHERE


@pytest.fixture
def nothing(request_of: Callable[..., Any]) -> Callable[[Any], Any]:
    """Return a maker of valid requests about what does not exist."""
    return lambda operation: request_of(operation, Anything(), Anything(), {})


async def send(client: httpx.AsyncClient, asked: Any, token: str | None) -> httpx.Response:
    method, path, sent = asked
    headers = {"Idempotency-Key": "role-1", "Authorization": f"Bearer {token}"}
    if token is None:
        del headers["Authorization"]
    return await client.request(method, path, headers=headers, **sent)


def client_of(house: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(house.app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


@pytest.mark.parametrize("service", SERVICES)
async def test_every_route_is_described_with_its_rule(service: str, city: Any, operations: Callable[..., Any]) -> None:
    """There is no route beside OpenAPI but health and metrics, and each says which roles it takes."""
    house = city.houses[service]
    described = {(one.method, one.path): one for one in operations(house)}
    routes = {(method, found.path) for found, _ in route_contexts(house.app) for method in found.methods or ()}

    assert UNDESCRIBED >= {path for _, path in routes - set(described)}
    assert [] == [one.name for one in described.values() if not one.described.get("x-roles")]


@pytest.mark.parametrize("service", SERVICES)
async def test_a_token_without_the_role_is_refused_at_every_route(  # noqa: PLR0917 - fixtures
    service: str, opened: Any, issuer: LocalIssuer, operations: Callable[..., Any], nothing: Any, tenants: Any
) -> None:
    """403 for whoever has every role but those named; each role that is named passes (and finds nothing)."""
    house = await opened(service)
    every = {role for one in operations(house) for rule in one.roles for role in rule} | {"nobody"}
    tokens = {role: issuer.issue("ada", roles=[role], **tenants[0].grant) for role in every}
    wrong: list[str] = []
    async with client_of(house) as client:
        for operation in operations(house):
            named = {role for rule in operation.roles for role in rule}
            others = issuer.issue("ada", roles=every - named, **tenants[0].grant)
            answer = await send(client, nothing(operation), others)
            if named and answer.status_code != REFUSED:
                wrong.append(f"{operation.name}: {answer.status_code} without {sorted(named)}")
            for role in named or {"nobody"}:
                answer = await send(client, nothing(operation), tokens[role])
                if answer.status_code in {401, REFUSED} or answer.status_code >= 500:
                    wrong.append(f"{operation.name}: {answer.status_code} for {role}")

    assert [] == wrong


@pytest.fixture
def unbelievable(issuer: LocalIssuer, tmp_path: Path, tenants: Any) -> dict[str, str | None]:
    """Return tokens that nobody may believe."""
    grant: dict[str, Any] = {"roles": ["operator", "manager"], **tenants[0].grant}
    good = issuer.issue("ada", **grant)
    claims = jwt.decode(good, options={"verify_signature": False})
    key_id = jwt.get_unverified_header(good)["kid"]
    head, body, signature = good.split(".")
    return {
        "none": None,
        "empty": "",
        "garbage": "garbage",
        "expired": issuer.issue("ada", lifetime=timedelta(hours=-1), **grant),
        "of another issuer": LocalIssuer(tmp_path / "other.key").issue("ada", **grant),
        "unsigned": jwt.encode(claims, "", "none", headers={"kid": key_id, "typ": "at+jwt"}),
        "signed with a word": jwt.encode(claims, "w" * 32, "HS256", headers={"kid": key_id, "typ": "at+jwt"}),
        "altered": f"{head}.{body[:-2]}{'AA' if body[-2:] != 'AA' else 'BB'}.{signature}",
        "cut": f"{head}.{body}.",
        "long": good + "A" * 100_000,
    }


@pytest.mark.parametrize("service", SERVICES)
async def test_no_route_answers_without_a_believable_token(
    service: str, city: Any, operations: Callable[..., Any], nothing: Any, unbelievable: dict[str, str | None]
) -> None:
    """401 everywhere, before anything is read; and every bad token gets the same words."""
    house = city.houses[service]
    wrong: list[str] = []
    words: set[tuple[tuple[str, str], ...]] = set()
    async with client_of(house) as client:
        for operation in operations(house):
            for kind, token in unbelievable.items():
                answer = await send(client, nothing(operation), token)
                if answer.status_code != 401:
                    wrong.append(f"{operation.name}: {answer.status_code} for a token that is {kind}")
                told = {**answer.json(), "correlation_id": ""}
                words.add(tuple(sorted((name, str(value)) for name, value in told.items())))

    assert [] == wrong
    assert 1 == len(words)


@pytest.mark.parametrize("service", SERVICES)
async def test_only_health_is_open_and_metrics_need_an_operator(service: str, city: Any, issuer: LocalIssuer) -> None:
    house = city.houses[service]
    async with client_of(house) as client:
        health, metrics = await client.get("/health"), await client.get("/metrics")
        biller = await send(client, ("GET", "/metrics", {}), issuer.issue("ada", roles=["biller"]))
        operator = await send(client, ("GET", "/metrics", {}), issuer.issue("ada", roles=["operator"]))
        documents = [await client.get(path) for path in ("/openapi.json", "/docs", "/redoc")]

    assert [200, 401, 403, 200] == [answer.status_code for answer in (health, metrics, biller, operator)]
    assert {401} == {answer.status_code for answer in documents}
