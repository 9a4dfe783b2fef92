"""The sandbox behind a running system forgets nothing, takes nothing twice, and brings everything until it is taken."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from revcycle.server.bringing import Refused, TooEarly
from revcycle.server.front import parcel_routes
from revcycle.server.post import Ledger
from revcycle.server.sandbox import Journal, JournaledPost, NoPost
from revcycle_kit.auth import LocalIssuer
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.errors import Unavailable
from revcycle_kit.http import service_app
from revcycle_sandbox import Parcel, Sandbox, load_scenario

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

    def __init__(self, folder: Path) -> None:
        self.journal = folder / "sandbox" / "journal.jsonl"
        self.sandbox = Sandbox(load_scenario(SCENARIO), 1)
        assert self.sandbox.start_at is not None
        self.clock = SimulatedClock(self.sandbox.start_at)
        self.taken: list[bytes] = []
        self.door: Callable[[Parcel], None] = lambda _: None

    def post(self) -> JournaledPost:
        """Start (again): a new sandbox, the same journal."""
        made = JournaledPost(Sandbox(load_scenario(SCENARIO), 1), Journal(self.journal), self.clock, Ledger())
        made.doors["ehr.hl7"] = self._take
        return made

    async def _take(self, parcel: Parcel) -> None:
        self.door(parcel)
        self.taken.append(parcel.content)

    def refuse(self, trouble: Exception) -> None:
        def door(_: Parcel) -> None:
            raise trouble

        self.door = door

    async def everything(self, post: JournaledPost) -> list[bytes]:
        self.clock.advance_to(self.clock.now() + END)
        await post.step()
        return self.taken


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_what_was_not_taken_before_a_kill_is_brought_after_it(world: World, tmp_path: Path) -> None:
    undisturbed = World(tmp_path / "other")
    wanted = await undisturbed.everything(undisturbed.post())
    world.refuse(Unavailable("the service"))
    assert [] == await world.everything(world.post())
    world.door = lambda _: None
    assert sorted(wanted) == sorted(await world.everything(world.post()))
    assert len(wanted) > 3


async def test_what_was_taken_before_a_kill_is_not_brought_again(world: World) -> None:
    first = list(await world.everything(world.post()))
    world.post()
    assert first == await world.everything(world.post())


async def test_messages_of_a_visit_keep_their_order_over_an_outage(world: World, tmp_path: Path) -> None:
    undisturbed = World(tmp_path / "other")
    wanted = [each for each in await undisturbed.everything(undisturbed.post()) if b"VP1" in each]
    calls = 0

    def door(_: Parcel) -> None:
        nonlocal calls
        calls += 1
        if calls % 2:
            raise Unavailable("the service")

    world.door = door
    post = world.post()
    for _ in range(20):
        await world.everything(post)
    assert wanted == [each for each in world.taken if b"VP1" in each]


async def test_what_came_too_early_is_brought_again_and_holds_nothing_up(world: World) -> None:
    early = [True]

    def door(parcel: Parcel) -> None:
        if b"VP1" in parcel.content and early:
            raise TooEarly

    world.door = door
    post = world.post()
    assert all(b"VP2" in each for each in await world.everything(post))
    early.clear()
    assert any(b"VP1" in each for each in await world.everything(world.post()))


async def test_what_stays_early_for_days_is_still_brought_and_over_a_restart(world: World, tmp_path: Path) -> None:
    undisturbed = World(tmp_path / "other")
    wanted = await undisturbed.everything(undisturbed.post())
    early = [True]

    def door(parcel: Parcel) -> None:
        if b"VP1" in parcel.content and early:
            raise TooEarly

    world.door = door
    post = world.post()
    for _ in range(60):
        await world.everything(post)
    post = world.post()
    for _ in range(60):
        await world.everything(post)
    early.clear()
    assert sorted(wanted) == sorted(await world.everything(post))


async def test_a_refusal_is_listed_and_what_was_taken_after_it_is_not_brought_again(world: World) -> None:
    def door(parcel: Parcel) -> None:
        if b"VP1" in parcel.content:
            raise Refused("eligibility", 422, "refused")

    world.door = door
    before = world.post()
    taken = list(await world.everything(before))
    refused = [each.number for each in before.bringing.kept("refused")]
    after = world.post()
    assert taken == await world.everything(after)
    assert refused == [each.number for each in after.bringing.kept("refused")]
    assert min(refused) < len(refused) + len(taken)
    world.door = lambda _: None
    after.bringing.again()
    assert len(taken) + len(refused) == len(await world.everything(after))


async def test_operators_see_what_was_not_taken_without_its_contents(world: World, tmp_path: Path) -> None:
    world.refuse(Refused("eligibility", 422, "refused"))
    post = world.post()
    await world.everything(post)
    issuer = LocalIssuer(tmp_path / "token.key")
    app = service_app(name="testing", routers=[parcel_routes(post.bringing)], verifier=issuer)
    for role, status in (("biller", 403), ("operator", 200)):
        headers = {"Authorization": f"Bearer {issuer.issue('ada', roles=[role])}"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://test", headers=headers
        ) as client:
            answer = await client.get("/operate/v1/parcels")
            assert status == answer.status_code
    assert len(post.bringing.kept()) == len(answer.json())
    assert {"ehr.hl7"} == {each["channel"] for each in answer.json()}
    assert "DOE" not in answer.text


async def test_a_file_is_in_the_journal_before_it_is_acknowledged_and_only_once(world: World) -> None:
    post = world.post()
    await post.submit(b"ISA", "claims.x12", "key-1")
    written = world.journal.read_bytes()
    assert 1 == written.count(b'"key-1"')
    await world.post().submit(b"ISA", "claims.x12", "key-1")
    assert written == world.journal.read_bytes()


async def test_a_line_that_a_crash_cut_off_is_cut_away(world: World) -> None:
    await world.post().submit(b"ISA", "claims.x12", "key-1")
    whole = world.journal.read_bytes()
    with world.journal.open("ab") as file:
        file.write(b'{"at":"2026-01')
    world.post()
    assert whole == world.journal.read_bytes()


def test_the_journal_is_its_owners_alone(world: World) -> None:
    world.post()
    assert 0o600 == world.journal.stat().st_mode & 0o777
    assert 0o700 == world.journal.parent.stat().st_mode & 0o777


async def test_without_a_sandbox_what_is_for_a_partner_waits() -> None:
    post = NoPost(Ledger(), SimulatedClock(datetime.fromisoformat("2026-01-05T08:00:00+00:00")))
    with pytest.raises(Unavailable):
        await post.submit(b"ISA", "claims.x12", "key-1")
    with pytest.raises(Unavailable):
        await post.ask(b"ISA", "key-2")
