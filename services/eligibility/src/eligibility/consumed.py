"""The events that eligibility reads: only the fields it uses."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from revcycle_kit.delivery.messages import Consumed


class InsurancePresented(Consumed, frozen=True, kw_only=True):
    """Patient billing was shown a coverage after the bill."""

    SOURCE: ClassVar[str] = "patient_billing"
    encounter_id: UUID
    payer_name: str
    presented_on: date


class ClaimRejected(Consumed, frozen=True, kw_only=True):
    """A claim was turned away before adjudication; `cause` is `eligibility` where the member is the trouble."""

    SOURCE: ClassVar[str] = "claims"
    encounter_id: UUID
    payer_id: UUID
    cause: str


class DenialOpened(Consumed, frozen=True, kw_only=True):
    """A payer refused to pay; `category` is `eligibility` where the coverage is the trouble."""

    SOURCE: ClassVar[str] = "denials"
    encounter_id: UUID
    payer_id: UUID
    category: str
