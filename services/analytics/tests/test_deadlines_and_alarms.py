"""What is late is told once, what happens in time is not, and a journey that stands still is noticed."""

from datetime import UTC, datetime, timedelta

from analytics.testing.days import Days
from analytics.testing.visits import Visit, Visits
from revcycle_kit.testing.harness import Harness


async def said(analytics: Harness) -> list[tuple[str, str]]:
    """Return what analytics said about deadlines: event and step."""
    return [(name, data.get("step", "")) for name, data in await analytics.said() if name != "kpi_target_missed"]


async def test_a_claim_that_never_goes_out_misses_its_deadline_once(
    analytics: Harness, visits: Visits, days: Days
) -> None:
    visit = visits("unbilled")
    await visit.register()
    await visit.charge(100_00)

    await days(20)

    [(name, missed)] = await analytics.said(visit.encounter_id)
    assert ("deadline_missed", "submission") == (name, missed["step"])
    assert datetime(2026, 1, 13, 12, tzinfo=UTC) == datetime.fromisoformat(missed["due_at"])
    assert [] == await analytics.parked()


async def test_a_claim_that_goes_out_in_time_misses_nothing(analytics: Harness, visits: Visits, days: Days) -> None:
    visit = visits("billed")
    await visit.register()
    await visit.charge(100_00)
    await days(3)
    await visit.submit("a", 100_00)
    await days(2)
    await visit.acknowledge("a")
    await days(30)

    assert [] == await said(analytics)


async def test_a_999_is_no_acknowledgment_of_the_claim(analytics: Harness, visits: Visits, days: Days) -> None:
    visit = visits("silent")
    await visit.register()
    await visit.charge(100_00)
    await visit.submit("a", 100_00)
    await visit.acknowledge("a", level="syntax")

    await days(7)

    assert [("deadline_missed", "acknowledgment")] == await said(analytics)


async def test_a_payer_that_does_not_decide_is_late(analytics: Harness, visits: Visits, days: Days) -> None:
    visit = visits("undecided")
    await visit.register()
    await visit.charge(100_00)
    await visit.submit("a", 100_00)
    await visit.acknowledge("a")

    await days(47)

    assert [("deadline_missed", "adjudication")] == await said(analytics)


async def test_a_denial_nobody_works_on_is_late_at_the_payers_limit(
    analytics: Harness, visits: Visits, days: Days
) -> None:
    visit = visits("refused")
    await visit.register()
    await visit.charge(100_00)
    await visit.submit("a", 100_00)
    await visit.decide("a", 0, (100_00, {"CO-197 denial": 100_00}), outcome="denied")
    opened = {"denial_id": visit.claim_id("denial"), "opened_on": visit.today}
    await visit.publish("denials", "denial_opened", act_by=visit.today + timedelta(days=10), **opened)

    await days(12)

    [(_, missed)] = await analytics.said(visit.encounter_id)
    assert "denial_turnaround" == missed["step"]
    assert datetime(2026, 1, 16, 12, tzinfo=UTC) == datetime.fromisoformat(missed["due_at"])


async def test_an_appeal_that_won_expects_its_payment_by_the_payers_day(
    analytics: Harness, visits: Visits, days: Days
) -> None:
    visit = visits("won")
    await visit.register()
    await visit.charge(100_00)
    await visit.submit("a", 100_00)
    await visit.decide("a", 0, (100_00, {"CO-197 denial": 100_00}), outcome="denied")
    appeal, denial = visit.claim_id("appeal"), visit.claim_id("denial")
    until = visit.today + timedelta(days=60)
    await visit.publish("denials", "denial_opened", denial_id=denial, act_by=until, opened_on=visit.today)
    ours = {"appeal_id": appeal, "denial_ids": [str(denial)]}
    await visit.publish("denials", "appeal_filed", decision_due_by=until, **ours)
    await visit.publish(
        "denials",
        "appeal_decided",
        claim_id=visit.claim_id("a"),
        outcome="overturned",
        payment_due_by=visit.today + timedelta(days=5),
        decided_on=visit.today,
        **ours,
    )

    await days(8)

    assert [("deadline_missed", "posting")] == await said(analytics)


async def test_a_balance_without_a_statement_is_late(analytics: Harness, visits: Visits, days: Days) -> None:
    visit = await owing(visits, "unstated")

    await days(12)

    assert [("deadline_missed", "statement")] == await said(analytics)
    assert await analytics.documents("account", visit.account_id)


async def test_a_statement_reaches_every_encounter_on_it(analytics: Harness, visits: Visits, days: Days) -> None:
    """The statement is said on the guarantor's account, of the payee; the deadline runs on the clinic's encounter."""
    visit = await owing(visits, "stated")
    await issue(visit)

    await days(12)

    assert [] == await said(analytics)
    encounter = await visit.known()
    assert () == encounter.waits


async def test_a_statement_heard_before_the_balance_waits_for_it(analytics: Harness, visits: Visits) -> None:
    visit = visits("early")
    await visit.register()
    await issue(visit)
    assert 1 == len(await analytics.waiting())

    await visit.charge(50_00)
    await visit.bill_patient(50_00)
    await analytics.settle()

    assert [] == await analytics.waiting()
    encounter = await visit.known()
    assert "statement" not in {wait.step for wait in encounter.waits}


async def test_an_open_journey_without_a_deadline_stalls_once(analytics: Harness, visits: Visits, days: Days) -> None:
    visit = await owing(visits, "forgotten")
    await issue(visit)

    await days(90)

    [(name, stalled)] = await analytics.said(visit.encounter_id)
    assert "journey_stalled" == name
    assert "The guarantor pays or is reminded." == stalled["next_step"]
    assert "patient_billing.ledger_posted.v1" == stalled["last_event"]


async def test_what_happens_after_a_stall_starts_the_clock_again(
    analytics: Harness, visits: Visits, days: Days
) -> None:
    visit = await owing(visits, "paying slowly")
    await issue(visit)
    await days(40)
    await visit.patient_pays(10_00)
    await days(40)

    assert [("journey_stalled", ""), ("journey_stalled", "")] == await said(analytics)


async def test_a_closed_journey_waits_for_nothing(analytics: Harness, visits: Visits, days: Days) -> None:
    visit = await owing(visits, "done")
    await visit.patient_pays(100_00)

    await days(100)

    assert [] == await said(analytics)
    encounter = await visit.known()
    assert ("closed", ()) == (encounter.state, encounter.waits)


async def test_a_cancelled_visit_waits_for_nothing(analytics: Harness, visits: Visits, days: Days) -> None:
    visit = visits("no show")
    await visit.register()
    await visit.publish("eligibility", "encounter_cancelled", reason="no_show")

    await days(100)

    assert [] == await said(analytics)


async def test_nothing_is_due_any_more_when_all_is_told(analytics: Harness, visits: Visits, days: Days) -> None:
    """A simulation comes to rest: no timer arms itself for ever."""
    await owing(visits, "at rest")

    await days(200)

    assert await analytics.runtime.next_due() is None


async def owing(visits: Visits, name: str) -> Visit:
    """Tell a self-pay encounter whose guarantor owes 100.00."""
    visit = visits(name)
    await visit.register()
    await visit.charge(100_00)
    await visit.bill_patient(100_00, cause="self_pay")
    await visit.harness.settle()
    return visit


async def issue(visit: Visit) -> None:
    """Say that a statement over the encounter was issued."""
    await visit.publish(
        "patient_billing",
        "statement_issued",
        visit.account,
        account_id=visit.account_id,
        billing_entity_id=visit.account.tenant_id,
        encounter_ids=[str(visit.encounter_id)],
        balance_cents=100_00,
        due_by=visit.today + timedelta(days=30),
    )
    await visit.harness.settle()


async def test_an_encounter_registered_again_after_its_cancellation_takes_place(visits: Visits) -> None:
    visit = visits("came")
    await visit.register()
    await visit.publish("eligibility", "encounter_cancelled", reason="no_show")
    before = await visit.known()

    await visit.register()

    after = await visit.known()
    assert ("cancelled", True) == (before.state, before.cancelled)
    assert "cancelled" != after.state
    assert not after.cancelled


async def test_an_update_after_the_cancellation_revives_nothing(visits: Visits) -> None:
    visit = visits("stayed away")
    await visit.register()
    await visit.publish("eligibility", "encounter_cancelled", reason="no_show")

    await visit.register(event="encounter_updated")

    after = await visit.known()
    assert "cancelled" == after.state
