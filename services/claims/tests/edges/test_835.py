"""The 835 as an advice: what is for information only holds nothing up."""

from datetime import date

from claims.edi.remittance_835 import read_advice
from revcycle_x12 import remittance as era
from revcycle_x12.codes import AdjustmentGroup, ClaimStatus, PaymentMethod


def test_an_allowed_amount_that_is_none_is_unknown_and_the_payment_counts() -> None:
    """A fraction of a cent in AMT*B6: the line is paid all the same, and nobody guesses what was allowed."""
    line = era.ServicePayment(
        procedure=era.Procedure("99213"),
        charge_cents=80_00,
        paid_cents=60_00,
        served_on=date(2026, 3, 2),
        adjustments=[era.Adjustment(AdjustmentGroup.CONTRACTUAL, "45", 20_00)],
        allowed_cents=60_00,
    )
    amount = line.loop.elements("AMT", "B6")
    assert amount is not None
    amount[2] = "60.005"

    advice = read_advice(_paying(line))

    [[paid]] = [claim.lines for claim in advice.claims]
    assert (60_00, None) == (paid.paid_cents, paid.allowed_cents)


def _paying(line: era.ServicePayment) -> era.Remittance:
    claim = era.ClaimPayment(
        control_number="C1",
        status=ClaimStatus.PRIMARY,
        charge_cents=80_00,
        paid_cents=60_00,
        filing_indicator="12",
        payer_control_number="ICN1",
        patient_last_name="MARLOW",
        service_lines=[line],
    )
    return era.Remittance(
        paid_cents=60_00,
        method=PaymentMethod.CHECK,
        paid_on=date(2026, 3, 20),
        trace_number="T1",
        payer_tax_id="1222333444",
        payer=era.Payer(name="RIDGE PLAN", address="7 FERN ST", city="ALBANY", state="NY", postal_code="12207"),
        payee=era.Payee(name="HILLSIDE", id_qualifier="XX", id="1234567893", tax_id="222333444"),
        groups=[era.ClaimGroup(claims=[claim])],
    )
