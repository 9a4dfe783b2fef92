"""The live carrier of letters: what it sends, and what it makes of the vendor's answers."""

import httpx
import pytest

from denials.partners.correspondence import HttpCorrespondence
from revcycle_kit.errors import Unavailable

Answer = httpx.Response | Exception


def vendor(answer: Answer, seen: list[httpx.Request], token: str = "secret-token") -> HttpCorrespondence:
    async def handle(request: httpx.Request) -> httpx.Response:
        await request.aread()
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return HttpCorrespondence("https://mail.example/letters", token, httpx.MockTransport(handle))


async def test_letter_and_cover_travel_together_under_their_key() -> None:
    seen: list[httpx.Request] = []

    await vendor(httpx.Response(202), seen).send(b"%PDF-1.4 letter", b'{"level":1}', "appeal-7")

    [request] = seen
    assert ("appeal-7", "Bearer secret-token") == (
        request.headers["Idempotency-Key"],
        request.headers["Authorization"],
    )
    assert b"%PDF-1.4 letter" in request.content
    assert b'{"level":1}' in request.content


async def test_without_a_token_no_authorization_is_sent() -> None:
    seen: list[httpx.Request] = []

    await vendor(httpx.Response(202), seen, token="").send(b"", b"{}", "k")

    assert "Authorization" not in seen[0].headers


@pytest.mark.parametrize("answer", [httpx.Response(503), httpx.ConnectError("refused"), httpx.ReadTimeout("slow")])
async def test_a_vendor_that_is_down_is_tried_again(answer: Answer) -> None:
    with pytest.raises(Unavailable, match="correspondence vendor"):
        await vendor(answer, []).send(b"", b"{}", "k")


async def test_a_vendor_that_refuses_the_letter_is_not_tried_again_for_ever() -> None:
    with pytest.raises(httpx.HTTPStatusError):
        await vendor(httpx.Response(422), []).send(b"", b"{}", "k")
