"""What the doors ask of patient billing when a patient pays, or wishes to pay in installments."""

import json
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

import httpx
import pytest

from revcycle.server.directory import Places
from revcycle.server.doors import Doors
from revcycle.server.post import Ledger
from revcycle.server.system import System
from revcycle_sandbox import Parcel

ENTITY, ACCOUNT, STATEMENT, CLINIC = UUID(int=3), UUID(int=4), UUID(int=5), UUID(int=7)
PAID = {
    "payment_id": "PAY-1",
    "amount_cents": 40_00,
    "method": "card",
    "purpose": "balance",
    "received_on": "2026-03-02",
    "account_id": str(ACCOUNT),
    "statement_id": str(STATEMENT),
    "billing_entity": "LMG",
}
WISH = {
    "installments": 4,
    "first_due_on": "2026-04-01",
    "account_id": str(ACCOUNT),
    "statement_id": str(STATEMENT),
    "billing_entity": "LMG",
}


class Counter:
    """Patient billing, as far as the doors see it: keeps what is asked, and answers with the status it is told."""

    parts = ("patient_billing",)

    def __init__(self, status: int) -> None:
        self.status = status
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def client(self, *_: object, **__: object) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer), base_url="http://test")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.url.path, json.loads(request.content)))
        return httpx.Response(self.status, json={})


class Street:
    """The places and visits that the doors know."""

    grant: dict[str, Any] = {}  # noqa: RUF012 - nobody changes it
    entities = {"LMG": ENTITY}  # noqa: RUF012 - nobody changes it
    clinics = {"C1": CLINIC}  # noqa: RUF012 - nobody changes it


def parcel(told: dict[str, Any], **meta: str) -> Parcel:
    """What a patient sends."""
    content = json.dumps(told).encode()
    return Parcel(channel="payment", sender="P1", receiver="US", content=content, meta=meta)


@pytest.fixture
def opened() -> Callable[..., tuple[Doors, Counter]]:
    """Make doors to a counter that answers with a status; two visits are known."""

    def make(status: int = 201) -> tuple[Doors, Counter]:
        counter, pairs = Counter(status), Ledger()
        pairs.pair("V1", UUID(int=101))
        pairs.pair("V2", UUID(int=102))
        made = Doors(cast("System", counter), cast("Places", Street), pairs, ("127.0.0.1", 0), side_by_side=1)
        return made, counter

    return make


async def test_a_plan_is_asked_for_the_visits_of_the_statement(opened: Callable[..., tuple[Doors, Counter]]) -> None:
    doors, counter = opened()
    await doors.payment(parcel(WISH | {"visit_numbers": ["V2"]}, kind="plan_request"))

    [(path, body)] = counter.asked
    assert f"/v1/billing-entities/{ENTITY}/accounts/{ACCOUNT}/plans" == path
    assert [str(UUID(int=102))] == body["encounter_ids"]


async def test_a_plan_for_no_visit_in_particular_covers_all(opened: Callable[..., tuple[Doors, Counter]]) -> None:
    doors, counter = opened()
    await doors.payment(parcel(WISH, kind="plan_request"))

    [(_, body)] = counter.asked
    assert [] == body["encounter_ids"]


@pytest.mark.parametrize(("purpose", "named"), [("balance", str(STATEMENT)), ("plan", None)])
async def test_a_payment_names_the_statement_that_it_answers_and_an_installment_none(
    opened: Callable[..., tuple[Doors, Counter]], purpose: str, named: str | None
) -> None:
    doors, counter = opened()
    await doors.payment(parcel(PAID | {"purpose": purpose}))

    [(path, body)] = counter.asked
    assert (f"/v1/billing-entities/{ENTITY}/accounts/{ACCOUNT}/payments", named) == (path, body.get("statement_id"))


async def test_a_payment_comes_with_its_receipt(opened: Callable[..., tuple[Doors, Counter]]) -> None:
    doors, counter = opened()
    await doors.payment(parcel(PAID))
    assert "PAY-1" == counter.asked[0][1]["reference"]


@pytest.mark.parametrize(("status", "waiting", "refused"), [(404, 1, 0), (409, 1, 0), (422, 0, 1), (201, 0, 0)])
async def test_only_what_may_pass_is_asked_again(
    opened: Callable[..., tuple[Doors, Counter]], status: int, waiting: int, refused: int
) -> None:
    doors, counter = opened(status)
    await doors.payment(parcel(PAID))
    await doors.ask_again()
    assert (waiting, refused, 1 + waiting) == (doors.waiting, len(doors.refused), len(counter.asked))


async def test_a_copayment_is_told_when_the_registration_that_came_with_it_was_heard(
    opened: Callable[..., tuple[Doors, Counter]],
) -> None:
    doors, counter = opened()
    await doors.payment(parcel({**PAID, "purpose": "copay", "account_id": None, "visit_number": "V1", "clinic": "C1"}))
    assert (1, []) == (doors.waiting, counter.asked)

    assert await doors.ask_again()
    [(path, body)] = counter.asked
    assert f"/v1/clinics/{CLINIC}/encounters/{UUID(int=101)}/payments" == path
    assert ("copay", 40_00, 0) == (body["purpose"], body["amount_cents"], doors.waiting)
