"""The edge: correlation in and out, headers on everything, bodies within limits, measures without ids."""

import io
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, Protocol
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from revcycle_kit.errors import Unavailable
from revcycle_kit.http.health import Readiness
from revcycle_kit.telemetry import configure_logs, configure_traces

CLINIC = UUID("0199a0c0-0000-7000-8000-00000000000a")
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Service(Protocol):
    """What the fixture offers."""

    app: FastAPI
    ready: bool

    def client(self, *roles: str) -> httpx.AsyncClient: ...


async def test_a_correlation_id_comes_back_and_a_missing_one_is_made(biller: httpx.AsyncClient) -> None:
    given = await biller.get("/v1/rows", headers={"X-Correlation-Id": "order-4711"})
    made = await biller.get("/v1/rows")
    assert "order-4711" == given.headers["X-Correlation-Id"]
    assert UUID(made.headers["X-Correlation-Id"])


@pytest.mark.parametrize("given", ["short", "x" * 65, "a b c d e f", "abcdefgh\t", "{}{}{}{}"])
async def test_an_unusable_correlation_id_is_replaced(biller: httpx.AsyncClient, given: str) -> None:
    answer = await biller.get("/v1/rows", headers={"X-Correlation-Id": given})
    assert given != answer.headers["X-Correlation-Id"]


@pytest.mark.parametrize("path", ["/v1/rows", "/health", "/nowhere", "/v1/outcomes/bug", "/v1/clinics/x"])
async def test_every_answer_forbids_storing_sniffing_and_framing(biller: httpx.AsyncClient, path: str) -> None:
    headers = (await biller.get(path)).headers
    assert ("no-store", "nosniff", "DENY") == tuple(
        headers[name] for name in ("Cache-Control", "X-Content-Type-Options", "X-Frame-Options")
    )
    assert "default-src 'none'" in headers["Content-Security-Policy"]


async def test_a_body_within_the_limit_of_its_route_is_taken(biller: httpx.AsyncClient) -> None:
    answer = await biller.post("/v1/files", content=b"x" * 5_000)
    assert {"bytes": 5_000} == answer.json()


async def _pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * 1_000


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(("path", "kilobytes"), [("/v1/orders", 3), ("/v1/files", 6)])
async def test_a_body_beyond_the_limit_is_a_problem_announced_or_not(
    biller: httpx.AsyncClient, path: str, kilobytes: int, *, announced: bool
) -> None:
    content: Any = b"x" * 1_000 * kilobytes if announced else _pieces(kilobytes)
    answer = await biller.post(path, content=content, headers={"Idempotency-Key": "k"})
    assert (413, "application/problem+json") == (answer.status_code, answer.headers["Content-Type"])
    assert "smaller parts" in answer.json()["detail"]


async def test_a_stream_without_end_is_not_read_to_its_end(service: Service) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        for taken in range(1_000):  # noqa: B007 - how far it was read is the claim
            yield b"x" * 1_000

    async with service.client("biller") as client:
        assert 413 == (await client.post("/v1/files", content=endless())).status_code
    assert taken < 20


async def test_health_and_readiness_need_no_token_and_name_what_fails(
    service: Service, stranger: httpx.AsyncClient
) -> None:
    assert {"status": "pass"} == (await stranger.get("/health")).json()
    assert {"status": "pass", "checks": {"database": "pass"}} == (await stranger.get("/ready")).json()
    service.ready = False
    assert 200 == (await stranger.get("/ready")).status_code, "the last answer holds for a second"


async def test_an_unready_service_says_which_check_fails_and_nothing_else(
    service: Service, stranger: httpx.AsyncClient
) -> None:
    service.ready = False
    answer = await stranger.get("/ready")
    assert (503, {"status": "fail", "checks": {"database": "fail"}}) == (answer.status_code, answer.json())


async def test_what_work_can_do_without_is_told_and_leaves_it_ready() -> None:
    async def there() -> None:
        pass

    async def away() -> None:
        raise Unavailable("Kafka")

    assert ("warn", {"database": "pass", "bus": "fail"}) == await Readiness(
        {"database": there}, beside={"bus": away}
    ).status()
    assert ("fail", {"database": "fail", "bus": "pass"}) == await Readiness(
        {"database": away}, beside={"bus": there}
    ).status()


async def test_measures_name_the_route_and_never_an_id(service: Service, biller: httpx.AsyncClient) -> None:
    await biller.get(f"/v1/clinics/{CLINIC}")
    await biller.get("/nowhere/Canary")
    await biller.request("CANARY", "/v1/rows")
    async with service.client("operator") as client:
        shown = (await client.get("/metrics")).text
    assert 'method="GET",route="/v1/clinics/{clinic_id}",service="testing",status="200"' in shown
    assert 'route="(none)",service="testing",status="404"' in shown
    assert str(CLINIC) not in shown
    assert "canary" not in shown.lower()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logs("testing", stream=stream)
    yield stream
    configure_logs("unnamed")


async def test_each_request_is_one_line_and_a_failure_names_its_place(
    biller: httpx.AsyncClient, logged: io.StringIO
) -> None:
    await biller.get("/v1/outcomes/bug", headers={"X-Correlation-Id": "order-4711"})
    failed, answered = map(json.loads, logged.getvalue().splitlines())
    assert ("request failed", "builtins.LookupError") == (failed["event"], failed["error"])
    assert failed["frames"][0].split(":")[1].endswith("fail")
    assert ("request answered", 500, "/v1/outcomes/{kind}") == (
        answered["event"],
        answered["status"],
        answered["route"],
    )
    assert {"order-4711"} == {failed["correlation_id"], answered["correlation_id"]}
    assert "Canary" not in logged.getvalue()


async def test_a_refused_token_is_logged_with_its_reason(stranger: httpx.AsyncClient, logged: io.StringIO) -> None:
    await stranger.get("/v1/rows", headers={"Authorization": "Bearer Canary"})
    refused = json.loads(logged.getvalue().splitlines()[0])
    assert ("token refused", "the_token_is_malformed") == (refused["event"], refused["reason"])


async def test_a_request_continues_the_callers_trace(biller: httpx.AsyncClient) -> None:
    exporter = InMemorySpanExporter()
    configure_traces("testing", exporter, at_once=True)
    await biller.get("/v1/rows", headers={"traceparent": TRACEPARENT})
    configure_traces("testing", None)
    [seen] = exporter.get_finished_spans()
    assert seen.parent is not None
    assert TRACEPARENT.split("-")[1] == f"{seen.parent.trace_id:032x}"
    assert {"route": "/v1/rows", "status": 200} == dict(seen.attributes or {})
