"""J1 through the whole service: charges, claim, 837, acknowledgment, 835, ledger, the patient's share."""

from datetime import UTC, datetime
from typing import Any

from claims.domain.ledger import Money

AFTER_NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)


async def test_a_clean_claim_goes_from_charges_to_the_patients_share(desk: Any) -> None:
    """J1: 250.00 = 104.00 paid + 70.00 contractual + 76.00 patient; every deed is said once, in order."""
    await desk.register("PPO01")
    await desk.charge(25000)
    assert ["charges_posted", "coding_completed", "ledger_posted"] == await desk.said()

    await desk.wait(AFTER_NOON)
    [claim] = await desk.claims()
    assert ("sent", "1", 25000) == (claim.state, claim.frequency, claim.charge_cents)
    [sent] = desk.professional()
    assert (claim.patient_control_number, 25000, "M1PPO01") == (
        sent.control_number,
        sent.charge_cents,
        sent.subscriber.member_id,
    )

    taken = await desk.acknowledge(claim, "A2")
    assert ("accepted", 1, 0) == (taken.state, taken.acknowledgments, taken.unmatched)
    taken = await desk.pay(desk.payment(claim, (25000, 10400, "CO-45 7000, PR-1 5000, PR-2 2600")))

    assert ("accepted", 1) == (taken.state, taken.remittances)
    assert (
        Money(charged=25000, paid=10400, adjusted=7000, transferred=7600, written_off=0, open=0) == await desk.money()
    )
    assert {"cash.insurance": 10400, "payment.insurance": -10400} == await desk.cash()
    assert [
        "charges_posted",
        "coding_completed",
        "ledger_posted",
        "claim_submitted",
        "claim_acknowledged",
        "claim_adjudicated",
        "patient_balance_due",
        "ledger_posted",
    ] == await desk.said()
    assert [] == await desk.harness.parked()
    assert [] == await desk.harness.waiting()


async def test_the_patients_share_and_the_remittance_are_told_in_full(desk: Any) -> None:
    """Deductible and coinsurance by line; the remittance says that nothing of its money is left."""
    await desk.register("PPO01")
    await desk.charge(25000)
    await desk.wait(AFTER_NOON)
    [claim] = await desk.claims()
    await desk.pay(desk.payment(claim, (25000, 10400, "CO-45 7000, PR-1 5000, PR-2 2600")))

    due = await desk.last("patient_balance_due")
    [line] = due["lines"]
    assert (7600, 5000, 2600) == (due["amount_cents"], line["deductible_cents"], line["coinsurance_cents"])
    posted = await desk.last("remittance_posted")
    assert (1, 0, 10400, 0) == tuple(
        posted[name] for name in ("posted_claims", "unmatched_claims", "applied_cents", "unapplied_cents")
    )
