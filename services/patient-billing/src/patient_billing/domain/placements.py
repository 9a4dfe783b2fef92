"""Balances go to an agency, and come back from it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.balance import EncounterBalance
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.dunning import billable, on_plan, placement_on
from patient_billing.domain.facts import AccountPlacedWithAgency
from patient_billing.domain.ledger import WriteOffClass
from patient_billing.domain.moves import forgive
from patient_billing.domain.placement import PlacedShare, Placement, PlacementKind
from patient_billing.domain.settlement import settle, undo
from revcycle_kit.errors import Conflict
from revcycle_kit.money import Cents
from revcycle_kit.values import replace


def placement_dates(account: PatientAccount) -> list[date]:
    """Return the days on which balances may go to an agency."""
    if account.held:
        return []
    dates = (placement_on(balance) for balance in billable(account, date.max) if not on_plan(account, balance))
    return [on for on in dates if on is not None]


def place_bad_debt(account: PatientAccount, moment: Moment) -> Decision:
    """Write off and place what was billed through the whole cadence, noticed, and is still due after day 120."""
    ripe = tuple(
        balance
        for balance in billable(account, moment.today)
        if not on_plan(account, balance) and (placement_on(balance) or date.max) <= moment.today
    )
    if account.held or not ripe or not moment.policy.bad_debt_automatic:
        return Decision(account)
    return _place(account, ripe, PlacementKind.BAD_DEBT, moment)


def place_early_out(account: PatientAccount, encounter_ids: Sequence[UUID], moment: Moment) -> Decision:
    """
    Let an agency collect in the provider's name; the balances stay receivable.

    Raises Conflict for an account on hold, or an encounter that may not be asked for now.
    """
    if account.held:
        raise Conflict("The account is on hold.", "", "Lift the hold first.")
    free = {balance.encounter_id: balance for balance in billable(account, moment.today)}
    if not encounter_ids or any(encounter_id not in free for encounter_id in encounter_ids):
        raise Conflict(
            "An encounter cannot be placed: it owes nothing, is paused, or is with an agency already.",
            "encounter_ids",
            "Place encounters that a statement would ask for.",
        )
    balances = tuple(free[encounter_id] for encounter_id in dict.fromkeys(encounter_ids))
    return _place(account, balances, PlacementKind.EARLY_OUT, moment)


def _place(
    account: PatientAccount,
    balances: tuple[EncounterBalance, ...],
    kind: PlacementKind,
    moment: Moment,
) -> Decision:
    shares = tuple(PlacedShare(balance.encounter_id, balance.due_cents) for balance in balances)
    policy = moment.policy
    placement = Placement(moment.new_id(), kind, policy.agency, policy.agency_fee_basis_points, moment.today, shares)
    fact = AccountPlacedWithAgency(placement.placement_id, kind, placement.amount_cents, placement.agency, moment.today)
    decision = Decision(account.with_placement(placement)).saying(fact)
    if kind is PlacementKind.BAD_DEBT:
        for share in shares:
            decision = decision.then(forgive, share.encounter_id, WriteOffClass.BAD_DEBT, share.placed_cents, moment)
    return decision.then(settle, moment)


def recall(account: PatientAccount, placement_id: UUID, moment: Moment) -> Decision:
    """Take balances back from the agency; what was bad debt and not recovered is due again."""
    placement = account.placement(placement_id)
    if placement.recalled_on is not None:
        raise Conflict("The placement was recalled before.", "placement_id")
    decision = Decision(replace(account, settled=False))
    for share in placement.shares if placement.kind is PlacementKind.BAD_DEBT else ():
        decision = decision.then(undo, share.encounter_id, WriteOffClass.BAD_DEBT, Cents(share.left_cents), moment)
    ended = replace(decision.account.placement(placement_id), recalled_on=moment.today)
    return replace(decision, account=decision.account.with_placement(ended)).then(settle, moment)
