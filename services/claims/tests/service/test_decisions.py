"""What remittances do to an encounter, file by file, on real PostgreSQL: the money of the journeys and what is said."""

from datetime import UTC, date, datetime
from typing import Any

from claims.domain.claims import Claim
from claims.domain.ledger import Money
from claims.testing.billing_office import BillingOffice
from claims.testing.story import ledger_sums
from revcycle_kit.money import Cents
from revcycle_x12.remittance import ProviderAdjustment

NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)


async def billed(office: BillingOffice, *cents: int | None, payers: tuple[str, ...] = ("PPO01",), **line: Any) -> Claim:
    """Register, charge and send: return the claim."""
    await office.register(*payers)
    await office.charge(*cents, **line)
    await office.wait(NOON)
    [claim] = await office.claims()
    return claim


async def test_a_refused_claim_waits_for_its_appeal_and_is_paid_by_the_next_remittance(office: BillingOffice) -> None:
    """J3: 1,450.00 stays open until the reversal and the new decision."""
    claim = await billed(office, 145000)
    await office.pay(office.payment(claim, (145000, 0, "CO-197 145000")))
    told = await office.last("claim_adjudicated")
    assert ("denied", 145000) == (told["outcome"], told["denied_cents"])
    assert 145000 == (await office.money()).open

    await office.hear("AppealDecided", source="denials", encounter_id=office.encounter_id, claim_id=claim.claim_id,
                    outcome="overturned", payment_due_by="2026-03-01")  # fmt: skip
    assert 145000 == (await office.money()).open

    await office.pay(
        office.payment(claim, (-145000, 0, "CO-197 -145000"), status="22"),
        office.payment(claim, (145000, 49600, "CO-45 83000, PR-2 12400")),
        trace="EFT2",
    )

    assert figures(145000, paid=49600, adjusted=83000, moved=12400, lost=0, left=0) == await office.money()
    reversal, corrected = [event for name, event in await office.harness.said() if name == "claim_adjudicated"][1:]
    assert (True, 2, -145000, -145000) == tuple(
        reversal[k] for k in ("reversal", "adjudication", "charge_cents", "denied_cents")
    )
    assert (False, 3, "paid") == (corrected["reversal"], corrected["adjudication"], corrected["outcome"])


async def test_a_claim_decided_as_a_duplicate_posts_nothing(office: BillingOffice) -> None:
    """J4: OA-18 on a second copy."""
    claim = await billed(office, 9500)
    await office.pay(office.payment(claim, (9500, 4700, "CO-45 2300, PR-3 2500")))
    await office.pay(office.payment(claim, (9500, 0, "OA-18 9500")), trace="EFT2")

    assert figures(9500, paid=4700, adjusted=2300, moved=2500, lost=0, left=0) == await office.money()
    assert "duplicate" == (await office.last("claim_adjudicated"))["outcome"]
    assert ["patient_balance_due"] == await office.said("patient_balance_due", "patient_balance_withdrawn")


async def test_a_write_off_splits_what_was_lost_from_what_was_never_due(office: BillingOffice) -> None:
    """J5: 210.00 at expected 150.00."""
    claim = await billed(office, 21000)
    await office.pay(office.payment(claim, (21000, 0, "CO-29 21000")))
    await office.hear(
        "WriteOffApproved", source="denials", encounter_id=office.encounter_id, claim_id=claim.claim_id,
        denial_id=claim.claim_id, line_number=1, write_off_class="timely", adjustment_cents=6000, write_off_cents=15000,
    )  # fmt: skip

    assert figures(21000, paid=0, adjusted=6000, moved=0, lost=15000, left=0) == await office.money()
    told = await office.last("insurance_written_off")
    assert ("timely", 15000, 6000) == (told["write_off_class"], told["write_off_cents"], told["adjustment_cents"])


async def test_the_second_payer_is_billed_with_what_the_first_one_did(office: BillingOffice) -> None:
    """J6: the secondary 837 carries AMT*D, AMT*EAF, SVD and CAS; the patient owes what the second payer leaves."""
    claim = await billed(office, 40000, payers=("PPO01", "SEC01"))
    await office.pay(office.payment(claim, (40000, 12800, "CO-45 14000, PR-1 10000, PR-2 3200")))
    assert [] == await office.said("patient_balance_due")
    await office.wait(datetime(2026, 1, 13, 18, tzinfo=UTC))

    [sent] = office.professional()
    [other] = sent.other_coverages
    [decision] = sent.service_lines[0].decisions
    assert ("S", 12800, 13200) == (
        sent.subscriber.sequence.value,
        other.paid_cents,
        other.remaining_patient_liability_cents,
    )
    assert 40000 == decision.paid_cents + sum(adjustment.amount_cents for adjustment in decision.adjustments)

    second = (await office.claims())[-1]
    await office.pay(
        office.payment(second, (40000, 8000, "OA-23 26800, PR-2 5200"), status="2"), trace="E2", payer="SEC01"
    )

    assert figures(40000, paid=20800, adjusted=14000, moved=5200, lost=0, left=0) == await office.money()


async def test_a_corrected_decision_withdraws_from_the_patient(office: BillingOffice) -> None:
    """J8: 150.00 billed, 30.00 owed after all: 120.00 withdrawn in one step."""
    claim = await billed(office, 22000)
    await office.pay(office.payment(claim, (22000, 0, "CO-45 7000, PR-1 15000")))
    await office.pay(
        office.payment(claim, (-22000, 0, "CO-45 -7000, PR-1 -15000"), status="22"),
        office.payment(claim, (22000, 12000, "CO-45 7000, PR-3 3000")),
        trace="EFT2",
    )

    assert figures(22000, paid=12000, adjusted=7000, moved=3000, lost=0, left=0) == await office.money()
    assert 12000 == (await office.last("patient_balance_withdrawn"))["amount_cents"]


async def test_a_correction_leaves_as_a_replacement_that_names_the_payers_number(office: BillingOffice) -> None:
    """J9: modifier added to line 2, frequency 7 with REF*F8; the patient's 20.00 is not billed twice."""
    claim = await billed(office, 13000, 5000)
    await office.pay(office.payment(claim, (13000, 8000, "CO-45 3000, PR-3 2000"), (5000, 0, "CO-4 5000")))
    await office.hear(
        "CorrectionRequested", source="denials", encounter_id=office.encounter_id, claim_id=claim.claim_id,
        method="replacement", changes=[{"field": "modifiers", "line_number": 2, "value": "59"}],
    )  # fmt: skip
    await office.wait(datetime(2026, 1, 13, 18, tzinfo=UTC))

    [sent] = office.professional()
    assert ("7", "ICN1", ("59",)) == (
        sent.frequency,
        sent.payer_claim_control_number,
        sent.service_lines[1].procedure.modifiers,
    )
    old, new = await office.claims()
    assert ("superseded", "sent", old.claim_id) == (old.state, new.state, new.replaces_claim_id)
    await office.pay(
        office.payment(old, (-13000, -8000, "CO-45 -3000, PR-3 -2000"), (-5000, 0, "CO-4 -5000"), status="22"),
        office.payment(new, (13000, 8000, "CO-45 3000, PR-3 2000"), (5000, 3600, "CO-45 1400")),
        trace="EFT2",
    )

    assert figures(18000, paid=11600, adjusted=4400, moved=2000, lost=0, left=0) == await office.money()
    assert ["patient_balance_due"] == await office.said("patient_balance_due", "patient_balance_withdrawn")


async def test_a_refusal_that_is_the_patients_is_moved_only_when_denials_says_so(office: BillingOffice) -> None:
    """PR-204 stays open until the denial is resolved as the patient's."""
    claim = await billed(office, 8000)
    await office.pay(office.payment(claim, (8000, 0, "PR-204 8000")))
    assert 8000 == (await office.money()).open

    await office.hear(
        "DenialResolved", source="denials", encounter_id=office.encounter_id, denial_id=claim.claim_id,
        claim_id=claim.claim_id, line_number=1, outcome="patient_responsibility", amount_cents=8000,
    )  # fmt: skip

    assert figures(8000, paid=0, adjusted=0, moved=8000, lost=0, left=0) == await office.money()
    assert "not_covered" == (await office.last("patient_balance_due"))["cause"]


async def test_a_takeback_is_a_debt_until_it_is_recovered(office: BillingOffice) -> None:
    """J13, second file alone: reversal, lower decision, PLB WO −60.00: cash 0.00 + liability 60.00."""
    claim = await billed(office, 50000)
    await office.pay(office.payment(claim, (50000, 32000, "CO-45 18000")))
    await office.pay(
        office.payment(claim, (-50000, -32000, "CO-45 -18000"), status="22"),
        office.payment(claim, (50000, 26000, "CO-45 24000")),
        trace="EFT2",
        plb=[ProviderAdjustment("1234567893", date(2026, 12, 31), "WO", "ICN1", -6000)],
    )

    assert figures(50000, paid=26000, adjusted=24000, moved=0, lost=0, left=0) == await office.money()
    assert {"cash.insurance": 32000, "payment.insurance": -26000, "liability.recoupment": -6000} == await office.cash()


async def test_a_payment_below_the_contract_is_told(office: BillingOffice) -> None:
    """The contract allows 200.00; the payer allows 180.00."""
    await office.price("99211", 25000, allowed=20000)
    claim = await billed(office, None)
    assert 25000 == claim.charge_cents

    await office.pay(office.payment(claim, (25000, 18000, "CO-45 7000")))

    found = await office.last("underpayment_found")
    assert (20000, 18000) == (found["expected_cents"], found["allowed_cents"])


async def test_a_second_payment_without_a_reversal_is_a_credit(office: BillingOffice) -> None:
    """The payer pays again: the money is real, the adjustments are not repeated."""
    claim = await billed(office, 10000)
    await office.pay(office.payment(claim, (10000, 6000, "CO-45 4000")))
    await office.pay(office.payment(claim, (10000, 6000, "CO-45 4000")), trace="EFT2")

    assert figures(10000, paid=12000, adjusted=4000, moved=0, lost=0, left=-6000) == await office.money()
    found = await office.last("credit_balance_found")
    assert ("payer", 6000) == (found["party"], found["amount_cents"])


async def test_a_payer_that_disowns_a_claim_is_not_asked_again_by_itself(office: BillingOffice) -> None:
    """CLP02 23: nothing is posted, the claim waits for registration; another payer gets a new claim."""
    claim = await billed(office, 9000)
    await office.pay(office.payment(claim, (9000, 0, "CO-109 9000"), status="23"))
    [disowned] = await office.claims()
    assert ("not_ours", "registration", 9000) == (disowned.state, disowned.hold_owner, (await office.money()).open)

    office.payers = ("SEC01",)
    await office.hear("EncounterUpdated", None, office.identity(), **office.facts())
    await office.verify("SEC01")
    await office.wait(datetime(2026, 1, 13, 18, tzinfo=UTC))

    assert [("sent", "SEC01"), ("superseded", "PPO01")] == sorted(
        (other.state, "PPO01" if other.payer_id == claim.payer_id else "SEC01") for other in await office.claims()
    )


async def test_records_that_a_remittance_asks_for_are_told(office: BillingOffice) -> None:
    claim = await billed(office, 9000)

    await office.pay(office.payment(claim, (9000, 0, "CO-252 9000")))

    assert ["CO-252"] == (await office.last("information_requested"))["codes"]
    assert "denied" == (await office.last("claim_adjudicated"))["outcome"]


async def test_a_decided_claim_is_voided_when_every_charge_is_taken_back(office: BillingOffice) -> None:
    claim = await billed(office, 9000)
    await office.pay(office.payment(claim, (9000, 6000, "CO-45 3000")))
    await office.charge(9000, credit=True)
    await office.wait(datetime(2026, 1, 13, 18, tzinfo=UTC))

    [sent] = office.professional()
    assert ("8", "ICN1") == (sent.frequency, sent.payer_claim_control_number)
    assert 6000 == (await office.last("credit_balance_found"))["amount_cents"] - 3000


def figures(charged: int, *, paid: int, adjusted: int, moved: int, lost: int, left: int) -> Money:
    """Return the money of an encounter: charged = paid + adjusted + moved to the patient + lost + left open."""
    assert charged == paid + adjusted + moved + lost + left
    return ledger_sums(
        charged=Cents(charged),
        paid=Cents(paid),
        adjusted=Cents(adjusted),
        transferred=Cents(moved),
        written_off=Cents(lost),
        open=Cents(left),
    )
