"""Files that do not add up, come twice, or speak of nobody: nothing is plugged, and no cent is lost."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from claims.domain.cases import SetAside
from claims.handlers.remittances import remittance_stream
from claims.messages import ClosePeriod, CloseSetAside, PostSetAside, RecordDeposit
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import Refusal
from revcycle_kit.ids import derived_id
from revcycle_x12.remittance import ProviderAdjustment

NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)
PAYEE = derived_id("billing entity", "B1")


async def billed(desk: Any, *cents: int) -> Any:
    """Register, charge and send: return the claim."""
    await desk.register("PPO01")
    await desk.charge(*cents)
    await desk.wait(NOON)
    [claim] = await desk.claims()
    return claim


async def set_aside(desk: Any) -> SetAside:
    """Return the only payment that was set aside."""
    [item] = await desk.harness.documents("set_aside")
    found: SetAside = item
    return found


async def test_a_claim_that_does_not_balance_is_set_aside_with_its_cash(desk: Any) -> None:
    """J12, claim B: off by 30.00; its 300.00 is unapplied and it stays open."""
    claim = await billed(desk, 45000)

    await desk.pay(desk.payment(claim, (45000, 30000, "CO-45 12000")))

    assert (45000, 0) == ((await desk.money()).open, (await desk.money()).paid)
    assert {"cash.insurance": 30000, "unapplied.insurance": -30000} == await desk.cash()
    told = await desk.last("remittance_quarantined")
    assert ("claim", 30000, claim.patient_control_number) == (
        told["scope"],
        told["amount_cents"],
        told["patient_control_number"],
    )
    assert {"level": "claim", "where": "adjustments", "expected_cents": 15000, "found_cents": 12000} in told[
        "imbalances"
    ]
    posted = await desk.last("remittance_posted")
    assert (0, 1, 30000) == (posted["posted_claims"], posted["quarantined_claims"], posted["unapplied_cents"])


async def test_the_corrected_file_posts_only_what_had_been_set_aside(desk: Any) -> None:
    """J12: the whole file comes again under the same trace, right this time; nothing is posted twice."""
    claim = await billed(desk, 45000)
    await desk.pay(desk.payment(claim, (45000, 30000, "CO-45 12000")))
    await desk.pay(desk.payment(claim, (45000, 30000, "CO-45 15000")))
    await desk.pay(desk.payment(claim, (45000, 30000, "CO-45 15000")))

    money = await desk.money()
    assert (30000, 15000, 0) == (money.paid, money.adjusted, money.open)
    assert {"cash.insurance": 30000, "payment.insurance": -30000} == await desk.cash()
    [remittance] = await desk.harness.documents("remittance")
    assert (1, 0, 0) == (remittance.posted, remittance.quarantined, remittance.unapplied_cents)


async def test_a_biller_posts_a_set_aside_payment_with_the_right_amounts(desk: Any) -> None:
    claim = await billed(desk, 45000)
    await desk.pay(desk.payment(claim, (45000, 30000, "CO-45 12000")))
    item = await set_aside(desk)
    stream = remittance_stream(PAYEE, "EFT1")
    with pytest.raises(Refusal, match="does not balance"):
        await desk.harness.command(PostSetAside(item_id=item.item_id, payment=item.payment), stream)

    [line] = item.payment.lines
    [amount] = line.adjustments
    right = _with_amount(item, line, amount, 15000)
    await desk.harness.command(PostSetAside(item_id=item.item_id, payment=right), stream)
    await desk.harness.settle()

    assert 0 == (await desk.money()).open
    assert "retried" == (await set_aside(desk)).state


async def test_a_file_that_does_not_balance_posts_nothing_at_all(desk: Any) -> None:
    """BPR02 says 1.00 more than the claims: neither cash nor claims are posted."""
    claim = await billed(desk, 25000)

    await desk.pay(desk.payment(claim, (25000, 18000, "CO-45 7000")), paid_cents=18100)

    assert 25000 == (await desk.money()).open
    assert {} == await desk.cash()
    told = await desk.last("remittance_quarantined")
    assert ("file", 18000, 18100) == (
        told["scope"],
        told["imbalances"][0]["expected_cents"],
        told["imbalances"][0]["found_cents"],
    )


async def test_a_payment_below_zero_that_reverses_nothing_is_set_aside(desk: Any) -> None:
    """Neither a file whose payment is negative nor a claim that takes back without saying so is posted."""
    claim = await billed(desk, 25000)
    negative = desk.payment(claim, (25000, -10000, "CO-45 35000"))
    await desk.pay(negative)
    assert "BPR02 below zero" == (await desk.last("remittance_quarantined"))["imbalances"][0]["where"]

    await desk.pay(negative, desk.payment(claim, (25000, 18000, "CO-45 7000")), trace="EFT2")

    assert "contradictory" == (await set_aside(desk)).kind
    assert (18000, 0) == ((await desk.money()).paid, (await desk.money()).open)


@pytest.mark.parametrize("flag", ["C", "D"])
async def test_a_file_whose_payment_is_below_zero_is_quarantined_whoever_moves_the_money(desk: Any, flag: str) -> None:
    """005010X221A1: a takeback beyond the payment is carried forward by PLB FB; BPR02 is zero then, never less."""
    claim = await billed(desk, 25000)
    await desk.pay(desk.payment(claim, (25000, 18000, "CO-45 7000")))

    await desk.pay(desk.payment(claim, (-25000, -18000, "CO-45 -7000"), status="22"), trace="EFT2", flag=flag)

    told = await desk.last("remittance_quarantined")
    assert ("file", "BPR02 below zero") == (told["scope"], told["imbalances"][0]["where"])
    assert (18000, 18000) == ((await desk.money()).paid, (await desk.cash())["cash.insurance"])


async def test_a_payment_that_the_payee_draws_from_the_payer_is_money_received(desk: Any) -> None:
    """BPR03 D: a debit to the payer's account, and a credit to the payee's."""
    claim = await billed(desk, 25000)

    await desk.pay(desk.payment(claim, (25000, 18000, "CO-45 7000")), flag="D")

    assert (18000, 0) == ((await desk.money()).paid, (await desk.money()).open)
    assert 18000 == (await desk.cash())["cash.insurance"]


async def test_the_same_file_twice_has_one_effect(desk: Any) -> None:
    """Byte for byte the same, and once more under another interchange number."""
    claim = await billed(desk, 25000)
    payment = desk.payment(claim, (25000, 18000, "CO-45 7000"))
    await desk.pay(payment)
    desk.says.files -= 1
    again = await desk.pay(payment)
    other = await desk.pay(payment)

    assert ("repeated", "accepted") == (again.state, other.state)
    assert 0 == (await desk.money()).open
    assert {"cash.insurance": 18000, "payment.insurance": -18000} == await desk.cash()


async def test_another_file_under_a_known_number_is_held(desk: Any) -> None:
    claim = await billed(desk, 25000)
    await desk.pay(desk.payment(claim, (25000, 18000, "CO-45 7000")))
    desk.says.files -= 1

    taken = await desk.pay(desk.payment(claim, (25000, 0, "CO-45 25000")), trace="EFT9")

    assert "held" == taken.state
    assert "another file under the number" in taken.reason
    assert 18000 == (await desk.money()).paid


async def test_a_held_file_is_taken_when_somebody_says_that_it_counts(desk: Any) -> None:
    claim = await billed(desk, 25000)
    await desk.pay(desk.payment(claim, (25000, 18000, "CO-45 7000")))
    desk.says.files -= 1
    correction = desk.payment(claim, (-25000, -18000, "CO-45 -7000"), status="22")
    carried = ProviderAdjustment("1234567893", date(2026, 12, 31), "FB", "", -18000)
    held = await desk.pay(correction, trace="EFT9", plb=[carried])
    assert 18000 == (await desk.money()).paid

    taken = await desk.replay(held.file_id)
    again = await desk.replay(held.file_id)

    assert ("accepted", "repeated") == (taken.state, again.state)
    assert 0 == (await desk.money()).paid


async def test_a_payment_for_nobody_waits_with_its_cash_until_it_is_returned(desk: Any) -> None:
    """An unknown control number: unmatched, unapplied; closing it makes it a debt to the payer."""
    claim = await billed(desk, 25000)
    payment = desk.payment(claim, (25000, 18000, "CO-45 7000"))
    payment.control_number = "NOBODY"
    payment.payer_control_number = "ICN77"
    payment.service_lines[0].control_number = "NOBODY001"
    await desk.pay(payment)

    item = await set_aside(desk)
    assert ("unmatched", "NOBODY", 18000) == (item.kind, item.patient_control_number, item.amount_cents)
    assert {"cash.insurance": 18000, "unapplied.insurance": -18000} == await desk.cash()

    await desk.harness.command(CloseSetAside(item_id=item.item_id), remittance_stream(PAYEE, "EFT1"))
    assert {"cash.insurance": 18000, "liability.recoupment": -18000} == await desk.cash()


async def test_a_payment_is_matched_by_its_lines_where_the_payer_lost_our_number(desk: Any) -> None:
    """REF*6R carries the claim's number; lower case in CLP01 is read as ours, too."""
    claim = await billed(desk, 25000)
    payment = desk.payment(claim, (25000, 18000, "CO-45 7000"))
    payment.control_number = "PAYERS OWN"

    await desk.pay(payment)

    assert 0 == (await desk.money()).open


async def test_a_deposit_and_its_remittance_find_each_other_in_either_order(desk: Any) -> None:
    claim = await billed(desk, 25000)
    await desk.harness.command(
        RecordDeposit(
            deposit_id=derived_id("deposit"), trace_number="EFT1", amount_cents=18000, deposited_on=date(2026, 1, 31)
        ),
        remittance_stream(PAYEE, "EFT1"),
    )
    assert "deposit_matched" not in await desk.harness.said_names()

    await desk.pay(desk.payment(claim, (25000, 18000, "CO-45 7000")))

    assert 18000 == (await desk.last("deposit_matched"))["amount_cents"]
    entries = (await desk.last("cash_posted"))["entries"]
    assert ["2026-01-31"] == [one["deposited_on"] for one in entries]


async def test_a_file_that_is_no_x12_is_kept_and_refused_with_its_reason(desk: Any) -> None:
    taken = await desk.receive(b"Dear provider, please find enclosed ...")

    assert ("refused", "the file cannot be read") == (taken.state, taken.reason.partition(":")[0])
    [kept] = await desk.harness.documents("interchange")
    assert ("refused", 39) == (kept.state, kept.size_bytes)
    assert "Dear" not in kept.content


async def test_a_month_is_closed_after_its_last_day_only(desk: Any) -> None:
    stream = StreamRef("billing_entity", PAYEE, "period", derived_id("period", str(PAYEE)))
    with pytest.raises(Refusal, match="not over"):
        await desk.harness.command(ClosePeriod(billing_entity_id=PAYEE, period="2026-01"), stream)

    await desk.harness.command(ClosePeriod(billing_entity_id=PAYEE, period="2025-12"), stream)

    assert "2025-12" == (await desk.last("period_closed"))["period"]


def _with_amount(item: SetAside, line: Any, amount: Any, cents: int) -> Any:
    right = replace(line, adjustments=(replace(amount, amount_cents=cents),))
    return replace(item.payment, lines=(right,))
