"""The courier loses nothing between a sandbox and services that go down, do not know yet, or refuse."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from threading import Thread
from typing import Any, cast
from uuid import UUID

import httpx
import pytest

from eligibility.intake.mllp import MllpServer
from revcycle.server.bringing import Bringing
from revcycle.server.courier import Courier, CourierSettings, build_app
from revcycle.server.directory import Places
from revcycle.server.far import FarSandbox
from revcycle.server.outside import Nobody
from revcycle.server.post import Ledger, Post
from revcycle.server.steady_doors import SteadyDoors
from revcycle.server.system import System
from revcycle_kit.clock import SimulatedClock
from revcycle_sandbox import Parcel, Sandbox
from revcycle_sandbox.parcels import json_parcel
from revcycle_sandbox.service import Post as SandboxPost
from revcycle_sandbox.web import Handler

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
ORGANIZATION, CLINIC, ENTITY = (UUID(int=number) for number in (1, 2, 3))
PLACES = Places(ORGANIZATION, {"C1": CLINIC}, {"B1": ENTITY}, {"C1": CLINIC})
PROBLEM = {"type": "urn:revcycle:problem:refused", "errors": [{"where": "amount_cents", "what": "x", "fix": "y"}]}
Answer = httpx.Response | Exception


def payment(number: int) -> Any:
    told = {"payment_id": f"PAY{number}", "billing_entity": "B1", "account_id": f"A{number}", "amount_cents": 2500}
    return json_parcel(
        "payment", "PATIENT", "BILLER", {**told, "method": "card", "purpose": "x", "received_on": "2026-01-05"}
    )


class People:
    """A sandbox in which patients only pay."""

    start_at = None

    def __init__(self) -> None:
        self.pay = [payment(1), payment(2)]

    def step(self, _: datetime, __: Any) -> tuple[list[Any], None]:
        paid, self.pay = self.pay, []
        return paid, None


class Billing:
    """Patient billing, which answers what a test wants of it and notes the payments it took."""

    def __init__(self) -> None:
        self.parts = {"patient_billing": ""}
        self.answers: dict[str, Answer] = {}
        self.came: list[str] = []
        self.took: list[str] = []

    def client(self, *_: Any, **__: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer), base_url="http://billing")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        key = request.headers["Idempotency-Key"]
        self.came.append(key)
        answer = self.answers.get(key, httpx.Response(201, json={}))
        if isinstance(answer, Exception):
            raise answer
        if answer.is_success:
            self.took.append(key)
        return answer


class Street:
    """A sandbox, a service, and a courier between them that can be started again."""

    def __init__(self, sandbox_url: str) -> None:
        self.url = sandbox_url
        self.clock = SimulatedClock(START)
        self.billing = Billing()
        self.doors: list[SteadyDoors] = []
        self.sandboxes: list[FarSandbox] = []
        self.begin()

    def begin(self) -> None:
        """Start the courier, as after a crash: it remembers nothing."""
        post = Post(Nobody(), self.clock, Ledger())
        self.sandboxes.append(FarSandbox(self.url))
        self.doors.append(SteadyDoors(cast("System", self.billing), PLACES, Ledger(), ("127.0.0.1", 1)))
        self.doors[-1].open(post)
        self.bringing = Bringing(post.doors, self.clock.now)
        self.courier = Courier(self.sandboxes[-1], self.bringing)

    async def rounds(self, count: int = 3) -> None:
        for _ in range(count):
            self.clock.advance_to(self.clock.now() + 10 * (datetime.resolution * 10**6))
            await self.courier.round()

    async def close(self) -> None:
        for each in self.doors:
            await each.close()
        for sandbox in self.sandboxes:
            await sandbox.close()


@pytest.fixture
def sandbox_url() -> Iterator[str]:
    post = SandboxPost(cast("Sandbox", People()), None, lambda: START)
    served = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"post": post, "world": b"{}"}))
    served.daemon_threads = True
    Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_address[1]}"
    served.shutdown()
    served.server_close()


@pytest.fixture
async def street(sandbox_url: str) -> AsyncIterator[Street]:
    street = Street(sandbox_url)
    yield street
    await street.close()


BOTH = ["payment-PAY1", "payment-PAY2"]
PASSING: dict[str, Callable[[], Answer]] = {
    "500": lambda: httpx.Response(500),
    "503": lambda: httpx.Response(503),
    "no connection": lambda: httpx.ConnectError("refused"),
    "a connection cut": lambda: httpx.RemoteProtocolError("cut"),
    "404": lambda: httpx.Response(404),
    "409": lambda: httpx.Response(409),
    "429": lambda: httpx.Response(429),
}


@pytest.mark.parametrize("trouble", PASSING)
async def test_a_payment_that_could_not_be_taken_now_is_taken_once_the_trouble_passed(
    street: Street, trouble: str
) -> None:
    street.billing.answers[BOTH[0]] = PASSING[trouble]()
    await street.rounds()
    assert BOTH[0] not in street.billing.took
    street.billing.answers.clear()
    await street.rounds()
    assert BOTH == sorted(street.billing.took)


@pytest.mark.parametrize("trouble", PASSING)
async def test_a_payment_survives_a_crash_of_the_courier_while_it_waits(street: Street, trouble: str) -> None:
    street.billing.answers = {key: PASSING[trouble]() for key in BOTH}
    await street.rounds()
    street.begin()
    street.billing.answers.clear()
    await street.rounds()
    assert BOTH == sorted(street.billing.took)


async def test_a_refused_payment_is_kept_where_a_person_finds_it_also_after_a_crash(street: Street) -> None:
    street.billing.answers[BOTH[0]] = httpx.Response(422, json=PROBLEM)
    for _ in range(2):
        await street.rounds()
        [kept] = [each.told() for each in street.bringing.kept()]
        assert ("refused", "payment", "patient_billing", 422, "refused amount_cents") == tuple(
            kept[name] for name in ("state", "channel", "service", "status", "reason")
        )
        street.begin()
    assert BOTH[1] in street.billing.took


async def test_what_was_taken_is_not_brought_again_by_the_same_courier(street: Street) -> None:
    await street.rounds(5)
    assert BOTH == street.billing.came


async def test_an_ehr_message_goes_to_the_address_that_was_given() -> None:
    came: list[bytes] = []

    async def receive(raw: bytes) -> bytes:
        came.append(raw)
        return b"MSH|^~\\&|\rMSA|AA|1\r"

    async with MllpServer(receive) as server:
        port = await server.start("127.0.0.2", 0)
        doors = SteadyDoors(cast("System", Billing()), PLACES, Ledger(), ("127.0.0.2", port))
        await doors.hl7(Parcel(channel="ehr.hl7", sender="C1", receiver="US", content=b"MSH|^~\\&|"))
        await doors.close()
    assert [b"MSH|^~\\&|"] == came
    assert 1 == doors.acknowledged["AA"]


async def test_what_is_kept_is_listed_over_http(tmp_path: Any) -> None:
    app = build_app(CourierSettings(local_key=tmp_path / "issuer.key"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://courier") as client:
        assert [] == (await client.get("/kept")).json()
        assert {"again": 0} == (await client.post("/kept/again")).json()
