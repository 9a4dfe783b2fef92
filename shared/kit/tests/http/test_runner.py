"""A request reaches the stream that it is about, and nobody else's."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter
from pydantic import BaseModel

from revcycle_kit.auth import Grant, LocalIssuer
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.http import CommandRunner, IdempotencyKey, Runner, any_role, service_app
from revcycle_kit.testing import shop as small
from revcycle_kit.testing.harness import Harness

CLINIC, OTHERS = UUID(int=1), UUID(int=2)
ORDER, SECOND = UUID(int=11), UUID(int=12)
Caller = Annotated[Grant, any_role()]
router = APIRouter(prefix="/v1")


class DiscountRequest(BaseModel):
    """What to take off, of which orders."""

    order_ids: list[UUID]
    cents: int


@router.post("/discounts")
async def discount(request: DiscountRequest, caller: Caller, key: IdempotencyKey, runner: Runner) -> int:
    """Take something off the first of the orders, which lie on one stream."""
    command = small.Discount(order_id=request.order_ids[0], cents=request.cents)
    return await runner.answer_on(int, small.orders, request.order_ids, "order", command, caller=caller, key=key)


@router.get("/orders")
async def count_orders(caller: Caller, runner: Runner) -> int:
    """Count the orders that the caller may see."""
    async with runner.read(caller) as connection:
        return len((await connection.execute(small.orders.select())).all())


@pytest.fixture
async def shop(harness: Callable[..., Awaitable[Harness]]) -> Harness:
    shop = await harness(small.build(small.Carrier()))
    for order in (ORDER, SECOND):
        placed = small.OrderPlaced(order_id=order, amount_cents=12_00)
        await shop.hear("web", placed, StreamRef("clinic", CLINIC, "encounter", order))
    return shop


@pytest.fixture
def client(shop: Harness, tmp_path: Path) -> Callable[[UUID], httpx.AsyncClient]:
    issuer = LocalIssuer(tmp_path / "token.key")
    app = service_app(name="shop", routers=[router], verifier=issuer, runtime=shop.runtime)

    def of(clinic: UUID) -> httpx.AsyncClient:
        token = issuer.issue("ada", roles=["biller"], clinics=[clinic])
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "once"}
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop", headers=headers)

    return of


Client = Callable[[UUID], httpx.AsyncClient]


async def _discount(client: httpx.AsyncClient, *orders: UUID) -> tuple[int, Any]:
    body = {"order_ids": [str(order) for order in orders], "cents": 2_00}
    answer = await client.post("/v1/discounts", json=body)
    return answer.status_code, answer.json()


async def test_a_command_finds_the_stream_of_a_row_and_answers(client: Client) -> None:
    assert (200, 10_00) == await _discount(client(CLINIC), ORDER)


async def test_a_repeated_command_gives_the_recorded_answer(client: Client, shop: Harness) -> None:
    first, again = await _discount(client(CLINIC), ORDER), await _discount(client(CLINIC), ORDER)

    assert first == again
    assert 10_00 == (await shop.documents(small.ShopWork.__dict__["orders"], ORDER))[0].amount_cents


async def test_what_is_anothers_or_nobodys_is_not_found(client: Client) -> None:
    assert 404 == (await _discount(client(OTHERS), ORDER))[0]
    assert 404 == (await _discount(client(CLINIC), UUID(int=99)))[0]
    assert 404 == (await _discount(client(CLINIC), ORDER, UUID(int=99)))[0]


async def test_rows_of_several_streams_are_not_one_command(client: Client) -> None:
    status, problem = await _discount(client(CLINIC), ORDER, SECOND)

    assert (422, "order_ids") == (status, problem["errors"][0]["where"])


async def test_a_read_sees_what_the_caller_may_see(client: Client) -> None:
    assert 2 == (await client(CLINIC).get("/v1/orders")).json()
    assert 0 == (await client(OTHERS).get("/v1/orders")).json()


async def test_the_database_is_part_of_readiness(client: Client) -> None:
    assert 200 == (await client(CLINIC).get("/ready")).status_code


async def test_a_table_that_does_not_say_its_streams_is_refused(shop: Harness) -> None:
    with pytest.raises(LookupError, match='document_table\\("entry"'):
        await CommandRunner(shop.runtime).stream_of(small.entries, ORDER, "entry", Grant("ada"))
