"""Agencies: what was placed with one, and what it collected."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from patient_billing.domain.payment import Application
from revcycle_kit.errors import Refusal
from revcycle_kit.money import ZERO, Cents, percent
from revcycle_kit.values import Value, replace


class PlacementKind(StrEnum):
    """How an agency works: in the provider's name, or on what was written off."""

    EARLY_OUT = "early_out"
    BAD_DEBT = "bad_debt"


class PlacedShare(Value):
    """What was placed of one encounter, and what of it came back."""

    encounter_id: UUID
    placed_cents: Cents
    recovered_cents: Cents = ZERO

    @property
    def left_cents(self) -> Cents:
        return Cents(self.placed_cents - self.recovered_cents)


class Placement(Value):
    """
    Balances in the hands of an agency.

    `bad_debt`: written off when placed; a recovery reverses the write-off. `early_out`: the agency
    works in the provider's name and the balance stays receivable. `regulated` says that the Fair
    Debt Collection Practices Act binds the agency on this debt.
    """

    placement_id: UUID
    kind: PlacementKind
    agency: str
    fee_basis_points: int
    placed_on: date
    shares: tuple[PlacedShare, ...]
    recalled_on: date | None = None

    @property
    def regulated(self) -> bool:
        return self.kind is PlacementKind.BAD_DEBT

    @property
    def amount_cents(self) -> Cents:
        return Cents(sum(share.placed_cents for share in self.shares))

    @property
    def left_cents(self) -> Cents:
        return Cents(sum(share.left_cents for share in self.shares))

    def fee_on(self, recovered: Cents) -> Cents:
        """Return the agency's share of what it collected: an expense, outside the encounter."""
        return percent(recovered, self.fee_basis_points, 10_000)

    @property
    def collects_bad_debt(self) -> bool:
        """True: the agency still works on what was written off."""
        return self.kind is PlacementKind.BAD_DEBT and self.recalled_on is None

    def holds(self, encounter_id: UUID) -> bool:
        """Say whether the agency has this encounter now."""
        return self.recalled_on is None and any(share.encounter_id == encounter_id for share in self.shares)

    def allocate(self, amount: Cents) -> tuple[Application, ...]:
        """
        Share what was collected over the placed encounters, in their order.

        Raises Refusal when more came back than was placed.
        """
        if amount > self.left_cents:
            raise Refusal(
                "The agency reports more than is left of the placement.",
                "amount_cents",
                "Ask the agency to correct it.",
            )
        parts, left = [], amount
        for share in self.shares:
            part = Cents(min(left, share.left_cents))
            parts.append(Application(share.encounter_id, part))
            left = Cents(left - part)
        return tuple(part for part in parts if part.amount_cents > 0)

    def lowered(self, encounter_id: UUID, amount: Cents) -> "Placement":
        """Take cents out of what the agency has left to collect on an encounter; below zero, put them back."""
        shares = (
            replace(share, recovered_cents=Cents(max(0, min(share.recovered_cents + amount, share.placed_cents))))
            if share.encounter_id == encounter_id
            else share
            for share in self.shares
        )
        return replace(self, shares=tuple(shares))
