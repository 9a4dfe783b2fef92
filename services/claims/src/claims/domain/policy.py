"""What a clinic decides about its own billing: days, with their defaults."""

from uuid import UUID

from revcycle_kit.values import Value


class BillingPolicy(Value, kw_only=True):
    """The days of a clinic's billing."""

    clinic_id: UUID
    organization_id: UUID
    bill_hold_days: int = 0
    """How long charges may still come in after the last day of service."""
    acceptance_days: int = 5
    """Business days after which a claim without the payer's acceptance is silent."""
    status_days: int = 30
    """Days after acceptance at which the payer is asked (276), and again at each such interval."""
    silence_days: int = 60
    """Days after sending at which a claim without a decision is silent."""
