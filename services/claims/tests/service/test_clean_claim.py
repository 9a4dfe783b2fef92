"""J1 through the whole service: charges, claim, 837, acknowledgment, 835, ledger, the patient's share."""

from datetime import UTC, datetime

from claims.testing.billing_office import BillingOffice
from claims.testing.story import ledger_sums

AFTER_NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)


async def test_a_clean_claim_goes_from_charges_to_the_patients_share(office: BillingOffice) -> None:
    """J1: 250.00 = 104.00 paid + 70.00 contractual + 76.00 patient; every deed is said once, in order."""
    await office.register("PPO01")
    await office.charge(25000)
    assert ["charges_posted", "coding_completed", "ledger_posted"] == await office.said()

    await office.wait(AFTER_NOON)
    [claim] = await office.claims()
    assert ("sent", "1", 25000) == (claim.state, claim.frequency, claim.charge_cents)
    [sent] = office.professional()
    assert (claim.patient_control_number, 25000, "M1PPO01") == (
        sent.control_number,
        sent.charge_cents,
        sent.subscriber.member_id,
    )

    taken = await office.acknowledge(claim, "A2")
    assert ("accepted", 1, 0) == (taken.state, taken.acknowledgments, taken.unmatched)
    taken = await office.pay(office.payment(claim, (25000, 10400, "CO-45 7000, PR-1 5000, PR-2 2600")))

    assert ("accepted", 1) == (taken.state, taken.remittances)
    assert ledger_sums(charged=25000, paid=10400, adjusted=7000, transferred=7600) == await office.money()
    assert {"cash.insurance": 10400, "payment.insurance": -10400} == await office.cash()
    assert [
        "charges_posted",
        "coding_completed",
        "ledger_posted",
        "claim_submitted",
        "claim_acknowledged",
        "claim_adjudicated",
        "patient_balance_due",
        "ledger_posted",
    ] == await office.said()
    assert [] == await office.harness.parked()
    assert [] == await office.harness.waiting()


async def test_the_patients_share_and_the_remittance_are_told_in_full(office: BillingOffice) -> None:
    """Deductible and coinsurance by line; the remittance says that nothing of its money is left."""
    await office.register("PPO01")
    await office.charge(25000)
    await office.wait(AFTER_NOON)
    [claim] = await office.claims()
    await office.pay(office.payment(claim, (25000, 10400, "CO-45 7000, PR-1 5000, PR-2 2600")))

    due = await office.last("patient_balance_due")
    [line] = due["lines"]
    assert (7600, 5000, 2600) == (due["amount_cents"], line["deductible_cents"], line["coinsurance_cents"])
    posted = await office.last("remittance_posted")
    assert (1, 0, 10400, 0) == tuple(
        posted[name] for name in ("posted_claims", "unmatched_claims", "applied_cents", "unapplied_cents")
    )
