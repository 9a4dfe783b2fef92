"""What claims does when denials asks for a correction: send it, add it to what is on its way, or say why not."""

from datetime import UTC, datetime
from typing import Any

from claims.testing.billing_office import BillingOffice

NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)
LATER = datetime(2026, 1, 13, 18, tzinfo=UTC)
MUCH_LATER = datetime(2026, 1, 16, 18, tzinfo=UTC)


async def refused(office: BillingOffice, *lines: tuple[int, str]) -> Any:
    """Send a claim with these services and let the payer refuse them: return the claim."""
    await office.register("PPO01")
    await office.charge(*(cents for cents, _ in lines))
    await office.wait(NOON)
    [claim] = await office.claims()
    await office.pay(office.payment(claim, *((cents, 0, f"{code} {cents}") for cents, code in lines)))
    return claim


async def correct(office: BillingOffice, claim: Any, method: str = "replacement", **change: Any) -> None:
    """Let denials ask for a correction of the claim."""
    await office.hear(
        "CorrectionRequested",
        source="denials",
        encounter_id=office.encounter_id,
        claim_id=claim.claim_id,
        denial_ids=[office.encounter_id],
        method=method,
        changes=[change] if change else [],
    )
    assert [] == await office.harness.parked()


async def insure(office: BillingOffice, *payers: str) -> None:
    """Let registration say who covers the patient."""
    office.payers = payers
    await office.hear("EncounterUpdated", None, office.identity(), **office.facts())
    for code in payers:
        await office.verify(code)


async def test_two_corrections_of_one_claim_leave_in_one_replacement(office: BillingOffice) -> None:
    claim = await refused(office, (13000, "CO-197"), (5000, "CO-4"))

    await correct(office, claim, field="authorization_number", value="AUTH9")
    await correct(office, claim, field="modifiers", line_number=2, value="59")
    await office.wait(LATER)

    [sent] = office.professional()
    assert ("7", "AUTH9", ("59",)) == (
        sent.frequency,
        sent.prior_authorization,
        sent.service_lines[1].procedure.modifiers,
    )
    assert ["superseded", "sent"] == [claim.state for claim in await office.claims()]


async def test_a_correction_that_comes_after_the_replacement_left_sends_no_second_copy(office: BillingOffice) -> None:
    claim = await refused(office, (13000, "CO-197"), (5000, "CO-4"))
    await correct(office, claim, field="authorization_number", value="AUTH9")
    await office.wait(LATER)

    await correct(office, claim, field="modifiers", line_number=2, value="59")
    await office.wait(MUCH_LATER)

    assert ["superseded", "sent"] == [claim.state for claim in await office.claims()]
    assert 2 == len(office.clearinghouse.sent)
    assert ("59",) == (await office.encounter()).charges[1].modifiers


async def test_a_payer_found_in_between_is_asked_once(office: BillingOffice) -> None:
    """PR-27: registration finds the right payer, a claim goes there by itself; the correction asks for the same."""
    claim = await refused(office, (9000, "PR-27"))
    await insure(office, "SEC01")
    await office.wait(LATER)

    await correct(office, claim, "new")
    await office.wait(MUCH_LATER)

    assert {"superseded", "sent"} == {claim.state for claim in await office.claims()}
    assert 2 == len(await office.claims())
    assert 2 == len(office.clearinghouse.sent)


async def test_a_correction_with_no_payer_left_to_ask_is_declined(office: BillingOffice) -> None:
    """PR-27, and registration finds no other coverage: the patient was billed, and nothing goes out."""
    claim = await refused(office, (9000, "PR-27"))
    await insure(office)
    assert "self_pay" == (await office.last("patient_balance_due"))["cause"]

    await correct(office, claim, "new")
    await office.wait(LATER)

    told = await office.last("correction_declined")
    assert ("no_payer", str(claim.claim_id), [str(office.encounter_id)]) == (
        told["cause"],
        told["claim_id"],
        told["denial_ids"],
    )
    assert 1 == len(office.clearinghouse.sent)
    assert (0, 9000) == ((await office.money()).open, (await office.money()).transferred)


async def test_a_correction_of_an_encounter_that_did_not_take_place_is_declined(office: BillingOffice) -> None:
    claim = await refused(office, (9000, "CO-4"))
    await office.hear("EncounterCancelled", encounter_id=office.encounter_id)

    await correct(office, claim, field="modifiers", line_number=1, value="59")

    assert "claim_voided" == (await office.last("correction_declined"))["cause"]


async def test_a_change_that_cannot_be_made_is_declined_with_what_to_do(office: BillingOffice) -> None:
    claim = await refused(office, (9000, "CO-151"))

    await correct(office, claim, field="units", line_number=1, value="none")
    await office.wait(LATER)

    told = await office.last("correction_declined")
    assert ("unusable_change", "enter how many units were rendered") == (told["cause"], told["fix"])
    assert ["adjudicated"] == [claim.state for claim in await office.claims()]


async def test_what_was_refused_and_billed_goes_back_when_another_payer_pays_it_after_all(
    office: BillingOffice,
) -> None:
    """A Medicaid member is not left with a bill for what Medicaid paid: charged 90.00 = paid 60.00 + adjusted 30.00."""
    claim = await refused(office, (9000, "PR-27"))
    await insure(office, "SEC01")
    await office.wait(LATER)
    await office.hear(
        "DenialResolved", source="denials", encounter_id=office.encounter_id, denial_id=claim.claim_id,
        claim_id=claim.claim_id, line_number=1, outcome="patient_responsibility", amount_cents=9000,
    )  # fmt: skip
    assert 9000 == (await office.money()).transferred

    [other] = [other for other in await office.claims() if other.claim_id != claim.claim_id]
    await office.pay(office.payment(other, (9000, 6000, "CO-45 3000")), trace="EFT2", payer="SEC01")

    money = await office.money()
    assert (6000, 3000, 0, 0) == (money.paid, money.adjusted, money.transferred, money.open)
    assert 9000 == (await office.last("patient_balance_withdrawn"))["amount_cents"]


async def test_the_next_payer_is_asked_once_a_refusal_of_the_first_is_given_up(office: BillingOffice) -> None:
    """A refused line that is written off holds up neither the other line's copay nor the payer who takes it."""
    await office.register("PPO01", "SEC01")
    await office.charge(20500, 115200)
    await office.wait(NOON)
    [claim] = await office.claims()
    await office.pay(office.payment(claim, (20500, 11003, "CO-45 5497, PR-3 4000"), (115200, 0, "CO-50 115200")))
    assert 1 == len(await office.claims())

    await office.hear(
        "WriteOffApproved", source="denials", encounter_id=office.encounter_id, claim_id=claim.claim_id,
        denial_id=claim.claim_id, line_number=2, write_off_class="denial", write_off_cents=55392,
        adjustment_cents=59808,
    )  # fmt: skip
    await office.wait(LATER)

    first, second = await office.claims()
    assert (first.rank, second.rank, second.state) == (1, 2, "sent")
    assert 4000 == (await office.money()).open
