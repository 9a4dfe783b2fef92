"""What does not reach a partner is a list within the grant, and one request sends it again."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from revcycle_kit.auth import LocalIssuer
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import Unavailable
from revcycle_kit.http import service_app, undelivered
from revcycle_kit.partners.outcomes import Rejected
from revcycle_kit.testing import shop as small
from revcycle_kit.testing.harness import Harness

CLINIC, OTHERS = UUID(int=1), UUID(int=2)
FIRST, SECOND = UUID(int=11), UUID(int=12)
Call = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
def carrier() -> small.Carrier:
    return small.Carrier()


@pytest.fixture
async def shop(harness: Callable[..., Awaitable[Harness]], carrier: small.Carrier) -> Harness:
    """Two orders that the carrier refuses."""
    shop = await harness(small.build(carrier))
    carrier.broken = Rejected("the carrier", "status 422")
    for order in (FIRST, SECOND):
        stream = StreamRef("clinic", CLINIC, "encounter", order)
        await shop.hear("web", small.OrderPlaced(order_id=order, amount_cents=500), stream)
        await shop.hear("bank", small.OrderPaid(order_id=order, amount_cents=500), stream)
        await shop.settle()
        shop.clock.advance_by(timedelta(seconds=1))
    return shop


@pytest.fixture
async def call(shop: Harness, tmp_path: Path) -> AsyncIterator[Call]:
    """Give a caller of the API: method, path; with a clinic and a role."""
    issuer = LocalIssuer(tmp_path / "token.key")
    app = service_app(name="shop", routers=[undelivered.router], verifier=issuer, runtime=shop.runtime)
    async with AsyncExitStack() as stack:

        async def one(method: str, path: str = "", *, clinic: UUID = CLINIC, role: str = "biller") -> tuple[int, Any]:
            headers = {"Authorization": f"Bearer {issuer.issue('ada', roles=[role], clinics=[clinic])}"}
            transport = httpx.ASGITransport(app)
            client = httpx.AsyncClient(transport=transport, base_url="http://shop", headers=headers)
            await stack.enter_async_context(client)
            answer = await client.request(method, f"/v1/undelivered{path}")
            return answer.status_code, answer.json()

        yield one


async def test_what_was_given_up_is_listed_with_its_reason_page_by_page(call: Call) -> None:
    status, page = await call("GET", "?limit=1")
    [first] = page["items"]
    assert (200, "ship", "given_up", str(FIRST), 1, None) == (
        status,
        *(first[name] for name in ("effect", "state", "stream_id", "attempts", "retry_at")),
    )
    assert "status 422" in first["reason"]
    _, rest = await call("GET", f"?limit=1&cursor={page['next_cursor']}")
    assert ([str(SECOND)], None) == ([item["stream_id"] for item in rest["items"]], rest["next_cursor"])


async def test_only_a_state_is_listed_where_one_is_named(call: Call, shop: Harness, carrier: small.Carrier) -> None:
    carrier.broken = Unavailable("the carrier")
    [effect, _] = await shop.runtime.effects()
    await shop.runtime.resend(effect["task_id"])
    await shop.settle()
    _, failing = await call("GET", "?state=failing")
    _, given_up = await call("GET", "?state=given_up")
    assert [1, 1] == [len(page["items"]) for page in (failing, given_up)]
    assert failing["items"][0]["retry_at"] is not None


async def test_a_request_sends_it_again_under_its_key(call: Call, shop: Harness, carrier: small.Carrier) -> None:
    carrier.broken = None
    _, page = await call("GET", "?limit=1")
    task_id = page["items"][0]["task_id"]
    assert (202, {"task_id": task_id}) == await call("POST", f"/{task_id}/resend")
    await shop.settle()
    assert [f"ship-{FIRST}"] == carrier.sent
    assert 409 == (await call("POST", f"/{task_id}/resend"))[0]


async def test_what_is_anothers_is_neither_listed_nor_sent(call: Call, carrier: small.Carrier) -> None:
    _, page = await call("GET")
    task_id = page["items"][0]["task_id"]
    assert (200, []) == ((await call("GET", clinic=OTHERS))[0], (await call("GET", clinic=OTHERS))[1]["items"])
    assert 404 == (await call("POST", f"/{task_id}/resend", clinic=OTHERS))[0]
    assert 403 == (await call("POST", f"/{task_id}/resend", role="auditor"))[0]
    assert [] == carrier.sent
