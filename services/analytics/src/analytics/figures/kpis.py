"""
KPIs that a CFO can sign: pure arithmetic on sums, each with numerator, denominator, exclusions, as-of and target.

What is counted is decided where the sums are made (`kpi_sums.py`); what it means is decided here. A ratio is never
averaged: numerators and denominators are summed first. No data is no data, never zero.
"""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from analytics.figures.money import Amounts
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value

Band = Literal["green", "amber", "red", "no_data", "no_target"]
Unit = Literal["percent", "days"]
DAYS: Final = 90
"""Charges of this many days make the average day of a days-in-A/R figure."""
_CENT: Final = Decimal("0.01")
NOTHING: Final = Amounts()


class MoneySums(Value, kw_only=True):
    """What the ledgers say about the encounters in scope, in cents."""

    closed: Amounts = NOTHING
    """Encounters of the cohort (by service month) that owe and are owed nothing."""
    unclosed_charged_cents: Cents = ZERO
    unclosed_encounters: int = 0
    posted: Amounts = NOTHING
    """What was posted in the period, whatever the service date."""
    insurance_open_cents: Cents = ZERO
    """Positive balances only."""
    patient_open_cents: Cents = ZERO
    credit_cents: Cents = ZERO
    """Credit balances, as a positive amount: reported apart, never netted."""
    in_transit_cents: Cents = ZERO
    aged_open_cents: Cents = ZERO
    """Positive balances older than 90 days from service."""
    recent_charged_cents: Cents = ZERO
    """Gross charges of the last 90 days, capitated ones left out."""


class ClaimSums(Value, kw_only=True):
    """What became of the claims in scope; corrections, voids, duplicates and secondary claims are not among them."""

    edited: int = 0
    """Original primary claims whose edits ended: sent and answered, or held for a person."""
    clean: int = 0
    unanswered: int = 0
    """Original primary claims that nobody has accepted, refused or decided yet: not in `edited`."""
    decided: int = 0
    denied: int = 0
    information: int = 0
    """The payer asked for something instead of deciding."""
    resolved: int = 0
    rejected_then_decided: int = 0
    """Neither refused nor resolved at first pass: only an earlier rejection stood in the way."""
    decided_charge_cents: Cents = ZERO
    denied_charge_cents: Cents = ZERO
    duplicates: int = 0


class Target(Value):
    """From where a KPI is good, and from where it is at least tolerable."""

    good: Decimal
    tolerable: Decimal
    higher_is_better: bool

    def reached(self, value: Decimal) -> bool:
        """Say whether a value is on the right side of the target."""
        return value >= self.good if self.higher_is_better else value < self.good

    def band(self, value: Decimal) -> Band:
        """Return the colour in which a value is shown."""
        if self.reached(value):
            return "green"
        near = value >= self.tolerable if self.higher_is_better else value < self.tolerable
        return "amber" if near else "red"

    def words(self, unit: Unit) -> str:
        """Write the target as people do: `≥ 95 %`, `< 40 days`."""
        return f"{'≥' if self.higher_is_better else '<'} {self.good} {'%' if unit == 'percent' else 'days'}"


class Kpi(Value, kw_only=True):
    """One figure with everything needed to check it."""

    name: str
    title: str
    formula: str
    date_basis: str
    unit: Unit
    numerator: int
    denominator: int
    value: Decimal | None
    """Two decimals, rounded half up; None: the denominator is zero, there is nothing to measure."""
    target: Target | None
    exclusions: tuple[str, ...]
    as_of: date

    @property
    def band(self) -> Band:
        """The colour of the figure beside its target."""
        if self.value is None:
            return "no_data"
        return self.target.band(self.value) if self.target else "no_target"


def _ratio(numerator: int, denominator: int, factor: int) -> Decimal | None:
    if denominator <= 0:
        return None
    return (Decimal(numerator) * factor / Decimal(denominator)).quantize(_CENT, ROUND_HALF_UP)


def net_collection_rate(money: MoneySums, as_of: date) -> Kpi:
    """Say how much of what could be collected was collected; what was lost on refusals stays in the denominator."""
    closed = money.closed
    collected = closed.insurance_paid_cents + closed.patient_paid_cents
    collectable = closed.charged_cents - closed.adjusted_cents - closed.charity_cents
    whole = closed.charged_cents + money.unclosed_charged_cents
    open_share = _ratio(money.unclosed_charged_cents, whole, 100) or Decimal(0)
    return Kpi(
        name="net_collection_rate",
        title="Net collection rate",
        formula="payments net of refunds and takebacks ÷ (charges − contractual adjustments, discounts and charity)",
        date_basis="encounters by service month, closed ones only",
        unit="percent",
        numerator=collected,
        denominator=collectable,
        value=_ratio(collected, collectable, 100),
        target=Target(Decimal(95), Decimal(90), higher_is_better=True),
        exclusions=(
            f"{money.unclosed_encounters} encounters still open, {open_share} % of the cohort's charges",
            "interest, capitation and other payments that belong to no claim",
            "cancelled encounters",
        ),
        as_of=as_of,
    )


def denial_rate(claims: ClaimSums, as_of: date) -> Kpi:
    """Say how many primary claims were refused, wholly or in part, by their first 835."""
    return Kpi(
        name="denial_rate",
        title="Initial denial rate, claims",
        formula="primary claims whose first 835 refuses a line ÷ primary claims first adjudicated",
        date_basis="month of the first 835",
        unit="percent",
        numerator=claims.denied,
        denominator=claims.decided,
        value=_ratio(claims.denied, claims.decided, 100),
        target=Target(Decimal(5), Decimal(10), higher_is_better=False),
        exclusions=(
            f"{claims.duplicates} duplicates (CARC 18)",
            f"{claims.information} requests for information: decided, not refused",
            "rejections before adjudication, reversals, replacements, voids, secondary claims",
        ),
        as_of=as_of,
    )


def days_in_ar(money: MoneySums, as_of: date) -> Kpi:
    """Say how many average days of charges are still unpaid."""
    unpaid = money.insurance_open_cents + money.patient_open_cents
    return Kpi(
        name="days_in_ar",
        title="Days in A/R, gross",
        formula="insurance open + patient open ÷ (gross charges of the last 90 days ÷ 90)",
        date_basis="balances at the end of the period, charges by posting date",
        unit="days",
        numerator=unpaid,
        denominator=money.recent_charged_cents,
        value=_ratio(unpaid, money.recent_charged_cents, DAYS),
        target=Target(Decimal(40), Decimal(50), higher_is_better=False),
        exclusions=(
            f"credit balances of {money.credit_cents} cents: reported apart, never netted",
            f"{money.in_transit_cents} cents in transit from claims to patient billing",
            "unapplied cash, bad debt, capitated charges; unbilled charges are included",
        ),
        as_of=as_of,
    )


def clean_claim_rate(claims: ClaimSums, as_of: date) -> Kpi:
    """Say how many claims needed no human touch and no second attempt to be accepted."""
    return Kpi(
        name="clean_claim_rate",
        title="Clean claim rate",
        formula="original primary claims accepted untouched and without rejection ÷ those that entered edits",
        date_basis="date of the first edit",
        unit="percent",
        numerator=claims.clean,
        denominator=claims.edited,
        value=_ratio(claims.clean, claims.edited, 100),
        target=Target(Decimal(95), Decimal(90), higher_is_better=True),
        exclusions=(
            f"{claims.unanswered} claims on which nobody has answered yet",
            "replacements, voids and duplicates; a claim sent again after a rejection counts once, as rejected",
        ),
        as_of=as_of,
    )


def first_pass_rate(claims: ClaimSums, as_of: date) -> Kpi:
    """Say how many claims were settled by their first 835, deductible-only ones included."""
    return Kpi(
        name="first_pass_rate",
        title="First-pass resolution",
        formula="claims whose first 835 has only payment, contractual amounts and PR-1/2/3, never rejected"
        " ÷ claims first adjudicated",
        date_basis="month of the first 835",
        unit="percent",
        numerator=claims.resolved,
        denominator=claims.decided,
        value=_ratio(claims.resolved, claims.decided, 100),
        target=Target(Decimal(85), Decimal(70), higher_is_better=True),
        exclusions=(
            f"{claims.duplicates} duplicates (CARC 18)",
            f"not resolved: {claims.denied} refused, {claims.information} asked back",
            f"not resolved: {claims.rejected_then_decided} rejected before they were decided",
            "a later takeback does not reclassify",
        ),
        as_of=as_of,
    )


def ar_over_90(money: MoneySums, as_of: date) -> Kpi:
    """Say how much of what is open is older than 90 days."""
    unpaid = money.insurance_open_cents + money.patient_open_cents
    return Kpi(
        name="ar_over_90",
        title="A/R over 90 days",
        formula="open positive balances older than 90 days ÷ all open positive balances",
        date_basis="age from service at the end of the period",
        unit="percent",
        numerator=money.aged_open_cents,
        denominator=unpaid,
        value=_ratio(money.aged_open_cents, unpaid, 100),
        target=Target(Decimal(10), Decimal(15), higher_is_better=False),
        exclusions=("credit balances", "money in transit"),
        as_of=as_of,
    )


def denial_dollars(claims: ClaimSums, as_of: date) -> Kpi:
    """Say how much of the charges first decided stood on refused lines."""
    return Kpi(
        name="denial_rate_dollars",
        title="Initial denial rate, dollars",
        formula="charges on lines refused by the first 835 ÷ charges of claims first adjudicated",
        date_basis="month of the first 835",
        unit="percent",
        numerator=claims.denied_charge_cents,
        denominator=claims.decided_charge_cents,
        value=_ratio(claims.denied_charge_cents, claims.decided_charge_cents, 100),
        target=None,
        exclusions=("duplicates, reversals, replacements, voids, secondary claims",),
        as_of=as_of,
    )


def final_denial(money: MoneySums, as_of: date) -> Kpi:
    """Say how much net revenue was given up on refusals and late filing."""
    posted = money.posted
    revenue = posted.charged_cents - posted.adjusted_cents - posted.charity_cents
    return Kpi(
        name="final_denial_rate",
        title="Final denial write-offs",
        formula="denial and timely-filing write-offs at expected allowed ÷ net patient service revenue",
        date_basis="posting date",
        unit="percent",
        numerator=posted.refused_loss_cents,
        denominator=revenue,
        value=_ratio(posted.refused_loss_cents, revenue, 100),
        target=None,
        exclusions=("charity and bad debt",),
        as_of=as_of,
    )


def bad_debt(money: MoneySums, as_of: date) -> Kpi:
    """Say how much of the gross charges patients never paid."""
    posted = money.posted
    return Kpi(
        name="bad_debt_rate",
        title="Bad debt",
        formula="bad-debt write-offs net of recoveries ÷ gross charges",
        date_basis="posting date",
        unit="percent",
        numerator=posted.bad_debt_cents,
        denominator=posted.charged_cents,
        value=_ratio(posted.bad_debt_cents, posted.charged_cents, 100),
        target=None,
        exclusions=("charity; the agency's fee is an expense outside",),
        as_of=as_of,
    )


SEED: Final = ("net_collection_rate", "denial_rate", "days_in_ar", "clean_claim_rate", "first_pass_rate")
"""The five figures that every report shows first, and that raise an alert when they miss their target."""

_OF_MONEY: Final[tuple[Callable[[MoneySums, date], Kpi], ...]] = (
    net_collection_rate,
    days_in_ar,
    ar_over_90,
    final_denial,
    bad_debt,
)
_OF_CLAIMS: Final[tuple[Callable[[ClaimSums, date], Kpi], ...]] = (
    denial_rate,
    clean_claim_rate,
    first_pass_rate,
    denial_dollars,
)


def all_kpis(money: MoneySums, claims: ClaimSums, as_of: date) -> dict[str, Kpi]:
    """Compute every KPI, the five of the seed first."""
    made = [*(kpi(money, as_of) for kpi in _OF_MONEY), *(kpi(claims, as_of) for kpi in _OF_CLAIMS)]
    by_name = {kpi.name: kpi for kpi in made}
    return {name: by_name[name] for name in (*SEED, *(kpi.name for kpi in made if kpi.name not in SEED))}
