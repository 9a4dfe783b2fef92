"""Placements: balances go to an agency, come back from it, and what it collected."""

from patient_billing.domain import placements, recoveries
from patient_billing.domain.payment import Payment, PaymentMethod, PaymentPurpose
from patient_billing.handlers.accounts import answer, find_account
from patient_billing.handlers.decisions import moment_of
from patient_billing.messages import AccountState, PlaceWithAgency, RecallPlacement, TakeRecovery
from patient_billing.storage import BillingWork


async def place_with_agency(command: PlaceWithAgency, work: BillingWork) -> AccountState:
    """Place balances with an agency that works in the provider's name."""
    account = find_account(work)
    decision = placements.place_early_out(account, command.encounter_ids, moment_of(account, work))
    return answer(decision, work, decision.account.placements[-1].placement_id)


async def recall_placement(command: RecallPlacement, work: BillingWork) -> AccountState:
    """Take balances back from the agency."""
    account = find_account(work)
    return answer(placements.recall(account, command.placement_id, moment_of(account, work)), work)


async def take_recovery(command: TakeRecovery, work: BillingWork) -> AccountState:
    """Take what an agency collected."""
    account = find_account(work)
    moment = moment_of(account, work)
    payment = Payment(
        payment_id=work.new_id(),
        amount_cents=command.amount_cents,
        method=PaymentMethod.AGENCY,
        purpose=PaymentPurpose.RECOVERY,
        received_on=command.received_on or moment.today,
        reference=command.reference,
    )
    decision = recoveries.take_recovery(account, payment, command.placement_id, command.fee_cents, moment)
    return answer(decision, work, payment.payment_id)
