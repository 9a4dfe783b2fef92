"""An underpayment: the payer allowed less than the contract says. It is no denial, and worked apart from them."""

from datetime import date
from uuid import UUID

from revcycle_kit.money import Cents
from revcycle_kit.values import Value


class Underpayment(Value, kw_only=True):
    """One line that was allowed too little."""

    underpayment_id: UUID
    encounter_id: UUID
    claim_id: UUID
    line_number: int
    expected_cents: Cents
    allowed_cents: Cents
    found_on: date

    @property
    def missing_cents(self) -> Cents:
        """What the contract says is still to come."""
        return Cents(self.expected_cents - self.allowed_cents)
