"""A transaction of commands sees what one caller may see, however many ask at the same time."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg
import pytest

from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.errors import NotFound, NotYet, Unavailable
from revcycle_kit.testing.harness import Harness
from revcycle_kit.testing.shop import Carrier, Discount, OrderPlaced, PriceChanged, ShopWork, build, orders

COMPANIES = 4
TASKS = 64
ROUNDS = 8


class LookUpPrice(Command, frozen=True, kw_only=True):
    """Somebody asks for a price by its id, whoever's it is."""

    price_id: UUID


async def look_up_price(command: LookUpPrice, work: ShopWork) -> int:
    return work.prices.get(command.price_id).cents


class Company:
    """A billing company with a clinic, a price and an order, and who works for it."""

    def __init__(self, number: int) -> None:
        self.organization_id, self.clinic_id = UUID(int=number), UUID(int=100 + number)
        self.price_id, self.order_id = UUID(int=200 + number), UUID(int=300 + number)
        self.cents = 1_000 + number
        self.grant = Grant(
            f"user-{number}", frozenset({"biller"}), self.organization_id, frozenset({self.clinic_id}), frozenset()
        )

    @property
    def stream(self) -> StreamRef:
        return StreamRef("clinic", self.clinic_id, "encounter", self.order_id)

    async def found(self, shop: Harness) -> None:
        """Let the shop hear of this company's price and order."""
        directory = StreamRef("organization", self.organization_id, "directory", self.price_id)
        await shop.hear("web", PriceChanged(price_id=self.price_id, cents=self.cents), directory)
        await shop.hear("web", OrderPlaced(order_id=self.order_id, amount_cents=50_000), self.stream)


@pytest.fixture
def companies() -> list[Company]:
    return [Company(number) for number in range(1, COMPANIES + 1)]


@pytest.fixture
async def shop(harness: Callable[..., Awaitable[Harness]], companies: list[Company]) -> Harness:
    service = build(Carrier())
    service.command(LookUpPrice, look_up_price)
    shop = await harness(service)
    for company in companies:
        await company.found(shop)
    return shop


async def _look_up(shop: Harness, caller: Company, of: Company) -> int | None:
    """Return the price that a caller finds under another company's id; None: there is none for this caller."""
    try:
        found: int = await shop.command(LookUpPrice(price_id=of.price_id), caller.stream, grant=caller.grant)
    except NotYet:
        return None
    return found


async def test_a_command_beside_anothers_sees_nothing_of_what_is_theirs(
    shop: Harness, companies: list[Company]
) -> None:
    ours, theirs, *_ = companies

    owner, stranger = await asyncio.gather(_look_up(shop, theirs, theirs), _look_up(shop, ours, theirs))

    assert (theirs.cents, None) == (owner, stranger)


async def test_sixty_four_callers_at_once_never_meet_what_is_not_theirs(
    shop: Harness, companies: list[Company]
) -> None:
    draw = random.Random(7)  # noqa: S311 - a choice of cases, no secret

    async def caller(number: int) -> list[tuple[int | None, int | None]]:
        own, seen = companies[number % COMPANIES], []
        for _ in range(ROUNDS):
            other = draw.choice(companies)
            expected = other.cents if other is own else None
            seen.append((expected, await _look_up(shop, own, other)))
            async with shop.runtime.read(own.grant) as connection:
                rows = (await connection.execute(orders.select())).all()
            assert [own.order_id] == [row.id for row in rows]
            with pytest.raises(NotFound):
                await shop.command(
                    Discount(order_id=other.order_id, cents=1),
                    StreamRef("clinic", UUID(int=999), "encounter", other.order_id),
                    grant=own.grant,
                )
        return seen

    outcomes = await asyncio.gather(*(caller(number) for number in range(TASKS)))

    assert all(expected == found for seen in outcomes for expected, found in seen)


async def test_commands_of_one_stream_keep_their_order_whoever_asks(shop: Harness, companies: list[Company]) -> None:
    company, other, *_ = companies
    colleague = Grant("colleague", frozenset(), None, frozenset({company.clinic_id}), frozenset())
    discounts = [(company.grant if cents % 2 else colleague, cents) for cents in range(1, 9)]

    left, *_ = await asyncio.gather(
        asyncio.gather(
            *(
                shop.command(Discount(order_id=company.order_id, cents=cents), company.stream, grant=grant)
                for grant, cents in discounts
            )
        ),
        *(_look_up(shop, other, other) for _ in range(8)),
    )

    assert left == [50_000 - sum(range(1, cents + 1)) for _, cents in discounts]


async def test_a_command_while_the_disk_is_full_is_told_so(shop: Harness, companies: list[Company]) -> None:
    connection = await asyncpg.connect(shop.database.owner)
    await connection.execute(
        """
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON shop_order EXECUTE FUNCTION full_disk();
        """
    )
    await connection.close()
    company = companies[0]

    with pytest.raises(Unavailable, match="DiskFullError"):
        await shop.command(Discount(order_id=company.order_id, cents=1), company.stream, grant=company.grant)
