"""
The levels of appeal per kind of payer: days, reviewers and amounts, with the ground of each.

Checked in 2026 against the CFR. Where a level has no days of its own, the directory holds those of the contract. What a
state's prompt-pay or Medicaid rule adds is entered as a row of its own; the amounts of 2027 were not yet published.
"""

from datetime import date
from typing import Final

from denials.domain.deadlines import AppealPolicy, Level
from revcycle_kit.money import Cents

_2026: Final = date(2026, 1, 1)
_2025: Final = date(2025, 1, 1)
_MEDICARE: Final = ("medicare",)
_ADVANTAGE: Final = ("medicare_advantage",)
_COMMERCIAL: Final = ("commercial",)
_BY_CONTRACT: Final = ("medigap", "workers_compensation", "auto", "other")


def _medicare(  # noqa: PLR0917 - the columns of a table
    level: int, name: str, reviewer: str, days: int, decision_days: int, citation: str
) -> Level:
    return Level(
        payer_kinds=_MEDICARE,
        contracted=None,
        level=level,
        name=name,
        reviewer=reviewer,
        days=days,
        presumed_receipt_days=5,
        decision_days=decision_days,
        citation=citation,
    )


def _hearing(
    payer_kinds: tuple[str, ...], cents: int, *, contracted: bool | None, since: date, until: date | None
) -> Level:
    return Level(
        payer_kinds=payer_kinds,
        contracted=contracted,
        level=3,
        name="hearing before an administrative law judge",
        reviewer="Office of Medicare Hearings and Appeals",
        days=60,
        presumed_receipt_days=5,
        decision_days=90,
        minimum_cents=Cents(cents),
        citation="42 CFR 405.1002, 405.1006, 405.1016; for Medicare Advantage 422.600-602",
        from_on=since,
        to_on=until,
    )


def _court(cents: int, *, since: date, until: date | None) -> Level:
    return Level(
        payer_kinds=_MEDICARE,
        contracted=None,
        level=5,
        name="judicial review",
        reviewer="federal district court",
        days=60,
        presumed_receipt_days=5,
        decision_days=365,
        minimum_cents=Cents(cents),
        citation="42 CFR 405.1006, 405.1136; no limit for the decision, a year is our expectation",
        from_on=since,
        to_on=until,
    )


def _contract(
    payer_kinds: tuple[str, ...], level: int, name: str, citation: str, *, contracted: bool | None = None
) -> Level:
    return Level(
        payer_kinds=payer_kinds,
        contracted=contracted,
        level=level,
        name=name,
        reviewer="the payer",
        decision_days=60,
        citation=citation,
    )


def _advantage_reconsideration(days: int, *, since: date | None, until: date | None) -> Level:
    return Level(
        payer_kinds=_ADVANTAGE,
        contracted=False,
        level=1,
        name="plan reconsideration",
        reviewer="the plan",
        days=days,
        decision_days=60,
        requires="waiver of liability signed by the provider",
        citation="42 CFR 422.578, 422.582(b), 422.590",
        from_on=since,
        to_on=until,
    )


APPEALS: Final = AppealPolicy(
    [
        _medicare(1, "redetermination", "Medicare contractor", 120, 60, "42 CFR 405.942, 405.950"),
        _medicare(2, "reconsideration", "Qualified Independent Contractor", 180, 60, "42 CFR 405.962, 405.970"),
        _hearing(_MEDICARE, 190_00, contracted=None, since=_2025, until=_2026),
        _hearing(_MEDICARE, 200_00, contracted=None, since=_2026, until=None),
        _medicare(4, "review by the Council", "Medicare Appeals Council", 60, 90, "42 CFR 405.1100, 405.1102"),
        _court(1_900_00, since=_2025, until=_2026),
        _court(1_960_00, since=_2026, until=None),
        _contract(_ADVANTAGE, 1, "provider dispute", "the contract; 42 CFR 422.520(b)", contracted=True),
        _contract(_ADVANTAGE, 2, "second-level dispute", "the contract", contracted=True),
        _advantage_reconsideration(60, since=None, until=_2025),
        _advantage_reconsideration(65, since=_2025, until=None),
        Level(
            payer_kinds=_ADVANTAGE,
            contracted=False,
            level=2,
            name="review by the independent entity",
            reviewer="independent review entity",
            days=0,
            decision_days=60,
            automatic=True,
            citation="42 CFR 422.592",
        ),
        _hearing(_ADVANTAGE, 190_00, contracted=False, since=_2025, until=_2026),
        _hearing(_ADVANTAGE, 200_00, contracted=False, since=_2026, until=None),
        _contract(_COMMERCIAL, 1, "provider dispute", "the contract", contracted=True),
        _contract(_COMMERCIAL, 2, "second-level dispute", "the contract", contracted=True),
        Level(
            payer_kinds=_COMMERCIAL,
            contracted=False,
            level=1,
            name="internal appeal for the patient",
            reviewer="the plan",
            days=180,
            decision_days=60,
            requires="assignment of benefits or authorization by the patient",
            citation="29 CFR 2560.503-1(h)(3)(i), (i)(2)(iii)",
        ),
        Level(
            payer_kinds=_COMMERCIAL,
            contracted=False,
            level=2,
            name="external review",
            reviewer="independent review organization",
            days=0,
            months=4,
            decision_days=45,
            requires="authorization by the patient",
            citation="45 CFR 147.136(d)(2)",
        ),
        _contract(("medicaid",), 1, "provider dispute", "the contract or the state's rule", contracted=None),
        Level(
            payer_kinds=("medicaid",),
            contracted=None,
            level=2,
            name="state fair hearing",
            reviewer="the state agency",
            days=120,
            decision_days=90,
            citation="42 CFR 438.408(f)",
        ),
        _contract(_BY_CONTRACT, 1, "provider dispute", "the contract or the state's rule", contracted=None),
        _contract(_BY_CONTRACT, 2, "second-level dispute", "the contract or the state's rule", contracted=None),
    ]
)
