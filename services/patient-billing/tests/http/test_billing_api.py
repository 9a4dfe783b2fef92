"""The API as a front desk, a biller and a stranger meet it."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from patient_billing.http import build_app
from patient_billing.messages import StartPlan
from revcycle_kit.auth.local import LocalIssuer


class Desk:
    """Clients of the API: one that belongs to the organization, one of another."""

    def __init__(self, office: Any, tmp_path: Path) -> None:
        self.issuer = LocalIssuer(tmp_path / "token.key", clock=office.harness.clock)
        self.app = build_app(office.harness.runtime, self.issuer)
        self.entity = f"/v1/billing-entities/{office.entity_id}"
        self.account = f"{self.entity}/accounts/{office.account_id}"
        self.visit = f"/v1/clinics/{office.clinic_id}/encounters/{UUID(int=101)}"
        self.grant = {
            "organization_id": office.organization_id,
            "clinics": [office.clinic_id],
            "billing_entities": [office.entity_id],
        }
        self.keys = 0

    def client(self, *roles: str, **grant: Any) -> httpx.AsyncClient:
        token = self.issuer.issue("ada", roles=list(roles), **(grant or self.grant))
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(
            transport=transport, base_url="http://test", headers={"Authorization": f"Bearer {token}"}
        )

    @property
    def key(self) -> dict[str, str]:
        self.keys += 1
        return {"Idempotency-Key": f"key-{self.keys}"}


@pytest.fixture
async def desk(office: Any, tmp_path: Path) -> Desk:
    """Open the API over an account that owes 76.00."""
    await office.register(1)
    await office.owe(1, 76_00)
    return Desk(office, tmp_path)


async def test_a_biller_reads_what_is_owed_and_why(desk: Desk) -> None:
    async with desk.client("biller") as biller:
        [row] = (await biller.get(f"{desk.entity}/accounts", params={"due": True})).json()["items"]
        account = (await biller.get(desk.account)).json()
        visit = (await biller.get(desk.visit)).json()
        [entry] = (await biller.get(f"{desk.visit}/ledger")).json()["items"]
        nothing = (await biller.get(f"{desk.entity}/accounts", params={"due": False})).json()["items"]

    assert (76_00, False) == (row["due_cents"], row["held"])
    assert 76_00 == account["balances"][0]["open_cents"]
    assert (76_00, row["account_id"]) == (visit["position"]["open_cents"], visit["account_id"])
    assert ("receivable.patient", "transfer.insurance") == (entry["debit"], entry["credit"])
    assert [] == nothing
    assert "sealed" not in str(account)


async def test_a_payment_repeated_under_its_key_is_taken_once(desk: Desk, office: Any) -> None:
    payment = {"amount_cents": 50_00, "method": "card"}
    async with desk.client("front_desk") as clerk:
        first = await clerk.post(f"{desk.account}/payments", json=payment, headers={"Idempotency-Key": "pay-1"})
        again = await clerk.post(f"{desk.account}/payments", json=payment, headers={"Idempotency-Key": "pay-1"})
        other = await clerk.post(
            f"{desk.account}/payments", json={**payment, "amount_cents": 1_00}, headers={"Idempotency-Key": "pay-1"}
        )
        without = await clerk.post(f"{desk.account}/payments", json=payment)

    assert (201, 201) == (first.status_code, again.status_code)
    assert first.json() == again.json()
    assert (422, 400) == (other.status_code, without.status_code)
    await office.harness.settle()
    assert 26_00 == (await office.see_account()).due_cents


@pytest.mark.parametrize("method", ["card", "ach"])
async def test_a_payment_with_its_receipt_is_kept_whatever_is_owed_and_the_excess_goes_back(
    desk: Desk, office: Any, method: str
) -> None:
    paid = {"amount_cents": 100_00, "method": method, "reference": "receipt-7"}
    async with desk.client("biller") as biller:
        answer = await biller.post(f"{desk.account}/payments", json=paid, headers=desk.key)
    assert (201, 0, 24_00) == (answer.status_code, answer.json()["due_cents"], answer.json()["unapplied_cents"])

    await office.until(2026, 3, 20)
    told = dict(await office.harness.said(UUID(int=101)))
    assert (24_00, "2026-03-16") == (told["refund_issued"]["amount_cents"], told["refund_issued"]["issued_on"])
    assert (0, 0) == ((await office.see_account()).unapplied_cents, (await office.see_encounter(1)).open_cents)
    await office.nothing_parked()


async def test_a_payment_that_names_its_statement_pays_it_beside_a_plan(desk: Desk, office: Any) -> None:
    await office.ask(StartPlan(installments=2, first_due_on=date(2026, 4, 1)))
    await office.register(2, service_on=date(2026, 2, 25))
    await office.owe(2, 40_00)
    await office.until(2026, 3, 3)
    async with desk.client("biller") as biller:
        [row] = (await biller.get(f"{desk.account}/statements")).json()["items"]
        paid = {"amount_cents": 40_00, "method": "card", "statement_id": row["statement_id"]}
        answer = await biller.post(f"{desk.account}/payments", json=paid, headers=desk.key)
        await office.harness.settle()
        visit = (await biller.get(f"/v1/clinics/{office.clinic_id}/encounters/{UUID(int=102)}")).json()
        first = (await biller.get(desk.visit)).json()

    assert (40_00, 201) == (row["balance_cents"], answer.status_code)
    assert (0, 76_00) == (visit["position"]["open_cents"], first["position"]["open_cents"])
    await office.nothing_parked()


async def test_a_statement_of_nobody_or_beside_another_purpose_is_refused(desk: Desk, office: Any) -> None:
    await office.until(2026, 3, 3)
    async with desk.client("biller") as biller:
        [row] = (await biller.get(f"{desk.account}/statements")).json()["items"]
        paid = {"amount_cents": 40_00, "method": "card", "statement_id": row["statement_id"]}
        other = f"{desk.entity}/accounts/{UUID(int=77)}/payments"
        unknown = {**paid, "statement_id": str(UUID(int=78))}
        of_another = await biller.post(other, json=paid, headers=desk.key)
        of_nobody = await biller.post(f"{desk.account}/payments", json=unknown, headers=desk.key)
        for_plan = await biller.post(f"{desk.account}/payments", json={**paid, "purpose": "plan"}, headers=desk.key)

    assert [404, 404, 422] == [answer.status_code for answer in (of_another, of_nobody, for_plan)]
    assert "statement_id" == for_plan.json()["errors"][0]["where"]


async def test_a_copay_is_taken_at_the_visit_before_any_balance(desk: Desk, office: Any) -> None:
    await office.register(2)
    visit = f"/v1/clinics/{office.clinic_id}/encounters/{UUID(int=102)}/payments"
    async with desk.client("front_desk") as clerk:
        taken = await clerk.post(visit, json={"amount_cents": 30_00, "method": "cash"}, headers=desk.key)

    assert (201, 30_00) == (taken.status_code, taken.json()["unapplied_cents"])


@pytest.mark.parametrize(
    ("payment", "status"),
    [
        ({"amount_cents": -1, "method": "check"}, 422),
        ({"amount_cents": 0, "method": "check"}, 422),
        ({"amount_cents": "76.00", "method": "check"}, 422),
        ({"amount_cents": 76_01, "method": "card"}, 422),
        ({"amount_cents": 76_01, "method": "ach"}, 422),
        ({"amount_cents": 76_00, "method": "barter"}, 422),
        ({"amount_cents": 76_00, "method": "card", "card_number": "x"}, 422),
        ({"amount_cents": 76_00, "method": "card", "reference": "with spaces"}, 422),
        ({"amount_cents": 10**20, "method": "check"}, 422),
        ({"amount_cents": 76_00, "method": "check", "received_on": "2030-01-01"}, 422),
    ],
)
async def test_a_payment_that_makes_no_sense_is_refused_and_says_why(
    desk: Desk, payment: dict[str, Any], status: int
) -> None:
    async with desk.client("biller") as biller:
        answer = await biller.post(f"{desk.account}/payments", json=payment, headers=desk.key)
        account = (await biller.get(desk.account)).json()

    assert status == answer.status_code
    assert "application/problem+json" == answer.headers["Content-Type"]
    assert answer.json()["errors"][0]["where"]
    assert [] == account["payments"]


async def test_a_statement_is_shown_as_page_pdf_and_value(desk: Desk, office: Any) -> None:
    await office.until(2026, 3, 3)
    async with desk.client("biller") as biller:
        [row] = (await biller.get(f"{desk.account}/statements")).json()["items"]
        place = f"{desk.entity}/statements/{row['statement_id']}"
        value, page, pdf = [await biller.get(place + form) for form in ("", "/page", "/pdf")]

    assert (76_00, 1) == (row["balance_cents"], row["number"])
    assert 76_00 == value.json()["items"][0]["due_cents"]
    assert "Alex Example" in page.text
    assert "$76.00" in page.text
    assert "script" not in page.headers["Content-Security-Policy"]
    assert pdf.content.startswith(b"%PDF-")
    assert "application/pdf" == pdf.headers["Content-Type"]


async def test_care_is_asked_for_step_by_step(desk: Desk) -> None:
    """A plan, a dispute that a clerk may open but only a lead may decide, contact, assistance."""
    async with desk.client("front_desk") as clerk, desk.client("lead") as lead:
        plan = await clerk.post(
            f"{desk.account}/plans", json={"installments": 4, "first_due_on": "2026-04-01"}, headers=desk.key
        )
        ended = await clerk.post(f"{desk.account}/plans/cancel", headers=desk.key)
        disputed = {"encounter_id": str(UUID(int=101)), "amount_cents": 20_00}
        dispute = await clerk.post(f"{desk.account}/disputes", json=disputed, headers=desk.key)
        place = f"{desk.account}/disputes/{dispute.json()['created_id']}/resolve"
        ruling = {"outcome": "adjusted", "adjusted_cents": 20_00}
        forbidden = await clerk.post(place, json=ruling, headers=desk.key)
        decided = await lead.post(place, json=ruling, headers=desk.key)
        contact = await clerk.put(f"{desk.account}/contact", json={"sms_consented": True}, headers=desk.key)
        small = {"encounter_id": str(UUID(int=101)), "write_off_class": "courtesy", "amount_cents": 1_00}
        gift = await lead.post(f"{desk.account}/write-offs", json=small, headers=desk.key)
        shown = await clerk.post(f"{desk.visit}/insurance-presented", json={"payer_name": "P"}, headers=desk.key)

    assert [201, 200, 201, 403, 200, 200, 201, 202] == [
        answer.status_code for answer in (plan, ended, dispute, forbidden, decided, contact, gift, shown)
    ]
    assert 55_00 == gift.json()["due_cents"]


async def test_a_write_off_above_the_callers_tier_needs_somebody_else(desk: Desk, office: Any) -> None:
    await office.register(3)
    await office.owe(3, 200_00)
    asked = {"encounter_id": str(UUID(int=103)), "write_off_class": "courtesy", "amount_cents": 100_01}
    async with desk.client("biller") as biller, desk.client("lead") as lead:
        refused = await biller.post(f"{desk.account}/write-offs", json=asked, headers=desk.key)
        granted = await lead.post(f"{desk.account}/write-offs", json=asked, headers=desk.key)

    assert (422, "Ask a lead to approve it.") == (refused.status_code, refused.json()["errors"][0]["fix"])
    assert 201 == granted.status_code


async def test_a_policy_is_stated_by_day_and_a_month_is_closed(desk: Desk, office: Any) -> None:
    await office.harness.advance(datetime(2026, 4, 2, tzinfo=UTC))
    async with desk.client("manager") as manager:
        policy = {"self_pay_discount_basis_points": 4000, "clinic_discounts": {str(office.clinic_id): 5000}}
        stated = await manager.put(f"{desk.entity}/policies/2026-01-01", json=policy, headers=desk.key)
        closed = await manager.post(f"{desk.entity}/periods/2026-03/close", headers=desk.key)
        again = await manager.post(f"{desk.entity}/periods/2026-03/close", headers=desk.key)

    assert (204, 204, 409) == (stated.status_code, closed.status_code, again.status_code)
    await office.register(5)
    await office.owe(5, 100_00, cause="self_pay")
    assert 50_00 == (await office.see_encounter(5)).position.discounted_cents


async def test_a_grant_without_an_organization_moves_no_money(desk: Desk) -> None:
    """Without its organization the rules of the billing entity are not seen: nothing may be decided."""
    async with desk.client("biller", billing_entities=desk.grant["billing_entities"]) as biller:
        answer = await biller.post(
            f"{desk.account}/payments", json={"amount_cents": 1_00, "method": "card"}, headers=desk.key
        )

    assert (422, "Your grant names no organization. Ask who grants access to add it.") == (
        answer.status_code,
        answer.json()["detail"],
    )


async def test_another_organization_finds_nothing_at_any_address(desk: Desk, office: Any) -> None:
    """Every route that names a tenant answers 404 to a grant that does not cover it, whatever the role."""
    await office.until(2026, 3, 3)
    [statement_id] = [row["id"] for row in await office.harness.query("SELECT id FROM statement")]
    roles = ("front_desk", "biller", "lead", "manager", "client", "payments", "operator")
    theirs = {"organization_id": UUID(int=91), "clinics": [UUID(int=92)], "billing_entities": [UUID(int=93)]}
    ids = {
        "billing_entity_id": office.entity_id,
        "account_id": office.account_id,
        "clinic_id": office.clinic_id,
        "encounter_id": UUID(int=101),
        "statement_id": statement_id,
        "effective_on": "2026-01-01",
        "period": "2026-01",
    }
    bodies = _bodies(desk.app.openapi())
    async with desk.client(*roles, **theirs) as stranger:
        for (method, path), body in bodies.items():
            place = path.format_map({**ids, **{name: UUID(int=1) for name in _names(path) - set(ids)}})
            answer = await stranger.request(method, place, json=body, headers=desk.key)
            assert 404 == answer.status_code, (method, path, answer.text)


def _names(path: str) -> set[str]:
    return {part[1:-1] for part in path.split("/") if part.startswith("{")}


def _bodies(described: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """Return a body that is valid for each route that names a tenant."""
    valid: dict[str, Any] = {
        "PaymentAsked": {"amount_cents": 1, "method": "cash"},
        "EncounterPaymentAsked": {"amount_cents": 1, "method": "cash"},
        "ReturnAsked": {"reason": "error"},
        "RecoveryAsked": {"amount_cents": 1},
        "RefundAsked": {"encounter_id": str(UUID(int=101)), "amount_cents": 1},
        "WriteOffAsked": {"encounter_id": str(UUID(int=101)), "write_off_class": "courtesy", "amount_cents": 1},
        "PlanAsked": {"installments": 2, "first_due_on": "2026-05-01"},
        "HoldAsked": {"reason": "deceased"},
        "DisputeAsked": {"encounter_id": str(UUID(int=101)), "amount_cents": 1},
        "ResolutionAsked": {"outcome": "upheld"},
        "AssistanceAsked": {"percent_basis_points": 1},
        "PlacementAsked": {"encounter_ids": [str(UUID(int=101))]},
        "ContactAsked": {},
        "InsuranceAsked": {"payer_name": "P"},
        "PolicyAsked": {},
    }
    found: dict[tuple[str, str], Any] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if not _names(path):
                continue
            content = operation.get("requestBody", {}).get("content", {})
            reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
            found[method.upper(), path] = valid[reference.rsplit("/", 1)[-1]] if reference else None
    return found
