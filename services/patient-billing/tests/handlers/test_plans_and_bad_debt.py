"""Months of an account: a plan that is kept late, a balance that nobody pays, an agency."""

from datetime import date
from uuid import UUID

from patient_billing.domain.payment import PaymentMethod, PaymentPurpose
from patient_billing.domain.plan import PlanStatus
from patient_billing.domain.policy import BillingPolicy
from patient_billing.messages import SetPolicy, StartPlan, TakeRecovery, rules_stream
from patient_billing.testing.office import BillingOffice
from revcycle_kit.money import Cents


async def test_self_pay_is_discounted_and_paid_in_six_installments(office: BillingOffice) -> None:
    """J10: 1,250.00 less 40 %, six times 125.00; the fourth is missed, then caught up."""
    policy = BillingPolicy(effective_on=date(2026, 1, 1), self_pay_discount_basis_points=4000)
    command = SetPolicy(billing_entity_id=office.entity_id, policy=policy)
    await office.ask(command, rules_stream(office.organization_id, office.entity_id))
    await office.register(10)
    await office.estimate(10, 720_00)
    await office.owe(10, 1_250_00, cause="self_pay")

    assert 750_00 == (await office.see_account()).due_cents
    assert ("adjustment.self_pay_discount", "receivable.patient", 500_00) in await office.ledger(10)

    await office.ask(StartPlan(installments=6, first_due_on=date(2026, 4, 1)))
    for month, times in ((4, 1), (5, 1), (6, 1), (8, 2), (9, 1)):
        await office.until(2026, month, 1)
        for _ in range(times):
            await office.pay(125_00, PaymentMethod.ACH, PaymentPurpose.PLAN)

    encounter = await office.see_encounter(10)
    assert (1_250_00, 500_00, 750_00, 0) == (
        encounter.position.transferred_cents,
        encounter.position.discounted_cents,
        encounter.position.paid_cents,
        encounter.open_cents,
    )
    names = await office.harness.said_names(office.account_id)
    assert 1 == names.count("payment_plan_missed")
    assert ["payment_plan_completed", "account_settled"] == names[-2:]
    assert [] == office.mail.covers, "a kept plan needs no statement"
    await office.nothing_parked()


async def test_a_plan_that_ran_out_with_one_installment_unpaid_is_followed_by_a_statement(
    office: BillingOffice,
) -> None:
    await office.register(1)
    await office.owe(1, 90_00)
    await office.ask(StartPlan(installments=3, first_due_on=date(2026, 4, 1)))
    for month in (4, 5):
        await office.until(2026, month, 1)
        await office.pay(30_00, PaymentMethod.ACH, PaymentPurpose.PLAN)
    await office.until(2026, 7, 1)

    plan = (await office.see_account()).plan
    assert plan is not None
    assert PlanStatus.DEFAULTED is plan.status
    names = await office.harness.said_names(office.account_id)
    assert ["payment_plan_missed", "statement_issued"] == names[-2:]
    assert [(30_00, "2026-06-07")] == [(each["balance_cents"], each["issued_on"]) for each in office.mail.covers]
    await office.nothing_parked()


async def test_bad_debt_is_written_off_after_day_120_and_a_recovery_reverses_part(office: BillingOffice) -> None:
    """J14: 215.00 billed, 40.00 paid, 175.00 bad debt; the agency brings 60.00 and keeps 15.00."""
    await office.register(14)
    await office.owe(14, 215_00)
    await office.until(2026, 3, 10)
    await office.pay(40_00)
    await office.until(2026, 8, 1)

    covers = [cover for cover in office.mail.covers if cover["document"] == "statement"]
    assert ["2026-03-03", "2026-04-02", "2026-05-02", "2026-06-01"] == [cover["issued_on"] for cover in covers]
    said = dict(await office.harness.said(office.account_id))
    placed = said["account_placed_with_agency"]
    assert ("bad_debt", 175_00, "2026-07-02") == (placed["kind"], placed["amount_cents"], placed["placed_on"])

    await office.ask(TakeRecovery(placement_id=UUID(placed["placement_id"]), amount_cents=Cents(60_00)))

    position = (await office.see_encounter(14)).position
    assert (100_00, 115_00, 0) == (position.paid_cents, position.written_off_cents, position.open_cents)
    told = dict(await office.harness.said(UUID(int=114)))
    assert (60_00, 15_00) == (told["recovery_received"]["amount_cents"], told["recovery_received"]["fee_cents"])
    assert [
        ("receivable.patient", "transfer.insurance", 215_00),
        ("receivable.patient", "write_off.bad_debt", 60_00),
        ("unapplied.patient", "receivable.patient", 40_00),
        ("unapplied.patient", "receivable.patient", 60_00),
        ("write_off.bad_debt", "receivable.patient", 175_00),
    ] == await office.ledger(14)
    await office.nothing_parked()


async def test_a_reminder_goes_by_e_mail_halfway_to_the_next_statement(office: BillingOffice) -> None:
    await office.register(1, email="alex@example.org")
    await office.owe(1, 60_00)
    await office.until(2026, 3, 20)

    [statement, reminder] = office.mail.covers
    assert ("statement", "reminder") == (statement["document"], reminder["document"])
    assert ("email", "alex@example.org") == (reminder["channel"], reminder["to"]["email"])
    [document, _] = office.mail.letters[next(key for key in office.mail.letters if "reminder" in key)]
    assert b"Alex" not in document
    said = dict(await office.harness.said(office.account_id))
    assert "2026-03-17T13:00:00Z" == said["reminder_sent"]["sent_at"], "eight in the morning in Chicago"
    await office.nothing_parked()
