"""What is late is told once, what happens in time is not, and a journey that stands still is noticed."""

from datetime import UTC, datetime, timedelta
from typing import Any


async def said(analytics: Any) -> list[tuple[str, str]]:
    """Return what analytics said about deadlines: event and step."""
    return [(name, told.get("step", "")) for name, told in await analytics.said() if name != "kpi_target_missed"]


async def test_a_claim_that_never_goes_out_misses_its_deadline_once(analytics: Any, teller: Any, days: Any) -> None:
    told = teller("unbilled")
    await told.register()
    await told.charge(100_00)

    await days(20)

    [(name, missed)] = await analytics.said(told.encounter_id)
    assert ("deadline_missed", "submission") == (name, missed["step"])
    assert datetime(2026, 1, 13, 12, tzinfo=UTC) == datetime.fromisoformat(missed["due_at"])
    assert [] == await analytics.parked()


async def test_a_claim_that_goes_out_in_time_misses_nothing(analytics: Any, teller: Any, days: Any) -> None:
    told = teller("billed")
    await told.register()
    await told.charge(100_00)
    await days(3)
    await told.submit("a", 100_00)
    await days(2)
    await told.acknowledge("a")
    await days(30)

    assert [] == await said(analytics)


async def test_a_999_is_no_acknowledgment_of_the_claim(analytics: Any, teller: Any, days: Any) -> None:
    told = teller("silent")
    await told.register()
    await told.charge(100_00)
    await told.submit("a", 100_00)
    await told.acknowledge("a", level="syntax")

    await days(7)

    assert [("deadline_missed", "acknowledgment")] == await said(analytics)


async def test_a_payer_that_does_not_decide_is_late(analytics: Any, teller: Any, days: Any) -> None:
    told = teller("undecided")
    await told.register()
    await told.charge(100_00)
    await told.submit("a", 100_00)
    await told.acknowledge("a")

    await days(47)

    assert [("deadline_missed", "adjudication")] == await said(analytics)


async def test_a_denial_nobody_works_on_is_late_at_the_payers_limit(analytics: Any, teller: Any, days: Any) -> None:
    told = teller("refused")
    await told.register()
    await told.charge(100_00)
    await told.submit("a", 100_00)
    await told.decide("a", 0, (100_00, {"CO-197 denial": 100_00}), outcome="denied")
    opened = {"denial_id": told.claim_id("denial"), "opened_on": told.today}
    await told.tell("denials", "denial_opened", act_by=told.today + timedelta(days=10), **opened)

    await days(12)

    [(_, missed)] = await analytics.said(told.encounter_id)
    assert "denial_turnaround" == missed["step"]
    assert datetime(2026, 1, 16, 12, tzinfo=UTC) == datetime.fromisoformat(missed["due_at"])


async def test_an_appeal_that_won_expects_its_payment_by_the_payers_day(analytics: Any, teller: Any, days: Any) -> None:
    told = teller("won")
    await told.register()
    await told.charge(100_00)
    await told.submit("a", 100_00)
    await told.decide("a", 0, (100_00, {"CO-197 denial": 100_00}), outcome="denied")
    appeal, denial = told.claim_id("appeal"), told.claim_id("denial")
    until = told.today + timedelta(days=60)
    await told.tell("denials", "denial_opened", denial_id=denial, act_by=until, opened_on=told.today)
    ours = {"appeal_id": appeal, "denial_ids": [str(denial)]}
    await told.tell("denials", "appeal_filed", decision_due_by=until, **ours)
    await told.tell(
        "denials",
        "appeal_decided",
        claim_id=told.claim_id("a"),
        outcome="overturned",
        payment_due_by=told.today + timedelta(days=5),
        decided_on=told.today,
        **ours,
    )

    await days(8)

    assert [("deadline_missed", "posting")] == await said(analytics)


async def test_a_balance_without_a_statement_is_late(analytics: Any, teller: Any, days: Any) -> None:
    told = await owing(teller, "unstated")

    await days(12)

    assert [("deadline_missed", "statement")] == await said(analytics)
    assert await analytics.documents("account", told.account_id)


async def test_a_statement_reaches_every_encounter_on_it(analytics: Any, teller: Any, days: Any) -> None:
    """The statement is said on the guarantor's account, of the payee; the deadline runs on the clinic's encounter."""
    told = await owing(teller, "stated")
    await issue(told)

    await days(12)

    assert [] == await said(analytics)
    [encounter] = await analytics.documents("encounter", told.encounter_id)
    assert () == encounter.waits


async def test_a_statement_heard_before_the_balance_waits_for_it(analytics: Any, teller: Any) -> None:
    told = teller("early")
    await told.register()
    await issue(told)
    assert 1 == len(await analytics.waiting())

    await told.charge(50_00)
    await told.bill_patient(50_00)
    await analytics.settle()

    assert [] == await analytics.waiting()
    [encounter] = await analytics.documents("encounter", told.encounter_id)
    assert "statement" not in {wait.step for wait in encounter.waits}


async def test_an_open_journey_without_a_deadline_stalls_once(analytics: Any, teller: Any, days: Any) -> None:
    told = await owing(teller, "forgotten")
    await issue(told)

    await days(90)

    [(name, stalled)] = await analytics.said(told.encounter_id)
    assert "journey_stalled" == name
    assert "The guarantor pays or is reminded." == stalled["next_step"]
    assert "patient_billing.ledger_posted.v1" == stalled["last_event"]


async def test_what_happens_after_a_stall_starts_the_clock_again(analytics: Any, teller: Any, days: Any) -> None:
    told = await owing(teller, "paying slowly")
    await issue(told)
    await days(40)
    await told.patient_pays(10_00)
    await days(40)

    assert [("journey_stalled", ""), ("journey_stalled", "")] == await said(analytics)


async def test_a_closed_journey_waits_for_nothing(analytics: Any, teller: Any, days: Any) -> None:
    told = await owing(teller, "done")
    await told.patient_pays(100_00)

    await days(100)

    assert [] == await said(analytics)
    [encounter] = await analytics.documents("encounter", told.encounter_id)
    assert ("closed", ()) == (encounter.state, encounter.waits)


async def test_a_cancelled_visit_waits_for_nothing(analytics: Any, teller: Any, days: Any) -> None:
    told = teller("no show")
    await told.register()
    await told.tell("eligibility", "encounter_cancelled", reason="no_show")

    await days(100)

    assert [] == await said(analytics)


async def test_nothing_is_due_any_more_when_all_is_told(analytics: Any, teller: Any, days: Any) -> None:
    """A simulation comes to rest: no timer arms itself for ever."""
    await owing(teller, "at rest")

    await days(200)

    assert await analytics.runtime.next_due() is None


async def owing(teller: Any, name: str) -> Any:
    """Tell a self-pay encounter whose guarantor owes 100.00."""
    told = teller(name)
    await told.register()
    await told.charge(100_00)
    await told.bill_patient(100_00, cause="self_pay")
    await told.harness.settle()
    return told


async def issue(told: Any) -> None:
    """Say that a statement over the encounter was issued."""
    await told.tell(
        "patient_billing",
        "statement_issued",
        told.account,
        account_id=told.account_id,
        billing_entity_id=told.account.tenant_id,
        encounter_ids=[str(told.encounter_id)],
        balance_cents=100_00,
        due_by=told.today + timedelta(days=30),
    )
    await told.harness.settle()


async def test_an_encounter_registered_again_after_its_cancellation_takes_place(analytics: Any, teller: Any) -> None:
    told = teller("came")
    await told.register()
    await told.tell("eligibility", "encounter_cancelled", reason="no_show")
    [before] = await analytics.documents("encounter", told.encounter_id)

    await told.register()

    [after] = await analytics.documents("encounter", told.encounter_id)
    assert ("cancelled", True) == (before.state, before.cancelled)
    assert "cancelled" != after.state
    assert not after.cancelled


async def test_an_update_after_the_cancellation_revives_nothing(analytics: Any, teller: Any) -> None:
    told = teller("stayed away")
    await told.register()
    await told.tell("eligibility", "encounter_cancelled", reason="no_show")

    await told.register(event="encounter_updated")

    [after] = await analytics.documents("encounter", told.encounter_id)
    assert "cancelled" == after.state
