"""
How a billing entity treats its patients, and the law it keeps, both effective-dated.

Rules of law are rows with their source; a changed rule is a new row, and the day decides which
row holds.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final, Protocol, TypeVar
from uuid import UUID

import msgspec

from revcycle_kit.money import Cents
from revcycle_kit.values import Value


class _Dated(Protocol):
    @property
    def effective_on(self) -> date: ...


_Rule = TypeVar("_Rule", bound=_Dated)


def in_force(rules: Iterable[_Rule], on: date) -> _Rule | None:
    """Return the rule that holds on that day: the latest that has taken effect, or none."""
    return max((rule for rule in rules if rule.effective_on <= on), key=lambda rule: rule.effective_on, default=None)


class CollectionRule(Value):
    """When extraordinary collection may begin. Days count from the first bill after care."""

    effective_on: date
    source: str
    placement_after_days: int
    notice_days: int
    application_until_days: int


COLLECTION_RULES: Final = (
    CollectionRule(
        effective_on=date(2015, 12, 30),
        source="26 CFR 1.501(r)-6(c): no extraordinary collection action before day 120 after the first "
        "post-discharge bill, written notice 30 days before; applications are accepted to day 240",
        placement_after_days=120,
        notice_days=30,
        application_until_days=240,
    ),
)
"""Binding for nonprofit hospitals; kept for every billing entity, as the fair default."""


class GoodFaithRule(Value):
    """When a self-pay patient may dispute a bill against the good-faith estimate."""

    effective_on: date
    source: str
    above_estimate_cents: Cents
    within_days: int


GOOD_FAITH_RULES: Final = (
    GoodFaithRule(
        effective_on=date(2022, 1, 1),
        source="45 CFR 149.620: billed at least $400 above the good-faith estimate, started within 120 calendar "
        "days of the bill",
        above_estimate_cents=Cents(400_00),
        within_days=120,
    ),
)


SMALL_BALANCE_CENTS: Final = Cents(4_99)
"""What costs more to ask for than it brings."""


class BillingPolicy(Value):
    """
    What a billing entity decided about bills, discounts, plans and agencies.

    Percentages are basis points: 4000 is 40 %. `clinic_discounts` overrides the self-pay discount
    for a clinic.
    """

    effective_on: date
    self_pay_discount_basis_points: int = 0
    clinic_discounts: dict[UUID, int] = msgspec.field(default_factory=dict)
    first_statement_after_days: int = 1
    statement_days: tuple[int, ...] = (0, 30, 60, 90)
    due_after_days: int = 21
    reminder_after_days: int = 14
    small_balance_cents: Cents = SMALL_BALANCE_CENTS
    credit_rest_days: int = 14
    prepayment_rest_days: int = 120
    presented_pause_days: int = 30
    plan_grace_days: int = 5
    plan_missed_max: int = 2
    plan_installments_max: int = 36
    agency: str = "Collection agency"
    agency_fee_basis_points: int = 2500
    bad_debt_automatic: bool = True

    def discount_for(self, clinic_id: UUID) -> int:
        """Return the self-pay discount of a clinic, in basis points."""
        return self.clinic_discounts.get(clinic_id, self.self_pay_discount_basis_points)


DEFAULT_POLICY: Final = BillingPolicy(effective_on=date(1970, 1, 1))
"""Holds until a billing entity states its own: no discount, statements on day 0, 30, 60 and 90."""


def policy_on(policies: Iterable[BillingPolicy], on: date) -> BillingPolicy:
    """Return the policy in force on that day."""
    return in_force(policies, on) or DEFAULT_POLICY


def collection_rule_on(on: date) -> CollectionRule:
    """Return the collection rule in force on that day; before the first, the first."""
    return in_force(COLLECTION_RULES, on) or COLLECTION_RULES[0]
