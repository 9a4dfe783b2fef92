"""The API as a front api, a biller and a stranger meet it."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from patient_billing.messages import StartPlan
from patient_billing.testing.api import ApiClients
from patient_billing.testing.office import BillingOffice


@pytest.fixture
async def api(office: BillingOffice, tmp_path: Path) -> ApiClients:
    """Open the API over an account that owes 76.00."""
    await office.register(1)
    await office.owe(1, 76_00)
    return ApiClients(office, tmp_path)


async def test_a_biller_reads_what_is_owed_and_why(api: ApiClients) -> None:
    async with api.client("biller") as biller:
        [row] = (await biller.get(f"{api.entity}/accounts", params={"due": True})).json()["items"]
        account = (await biller.get(api.account)).json()
        visit = (await biller.get(api.visit)).json()
        [entry] = (await biller.get(f"{api.visit}/ledger")).json()["items"]
        nothing = (await biller.get(f"{api.entity}/accounts", params={"due": False})).json()["items"]

    assert (76_00, False) == (row["due_cents"], row["held"])
    assert 76_00 == account["balances"][0]["open_cents"]
    assert (76_00, row["account_id"]) == (visit["position"]["open_cents"], visit["account_id"])
    assert ("receivable.patient", "transfer.insurance") == (entry["debit"], entry["credit"])
    assert [] == nothing
    assert "sealed" not in str(account)


async def test_a_payment_repeated_under_its_key_is_taken_once(api: ApiClients, office: BillingOffice) -> None:
    payment = {"amount_cents": 50_00, "method": "card"}
    async with api.client("front_desk") as clerk:
        first = await clerk.post(f"{api.account}/payments", json=payment, headers={"Idempotency-Key": "pay-1"})
        again = await clerk.post(f"{api.account}/payments", json=payment, headers={"Idempotency-Key": "pay-1"})
        other = await clerk.post(
            f"{api.account}/payments", json={**payment, "amount_cents": 1_00}, headers={"Idempotency-Key": "pay-1"}
        )
        without = await clerk.post(f"{api.account}/payments", json=payment)

    assert (201, 201) == (first.status_code, again.status_code)
    assert first.json() == again.json()
    assert (422, 400) == (other.status_code, without.status_code)
    await office.harness.settle()
    assert 26_00 == (await office.see_account()).due_cents


@pytest.mark.parametrize("method", ["card", "ach"])
async def test_a_payment_with_its_receipt_is_kept_whatever_is_owed_and_the_excess_goes_back(
    api: ApiClients, office: BillingOffice, method: str
) -> None:
    paid = {"amount_cents": 100_00, "method": method, "reference": "receipt-7"}
    async with api.client("biller") as biller:
        answer = await biller.post(f"{api.account}/payments", json=paid, headers=api.key)
    assert (201, 0, 24_00) == (answer.status_code, answer.json()["due_cents"], answer.json()["unapplied_cents"])

    await office.until(2026, 3, 20)
    told = dict(await office.harness.said(UUID(int=101)))
    assert (24_00, "2026-03-16") == (told["refund_issued"]["amount_cents"], told["refund_issued"]["issued_on"])
    assert (0, 0) == ((await office.see_account()).unapplied_cents, (await office.see_encounter(1)).open_cents)
    await office.nothing_parked()


async def test_a_payment_that_names_its_statement_pays_it_beside_a_plan(api: ApiClients, office: BillingOffice) -> None:
    await office.ask(StartPlan(installments=2, first_due_on=date(2026, 4, 1)))
    await office.register(2, service_on=date(2026, 2, 25))
    await office.owe(2, 40_00)
    await office.until(2026, 3, 3)
    async with api.client("biller") as biller:
        [row] = (await biller.get(f"{api.account}/statements")).json()["items"]
        paid = {"amount_cents": 40_00, "method": "card", "statement_id": row["statement_id"]}
        answer = await biller.post(f"{api.account}/payments", json=paid, headers=api.key)
        await office.harness.settle()
        visit = (await biller.get(f"/v1/clinics/{office.clinic_id}/encounters/{UUID(int=102)}")).json()
        first = (await biller.get(api.visit)).json()

    assert (40_00, 201) == (row["balance_cents"], answer.status_code)
    assert (0, 76_00) == (visit["position"]["open_cents"], first["position"]["open_cents"])
    await office.nothing_parked()


async def test_a_statement_of_nobody_or_beside_another_purpose_is_refused(
    api: ApiClients, office: BillingOffice
) -> None:
    await office.until(2026, 3, 3)
    async with api.client("biller") as biller:
        [row] = (await biller.get(f"{api.account}/statements")).json()["items"]
        paid = {"amount_cents": 40_00, "method": "card", "statement_id": row["statement_id"]}
        other = f"{api.entity}/accounts/{UUID(int=77)}/payments"
        unknown = {**paid, "statement_id": str(UUID(int=78))}
        of_another = await biller.post(other, json=paid, headers=api.key)
        of_nobody = await biller.post(f"{api.account}/payments", json=unknown, headers=api.key)
        for_plan = await biller.post(f"{api.account}/payments", json={**paid, "purpose": "plan"}, headers=api.key)

    assert [404, 404, 422] == [answer.status_code for answer in (of_another, of_nobody, for_plan)]
    assert "statement_id" == for_plan.json()["errors"][0]["where"]


async def test_a_copay_is_taken_at_the_visit_before_any_balance(api: ApiClients, office: BillingOffice) -> None:
    await office.register(2)
    visit = f"/v1/clinics/{office.clinic_id}/encounters/{UUID(int=102)}/payments"
    async with api.client("front_desk") as clerk:
        taken = await clerk.post(visit, json={"amount_cents": 30_00, "method": "cash"}, headers=api.key)

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
    api: ApiClients, payment: dict[str, Any], status: int
) -> None:
    async with api.client("biller") as biller:
        answer = await biller.post(f"{api.account}/payments", json=payment, headers=api.key)
        account = (await biller.get(api.account)).json()

    assert status == answer.status_code
    assert "application/problem+json" == answer.headers["Content-Type"]
    assert answer.json()["errors"][0]["where"]
    assert [] == account["payments"]


async def test_a_statement_is_shown_as_page_pdf_and_value(api: ApiClients, office: BillingOffice) -> None:
    await office.until(2026, 3, 3)
    async with api.client("biller") as biller:
        [row] = (await biller.get(f"{api.account}/statements")).json()["items"]
        place = f"{api.entity}/statements/{row['statement_id']}"
        value, page, pdf = [await biller.get(place + form) for form in ("", "/page", "/pdf")]

    assert (76_00, 1) == (row["balance_cents"], row["number"])
    assert 76_00 == value.json()["items"][0]["due_cents"]
    assert "Alex Example" in page.text
    assert "$76.00" in page.text
    assert "script" not in page.headers["Content-Security-Policy"]
    assert pdf.content.startswith(b"%PDF-")
    assert "application/pdf" == pdf.headers["Content-Type"]


async def test_care_is_asked_for_step_by_step(api: ApiClients) -> None:
    """A plan, a dispute that a clerk may open but only a lead may decide, contact, assistance."""
    async with api.client("front_desk") as clerk, api.client("lead") as lead:
        plan = await clerk.post(
            f"{api.account}/plans", json={"installments": 4, "first_due_on": "2026-04-01"}, headers=api.key
        )
        ended = await clerk.post(f"{api.account}/plans/cancel", headers=api.key)
        disputed = {"encounter_id": str(UUID(int=101)), "amount_cents": 20_00}
        dispute = await clerk.post(f"{api.account}/disputes", json=disputed, headers=api.key)
        place = f"{api.account}/disputes/{dispute.json()['created_id']}/resolve"
        ruling = {"outcome": "adjusted", "adjusted_cents": 20_00}
        forbidden = await clerk.post(place, json=ruling, headers=api.key)
        decided = await lead.post(place, json=ruling, headers=api.key)
        contact = await clerk.put(f"{api.account}/contact", json={"sms_consented": True}, headers=api.key)
        small = {"encounter_id": str(UUID(int=101)), "write_off_class": "courtesy", "amount_cents": 1_00}
        gift = await lead.post(f"{api.account}/write-offs", json=small, headers=api.key)
        shown = await clerk.post(f"{api.visit}/insurance-presented", json={"payer_name": "P"}, headers=api.key)

    assert [201, 200, 201, 403, 200, 200, 201, 202] == [
        answer.status_code for answer in (plan, ended, dispute, forbidden, decided, contact, gift, shown)
    ]
    assert 55_00 == gift.json()["due_cents"]


async def test_a_write_off_above_the_callers_tier_needs_somebody_else(api: ApiClients, office: BillingOffice) -> None:
    await office.register(3)
    await office.owe(3, 200_00)
    asked = {"encounter_id": str(UUID(int=103)), "write_off_class": "courtesy", "amount_cents": 100_01}
    async with api.client("biller") as biller, api.client("lead") as lead:
        refused = await biller.post(f"{api.account}/write-offs", json=asked, headers=api.key)
        granted = await lead.post(f"{api.account}/write-offs", json=asked, headers=api.key)

    assert (422, "Ask a lead to approve it.") == (refused.status_code, refused.json()["errors"][0]["fix"])
    assert 201 == granted.status_code


async def test_a_policy_is_stated_by_day_and_a_month_is_closed(api: ApiClients, office: BillingOffice) -> None:
    await office.harness.advance(datetime(2026, 4, 2, tzinfo=UTC))
    async with api.client("manager") as manager:
        policy = {"self_pay_discount_basis_points": 4000, "clinic_discounts": {str(office.clinic_id): 5000}}
        stated = await manager.put(f"{api.entity}/policies/2026-01-01", json=policy, headers=api.key)
        closed = await manager.post(f"{api.entity}/periods/2026-03/close", headers=api.key)
        again = await manager.post(f"{api.entity}/periods/2026-03/close", headers=api.key)

    assert (204, 204, 409) == (stated.status_code, closed.status_code, again.status_code)
    await office.register(5)
    await office.owe(5, 100_00, cause="self_pay")
    assert 50_00 == (await office.see_encounter(5)).position.discounted_cents


async def test_a_grant_without_an_organization_moves_no_money(api: ApiClients) -> None:
    """Without its organization the rules of the billing entity are not seen: nothing may be decided."""
    async with api.client("biller", billing_entities=api.grant["billing_entities"]) as biller:
        answer = await biller.post(
            f"{api.account}/payments", json={"amount_cents": 1_00, "method": "card"}, headers=api.key
        )

    assert 404 == answer.status_code
    assert "organization" in answer.json()["detail"]


async def test_another_organization_finds_nothing_at_any_address(api: ApiClients, office: BillingOffice) -> None:
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
    bodies = _bodies(api.app.openapi())
    async with api.client(*roles, **theirs) as stranger:
        for (method, path), body in bodies.items():
            place = path.format_map({**ids, **{name: UUID(int=1) for name in _names(path) - set(ids)}})
            answer = await stranger.request(method, place, json=body, headers=api.key)
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
