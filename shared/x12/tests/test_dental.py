"""837D: what a dentist bills, and which tooth."""

from datetime import date, datetime
from typing import Any

import pytest

from revcycle_x12 import Envelope, write
from revcycle_x12._syntax.delimiters import Delimiters
from revcycle_x12._syntax.errors import WriteError
from revcycle_x12.codes import Gender, PayerSequence
from revcycle_x12.dental import (
    BillingProvider,
    Claim,
    DentalClaims,
    HealthCode,
    Patient,
    Payer,
    Person,
    Procedure,
    Provider,
    Receiver,
    ServiceLine,
    Submitter,
    Subscriber,
    Tooth,
)
from revcycle_x12.validate import validate

NOON = datetime(2026, 1, 6, 12, 0)  # noqa: DTZ001 (X12 times name no zone)
ENVELOPE = Envelope(sender_id="ACME", receiver_id="HUB", control_number=7, created_at=NOON, is_test=True)
FILLING = Procedure("D2150", qualifier="AD")


def claim(*lines: ServiceLine, **more: Any) -> Claim:
    standing: dict[str, Any] = {
        "control_number": "ENC1",
        "charge_cents": sum(line.charge_cents for line in lines),
        "place_of_service": "11",
        "frequency": "1",
        "provider_signature": "Y",
        "accepts_assignment": "A",
        "benefits_assigned": "Y",
        "release_of_information": "Y",
        "served": date(2026, 1, 5),
        "service_lines": list(lines),
    }
    return Claim(**(standing | more))


def batch(subscriber: Subscriber) -> DentalClaims:
    dentist = Provider(
        last_name="TEETH", id="1234567893", address="1 MAIN ST", city="ALBANY", state="NY", postal_code="122071234"
    )
    desk: dict[str, Any] = {"contact_name": "DESK", "contact_qualifier": "TE", "contact_number": "5555550100"}
    return DentalClaims(
        reference="B1",
        created_at=NOON,
        submitter=Submitter(last_name="ACME BILLING", id="ACME", **desk),
        receiver=Receiver(last_name="HUB", id="HUB1"),
        billing_providers=[BillingProvider(tax_id="123456789", provider=dentist, subscribers=[subscriber])],
    )


def insured(**more: Any) -> Subscriber:
    person = Person(
        last_name="DOE",
        first_name="JANE",
        id="M1",
        address="2 OAK",
        city="ALBANY",
        state="NY",
        postal_code="12207",
        born_on=date(1980, 2, 3),
        gender=Gender.FEMALE,
    )
    payer = Payer(last_name="PLAN", id="P1")
    return Subscriber(sequence=PayerSequence.PRIMARY, filing_indicator="CI", person=person, payer=payer, **more)


def line(**more: Any) -> ServiceLine:
    return ServiceLine(procedure=FILLING, charge_cents=10000, **more)


def test_a_filling_names_its_tooth_and_surfaces() -> None:
    service = line(teeth=[Tooth("12", "MO")], diagnosis_pointers=[1])
    filled = claim(service, diagnoses=[HealthCode("K0251")])
    data = write(ENVELOPE, [batch(insured(relationship="18", claims=[filled]))])

    [read_claim] = next(DentalClaims.read(data)).claims
    [read_line] = read_claim.service_lines

    assert b"~SV3*AD:D2150*100****1*****1~TOO*JP*12*M:O~" in data
    assert ([Tooth("12", "MO")], "D2150", 10000) == (read_line.teeth, read_line.procedure.code, read_line.charge_cents)
    assert [1] == read_line.diagnosis_pointers
    assert ["K0251"] == [diagnosis.code for diagnosis in read_claim.diagnoses]


def test_surfaces_are_parted_by_the_component_separator_of_the_interchange() -> None:
    marks = Delimiters(element="*", component=">", repetition="^", terminator="~")
    envelope = Envelope(
        sender_id="ACME", receiver_id="HUB", control_number=7, created_at=NOON, is_test=True, delimiters=marks
    )
    filled = claim(line(teeth=[Tooth("12", "MO")]))
    data = write(envelope, [batch(insured(relationship="18", claims=[filled]))])

    [read_claim] = next(DentalClaims.read(data)).claims
    read_claim.service_lines[0].teeth = [Tooth("3", "MOD")]

    assert b"TOO*JP*12*M>O~" in data
    assert ["TOO", "JP", "3", "M>O>D"] == read_claim.service_lines[0].loop.elements("TOO")


def test_a_predetermination_of_braces_says_how_long_they_stay() -> None:
    braces = ServiceLine(procedure=Procedure("D8080", qualifier="AD"), charge_cents=400000)
    asked = claim(braces, submission_reason="PB", orthodontic_months=36, appliance_placed_on=date(2026, 2, 1))
    child = Patient(
        relationship="19",
        last_name="DOE",
        first_name="SUE",
        address="2 OAK",
        city="ALBANY",
        state="NY",
        postal_code="12207",
        born_on=date(2012, 1, 1),
        gender="F",
        claims=[asked],
    )
    data = write(ENVELOPE, [batch(insured(patients=[child]))])

    [read_claim] = next(DentalClaims.read(data)).claims

    assert ("PB", 36, date(2026, 2, 1)) == (
        read_claim.submission_reason,
        read_claim.orthodontic_months,
        read_claim.appliance_placed_on,
    )
    assert "M1" == read_claim.subscriber.member_id


def test_a_procedure_that_is_not_dental_cannot_be_said() -> None:
    medical = ServiceLine(procedure=Procedure("G0463"), charge_cents=100)

    with pytest.raises(WriteError, match="SV301"):
        write(ENVELOPE, [batch(insured(relationship="18", claims=[claim(medical)]))])


def test_lines_that_do_not_add_up_to_the_claim_are_found() -> None:
    data = write(ENVELOPE, [batch(insured(relationship="18", claims=[claim(line(), charge_cents=9900)]))])

    assert [3] == [int(finding.snip) for finding in validate(data).findings if finding.is_error]


def test_a_batch_is_sound_by_its_guide_and_survives_reading_and_writing() -> None:
    filled = claim(line(teeth=[Tooth("12", "MO")]))
    data = write(ENVELOPE, [batch(insured(relationship="18", claims=[filled]))])

    assert [] == list(validate(data).findings)
    assert data == write(ENVELOPE, DentalClaims.load(data))
