"""Money, aging, KPIs, lists and counts over HTTP: by scope, as of a day, page by page."""

from typing import Any
from uuid import UUID

from analytics.testing.api import Callers
from analytics.testing.days import Days
from analytics.testing.visits import Visit, Visits
from revcycle_kit.ids import derived_id

OTHER_CLINIC = UUID("0199f000-0000-7000-8000-00000000c222")


async def charged(visits: Visits, name: str, cents: int, **more: Any) -> Visit:
    visit = visits(name, **more)
    await visit.register()
    await visit.charge(cents)
    return visit


async def test_money_is_conserved_in_total_and_in_each_encounter(visits: Visits, callers: Callers) -> None:
    visit = await charged(visits, "one", 250_00)
    await visit.submit("a", 250_00)
    await visit.decide("a", 104_00, (250_00, {"CO-45 contractual": 70_00, "PR-2 patient": 76_00}))
    await visit.bill_patient(76_00)
    await visit.patient_pays(40_00)
    await charged(visits, "two", 10_00)

    money = await callers.read("/v1/money")

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


async def test_money_as_of_an_earlier_day_is_what_was_posted_by_then(
    visits: Visits, callers: Callers, days: Days
) -> None:
    visit = await charged(visits, "one", 100_00)
    await days(10)
    await visit.bill_patient(100_00, cause="self_pay")
    await visit.patient_pays(100_00)

    then = (await callers.read("/v1/money", as_of="2026-01-10"))["totals_cents"]
    now = (await callers.read("/v1/money"))["totals_cents"]

    assert (100_00, 0) == (then["insurance_open"], then["patient_paid"])
    assert (0, 100_00) == (now["insurance_open"], now["patient_paid"])


async def test_what_a_patient_paid_ahead_is_unapplied_cash(visits: Visits, callers: Callers) -> None:
    visit = await charged(visits, "one", 100_00)
    received = {"account_id": visit.account_id, "amount_cents": 80_00}
    await visit.publish("patient_billing", "patient_payment_received", visit.account, **received)
    await visit.bill_patient(50_00)
    await visit.patient_pays(50_00)
    await visit.refund(20_00)

    cash = (await callers.read("/v1/money"))["patient_cash"]

    assert {"received_cents": 80_00, "applied_cents": 50_00, "unapplied_cents": 30_00} == cash


async def test_open_amounts_are_sorted_by_age_and_credits_stand_apart(
    visits: Visits, callers: Callers, days: Days
) -> None:
    await charged(visits, "old", 100_00)
    await days(95)
    credit = visits("credit")
    await credit.register(credit.today)
    await credit.charge(50_00)
    await credit.ledger(("payment.insurance", "receivable.insurance", 60_00))

    buckets = {bucket["age"]: bucket for bucket in (await callers.read("/v1/aging"))["buckets"]}

    assert ["0-30", "31-60", "61-90", "91-120", "120+"] == list(buckets)
    assert (1, 100_00, 0) == _of(buckets["91-120"])
    assert (1, 0, 10_00) == _of(buckets["0-30"])


async def test_kpis_are_those_of_the_payer_asked_for(visits: Visits, callers: Callers) -> None:
    for name, payer, carc in (("one", "blue", "denial"), ("two", "green", "contractual")):
        visit = await charged(visits, name, 100_00, payer=payer)
        await visit.submit("a", 100_00)
        await visit.decide("a", 0, (100_00, {f"CO-45 {carc}": 100_00}))

    everyone = _kpi(await callers.read("/v1/kpis"), "denial_rate")
    blue = _kpi(await callers.read("/v1/kpis", payer_id=str(derived_id("payer", "blue"))), "denial_rate")

    assert ("50.00", 1, 2) == (everyone["value"], everyone["numerator"], everyone["denominator"])
    assert ("100.00", "red", "< 5 %") == (blue["value"], blue["band"], blue["target"])


async def test_kpis_of_a_month_count_what_was_decided_in_it(visits: Visits, callers: Callers, days: Days) -> None:
    for name, pause in (("january", 30), ("february", 0)):
        visit = await charged(visits, name, 100_00)
        await visit.submit("a", 100_00)
        await visit.decide("a", 100_00, (100_00, {}))
        await days(pause)

    january = await callers.read("/v1/kpis", month="2026-01")
    both = await callers.read("/v1/kpis")

    assert (1, 2) == (_kpi(january, "denial_rate")["denominator"], _kpi(both, "denial_rate")["denominator"])
    assert "2026-01" == january["scope"]["month"]


async def test_a_month_that_is_none_is_refused(callers: Callers) -> None:
    async with callers() as client:
        assert 422 == (await client.get("/v1/kpis", params={"month": "2026-13"})).status_code
        assert 422 == (await client.get("/v1/kpis", params={"month": "0000-01"})).status_code


async def test_encounters_are_listed_page_by_page_by_state(visits: Visits, callers: Callers) -> None:
    open_ones = {str((await charged(visits, f"open {number}", 100_00)).encounter_id) for number in range(3)}
    closed = await charged(visits, "closed", 100_00)
    await closed.ledger(("payment.insurance", "receivable.insurance", 100_00))

    first = await callers.read("/v1/encounters", state="unbilled", limit=2)
    second = await callers.read("/v1/encounters", state="unbilled", limit=2, cursor=first["next_cursor"])

    assert open_ones == {item["encounter_id"] for page in (first, second) for item in page["items"]}
    assert (2, 1, None) == (len(first["items"]), len(second["items"]), second["next_cursor"])
    counts = await callers.read("/v1/encounters/counts")
    assert (4, 3, 1) == (counts["registered"], counts["open"], counts["closed"])


async def test_the_most_urgent_deadline_comes_first_and_late_ones_can_be_asked_for(
    visits: Visits, callers: Callers, days: Days
) -> None:
    late = await charged(visits, "late", 100_00)
    await days(9)
    fresh = await charged(visits, "fresh", 100_00)

    everything = await callers.read("/v1/deadlines")
    only_late = await callers.read("/v1/deadlines", late=True)

    assert [str(late.encounter_id), str(fresh.encounter_id)] == [item["encounter_id"] for item in everything["items"]]
    assert [str(late.encounter_id)] == [item["encounter_id"] for item in only_late["items"]]


async def test_events_are_counted_by_type(visits: Visits, callers: Callers) -> None:
    await charged(visits, "one", 100_00)
    await charged(visits, "two", 100_00)

    counts = await callers.read("/v1/event-counts")

    assert 6 == counts["total"]
    assert 2 == counts["by_type"]["claims.ledger_posted.v1"]


async def test_a_foreign_clinic_does_not_exist(visits: Visits, callers: Callers) -> None:
    """By id, by filter and in every list: what is another clinic's is nowhere."""
    visit = await charged(visits, "theirs", 100_00, clinic=OTHER_CLINIC)

    async with callers(roles=["manager"]) as client:
        assert 404 == (await client.get(f"/v1/journeys/{visit.encounter_id}")).status_code
        for path in ("/v1/kpis", "/v1/money", "/v1/aging", "/v1/encounters", "/v1/deadlines", "/v1/encounters/counts"):
            assert 404 == (await client.get(path, params={"clinic_id": str(OTHER_CLINIC)})).status_code
        assert [] == (await client.get("/v1/encounters")).json()["items"]
        assert [] == (await client.get("/v1/deadlines")).json()["items"]
        assert 0 == (await client.get("/v1/money")).json()["totals_cents"]["charged"]
        assert 0 == (await client.get("/v1/event-counts")).json()["total"]
        assert 0 == (await client.get("/v1/reconciliation")).json()["checked"]["encounters"]


async def test_who_has_no_role_reads_nothing(callers: Callers) -> None:
    async with callers(roles=["intake"]) as client:
        assert 403 == (await client.get("/v1/money")).status_code
    async with callers(roles=["biller"]) as client:
        assert 403 == (await client.get("/v1/reconciliation")).status_code


def _of(bucket: dict[str, int]) -> tuple[int, int, int]:
    return bucket["encounters"], bucket["insurance_cents"], bucket["insurance_credit_cents"]


def _kpi(answer: dict[str, Any], name: str) -> dict[str, Any]:
    [kpi] = [kpi for kpi in answer["kpis"] if kpi["name"] == name]
    return dict(kpi)
