"""Numbers: what the validator lets pass the typed reader reads, and what the reader refuses the validator faults."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from revcycle_x12 import ElementError, WriteError
from revcycle_x12.eligibility import Benefit, BenefitInformation
from revcycle_x12.remittance import Remittance
from revcycle_x12.validate import validate

File = Callable[..., str]
NUMBERS = st.from_regex(r"-?[0-9]{0,10}(\.[0-9]{0,5})?", fullmatch=True).filter(
    lambda text: any(map(str.isdecimal, text))
)


@given(written=NUMBERS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_validator_and_the_reader_agree_on_amounts(remittance_file: File, written: str) -> None:
    data = remittance_file().replace("AMT*B6*125.5", f"AMT*B6*{written}").encode()
    faults = {finding.code for finding in validate(data).findings if finding.element == "AMT02"}
    [payment] = [claim for era in Remittance.load(data) for claim in era.claims]

    if faults & {"amount-decimals", "number-invalid"}:
        with pytest.raises(ElementError):
            _ = payment.service_lines[0].allowed_cents
    else:
        assert payment.service_lines[0].allowed_cents is not None


def test_an_amount_of_more_than_ten_digits_is_faulted(remittance_file: File) -> None:
    for amount, expected in (
        ("99999999.99", set()),
        ("100000000", {"amount-too-large"}),
        ("60.005", {"amount-decimals"}),
    ):
        found = validate(remittance_file().replace("AMT*B6*125.5", f"AMT*B6*{amount}").encode()).findings
        assert expected == {finding.code for finding in found}


def test_a_quantity_has_three_decimals_at_most(claim_file: File) -> None:
    for quantity, expected in (("1.125", set()), ("1.1250", set()), ("0.1251", {"quantity-decimals"})):
        found = validate(claim_file().replace("*UN*1*", f"*UN*{quantity}*").encode()).findings
        assert expected == {finding.code for finding in found}


@pytest.mark.parametrize(("written", "percent"), [(".2", 20), ("0.35", 35), ("1", 100), ("0", 0)])
def test_a_share_is_read_in_percent(written: str, percent: int) -> None:
    benefit = Benefit(information=BenefitInformation.COINSURANCE, percent=Decimal(percent))
    assert percent == benefit.percent

    benefit.loop.content[0][8] = written  # type: ignore[index]
    assert percent == benefit.percent


@pytest.mark.parametrize("written", ["20", "1.5", "-.2", "100"])
def test_a_share_beyond_the_whole_is_never_guessed_at(written: str) -> None:
    benefit = Benefit(information=BenefitInformation.COINSURANCE, percent=Decimal(20))
    benefit.loop.content[0][8] = written  # type: ignore[index]

    with pytest.raises(ElementError, match="EB08"):
        _ = benefit.percent
    with pytest.raises(WriteError, match="between 0 and 100"):
        Benefit(information=BenefitInformation.COINSURANCE, percent=Decimal(150))


def test_what_the_validator_faults_is_not_written(
    claim_file: File, claim: Callable[..., Any], service_line: Callable[..., Any]
) -> None:
    with pytest.raises(WriteError, match="more than 3 decimals"):
        claim_file(claim(service_lines=[service_line(quantity="1.2345")]))
