"""The seven payers of the demonstration, their plans and rules."""

from typing import Final

import msgspec

from revcycle_sandbox.behaviour import SEEDED_FAULTS, Behaviour
from revcycle_sandbox.cents import share
from revcycle_sandbox.demo.catalogue import OFFERS
from revcycle_sandbox.world import Bundle, ModifierRule, NecessityRule, Payer, Plan

MEDICARE: Final = "SBMCR"
MEDICAID: Final = "SBMCD"
ADVANTAGE: Final = "SBMAP"
SUMMIT: Final = "SBSUM"
HARBOR: Final = "SBHAR"
SECONDARY: Final = "SBSEC"
MEDIGAP: Final = "SBGAP"

_PUBLISHED: Final = ("J1745", "J7325")
_UNPUBLISHED: Final = ("G0277",)
"""Needs authorization since the policy changed; the list that providers have does not say so."""
_RULES: Final = {
    "modifiers": (ModifierRule(code="L1833", any_of=("RT", "LT")),),
    "bundles": (Bundle(column1="G0463", column2="G0127"),),
    "necessity": (NecessityRule(code="G0447", diagnoses=("E66", "Z68")),),
    "unspecified": ("M25569", "S93409A"),
    "units_max": {"G0463": 1, "G0108": 6, "J1885": 8, "J1745": 150, "J7325": 96},
}


def _fees(basis_points: int) -> dict[str, int]:
    return {offer.code: share(offer.rate_cents, basis_points) for offer in OFFERS}


def _habits(median: int, p90: int, weekday: int, **parts: int) -> Behaviour:
    habits = Behaviour(
        decide_days_median=median,
        decide_days_p90=p90,
        run_weekday=weekday,
        faults=msgspec.structs.replace(SEEDED_FAULTS, claim_split=0),
        records_wanted=90,
        denied_by_mistake=60,
        overpaid=40,
    )
    return msgspec.structs.replace(habits, **parts)


def _payer(  # noqa: PLR0917 - one row of the table below
    code: str, name: str, kind: str, filing: str, rate: int, habits: Behaviour, days: int
) -> Payer:
    return Payer(
        code=code,
        name=name,
        kind=kind,
        filing_indicator=filing,
        timely_filing_days=days,
        tin=f"99{sum(map(ord, code)):07d}",
        fees=_fees(rate),
        authorization_codes=() if kind in {"medicare", "medigap"} else _PUBLISHED,
        behaviour=habits,
        **({} if kind == "medigap" else _RULES),  # type: ignore[arg-type]
    )


def demo_payers() -> tuple[Payer, ...]:
    """Give Medicare, Medicaid, Medicare Advantage, two commercial, a commercial secondary, a Medigap plan."""
    medicaid = msgspec.structs.replace(_habits(21, 45, 3), front_end_membership=False)
    taking_back = msgspec.structs.replace(_habits(15, 35, 2), recover="next")
    return (
        _payer(MEDICARE, "SANDBOX MEDICARE PART B", "medicare", "MB", 10_000, _medicare_habits(), 365),
        msgspec.structs.replace(
            _payer(MEDICAID, "SANDBOX STATE MEDICAID", "medicaid", "MC", 7_200, medicaid, 180), ended_group="CO"
        ),
        _payer(ADVANTAGE, "SANDBOX ADVANTAGE PLUS", "medicare_advantage", "16", 9_800, _habits(18, 40, 1), 180),
        _payer(SUMMIT, "SUMMIT SANDBOX HEALTH", "commercial", "CI", 13_500, _habits(15, 35, 2), 180),
        _payer(HARBOR, "HARBOR SANDBOX MUTUAL", "commercial", "CI", 14_800, taking_back, 90),
        _payer(SECONDARY, "LAKESIDE SANDBOX GROUP", "commercial", "CI", 13_000, _habits(15, 35, 4), 180),
        _payer(MEDIGAP, "SANDBOX MEDIGAP PLAN G", "medigap", "CI", 10_000, _habits(10, 14, 4), 365),
    )


def _medicare_habits() -> Behaviour:
    return _habits(15, 20, 0, floor_days=14, denied_by_mistake=30, records_wanted=60)


def demo_plans() -> tuple[Plan, ...]:
    """Give the benefit plans of the seven payers."""
    hidden = _PUBLISHED + _UNPUBLISHED
    preventive = dict.fromkeys(("G0439", "G0444", "G0008", "Q2038", "G0101", "G0103", "G0121", "G0105"), 0)
    return (
        Plan(code="MCR-B", payer=MEDICARE, name="Part B", deductible_cents=283_00, coinsurance_basis_points=2_000,
             copays=preventive, authorization_codes=_UNPUBLISHED, not_covered=("G0270",), not_covered_carc="96"),
        Plan(code="MCD", payer=MEDICAID, name="State plan", coordination="lesser_of",
             authorization_codes=hidden, not_covered=("G0270",), not_covered_carc="96"),
        Plan(code="MAP-HMO", payer=ADVANTAGE, name="Advantage HMO", out_of_pocket_cents=5_900_00,
             coinsurance_basis_points=2_000, copays=preventive | {"G0463": 35_00, "0456": 110_00},
             authorization_codes=hidden, not_covered=("G0270",)),
        Plan(code="SUM-PPO", payer=SUMMIT, name="Summit PPO", deductible_cents=750_00, coinsurance_basis_points=2_000,
             out_of_pocket_cents=6_000_00, copays=preventive | {"G0463": 30_00}, authorization_codes=hidden,
             not_covered=("G0270",), limits={"G0108": 20}),
        Plan(code="SUM-HDHP", payer=SUMMIT, name="Summit high deductible", deductible_cents=3_300_00,
             coinsurance_basis_points=1_000, out_of_pocket_cents=8_000_00, copays=preventive,
             authorization_codes=hidden, not_covered=("G0270",)),
        Plan(code="HAR-EPO", payer=HARBOR, name="Harbor EPO", deductible_cents=500_00, coinsurance_basis_points=2_500,
             out_of_pocket_cents=7_000_00, copays=preventive | {"G0463": 40_00, "0456": 250_00},
             authorization_codes=hidden, not_covered=("G0270",)),
        Plan(code="SEC-COB", payer=SECONDARY, name="Lakeside family", coinsurance_basis_points=2_000),
        Plan(code="GAP-G", payer=MEDIGAP, name="Plan G", coordination="medigap"),
    )  # fmt: skip
