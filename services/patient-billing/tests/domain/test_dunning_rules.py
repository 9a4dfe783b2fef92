"""When something is asked of a guarantor, and when not."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from patient_billing.domain.application import check_application
from patient_billing.domain.approval import check_tier
from patient_billing.domain.assistance import apply_for_assistance, decide_assistance
from patient_billing.domain.balance import TransferCause
from patient_billing.domain.contact import Call, ContactPreference, is_quiet, may_call, reminder_channel
from patient_billing.domain.dunning import remind
from patient_billing.domain.facts import AccountPlacedWithAgency, PaymentPlanMissed, ReminderSent, StatementIssued
from patient_billing.domain.holds import pause_billing, place_hold, release_hold
from patient_billing.domain.payment import Payment, PaymentMethod, PaymentPurpose
from patient_billing.domain.placements import place_early_out
from patient_billing.domain.plans import start_plan
from patient_billing.domain.policy import BillingPolicy, collection_rule_on, policy_on
from patient_billing.domain.recoveries import take_recovery
from patient_billing.testing.accounts import AccountBook
from revcycle_kit.errors import Conflict, Refusal
from revcycle_kit.money import Cents
from revcycle_kit.values import replace

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_two_visits_share_one_statement_and_a_later_one_joins_the_running_cycle(book: AccountBook) -> None:
    book.owe(1, 50_00)
    book.owe(2, 30_00)
    book.pass_days(10)
    book.owe(3, 20_00)
    book.pass_days(30)

    first, second = book.statements
    assert (80_00, 1) == (first.balance_cents, first.number)
    assert (100_00, 2) == (second.balance_cents, second.number)
    assert 30 == (second.issued_on - first.issued_on).days


def test_a_visit_that_joined_late_is_placed_by_its_own_clock(book: AccountBook) -> None:
    book.owe(1, 50_00)
    book.pass_days(40)
    book.owe(2, 30_00)
    book.pass_days(200)

    placed = book.said(AccountPlacedWithAgency)
    assert [50_00, 30_00] == [fact.amount_cents for fact in placed]
    billed = {item.encounter_id: part.issued_on for part in reversed(book.statements) for item in part.items}
    assert [121, 121] == [
        (fact.placed_on - billed[UUID(int=100 + number)]).days for number, fact in enumerate(placed, start=1)
    ]


def test_what_is_too_small_to_ask_for_is_written_off(book: AccountBook) -> None:
    book.owe(1, 4_99)
    book.pass_days(5)

    assert [] == book.statements
    assert {"small_balance": 4_99} == book.balance(1).written_off_cents
    book.check()


def test_a_payment_settles_the_cycle_and_the_next_balance_begins_a_new_one(book: AccountBook) -> None:
    book.owe(1, 50_00)
    book.pass_days(70)
    book.pay(50_00)
    book.owe(2, 30_00)
    book.pass_days(5)

    assert [1, 2, 3, 1] == [fact.number for fact in book.said(StatementIssued)]


@pytest.mark.parametrize("reason", ["bankruptcy", "deceased"])
def test_nothing_is_asked_or_placed_while_a_hold_stands(book: AccountBook, reason: str) -> None:
    book.owe(1, 50_00)
    book.pass_days(95)
    told = len(book.facts)
    book.do(place_hold, reason)
    book.pass_days(400)

    assert told + 1 == len(book.facts)
    book.do(release_hold, reason)
    book.pass_days(5)
    assert 1 == len(book.said(AccountPlacedWithAgency))


def test_a_hold_moves_the_unpaid_installments(book: AccountBook) -> None:
    book.owe(1, 100_00)
    book.do(start_plan, 2, date(2026, 4, 1))
    book.do(place_hold, "deceased")
    book.pass_days(60)
    book.do(release_hold, "deceased")

    assert [date(2026, 5, 31), date(2026, 6, 30)] == [part.due_on for part in book.plan.installments]
    assert [] == book.said(PaymentPlanMissed)


def test_a_plan_with_two_missed_installments_ends_and_statements_resume(book: AccountBook) -> None:
    book.owe(1, 90_00)
    book.do(start_plan, 3, date(2026, 4, 1))
    book.pass_days(100)

    assert [1, 2] == [fact.installment for fact in book.said(PaymentPlanMissed)]
    assert "defaulted" == book.plan.status
    assert 90_00 == book.statements[0].balance_cents
    assert date(2026, 5, 7) <= book.statements[0].issued_on <= date(2026, 5, 8)


def test_a_plan_that_is_over_with_one_installment_unpaid_ends_and_statements_resume(book: AccountBook) -> None:
    book.owe(1, 90_00)
    book.do(start_plan, 3, date(2026, 4, 1))
    for month in (4, 5):
        book.pass_days((date(2026, month, 1) - book.today).days)
        book.pay(30_00, purpose=PaymentPurpose.PLAN)
    book.pass_days((date(2026, 6, 6) - book.today).days)
    assert "active" == book.plan.status, "the days of grace are still to be had"

    book.pass_days(65)

    assert [3] == [fact.installment for fact in book.said(PaymentPlanMissed)]
    assert "defaulted" == book.plan.status
    assert [(30_00, date(2026, 6, 7)), (30_00, date(2026, 7, 7)), (30_00, date(2026, 8, 6))] == [
        (statement.balance_cents, statement.issued_on) for statement in book.statements
    ]
    book.check()


def test_a_plan_whose_last_installment_was_told_as_missed_long_ago_ends_on_the_next_morning(book: AccountBook) -> None:
    book.owe(1, 90_00)
    book.do(start_plan, 3, date(2026, 4, 1))
    book.pay(60_00, purpose=PaymentPurpose.PLAN)
    book.account = replace(book.account, plan=book.plan.mark_missed((3,)))
    book.today = date(2026, 9, 1)
    book.pass_days(1)

    assert "defaulted" == book.plan.status
    assert 1 == len(book.statements)


def test_a_plan_asks_for_its_share_and_a_statement_only_for_the_rest(book: AccountBook) -> None:
    book.owe(1, 90_00)
    book.do(start_plan, 3, date(2026, 4, 1))
    book.owe(2, 40_00)
    book.pass_days(5)

    [statement] = book.statements
    assert (40_00, (UUID(int=102),)) == (statement.balance_cents, statement.encounter_ids)
    assert [30_00] * 3 == [part.amount_cents for part in book.plan.installments]


def test_a_plan_may_cover_only_the_visits_of_one_statement(book: AccountBook) -> None:
    book.owe(1, 90_00)
    book.owe(2, 40_00)
    book.do(start_plan, 3, date(2026, 4, 1), encounter_ids=(UUID(int=101),))
    book.pass_days(5)

    assert 90_00 == book.plan.total_cents
    assert [40_00] == [part.balance_cents for part in book.statements]


def test_seven_installments_of_750_dollars_lose_no_cent(book: AccountBook) -> None:
    book.owe(1, 750_00)
    book.do(start_plan, 7, date(2026, 4, 1))
    assert [107_15, 107_15, *[107_14] * 5] == [part.amount_cents for part in book.plan.installments]


def test_a_withdrawal_shortens_the_plan(book: AccountBook) -> None:
    book.owe(1, 90_00)
    book.do(start_plan, 3, date(2026, 4, 1))
    book.owe(1, -50_00)

    assert (40_00, 50_00) == (book.plan.left_cents, book.plan.paid_cents)
    installment = book.plan.next_due()
    assert installment is not None
    assert 10_00 == installment.amount_cents
    book.check()


def test_a_shown_coverage_pauses_only_its_own_visit(book: AccountBook) -> None:
    book.owe(1, 50_00)
    book.owe(2, 30_00)
    book.do(pause_billing, UUID(int=101), book.today)
    book.pass_days(10)

    assert [30_00] == [part.balance_cents for part in book.statements]


def test_early_out_stays_receivable_and_the_agency_pays_like_a_patient(book: AccountBook) -> None:
    book.owe(1, 50_00)
    book.pass_days(5)
    book.do(place_early_out, (UUID(int=101),))
    book.pass_days(300)
    assert 1 == len(book.statements), "the agency asks now"
    assert {} == book.balance(1).written_off_cents

    [placement] = book.account.placements
    recovery = Payment(book.ids.new_id(), Cents(50_00), PaymentMethod.AGENCY, PaymentPurpose.RECOVERY, book.today)
    book.do(take_recovery, recovery, placement.placement_id, Cents(10_00))
    assert (50_00, 0) == (book.position(1).paid_cents, book.position(1).open_cents)
    book.check()


def test_a_patient_who_pays_after_placement_lowers_the_bad_debt_without_a_fee(book: AccountBook) -> None:
    book.owe(1, 50_00)
    book.pass_days(150)
    book.pay(20_00)

    [recovery] = [posting for posting in book.postings if posting.kind == "recovery"]
    assert (20_00, 0) == (recovery.amount_cents, recovery.fee_cents)
    assert (20_00, 30_00, 30_00) == (
        book.position(1).paid_cents,
        book.position(1).written_off_cents,
        book.account.placed_cents,
    )
    book.check()


def test_assistance_turns_bad_debt_into_charity(book: AccountBook) -> None:
    book.owe(1, 200_00)
    book.pass_days(150)
    book.do(apply_for_assistance)
    book.do(decide_assistance, book.account.applications[0].application_id, 6000)

    assert {"charity": 120_00} == book.balance(1).written_off_cents
    assert (80_00, 0) == (book.account.due_cents, book.account.placed_cents)
    book.check()


def test_applications_are_accepted_until_day_240_after_the_first_bill() -> None:
    first = date(2026, 1, 1)
    check_application(first, first + timedelta(days=240))
    with pytest.raises(Refusal, match="day 240"):
        check_application(first, first + timedelta(days=241))


def test_the_law_behind_the_days_is_named() -> None:
    rule = collection_rule_on(date(2026, 1, 1))
    assert (120, 30, 240) == (rule.placement_after_days, rule.notice_days, rule.application_until_days)
    assert "1.501(r)-6" in rule.source


def test_the_policy_of_the_day_holds() -> None:
    policies = (
        BillingPolicy(effective_on=date(2026, 1, 1), self_pay_discount_basis_points=4000),
        BillingPolicy(effective_on=date(2026, 7, 1), self_pay_discount_basis_points=3000),
    )
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [0, 4000, 4000, 3000] == [policy_on(policies, on).self_pay_discount_basis_points for on in days]


def test_the_discount_of_the_clinic_and_day_of_service_wins() -> None:
    book = AccountBook.under(self_pay_discount_basis_points=4000, clinic_discounts={UUID(int=2): 2500})
    book.owe(1, 100_01, cause=TransferCause.SELF_PAY)
    assert 25_00 == book.position(1).discounted_cents
    book.owe(1, -100_01)
    assert (0, 0) == (book.position(1).discounted_cents, book.position(1).open_cents)
    book.check()


@pytest.mark.parametrize(("hour", "quiet"), [(7, True), (8, False), (20, False), (21, True), (23, True)])
def test_quiet_hours_end_at_eight_and_begin_at_nine_in_the_evening(hour: int, quiet: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert quiet == is_quiet(NOON.replace(hour=hour))


def test_regulation_f_binds_agencies_on_bad_debt_and_not_the_provider() -> None:
    seven = [Call(NOON - timedelta(days=6, hours=number)) for number in range(7)]
    assert not may_call(NOON, seven, regulated=True)
    assert may_call(NOON, seven, regulated=False)
    assert may_call(NOON, seven[:6], regulated=True)
    assert not may_call(NOON, [Call(NOON - timedelta(days=5), conversation=True)], regulated=True)
    assert may_call(NOON, [Call(NOON - timedelta(days=8), conversation=True)], regulated=True)


@pytest.mark.parametrize(
    ("preference", "channel"),
    [
        (ContactPreference(), "mail"),
        (ContactPreference(email_known=True), "email"),
        (ContactPreference(email_known=True, email_opted_out=True), "mail"),
        (ContactPreference(email_known=True, sms_consented_on=date(2026, 1, 1)), "sms"),
    ],
)
def test_reminders_go_where_the_guarantor_allows(preference: ContactPreference, channel: str) -> None:
    assert channel == reminder_channel(preference)


def test_an_alarm_that_rings_in_quiet_hours_sends_no_reminder(book: AccountBook) -> None:
    book.account = replace(book.account, preference=ContactPreference(email_known=True))
    book.owe(1, 50_00)
    book.pass_days(14)
    book.today += timedelta(days=1)
    late = datetime.combine(book.today, time(4), tzinfo=UTC)  # eleven at night in Chicago
    book.take(remind(book.account, replace(book.moment, now=late)))
    assert [] == book.said(ReminderSent)

    book.pass_days(1)
    assert 1 == len(book.said(ReminderSent))


@pytest.mark.parametrize(
    ("cents", "role"), [(10_01, "biller"), (100_01, "lead"), (500_01, "manager"), (5_000_01, "client")]
)
def test_each_tier_of_write_off_needs_its_role(cents: int, role: str) -> None:
    check_tier(Cents(cents), {role})
    with pytest.raises(Refusal, match="at most"):
        check_tier(Cents(cents), {"front_desk"})


def test_a_plan_needs_something_due_and_days_to_come(book: AccountBook) -> None:
    with pytest.raises(Conflict, match="owes nothing"):
        book.do(start_plan, 3, book.today)
    book.owe(1, 50_00)
    with pytest.raises(Refusal, match="in the past"):
        book.do(start_plan, 3, book.today - timedelta(days=1))
    with pytest.raises(Refusal, match="at most 36"):
        book.do(start_plan, 37, book.today)


def test_a_plan_in_the_past_is_never_a_conflict_of_the_moment(book: AccountBook) -> None:
    with pytest.raises(Refusal, match="in the past") as refused:
        book.do(start_plan, 3, book.today - timedelta(days=1))
    assert not isinstance(refused.value, Conflict), "nobody may be told to ask for it again later"
