"""The HTTP edge: worklists and commands within a grant; what is another's does not exist."""

from typing import Any

from claims.testing.api_clients import NOON, ApiClients
from claims.testing.billing_office import PAYEE, BillingOffice
from revcycle_kit.ids import derived_id


async def test_a_coder_finds_the_encounter_says_the_codes_and_sees_it_go_on(
    office: BillingOffice, api: ApiClients
) -> None:
    """The worklist says what is missing; one answer empties it, and the same answer twice is one answer."""
    await office.register("PPO01")
    await office.charge(None, code="185349003", system="snomed", diagnosis="44054006", coded_in="snomed")
    [waiting] = (await api.ours.get("/v1/coding-worklist")).json()["items"]
    assert {"procedure", "diagnosis"} == {item["what"] for item in waiting["missing"]}

    line = waiting["charges"][0]["line_id"]
    answer = {
        "lines": [{"line_id": line, "code": "g0463", "charge_cents": 25000}],
        "diagnoses": ["E11.9"],
    }
    path = f"/v1/encounters/{office.encounter_id}/coding"
    done = await api.post(path, answer, key="coding-1")
    again = await api.post(path, answer, key="coding-1")

    assert (200, 200) == (done.status_code, again.status_code)
    assert ("done", [], 25000) == (done.json()["coding"], done.json()["missing"], done.json()["charged_cents"])
    assert ["coding_completed"] == await office.said("coding_completed")
    assert [] == (await api.ours.get("/v1/coding-worklist")).json()["items"]


async def test_a_biller_finds_a_held_claim_with_its_fix_and_releases_it(office: BillingOffice, api: ApiClients) -> None:
    await office.register("PPO01", service_on="2025-09-01")
    await office.charge(9000, service_on="2025-09-01")
    await office.wait(NOON)
    [held] = (await api.ours.get("/v1/claims", params={"owner": "biller"})).json()["items"]
    assert ("held", "timely_filing") == (held["state"], held["findings"][0]["edit"])

    released = await api.post(
        f"/v1/claims/{held['claim_id']}/recheck",
        {"override": ["timely_filing"], "reason": "proof_of_timely_filing"},
    )

    assert (200, "ready") == (released.status_code, released.json()["claim"]["state"])


async def test_a_claim_a_remittance_and_a_ledger_can_be_read(office: BillingOffice, api: ApiClients) -> None:
    await office.register("PPO01")
    await office.charge(25000)
    await office.wait(NOON)
    [claim] = await office.claims()
    await office.pay(office.payment(claim, (25000, 18000, "CO-45 7000")))

    read = (await api.ours.get(f"/v1/claims/{claim.claim_id}")).json()
    ledger = (await api.ours.get(f"/v1/encounters/{office.encounter_id}/ledger")).json()
    [remittance] = (await api.ours.get("/v1/remittances", params={"state": "posted"})).json()["items"]

    assert ("paid", 18000) == (read["decisions"][0]["outcome"], read["decisions"][0]["paid_cents"])
    assert (25000, 18000, 7000, 0) == tuple(ledger[f"{name}_cents"] for name in ("charged", "paid", "adjusted", "open"))
    assert 3 == len(ledger["entries"])
    assert (18000, 0) == (remittance["applied_cents"], remittance["unapplied_cents"])


async def test_a_file_comes_in_over_http_and_its_set_aside_payment_is_posted_by_a_biller(
    office: BillingOffice, api: ApiClients
) -> None:
    await office.register("PPO01")
    await office.charge(45000)
    await office.wait(NOON)
    [claim] = await office.claims()
    content = office.payer_files.advice(office.payment(claim, (45000, 30000, "CO-45 12000")))
    taken = await api.ours.post("/v1/interchanges", content=content)
    assert (200, "accepted", 1) == (taken.status_code, taken.json()["state"], taken.json()["remittances"])
    await office.harness.settle()
    [item] = (await api.ours.get("/v1/payments-set-aside")).json()["items"]
    assert ("unbalanced", 30000) == (item["kind"], item["amount_cents"])

    path = f"/v1/payments-set-aside/{item['item_id']}/post"
    wrong = await api.post(path, {"lines": [{"line": 1, "adjustments": []}]})
    right = {"lines": [{"line": 1, "adjustments": [{"group": "CO", "carc": "45", "amount_cents": 15000}]}]}
    posted = await api.post(path, right)
    await office.harness.settle()

    assert (422, 200, "retried") == (wrong.status_code, posted.status_code, posted.json()["state"])
    assert 0 == (await office.money()).open


async def test_an_unreadable_file_is_answered_with_the_reason_and_listed(
    office: BillingOffice, api: ApiClients
) -> None:
    del office
    taken = await api.ours.post("/v1/interchanges", content=b"%PDF-1.7 not an interchange")

    listed = (await api.ours.get("/v1/interchanges", params={"state": "refused"})).json()["items"]
    assert "refused" == taken.json()["state"]
    assert [taken.json()["reason"]] == [item["reason"] for item in listed]


async def test_prices_are_entered_and_read(office: BillingOffice, api: ApiClients) -> None:
    path = f"/v1/billing-entities/{PAYEE}/prices"
    row = {"code": "G0463", "unit_cents": 25000, "effective_on": "2026-01-01"}
    rate = {"payer_id": str(derived_id("payer", "ORG", "PPO01")), "code": "G0463", "unit_cents": 18000}

    entered = await api.post(path, {"prices": [row], "rates": [{**rate, "effective_on": "2026-01-01"}]})
    negative = await api.post(path, {"prices": [{**row, "unit_cents": -5}]})
    read = (await api.ours.get(path)).json()
    await office.register("PPO01")
    await office.charge(None, code="G0463")

    assert (200, 422) == (entered.status_code, negative.status_code)
    assert ([25000], 1) == ([price["unit_cents"] for price in read["prices"]], read["contract_rows"])
    assert 25000 == (await office.money()).charged


async def test_a_deposit_is_recorded_once(office: BillingOffice, api: ApiClients) -> None:
    del office
    deposit = {
        "deposit_id": str(derived_id("deposit")),
        "billing_entity_id": str(PAYEE),
        "trace_number": "EFT1",
        "amount_cents": 18000,
        "deposited_on": "2026-02-01",
    }

    first = await api.post("/v1/deposits", deposit)
    again = await api.post("/v1/deposits", deposit)

    assert (200, 200) == (first.status_code, again.status_code)
    assert first.json() == again.json()
    [waiting] = (await api.ours.get("/v1/deposits")).json()["items"]
    assert ("EFT1", 18000, None) == (waiting["trace_number"], waiting["amount_cents"], waiting["remittance_id"])


async def test_what_is_anothers_does_not_exist(office: BillingOffice, api: ApiClients) -> None:
    """Every route, with our ids and a stranger's grant: nothing is read, nothing is changed."""
    await office.register("PPO01")
    await office.charge(45000)
    await office.wait(NOON)
    [claim] = await office.claims()
    await office.pay(office.payment(claim, (45000, 30000, "CO-45 12000")))
    [item] = (await api.ours.get("/v1/payments-set-aside")).json()["items"]
    eve, encounter = api.stranger, office.encounter_id
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
    assert [404] * len(commands) == [(await api.post(path, body, by=eve)).status_code for path, body in commands]
    for path in ("/v1/claims", "/v1/coding-worklist", "/v1/remittances", "/v1/payments-set-aside", "/v1/deposits"):
        assert [] == (await eve.get(path, params={})).json()["items"]
    assert "sent" == (await office.claims())[0].state


async def test_a_reader_reads_and_changes_nothing(office: BillingOffice, api: ApiClients) -> None:
    await office.register("PPO01")
    await office.charge(9000)

    assert 200 == (await api.reader.get(f"/v1/encounters/{office.encounter_id}")).status_code
    refused = await api.post(f"/v1/encounters/{office.encounter_id}/coding", {}, by=api.reader)
    unkeyed = await api.ours.post(f"/v1/encounters/{office.encounter_id}/coding", json={})

    assert (403, 400) == (refused.status_code, unkeyed.status_code)


async def test_nobody_is_named_in_any_answer(office: BillingOffice, api: ApiClients) -> None:
    """Names, birth dates and member numbers stand in no answer of this service."""
    await office.register("PPO01")
    await office.charge(25000)
    await office.wait(NOON)
    [claim] = await office.claims()
    await office.pay(office.payment(claim, (25000, 18000, "CO-45 7000")))

    for path in (f"/v1/encounters/{office.encounter_id}", f"/v1/claims/{claim.claim_id}", "/v1/remittances"):
        text = (await api.ours.get(path)).text
        assert not [word for word in ("DOE", "JANE", "1980", "M1PPO01") if word in text]
