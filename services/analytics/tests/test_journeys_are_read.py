"""A journey is every event in order and in words, with what is late and what comes next, and nobody's identity."""

from uuid import UUID

from analytics.figures.detail import Detail, detail_of
from analytics.figures.words import words_of
from analytics.testing.api import Callers
from analytics.testing.days import Days
from analytics.testing.visits import Visit, Visits
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.ids import derived_id
from revcycle_kit.testing.harness import Harness

ORGANIZATION = UUID("0199f000-0000-7000-8000-00000000c0de")


async def named_payer(visit: Visit) -> None:
    """Let the directory say how the payer is called."""
    directory = StreamRef("organization", ORGANIZATION, "directory", visit.payer_id)
    await visit.publish("eligibility", "payer_updated", directory, payer_id=visit.payer_id, name="Blue Lake Health")


async def test_the_story_is_told_in_order_and_in_words(analytics: Harness, visits: Visits, callers: Callers) -> None:
    visit = visits("told")
    await named_payer(visit)
    await visit.register()
    await visit.charge(250_00)
    await visit.submit("a", 250_00)
    await visit.decide("a", 0, (250_00, {"CO-197 denial": 250_00}), outcome="denied", denied_cents=250_00)

    async with callers() as client:
        answer = await client.get(f"/v1/journeys/{visit.encounter_id}")

    assert 200 == answer.status_code
    words = [step["words"] for step in answer.json()["events"]]
    assert "The visit of 2026-01-05 (outpatient) was registered from ?." in words
    assert "Services for $250.00 were charged." in words
    assert "A claim for $250.00 went to Blue Lake Health (rank 1, original)." in words
    assert "Blue Lake Health decided: paid $0.00, contractual ?, patient ?, refused $250.00 (CO-197)." in words
    places = [(step["step"], step["service"], step["version"]) for step in answer.json()["events"]]
    assert sorted(places) == places
    assert await analytics.parked() == []


async def test_the_story_says_where_it_stands_what_is_late_and_what_comes_next(
    visits: Visits, callers: Callers, days: Days
) -> None:
    visit = visits("late")
    await visit.register()
    await visit.charge(250_00)
    await days(10)

    async with callers() as client:
        encounter = (await client.get(f"/v1/journeys/{visit.encounter_id}")).json()["encounter"]

    assert "unbilled" == encounter["state"]
    assert "The claim is built, edited and sent." == encounter["next_step"]
    [deadline] = encounter["deadlines"]
    assert ("submission", True, "the claim goes out") == (deadline["step"], deadline["late"], deadline["expected"])
    assert 250_00 == encounter["money_cents"]["insurance_open"]


async def test_a_statement_on_the_account_is_part_of_the_encounters_story(visits: Visits, callers: Callers) -> None:
    visit, other = visits("on it"), visits("not on it")
    for encounter in (visit, other):
        await encounter.register()
    await visit.charge(100_00)
    await visit.bill_patient(100_00)
    await visit.harness.settle()
    await visit.publish(
        "patient_billing",
        "statement_issued",
        visit.account,
        account_id=visit.account_id,
        encounter_ids=[str(visit.encounter_id)],
        balance_cents=100_00,
        due_by="2026-02-05",
    )

    async with callers() as client:
        stories = [(await client.get(f"/v1/journeys/{encounter.encounter_id}")).json() for encounter in (visit, other)]

    [statements, none] = [
        [step["words"] for step in story["events"] if step["stream"] == "account"] for story in stories
    ]
    assert ["A statement over $100.00 was issued, due by 2026-02-05."] == statements
    assert [] == none


async def test_an_identity_never_comes_to_rest_here(analytics: Harness, visits: Visits) -> None:
    """Every registration carries a sealed identity; not even its ciphertext is kept."""
    await visits("anonymous").register()

    [kept] = await analytics.query("SELECT detail::text AS detail FROM event")

    assert "sealed" not in kept["detail"]
    assert "identity" not in kept["detail"]


async def test_what_claims_says_before_registration_is_heard_is_not_lost(analytics: Harness, visits: Visits) -> None:
    """Between services there is no order: money may be heard of before the encounter is."""
    visit = visits("backwards")
    await visit.charge(100_00)
    await visit.submit("a", 100_00)
    await visit.register()

    encounter = await visit.known()
    assert ("with_payer", True, 100_00) == (encounter.state, encounter.registered, encounter.money.charged_cents)
    assert [] == await analytics.waiting()


async def test_an_event_heard_twice_counts_once(analytics: Harness, visits: Visits) -> None:
    visit = visits("twice")
    await visit.register()
    await visit.charge(100_00)

    await analytics.hear_again()

    encounter = await visit.known()
    assert 100_00 == encounter.money.charged_cents
    [rows] = await analytics.query("SELECT count(*) AS events FROM event")
    assert 3 == rows["events"]


async def test_an_event_of_an_unknown_type_is_a_step_of_the_story(visits: Visits, callers: Callers) -> None:
    visit = visits("future")
    await visit.register()
    await visit.publish("denials", "peer_review_requested", level=3)

    async with callers() as client:
        story = (await client.get(f"/v1/journeys/{visit.encounter_id}")).json()

    [unknown] = [step["words"] for step in story["events"] if step["service"] == "denials"]
    assert "denials said: peer review requested." == unknown


def test_an_event_in_an_unforeseen_shape_is_kept_without_details() -> None:
    assert Detail() == detail_of(b'{"amount_cents": "a lot"}')
    assert "? of the patient's money was applied." == words_of(
        "patient_billing.patient_payment_applied.v1", Detail(), {}
    )


async def test_a_journey_nobody_told_is_not_found(callers: Callers) -> None:
    async with callers() as client:
        answer = await client.get(f"/v1/journeys/{derived_id('nobody')}")

    assert 404 == answer.status_code
