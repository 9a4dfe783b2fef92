"""What other payers decided has to account for the whole charge, of each line and of the claim."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from revcycle_x12.codes import AdjustmentGroup, PayerSequence
from revcycle_x12.professional import Adjustment, LineDecision, OtherCoverage, OtherPayer, OtherSubscriber, Procedure
from revcycle_x12.validate import validate

Make = Callable[..., Any]
CO, PR = AdjustmentGroup.CONTRACTUAL, AdjustmentGroup.PATIENT


@pytest.fixture
def secondary(claim_file: Make, claim: Make, service_line: Make) -> Callable[..., str]:
    """A claim of 125.50 to a second payer, with what the first one decided on its claim and on its line."""

    def make(paid: int, of_claim: list[Adjustment], line_paid: int | None, of_line: list[Adjustment]) -> str:
        decisions = []
        if line_paid is not None:
            decisions = [
                LineDecision(
                    payer_id="P0", paid_cents=line_paid, procedure=Procedure("G0463"), units="1", adjustments=of_line,
                    decided_on=date(2026, 2, 1),
                )
            ]  # fmt: skip
        other = OtherCoverage(
            sequence=PayerSequence.PRIMARY, relationship="18", filing_indicator="MB", paid_cents=paid,
            adjustments=of_claim, benefits_assigned="Y", release_of_information="Y",
            subscriber=OtherSubscriber(last_name="DOE", first_name="JANE", id="X1"),
            payer=OtherPayer(last_name="FIRST", id="P0", paid_on=None if decisions else date(2026, 2, 1)),
        )  # fmt: skip
        text: str = claim_file(claim(service_lines=[service_line(decisions=decisions)], other_coverages=[other]))
        return text

    return make


def codes(text: str) -> list[str]:
    return [finding.code for finding in validate(text.encode()).findings]


def test_a_line_that_is_accounted_for_has_no_finding(secondary: Callable[..., str]) -> None:
    assert [] == codes(secondary(80_00, [], 80_00, [Adjustment(CO, "45", 25_50), Adjustment(PR, "2", 20_00)]))


def test_a_claim_that_is_accounted_for_has_no_finding(secondary: Callable[..., str]) -> None:
    assert [] == codes(secondary(80_00, [Adjustment(CO, "45", 25_50), Adjustment(PR, "2", 20_00)], None, []))


def test_a_line_a_cent_off_is_found(secondary: Callable[..., str]) -> None:
    found = codes(secondary(80_00, [], 80_00, [Adjustment(CO, "45", 25_51), Adjustment(PR, "2", 20_00)]))

    assert ["cob-line-balance", "cob-claim-balance"] == found


def test_a_claim_a_cent_off_is_found(secondary: Callable[..., str]) -> None:
    assert ["cob-claim-balance"] == codes(secondary(80_01, [], 80_00, [Adjustment(CO, "45", 45_50)]))
    assert ["cob-claim-balance"] == codes(secondary(80_00, [Adjustment(CO, "45", 45_49)], None, []))


def test_a_negative_charge_is_found_even_where_the_claim_balances(
    claim_file: Make, claim: Make, service_line: Make
) -> None:
    lines = [service_line(charge_cents=200_00), service_line(charge_cents=-74_50, control_number="L2")]

    found = codes(claim_file(claim(service_lines=lines)))

    assert "charge-negative" in found
    assert "claim-charge-balance" not in found
