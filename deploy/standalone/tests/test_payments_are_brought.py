"""What patients pay reaches a service that goes down, does not know yet, or refuses: nothing is lost, nothing twice."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from eligibility.intake.mllp import MllpServer
from revcycle.server.adapters import InboundAdapters
from revcycle.server.directory import Places, References
from revcycle.server.outside import Outside, opened_outside
from revcycle_kit.clock import SimulatedClock
from revcycle_sandbox import Journal, Parcel, Sandbox, SandboxProgram, build_app, demo_world
from revcycle_sandbox.parcels import json_parcel

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
ORGANIZATION, CLINIC, ENTITY = (UUID(int=number) for number in (1, 2, 3))
PLACES = Places(ORGANIZATION, {"C1": CLINIC}, {"B1": ENTITY}, {"C1": CLINIC})
NO_REFERENCES = References({}, {}, {})
PROBLEM = {"type": "urn:revcycle:problem:refused", "errors": [{"where": "amount_cents", "what": "x", "fix": "y"}]}
Answer = httpx.Response | Exception
BOTH = ["payment-PAY1", "payment-PAY2"]


def payment(number: int) -> Parcel:
    """What a patient pays."""
    body = {"payment_id": f"PAY{number}", "billing_entity": "B1", "account_id": f"A{number}", "amount_cents": 2500}
    more = {"method": "card", "purpose": "x", "received_on": "2026-01-05"}
    return json_parcel("payment", "PATIENT", "BILLER", {**body, **more})


class People(Sandbox):
    """A sandbox in which patients only pay."""

    def __init__(self) -> None:
        super().__init__(demo_world(1, 1), 1)
        self.start_at = START
        self._pay = [payment(1), payment(2)]

    def step(self, now: datetime, inbound: Any = ()) -> tuple[list[Parcel], datetime | None]:
        del now, inbound
        paid, self._pay = self._pay, []
        return paid, None


class Billing:
    """Patient billing, which answers what a test wants of it and notes the payments it took."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.came: list[str] = []
        self.took: list[str] = []

    def client(self, name: str, subject: str, **grant: Any) -> httpx.AsyncClient:
        del name, subject, grant
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
    """A sandbox and a service; what stands between them can be started again."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        self.clock = SimulatedClock(START)
        self.billing = Billing()
        self.outside: Outside
        self._journal = folder / "journal.jsonl"
        self._stack = stack

    async def begin(self) -> None:
        """Start, as after a crash: all that is remembered is in the journal."""
        program = SandboxProgram(People(), self.clock.now, Journal(self._journal))
        adapters = InboundAdapters(self.billing, PLACES, NO_REFERENCES, ("127.0.0.1", 1), connections=1)
        self._stack.push_async_callback(adapters.close)
        transport = httpx.ASGITransport(build_app(program))
        self.outside = await self._stack.enter_async_context(
            opened_outside(program, transport, adapters.by_channel, self.clock.now)
        )

    async def turns(self, count: int = 3) -> None:
        for _ in range(count):
            self.clock.advance_to(self.clock.now() + timedelta(seconds=10))
            await self.outside.turn()


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with AsyncExitStack() as stack:
        street = Street(tmp_path, stack)
        await street.begin()
        yield street


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
    await street.turns()
    assert BOTH[0] not in street.billing.took
    street.billing.answers.clear()
    await street.turns()
    assert BOTH == sorted(street.billing.took)


@pytest.mark.parametrize("trouble", PASSING)
async def test_a_payment_survives_a_crash_while_it_waits(street: Street, trouble: str) -> None:
    street.billing.answers = {key: PASSING[trouble]() for key in BOTH}
    await street.turns()
    await street.begin()
    street.billing.answers.clear()
    await street.turns()
    assert BOTH == sorted(street.billing.took)


async def test_a_rejected_payment_is_kept_where_a_person_finds_it_also_after_a_crash(street: Street) -> None:
    street.billing.answers[BOTH[0]] = httpx.Response(422, json=PROBLEM)
    for _ in range(2):
        await street.turns()
        [kept] = [kept.shown() for kept in street.outside.redelivery.kept()]
        assert ("rejected", "payment", "patient_billing", 422, "refused amount_cents") == tuple(
            kept[name] for name in ("state", "channel", "service", "status", "reason")
        )
        await street.begin()
    assert [BOTH[1]] == street.billing.took


async def test_what_was_taken_is_not_brought_again_not_even_after_a_crash(street: Street) -> None:
    await street.turns(5)
    await street.begin()
    await street.turns(5)
    assert BOTH == street.billing.came


async def test_an_ehr_message_goes_to_the_address_that_was_given() -> None:
    came: list[bytes] = []

    async def receive(raw: bytes) -> bytes:
        came.append(raw)
        return b"MSH|^~\\&|\rMSA|AA|1\r"

    async with MllpServer(receive) as server:
        port = await server.start("127.0.0.1", 0)
        adapters = InboundAdapters(Billing(), PLACES, NO_REFERENCES, ("127.0.0.1", port), connections=1)
        await adapters.hl7(Parcel(channel="ehr.hl7", sender="C1", receiver="US", content=b"MSH|^~\\&|A\r"))
        await adapters.close()
    assert [b"MSH|^~\\&|A\r"] == came
    assert {"AA": 1} == adapters.acknowledged
