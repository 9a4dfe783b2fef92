"""Files that do not add up, come twice, or speak of nobody: nothing is plugged, and no cent is lost."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from claims.domain.claims import Claim
from claims.domain.remittance import SetAside
from claims.messages import ClosePeriod, CloseSetAside, PostSetAside, RecordDeposit, remittance_stream
from claims.testing.billing_office import BillingOffice
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import Refusal
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents
from revcycle_kit.values import replace
from revcycle_x12.remittance import ProviderAdjustment

NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)
PAYEE = derived_id("billing entity", "B1")


async def billed(office: BillingOffice, *cents: int) -> Claim:
    """Register, charge and send: return the claim."""
    await office.register("PPO01")
    await office.charge(*cents)
    await office.wait(NOON)
    [claim] = await office.claims()
    return claim


async def set_aside(office: BillingOffice) -> SetAside:
    """Return the only payment that was set aside."""
    [item] = await office.set_aside()
    found: SetAside = item
    return found


async def test_a_claim_that_does_not_balance_is_set_aside_with_its_cash(office: BillingOffice) -> None:
    """J12, claim B: off by 30.00; its 300.00 is unapplied and it stays open."""
    claim = await billed(office, 45000)

    await office.pay(office.payment(claim, (45000, 30000, "CO-45 12000")))

    assert (45000, 0) == ((await office.money()).open, (await office.money()).paid)
    assert {"cash.insurance": 30000, "unapplied.insurance": -30000} == await office.cash()
    told = await office.last("remittance_quarantined")
    assert ("claim", 30000, claim.patient_control_number) == (
        told["scope"],
        told["amount_cents"],
        told["patient_control_number"],
    )
    assert {"level": "claim", "where": "adjustments", "expected_cents": 15000, "found_cents": 12000} in told[
        "imbalances"
    ]
    posted = await office.last("remittance_posted")
    assert (0, 1, 30000) == (posted["posted_claims"], posted["quarantined_claims"], posted["unapplied_cents"])


async def test_the_corrected_file_posts_only_what_had_been_set_aside(office: BillingOffice) -> None:
    """J12: the whole file comes again under the same trace, right this time; nothing is posted twice."""
    claim = await billed(office, 45000)
    await office.pay(office.payment(claim, (45000, 30000, "CO-45 12000")))
    await office.pay(office.payment(claim, (45000, 30000, "CO-45 15000")))
    await office.pay(office.payment(claim, (45000, 30000, "CO-45 15000")))

    money = await office.money()
    assert (30000, 15000, 0) == (money.paid, money.adjusted, money.open)
    assert {"cash.insurance": 30000, "payment.insurance": -30000} == await office.cash()
    [remittance] = await office.remittances()
    assert (1, 0, 0) == (remittance.posted, remittance.quarantined, remittance.unapplied_cents)


async def test_a_biller_posts_a_set_aside_payment_with_the_right_amounts(office: BillingOffice) -> None:
    claim = await billed(office, 45000)
    await office.pay(office.payment(claim, (45000, 30000, "CO-45 12000")))
    item = await set_aside(office)
    stream = remittance_stream(PAYEE, "EFT1")
    with pytest.raises(Refusal, match="does not balance"):
        await office.harness.command(PostSetAside(item_id=item.item_id, payment=item.payment), stream)

    [line] = item.payment.lines
    [amount] = line.adjustments
    right = _with_amount(item, line, amount, Cents(15000))
    await office.harness.command(PostSetAside(item_id=item.item_id, payment=right), stream)
    await office.harness.settle()

    assert 0 == (await office.money()).open
    assert "retried" == (await set_aside(office)).state


async def test_a_file_that_does_not_balance_posts_nothing_at_all(office: BillingOffice) -> None:
    """BPR02 says 1.00 more than the claims: neither cash nor claims are posted."""
    claim = await billed(office, 25000)

    await office.pay(office.payment(claim, (25000, 18000, "CO-45 7000")), paid_cents=18100)

    assert 25000 == (await office.money()).open
    assert {} == await office.cash()
    told = await office.last("remittance_quarantined")
    assert ("file", 18000, 18100) == (
        told["scope"],
        told["imbalances"][0]["expected_cents"],
        told["imbalances"][0]["found_cents"],
    )


async def test_a_payment_below_zero_that_reverses_nothing_is_set_aside(office: BillingOffice) -> None:
    """Neither a file whose payment is negative nor a claim that takes back without saying so is posted."""
    claim = await billed(office, 25000)
    negative = office.payment(claim, (25000, -10000, "CO-45 35000"))
    await office.pay(negative)
    assert "BPR02 below zero" == (await office.last("remittance_quarantined"))["imbalances"][0]["where"]

    await office.pay(negative, office.payment(claim, (25000, 18000, "CO-45 7000")), trace="EFT2")

    assert "contradictory" == (await set_aside(office)).kind
    assert (18000, 0) == ((await office.money()).paid, (await office.money()).open)


@pytest.mark.parametrize("flag", ["C", "D"])
async def test_a_file_whose_payment_is_below_zero_is_quarantined_whoever_moves_the_money(
    office: BillingOffice, flag: str
) -> None:
    """005010X221A1: a takeback beyond the payment is carried forward by PLB FB; BPR02 is zero then, never less."""
    claim = await billed(office, 25000)
    await office.pay(office.payment(claim, (25000, 18000, "CO-45 7000")))

    await office.pay(office.payment(claim, (-25000, -18000, "CO-45 -7000"), status="22"), trace="EFT2", flag=flag)

    told = await office.last("remittance_quarantined")
    assert ("file", "BPR02 below zero") == (told["scope"], told["imbalances"][0]["where"])
    assert (18000, 18000) == ((await office.money()).paid, (await office.cash())["cash.insurance"])


async def test_a_payment_that_the_payee_draws_from_the_payer_is_money_received(office: BillingOffice) -> None:
    """BPR03 D: a debit to the payer's account, and a credit to the payee's."""
    claim = await billed(office, 25000)

    await office.pay(office.payment(claim, (25000, 18000, "CO-45 7000")), flag="D")

    assert (18000, 0) == ((await office.money()).paid, (await office.money()).open)
    assert 18000 == (await office.cash())["cash.insurance"]


async def test_the_same_file_twice_has_one_effect(office: BillingOffice) -> None:
    """Byte for byte the same, and once more under another interchange number."""
    claim = await billed(office, 25000)
    payment = office.payment(claim, (25000, 18000, "CO-45 7000"))
    await office.pay(payment)
    office.payer_files.files -= 1
    again = await office.pay(payment)
    other = await office.pay(payment)

    assert ("repeated", "accepted") == (again.state, other.state)
    assert 0 == (await office.money()).open
    assert {"cash.insurance": 18000, "payment.insurance": -18000} == await office.cash()


async def test_another_file_under_a_known_number_is_held(office: BillingOffice) -> None:
    claim = await billed(office, 25000)
    await office.pay(office.payment(claim, (25000, 18000, "CO-45 7000")))
    office.payer_files.files -= 1

    taken = await office.pay(office.payment(claim, (25000, 0, "CO-45 25000")), trace="EFT9")

    assert "held" == taken.state
    assert "another file under the number" in taken.reason
    assert 18000 == (await office.money()).paid


async def test_a_held_file_is_taken_when_somebody_says_that_it_counts(office: BillingOffice) -> None:
    claim = await billed(office, 25000)
    await office.pay(office.payment(claim, (25000, 18000, "CO-45 7000")))
    office.payer_files.files -= 1
    correction = office.payment(claim, (-25000, -18000, "CO-45 -7000"), status="22")
    carried = ProviderAdjustment("1234567893", date(2026, 12, 31), "FB", "", -18000)
    held = await office.pay(correction, trace="EFT9", plb=[carried])
    assert 18000 == (await office.money()).paid

    taken = await office.replay(held.file_id)
    again = await office.replay(held.file_id)

    assert ("accepted", "repeated") == (taken.state, again.state)
    assert 0 == (await office.money()).paid


async def test_a_payment_for_nobody_waits_with_its_cash_until_it_is_returned(office: BillingOffice) -> None:
    """An unknown control number: unmatched, unapplied; closing it makes it a debt to the payer."""
    claim = await billed(office, 25000)
    payment = office.payment(claim, (25000, 18000, "CO-45 7000"))
    payment.control_number = "NOBODY"
    payment.payer_control_number = "ICN77"
    payment.service_lines[0].control_number = "NOBODY001"
    await office.pay(payment)

    item = await set_aside(office)
    assert ("unmatched", "NOBODY", 18000) == (item.kind, item.patient_control_number, item.amount_cents)
    assert {"cash.insurance": 18000, "unapplied.insurance": -18000} == await office.cash()

    await office.harness.command(CloseSetAside(item_id=item.item_id), remittance_stream(PAYEE, "EFT1"))
    assert {"cash.insurance": 18000, "liability.recoupment": -18000} == await office.cash()


async def test_a_payment_is_matched_by_its_lines_where_the_payer_lost_our_number(office: BillingOffice) -> None:
    """REF*6R carries the claim's number; lower case in CLP01 is read as ours, too."""
    claim = await billed(office, 25000)
    payment = office.payment(claim, (25000, 18000, "CO-45 7000"))
    payment.control_number = "PAYERS OWN"

    await office.pay(payment)

    assert 0 == (await office.money()).open


async def test_a_deposit_and_its_remittance_find_each_other_in_either_order(office: BillingOffice) -> None:
    claim = await billed(office, 25000)
    await office.harness.command(
        RecordDeposit(
            deposit_id=derived_id("deposit"),
            trace_number="EFT1",
            amount_cents=Cents(18000),
            deposited_on=date(2026, 1, 31),
        ),
        remittance_stream(PAYEE, "EFT1"),
    )
    assert "deposit_matched" not in await office.harness.said_names()

    await office.pay(office.payment(claim, (25000, 18000, "CO-45 7000")))

    assert 18000 == (await office.last("deposit_matched"))["amount_cents"]
    entries = (await office.last("cash_posted"))["entries"]
    assert ["2026-01-31"] == [entry["deposited_on"] for entry in entries]


async def test_a_file_that_is_no_x12_is_kept_and_refused_with_its_reason(office: BillingOffice) -> None:
    taken = await office.receive(b"Dear provider, please find enclosed ...")

    assert ("refused", "the file cannot be read") == (taken.state, taken.reason.partition(":")[0])
    [kept] = await office.interchanges()
    assert ("refused", 39) == (kept.state, kept.size_bytes)
    assert "Dear" not in kept.content


async def test_a_month_is_closed_after_its_last_day_only(office: BillingOffice) -> None:
    stream = StreamRef("billing_entity", PAYEE, "period", derived_id("period", str(PAYEE)))
    with pytest.raises(Refusal, match="not over"):
        await office.harness.command(ClosePeriod(billing_entity_id=PAYEE, period="2026-01"), stream)

    await office.harness.command(ClosePeriod(billing_entity_id=PAYEE, period="2025-12"), stream)

    assert "2025-12" == (await office.last("period_closed"))["period"]


def _with_amount(item: SetAside, line: Any, amount: Any, cents: Cents) -> Any:
    right = replace(line, adjustments=(replace(amount, amount_cents=cents),))
    return replace(item.payment, lines=(right,))
