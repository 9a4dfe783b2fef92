"""What remittances do to an encounter, file by file, on real PostgreSQL: the money of the journeys and what is said."""

from datetime import UTC, date, datetime
from typing import Any

from claims.domain.ledger import Money
from revcycle_x12.remittance import ProviderAdjustment

NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)


async def billed(desk: Any, *cents: int | None, payers: tuple[str, ...] = ("PPO01",), **line: Any) -> Any:
    """Register, charge and send: return the claim."""
    await desk.register(*payers)
    await desk.charge(*cents, **line)
    await desk.wait(NOON)
    [claim] = await desk.claims()
    return claim


async def test_a_refused_claim_waits_for_its_appeal_and_is_paid_by_the_next_remittance(desk: Any) -> None:
    """J3: 1,450.00 stays open until the reversal and the new decision."""
    claim = await billed(desk, 145000)
    await desk.pay(desk.payment(claim, (145000, 0, "CO-197 145000")))
    told = await desk.last("claim_adjudicated")
    assert ("denied", 145000) == (told["outcome"], told["denied_cents"])
    assert 145000 == (await desk.money()).open

    await desk.hear("AppealDecided", source="denials", encounter_id=desk.encounter_id, claim_id=claim.claim_id,
                    outcome="overturned", payment_due_by="2026-03-01")  # fmt: skip
    assert 145000 == (await desk.money()).open

    await desk.pay(
        desk.payment(claim, (-145000, 0, "CO-197 -145000"), status="22"),
        desk.payment(claim, (145000, 49600, "CO-45 83000, PR-2 12400")),
        trace="EFT2",
    )

    assert figures(145000, paid=49600, adjusted=83000, moved=12400, lost=0, left=0) == await desk.money()
    reversal, corrected = [told for name, told in await desk.harness.said() if name == "claim_adjudicated"][1:]
    assert (True, 2, -145000, -145000) == tuple(
        reversal[k] for k in ("reversal", "adjudication", "charge_cents", "denied_cents")
    )
    assert (False, 3, "paid") == (corrected["reversal"], corrected["adjudication"], corrected["outcome"])


async def test_a_claim_decided_as_a_duplicate_posts_nothing(desk: Any) -> None:
    """J4: OA-18 on a second copy."""
    claim = await billed(desk, 9500)
    await desk.pay(desk.payment(claim, (9500, 4700, "CO-45 2300, PR-3 2500")))
    await desk.pay(desk.payment(claim, (9500, 0, "OA-18 9500")), trace="EFT2")

    assert figures(9500, paid=4700, adjusted=2300, moved=2500, lost=0, left=0) == await desk.money()
    assert "duplicate" == (await desk.last("claim_adjudicated"))["outcome"]
    assert ["patient_balance_due"] == await desk.said("patient_balance_due", "patient_balance_withdrawn")


async def test_a_write_off_splits_what_was_lost_from_what_was_never_due(desk: Any) -> None:
    """J5: 210.00 at expected 150.00."""
    claim = await billed(desk, 21000)
    await desk.pay(desk.payment(claim, (21000, 0, "CO-29 21000")))
    await desk.hear(
        "WriteOffApproved", source="denials", encounter_id=desk.encounter_id, claim_id=claim.claim_id,
        denial_id=claim.claim_id, line_number=1, write_off_class="timely", adjustment_cents=6000, write_off_cents=15000,
    )  # fmt: skip

    assert figures(21000, paid=0, adjusted=6000, moved=0, lost=15000, left=0) == await desk.money()
    told = await desk.last("insurance_written_off")
    assert ("timely", 15000, 6000) == (told["write_off_class"], told["write_off_cents"], told["adjustment_cents"])


async def test_the_second_payer_is_billed_with_what_the_first_one_did(desk: Any) -> None:
    """J6: the secondary 837 carries AMT*D, AMT*EAF, SVD and CAS; the patient owes what the second payer leaves."""
    claim = await billed(desk, 40000, payers=("PPO01", "SEC01"))
    await desk.pay(desk.payment(claim, (40000, 12800, "CO-45 14000, PR-1 10000, PR-2 3200")))
    assert [] == await desk.said("patient_balance_due")
    await desk.wait(datetime(2026, 1, 13, 18, tzinfo=UTC))

    [sent] = desk.professional()
    [other] = sent.other_coverages
    [decision] = sent.service_lines[0].decisions
    assert ("S", 12800, 13200) == (
        sent.subscriber.sequence.value,
        other.paid_cents,
        other.remaining_patient_liability_cents,
    )
    assert 40000 == decision.paid_cents + sum(one.amount_cents for one in decision.adjustments)

    second = (await desk.claims())[-1]
    await desk.pay(desk.payment(second, (40000, 8000, "OA-23 26800, PR-2 5200"), status="2"), trace="E2", payer="SEC01")

    assert figures(40000, paid=20800, adjusted=14000, moved=5200, lost=0, left=0) == await desk.money()


async def test_a_corrected_decision_withdraws_from_the_patient(desk: Any) -> None:
    """J8: 150.00 billed, 30.00 owed after all: 120.00 withdrawn in one step."""
    claim = await billed(desk, 22000)
    await desk.pay(desk.payment(claim, (22000, 0, "CO-45 7000, PR-1 15000")))
    await desk.pay(
        desk.payment(claim, (-22000, 0, "CO-45 -7000, PR-1 -15000"), status="22"),
        desk.payment(claim, (22000, 12000, "CO-45 7000, PR-3 3000")),
        trace="EFT2",
    )

    assert figures(22000, paid=12000, adjusted=7000, moved=3000, lost=0, left=0) == await desk.money()
    assert 12000 == (await desk.last("patient_balance_withdrawn"))["amount_cents"]


async def test_a_correction_leaves_as_a_replacement_that_names_the_payers_number(desk: Any) -> None:
    """J9: modifier added to line 2, frequency 7 with REF*F8; the patient's 20.00 is not billed twice."""
    claim = await billed(desk, 13000, 5000)
    await desk.pay(desk.payment(claim, (13000, 8000, "CO-45 3000, PR-3 2000"), (5000, 0, "CO-4 5000")))
    await desk.hear(
        "CorrectionRequested", source="denials", encounter_id=desk.encounter_id, claim_id=claim.claim_id,
        method="replacement", changes=[{"field": "modifiers", "line_number": 2, "value": "59"}],
    )  # fmt: skip
    await desk.wait(datetime(2026, 1, 13, 18, tzinfo=UTC))

    [sent] = desk.professional()
    assert ("7", "ICN1", ("59",)) == (
        sent.frequency,
        sent.payer_claim_control_number,
        sent.service_lines[1].procedure.modifiers,
    )
    old, new = await desk.claims()
    assert ("superseded", "sent", old.claim_id) == (old.state, new.state, new.replaces_claim_id)
    await desk.pay(
        desk.payment(old, (-13000, -8000, "CO-45 -3000, PR-3 -2000"), (-5000, 0, "CO-4 -5000"), status="22"),
        desk.payment(new, (13000, 8000, "CO-45 3000, PR-3 2000"), (5000, 3600, "CO-45 1400")),
        trace="EFT2",
    )

    assert figures(18000, paid=11600, adjusted=4400, moved=2000, lost=0, left=0) == await desk.money()
    assert ["patient_balance_due"] == await desk.said("patient_balance_due", "patient_balance_withdrawn")


async def test_a_refusal_that_is_the_patients_is_moved_only_when_denials_says_so(desk: Any) -> None:
    """PR-204 stays open until the denial is resolved as the patient's."""
    claim = await billed(desk, 8000)
    await desk.pay(desk.payment(claim, (8000, 0, "PR-204 8000")))
    assert 8000 == (await desk.money()).open

    await desk.hear(
        "DenialResolved", source="denials", encounter_id=desk.encounter_id, denial_id=claim.claim_id,
        claim_id=claim.claim_id, line_number=1, outcome="patient_responsibility", amount_cents=8000,
    )  # fmt: skip

    assert figures(8000, paid=0, adjusted=0, moved=8000, lost=0, left=0) == await desk.money()
    assert "not_covered" == (await desk.last("patient_balance_due"))["cause"]


async def test_a_takeback_is_a_debt_until_it_is_recovered(desk: Any) -> None:
    """J13, second file alone: reversal, lower decision, PLB WO −60.00: cash 0.00 + liability 60.00."""
    claim = await billed(desk, 50000)
    await desk.pay(desk.payment(claim, (50000, 32000, "CO-45 18000")))
    await desk.pay(
        desk.payment(claim, (-50000, -32000, "CO-45 -18000"), status="22"),
        desk.payment(claim, (50000, 26000, "CO-45 24000")),
        trace="EFT2",
        plb=[ProviderAdjustment("1234567893", date(2026, 12, 31), "WO", "ICN1", -6000)],
    )

    assert figures(50000, paid=26000, adjusted=24000, moved=0, lost=0, left=0) == await desk.money()
    assert {"cash.insurance": 32000, "payment.insurance": -26000, "liability.recoupment": -6000} == await desk.cash()


async def test_a_payment_below_the_contract_is_told(desk: Any) -> None:
    """The contract allows 200.00; the payer allows 180.00."""
    await desk.price("99211", 25000, allowed=20000)
    claim = await billed(desk, None)
    assert 25000 == claim.charge_cents

    await desk.pay(desk.payment(claim, (25000, 18000, "CO-45 7000")))

    found = await desk.last("underpayment_found")
    assert (20000, 18000) == (found["expected_cents"], found["allowed_cents"])


async def test_a_second_payment_without_a_reversal_is_a_credit(desk: Any) -> None:
    """The payer pays again: the money is real, the adjustments are not repeated."""
    claim = await billed(desk, 10000)
    await desk.pay(desk.payment(claim, (10000, 6000, "CO-45 4000")))
    await desk.pay(desk.payment(claim, (10000, 6000, "CO-45 4000")), trace="EFT2")

    assert figures(10000, paid=12000, adjusted=4000, moved=0, lost=0, left=-6000) == await desk.money()
    found = await desk.last("credit_balance_found")
    assert ("payer", 6000) == (found["party"], found["amount_cents"])


async def test_a_payer_that_disowns_a_claim_is_not_asked_again_by_itself(desk: Any) -> None:
    """CLP02 23: nothing is posted, the claim waits for registration; another payer gets a new claim."""
    claim = await billed(desk, 9000)
    await desk.pay(desk.payment(claim, (9000, 0, "CO-109 9000"), status="23"))
    [disowned] = await desk.claims()
    assert ("not_ours", "registration", 9000) == (disowned.state, disowned.hold_owner, (await desk.money()).open)

    desk.payers = ("SEC01",)
    await desk.hear("EncounterUpdated", None, desk.identity(), **desk.facts())
    await desk.verify("SEC01")
    await desk.wait(datetime(2026, 1, 13, 18, tzinfo=UTC))

    assert [("sent", "SEC01"), ("superseded", "PPO01")] == sorted(
        (one.state, "PPO01" if one.payer_id == claim.payer_id else "SEC01") for one in await desk.claims()
    )


async def test_records_that_a_remittance_asks_for_are_told(desk: Any) -> None:
    claim = await billed(desk, 9000)

    await desk.pay(desk.payment(claim, (9000, 0, "CO-252 9000")))

    assert ["CO-252"] == (await desk.last("information_requested"))["codes"]
    assert "denied" == (await desk.last("claim_adjudicated"))["outcome"]


async def test_a_decided_claim_is_voided_when_every_charge_is_taken_back(desk: Any) -> None:
    claim = await billed(desk, 9000)
    await desk.pay(desk.payment(claim, (9000, 6000, "CO-45 3000")))
    await desk.charge(9000, credit=True)
    await desk.wait(datetime(2026, 1, 13, 18, tzinfo=UTC))

    [sent] = desk.professional()
    assert ("8", "ICN1") == (sent.frequency, sent.payer_claim_control_number)
    assert 6000 == (await desk.last("credit_balance_found"))["amount_cents"] - 3000


def figures(charged: int, *, paid: int, adjusted: int, moved: int, lost: int, left: int) -> Money:
    """Return the money of an encounter: charged = paid + adjusted + moved to the patient + lost + left open."""
    assert charged == paid + adjusted + moved + lost + left
    return Money(charged=charged, paid=paid, adjusted=adjusted, transferred=moved, written_off=lost, open=left)
