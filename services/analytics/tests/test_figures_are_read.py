"""Money, aging, KPIs, lists and counts over HTTP: by scope, as of a day, page by page."""

from typing import Any
from uuid import UUID

from revcycle_kit.ids import derived_id

OTHER_CLINIC = UUID("0199f000-0000-7000-8000-00000000c222")


async def visit(teller: Any, name: str, cents: int, **more: Any) -> Any:
    told = teller(name, **more)
    await told.register()
    await told.charge(cents)
    return told


async def read(caller: Any, path: str, **query: Any) -> Any:
    async with caller() as client:
        answer = await client.get(path, params=query)
    assert 200 == answer.status_code, answer.text
    return answer.json()


async def test_money_is_conserved_in_total_and_in_each_encounter(teller: Any, caller: Any) -> None:
    told = await visit(teller, "one", 250_00)
    await told.submit("a", 250_00)
    await told.decide("a", 104_00, (250_00, {"CO-45 contractual": 70_00, "PR-2 patient": 76_00}))
    await told.bill_patient(76_00)
    await told.patient_pays(40_00)
    await visit(teller, "two", 10_00)

    money = await read(caller, "/v1/money")

    assert {
        "charged": 260_00,
        "insurance_paid": 104_00,
        "adjusted": 70_00,
        "patient_paid": 40_00,
        "written_off": 0,
        "insurance_open": 10_00,
        "in_transit": 0,
        "patient_open": 36_00,
    } == money["totals_cents"]
    assert (True, [], 2) == (money["conserved"], money["not_conserved"], money["encounters"])


async def test_money_as_of_an_earlier_day_is_what_was_posted_by_then(teller: Any, caller: Any, days: Any) -> None:
    told = await visit(teller, "one", 100_00)
    await days(10)
    await told.bill_patient(100_00, cause="self_pay")
    await told.patient_pays(100_00)

    then = (await read(caller, "/v1/money", as_of="2026-01-10"))["totals_cents"]
    now = (await read(caller, "/v1/money"))["totals_cents"]

    assert (100_00, 0) == (then["insurance_open"], then["patient_paid"])
    assert (0, 100_00) == (now["insurance_open"], now["patient_paid"])


async def test_what_a_patient_paid_ahead_is_unapplied_cash(teller: Any, caller: Any) -> None:
    told = await visit(teller, "one", 100_00)
    received = {"account_id": told.account_id, "amount_cents": 80_00}
    await told.tell("patient_billing", "patient_payment_received", told.account, **received)
    await told.bill_patient(50_00)
    await told.patient_pays(50_00)
    await told.refund(20_00)

    cash = (await read(caller, "/v1/money"))["patient_cash"]

    assert {"received_cents": 80_00, "applied_cents": 50_00, "unapplied_cents": 30_00} == cash


async def test_open_amounts_are_sorted_by_age_and_credits_stand_apart(teller: Any, caller: Any, days: Any) -> None:
    await visit(teller, "old", 100_00)
    await days(95)
    credit = teller("credit")
    await credit.register(credit.today)
    await credit.charge(50_00)
    await credit.ledger(("payment.insurance", "receivable.insurance", 60_00))

    buckets = {bucket["age"]: bucket for bucket in (await read(caller, "/v1/aging"))["buckets"]}

    assert ["0-30", "31-60", "61-90", "91-120", "120+"] == list(buckets)
    assert (1, 100_00, 0) == _of(buckets["91-120"])
    assert (1, 0, 10_00) == _of(buckets["0-30"])


async def test_kpis_are_those_of_the_payer_asked_for(teller: Any, caller: Any) -> None:
    for name, payer, carc in (("one", "blue", "denial"), ("two", "green", "contractual")):
        told = await visit(teller, name, 100_00, payer=payer)
        await told.submit("a", 100_00)
        await told.decide("a", 0, (100_00, {f"CO-45 {carc}": 100_00}))

    everyone = _kpi(await read(caller, "/v1/kpis"), "denial_rate")
    blue = _kpi(await read(caller, "/v1/kpis", payer_id=str(derived_id("payer", "blue"))), "denial_rate")

    assert ("50.00", 1, 2) == (everyone["value"], everyone["numerator"], everyone["denominator"])
    assert ("100.00", "red", "< 5 %") == (blue["value"], blue["band"], blue["target"])


async def test_kpis_of_a_month_count_what_was_decided_in_it(teller: Any, caller: Any, days: Any) -> None:
    for name, pause in (("january", 30), ("february", 0)):
        told = await visit(teller, name, 100_00)
        await told.submit("a", 100_00)
        await told.decide("a", 100_00, (100_00, {}))
        await days(pause)

    january = await read(caller, "/v1/kpis", month="2026-01")
    both = await read(caller, "/v1/kpis")

    assert (1, 2) == (_kpi(january, "denial_rate")["denominator"], _kpi(both, "denial_rate")["denominator"])
    assert "2026-01" == january["scope"]["month"]


async def test_a_month_that_is_none_is_refused(caller: Any) -> None:
    async with caller() as client:
        assert 422 == (await client.get("/v1/kpis", params={"month": "2026-13"})).status_code
        assert 422 == (await client.get("/v1/kpis", params={"month": "0000-01"})).status_code


async def test_encounters_are_listed_page_by_page_by_state(teller: Any, caller: Any) -> None:
    open_ones = {str((await visit(teller, f"open {number}", 100_00)).encounter_id) for number in range(3)}
    closed = await visit(teller, "closed", 100_00)
    await closed.ledger(("payment.insurance", "receivable.insurance", 100_00))

    first = await read(caller, "/v1/encounters", state="unbilled", limit=2)
    second = await read(caller, "/v1/encounters", state="unbilled", limit=2, cursor=first["next_cursor"])

    assert open_ones == {one["encounter_id"] for page in (first, second) for one in page["items"]}
    assert (2, 1, None) == (len(first["items"]), len(second["items"]), second["next_cursor"])
    counts = await read(caller, "/v1/encounters/counts")
    assert (4, 3, 1) == (counts["registered"], counts["open"], counts["closed"])


async def test_the_most_urgent_deadline_comes_first_and_late_ones_can_be_asked_for(
    teller: Any, caller: Any, days: Any
) -> None:
    late = await visit(teller, "late", 100_00)
    await days(9)
    fresh = await visit(teller, "fresh", 100_00)

    everything = await read(caller, "/v1/deadlines")
    only_late = await read(caller, "/v1/deadlines", late=True)

    assert [str(late.encounter_id), str(fresh.encounter_id)] == [one["encounter_id"] for one in everything["items"]]
    assert [str(late.encounter_id)] == [one["encounter_id"] for one in only_late["items"]]


async def test_events_are_counted_by_type(teller: Any, caller: Any) -> None:
    await visit(teller, "one", 100_00)
    await visit(teller, "two", 100_00)

    counts = await read(caller, "/v1/event-counts")

    assert 6 == counts["total"]
    assert 2 == counts["by_type"]["claims.ledger_posted.v1"]


async def test_a_foreign_clinic_does_not_exist(teller: Any, caller: Any) -> None:
    """By id, by filter and in every list: what is another clinic's is nowhere."""
    told = await visit(teller, "theirs", 100_00, clinic=OTHER_CLINIC)

    async with caller(roles=["manager"]) as client:
        assert 404 == (await client.get(f"/v1/journeys/{told.encounter_id}")).status_code
        for path in ("/v1/kpis", "/v1/money", "/v1/aging", "/v1/encounters", "/v1/deadlines", "/v1/encounters/counts"):
            assert 404 == (await client.get(path, params={"clinic_id": str(OTHER_CLINIC)})).status_code
        assert [] == (await client.get("/v1/encounters")).json()["items"]
        assert [] == (await client.get("/v1/deadlines")).json()["items"]
        assert 0 == (await client.get("/v1/money")).json()["totals_cents"]["charged"]
        assert 0 == (await client.get("/v1/event-counts")).json()["total"]
        assert 0 == (await client.get("/v1/reconciliation")).json()["checked"]["encounters"]


async def test_who_has_no_role_reads_nothing(caller: Any) -> None:
    async with caller(roles=["intake"]) as client:
        assert 403 == (await client.get("/v1/money")).status_code
    async with caller(roles=["biller"]) as client:
        assert 403 == (await client.get("/v1/reconciliation")).status_code


def _of(bucket: dict[str, int]) -> tuple[int, int, int]:
    return bucket["encounters"], bucket["insurance_cents"], bucket["insurance_credit_cents"]


def _kpi(answer: dict[str, Any], name: str) -> dict[str, Any]:
    [kpi] = [one for one in answer["kpis"] if one["name"] == name]
    return dict(kpi)
