"""An encounter that is cancelled, and registered again because it takes place after all."""

from datetime import UTC, datetime

from claims.testing.billing_office import BillingOffice

NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)
LATER = datetime(2026, 1, 13, 18, tzinfo=UTC)


async def test_a_visit_registered_again_is_billed(office: BillingOffice) -> None:
    await office.register("PPO01")
    await office.hear("EncounterCancelled", encounter_id=office.encounter_id)

    await office.register("PPO01")
    await office.charge(9000)
    await office.wait(NOON)

    assert [("sent", 9000)] == [(claim.state, claim.charge_cents) for claim in await office.claims()]


async def test_charges_taken_back_with_the_visit_stand_again_with_it(office: BillingOffice) -> None:
    await office.register("PPO01")
    await office.charge(9000)
    await office.hear("EncounterCancelled", encounter_id=office.encounter_id)
    assert 0 == (await office.money()).charged

    await office.register("PPO01")
    await office.wait(NOON)

    assert ["charges_posted", "charges_reversed", "charges_posted"] == await office.said(
        "charges_posted", "charges_reversed"
    )
    assert (9000, 9000) == ((await office.money()).charged, (await office.money()).open)
    assert ["sent"] == [claim.state for claim in await office.claims()]


async def test_a_service_credited_before_the_visit_was_cancelled_does_not_come_back(office: BillingOffice) -> None:
    await office.register("PPO01")
    await office.charge(9000, 4000)
    await office.charge(9000, credit=True)
    await office.hear("EncounterCancelled", encounter_id=office.encounter_id)

    await office.register("PPO01")

    assert 4000 == (await office.money()).charged


async def test_a_claim_held_when_the_visit_was_cancelled_is_made_anew(office: BillingOffice) -> None:
    await office.register("PPO01", verified=False)
    await office.charge(9000)
    await office.wait(NOON)
    await office.hear("EncounterCancelled", encounter_id=office.encounter_id)
    assert ["voided"] == [claim.state for claim in await office.claims()]

    await office.register("PPO01")
    await office.wait(LATER)

    assert ["voided", "sent"] == [claim.state for claim in await office.claims()]
    assert [] == await office.harness.parked()


async def test_an_update_after_the_cancellation_revives_nothing(office: BillingOffice) -> None:
    await office.register("PPO01")
    await office.charge(9000)
    await office.hear("EncounterCancelled", encounter_id=office.encounter_id)

    await office.hear("EncounterUpdated", None, office.identity(), **office.facts())
    await office.wait(NOON)

    assert ([], 0) == (await office.claims(), (await office.money()).charged)
