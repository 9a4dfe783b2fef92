"""
The KPIs on the sixteen journeys of the domain description, each told by hand from its text.

The expected figures were computed by hand from the same text: 4,694.99 ÷ 4,959.99 collected, 4 of 19 claims refused,
18 of 19 clean. Amounts below are cents; "CO-45 contractual" is an adjustment with its meaning.
"""

from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from analytics.figures.kpis import Kpi
from analytics.queries.kpis import compute_kpis
from analytics.queries.scope import Scope
from analytics.testing.visits import Visit, Visits
from revcycle_kit.auth.grant import Grant
from revcycle_kit.testing.harness import Harness

CONTRACTUAL, REDUCTION, PATIENT, PRIOR = "CO-45 contractual", "CO-253 reduction", "PR-2 patient", "OA-23 prior_payer"


async def begun(visits: Visits, name: str, cents: int, claim: str = "a") -> Visit:
    """Tell an encounter up to the accepted claim."""
    visit = visits(name)
    await visit.register()
    await visit.charge(cents)
    await visit.submit(claim, cents)
    await visit.acknowledge(claim)
    return visit


async def j1(visits: Visits) -> None:
    visit = await begun(visits, "j1", 250_00)
    await visit.decide("a", 104_00, (250_00, {CONTRACTUAL: 70_00, "PR-1 patient": 50_00, PATIENT: 26_00}))
    await visit.bill_patient(76_00)
    await visit.patient_pays(76_00)


async def j2(visits: Visits) -> None:
    visit = await begun(visits, "j2", 165_00)
    await visit.decide("a", 82_40, (165_00, {CONTRACTUAL: 52_60, "PR-3 patient": 30_00}))
    await visit.bill_patient(30_00)
    await visit.patient_pays(30_00)


async def j3(visits: Visits) -> None:
    visit = await begun(visits, "j3", 1_450_00)
    await visit.decide("a", 0, (1_450_00, {"CO-197 denial": 1_450_00}), outcome="denied")
    reversed_line = (-1_450_00, {"CO-197 denial": -1_450_00})
    await visit.decide("a", 0, reversed_line, reversal=True, status_code="22", outcome="reversed")
    await visit.decide("a", 496_00, (1_450_00, {CONTRACTUAL: 830_00, PATIENT: 124_00}))
    await visit.bill_patient(124_00)
    await visit.patient_pays(124_00)


async def j4(visits: Visits) -> None:
    visit = await begun(visits, "j4", 95_00)
    await visit.decide("a", 47_00, (95_00, {CONTRACTUAL: 23_00, "PR-3 patient": 25_00}))
    await visit.submit("again", 95_00)
    await visit.acknowledge("again")
    await visit.decide("again", 0, (95_00, {"OA-18 duplicate": 95_00}), outcome="duplicate")
    await visit.bill_patient(25_00)
    await visit.patient_pays(25_00)


async def j5(visits: Visits) -> None:
    visit = visits("j5")
    await visit.register()
    await visit.charge(210_00)
    await visit.submit("a", 210_00)
    await visit.reject("a")
    await visit.submit("b", 210_00, replaces_claim_id=visit.claim_id("a"))
    await visit.acknowledge("b")
    await visit.decide("b", 0, (210_00, {"CO-29 denial": 210_00}), outcome="denied", rejected_before=True)
    await visit.give_up("timely", 150_00, adjusted=60_00)


async def j6(visits: Visits) -> None:
    visit = await begun(visits, "j6", 400_00)
    await visit.decide("a", 128_00, (400_00, {CONTRACTUAL: 140_00, "PR-1 patient": 100_00, PATIENT: 32_00}))
    await visit.submit("second", 400_00, rank=2)
    await visit.decide("second", 80_00, (400_00, {PRIOR: 268_00, PATIENT: 52_00}), rank=2)
    await visit.bill_patient(52_00)
    await visit.patient_pays(52_00)


async def j7(visits: Visits) -> None:
    visit = await begun(visits, "j7", 300_00)
    adjusted = {CONTRACTUAL: 100_00, "PR-1 patient": 40_00, PATIENT: 32_00, REDUCTION: 2_56}
    await visit.decide("a", 125_44, (300_00, adjusted), status_code="19")
    await visit.decide("medigap", 32_00, (300_00, {PRIOR: 228_00, "PR-1 patient": 40_00}), rank=2)
    await visit.bill_patient(40_00)
    await visit.patient_pays(40_00)


async def j8(visits: Visits) -> None:
    visit = await begun(visits, "j8", 220_00)
    await visit.decide("a", 0, (220_00, {CONTRACTUAL: 70_00, "PR-1 patient": 150_00}), outcome="patient_only")
    await visit.bill_patient(150_00)
    await visit.patient_pays(150_00)
    back = (-220_00, {CONTRACTUAL: -70_00, "PR-1 patient": -150_00})
    await visit.decide("a", 0, back, reversal=True, status_code="22", outcome="reversed")
    await visit.decide("a", 120_00, (220_00, {CONTRACTUAL: 70_00, "PR-3 patient": 30_00}))
    await visit.withdraw(120_00)
    await visit.refund(120_00)


async def j9(visits: Visits) -> None:
    visit = await begun(visits, "j9", 180_00)
    first = (130_00, {CONTRACTUAL: 30_00, "PR-3 patient": 20_00})
    await visit.decide("a", 80_00, first, (50_00, {"CO-4 denial": 50_00}), outcome="partly_denied")
    await visit.bill_patient(20_00)
    await visit.submit("b", 180_00, frequency="7", replaces_claim_id=visit.claim_id("a"), touched=True)
    await visit.acknowledge("b")
    back = (-130_00, {CONTRACTUAL: -30_00, "PR-3 patient": -20_00})
    await visit.decide("a", -80_00, back, (-50_00, {"CO-4 denial": -50_00}), reversal=True, status_code="22")
    await visit.decide("b", 116_00, first, (50_00, {CONTRACTUAL: 14_00}), frequency="7")
    await visit.patient_pays(20_00)


async def j10(visits: Visits) -> None:
    visit = visits("j10")
    await visit.register()
    await visit.charge(1_250_00)
    await visit.bill_patient(1_250_00, cause="self_pay")
    await visit.forgive("adjustment.self_pay_discount", 500_00)
    for _ in range(6):
        await visit.patient_pays(125_00)


async def j11(visits: Visits) -> None:
    visit = await begun(visits, "j11", 370_00)
    consultation = (250_00, {CONTRACTUAL: 60_00, PATIENT: 38_00})
    bundled, lab = (80_00, {"CO-97 denial": 80_00}), (40_00, {CONTRACTUAL: 21_25})
    await visit.decide("a", 170_75, consultation, bundled, lab, outcome="partly_denied")
    await visit.bill_patient(38_00)
    await visit.patient_pays(38_00)
    await visit.give_up("bundled_correct", 0, adjusted=80_00)


async def j12(visits: Visits) -> None:
    a = await begun(visits, "j12a", 300_00)
    b = await begun(visits, "j12b", 450_00)
    await a.decide("a", 200_00, (300_00, {CONTRACTUAL: 100_00}))
    await b.decide("a", 300_00, (450_00, {CONTRACTUAL: 150_00}))


async def j13(visits: Visits) -> None:
    visit = await begun(visits, "j13", 500_00)
    await visit.decide("a", 320_00, (500_00, {CONTRACTUAL: 180_00}))
    back = (-500_00, {CONTRACTUAL: -180_00})
    await visit.decide("a", -320_00, back, reversal=True, status_code="22", outcome="reversed")
    await visit.decide("a", 260_00, (500_00, {CONTRACTUAL: 240_00}))
    for name, cents in (("j13x", 140_00), ("j13y", 410_00)):
        paid_in_full = await begun(visits, name, cents)
        await paid_in_full.decide("a", cents, (cents, {}))


async def j14(visits: Visits) -> None:
    visit = await begun(visits, "j14", 340_00)
    await visit.decide("a", 0, (340_00, {CONTRACTUAL: 125_00, "PR-1 patient": 215_00}), outcome="patient_only")
    await visit.bill_patient(215_00)
    await visit.patient_pays(40_00)
    await visit.forgive("write_off.bad_debt", 175_00)
    await visit.forgive("write_off.bad_debt", -60_00)
    await visit.patient_pays(60_00)


async def j15(visits: Visits) -> None:
    visit = await begun(visits, "j15", 1_100_00, claim="facility")
    await visit.submit("professional", 200_00)
    await visit.acknowledge("professional")
    facility = (900_00, {CONTRACTUAL: 490_00, PATIENT: 82_00})
    await visit.decide("facility", 328_00, facility)
    await visit.decide("professional", 88_00, (200_00, {CONTRACTUAL: 90_00, PATIENT: 22_00}))
    await visit.bill_patient(104_00)
    await visit.charge(60_00, late=True)
    await visit.submit("late", 960_00, frequency="7", replaces_claim_id=visit.claim_id("facility"))
    back = (-900_00, {CONTRACTUAL: -490_00, PATIENT: -82_00})
    await visit.decide("facility", -328_00, back, reversal=True, status_code="22", outcome="reversed")
    await visit.decide("late", 328_00, (960_00, {CONTRACTUAL: 550_00, PATIENT: 82_00}), frequency="7")
    await visit.patient_pays(104_00)


async def j16(visits: Visits) -> None:
    visit = await begun(visits, "j16", 150_00)
    await visit.decide("a", 78_40, (150_00, {CONTRACTUAL: 50_00, PATIENT: 20_00, REDUCTION: 1_60}))
    await visit.decide("medicaid", 0, (150_00, {PRIOR: 130_00, CONTRACTUAL: 20_00}), rank=2)


SIXTEEN: list[Callable[[Visits], Awaitable[None]]] = [
    *(j1, j2, j3, j4, j5, j6, j7, j8),
    *(j9, j10, j11, j12, j13, j14, j15, j16),
]


@pytest.fixture
async def kpis(analytics: Harness, visits: Visits) -> dict[str, Kpi]:
    """All sixteen journeys, told; and the figures on them."""
    for journey in SIXTEEN:
        await journey(visits)
    assert [] == await analytics.parked()
    clinic = visits("any").clinic
    async with analytics.runtime.read(Grant("cfo", clinics=frozenset({clinic}))) as connection:
        return await compute_kpis(connection, Scope(as_of=visits("any").today))


async def test_the_kpis_of_the_sixteen_journeys_are_those_computed_by_hand(kpis: dict[str, Kpi]) -> None:
    shown = {name: (kpi.numerator, kpi.denominator, kpi.value) for name, kpi in kpis.items()}

    assert (4_694_99, 4_959_99, Decimal("94.66")) == shown["net_collection_rate"]
    assert (4, 19, Decimal("21.05")) == shown["denial_rate"]
    assert (1_790_00, 7_030_00, Decimal("25.46")) == shown["denial_rate_dollars"]
    assert (15, 19, Decimal("78.95")) == shown["first_pass_rate"]
    assert (18, 19, Decimal("94.74")) == shown["clean_claim_rate"]
    assert (150_00, 4_959_99, Decimal("3.02")) == shown["final_denial_rate"]
    assert (115_00, 8_340_00, Decimal("1.38")) == shown["bad_debt_rate"]
    assert (0, 8_340_00, Decimal("0.00")) == shown["days_in_ar"]
    assert (0, 0, None) == shown["ar_over_90"]


async def test_each_figure_stands_beside_its_target_in_its_colour(kpis: dict[str, Kpi]) -> None:
    assert ("amber", "≥ 95 %") == _beside(kpis["net_collection_rate"])
    assert ("red", "< 5 %") == _beside(kpis["denial_rate"])
    assert ("green", "< 40 days") == _beside(kpis["days_in_ar"])
    assert ("amber", "≥ 95 %") == _beside(kpis["clean_claim_rate"])
    assert ("amber", "≥ 85 %") == _beside(kpis["first_pass_rate"])
    assert "no_data" == kpis["ar_over_90"].band
    assert "no_target" == kpis["bad_debt_rate"].band


async def test_the_duplicate_is_shown_as_excluded(kpis: dict[str, Kpi]) -> None:
    assert "1 duplicates (CARC 18)" in kpis["denial_rate"].exclusions


def _beside(kpi: Kpi) -> tuple[str, str]:
    assert kpi.target is not None
    return kpi.band, kpi.target.words(kpi.unit)
