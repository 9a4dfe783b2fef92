"""Any claim and remittance that can be built is accepted by the validators, not only those thought of by hand."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from revcycle_x12 import professional as p837
from revcycle_x12 import write
from revcycle_x12.codes import AdjustmentGroup, PaymentMethod
from revcycle_x12.remittance import Adjustment, ProviderAdjustment
from revcycle_x12.validate import validate

pytestmark = pytest.mark.slow
Make = Callable[..., Any]
FILES = 24
CODES = ["G0463", "G0438", "G0439", "J1885", "Q0091", "G0008"]
DIAGNOSES = ["E119", "I10", "M545", "K0251", "J069", "Z0000", "R51", "N390"]
MODIFIERS = ["25", "59", "LT", "RT", "GT"]


@pytest.fixture(scope="session")
def dice() -> random.Random:
    return random.Random(837)  # noqa: S311 (the same files at every run)


@pytest.fixture(scope="session")
def claims(dice: random.Random, envelope: Make, batch: Make, subscriber: Make, claim: Make) -> list[bytes]:
    def one(number: int) -> p837.Claim:
        diagnoses = dice.sample(DIAGNOSES, dice.randint(1, len(DIAGNOSES)))
        lines = [_line(dice, len(diagnoses), place) for place in range(dice.randint(1, 6))]
        made: p837.Claim = claim(
            control_number=f"ENC{number}",
            charge_cents=sum(line.charge_cents for line in lines),
            diagnoses=[p837.HealthCode(code) for code in diagnoses],
            patient_paid_cents=dice.choice([None, 0, 1, 20_05]),
            prior_authorization=dice.choice(["", "AUTH1"]),
            note=dice.choice(["", "SEEN IN THE EVENING"]),
            service_lines=lines,
        )
        return made

    return [
        write(envelope(), [batch(*(subscriber(claims=[one(k)]) for k in range(dice.randint(1, 5))))])
        for _ in range(FILES)
    ]


def _line(dice: random.Random, diagnoses: int, place: int) -> p837.ServiceLine:
    first = date(2025, 2, 1) + timedelta(dice.randint(0, 300))
    pointers = dice.sample(range(1, diagnoses + 1), min(diagnoses, dice.randint(1, 4)))
    return p837.ServiceLine(
        procedure=p837.Procedure(dice.choice(CODES), tuple(dice.sample(MODIFIERS, dice.randint(0, 4)))),
        charge_cents=dice.randint(1, 999_999),
        quantity=dice.choice(["1", "2", "1.5", "10"]),
        served=(first, first + timedelta(dice.choice([0, 2]))),
        control_number=f"L{place}",
        diagnosis_pointers=pointers,
    )


@pytest.fixture(scope="session")
def remittances(
    dice: random.Random, envelope: Make, remittance: Make, claim_payment: Make, service_payment: Make
) -> list[bytes]:
    def line(place: int) -> Any:
        charge = dice.randint(100, 999_999)
        kept = dice.randint(0, charge)
        parts = sorted(dice.sample(range(kept + 1), min(dice.randint(1, 3), kept + 1)))
        amounts = [b - a for a, b in zip([0, *parts], [*parts, kept], strict=True) if b > a]
        reasons = [(AdjustmentGroup.CONTRACTUAL, "45"), (AdjustmentGroup.PATIENT, "1"), (AdjustmentGroup.OTHER, "23")]
        chosen = zip(dice.choices(reasons, k=len(amounts)), amounts, strict=True)
        return service_payment(
            charge_cents=charge,
            paid_cents=charge - kept,
            adjustments=[Adjustment(group, reason, amount) for (group, reason), amount in chosen],
            control_number=f"L{place}",
            allowed_cents=None,
        )

    def payment(number: int) -> Any:
        lines = [line(place) for place in range(dice.randint(1, 5))]
        return claim_payment(
            control_number=f"ENC{number}",
            charge_cents=sum(found.charge_cents for found in lines),
            paid_cents=sum(found.paid_cents for found in lines),
            patient_responsibility_cents=None,
            service_lines=lines,
        )

    def one() -> bytes:
        payments = [payment(number) for number in range(dice.randint(1, 8))]
        paid = sum(found.paid_cents for found in payments)
        withheld = dice.choice([0, paid // 10])
        rows = [ProviderAdjustment("1234567893", date(2026, 12, 31), "WO", "ICN0", withheld)] if withheld else []
        method = PaymentMethod.CHECK if paid > withheld else PaymentMethod.NONE
        return write(
            envelope(),
            [remittance(*payments, paid_cents=paid - withheld, provider_adjustments=rows, method=method)],
        )

    return [one() for _ in range(FILES)]


def test_generated_claims_are_sound_to_everyone(claims: list[bytes], pyx12: Make, linuxforhealth: Make) -> None:
    assert [] == [finding for data in claims for finding in validate(data).findings]
    assert [""] * FILES == pyx12(*claims)
    assert [""] * FILES == linuxforhealth(*claims)


def test_generated_remittances_are_sound_to_everyone(
    remittances: list[bytes], pyx12: Make, linuxforhealth: Make
) -> None:
    assert [] == [finding for data in remittances for finding in validate(data).findings]
    assert [""] * FILES == pyx12(*remittances)
    assert [""] * FILES == linuxforhealth(*remittances)
