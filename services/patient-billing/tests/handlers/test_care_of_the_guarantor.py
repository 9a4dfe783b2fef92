"""Holds, disputes, assistance, bounced payments, cancelled visits, late coverages, closed months."""

from datetime import date
from uuid import UUID

import pytest

from patient_billing.domain.dispute import DisputeKind, DisputeOutcome
from patient_billing.domain.hold import HoldReason
from patient_billing.domain.payment import PaymentMethod, PaymentPurpose
from patient_billing.messages import (
    ApplyForAssistance,
    ClosePeriod,
    DecideAssistance,
    EncounterRef,
    OpenDispute,
    PlaceHold,
    PresentInsurance,
    ReleaseHold,
    ResolveDispute,
    ReturnPayment,
    TakePayment,
    period_stream,
)
from patient_billing.testing.office import BillingOffice
from revcycle_kit.errors import Conflict, Refusal
from revcycle_kit.money import Cents
from revcycle_kit.partners.outcomes import Rejected


async def test_a_hold_stops_statements_until_it_is_lifted(office: BillingOffice) -> None:
    await office.register(1)
    await office.owe(1, 80_00)
    await office.ask(PlaceHold(reason=HoldReason.BANKRUPTCY))
    await office.until(2026, 9, 1)
    assert [] == office.mail.covers

    await office.ask(ReleaseHold(reason=HoldReason.BANKRUPTCY))
    await office.until(2026, 9, 3)
    assert 1 == len(office.mail.covers)
    held = [told for name, told in await office.harness.said(office.account_id) if name == "account_held"]
    assert [("bankruptcy", True), ("bankruptcy", False)] == [(told["reason"], told["held"]) for told in held]


async def test_a_dispute_holds_the_account_and_its_adjustment_lowers_the_balance(office: BillingOffice) -> None:
    await office.register(1)
    await office.owe(1, 80_00)
    opened = await office.ask(
        OpenDispute(encounter_id=UUID(int=101), kind=DisputeKind.DISPUTE, amount_cents=Cents(30_00))
    )
    assert opened.held

    resolve = ResolveDispute(dispute_id=opened.created_id, outcome=DisputeOutcome.ADJUSTED, adjusted_cents=Cents(30_00))
    resolved = await office.ask(resolve)

    assert (False, 50_00) == (resolved.held, resolved.due_cents)
    assert ("write_off.administrative", "receivable.patient", 30_00) in await office.ledger(1)
    with pytest.raises(Conflict, match="decided before"):
        await office.harness.command(resolve, office.account)


async def test_a_good_faith_estimate_gives_the_right_to_dispute_only_400_dollars_above_it(
    office: BillingOffice,
) -> None:
    await office.register(1)
    await office.estimate(1, 720_00)
    await office.owe(1, 1_119_99)
    ppdr = OpenDispute(encounter_id=UUID(int=101), kind=DisputeKind.PPDR, amount_cents=Cents(399_99))
    with pytest.raises(Refusal, match=r"at least \$400\.00 above"):
        await office.harness.command(ppdr, office.account)

    await office.owe(1, 1)
    assert (await office.ask(ppdr)).held


async def test_assistance_forgives_its_share_as_charity(office: BillingOffice) -> None:
    await office.register(1)
    await office.owe(1, 200_01)
    application = await office.ask(ApplyForAssistance())
    assert application.held

    decide = DecideAssistance(application_id=application.created_id, percent_basis_points=7500)
    decided = await office.ask(decide)

    assert (False, 50_00) == (decided.held, decided.due_cents)
    assert ("write_off.charity", "receivable.patient", 150_01) in await office.ledger(1)


async def test_a_bounced_payment_is_owed_again(office: BillingOffice) -> None:
    await office.register(1)
    await office.owe(1, 80_00)
    paid = await office.pay(80_00, PaymentMethod.CHECK)
    assert paid.created_id is not None
    bounced = await office.ask(ReturnPayment(payment_id=paid.created_id, reason="insufficient_funds"))

    assert 80_00 == bounced.due_cents
    assert 80_00 == (await office.see_encounter(1)).open_cents
    applied = [
        told["amount_cents"]
        for name, told in await office.harness.said(UUID(int=101))
        if name == "patient_payment_applied"
    ]
    assert [80_00, -80_00] == applied
    await office.until(2026, 3, 4)
    assert 1 == len(office.mail.covers)


async def test_what_was_paid_for_a_cancelled_visit_goes_back(office: BillingOffice) -> None:
    await office.register(1)
    home = EncounterRef(
        encounter_id=UUID(int=101),
        clinic_id=office.clinic_id,
        guarantor_id=office.guarantor_id,
        service_on=date(2026, 2, 20),
    )
    await office.pay(25_00, PaymentMethod.CARD, PaymentPurpose.PREPAYMENT, home)
    await office.cancel(1)
    await office.until(2026, 4, 1)

    assert [
        ("receivable.patient", "refund.patient", 25_00),
        ("unapplied.patient", "receivable.patient", 25_00),
    ] == await office.ledger(1)
    assert (await office.see_account()).settled
    await office.nothing_parked()


async def test_a_card_is_not_charged_above_what_is_owed_and_a_check_above_it_is_kept_as_credit(
    office: BillingOffice,
) -> None:
    await office.register(1)
    await office.owe(1, 80_00)
    with pytest.raises(Refusal, match=r"owes \$80\.00"):
        await office.harness.command(
            TakePayment(amount_cents=Cents(80_01), method=PaymentMethod.CARD, purpose=PaymentPurpose.BALANCE),
            office.account,
        )
    for amount in (0, -5_00):
        with pytest.raises(Refusal, match=r"more than 0\.00"):
            await office.harness.command(
                TakePayment(amount_cents=Cents(amount), method=PaymentMethod.CHECK, purpose=PaymentPurpose.BALANCE),
                office.account,
            )

    kept = await office.pay(100_00, PaymentMethod.CHECK)
    assert (0, 20_00) == (kept.due_cents, kept.unapplied_cents)
    await office.until(2026, 4, 1)
    assert ("receivable.patient", "refund.patient", 20_00) in await office.ledger(1)
    assert (await office.see_account()).settled


async def test_a_coverage_shown_after_the_bill_pauses_it(office: BillingOffice) -> None:
    await office.register(1)
    await office.owe(1, 80_00)
    await office.ask(PresentInsurance(payer_name="Prairie Health"), office.encounter(1))
    await office.until(2026, 3, 30)
    assert [] == office.mail.covers
    assert "insurance_presented" in await office.harness.said_names(UUID(int=101))

    await office.until(2026, 4, 2)
    assert 1 == len(office.mail.covers), "after thirty days without a withdrawal the bill goes out"


async def test_a_closed_month_takes_nothing_more(office: BillingOffice) -> None:
    await office.register(1)
    await office.until(2026, 4, 2)
    await office.ask(
        ClosePeriod(organization_id=office.organization_id, period="2026-03"), period_stream(office.entity_id)
    )
    await office.owe(1, 80_00, posted_on=date(2026, 3, 31))

    [row] = await office.harness.query("SELECT posted_on FROM ledger_entry")
    assert date(2026, 4, 1) == row["posted_on"]
    for period, refusal in (("2026-04", "not over"), ("2026-03", "is closed"), ("March", "no month")):
        with pytest.raises(Refusal, match=refusal):
            await office.harness.command(
                ClosePeriod(organization_id=office.organization_id, period=period), period_stream(office.entity_id)
            )


async def test_a_statement_that_the_mail_vendor_refuses_is_told_listed_and_sent_again(office: BillingOffice) -> None:
    office.mail.trouble = Rejected("the mail vendor", "status 422")
    await office.register(1)
    await office.owe(1, 80_00)
    await office.until(2026, 9, 1)
    statement, *later = await office.harness.runtime.effects("given_up")
    event, *_ = [event for name, event in await office.harness.said(office.account_id) if name == "effect_given_up"]
    assert ("send_statement", f"statement-{event['document_id']}") == (event["effect"], statement["key"])

    office.mail.trouble = None
    await office.harness.runtime.resend(statement["task_id"])
    await office.harness.settle()
    assert [event["document_id"]] == [cover["statement_id"] for cover in office.mail.covers]
    assert later == await office.harness.runtime.effects()
