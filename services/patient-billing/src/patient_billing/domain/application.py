"""An application for financial assistance."""

from datetime import date, timedelta
from uuid import UUID

from patient_billing.domain.policy import collection_rule_on
from revcycle_kit.errors import Refusal
from revcycle_kit.values import Value


class AssistanceApplication(Value):
    """An application for financial assistance. Basis points: 10000 forgives everything."""

    application_id: UUID
    received_on: date
    decided_on: date | None = None
    percent_basis_points: int | None = None


def check_application(first_billed_on: date | None, received_on: date) -> None:
    """Refuse an application after the last day on which one must be accepted."""
    if first_billed_on is None:
        return
    rule = collection_rule_on(first_billed_on)
    if received_on > first_billed_on + timedelta(days=rule.application_until_days):
        raise Refusal(
            f"Applications are accepted until day {rule.application_until_days} after the first bill "
            "(26 CFR 1.501(r)-6).",
            "received_on",
            "To help nevertheless, write the balance off as courtesy.",
        )
