"""The live clearinghouse: what it is sent."""

import httpx
import pytest

from claims.partners.clearinghouse import HttpClearinghouse


@pytest.mark.parametrize(("token", "header"), [("secret-token", "Bearer secret-token"), ("", None)])
async def test_the_token_is_sent_where_there_is_one(token: str, header: str | None) -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(202)

    clearinghouse = HttpClearinghouse("https://house.example", lambda: token, httpx.MockTransport(handle))
    await clearinghouse.submit(b"ISA", "batch", "key-1")

    [request] = seen
    assert ("/batch/batch", "key-1", header) == (
        request.url.path,
        request.headers["Idempotency-Key"],
        request.headers.get("Authorization"),
    )
