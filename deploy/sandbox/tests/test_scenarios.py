"""Scenario files: what a biller writes becomes a world, and what cannot be is named."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from revcycle_sandbox import NotAScenario, load_scenario

FULL: dict[str, Any] = {
    "payers": [
        {
            "code": "PPO01",
            "fees": {"G0463": "180.00"},
            "modifiers": [{"code": "G0127", "any_of": ["59"]}],
            "behaviour": {
                "pay_after_days": 20,
                "mistakes": [{"member_id": "M1", "does": "price", "fee": "320.00", "corrected_after_days": 30}],
                "unbalanced": [{"member_id": "M2", "short": 30}],
            },
        }
    ],
    "plans": [
        {"code": "PLAN", "payer": "PPO01", "deductible": 500, "coinsurance": "20 %", "copays": {"G0380": "30.50"}}
    ],
    "patients": [
        {
            "mrn": "P1",
            "family": "DOE",
            "given": "JANE",
            "birth_on": date(1980, 1, 1),
            "coverages": [{"payer": "PPO01", "member_id": "M1", "plan": "PLAN", "deductible_used": Decimal("450.00")}],
        }
    ],
    "visits": [
        {
            "number": "V1",
            "mrn": "P1",
            "service_on": date(2026, 1, 10),
            "services": [{"code": "G0463", "amount": "250.00"}],
        }
    ],
}


def test_dollars_become_cents_and_percent_basis_points() -> None:
    world = load_scenario(FULL)
    [payer], [plan], [member] = world.payers, world.plans, world.members
    assert ({"G0463": 180_00}, 320_00, 30_00) == (
        payer.fees,
        payer.behaviour.mistakes[0].fee_cents,
        payer.behaviour.unbalanced[0].short_cents,
    )
    assert (500_00, 2_000, {"G0380": 30_50}) == (plan.deductible_cents, plan.coinsurance_basis_points, plan.copays)
    assert ("DOE", 450_00, "PLAN") == (member.family, member.deductible_used_cents, member.spans[0].plan)
    assert 250_00 == world.visits[0].services[0].amount_cents


def test_what_is_left_out_is_filled_in() -> None:
    """One clinic, one payee, one clinician; exact clocks; the patient pays the first statement in full."""
    world = load_scenario(FULL)
    behaviour = world.payers[0].behaviour
    assert (20, True, True) == (behaviour.pay_after_days, behaviour.acknowledge_exactly, behaviour.deposit_exactly)
    assert (1, 1, 1) == (len(world.clinics), len(world.billing_entities), len(world.providers))
    [visit] = world.visits
    assert ("CLINIC", world.providers[0].npi, ("I10",)) == (visit.clinic, visit.provider_npi, visit.diagnoses)
    assert ("I10",) == visit.services[0].diagnoses
    assert "full" == world.patients[0].behaviour.pays


def changed(place: str, **parts: Any) -> dict[str, Any]:
    return FULL | {place: [FULL[place][0] | parts]}


@pytest.mark.parametrize(
    ("scenario", "named"),
    [
        (changed("plans", deductibel=500), "plans\\[1\\].deductibel: no such field"),
        (changed("plans", deductible=12.4), "binary fraction"),
        (changed("plans", payer="NOBODY"), "plan PLAN names payer NOBODY"),
        (changed("visits", mrn="P9"), "visit V1 names patient P9"),
        (changed("payers", fees={"G0463": "18O.00"}), "fees.G0463: not an amount"),
        (changed("visits", service_on="tomorrow"), "service_on"),
    ],
)
def test_a_scenario_that_cannot_be_read_names_the_place(scenario: dict[str, Any], named: str) -> None:
    with pytest.raises(NotAScenario, match=named):
        load_scenario(scenario)
