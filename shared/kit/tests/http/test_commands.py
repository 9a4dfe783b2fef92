"""Commands: a key is required, and a request is the same only if all of it is."""

from typing import Any

import httpx
import pytest

ORDER: dict[str, Any] = {"lines": [{"charged_cents": 12_000}]}


async def _hash(client: httpx.AsyncClient, url: str = "/v1/orders", **order: Any) -> str:
    answer = await client.post(url, json={**ORDER, **order}, headers={"Idempotency-Key": "order-1"})
    said: dict[str, str] = answer.json()
    assert 201 == answer.status_code
    assert "order-1" == said["key"]
    return said["request_hash"]


@pytest.mark.parametrize("key", [None, "", "x" * 129, "a b", "a\tb", "é"])
async def test_a_command_without_a_usable_key_is_a_bad_request(biller: httpx.AsyncClient, key: str | None) -> None:
    headers = [] if key is None else [(b"Idempotency-Key", key.encode())]
    answer = await biller.post("/v1/orders", json=ORDER, headers=headers)
    assert (400, "urn:revcycle:problem:idempotency-key-missing") == (answer.status_code, answer.json()["type"])
    assert "header.Idempotency-Key" == answer.json()["errors"][0]["where"]


async def test_the_same_request_has_the_same_hash_and_any_other_another(biller: httpx.AsyncClient) -> None:
    first = await _hash(biller)
    assert first == await _hash(biller)
    others = {await _hash(biller, note="x"), await _hash(biller, "/v1/orders?x=1")}
    assert 2 == len(others - {first})


async def test_the_key_is_not_part_of_the_hash(biller: httpx.AsyncClient) -> None:
    other = await biller.post("/v1/orders", json=ORDER, headers={"Idempotency-Key": "order-2"})
    assert await _hash(biller) == other.json()["request_hash"]
