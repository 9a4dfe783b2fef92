"""What came for a service is kept until the service has it: over outages, before its time, and after a refusal."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from revcycle.server.redelivery import NotReady, Redelivery, Rejected
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.errors import Unavailable
from revcycle_kit.telemetry import configure_logs
from revcycle_sandbox.parcels import json_parcel

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
SECRET = "Zyxwv Canary"


class Door:
    """Does with each parcel what was asked of it, and notes what it took."""

    def __init__(self) -> None:
        self.clock = SimulatedClock(START)
        self.taken: list[Any] = []
        self.came: list[datetime] = []
        self.troubles: dict[str, Exception] = {}
        self.redelivery = Redelivery({"payment": self.take}, self.clock.now)

    async def take(self, parcel: Any) -> None:
        self.came.append(self.clock.now())
        name = parcel.body()["name"]
        if name in self.troubles:
            raise self.troubles[name]
        self.taken.append(name)

    def add(self, *names: str) -> None:
        for name in names:
            parcel = json_parcel("payment", "PATIENT", "BILLER", {"name": name, "patient": SECRET})
            self.redelivery.add(str(len(self.redelivery.kept()) + len(self.taken) + 1), parcel)

    async def pass_time(self, seconds: float, step: float = 0.25) -> None:
        for _ in range(int(seconds / step)):
            self.clock.advance_to(self.clock.now() + timedelta(seconds=step))
            await self.redelivery.round()


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def logged() -> Iterator[StringIO]:
    told = StringIO()
    configure_logs("tests", stream=told)
    yield told
    configure_logs("tests")


async def test_over_an_outage_everything_is_kept_in_its_order_and_taken_once(door: Door) -> None:
    door.add("a", "b")
    door.troubles["a"] = Unavailable("patient_billing (status 503)")
    await door.pass_time(60)
    assert [] == door.taken
    del door.troubles["a"]
    await door.pass_time(60)
    assert ["a", "b"] == door.taken
    assert [] == door.redelivery.kept()


async def test_a_service_that_is_down_is_asked_less_and_less_often_but_at_least_every_ten_seconds(door: Door) -> None:
    door.add("a")
    door.troubles["a"] = Unavailable("patient_billing")
    await door.pass_time(120)
    pauses = [(later - earlier).total_seconds() for earlier, later in zip(door.came, door.came[1:], strict=False)]
    assert sorted(pauses) == pauses
    assert pauses[0] <= 1
    assert 10 == max(pauses)


async def test_what_came_too_early_holds_nothing_up_and_is_never_given_up(door: Door) -> None:
    door.add("early", "b")
    door.troubles["early"] = NotReady("patient_billing")
    await door.pass_time(7 * 24 * 3600, step=300)
    assert ["b"] == door.taken
    del door.troubles["early"]
    await door.pass_time(300, step=60)
    assert ["b", "early"] == door.taken


async def test_what_waits_for_half_an_hour_is_said_once_without_its_contents(door: Door, logged: StringIO) -> None:
    door.add("early")
    door.troubles["early"] = NotReady("patient_billing")
    await door.pass_time(29 * 60, step=60)
    assert "waits long" not in logged.getvalue()
    await door.pass_time(3600, step=60)
    said = logged.getvalue()
    assert 1 == said.count("parcel waits long")
    assert SECRET not in said


async def test_a_refusal_is_kept_with_its_reason_and_not_brought_again_by_itself(door: Door, logged: StringIO) -> None:
    door.add("a", "b")
    door.troubles["a"] = Rejected("patient_billing", 422, "refused amount_cents")
    await door.pass_time(3600, step=60)
    assert ["b"] == door.taken
    [kept] = door.redelivery.kept("rejected")
    told = kept.shown()
    assert ("payment", "patient_billing", 422, "refused amount_cents") == tuple(
        told[name] for name in ("channel", "service", "status", "reason")
    )
    assert (1, "1") == (kept.tries, kept.key)
    assert '"status":422' in logged.getvalue()
    assert SECRET not in str(told)


async def test_a_refusal_is_brought_again_when_a_person_says_so(door: Door) -> None:
    door.add("a")
    door.troubles["a"] = Rejected("patient_billing", 422, "refused")
    await door.redelivery.round()
    del door.troubles["a"]
    assert 1 == door.redelivery.retry_rejected()
    assert ["1"] == await door.redelivery.round()
    assert ["a"] == door.taken


async def test_what_a_door_cannot_read_is_kept_like_a_refusal(door: Door) -> None:
    door.add("a")
    door.troubles["a"] = KeyError(SECRET)
    await door.redelivery.round()
    [kept] = door.redelivery.kept("rejected")
    assert "KeyError" == kept.shown()["reason"]


async def test_in_simulated_time_what_was_not_ready_is_brought_again_with_the_next_turn(door: Door) -> None:
    door.redelivery = Redelivery({"payment": door.take}, door.clock.now, at_every_turn=True)
    door.add("early")
    door.troubles["early"] = NotReady("patient_billing")
    assert [] == await door.redelivery.round()
    door.troubles.clear()
    assert ["1"] == await door.redelivery.round()


async def test_what_nobody_wants_is_not_kept(door: Door) -> None:
    door.redelivery.add("1", json_parcel("postcard", "PATIENT", "BILLER", {}))
    assert ["1"] == await door.redelivery.round()
    assert [] == door.redelivery.kept()
