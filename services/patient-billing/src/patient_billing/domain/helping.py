"""Holds, disputes, financial assistance, write-offs by hand, a coverage shown late."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.facts import AccountHeld, AssistanceDecided, DisputeOpened, DisputeResolved
from patient_billing.domain.holds import (
    AssistanceApplication,
    Dispute,
    DisputeKind,
    Hold,
    HoldReason,
    Outcome,
    check_application,
    check_dispute,
)
from patient_billing.domain.ledger import WriteOffClass
from patient_billing.domain.moves import forgive
from patient_billing.domain.payment import check_amount
from patient_billing.domain.settling import settle, undo
from revcycle_kit.errors import Conflict, NotFound, Refusal
from revcycle_kit.money import Cents, format_dollars, percent

_WHOLE_BASIS_POINTS = 10_000


def place_hold(account: PatientAccount, reason: HoldReason, moment: Moment) -> Decision:
    """Stop statements, reminders, plan and placement. A hold that stands already changes nothing."""
    if any(hold.reason == reason for hold in account.holds):
        return Decision(account)
    held = replace(account, holds=(*account.holds, Hold(reason, moment.today)))
    return Decision(held).saying(AccountHeld(reason, held=True, since=moment.today))


def release_hold(account: PatientAccount, reason: HoldReason, moment: Moment) -> Decision:
    """Lift a hold; with the last one, the plan's unpaid installments move by the days it stood."""
    hold = next((hold for hold in account.holds if hold.reason == reason), None)
    if hold is None:
        raise Conflict("The account is not held for this reason.", "reason")
    left = tuple(other for other in account.holds if other.reason != reason)
    plan = account.plan
    if plan is not None and plan.active and not left:
        plan = plan.postponed((moment.today - min(held.since for held in account.holds)).days)
    lifted = replace(account, holds=left, plan=plan)
    return Decision(lifted).saying(AccountHeld(reason, held=False, since=moment.today))


def open_dispute(
    account: PatientAccount, encounter_id: UUID, kind: DisputeKind, amount: Cents, moment: Moment
) -> Decision:
    """Open a dispute over an encounter and hold the account; see `check_dispute` for what is refused."""
    check_dispute(account.known_balance(encounter_id), kind, amount, moment.today)
    dispute = Dispute(moment.new_id(), encounter_id, kind, amount, moment.today)
    opened = replace(account, disputes=(*account.disputes, dispute))
    fact = DisputeOpened(dispute.dispute_id, encounter_id, amount, moment.today)
    return Decision(opened).saying(fact).then(place_hold, kind, moment)


def resolve_dispute(
    account: PatientAccount, dispute_id: UUID, outcome: Outcome, adjusted: Cents, moment: Moment
) -> Decision:
    """
    Decide a dispute: `upheld` the balance stands, `adjusted` it is lowered, `withdrawn` by the guarantor.

    Raises NotFound, Conflict when it was decided before, Refusal for an adjustment that does not fit.
    """
    dispute = next((known for known in account.disputes if known.dispute_id == dispute_id), None)
    if dispute is None:
        raise NotFound("dispute on this account")
    _check_resolution(dispute, outcome, adjusted, account.known_balance(dispute.encounter_id).due_cents)
    closed = replace(dispute, outcome=outcome, resolved_on=moment.today, adjusted_cents=adjusted)
    disputes = tuple(closed if known.dispute_id == dispute_id else known for known in account.disputes)
    fact = DisputeResolved(dispute_id, dispute.encounter_id, outcome, adjusted, moment.today)
    decision = Decision(replace(account, disputes=disputes)).saying(fact)
    decision = decision.then(forgive, dispute.encounter_id, "administrative", adjusted, moment)
    if not any(known.kind == dispute.kind and known.outcome is None for known in disputes):
        decision = decision.then(release_hold, dispute.kind, moment)
    return decision.then(settle, moment)


def _check_resolution(dispute: Dispute, outcome: Outcome, adjusted: Cents, due: Cents) -> None:
    if dispute.outcome is not None:
        raise Conflict("The dispute was decided before.", "dispute_id")
    if (outcome == "adjusted") != (adjusted > 0) or not 0 <= adjusted <= due:
        raise Refusal(
            "An adjustment goes with the outcome 'adjusted' and no other.",
            "adjusted_cents",
            f"Send more than 0.00 and at most {format_dollars(due)} for 'adjusted', 0 for the other outcomes.",
        )


def apply_for_assistance(account: PatientAccount, moment: Moment) -> Decision:
    """Receive an application for financial assistance: everything waits until it is decided."""
    if any(known.decided_on is None for known in account.applications):
        raise Conflict("An application is waiting for its decision.", "", "Decide it first.")
    first = min((known.first_billed_on for known in account.balances if known.first_billed_on), default=None)
    check_application(first, moment.today)
    application = AssistanceApplication(moment.new_id(), moment.today)
    received = replace(account, applications=(*account.applications, application))
    return Decision(received).then(place_hold, "assistance_pending", moment)


def decide_assistance(account: PatientAccount, application_id: UUID, basis_points: int, moment: Moment) -> Decision:
    """
    Forgive a share of everything owed as charity; 10000 basis points forgive all.

    Help takes balances back from the agency: what was written off as bad debt becomes charity or is due again.
    """
    application = next((known for known in account.applications if known.application_id == application_id), None)
    if application is None:
        raise NotFound("assistance application on this account")
    if application.decided_on is not None:
        raise Conflict("The application was decided before.", "application_id")
    if not 0 <= basis_points <= _WHOLE_BASIS_POINTS:
        raise Refusal("The share forgiven is between 0 and 10000 basis points.", "percent_basis_points")
    closed = replace(application, decided_on=moment.today, percent_basis_points=basis_points)
    others = tuple(known for known in account.applications if known.application_id != application_id)
    decision = Decision(replace(account, applications=(*others, closed), settled=False))
    decision = decision.saying(AssistanceDecided(basis_points, moment.today))
    for balance in account.balances if basis_points else ():
        decision = decision.then(_help, balance.encounter_id, basis_points, moment)
    return decision.then(release_hold, "assistance_pending", moment).then(settle, moment)


def _help(account: PatientAccount, encounter_id: UUID, basis_points: int, moment: Moment) -> Decision:
    bad_debt = Cents(account.known_balance(encounter_id).written_off_cents.get("bad_debt", 0))
    decision = Decision(account).then(undo, encounter_id, "bad_debt", bad_debt, moment)
    due = decision.account.known_balance(encounter_id).due_cents
    return decision.then(forgive, encounter_id, "charity", percent(due, basis_points, _WHOLE_BASIS_POINTS), moment)


def write_off(
    account: PatientAccount, encounter_id: UUID, write_off_class: WriteOffClass, amount: Cents, moment: Moment
) -> Decision:
    """Give up part or all of what an encounter owes. Raises Conflict above it."""
    check_amount(amount, "A write-off")
    due = account.known_balance(encounter_id).due_cents
    if amount > due:
        raise Conflict(
            f"The encounter owes {format_dollars(due)}: no more can be written off.",
            "amount_cents",
            "Lower the amount.",
        )
    return forgive(account, encounter_id, write_off_class, amount, moment).then(settle, moment)


def pause_billing(account: PatientAccount, encounter_id: UUID, shown_on: date, moment: Moment) -> Decision:
    """Ask nothing for an encounter for a while: a coverage was shown, and the insurer comes first."""
    balance = account.balance(encounter_id)
    until = shown_on + timedelta(days=moment.policy.presented_pause_days)
    return Decision(account.with_balance(replace(balance, paused_until=until)) if balance else account)
