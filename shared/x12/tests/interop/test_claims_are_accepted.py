"""837P and 837I as this library writes them, before the validators that have the guide."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from revcycle_x12 import institutional as p837i
from revcycle_x12 import professional as p837
from revcycle_x12 import write
from revcycle_x12.codes import AdjustmentGroup, Gender, PayerSequence

pytestmark = pytest.mark.slow
Make = Callable[..., Any]
NOON = datetime(2026, 1, 6, 12, 0)  # noqa: DTZ001 (X12 times name no zone)
HOME: dict[str, Any] = {"address": "2 OAK ST", "city": "ALBANY", "state": "NY", "postal_code": "122071234"}


@pytest.fixture(scope="session")
def professional_files(envelope: Make, batch: Make, subscriber: Make, claim: Make, service_line: Make) -> list[bytes]:
    """A plain claim; many claims and lines; a dependent's; a replacement; a secondary claim with line decisions."""
    dependent = p837.Patient(
        relationship="19",
        last_name="DOE",
        first_name="SUE",
        born_on=date(2015, 1, 1),
        gender="F",
        claims=[claim(control_number="ENC3")],
        **HOME,
    )
    many = [
        claim(
            control_number=f"ENC{number}",
            charge_cents=125_50 * (number + 1),
            service_lines=[service_line(control_number=f"L{line}") for line in range(number + 1)],
            rendering_provider=p837.Provider(last_name="WATSON", first_name="ANN", id="1245319599"),
            referring_provider=p837.Provider(entity="DN", last_name="HOOD", first_name="BO", id="1245319599"),
        )
        for number in range(8)
    ]
    second = subscriber(sequence=PayerSequence.SECONDARY, claims=[_secondary(claim, service_line)])
    replacement = claim(frequency="7", payer_claim_control_number="ICN1", prior_authorization="AUTH1")
    return [
        write(envelope(), [batch(subscriber(claims=[claim()]))]),
        write(envelope(), [batch(subscriber(claims=many))]),
        write(envelope(), [batch(subscriber(relationship="", patients=[dependent]))]),
        write(envelope(), [batch(subscriber(claims=[replacement]))]),
        write(envelope(), [batch(second)]),
    ]


def _secondary(claim: Make, service_line: Make) -> p837.Claim:
    decision = p837.LineDecision(
        payer_id="P0",
        paid_cents=100_00,
        procedure=p837.Procedure("G0463", ("25",)),
        units="1",
        adjustments=[p837.Adjustment(AdjustmentGroup.CONTRACTUAL, "45", 25_50)],
        decided_on=date(2026, 1, 20),
    )
    coverage = p837.OtherCoverage(
        sequence=PayerSequence.PRIMARY,
        relationship="18",
        filing_indicator="CI",
        paid_cents=100_00,
        benefits_assigned="Y",
        release_of_information="Y",
        subscriber=p837.OtherSubscriber(last_name="DOE", first_name="JANE", id="M0", **HOME),
        payer=p837.OtherPayer(last_name="FIRST PLAN", id="P0"),
    )
    secondary: p837.Claim = claim(other_coverages=[coverage], service_lines=[service_line(decisions=[decision])])
    return secondary


@pytest.fixture(scope="session")
def institutional_files(envelope: Make) -> list[bytes]:
    """An outpatient claim and an inpatient claim."""
    line = p837i.ServiceLine(
        revenue_code="0510",
        procedure=p837i.Procedure("G0463"),
        charge_cents=125_50,
        quantity="1",
        served=date(2026, 1, 5),
    )
    outpatient = _institutional("13", [line], date(2026, 1, 5), date(2026, 1, 5))
    room = p837i.ServiceLine(revenue_code="0120", charge_cents=300_000, quantity="3", unit="DA")
    inpatient = _institutional("11", [room], date(2026, 1, 2), date(2026, 1, 5), admitted_at=NOON)
    return [write(envelope(), [_hospital(claim)]) for claim in (outpatient, inpatient)]


def _institutional(facility: str, lines: list[p837i.ServiceLine], first: date, last: date, **more: Any) -> p837i.Claim:
    return p837i.Claim(
        control_number="ENC1",
        charge_cents=sum(line.charge_cents for line in lines),
        facility_type=facility,
        frequency="1",
        accepts_assignment="A",
        benefits_assigned="Y",
        release_of_information="Y",
        statement_period=(first, last),
        admission_type="3",
        admission_source="1",
        discharge_status="01",
        principal_diagnosis=[p837i.HealthCode("I10")],
        attending_provider=p837i.Provider(last_name="WATSON", first_name="ANN", id="1245319599"),
        service_lines=lines,
        **more,
    )


def _hospital(claim: p837i.Claim) -> p837i.InstitutionalClaims:
    person = p837i.Person(
        last_name="DOE", first_name="JANE", id="M1", born_on=date(1980, 2, 3), gender=Gender.FEMALE, **HOME
    )
    subscriber = p837i.Subscriber(
        sequence=PayerSequence.PRIMARY,
        relationship="18",
        filing_indicator="CI",
        person=person,
        payer=p837i.Payer(last_name="PLAN", id="P1"),
        claims=[claim],
    )
    provider = p837i.BillingProvider(
        tax_id="123456789",
        provider=p837i.Provider(last_name="HOSPITAL", id="1234567893", **HOME),
        subscribers=[subscriber],
    )
    contact = {"contact_name": "DESK", "contact_qualifier": "TE", "contact_number": "5555550100"}
    submitter = p837i.Submitter(last_name="ACME BILLING", id="ACME")
    for name, value in contact.items():
        setattr(submitter, name, value)
    return p837i.InstitutionalClaims(
        reference="B1",
        created_at=NOON,
        submitter=submitter,
        receiver=p837i.Receiver(last_name="HUB", id="HUB"),
        billing_providers=[provider],
    )


def test_professional_claims_pass_pyx12(professional_files: list[bytes], pyx12: Make) -> None:
    assert [""] * len(professional_files) == pyx12(*professional_files)


def test_professional_claims_pass_linuxforhealth(professional_files: list[bytes], linuxforhealth: Make) -> None:
    assert [""] * len(professional_files) == linuxforhealth(*professional_files)


def test_institutional_claims_pass_pyx12(institutional_files: list[bytes], pyx12: Make) -> None:
    assert [""] * len(institutional_files) == pyx12(*institutional_files)


def test_institutional_claims_pass_linuxforhealth(institutional_files: list[bytes], linuxforhealth: Make) -> None:
    assert [""] * len(institutional_files) == linuxforhealth(*institutional_files)
