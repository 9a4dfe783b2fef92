"""837I: facility claims, with the many codes of their HI segments."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from revcycle_x12 import Envelope, write
from revcycle_x12 import institutional as p837i
from revcycle_x12.codes import Gender, PayerSequence
from revcycle_x12.validate import validate

NOON = datetime(2026, 1, 6, 12, 0)  # noqa: DTZ001 (X12 times name no zone)
HOME: dict[str, Any] = {"address": "2 OAK ST", "city": "ALBANY", "state": "NY", "postal_code": "122071234"}


def stay() -> p837i.Claim:
    line = p837i.ServiceLine(revenue_code="0120", charge_cents=4_000_00, unit="DA", quantity="4")
    drug = p837i.ServiceLine(
        revenue_code="0636",
        procedure=p837i.Procedure("J1100"),
        charge_cents=20_00,
        quantity="2",
        served=date(2026, 1, 3),
    )
    return p837i.Claim(
        control_number="STAY1",
        charge_cents=4_020_00,
        facility_type="11",
        frequency="1",
        accepts_assignment="A",
        benefits_assigned="Y",
        release_of_information="Y",
        statement_period=(date(2026, 1, 1), date(2026, 1, 5)),
        admitted_at=datetime(2026, 1, 1, 14, 30),  # noqa: DTZ001 (X12 times name no zone)
        admission_type="1",
        admission_source="7",
        discharge_status="01",
        principal_diagnosis=[p837i.HealthCode("J189", present_on_admission="Y")],
        admitting_diagnosis=[p837i.HealthCode("R0600")],
        other_diagnoses=[p837i.HealthCode("I10", present_on_admission="Y"), p837i.HealthCode("E119")],
        principal_procedure=[p837i.HealthCode("0BJ08ZZ", on="20260102")],
        occurrence_spans=[p837i.HealthCode("70", on="20260101-20260104")],
        values=[p837i.HealthCode("80", amount_cents=4_00)],
        conditions=[p837i.HealthCode("C1")],
        attending_provider=p837i.Provider(last_name="HEALER", first_name="HELEN", id="1234567893"),
        service_lines=[line, drug],
    )


def file_of(envelope: Callable[..., Envelope], claim: p837i.Claim) -> bytes:
    person = p837i.Person(
        last_name="DOE", first_name="JANE", id="M1", born_on=date(1980, 2, 3), gender=Gender.FEMALE, **HOME
    )
    insured = p837i.Subscriber(
        sequence=PayerSequence.PRIMARY, relationship="18", filing_indicator="CI", person=person,
        payer=p837i.Payer(last_name="PLAN", id="P1"), claims=[claim],
    )  # fmt: skip
    hospital = p837i.BillingProvider(
        taxonomy="282N00000X", tax_id="123456789", subscribers=[insured],
        provider=p837i.Provider(last_name="HOSPITAL", id="1234567893", **HOME),
    )  # fmt: skip
    claims = p837i.InstitutionalClaims(
        reference="B1", created_at=NOON, receiver=p837i.Receiver(last_name="HUB", id="HUB"),
        submitter=p837i.Submitter(
            last_name="ACME", id="ACME", contact_name="DESK", contact_qualifier="TE", contact_number="5555550100"
        ),
        billing_providers=[hospital],
    )  # fmt: skip
    return write(envelope(line_end="\n"), [claims])


def test_a_stay_comes_back_as_it_was_built(envelope: Callable[..., Envelope]) -> None:
    data = file_of(envelope, stay())
    assert [] == validate(data).findings

    [batch] = p837i.InstitutionalClaims.load(data)
    [claim] = batch.claims

    assert ("111", (date(2026, 1, 1), date(2026, 1, 5))) == (claim.type_of_bill, claim.statement_period)
    assert datetime(2026, 1, 1, 14, 30) == claim.admitted_at  # noqa: DTZ001 (X12 times name no zone)
    assert [("J189", "Y")] == [(code.code, code.present_on_admission) for code in claim.principal_diagnosis]
    assert ["I10", "E119"] == [code.code for code in claim.other_diagnoses]
    assert [("80", 4_00)] == [(code.code, code.amount_cents) for code in claim.values]
    assert [("70", "20260101-20260104")] == [(code.code, code.on) for code in claim.occurrence_spans]
    assert [("0120", None, 4_000_00), ("0636", p837i.Procedure("J1100"), 20_00)] == [
        (line.revenue_code, line.procedure, line.charge_cents) for line in claim.service_lines
    ]


def test_more_than_twelve_codes_take_several_segments(envelope: Callable[..., Envelope]) -> None:
    claim = stay()
    claim.other_diagnoses = [p837i.HealthCode(f"E{place:02d}9") for place in range(10, 24)]

    text = file_of(envelope, claim).decode()

    assert [12, 2] == [row.count("*") for row in text.split("\n") if row.startswith("HI*ABF")]


def test_an_inpatient_claim_without_its_admission_is_found(envelope: Callable[..., Envelope]) -> None:
    text = file_of(envelope, stay()).decode()
    lost = "\n".join(row for row in text.split("\n") if not row.startswith("DTP*435")).replace("SE*", "SE*0")

    codes = {finding.code for finding in validate(lost.encode()).findings}

    assert "admission-date-missing" in codes
