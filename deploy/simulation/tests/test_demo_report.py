"""What the demo's report says about what was not collected."""

from typing import Any

from revcycle_sandbox.patients import WAYS
from revcycle_simulation.demo_report import WORLD, uncollected


def kpi(numerator: int, denominator: int) -> dict[str, Any]:
    return {"numerator": numerator, "denominator": denominator}


def test_what_was_lost_adds_up_to_what_could_have_been_collected() -> None:
    kpis = {
        "net_collection_rate": kpi(900_00, 1_000_00),
        "bad_debt_rate": kpi(70_00, 5_000_00),
        "final_denial_rate": kpi(25_00, 1_100_00),
    }
    found = uncollected(kpis)
    assert [70_00, 25_00, 5_00] == list(found.values())
    assert 900_00 + sum(found.values()) == 1_000_00


def test_the_report_states_how_many_patients_never_pay_as_the_sandbox_draws_it() -> None:
    assert sum(WAYS.values()) == 100
    assert f"{WAYS['never']} % never pay" in WORLD
