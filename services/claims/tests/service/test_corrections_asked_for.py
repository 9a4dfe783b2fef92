"""What claims does when denials asks for a correction: send it, add it to what is on its way, or say why not."""

from datetime import UTC, datetime
from typing import Any

NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)
LATER = datetime(2026, 1, 13, 18, tzinfo=UTC)
MUCH_LATER = datetime(2026, 1, 16, 18, tzinfo=UTC)


async def refused(desk: Any, *lines: tuple[int, str]) -> Any:
    """Send a claim with these services and let the payer refuse them: return the claim."""
    await desk.register("PPO01")
    await desk.charge(*(cents for cents, _ in lines))
    await desk.wait(NOON)
    [claim] = await desk.claims()
    await desk.pay(desk.payment(claim, *((cents, 0, f"{code} {cents}") for cents, code in lines)))
    return claim


async def correct(desk: Any, claim: Any, method: str = "replacement", **change: Any) -> None:
    """Let denials ask for a correction of the claim."""
    await desk.hear(
        "CorrectionRequested",
        source="denials",
        encounter_id=desk.encounter_id,
        claim_id=claim.claim_id,
        denial_ids=[desk.encounter_id],
        method=method,
        changes=[change] if change else [],
    )
    assert [] == await desk.harness.parked()


async def insure(desk: Any, *payers: str) -> None:
    """Let registration say who covers the patient."""
    desk.payers = payers
    await desk.hear("EncounterUpdated", None, desk.identity(), **desk.facts())
    for code in payers:
        await desk.verify(code)


async def test_two_corrections_of_one_claim_leave_in_one_replacement(desk: Any) -> None:
    claim = await refused(desk, (13000, "CO-197"), (5000, "CO-4"))

    await correct(desk, claim, field="authorization_number", value="AUTH9")
    await correct(desk, claim, field="modifiers", line_number=2, value="59")
    await desk.wait(LATER)

    [sent] = desk.professional()
    assert ("7", "AUTH9", ("59",)) == (
        sent.frequency,
        sent.prior_authorization,
        sent.service_lines[1].procedure.modifiers,
    )
    assert ["superseded", "sent"] == [one.state for one in await desk.claims()]


async def test_a_correction_that_comes_after_the_replacement_left_sends_no_second_copy(desk: Any) -> None:
    claim = await refused(desk, (13000, "CO-197"), (5000, "CO-4"))
    await correct(desk, claim, field="authorization_number", value="AUTH9")
    await desk.wait(LATER)

    await correct(desk, claim, field="modifiers", line_number=2, value="59")
    await desk.wait(MUCH_LATER)

    assert ["superseded", "sent"] == [one.state for one in await desk.claims()]
    assert 2 == len(desk.wire.sent)
    assert ("59",) == (await desk.encounter()).charges[1].modifiers


async def test_a_payer_found_in_between_is_asked_once(desk: Any) -> None:
    """PR-27: registration finds the right payer, a claim goes there by itself; the correction asks for the same."""
    claim = await refused(desk, (9000, "PR-27"))
    await insure(desk, "SEC01")
    await desk.wait(LATER)

    await correct(desk, claim, "new")
    await desk.wait(MUCH_LATER)

    assert {"superseded", "sent"} == {one.state for one in await desk.claims()}
    assert 2 == len(await desk.claims())
    assert 2 == len(desk.wire.sent)


async def test_a_correction_with_no_payer_left_to_ask_is_declined(desk: Any) -> None:
    """PR-27, and registration finds no other coverage: the patient was billed, and nothing goes out."""
    claim = await refused(desk, (9000, "PR-27"))
    await insure(desk)
    assert "self_pay" == (await desk.last("patient_balance_due"))["cause"]

    await correct(desk, claim, "new")
    await desk.wait(LATER)

    told = await desk.last("correction_declined")
    assert ("no_payer", str(claim.claim_id), [str(desk.encounter_id)]) == (
        told["cause"],
        told["claim_id"],
        told["denial_ids"],
    )
    assert 1 == len(desk.wire.sent)
    assert (0, 9000) == ((await desk.money()).open, (await desk.money()).transferred)


async def test_a_correction_of_an_encounter_that_did_not_take_place_is_declined(desk: Any) -> None:
    claim = await refused(desk, (9000, "CO-4"))
    await desk.hear("EncounterCancelled", encounter_id=desk.encounter_id)

    await correct(desk, claim, field="modifiers", line_number=1, value="59")

    assert "claim_voided" == (await desk.last("correction_declined"))["cause"]


async def test_a_change_that_cannot_be_made_is_declined_with_what_to_do(desk: Any) -> None:
    claim = await refused(desk, (9000, "CO-151"))

    await correct(desk, claim, field="units", line_number=1, value="none")
    await desk.wait(LATER)

    told = await desk.last("correction_declined")
    assert ("unusable_change", "enter how many units were rendered") == (told["cause"], told["fix"])
    assert ["adjudicated"] == [one.state for one in await desk.claims()]


async def test_what_was_refused_and_billed_goes_back_when_another_payer_pays_it_after_all(desk: Any) -> None:
    """A Medicaid member is not left with a bill for what Medicaid paid: charged 90.00 = paid 60.00 + adjusted 30.00."""
    claim = await refused(desk, (9000, "PR-27"))
    await insure(desk, "SEC01")
    await desk.wait(LATER)
    await desk.hear(
        "DenialResolved", source="denials", encounter_id=desk.encounter_id, denial_id=claim.claim_id,
        claim_id=claim.claim_id, line_number=1, outcome="patient_responsibility", amount_cents=9000,
    )  # fmt: skip
    assert 9000 == (await desk.money()).transferred

    [other] = [one for one in await desk.claims() if one.claim_id != claim.claim_id]
    await desk.pay(desk.payment(other, (9000, 6000, "CO-45 3000")), trace="EFT2", payer="SEC01")

    money = await desk.money()
    assert (6000, 3000, 0, 0) == (money.paid, money.adjusted, money.transferred, money.open)
    assert 9000 == (await desk.last("patient_balance_withdrawn"))["amount_cents"]


async def test_the_next_payer_is_asked_once_a_refusal_of_the_first_is_given_up(desk: Any) -> None:
    """A refused line that is written off holds up neither the other line's copay nor the payer who takes it."""
    await desk.register("PPO01", "SEC01")
    await desk.charge(20500, 115200)
    await desk.wait(NOON)
    [claim] = await desk.claims()
    await desk.pay(desk.payment(claim, (20500, 11003, "CO-45 5497, PR-3 4000"), (115200, 0, "CO-50 115200")))
    assert 1 == len(await desk.claims())

    await desk.hear(
        "WriteOffApproved", source="denials", encounter_id=desk.encounter_id, claim_id=claim.claim_id,
        denial_id=claim.claim_id, line_number=2, write_off_class="denial", write_off_cents=55392,
        adjustment_cents=59808,
    )  # fmt: skip
    await desk.wait(LATER)

    first, second = await desk.claims()
    assert (first.rank, second.rank, second.state) == (1, 2, "sent")
    assert 4000 == (await desk.money()).open
