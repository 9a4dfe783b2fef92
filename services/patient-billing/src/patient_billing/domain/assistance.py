"""Financial assistance on an account: applied for and decided."""

from typing import Final
from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.application import AssistanceApplication, check_application
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.facts import AssistanceDecided
from patient_billing.domain.hold import HoldReason
from patient_billing.domain.holds import place_hold, release_hold
from patient_billing.domain.ledger import WriteOffClass
from patient_billing.domain.moves import forgive
from patient_billing.domain.settlement import settle, undo
from revcycle_kit.errors import Conflict, NotFound, Refusal
from revcycle_kit.money import Cents, percent
from revcycle_kit.values import replace

_WHOLE_BASIS_POINTS: Final = 10_000


def apply_for_assistance(account: PatientAccount, moment: Moment) -> Decision:
    """Receive an application for financial assistance: everything waits until it is decided."""
    if any(application.decided_on is None for application in account.applications):
        raise Conflict("An application is waiting for its decision.", "", "Decide it first.")
    first = min((balance.first_billed_on for balance in account.balances if balance.first_billed_on), default=None)
    check_application(first, moment.today)
    application = AssistanceApplication(moment.new_id(), moment.today)
    received = replace(account, applications=(*account.applications, application))
    return Decision(received).then(place_hold, HoldReason.ASSISTANCE_PENDING, moment)


def decide_assistance(account: PatientAccount, application_id: UUID, basis_points: int, moment: Moment) -> Decision:
    """
    Forgive a share of everything owed as charity; 10000 basis points forgive all.

    Help takes balances back from the agency: what was written off as bad debt becomes charity or is due again.
    """
    application = next(
        (application for application in account.applications if application.application_id == application_id), None
    )
    if application is None:
        raise NotFound("assistance application on this account")
    if application.decided_on is not None:
        raise Conflict("The application was decided before.", "application_id")
    if not 0 <= basis_points <= _WHOLE_BASIS_POINTS:
        raise Refusal("The share forgiven is between 0 and 10000 basis points.", "percent_basis_points")
    closed = replace(application, decided_on=moment.today, percent_basis_points=basis_points)
    others = tuple(other for other in account.applications if other.application_id != application_id)
    decision = Decision(replace(account, applications=(*others, closed), settled=False))
    decision = decision.saying(AssistanceDecided(basis_points, moment.today))
    for balance in account.balances if basis_points else ():
        decision = decision.then(_help, balance.encounter_id, basis_points, moment)
    return decision.then(release_hold, HoldReason.ASSISTANCE_PENDING, moment).then(settle, moment)


def _help(account: PatientAccount, encounter_id: UUID, basis_points: int, moment: Moment) -> Decision:
    bad_debt = Cents(account.known_balance(encounter_id).written_off_cents.get(WriteOffClass.BAD_DEBT, 0))
    decision = Decision(account).then(undo, encounter_id, WriteOffClass.BAD_DEBT, bad_debt, moment)
    due = decision.account.known_balance(encounter_id).due_cents
    forgiven = percent(due, basis_points, _WHOLE_BASIS_POINTS)
    return decision.then(forgive, encounter_id, WriteOffClass.CHARITY, forgiven, moment)
