"""Disputes on an account: opened and resolved."""

from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.dispute import Dispute, DisputeKind, DisputeOutcome, check_dispute
from patient_billing.domain.facts import DisputeOpened, DisputeResolved
from patient_billing.domain.hold import HoldReason
from patient_billing.domain.holds import place_hold, release_hold
from patient_billing.domain.ledger import WriteOffClass
from patient_billing.domain.moves import forgive
from patient_billing.domain.settlement import settle
from revcycle_kit.errors import Conflict, NotFound, Refusal
from revcycle_kit.money import Cents, format_dollars
from revcycle_kit.values import replace


def open_dispute(
    account: PatientAccount, encounter_id: UUID, kind: DisputeKind, amount: Cents, moment: Moment
) -> Decision:
    """Open a dispute over an encounter and hold the account; see `check_dispute` for what is refused."""
    check_dispute(account.known_balance(encounter_id), kind, amount, moment.today)
    dispute = Dispute(moment.new_id(), encounter_id, kind, amount, moment.today)
    opened = replace(account, disputes=(*account.disputes, dispute))
    fact = DisputeOpened(dispute.dispute_id, encounter_id, amount, moment.today)
    return Decision(opened).saying(fact).then(place_hold, HoldReason(kind), moment)


def resolve_dispute(
    account: PatientAccount, dispute_id: UUID, outcome: DisputeOutcome, adjusted: Cents, moment: Moment
) -> Decision:
    """
    Decide a dispute: `upheld` the balance stands, `adjusted` it is lowered, `withdrawn` by the guarantor.

    Raises NotFound, Conflict when it was decided before, Refusal for an adjustment that does not fit.
    """
    dispute = next((dispute for dispute in account.disputes if dispute.dispute_id == dispute_id), None)
    if dispute is None:
        raise NotFound("dispute on this account")
    _check_resolution(dispute, outcome, adjusted, account.known_balance(dispute.encounter_id).due_cents)
    closed = replace(dispute, outcome=outcome, resolved_on=moment.today, adjusted_cents=adjusted)
    disputes = tuple(closed if other.dispute_id == dispute_id else other for other in account.disputes)
    fact = DisputeResolved(dispute_id, dispute.encounter_id, outcome, adjusted, moment.today)
    decision = Decision(replace(account, disputes=disputes)).saying(fact)
    decision = decision.then(forgive, dispute.encounter_id, WriteOffClass.ADMINISTRATIVE, adjusted, moment)
    if not any(other.kind == dispute.kind and other.outcome is None for other in disputes):
        decision = decision.then(release_hold, HoldReason(dispute.kind), moment)
    return decision.then(settle, moment)


def _check_resolution(dispute: Dispute, outcome: DisputeOutcome, adjusted: Cents, due: Cents) -> None:
    if dispute.outcome is not None:
        raise Conflict("The dispute was decided before.", "dispute_id")
    if (outcome is DisputeOutcome.ADJUSTED) != (adjusted > 0) or not 0 <= adjusted <= due:
        raise Refusal(
            "An adjustment goes with the outcome 'adjusted' and no other.",
            "adjusted_cents",
            f"Send more than 0.00 and at most {format_dollars(due)} for 'adjusted', 0 for the other outcomes.",
        )
