"""An encounter that is cancelled, and registered again because it takes place after all."""

from datetime import UTC, datetime
from typing import Any

NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)
LATER = datetime(2026, 1, 13, 18, tzinfo=UTC)


async def test_a_visit_registered_again_is_billed(desk: Any) -> None:
    await desk.register("PPO01")
    await desk.hear("EncounterCancelled", encounter_id=desk.encounter_id)

    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.wait(NOON)

    assert [("sent", 9000)] == [(one.state, one.charge_cents) for one in await desk.claims()]


async def test_charges_taken_back_with_the_visit_stand_again_with_it(desk: Any) -> None:
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.hear("EncounterCancelled", encounter_id=desk.encounter_id)
    assert 0 == (await desk.money()).charged

    await desk.register("PPO01")
    await desk.wait(NOON)

    assert ["charges_posted", "charges_reversed", "charges_posted"] == await desk.said(
        "charges_posted", "charges_reversed"
    )
    assert (9000, 9000) == ((await desk.money()).charged, (await desk.money()).open)
    assert ["sent"] == [one.state for one in await desk.claims()]


async def test_a_service_credited_before_the_visit_was_cancelled_does_not_come_back(desk: Any) -> None:
    await desk.register("PPO01")
    await desk.charge(9000, 4000)
    await desk.charge(9000, credit=True)
    await desk.hear("EncounterCancelled", encounter_id=desk.encounter_id)

    await desk.register("PPO01")

    assert 4000 == (await desk.money()).charged


async def test_a_claim_held_when_the_visit_was_cancelled_is_made_anew(desk: Any) -> None:
    await desk.register("PPO01", verified=False)
    await desk.charge(9000)
    await desk.wait(NOON)
    await desk.hear("EncounterCancelled", encounter_id=desk.encounter_id)
    assert ["voided"] == [one.state for one in await desk.claims()]

    await desk.register("PPO01")
    await desk.wait(LATER)

    assert ["voided", "sent"] == [one.state for one in await desk.claims()]
    assert [] == await desk.harness.parked()


async def test_an_update_after_the_cancellation_revives_nothing(desk: Any) -> None:
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.hear("EncounterCancelled", encounter_id=desk.encounter_id)

    await desk.hear("EncounterUpdated", None, desk.identity(), **desk.facts())
    await desk.wait(NOON)

    assert ([], 0) == (await desk.claims(), (await desk.money()).charged)
