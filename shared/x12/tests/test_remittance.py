"""835: what a payer paid, its adjustments and remarks, with money in cents."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from revcycle_x12 import ElementError
from revcycle_x12.codes import AdjustmentGroup, ClaimStatus
from revcycle_x12.remittance import Adjustment, Procedure, ProviderAdjustment, Remittance

Make = Callable[..., Any]
CO, PR = AdjustmentGroup.CONTRACTUAL, AdjustmentGroup.PATIENT


def reread(text: str) -> Remittance:
    [remittance] = Remittance.load(text.encode())
    return remittance


def test_a_remittance_comes_back_as_it_was_built(
    remittance_file: Make, claim_payment: Make, service_payment: Make
) -> None:
    line = service_payment(remark_codes=["N130", "MA18"])
    read = reread(remittance_file(claim_payment(service_lines=[line], remark_codes=["MA01"], allowed_cents=125_50)))

    assert (105_00, date(2026, 1, 20), "CHECK1") == (read.paid_cents, read.paid_on, read.trace_number)
    assert ("PLAN", "CLINIC", "1234567893", "123456789") == (
        read.payer.name, read.payee.name, read.payee.id, read.payee.tax_id,
    )  # fmt: skip
    [claim] = read.claims
    assert (ClaimStatus.PRIMARY, 125_50, 105_00) == (claim.status, claim.charge_cents, claim.paid_cents)
    assert (20_50, "ICN1") == (claim.patient_responsibility_cents, claim.payer_control_number)
    assert ["MA01"] == claim.remark_codes
    [found] = claim.service_lines
    assert (Procedure("G0463", ("25",)), 125_50, 105_00) == (found.procedure, found.charge_cents, found.paid_cents)
    assert [Adjustment(PR, "3", 20_50)] == found.adjustments
    assert (["N130", "MA18"], "L1", date(2026, 1, 5)) == (found.remark_codes, found.control_number, found.served_on)


def test_more_than_six_adjustments_of_a_group_take_several_segments(
    remittance_file: Make, claim_payment: Make, service_payment: Make
) -> None:
    many = [Adjustment(CO, str(45 + place), 1_00) for place in range(8)]
    line = service_payment(paid_cents=117_50, adjustments=[*many, Adjustment(PR, "2", 0)])
    text = remittance_file(claim_payment(paid_cents=117_50, service_lines=[line]))

    [claim] = reread(text).claims
    assert [*many, Adjustment(PR, "2", 0)] == claim.service_lines[0].adjustments
    assert [18, 6, 3] == [row.count("*") for row in text.split("\n") if row.startswith("CAS*")]


def test_provider_adjustments_are_read_from_every_plb(remittance_file: Make) -> None:
    """Several segments, several adjustments in one, a reference that is missing."""
    adjustments = [
        ProviderAdjustment("1234567893", date(2026, 12, 31), "WO", "CLAIM9", 60_00),
        ProviderAdjustment("1234567893", date(2026, 12, 31), "L6", "", -1_23),
        ProviderAdjustment("1234567893", date(2025, 12, 31), "FB", "X", -10_00),
    ]
    text = remittance_file(provider_adjustments=adjustments, paid_cents=105_00 - 48_77)

    assert adjustments == reread(text).provider_adjustments
    assert 2 == text.count("PLB*")


def test_a_reversal_and_its_correction_stand_side_by_side(
    remittance_file: Make, claim_payment: Make, service_payment: Make
) -> None:
    reversed_line = service_payment(charge_cents=-125_50, paid_cents=-105_00, adjustments=[Adjustment(PR, "3", -20_50)])
    reversal = claim_payment(
        status=ClaimStatus.REVERSAL, charge_cents=-125_50, paid_cents=-105_00, patient_responsibility_cents=None,
        service_lines=[reversed_line],
    )  # fmt: skip

    read = reread(remittance_file(reversal, claim_payment()))

    assert [(True, -105_00), (False, 105_00)] == [(claim.is_reversal, claim.paid_cents) for claim in read.claims]
    assert 0 == read.paid_cents


def test_a_claim_without_lines_keeps_its_own_adjustments(remittance_file: Make, claim_payment: Make) -> None:
    denied = claim_payment(paid_cents=0, adjustments=[Adjustment(CO, "29", 125_50)], service_lines=[])

    [claim] = reread(remittance_file(denied)).claims

    assert ([], [Adjustment(CO, "29", 125_50)]) == (claim.service_lines, claim.adjustments)


def test_codes_no_list_knows_survive(remittance_file: Make) -> None:
    text = remittance_file().replace("CLP*ENC1*1*", "CLP*ENC1*77*").replace("CAS*PR*3", "CAS*ZZ*3")

    [claim] = reread(text).claims

    assert ("77", "UNKNOWN", False) == (claim.status.value, claim.status.name, claim.status.is_known)
    assert "ZZ" == claim.service_lines[0].adjustments[0].group.value


def test_a_masked_amount_is_refused_when_it_is_asked_for(remittance_file: Make) -> None:
    text = remittance_file().replace("CAS*PR*3*20.5", "CAS*PR*3*XXXX")

    [claim] = reread(text).claims

    assert 105_00 == claim.service_lines[0].paid_cents
    with pytest.raises(ElementError, match="CAS03"):
        _ = claim.service_lines[0].adjustments
