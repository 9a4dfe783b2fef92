"""The HTTP edge: worklists and commands within a grant; what is another's does not exist."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from claims.http import build_app
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.ids import derived_id

ORGANIZATION = derived_id("organization", "ORG")
CLINIC = derived_id("clinic", "C1")
PAYEE = derived_id("billing entity", "B1")
NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)
ROLES = ["biller", "coder", "lead", "intake", "manager"]


class Office:
    """Clients of the service's API: ours, and a stranger's with every role and no grant of ours."""

    def __init__(self, desk: Any, folder: Path) -> None:
        issuer = LocalIssuer(folder / "token.key", clock=SimulatedClock(NOON))
        self.app = build_app(desk.harness.runtime, issuer)
        own: dict[str, Any] = {"organization_id": ORGANIZATION, "clinics": [CLINIC], "billing_entities": [PAYEE]}
        other: dict[str, Any] = {
            "organization_id": UUID(int=1),
            "clinics": [UUID(int=2)],
            "billing_entities": [UUID(int=3)],
        }
        self.ours = self._client(issuer.issue("ada", roles=ROLES, **own))
        self.stranger = self._client(issuer.issue("eve", roles=[*ROLES, "operator"], **other))
        self.reader = self._client(issuer.issue("rita", roles=["auditor"], **own))
        self._keys = 0

    def _client(self, token: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)

    async def post(self, path: str, asked: Any = None, *, by: httpx.AsyncClient | None = None, key: str = "") -> Any:
        """Send a command under a key of its own."""
        self._keys += 1
        headers = {"Idempotency-Key": key or f"key-{self._keys}"}
        return await (by or self.ours).post(path, json=asked, headers=headers)


@pytest.fixture
async def office(desk: Any, tmp_path: Path) -> AsyncIterator[Office]:
    """Open the office on the service of the desk."""
    made = Office(desk, tmp_path)
    yield made
    for client in (made.ours, made.stranger, made.reader):
        await client.aclose()


async def test_a_coder_finds_the_encounter_says_the_codes_and_sees_it_go_on(desk: Any, office: Office) -> None:
    """The worklist says what is missing; one answer empties it, and the same answer twice is one answer."""
    await desk.register("PPO01")
    await desk.charge(None, code="185349003", system="snomed", diagnosis="44054006", coded_in="snomed")
    [waiting] = (await office.ours.get("/v1/coding-worklist")).json()["items"]
    assert {"procedure", "diagnosis"} == {one["what"] for one in waiting["missing"]}

    line = waiting["charges"][0]["line_id"]
    answer = {
        "lines": [{"line_id": line, "code": "g0463", "charge_cents": 25000}],
        "diagnoses": ["E11.9"],
    }
    path = f"/v1/encounters/{desk.encounter_id}/coding"
    done = await office.post(path, answer, key="coding-1")
    again = await office.post(path, answer, key="coding-1")

    assert (200, 200) == (done.status_code, again.status_code)
    assert ("done", [], 25000) == (done.json()["coding"], done.json()["missing"], done.json()["charged_cents"])
    assert ["coding_completed"] == await desk.said("coding_completed")
    assert [] == (await office.ours.get("/v1/coding-worklist")).json()["items"]


async def test_a_biller_finds_a_held_claim_with_its_fix_and_releases_it(desk: Any, office: Office) -> None:
    await desk.register("PPO01", service_on="2025-09-01")
    await desk.charge(9000, service_on="2025-09-01")
    await desk.wait(NOON)
    [held] = (await office.ours.get("/v1/claims", params={"owner": "biller"})).json()["items"]
    assert ("held", "timely_filing") == (held["state"], held["findings"][0]["edit"])

    released = await office.post(
        f"/v1/claims/{held['claim_id']}/recheck",
        {"override": ["timely_filing"], "reason": "proof_of_timely_filing"},
    )

    assert (200, "ready") == (released.status_code, released.json()["claim"]["state"])


async def test_a_claim_a_remittance_and_a_ledger_can_be_read(desk: Any, office: Office) -> None:
    await desk.register("PPO01")
    await desk.charge(25000)
    await desk.wait(NOON)
    [claim] = await desk.claims()
    await desk.pay(desk.payment(claim, (25000, 18000, "CO-45 7000")))

    read = (await office.ours.get(f"/v1/claims/{claim.claim_id}")).json()
    ledger = (await office.ours.get(f"/v1/encounters/{desk.encounter_id}/ledger")).json()
    [remittance] = (await office.ours.get("/v1/remittances", params={"state": "posted"})).json()["items"]

    assert ("paid", 18000) == (read["decisions"][0]["outcome"], read["decisions"][0]["paid_cents"])
    assert (25000, 18000, 7000, 0) == tuple(ledger[f"{name}_cents"] for name in ("charged", "paid", "adjusted", "open"))
    assert 3 == len(ledger["entries"])
    assert (18000, 0) == (remittance["applied_cents"], remittance["unapplied_cents"])


async def test_a_file_comes_in_over_http_and_its_set_aside_payment_is_posted_by_a_biller(
    desk: Any, office: Office
) -> None:
    await desk.register("PPO01")
    await desk.charge(45000)
    await desk.wait(NOON)
    [claim] = await desk.claims()
    content = desk.says.advice(desk.payment(claim, (45000, 30000, "CO-45 12000")))
    taken = await office.ours.post("/v1/interchanges", content=content)
    assert (200, "accepted", 1) == (taken.status_code, taken.json()["state"], taken.json()["remittances"])
    await desk.harness.settle()
    [item] = (await office.ours.get("/v1/payments-set-aside")).json()["items"]
    assert ("unbalanced", 30000) == (item["kind"], item["amount_cents"])

    path = f"/v1/payments-set-aside/{item['item_id']}/post"
    wrong = await office.post(path, {"lines": [{"line": 1, "adjustments": []}]})
    right = {"lines": [{"line": 1, "adjustments": [{"group": "CO", "carc": "45", "amount_cents": 15000}]}]}
    posted = await office.post(path, right)
    await desk.harness.settle()

    assert (422, 200, "retried") == (wrong.status_code, posted.status_code, posted.json()["state"])
    assert 0 == (await desk.money()).open


async def test_an_unreadable_file_is_answered_with_the_reason_and_listed(desk: Any, office: Office) -> None:
    del desk
    taken = await office.ours.post("/v1/interchanges", content=b"%PDF-1.7 not an interchange")

    listed = (await office.ours.get("/v1/interchanges", params={"state": "refused"})).json()["items"]
    assert "refused" == taken.json()["state"]
    assert [taken.json()["reason"]] == [one["reason"] for one in listed]


async def test_prices_are_entered_and_read(desk: Any, office: Office) -> None:
    path = f"/v1/billing-entities/{PAYEE}/prices"
    row = {"code": "G0463", "unit_cents": 25000, "effective_on": "2026-01-01"}
    rate = {"payer_id": str(derived_id("payer", "ORG", "PPO01")), "code": "G0463", "unit_cents": 18000}

    entered = await office.post(path, {"prices": [row], "rates": [{**rate, "effective_on": "2026-01-01"}]})
    negative = await office.post(path, {"prices": [{**row, "unit_cents": -5}]})
    read = (await office.ours.get(path)).json()
    await desk.register("PPO01")
    await desk.charge(None, code="G0463")

    assert (200, 422) == (entered.status_code, negative.status_code)
    assert ([25000], 1) == ([one["unit_cents"] for one in read["prices"]], read["contract_rows"])
    assert 25000 == (await desk.money()).charged


async def test_a_deposit_is_recorded_once(desk: Any, office: Office) -> None:
    del desk
    deposit = {
        "deposit_id": str(derived_id("deposit")),
        "billing_entity_id": str(PAYEE),
        "trace_number": "EFT1",
        "amount_cents": 18000,
        "deposited_on": "2026-02-01",
    }

    first = await office.post("/v1/deposits", deposit)
    again = await office.post("/v1/deposits", deposit)

    assert (200, 200) == (first.status_code, again.status_code)
    assert first.json() == again.json()
    [waiting] = (await office.ours.get("/v1/deposits")).json()["items"]
    assert ("EFT1", 18000, None) == (waiting["trace_number"], waiting["amount_cents"], waiting["remittance_id"])


async def test_what_is_anothers_does_not_exist(desk: Any, office: Office) -> None:
    """Every route, with our ids and a stranger's grant: nothing is read, nothing is changed."""
    await desk.register("PPO01")
    await desk.charge(45000)
    await desk.wait(NOON)
    [claim] = await desk.claims()
    await desk.pay(desk.payment(claim, (45000, 30000, "CO-45 12000")))
    [item] = (await office.ours.get("/v1/payments-set-aside")).json()["items"]
    eve, encounter = office.stranger, desk.encounter_id
    read = [
        f"/v1/encounters/{encounter}",
        f"/v1/encounters/{encounter}/ledger",
        f"/v1/claims/{claim.claim_id}",
        f"/v1/remittances/{item['remittance_id']}",
        f"/v1/billing-entities/{PAYEE}/prices",
    ]
    commands: list[tuple[str, Any]] = [
        (f"/v1/encounters/{encounter}/coding", {}),
        (f"/v1/claims/{claim.claim_id}/recheck", {}),
        (f"/v1/claims/{claim.claim_id}/corrections", {"changes": []}),
        (f"/v1/claims/{claim.claim_id}/void", None),
        (f"/v1/payments-set-aside/{item['item_id']}/post", {}),
        (f"/v1/payments-set-aside/{item['item_id']}/close", None),
        (f"/v1/billing-entities/{PAYEE}/prices", {}),
        (f"/v1/billing-entities/{PAYEE}/periods/2025-12/close", None),
    ]

    assert [404] * len(read) == [(await eve.get(path)).status_code for path in read]
    assert [404] * len(commands) == [(await office.post(path, asked, by=eve)).status_code for path, asked in commands]
    for path in ("/v1/claims", "/v1/coding-worklist", "/v1/remittances", "/v1/payments-set-aside", "/v1/deposits"):
        assert [] == (await eve.get(path, params={})).json()["items"]
    assert "sent" == (await desk.claims())[0].state


async def test_a_reader_reads_and_changes_nothing(desk: Any, office: Office) -> None:
    await desk.register("PPO01")
    await desk.charge(9000)

    assert 200 == (await office.reader.get(f"/v1/encounters/{desk.encounter_id}")).status_code
    refused = await office.post(f"/v1/encounters/{desk.encounter_id}/coding", {}, by=office.reader)
    unkeyed = await office.ours.post(f"/v1/encounters/{desk.encounter_id}/coding", json={})

    assert (403, 400) == (refused.status_code, unkeyed.status_code)


async def test_nobody_is_named_in_any_answer(desk: Any, office: Office) -> None:
    """Names, birth dates and member numbers stand in no answer of this service."""
    await desk.register("PPO01")
    await desk.charge(25000)
    await desk.wait(NOON)
    [claim] = await desk.claims()
    await desk.pay(desk.payment(claim, (25000, 18000, "CO-45 7000")))

    for path in (f"/v1/encounters/{desk.encounter_id}", f"/v1/claims/{claim.claim_id}", "/v1/remittances"):
        text = (await office.ours.get(path)).text
        assert not [word for word in ("DOE", "JANE", "1980", "M1PPO01") if word in text]
