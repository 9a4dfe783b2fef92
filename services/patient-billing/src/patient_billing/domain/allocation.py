"""Which encounters a payment serves, once its statement is served: the one it was meant for, then the oldest."""

from collections.abc import Collection, Sequence
from uuid import UUID

from patient_billing.domain.balance import EncounterBalance
from patient_billing.domain.payment import Application
from revcycle_kit.money import Cents


def allocation_order(
    balances: Sequence[EncounterBalance], directed: UUID | None, preferred: Collection[UUID] = ()
) -> list[EncounterBalance]:
    """
    Order what is due: the directed encounter, then the preferred (a plan's), then by day of service.

    Encounters of the same day follow their ids, so that the same facts always give the same order.
    """

    def turn(balance: EncounterBalance) -> tuple[bool, bool, object, UUID]:
        here = balance.encounter_id
        return (here != directed, here not in preferred, balance.service_on, here)

    return sorted((balance for balance in balances if balance.due_cents > 0), key=turn)


def allocate_payment(amount: Cents, ordered: Sequence[EncounterBalance]) -> tuple[Application, ...]:
    """
    Share an amount over what is due, in order; what is left over stays with the payment.

    The shares and the rest add up to the amount; no share exceeds what its encounter owes.
    """
    shares = []
    left = amount
    for balance in ordered:
        share = Cents(min(left, balance.due_cents))
        if share > 0:
            shares.append(Application(balance.encounter_id, share))
            left = Cents(left - share)
    return tuple(shares)
