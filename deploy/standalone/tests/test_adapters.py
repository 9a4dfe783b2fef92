"""What the adapters ask of patient billing when a patient pays, or wishes to pay in installments."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from revcycle.server.adapters import InboundAdapters
from revcycle.server.directory import Places, References
from revcycle.server.redelivery import NotReady, Rejected
from revcycle_kit.errors import Unavailable
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


PLACES = Places(UUID(int=1), {"C1": CLINIC}, {"LMG": ENTITY}, {"C1": CLINIC})
REFERENCES = References({"V1": UUID(int=101), "V2": UUID(int=102)}, {}, {})
PROBLEM = {"type": "urn:revcycle:problem:refused", "errors": [{"where": "amount_cents", "what": "x", "fix": "y"}]}


class Billing:
    """Patient billing as the adapters see it: keeps what is asked, and answers with the status it is told."""

    def __init__(self) -> None:
        self.status = 201
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.adapters = InboundAdapters(self, PLACES, REFERENCES, ("127.0.0.1", 0), connections=1)

    def client(self, name: str, subject: str, **grant: Any) -> httpx.AsyncClient:
        del name, subject, grant
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer), base_url="http://test")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.url.path, json.loads(request.content)))
        return httpx.Response(self.status, json=PROBLEM)


def parcel(body: dict[str, Any], **meta: str) -> Parcel:
    """What a patient sends."""
    content = json.dumps(body).encode()
    return Parcel(channel="payment", sender="P1", receiver="US", content=content, meta=meta)


@pytest.fixture
async def billing() -> AsyncIterator[Billing]:
    made = Billing()
    yield made
    await made.adapters.close()


async def test_a_plan_is_asked_for_the_visits_of_the_statement(billing: Billing) -> None:
    await billing.adapters.payment(parcel(WISH | {"visit_numbers": ["V2"]}, kind="plan_request"))

    [(path, body)] = billing.asked
    assert f"/v1/billing-entities/{ENTITY}/accounts/{ACCOUNT}/plans" == path
    assert [str(UUID(int=102))] == body["encounter_ids"]


async def test_a_plan_for_no_visit_in_particular_covers_all(billing: Billing) -> None:
    await billing.adapters.payment(parcel(WISH, kind="plan_request"))

    [(_, body)] = billing.asked
    assert [] == body["encounter_ids"]


@pytest.mark.parametrize(("purpose", "named"), [("balance", str(STATEMENT)), ("plan", None)])
async def test_a_payment_names_the_statement_that_it_answers_and_an_installment_none(
    billing: Billing, purpose: str, named: str | None
) -> None:
    await billing.adapters.payment(parcel(PAID | {"purpose": purpose}))

    [(path, body)] = billing.asked
    assert (f"/v1/billing-entities/{ENTITY}/accounts/{ACCOUNT}/payments", named) == (path, body.get("statement_id"))


async def test_a_payment_comes_with_its_receipt(billing: Billing) -> None:
    await billing.adapters.payment(parcel(PAID))
    assert "PAY-1" == billing.asked[0][1]["reference"]


async def test_a_copayment_is_put_to_the_encounter_of_its_visit(billing: Billing) -> None:
    copay = {**PAID, "purpose": "copay", "account_id": None, "visit_number": "V1", "clinic": "C1"}
    await billing.adapters.payment(parcel(copay))
    [(path, body)] = billing.asked
    assert f"/v1/clinics/{CLINIC}/encounters/{UUID(int=101)}/payments" == path
    assert ("copay", 40_00) == (body["purpose"], body["amount_cents"])


@pytest.mark.parametrize(
    ("status", "raised"),
    [
        (404, NotReady),
        (409, NotReady),
        (408, Unavailable),
        (429, Unavailable),
        (500, Unavailable),
        (503, Unavailable),
        (422, Rejected),
    ],
)
async def test_what_was_not_taken_is_said_with_whether_it_ever_will_be(
    billing: Billing, status: int, raised: type[Exception]
) -> None:
    billing.status = status
    with pytest.raises(raised):
        await billing.adapters.payment(parcel(PAID))


async def test_a_rejection_names_the_fields_and_no_value(billing: Billing) -> None:
    billing.status = 422
    with pytest.raises(Rejected) as rejected:
        await billing.adapters.payment(parcel(PAID))
    assert ("patient_billing", 422, "refused amount_cents") == (
        rejected.value.service,
        rejected.value.status,
        rejected.value.reason,
    )
