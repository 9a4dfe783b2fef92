"""What patients answer over several statements: everybody pays as much as the habit drawn for them says."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from revcycle_sandbox import Sandbox, load_scenario
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.parcels import json_parcel
from revcycle_sandbox.patients import WAYS

BILLED = datetime(2026, 3, 2, 12, tzinfo=UTC)
MONTH = timedelta(days=30)


def someone(way: str) -> str:
    """Find an MRN for which this way of paying is drawn."""
    return next(mrn for mrn in map(str, range(500)) if Draws(1).weighted(WAYS, "pays", mrn) == way)


class Household:
    """One patient with two visits, and the statements that come to the house."""

    def __init__(self, way: str) -> None:
        mrn = someone(way)
        patient = {"mrn": mrn, "family": "DOE", "given": "JANE", "birth_on": date(1980, 1, 1)}
        visits = [
            {"number": number, "mrn": mrn, "service_on": date(2026, 1, day), "services": [{"code": "G0463"}]}
            for number, day in (("V1", 12), ("V2", 19))
        ]
        self.sandbox = Sandbox(
            load_scenario({"patients": [patient | {"behaviour": {"pays": "drawn"}}], "visits": visits}), 1
        )
        self.sandbox.step(BILLED)
        self.came: list[dict[str, Any]] = []
        self.statements = 0

    def bill(self, months: int, number: int, balance_cents: int, *visits: str) -> None:
        """Let months pass, then send a statement."""
        self.statements += 1
        at = BILLED + MONTH * months
        body = {"account_id": "A1", "statement_id": f"S{self.statements}", "number": number}
        body |= {"balance_cents": balance_cents, "visit_numbers": list(visits)}
        self.wait(at)
        self.sandbox.step(at, [json_parcel("statement", "BILLER", "PATIENT", body)])

    def wait(self, until: datetime) -> None:
        self.came += [parcel.body() for parcel in self.sandbox.step(until)[0] if parcel.channel == "payment"]

    def paid(self) -> list[int]:
        self.wait(BILLED + MONTH * 24)
        return [payment["amount_cents"] for payment in self.came if "amount_cents" in payment]


def test_who_pays_in_full_has_paid_after_three_statements_whatever_joins_the_bill() -> None:
    home = Household("full")
    home.bill(0, 1, 100_00, "V1")
    if not home.came:
        home.wait(BILLED + MONTH - timedelta(days=1))
    before = sum(payment["amount_cents"] for payment in home.came)
    home.bill(1, 2, 140_00 - before, "V1", "V2")
    home.wait(BILLED + MONTH * 2 - timedelta(days=1))
    before = sum(payment["amount_cents"] for payment in home.came)
    home.bill(2, 3, 140_00 - before, "V1", "V2")
    assert 140_00 == sum(home.paid())


def test_who_pays_partly_pays_a_part_of_each_visit_once() -> None:
    home = Household("partly")
    for months in range(3):
        home.bill(months, 3, 100_00, "V1")
    assert [50_00] == home.paid()


def test_a_later_bill_beside_a_plan_is_paid_once_and_the_next_plan_waits_for_the_end_of_the_first() -> None:
    home = Household("plan")
    home.bill(0, 3, 400_00, "V1")
    home.bill(2, 3, 200_00, "V2")
    home.bill(3, 3, 200_00, "V2")
    home.bill(8, 3, 300_00, "V2")
    first_plan, beside, second_plan = [100_00] * 4, [200_00], [75_00] * 4
    assert sorted(first_plan + beside + second_plan) == sorted(home.paid())


def test_a_request_for_a_plan_names_the_visits_of_its_statement() -> None:
    home = Household("plan")
    home.bill(0, 3, 400_00, "V1", "V2")
    home.wait(BILLED + MONTH)
    assert ["V1", "V2"] == next(payment["visit_numbers"] for payment in home.came if payment.get("request") == "plan")


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_who_never_pays_never_does(number: int) -> None:
    home = Household("never")
    home.bill(0, number, 100_00, "V1")
    assert [] == home.paid()
