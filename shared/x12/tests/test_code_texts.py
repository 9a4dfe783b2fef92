"""Codes say what they mean, in words of our own."""

import pytest

from revcycle_x12.claim_acknowledgment import Status
from revcycle_x12.codes import AdjustmentGroup, ClaimStatus, OpenCode, PayerSequence, text_of
from revcycle_x12.eligibility import BenefitInformation, RejectReason
from revcycle_x12.remittance import Adjustment


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (ClaimStatus.REVERSAL, "reversal of an earlier payment"),
        (ClaimStatus("99"), ""),
        (PayerSequence.SECONDARY, "secondary"),
        (AdjustmentGroup.PATIENT, "the patient's to pay"),
        (BenefitInformation.OUT_OF_POCKET_MAXIMUM, "out of pocket maximum"),
        (RejectReason.PATIENT_NOT_FOUND, "patient not found"),
    ],
)
def test_a_value_of_a_code_list_has_a_text(code: OpenCode, text: str) -> None:
    assert text == code.text


def test_adjustments_and_statuses_say_what_their_codes_mean() -> None:
    assert (
        "charge above the fee schedule or the contracted amount"
        == Adjustment(AdjustmentGroup.CONTRACTUAL, "45", 100).text
    )
    assert "rejected: information is not valid; an entity's NPI; billing provider" == Status("A7", "562", "85").text
    assert "rejected: information is not valid; 9999" == Status("A7", "9999").text


def test_every_list_of_texts_is_known_by_name() -> None:
    for code_set, code in (("carc", "197"), ("pos", "11"), ("frequency", "7"), ("entity", "QC"), ("status", "20")):
        assert text_of(code_set, code)
    assert "" == text_of("carc", "9999")
