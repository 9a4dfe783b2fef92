"""The directory and the price list, as far as one encounter needs them."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import field

from claims.domain.directory import BillingEntity, Clinic, Enrollment, Payer, Provider
from claims.domain.pricing import PriceList
from claims.domain.refusal import Refused
from revcycle_kit.values import Value


class Parties(Value, kw_only=True):
    """Who takes part in an encounter's billing, and what was agreed."""

    clinic: Clinic
    payee: BillingEntity
    payers: Mapping[UUID, Payer]
    providers: Mapping[UUID, Provider] = field(default_factory=dict)
    enrollments: tuple[Enrollment, ...] = ()
    prices: PriceList | None = None

    def payer(self, payer_id: UUID) -> Payer:
        """Return the payer. Raises Refused where the directory has none of that id."""
        found = self.payers.get(payer_id)
        if found is None:
            raise Refused(f"the payer {payer_id} is not in the directory", "enter the payer, then prepare the claim")
        return found
