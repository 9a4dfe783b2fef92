"""The world outside forgets nothing, takes nothing twice, and brings everything until it is taken."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from revcycle.server.composition import ADDRESS, Nowhere
from revcycle.server.front import parcel_routes
from revcycle.server.outside import Outside, opened_outside
from revcycle.server.redelivery import NotReady, Rejected
from revcycle_kit.auth import LocalIssuer
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.errors import Unavailable
from revcycle_kit.http import service_app
from revcycle_sandbox import Journal, Parcel, Sandbox, SandboxProgram, build_app, load_scenario

SCENARIO = {
    "payers": [{"code": "PPO01", "fees": {"G0463": "180.00"}}],
    "plans": [{"code": "PLAN", "payer": "PPO01"}],
    "patients": [
        {
            "mrn": mrn,
            "family": "DOE",
            "given": "JANE",
            "birth_on": "1980-01-01",
            "coverages": [{"payer": "PPO01", "member_id": f"M{mrn}", "plan": "PLAN"}],
        }
        for mrn in ("P1", "P2")
    ],
    "visits": [
        {
            "number": f"V{mrn}",
            "mrn": mrn,
            "service_on": "2026-01-12",
            "services": [{"code": "G0463", "amount": "250.00"}],
        }
        for mrn in ("P1", "P2")
    ],
}
END = timedelta(days=10)


class World:
    """A sandbox that can be killed and started again, and a door that notes what it takes."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        self.journal = folder / "sandbox" / "journal.jsonl"
        start_at = Sandbox(load_scenario(SCENARIO), 1).start_at
        assert start_at is not None
        self.clock = SimulatedClock(start_at)
        self.taken: list[bytes] = []
        self.door: Callable[[Parcel], None] = lambda _: None
        self._stack = stack

    async def started(self) -> Outside:
        """Start (again): a new sandbox, the same journal."""
        program = SandboxProgram(Sandbox(load_scenario(SCENARIO), 1), self.clock.now, Journal(self.journal))
        transport = httpx.ASGITransport(build_app(program))
        deliver = {"ehr.hl7": self._take}
        return await self._stack.enter_async_context(opened_outside(program, transport, deliver, self.clock.now))

    async def _take(self, parcel: Parcel) -> None:
        self.door(parcel)
        self.taken.append(parcel.content)

    def refuse(self, trouble: Exception) -> None:
        def door(_: Parcel) -> None:
            raise trouble

        self.door = door

    async def everything(self, outside: Outside) -> list[bytes]:
        self.clock.advance_to(self.clock.now() + END)
        await outside.turn()
        return self.taken


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as opened:
        yield opened


@pytest.fixture
def world(tmp_path: Path, stack: AsyncExitStack) -> World:
    return World(tmp_path, stack)


@pytest.fixture
def undisturbed(tmp_path: Path, stack: AsyncExitStack) -> World:
    return World(tmp_path / "other", stack)


async def test_what_was_not_taken_before_a_kill_is_brought_after_it(world: World, undisturbed: World) -> None:
    wanted = await undisturbed.everything(await undisturbed.started())
    world.refuse(Unavailable("the service"))
    assert [] == await world.everything(await world.started())
    world.door = lambda _: None
    assert sorted(wanted) == sorted(await world.everything(await world.started()))
    assert len(wanted) > 3


async def test_what_was_taken_before_a_kill_is_not_brought_again(world: World) -> None:
    first = list(await world.everything(await world.started()))
    await world.started()
    assert first == await world.everything(await world.started())


async def test_messages_of_a_visit_keep_their_order_over_an_outage(world: World, undisturbed: World) -> None:
    wanted = [message for message in await undisturbed.everything(await undisturbed.started()) if b"VP1" in message]
    calls = 0

    def door(_: Parcel) -> None:
        nonlocal calls
        calls += 1
        if calls % 2:
            raise Unavailable("the service")

    world.door = door
    outside = await world.started()
    for _ in range(20):
        await world.everything(outside)
    assert wanted == [message for message in world.taken if b"VP1" in message]


async def test_what_came_too_early_is_brought_again_and_holds_nothing_up(world: World) -> None:
    early = [True]

    def door(parcel: Parcel) -> None:
        if b"VP1" in parcel.content and early:
            raise NotReady

    world.door = door
    outside = await world.started()
    assert all(b"VP2" in message for message in await world.everything(outside))
    early.clear()
    assert any(b"VP1" in message for message in await world.everything(await world.started()))


async def test_what_stays_early_for_days_is_still_brought_and_over_a_restart(world: World, undisturbed: World) -> None:
    wanted = await undisturbed.everything(await undisturbed.started())
    early = [True]

    def door(parcel: Parcel) -> None:
        if b"VP1" in parcel.content and early:
            raise NotReady

    world.door = door
    outside = await world.started()
    for _ in range(60):
        await world.everything(outside)
    outside = await world.started()
    for _ in range(60):
        await world.everything(outside)
    early.clear()
    assert sorted(wanted) == sorted(await world.everything(outside))


async def test_a_refusal_is_listed_and_what_was_taken_after_it_is_not_brought_again(world: World) -> None:
    def door(parcel: Parcel) -> None:
        if b"VP1" in parcel.content:
            raise Rejected("eligibility", 422, "refused")

    world.door = door
    before = await world.started()
    taken = list(await world.everything(before))
    refused = [kept_parcel.key for kept_parcel in before.redelivery.kept("rejected")]
    after = await world.started()
    assert taken == await world.everything(after)
    assert refused == [kept_parcel.key for kept_parcel in after.redelivery.kept("rejected")]
    assert int(min(refused)) < len(refused) + len(taken)
    world.door = lambda _: None
    after.redelivery.retry_rejected()
    assert len(taken) + len(refused) == len(await world.everything(after))


async def test_operators_see_what_was_not_taken_without_its_contents(world: World, tmp_path: Path) -> None:
    world.refuse(Rejected("eligibility", 422, "refused"))
    outside = await world.started()
    await world.everything(outside)
    issuer = LocalIssuer(tmp_path / "token.key")
    app = service_app(name="testing", routers=[parcel_routes(outside.redelivery)], verifier=issuer)
    for role, status in (("biller", 403), ("operator", 200)):
        headers = {"Authorization": f"Bearer {issuer.issue('ada', roles=[role])}"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://test", headers=headers
        ) as client:
            answer = await client.get("/operate/v1/parcels")
            assert status == answer.status_code
    assert len(outside.redelivery.kept()) == len(answer.json())
    assert {"ehr.hl7"} == {each["channel"] for each in answer.json()}
    assert "DOE" not in answer.text


async def test_without_partners_what_is_for_one_waits() -> None:
    async with httpx.AsyncClient(transport=Nowhere(), base_url=ADDRESS) as client:
        with pytest.raises(httpx.ConnectError):
            await client.post("/batch/claims.x12", content=b"ISA")
