"""
What the demonstration clinics do and charge. HCPCS Level II and revenue codes only.

Charges and rates are the demonstration's own.
"""

from typing import Final

import msgspec

PROFESSIONAL: Final = "RIVERSIDE"
FACILITY: Final = "VALLEY"
"""The two billing entities of the demonstration."""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One service: its charge and the rate that other rates are multiples of."""

    code: str
    description: str
    charge_cents: int
    rate_cents: int
    revenue_code: str = ""
    entity: str = PROFESSIONAL


OFFERS: Final = (
    Offer(code="G0463", description="Clinic visit", charge_cents=245_00, rate_cents=128_40),
    Offer(code="G0439", description="Annual wellness visit, subsequent", charge_cents=210_00, rate_cents=132_15),
    Offer(code="G0444", description="Depression screening, annual", charge_cents=48_00, rate_cents=19_30),
    Offer(code="G0008", description="Administration of influenza vaccine", charge_cents=55_00, rate_cents=30_75),
    Offer(code="Q2038", description="Influenza vaccine", charge_cents=42_00, rate_cents=21_60),
    Offer(code="J3420", description="Vitamin B-12 injection", charge_cents=28_00, rate_cents=6_45),
    Offer(code="J1885", description="Ketorolac injection, 15 mg", charge_cents=32_00, rate_cents=4_10),
    Offer(code="G0108", description="Diabetes training, 30 minutes", charge_cents=95_00, rate_cents=55_20),
    Offer(code="G0447", description="Obesity counselling, 15 minutes", charge_cents=60_00, rate_cents=26_85),
    Offer(code="G0127", description="Trimming of dystrophic nails", charge_cents=65_00, rate_cents=24_10),
    Offer(code="G0101", description="Cervical cancer screening examination", charge_cents=90_00, rate_cents=41_25),
    Offer(code="G0103", description="PSA screening", charge_cents=45_00, rate_cents=19_10),
    Offer(code="G0270", description="Nutrition therapy, 15 minutes", charge_cents=70_00, rate_cents=33_90),
    Offer(code="L1833", description="Knee orthosis, adjustable", charge_cents=890_00, rate_cents=512_60),
    Offer(code="J7325", description="Hyaluronan injection, 1 mg", charge_cents=24_00, rate_cents=7_80),
    Offer(code="J1745", description="Infliximab, 10 mg", charge_cents=118_00, rate_cents=48_35),
    Offer(code="G0277", description="Hyperbaric oxygen, 30 minutes", charge_cents=420_00, rate_cents=148_70),
    Offer(code="G0380", description="Emergency visit, level 1", charge_cents=310_00, rate_cents=78_10,
          revenue_code="0456", entity=FACILITY),
    Offer(code="G0381", description="Emergency visit, level 2", charge_cents=480_00, rate_cents=96_80,
          revenue_code="0456", entity=FACILITY),
    Offer(code="G0382", description="Emergency visit, level 3", charge_cents=760_00, rate_cents=176_90,
          revenue_code="0456", entity=FACILITY),
    Offer(code="G0383", description="Emergency visit, level 4", charge_cents=1_240_00, rate_cents=272_15,
          revenue_code="0456", entity=FACILITY),
    Offer(code="G0384", description="Emergency visit, level 5", charge_cents=1_980_00, rate_cents=421_35,
          revenue_code="0456", entity=FACILITY),
    Offer(code="G0105", description="Colonoscopy, high risk", charge_cents=2_450_00, rate_cents=952_20,
          revenue_code="0750", entity=FACILITY),
    Offer(code="G0121", description="Colonoscopy, average risk", charge_cents=2_300_00, rate_cents=948_75,
          revenue_code="0750", entity=FACILITY),
    Offer(code="A4550", description="Surgical tray", charge_cents=85_00, rate_cents=0,
          revenue_code="0270", entity=FACILITY),
    Offer(code="G0378", description="Observation, hour", charge_cents=96_00, rate_cents=38_20,
          revenue_code="0762", entity=FACILITY),
)  # fmt: skip


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of visit: what is done, and why."""

    name: str
    services: tuple[tuple[str, int], ...]
    """Code and units."""
    diagnoses: tuple[str, ...]
    weight: int
    modifiers: dict[str, str] = {}


CLINIC_VISITS: Final = (
    Template(name="hypertension", services=(("G0463", 1),), diagnoses=("I10",), weight=24),
    Template(name="cold", services=(("G0463", 1),), diagnoses=("J06.9",), weight=16),
    Template(name="reflux", services=(("G0463", 1),), diagnoses=("K21.9", "I10"), weight=10),
    Template(name="wellness", services=(("G0439", 1), ("G0444", 1)), diagnoses=("Z00.00",), weight=12),
    Template(name="vaccine", services=(("G0008", 1), ("Q2038", 1)), diagnoses=("Z23",), weight=9),
    Template(name="back pain", services=(("G0463", 1), ("J1885", 4)), diagnoses=("M54.59",), weight=8),
    Template(name="b12", services=(("G0463", 1), ("J3420", 1)), diagnoses=("E53.8",), weight=6),
    Template(name="diabetes", services=(("G0463", 1), ("G0108", 2)), diagnoses=("E11.9", "I10"), weight=8),
    Template(name="screening", services=(("G0101", 1),), diagnoses=("Z01.419",), weight=4),
    Template(name="psa", services=(("G0463", 1), ("G0103", 1)), diagnoses=("Z12.5",), weight=3),
)
SPECIALTY_VISITS: Final = (
    Template(name="knee", services=(("G0463", 1),), diagnoses=("M17.11",), weight=30),
    Template(name="brace", services=(("G0463", 1), ("L1833", 1)), diagnoses=("M17.11",), weight=8,
             modifiers={"L1833": "RT"}),
    Template(name="ankle", services=(("G0463", 1),), diagnoses=("S93.401A",), weight=14),
    Template(name="knee injection", services=(("G0463", 1), ("J7325", 48)), diagnoses=("M17.11",), weight=8),
    Template(name="infusion", services=(("J1745", 30),), diagnoses=("K50.90",), weight=8),
    Template(name="hypertension", services=(("G0463", 1),), diagnoses=("I10",), weight=20),
)  # fmt: skip
FACILITY_VISITS: Final = (
    Template(name="emergency 2", services=(("G0381", 1),), diagnoses=("J06.9",), weight=14),
    Template(name="emergency 3", services=(("G0382", 1),), diagnoses=("R10.9",), weight=18),
    Template(name="emergency 4", services=(("G0383", 1), ("A4550", 1)), diagnoses=("S93.401A",), weight=12),
    Template(name="emergency 5", services=(("G0384", 1),), diagnoses=("R07.89",), weight=5),
    Template(name="colonoscopy", services=(("G0121", 1), ("A4550", 1)), diagnoses=("Z12.11",), weight=8),
    Template(name="observation", services=(("G0383", 1), ("G0378", 18)), diagnoses=("R07.89",), weight=4),
)

DEFECTIVE: Final = {
    "unspecified": Template(name="unspecified", services=(("G0463", 1),), diagnoses=("M25.569",), weight=1),
    "modifier": Template(name="modifier", services=(("G0463", 1), ("L1833", 1)), diagnoses=("M17.11",), weight=1),
    "authorization": Template(name="authorization", services=(("G0277", 4),), diagnoses=("L97.412",), weight=1),
    "not_covered": Template(name="not covered", services=(("G0463", 1), ("G0270", 2)), diagnoses=("E11.9",), weight=1),
    "necessity": Template(name="necessity", services=(("G0447", 1),), diagnoses=("Z71.3",), weight=1),
    "bundled": Template(name="bundled", services=(("G0463", 1), ("G0127", 1)), diagnoses=("E11.42",), weight=1),
}
"""Visits that run into a payer's rule: the reason is in the claim, and the record may cure it."""
