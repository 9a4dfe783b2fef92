"""The live carrier of letters: what it sends, and what it makes of the vendor's answers."""

import httpx
import pytest

from denials.partners.correspondence import HttpCorrespondence
from revcycle_kit.errors import Unavailable
from revcycle_kit.partners.outcomes import CredentialRefused, OutcomeUnknown, Rejected, Throttled

Answer = httpx.Response | Exception


def vendor(answer: Answer, seen: list[httpx.Request], token: str = "secret-token") -> HttpCorrespondence:
    async def handle(request: httpx.Request) -> httpx.Response:
        await request.aread()
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return HttpCorrespondence("https://mail.example/letters", lambda: token, httpx.MockTransport(handle))


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


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx.Response(503), Unavailable),
        (httpx.ConnectError("refused"), Unavailable),
        (httpx.Response(429), Throttled),
        (httpx.Response(401), CredentialRefused),
        (httpx.ReadTimeout("slow"), OutcomeUnknown),
        (httpx.Response(422), Rejected),
    ],
)
async def test_what_became_of_a_letter_is_told_apart(answer: Answer, outcome: type[Exception]) -> None:
    with pytest.raises(outcome, match="correspondence vendor"):
        await vendor(answer, []).send(b"", b"{}", "k")
