"""835 as this library writes them, before the validators that have the guide."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from revcycle_x12 import write
from revcycle_x12.codes import AdjustmentGroup, ClaimStatus, PaymentMethod
from revcycle_x12.remittance import Adjustment, ProviderAdjustment

pytestmark = pytest.mark.slow
Make = Callable[..., Any]
YEAR_END = date(2026, 12, 31)


@pytest.fixture(scope="session")
def remittances(envelope: Make, remittance: Make, claim_payment: Make, service_payment: Make) -> list[bytes]:
    """One payment; many; a denial; a reversal; money withheld; an electronic transfer; a claim without lines."""
    denied = claim_payment(
        paid_cents=0,
        patient_responsibility_cents=0,
        service_lines=[
            service_payment(
                paid_cents=0,
                adjustments=[Adjustment(AdjustmentGroup.CONTRACTUAL, "197", 125_50)],
                allowed_cents=None,
                remark_codes=["N54"],
            )
        ],
    )
    reversal = _reversal(claim_payment, service_payment)
    claim_level = claim_payment(
        adjustments=[Adjustment(AdjustmentGroup.CONTRACTUAL, "45", 20_50)],
        patient_responsibility_cents=0,
        service_lines=[],
    )
    many = [claim_payment(control_number=f"ENC{number}") for number in range(20)]
    files: list[tuple[list[Any], dict[str, Any]]] = [
        ([claim_payment()], {}),
        (many, {}),
        ([denied], {"method": PaymentMethod.NONE, "handling": "H"}),
        ([claim_payment(), reversal], {"paid_cents": 0, "method": PaymentMethod.NONE, "handling": "H"}),
        ([claim_payment()], {"paid_cents": 100_00, "provider_adjustments": [_withheld()]}),
        ([claim_payment()], _transfer()),
        ([claim_level], {}),
    ]
    return [write(envelope(), [remittance(*payments, **more)]) for payments, more in files]


def _reversal(claim_payment: Make, service_payment: Make) -> Any:
    return claim_payment(
        status=ClaimStatus.REVERSAL,
        charge_cents=-125_50,
        paid_cents=-105_00,
        patient_responsibility_cents=None,
        service_lines=[
            service_payment(
                charge_cents=-125_50,
                paid_cents=-105_00,
                adjustments=[Adjustment(AdjustmentGroup.PATIENT, "3", -20_50)],
                allowed_cents=None,
            )
        ],
    )


def _withheld() -> ProviderAdjustment:
    return ProviderAdjustment("1234567893", YEAR_END, "WO", "ICN0", 5_00)


def _transfer() -> dict[str, Any]:
    return {
        "handling": "I",
        "method": PaymentMethod.ACH,
        "payment_format": "CCP",
        "payer_routing_qualifier": "01",
        "payer_routing_number": "021000021",
        "payer_account_qualifier": "DA",
        "payer_account": "1234567",
        "originator_id": "1123456789",
        "payee_routing_qualifier": "01",
        "payee_routing_number": "021000021",
        "payee_account_qualifier": "DA",
        "payee_account": "7654321",
    }


def test_remittances_pass_pyx12(remittances: list[bytes], pyx12: Make) -> None:
    assert [""] * len(remittances) == pyx12(*remittances)


def test_remittances_pass_linuxforhealth(remittances: list[bytes], linuxforhealth: Make) -> None:
    assert [""] * len(remittances) == linuxforhealth(*remittances)


def test_both_are_wrong_to_refuse_a_second_provider_adjustment(
    envelope: Make, remittance: Make, claim_payment: Make, pyx12: Make, linuxforhealth: Make
) -> None:
    """PLB is repeated for each provider and fiscal year. The day this fails, a validator has been mended."""
    adjustments = [_withheld(), ProviderAdjustment("1245319599", YEAR_END, "WO", "ICN0", 5_00)]
    data = write(envelope(), [remittance(claim_payment(), paid_cents=95_00, provider_adjustments=adjustments)])

    assert "exceeded max count" in pyx12(data)[0]
    assert linuxforhealth(data)[0]
