"""The HTTP edge of denials: who sees what, in which order, and what a deed answers."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from denials.http import build_app
from denials.service import build
from denials.storage import appeal_table, claim_table, denial_table, letter_table
from revcycle_kit.auth import Grant
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.testing.harness import Harness

SERVICES = Path(__file__).parents[3]
CLINIC = UUID("6b1f0d5c-2a11-8a10-9c01-000000000001")
ORGANIZATION = UUID("6b1f0d5c-2a11-8a10-9c06-000000000001")
FOREIGN = UUID("6b1f0d5c-2a11-8a10-9c01-0000000000ff")
Answers = list[dict[str, Any]]


@dataclass(slots=True)
class Post:
    """The scripted carrier."""

    sent: list[str] = field(default_factory=list)

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        assert letter_pdf.startswith(b"%PDF-")
        assert json.loads(cover)["payer_code"] == "PRAIRIE1"
        self.sent.append(key)


@pytest.fixture
async def denials(harness: Callable[..., Awaitable[Harness]]) -> Harness:
    """Start the service; the directory has spoken, one claim was refused."""
    started = await harness(build(Post()), package="denials", start=datetime(2026, 3, 3, 15, tzinfo=UTC))
    for example in (
        "payer_updated.v1.commercial",
        "billing_entity_updated.v1.billing_company",
        "clinic_updated.v1.chicago",
    ):
        await started.hear_example(SERVICES / "eligibility/contracts/consumers/denials" / f"{example}.json")
    for example in ("claim_submitted.v1.surgery", "claim_adjudicated.v1.no_authorization"):
        await started.hear_example(SERVICES / "claims/contracts/consumers/denials" / f"{example}.json")
    return started


Client = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def client(denials: Harness, tmp_path: Path) -> AsyncIterator[Client]:
    """Make clients: `client("biller", clinic=…)`."""
    issuer = LocalIssuer(tmp_path / "token.key", clock=denials.clock)
    transport = httpx.ASGITransport(build_app(denials.runtime, issuer), raise_app_exceptions=False)
    made: list[httpx.AsyncClient] = []

    def make(*roles: str, clinic: UUID = CLINIC, organization: UUID = ORGANIZATION) -> httpx.AsyncClient:
        token = issuer.issue("kim", roles=roles, organization_id=organization, clinics=[clinic])
        headers = {"Authorization": f"Bearer {token}"}
        made.append(httpx.AsyncClient(transport=transport, base_url="http://denials", headers=headers))
        return made[-1]

    yield make
    for each in made:
        await each.aclose()


def key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": name}


async def only_denial(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/v1/denials")
    assert answer.status_code == 200, answer.text
    [denial] = answer.json()["items"]
    found: dict[str, Any] = denial
    return found


async def test_the_worklist_shows_deadline_and_expected_recovery(client: Client) -> None:
    denial = await only_denial(client("biller"))

    assert ("2026-05-31", 89, 341_00, "Prairie Health Plan", "197") == (
        denial["act_by"],
        denial["days_left"],
        denial["expected_recovery_cents"],
        denial["payer_name"],
        denial["carc"],
    )


async def test_pages_neither_skip_nor_repeat(denials: Harness, client: Client) -> None:
    example = SERVICES / "claims/contracts/consumers/denials/claim_adjudicated.v1.no_authorization.json"
    for number in range(4):
        await denials.hear_example(example, claim_id=f"6b1f0d5c-2a11-8a10-9c03-00000000020{number}")
    biller, seen, cursor = client("biller"), [], None

    while True:
        page = (await biller.get("/v1/denials", params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
        seen += [item["denial_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert (5, 5) == (len(seen), len(set(seen)))


async def test_the_detail_says_what_may_be_done(client: Client) -> None:
    biller = client("biller")
    denial = await only_denial(biller)

    detail = (await biller.get(f"/v1/denials/{denial['denial_id']}")).json()

    assert "provider dispute" == detail["next_level"]["name"]
    assert ["authorization_number"] == [proposal["field"] for proposal in detail["proposals"]]
    assert {"tier": "manager", "adjustment_cents": 830_00, "write_off_cents": 620_00} == detail["write_off"]
    assert detail["patient_may_be_billed"] is False


async def test_an_appeal_is_filed_read_and_decided(denials: Harness, client: Client) -> None:
    biller = client("biller")
    denial = await only_denial(biller)
    asked = {"denial_ids": [denial["denial_id"]], "signed_by": "K. Miller", "argument": "It could not wait."}

    filed = await biller.post("/v1/appeals", json=asked, headers=key("appeal-1"))
    again = await biller.post("/v1/appeals", json=asked, headers=key("appeal-1"))
    assert (201, filed.json()) == (filed.status_code, again.json())
    await denials.settle()

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
        name for name in await denials.said_names() if not name.startswith("prevention")
    ]


async def test_a_correction_by_http_names_method_and_changes(denials: Harness, client: Client) -> None:
    biller = client("biller")
    denial = await only_denial(biller)
    asked = {
        "denial_ids": [denial["denial_id"]],
        "changes": [{"field": "authorization_number", "value": "AUTH123"}],
    }

    answer = await biller.post("/v1/corrections", json=asked, headers=key("correct-1"))

    assert (201, "replacement") == (answer.status_code, answer.json()["method"])
    assert "correction_requested" == (await denials.said_names())[-1]


async def test_a_write_off_beyond_the_tier_names_who_may(client: Client) -> None:
    denial = await only_denial(client("biller"))
    url = f"/v1/denials/{denial['denial_id']}/write-off"

    refused = await client("biller").post(url, json={}, headers=key("write-1"))
    done = await client("manager").post(url, json={}, headers=key("write-2"))

    assert 422 == refused.status_code
    assert "needs the approval of a manager" in refused.text
    assert (200, 620_00) == (done.status_code, done.json()["write_off_cents"])


async def test_assigning_resuming_and_billing_say_what_became_of_it(client: Client) -> None:
    biller = client("biller")
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
async def test_another_clinic_finds_nothing(client: Client, method: str, path: str, body: Any) -> None:
    ours = client("biller", "manager")
    denial = (await only_denial(ours))["denial_id"]
    asked = {"denial_ids": [denial], "signed_by": "K. Miller"}
    appeal = (await ours.post("/v1/appeals", json=asked, headers=key("appeal-1"))).json()["appeal_id"]
    text = json.dumps(body).replace("{denial}", denial)
    url = path.replace("{denial}", denial).replace("{appeal}", appeal)

    stranger = client("biller", "lead", "manager", "client", clinic=FOREIGN)
    answer = await stranger.request(
        method,
        url,
        content=text if body is not None else None,
        headers={**key("stranger"), "Content-Type": "application/json"},
    )

    assert 404 == answer.status_code, answer.text
    assert [] == (await stranger.get("/v1/denials")).json()["items"]
    assert [] == (await stranger.get("/v1/appeals")).json()["items"]


async def test_row_security_alone_hides_what_is_anothers(denials: Harness, client: Client) -> None:
    """Asked without any filter of ours, the database gives each grant its own rows and no others."""
    denial = (await only_denial(client("biller")))["denial_id"]
    asked = {"denial_ids": [denial], "signed_by": "K. Miller"}
    await client("biller").post("/v1/appeals", json=asked, headers=key("appeal-1"))

    async def seen(clinic: UUID) -> dict[str, int]:
        grant = Grant("kim", clinics=frozenset({clinic}))
        async with denials.runtime.read(grant) as connection:
            return {
                table.name: len((await connection.execute(select(table.c.id))).all())
                for table in (claim_table, denial_table, appeal_table, letter_table)
            }

    assert {"claim": 1, "denial": 1, "appeal": 1, "letter": 1} == await seen(CLINIC)
    assert {"claim": 0, "denial": 0, "appeal": 0, "letter": 0} == await seen(FOREIGN)


async def test_rules_are_listed_and_decided_by_a_lead(denials: Harness, client: Client) -> None:
    example = SERVICES / "claims/contracts/consumers/denials/claim_adjudicated.v1.no_authorization.json"
    for number in range(4):
        await denials.hear_example(example, claim_id=f"6b1f0d5c-2a11-8a10-9c03-00000000020{number}")
    await denials.settle()

    [rule] = (await client("biller").get("/v1/prevention-rules")).json()["items"]
    url = f"/v1/prevention-rules/{rule['rule_id']}/activate"
    assert ("197", 5, "proposed") == (rule["carc"], rule["seen"], rule["state"])
    assert 403 == (await client("biller").post(url, headers=key("rule-1"))).status_code
    assert "active" == (await client("lead").post(url, headers=key("rule-2"))).json()["state"]
    elsewhere = client("lead", organization=FOREIGN)
    assert 404 == (await elsewhere.post(url, headers=key("rule-3"))).status_code
    assert [] == (await elsewhere.get("/v1/prevention-rules")).json()["items"]


async def test_underpayments_are_listed(denials: Harness, client: Client) -> None:
    await denials.hear_example(SERVICES / "claims/contracts/consumers/denials/underpayment_found.v1.ten_dollars.json")

    [found] = (await client("biller").get("/v1/underpayments")).json()["items"]

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
async def test_a_request_that_cannot_be_is_refused_with_its_place(client: Client, body: dict[str, Any]) -> None:
    answer = await client("biller").post("/v1/corrections", json=body, headers=key("bad"))

    assert 422 == answer.status_code
    assert answer.json()["errors"][0]["where"].startswith("body.")


async def test_a_command_without_a_key_is_refused(client: Client) -> None:
    denial = await only_denial(client("biller"))

    answer = await client("biller").post(f"/v1/denials/{denial['denial_id']}/accept")

    assert 400 == answer.status_code
