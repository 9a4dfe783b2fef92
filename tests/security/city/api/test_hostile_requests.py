"""Hostile requests at every endpoint: a problem that says what is wrong, where, and what to do; never an accident."""

import copy
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

SERVICES = ("eligibility", "claims", "denials", "patient_billing", "analytics")
ALL_ROLES = (
    "admin", "administrator", "auditor", "biller", "client", "coder", "front_desk", "intake", "lead", "manager",
    "operator", "payments",
)  # fmt: skip
SECONDS_MAX = 2.0
NO_BODIES = {
    "nothing": b"",
    "no JSON": b"hello",
    "JSON cut short": b'{"a": ',
    "a list": b"[]",
    "null": b"null",
    "a number": b"NaN",
    "not UTF-8": b'{"a": "\xff\xfe"}',
}
LARGE_BODIES = {
    "100,000 deep": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "half a megabyte of fields": json.dumps({f"f{number}": 1 for number in range(40_000)}).encode(),
    "2 MB": b'{"a": "' + b"A" * 2_000_000 + b'"}',
}
"""Refused before any route sees them: two routes of a service stand for all."""
TEXTS = (
    "a\u0000b",
    "\ud800",
    "\u202e" * 50,
    "A" * 100_000,
    "'; DROP TABLE stream; --",
    "%s{0}${x}",
    "\r\nSet-Cookie: a=b",
)
QUERIES: dict[str, tuple[str, ...]] = {
    "cursor": ("x", "e30", "A" * 10_000, "../../etc/passwd", "\x00"),
    "limit": ("-1", "0", "1000000000000", "x", "1.5"),
}


def texts_in(body: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Return the path of every text in a request."""
    pairs = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, below in pairs:
        if isinstance(below, str):
            yield (*path, name)
        yield from texts_in(below, (*path, name))


def replaced(body: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """Return a copy of a request with another value at a path."""
    changed = copy.deepcopy(body)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def poor(answer: Any) -> str:
    """Say why an answer is no good problem; nothing where it is one."""
    if answer.headers.get("Content-Type") != "application/problem+json":
        return f"{answer.status_code} is no problem document"
    told = answer.json()
    if not (told["title"] and told["detail"] and told["status"] == answer.status_code):
        return f"says too little: {told}"
    if not all(one["where"] and one["what"] and one["fix"] for one in told.get("errors", [])):
        return f"does not say what, where and what to do: {told}"
    return ""


@pytest.fixture
async def visit(trial: Any, issuer: Any) -> Callable[[str], Any]:
    """Return an opener of a service, with a client that may do everything."""

    async def open_it(service: str) -> tuple[Any, Any]:
        tried = await trial(service)
        token = issuer.issue("ada", roles=ALL_ROLES, **tried.ours.grant)
        return tried, tried.house.client(token)

    return open_it


@pytest.mark.parametrize("service", SERVICES)
async def test_what_is_no_body_is_refused(
    service: str, visit: Any, operations: Callable[..., Any], request_of: Callable[..., Any]
) -> None:
    """Every endpoint that takes JSON: each body that is none is refused in time, and says what to do."""
    tried, made = await visit(service)
    wrong: list[str] = []
    async with made as client:
        for number, operation in enumerate(one for one in operations(tried.house) if one.body is not None):
            method, path, _ = request_of(operation, tried.known.our_ids, tried.known.our_ids, {})
            for kind, content in (NO_BODIES | (LARGE_BODIES if number < 2 else {})).items():
                headers = {"Idempotency-Key": "hostile", "Content-Type": "application/json"}
                begun = time.process_time()
                answer = await client.request(method, path, content=content, headers=headers)
                seconds = time.process_time() - begun
                if answer.status_code not in {400, 413, 422} or poor(answer):
                    wrong.append(f"{operation.name}: {answer.status_code} for {kind}: {poor(answer)}")
                if seconds > SECONDS_MAX:
                    wrong.append(f"{operation.name}: {seconds:.1f} s for {kind}")

    assert [] == wrong


@pytest.mark.parametrize("service", SERVICES)
async def test_no_text_breaks_an_endpoint(
    service: str, visit: Any, operations: Callable[..., Any], request_of: Callable[..., Any]
) -> None:
    """Each text of each request replaced by hostile ones: taken as text or refused, and nothing is parked by it."""
    tried, made = await visit(service)
    wrong: list[str] = []
    async with made as client:
        for number, operation in enumerate(operations(tried.house)):
            method, url, sent = request_of(operation, tried.known.our_ids, tried.known.our_ids, {})
            for path in texts_in(sent.get("json")):
                for at, text in enumerate(TEXTS):
                    content = json.dumps(replaced(sent["json"], path, text)).encode()
                    headers = {"Idempotency-Key": f"{number}.{at}", "Content-Type": "application/json"}
                    answer = await client.request(method, url, content=content, headers=headers)
                    if answer.status_code >= 500 or (answer.is_error and poor(answer)):
                        wrong.append(f"{operation.name}: {answer.status_code} for {text[:20]!r} as {path}")
    await tried.house.harness.settle()

    assert [] == wrong
    assert [] == await tried.house.harness.parked()


@pytest.mark.parametrize("service", SERVICES)
async def test_no_query_breaks_a_list(
    service: str, visit: Any, operations: Callable[..., Any], request_of: Callable[..., Any]
) -> None:
    """Cursors that we never gave, limits beyond ours, and texts in every filter: refused, or an answer."""
    tried, made = await visit(service)
    wrong: list[str] = []
    async with made as client:
        for operation in [one for one in operations(tried.house) if one.method == "GET"]:
            _, path, _ = request_of(operation, tried.known.our_ids, tried.known.our_ids, {})
            for name, _, _ in operation.parameters("query"):
                for text in (*QUERIES.get(name, ()), "\x00", "'; --", "9" * 400, "é" * 300):
                    answer = await client.get(path, params={name: text})
                    if answer.status_code >= 500 or (answer.is_error and poor(answer)):
                        wrong.append(f"{operation.name}: {answer.status_code} for {name}={text[:20]!r}")
                    if name in QUERIES and text in QUERIES[name] and answer.status_code != 422:
                        wrong.append(f"{operation.name}: {answer.status_code} for {name}={text[:20]!r}")

    assert [] == wrong
