"""What a partner's answer means is one table, the same for every partner; a call never tells what it carried."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from revcycle_kit.errors import Unavailable
from revcycle_kit.partners.client import (
    FAILURES,
    STATUS_CLASSES,
    STATUSES,
    Meaning,
    PartnerClient,
    meaning_of_status,
    token_in,
)
from revcycle_kit.partners.outcomes import CredentialRefused, OutcomeUnknown, Rejected, Throttled

CANARY = "Zyxwv Canary"
TOKEN = "s3cret-token"
OUTCOMES = {
    Meaning.REJECTED: Rejected,
    Meaning.THROTTLED: Throttled,
    Meaning.CREDENTIAL_REFUSED: CredentialRefused,
    Meaning.UNAVAILABLE: Unavailable,
    Meaning.UNKNOWN: OutcomeUnknown,
}
EXPECTED = {
    Meaning.ANSWERED: (200, 201, 202, 204, 299),
    Meaning.REJECTED: (400, 404, 405, 406, 409, 410, 411, 413, 415, 422, 451),
    Meaning.THROTTLED: (429,),
    Meaning.CREDENTIAL_REFUSED: (401, 403, 407),
    Meaning.UNAVAILABLE: (301, 302, 307, 308, 408, 421, 425, 502, 503),
    Meaning.UNKNOWN: (500, 501, 504, 505, 599),
}


def client_of(handler: Callable[[httpx.Request], httpx.Response], token: str = TOKEN) -> PartnerClient:
    """Return a client of a partner that answers as told."""
    return PartnerClient(
        "the partner", "https://partner.test/in/", credential=lambda: token, transport=httpx.MockTransport(handler)
    )


def answering(status: int, **headers: str) -> PartnerClient:
    """Return a client of a partner that always answers with a status."""
    return client_of(lambda _: httpx.Response(status, headers={k.replace("_", "-"): v for k, v in headers.items()}))


async def outcome(client: PartnerClient) -> Exception | None:
    """Send something that must not be repeated in words, and return what was raised."""
    try:
        await client.post("/letter", key="k-1", content=CANARY.encode())
    except Exception as raised:  # noqa: BLE001 - whatever it is, the test looks at it
        return raised
    finally:
        await client.close()
    return None


@pytest.mark.parametrize(("meaning", "status"), [(m, s) for m, all_of_it in EXPECTED.items() for s in all_of_it])
async def test_each_status_has_one_meaning(meaning: Meaning, status: int) -> None:
    assert meaning is meaning_of_status(status)
    raised = await outcome(answering(status))
    assert OUTCOMES.get(meaning, type(None)) is type(raised)
    assert CANARY not in str(raised)
    assert TOKEN not in str(raised)


def test_the_expectations_cover_every_row_of_the_table() -> None:
    said = {status for statuses in EXPECTED.values() for status in statuses}
    assert set(STATUSES) <= said
    assert set(STATUS_CLASSES) - {1} <= {status // 100 for status in said}


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.ConnectError, Unavailable),
        (httpx.ConnectTimeout, Unavailable),
        (httpx.PoolTimeout, Unavailable),
        (httpx.ProxyError, Unavailable),
        (httpx.UnsupportedProtocol, Unavailable),
        (httpx.LocalProtocolError, Unavailable),
        (httpx.ReadTimeout, OutcomeUnknown),
        (httpx.WriteTimeout, OutcomeUnknown),
        (httpx.ReadError, OutcomeUnknown),
        (httpx.WriteError, OutcomeUnknown),
        (httpx.CloseError, OutcomeUnknown),
        (httpx.RemoteProtocolError, OutcomeUnknown),
        (httpx.DecodingError, OutcomeUnknown),
    ],
)
async def test_what_never_left_is_unavailable_and_what_may_have_arrived_is_unknown(
    failure: type[httpx.RequestError], kind: type[Exception]
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise failure(CANARY, request=request)

    raised = await outcome(client_of(fail))
    assert kind is type(raised)
    assert CANARY not in str(raised)
    assert failure.__name__ in str(raised)


def test_the_last_row_of_failures_catches_whatever_else_there_is() -> None:
    assert (httpx.RequestError, Meaning.UNKNOWN) == FAILURES[-1]


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "120"}, timedelta(minutes=2)),
        (
            {"Retry_After": "Mon, 05 Jan 2026 08:10:00 GMT", "Date": "Mon, 05 Jan 2026 08:00:00 GMT"},
            timedelta(minutes=10),
        ),
        ({"Retry_After": "Mon, 05 Jan 2026 07:00:00 GMT", "Date": "Mon, 05 Jan 2026 08:00:00 GMT"}, timedelta(0)),
        ({"Retry_After": "9" * 400}, timedelta(days=7)),
        ({"Retry_After": "soon"}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_how_long_the_partner_wants_us_to_wait_is_kept(
    status: int, headers: dict[str, str], wait: timedelta | None
) -> None:
    raised = await outcome(answering(status, **headers))
    assert isinstance(raised, Unavailable)
    assert wait == raised.retry_after


async def test_a_call_carries_its_key_and_the_token_of_the_moment(tmp_path: Path) -> None:
    told: list[tuple[str, str, str]] = []

    def note(request: httpx.Request) -> httpx.Response:
        told.append((str(request.url), request.headers["Idempotency-Key"], request.headers.get("Authorization", "")))
        return httpx.Response(202)

    token = tmp_path / "token"
    client = PartnerClient(
        "the partner", "https://partner.test/in/", credential=token_in(token), transport=httpx.MockTransport(note)
    )
    for written in ("old\n", "new\n", ""):
        token.write_text(written)
        await client.post("/letter", key="k-1")
    await client.close()
    url = "https://partner.test/in/letter"
    assert [(url, "k-1", "Bearer old"), (url, "k-1", "Bearer new"), (url, "k-1", "")] == told


async def test_a_credential_file_that_cannot_be_read_is_a_refused_credential(tmp_path: Path) -> None:
    client = PartnerClient("the partner", "https://partner.test", credential=token_in(tmp_path / "none"))
    raised = await outcome(client)
    assert isinstance(raised, CredentialRefused)
    assert str(tmp_path) not in str(raised)
