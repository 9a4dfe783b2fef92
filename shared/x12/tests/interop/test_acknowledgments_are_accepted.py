"""999 and 277CA as this library writes them, before the validator that has the guides."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from revcycle_x12 import write
from revcycle_x12.acknowledge import acknowledge_groups
from revcycle_x12.claim_acknowledgment import (
    ClaimAcknowledgment,
    ClaimStatus,
    Named,
    PatientLevel,
    ProviderLevel,
    ReceiverLevel,
    SourceLevel,
    Status,
)
from revcycle_x12.validate import validate

pytestmark = pytest.mark.slow
Make = Callable[..., Any]
NOON = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
DAY = date(2026, 1, 6)
NPI = "1234567893"


def answered(envelope: Make, text: str) -> bytes:
    return write(envelope(), acknowledge_groups(validate(text.encode())))


def test_answers_to_good_and_bad_sets_pass_pyx12(
    envelope: Make, claim_file: Make, remittance_file: Make, recount: Make, pyx12: Make
) -> None:
    bad_code = claim_file().replace("*F~", "*Q~")
    no_lines = recount("\n".join(line for line in claim_file().split("\n") if not line.startswith(("SV1", "LX"))))
    files = [answered(envelope, text) for text in (claim_file(), remittance_file(), bad_code, no_lines)]

    assert [""] * len(files) == pyx12(*files)


def test_claim_acknowledgments_pass_pyx12(envelope: Make, pyx12: Make) -> None:
    accepted, rejected = Status("A2", "20", "PR", DAY, "WQ", 125_50), Status("A7", "562", "85", DAY, "U", 125_50)
    files = [write(envelope(), [_acknowledgment(answer)]) for answer in (accepted, rejected)]

    assert [""] * len(files) == pyx12(*files)


def _acknowledgment(status: Status) -> ClaimAcknowledgment:
    claim = ClaimStatus(control_number="ENC1", statuses=[status], payer_control_number="ICN1", served=DAY)
    patient = PatientLevel(patient=Named(last_name="DOE", first_name="JANE", id="M1"), claims=[claim])
    provider = ProviderLevel(
        provider=Named(last_name="CLINIC", id=NPI),
        trace="0",
        statuses=[Status("A1", "19", "PR", None, "WQ", 125_50)],
        patients=[patient],
    )
    receiver = ReceiverLevel(
        receiver=Named(last_name="ACME", id="ACME"),
        trace="B1",
        statuses=[Status("A1", "20", "PR", DAY, "WQ", 125_50)],
        providers=[provider],
    )
    source = SourceLevel(
        source=Named(entity="PR", last_name="PLAN", id="P1"),
        receipt="R1",
        received_on=DAY,
        processed_on=DAY,
        receivers=[receiver],
    )
    return ClaimAcknowledgment(reference="A1", created_at=NOON, sources=[source])
