"""The HTTP edge of denials: who sees what, in which order, and what a deed answers."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from denials.storage import appeal_table, claim_table, denial_table, letter_table
from denials.testing.api import Clients
from denials.testing.office import CLINIC, Office
from revcycle_kit.auth import Grant

FOREIGN = UUID("6b1f0d5c-2a11-8a10-9c01-0000000000ff")
Answers = list[dict[str, Any]]


def key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": name}


async def only_denial(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/v1/denials")
    assert answer.status_code == 200, answer.text
    [denial] = answer.json()["items"]
    found: dict[str, Any] = denial
    return found


async def test_the_worklist_shows_deadline_and_expected_recovery(clients: Clients) -> None:
    denial = await only_denial(clients("biller"))

    assert ("2026-05-31", 89, 341_00, "Prairie Health Plan", "197") == (
        denial["act_by"],
        denial["days_left"],
        denial["expected_recovery_cents"],
        denial["payer_name"],
        denial["carc"],
    )


async def test_pages_neither_skip_nor_repeat(office: Office, clients: Clients) -> None:
    for number in range(4):
        await office.hear(
            "claims/claim_adjudicated.no_authorization", claim_id=f"6b1f0d5c-2a11-8a10-9c03-00000000020{number}"
        )
    biller, seen, cursor = clients("biller"), [], None

    while True:
        page = (await biller.get("/v1/denials", params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
        seen += [item["denial_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert (5, 5) == (len(seen), len(set(seen)))


async def test_the_detail_says_what_may_be_done(clients: Clients) -> None:
    biller = clients("biller")
    denial = await only_denial(biller)

    detail = (await biller.get(f"/v1/denials/{denial['denial_id']}")).json()

    assert "provider dispute" == detail["next_level"]["name"]
    assert ["authorization_number"] == [proposal["field"] for proposal in detail["proposals"]]
    assert {"tier": "manager", "adjustment_cents": 830_00, "write_off_cents": 620_00} == detail["write_off"]
    assert detail["patient_may_be_billed"] is False


async def test_an_appeal_is_filed_read_and_decided(office: Office, clients: Clients) -> None:
    biller = clients("biller")
    denial = await only_denial(biller)
    asked = {"denial_ids": [denial["denial_id"]], "signed_by": "K. Miller", "argument": "It could not wait."}

    filed = await biller.post("/v1/appeals", json=asked, headers=key("appeal-1"))
    again = await biller.post("/v1/appeals", json=asked, headers=key("appeal-1"))
    assert (201, filed.json()) == (filed.status_code, again.json())
    await office.harness.settle()

    appeal_id = filed.json()["appeal_id"]
    letter = await biller.get(f"/v1/appeals/{appeal_id}/letter.pdf")
    assert ("application/pdf", b"%PDF-") == (letter.headers["Content-Type"], letter.content[:5])
    [listed] = (await biller.get("/v1/appeals")).json()["items"]
    assert (appeal_id, "2026-03-03", "filed") == (listed["appeal_id"], listed["sent_on"], listed["state"])

    decision = {
        "outcome": "overturned",
        "decided_on": "2026-04-15",
        "expected_cents": 496_00,
        "payment_due_by": "2026-05-01",
    }
    decided = await biller.post(f"/v1/appeals/{appeal_id}/decision", json=decision, headers=key("decision-1"))
    assert (200, "2026-05-01") == (decided.status_code, decided.json()["payment_due_by"])
    assert ["denial_opened", "appeal_filed", "appeal_decided"] == [
        name for name in await office.harness.said_names() if not name.startswith("prevention")
    ]


async def test_a_correction_by_http_names_method_and_changes(office: Office, clients: Clients) -> None:
    biller = clients("biller")
    denial = await only_denial(biller)
    asked = {
        "denial_ids": [denial["denial_id"]],
        "changes": [{"field": "authorization_number", "value": "AUTH123"}],
    }

    answer = await biller.post("/v1/corrections", json=asked, headers=key("correct-1"))

    assert (201, "replacement") == (answer.status_code, answer.json()["method"])
    assert "correction_requested" == (await office.harness.said_names())[-1]


async def test_a_write_off_beyond_the_tier_names_who_may(clients: Clients) -> None:
    denial = await only_denial(clients("biller"))
    url = f"/v1/denials/{denial['denial_id']}/write-off"

    refused = await clients("biller").post(url, json={}, headers=key("write-1"))
    done = await clients("manager").post(url, json={}, headers=key("write-2"))

    assert 422 == refused.status_code
    assert "needs the approval of a manager" in refused.text
    assert (200, 620_00) == (done.status_code, done.json()["write_off_cents"])


async def test_assigning_resuming_and_billing_say_what_became_of_it(clients: Clients) -> None:
    biller = clients("biller")
    url = f"/v1/denials/{(await only_denial(biller))['denial_id']}"

    assigned = await biller.post(f"{url}/assign", json={"assignee": "lee"}, headers=key("assign-1"))
    assert "working" == assigned.json()["state"]
    for deed in ("resume", "bill-patient"):
        refused = await biller.post(f"{url}/{deed}", headers=key(deed))
        assert 409 == refused.status_code, refused.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/denials/{denial}", None),
        ("POST", "/v1/denials/{denial}/assign", {"assignee": "lee"}),
        ("POST", "/v1/denials/{denial}/resume", None),
        ("POST", "/v1/denials/{denial}/write-off", {}),
        ("POST", "/v1/denials/{denial}/accept", None),
        ("POST", "/v1/denials/{denial}/bill-patient", None),
        ("POST", "/v1/corrections", {"denial_ids": ["{denial}"]}),
        ("POST", "/v1/appeals", {"denial_ids": ["{denial}"], "signed_by": "K. Miller"}),
        ("GET", "/v1/appeals/{appeal}", None),
        ("GET", "/v1/appeals/{appeal}/letter.pdf", None),
        ("POST", "/v1/appeals/{appeal}/decision", {"outcome": "upheld", "decided_on": "2026-05-01"}),
    ],
)
async def test_another_clinic_finds_nothing(clients: Clients, method: str, path: str, body: Any) -> None:
    ours = clients("biller", "manager")
    denial = (await only_denial(ours))["denial_id"]
    asked = {"denial_ids": [denial], "signed_by": "K. Miller"}
    appeal = (await ours.post("/v1/appeals", json=asked, headers=key("appeal-1"))).json()["appeal_id"]
    text = json.dumps(body).replace("{denial}", denial)
    url = path.replace("{denial}", denial).replace("{appeal}", appeal)

    stranger = clients("biller", "lead", "manager", "client", clinic=FOREIGN)
    answer = await stranger.request(
        method,
        url,
        content=text if body is not None else None,
        headers={**key("stranger"), "Content-Type": "application/json"},
    )

    assert 404 == answer.status_code, answer.text
    assert [] == (await stranger.get("/v1/denials")).json()["items"]
    assert [] == (await stranger.get("/v1/appeals")).json()["items"]


async def test_row_security_alone_hides_what_is_anothers(office: Office, clients: Clients) -> None:
    """Asked without any filter of ours, the database gives each grant its own rows and no others."""
    denial = (await only_denial(clients("biller")))["denial_id"]
    asked = {"denial_ids": [denial], "signed_by": "K. Miller"}
    await clients("biller").post("/v1/appeals", json=asked, headers=key("appeal-1"))

    async def seen(clinic: UUID) -> dict[str, int]:
        grant = Grant("kim", clinics=frozenset({clinic}))
        async with office.harness.runtime.read(grant) as connection:
            return {
                table.name: len((await connection.execute(select(table.c.id))).all())
                for table in (claim_table, denial_table, appeal_table, letter_table)
            }

    assert {"claim": 1, "denial": 1, "appeal": 1, "letter": 1} == await seen(CLINIC)
    assert {"claim": 0, "denial": 0, "appeal": 0, "letter": 0} == await seen(FOREIGN)


async def test_rules_are_listed_and_decided_by_a_lead(office: Office, clients: Clients) -> None:
    for number in range(4):
        await office.hear(
            "claims/claim_adjudicated.no_authorization", claim_id=f"6b1f0d5c-2a11-8a10-9c03-00000000020{number}"
        )
    await office.harness.settle()

    [rule] = (await clients("biller").get("/v1/prevention-rules")).json()["items"]
    url = f"/v1/prevention-rules/{rule['rule_id']}/activate"
    assert ("197", 5, "proposed") == (rule["carc"], rule["seen"], rule["state"])
    assert 403 == (await clients("biller").post(url, headers=key("rule-1"))).status_code
    assert "active" == (await clients("lead").post(url, headers=key("rule-2"))).json()["state"]
    elsewhere = clients("lead", organization=FOREIGN)
    assert 404 == (await elsewhere.post(url, headers=key("rule-3"))).status_code
    assert [] == (await elsewhere.get("/v1/prevention-rules")).json()["items"]


async def test_underpayments_are_listed(office: Office, clients: Clients) -> None:
    await office.hear("claims/underpayment_found.ten_dollars")

    [found] = (await clients("biller").get("/v1/underpayments")).json()["items"]

    assert 10_00 == found["missing_cents"]


@pytest.mark.parametrize(
    "body",
    [
        {"denial_ids": []},
        {"denial_ids": ["x"]},
        {"denial_ids": ["6b1f0d5c-2a11-8a10-9c01-000000000001"], "changes": [{"field": "price", "value": "1"}]},
        {"denial_ids": ["6b1f0d5c-2a11-8a10-9c01-000000000001"], "surprise": True},
    ],
)
async def test_a_request_that_cannot_be_is_refused_with_its_place(clients: Clients, body: dict[str, Any]) -> None:
    answer = await clients("biller").post("/v1/corrections", json=body, headers=key("bad"))

    assert 422 == answer.status_code
    assert answer.json()["errors"][0]["where"].startswith("body.")


async def test_a_command_without_a_key_is_refused(clients: Clients) -> None:
    denial = await only_denial(clients("biller"))

    answer = await clients("biller").post(f"/v1/denials/{denial['denial_id']}/accept")

    assert 400 == answer.status_code
