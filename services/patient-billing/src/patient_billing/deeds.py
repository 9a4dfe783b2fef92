"""What patient billing does when somebody asks. One function per command; each answers with the account's state."""

from calendar import monthrange
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from patient_billing.commands import (
    AccountState,
    ApplyForAssistance,
    CancelPlan,
    ClosePeriod,
    DecideAssistance,
    LiftHold,
    OpenDispute,
    PlaceHold,
    PlaceWithAgency,
    PresentInsurance,
    RecallPlacement,
    RefundCredit,
    ResolveDispute,
    ReturnPayment,
    SetContactPreference,
    SetPolicy,
    StartPlan,
    TakePayment,
    TakeRecovery,
    WriteOff,
)
from patient_billing.concluding import conclude, moment_of, the_account
from patient_billing.domain.account import PatientAccount
from patient_billing.domain.collecting import place_early_out, recall
from patient_billing.domain.contact import ContactPreference
from patient_billing.domain.credits import refund_now
from patient_billing.domain.decision import Decision
from patient_billing.domain.helping import (
    apply_for_assistance,
    decide_assistance,
    lift_hold,
    open_dispute,
    place_hold,
    resolve_dispute,
    write_off,
)
from patient_billing.domain.payment import Payment
from patient_billing.domain.planning import cancel_plan, start_plan
from patient_billing.domain.receiving import expect_encounter, return_payment, take_payment, take_recovery
from patient_billing.messages import (
    CoverageShown,
    InsuranceAsked,
    MonthClosed,
    account_stream,
    encounter_stream,
    rules_stream,
)
from patient_billing.published import InsurancePresented, PeriodClosed
from patient_billing.storage import BillingWork, ClosedMonths, EntityRules
from revcycle_kit.clock import local_date
from revcycle_kit.delivery.messages import Command
from revcycle_kit.errors import Conflict, NotFound, Refusal


async def pay(asked: TakePayment, work: BillingWork) -> AccountState:
    """Take a payment and apply it."""
    account = _account_for(asked, work)
    moment = moment_of(account, work)
    encounter = asked.encounter
    if encounter is not None:
        account = expect_encounter(account, encounter.encounter_id, encounter.clinic_id, encounter.service_on)
        watch = InsuranceAsked(billing_entity_id=account.billing_entity_id, account_id=account.account_id)
        work.send(watch, encounter_stream(encounter.clinic_id, encounter.encounter_id), key=str(account.account_id))
    payment = Payment(
        payment_id=work.new_id(),
        amount_cents=asked.amount_cents,
        method=asked.method,
        purpose=asked.purpose,
        received_on=asked.received_on or moment.today,
        encounter_id=encounter.encounter_id if encounter else None,
        reference=asked.reference,
        asked_for=asked.asked_for,
    )
    return _done(take_payment(account, payment, moment), work, payment.payment_id)


async def bounce(asked: ReturnPayment, work: BillingWork) -> AccountState:
    """Take a returned payment off the encounters it had paid."""
    account = the_account(work)
    decision = return_payment(account, asked.payment_id, asked.reason, moment_of(account, work))
    return _done(decision, work)


async def recover(asked: TakeRecovery, work: BillingWork) -> AccountState:
    """Take what an agency collected."""
    account = the_account(work)
    moment = moment_of(account, work)
    payment = Payment(
        payment_id=work.new_id(),
        amount_cents=asked.amount_cents,
        method="agency",
        purpose="recovery",
        received_on=asked.received_on or moment.today,
        reference=asked.reference,
    )
    decision = take_recovery(account, payment, asked.placement_id, asked.fee_cents, moment)
    return _done(decision, work, payment.payment_id)


async def refund(asked: RefundCredit, work: BillingWork) -> AccountState:
    """Refund a credit now instead of when it has rested."""
    account = the_account(work)
    return _done(refund_now(account, asked.encounter_id, asked.amount_cents, moment_of(account, work)), work)


async def give_up(asked: WriteOff, work: BillingWork) -> AccountState:
    """Write off by hand."""
    account = the_account(work)
    moment = moment_of(account, work)
    return _done(write_off(account, asked.encounter_id, asked.write_off_class, asked.amount_cents, moment), work)


async def agree_plan(asked: StartPlan, work: BillingWork) -> AccountState:
    """Start a payment plan."""
    account = the_account(work)
    moment = moment_of(account, work)
    decision = start_plan(
        account,
        asked.installments,
        asked.first_due_on,
        moment,
        autopay=asked.autopay,
        encounter_ids=asked.encounter_ids,
    )
    return _done(decision, work, decision.account.plan.plan_id if decision.account.plan else None)


async def end_plan(_: CancelPlan, work: BillingWork) -> AccountState:
    """End the running plan."""
    return _done(cancel_plan(the_account(work)), work)


async def hold(asked: PlaceHold, work: BillingWork) -> AccountState:
    """Place a hold."""
    account = the_account(work)
    return _done(place_hold(account, asked.reason, moment_of(account, work)), work)


async def unhold(asked: LiftHold, work: BillingWork) -> AccountState:
    """Lift a hold."""
    account = the_account(work)
    return _done(lift_hold(account, asked.reason, moment_of(account, work)), work)


async def dispute(asked: OpenDispute, work: BillingWork) -> AccountState:
    """Open a dispute."""
    account = the_account(work)
    moment = moment_of(account, work)
    decision = open_dispute(account, asked.encounter_id, asked.kind, asked.amount_cents, moment)
    return _done(decision, work, decision.account.disputes[-1].dispute_id)


async def decide_dispute(asked: ResolveDispute, work: BillingWork) -> AccountState:
    """Decide a dispute."""
    account = the_account(work)
    moment = moment_of(account, work)
    return _done(resolve_dispute(account, asked.dispute_id, asked.outcome, asked.adjusted_cents, moment), work)


async def apply_assistance(_: ApplyForAssistance, work: BillingWork) -> AccountState:
    """Receive an application for financial assistance."""
    account = the_account(work)
    decision = apply_for_assistance(account, moment_of(account, work))
    return _done(decision, work, decision.account.applications[-1].application_id)


async def grant_assistance(asked: DecideAssistance, work: BillingWork) -> AccountState:
    """Decide an application for financial assistance."""
    account = the_account(work)
    moment = moment_of(account, work)
    return _done(decide_assistance(account, asked.application_id, asked.percent_basis_points, moment), work)


async def place(asked: PlaceWithAgency, work: BillingWork) -> AccountState:
    """Place balances with an agency that works in the provider's name."""
    account = the_account(work)
    decision = place_early_out(account, asked.encounter_ids, moment_of(account, work))
    return _done(decision, work, decision.account.placements[-1].placement_id)


async def take_back(asked: RecallPlacement, work: BillingWork) -> AccountState:
    """Recall a placement."""
    account = the_account(work)
    return _done(recall(account, asked.placement_id, moment_of(account, work)), work)


async def prefer(asked: SetContactPreference, work: BillingWork) -> AccountState:
    """Keep what the guarantor allows."""
    account = the_account(work)
    consented_on = moment_of(account, work).today if asked.sms_consented else None
    kept = ContactPreference(account.preference.email_known, asked.email_opted_out, consented_on)
    return _done(Decision(replace(account, preference=kept)), work)


async def present_insurance(asked: PresentInsurance, work: BillingWork) -> None:
    """Announce that a coverage was shown, and pause the bill of its encounter."""
    encounter = work.encounters.find(work.stream.id)
    if encounter is None:
        raise NotFound("encounter")
    on = local_date(work.now, work.clinics.get(encounter.clinic_id).time_zone)
    work.publish(
        InsurancePresented(
            encounter_id=encounter.encounter_id,
            account_id=encounter.account_id,
            payer_name=asked.payer_name,
            presented_on=on,
        )
    )
    shown = CoverageShown(encounter_id=encounter.encounter_id, presented_on=on)
    work.send(shown, account_stream(encounter.billing_entity_id, encounter.account_id), key=str(work.message_id))


async def set_policy(asked: SetPolicy, work: BillingWork) -> None:
    """Let a policy hold from its day on; the one of the same day is replaced."""
    rules = work.rules.find(asked.billing_entity_id) or EntityRules(asked.billing_entity_id)
    others = tuple(known for known in rules.policies if known.effective_on != asked.policy.effective_on)
    policies = sorted((*others, asked.policy), key=lambda policy: policy.effective_on)
    work.rules.put(replace(rules, policies=tuple(policies)))


async def close_period(asked: ClosePeriod, work: BillingWork) -> None:
    """Close a month that is over: later entries post into the next."""
    through = _last_day(asked.period)
    if through >= work.now.date():
        raise Refusal("The month is not over.", "period", "Close it when its last day has passed.")
    known = work.periods.find(work.stream.tenant_id)
    if known is not None and known.through >= through:
        raise Conflict("The month is closed.", "period")
    work.periods.put(ClosedMonths(work.stream.tenant_id, through))
    closed = PeriodClosed(billing_entity_id=work.stream.tenant_id, period=asked.period, closed_at=work.now)
    work.publish(closed)
    told = MonthClosed(billing_entity_id=work.stream.tenant_id, through=through)
    work.send(told, rules_stream(asked.organization_id, work.stream.tenant_id), key=asked.period)


def _last_day(period: str) -> date:
    try:
        first = date.fromisoformat(f"{period}-01")
    except ValueError:
        raise Refusal("This is no month.", "period", "Write it such as 2026-10.") from None
    return first.replace(day=monthrange(first.year, first.month)[1])


def _account_for(asked: TakePayment, work: BillingWork) -> PatientAccount:
    """Return the account, opened for an encounter that is paid ahead. Raises NotFound without one."""
    account = work.accounts.find(work.stream.id)
    if account is not None or asked.encounter is None:
        return account or the_account(work)
    clinic = work.clinics.get(asked.encounter.clinic_id)
    return PatientAccount(work.stream.id, work.stream.tenant_id, asked.encounter.guarantor_id, clinic.time_zone)


def _done(decision: Decision, work: BillingWork, created_id: UUID | None = None) -> AccountState:
    conclude(decision, work)
    account = decision.account
    return AccountState(
        account_id=account.account_id,
        created_id=created_id,
        due_cents=account.due_cents,
        credit_cents=account.credit_cents,
        unapplied_cents=account.unapplied_cents,
        held=account.held,
        settled=account.settled,
    )


TABLE: Final[tuple[tuple[type[Command], Callable[..., Awaitable[AccountState | None]]], ...]] = (
    (TakePayment, pay),
    (ReturnPayment, bounce),
    (TakeRecovery, recover),
    (RefundCredit, refund),
    (WriteOff, give_up),
    (StartPlan, agree_plan),
    (CancelPlan, end_plan),
    (PlaceHold, hold),
    (LiftHold, unhold),
    (OpenDispute, dispute),
    (ResolveDispute, decide_dispute),
    (ApplyForAssistance, apply_assistance),
    (DecideAssistance, grant_assistance),
    (PlaceWithAgency, place),
    (RecallPlacement, take_back),
    (SetContactPreference, prefer),
    (PresentInsurance, present_insurance),
    (SetPolicy, set_policy),
    (ClosePeriod, close_period),
)
"""Which deed answers which command."""
