"""Write-offs by hand."""

from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.ledger import WriteOffClass
from patient_billing.domain.moves import forgive
from patient_billing.domain.payment import check_amount
from patient_billing.domain.settlement import settle
from revcycle_kit.errors import Conflict
from revcycle_kit.money import Cents, format_dollars


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
