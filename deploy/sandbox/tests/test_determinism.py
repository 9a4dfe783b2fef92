"""The same seed gives the same year: however often it is stepped, in whatever order parcels are listed."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec

from revcycle_sandbox import Parcel, Sandbox, demo_world
from revcycle_sandbox.world import Plan

END = datetime(2027, 6, 1, tzinfo=UTC)


def instant(on: Any, hour: int = 8) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=UTC)


def flat(parcels: list[Parcel]) -> Counter[tuple[str, bytes]]:
    return Counter((parcel.channel, parcel.content) for parcel in parcels)


def test_the_feed_of_a_demonstration_is_the_same_by_the_year_and_by_the_week() -> None:
    world = demo_world(5, 60)
    by_year = Sandbox(world, 5).step(END)[0]
    weekly, sandbox = [], Sandbox(world, 5)
    now = sandbox.start_at
    assert now is not None
    while now < END:
        weekly += sandbox.step(now)[0]
        now += timedelta(days=7)
    assert flat(by_year) == flat(weekly + sandbox.step(END)[0])


def test_the_next_due_instant_is_exact() -> None:
    """Nothing comes a second before it, something at it."""
    sandbox = Sandbox(demo_world(5, 20), 5)
    due = sandbox.start_at
    for _ in range(30):
        assert due is not None
        assert [] == sandbox.step(due - timedelta(seconds=1))[0]
        out, following = sandbox.step(due)
        assert out
        due = following


def drawn(make: Any) -> tuple[Any, list[Any]]:
    """A payer with drawn clocks and faults, and twelve claims of three members who share accumulators."""
    habits = msgspec.structs.replace(
        make.payer().behaviour, pay_after_days=None, acknowledge_exactly=False, denied_by_mistake=2_000, overpaid=1_000
    )
    plan = Plan(code="PLAN", payer="PPO01", deductible_cents=300_00, coinsurance_basis_points=2_000)
    members = [make.member(f"M{number}") for number in range(3)]
    world = make.world([make.payer(fees={"G0463": 100_00}, behaviour=habits)], [plan], members)
    claims = [
        make.claim(f"C{number}", make.line("G0463", 150_00, service_on=make.day(number)), member_id=f"M{number % 3}")
        for number in range(12)
    ]
    return world, claims


def run(make: Any, order: list[int], seed: int = 9) -> Counter[tuple[str, bytes]]:
    """Send every claim in a file of its own, all in one step, listed in an order."""
    world, claims = drawn(make)
    sandbox = Sandbox(world, seed)
    on = make.day(15)
    files = [make.file(on, claims[number]) for number in order]
    return flat(sandbox.step(instant(on), files)[0] + sandbox.step(END)[0])


def test_shuffled_inbound_gives_the_same_outbound(make: Any) -> None:
    """To the byte: control numbers, accumulators, faults, everything."""
    straight = list(range(12))
    for seed in range(3):
        shuffled = Random(seed).sample(straight, 12)  # noqa: S311 - an order, not a secret
        assert run(make, straight) == run(make, shuffled)


def test_another_seed_gives_another_year(make: Any) -> None:
    assert run(make, list(range(12))) != run(make, list(range(12)), seed=10)
