"""837P: what was built comes back when read, and what cannot be said is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from revcycle_x12 import ElementError, Envelope, WriteError, write
from revcycle_x12.codes import AdjustmentGroup, PayerSequence
from revcycle_x12.professional import (
    Adjustment,
    Attachment,
    Claim,
    Drug,
    HealthCode,
    LineDecision,
    OtherCoverage,
    OtherPayer,
    OtherSubscriber,
    Patient,
    Procedure,
    ProfessionalClaims,
    Provider,
    ServiceLine,
    Subscriber,
)
from revcycle_x12.validate import validate

Make = Callable[..., Any]


def reread(data: bytes) -> list[Claim]:
    report = validate(data)
    assert report.findings == []
    [batch] = ProfessionalClaims.load(data)
    return list(batch.claims)


def test_a_claim_comes_back_as_it_was_built(claim_file: Callable[..., str], claim: Make) -> None:
    [read] = reread(claim_file(claim(prior_authorization="AUTH1", clearinghouse_trace="T1")).encode())

    assert ("ENC1", 125_50, "11", "1") == (
        read.control_number,
        read.charge_cents,
        read.place_of_service,
        read.frequency,
    )
    assert ("AUTH1", "T1") == (read.prior_authorization, read.clearinghouse_trace)
    assert [("ABK", "E119"), ("ABF", "I10")] == [(found.qualifier, found.code) for found in read.diagnoses]
    [line] = read.service_lines
    assert Procedure("G0463", ("25",)) == line.procedure
    assert (1, 125_50, "UN", "1", [1]) == (
        line.number, line.charge_cents, line.unit, line.quantity, line.diagnosis_pointers,
    )  # fmt: skip
    assert (date(2026, 1, 5), "L1") == (line.served_on, line.control_number)


def test_levels_are_numbered_and_say_whether_others_follow(
    envelope: Callable[..., Envelope], batch: Make, subscriber: Make, claim: Make
) -> None:
    """A subscriber with a dependent, and one who is the patient, under one provider."""
    child = Patient(
        relationship="19", last_name="DOE", first_name="JIM", born_on=date(2015, 1, 1), gender="M",
        address="2 OAK ST", city="ALBANY", state="NY", postal_code="12207", claims=[claim(control_number="A")],
    )  # fmt: skip
    parent = subscriber(relationship="", patients=[child])

    data = write(envelope(), [batch(parent, subscriber(claims=[claim(control_number="B")]))])

    levels = [line for line in data.decode().split("~") if line.startswith("HL*")]
    assert ["HL*1**20*1", "HL*2*1*22*1", "HL*3*2*23*0", "HL*4*1*22*0"] == levels
    first, second = reread(data)
    assert isinstance(first.patient, Patient)
    assert ("JIM", "M1") == (first.patient.first_name, first.subscriber.member_id)
    assert isinstance(second.patient, Subscriber)


def test_a_secondary_claim_tells_what_the_first_payer_decided(claim_file: Callable[..., str], claim: Make) -> None:
    decision = LineDecision(
        payer_id="P0", paid_cents=80_00, procedure=Procedure("G0463", ("25",)), units="1",
        adjustments=[
            Adjustment(AdjustmentGroup.CONTRACTUAL, "45", 25_50),
            Adjustment(AdjustmentGroup.PATIENT, "2", 20_00),
        ],
        decided_on=date(2026, 2, 1),
    )  # fmt: skip
    line = ServiceLine(
        procedure=Procedure("G0463", ("25",)), charge_cents=125_50, quantity="1", served=date(2026, 1, 5),
        diagnosis_pointers=[1], decisions=[decision],
    )  # fmt: skip
    other = OtherCoverage(
        sequence=PayerSequence.PRIMARY, relationship="18", filing_indicator="MB", paid_cents=80_00,
        benefits_assigned="Y", release_of_information="Y",
        subscriber=OtherSubscriber(last_name="DOE", first_name="JANE", id="X1"),
        payer=OtherPayer(last_name="FIRST PLAN", id="P0"),
    )  # fmt: skip

    [read] = reread(claim_file(claim(service_lines=[line], other_coverages=[other])).encode())

    [coverage] = read.other_coverages
    [found] = read.service_lines[0].decisions
    assert coverage.payer is not None
    assert (PayerSequence.PRIMARY, 80_00, "P0") == (coverage.sequence, coverage.paid_cents, coverage.payer.id)
    assert decision.adjustments == found.adjustments
    assert date(2026, 2, 1) == found.decided_on


def test_segments_and_loops_stand_in_the_guides_order_however_they_were_given(
    claim_file: Callable[..., str], claim: Make, service_line: Make
) -> None:
    line = service_line(
        rendering_provider=Provider(last_name="HEALER", first_name="HELEN", id="1234567893"),
        drug=Drug(ndc="00002143380", quantity="1", unit="ML"),
        prior_authorization="A1",
    )
    text = claim_file(claim(note="AS AGREED", medical_record_number="R1", service_lines=[line]))

    starts = [line.split("*")[0] for line in text.split("\n")]
    assert starts.index("CLM") < starts.index("NTE") < starts.index("HI") < starts.index("LX")
    assert starts.index("SV1") < starts.index("LIN") < starts.index("CTP")
    assert "NM1*82*1*HEALER*HELEN****XX*1234567893~" in text.split("\n")
    assert validate(text.encode()).ok


@pytest.mark.parametrize(
    ("fields", "where", "problem"),
    [
        ({"control_number": ""}, "CLM01", "required"),
        ({"control_number": "X" * 39}, "CLM01", "38 fit"),
        ({"control_number": "A*B"}, "CLM01", "delimiter"),
        ({"control_number": "A~B"}, "CLM01", "delimiter"),
        ({"control_number": "A:B"}, "CLM01", "component separator"),
        ({"accepts_assignment": "Z"}, "CLM07", "does not list"),
        ({"benefits_assigned": ""}, "CLM08", "required"),
        ({"diagnoses": []}, "HI", "required"),
        ({"service_lines": []}, "2300", "2400"),
        ({"place_of_service": "1\n1"}, "CLM05-1", ""),
    ],
)
def test_what_cannot_be_said_is_refused_with_its_place(
    claim_file: Callable[..., str], claim: Make, fields: dict[str, Any], where: str, problem: str
) -> None:
    with pytest.raises(WriteError) as refused:
        claim_file(claim(**fields))

    assert where in str(refused.value)
    assert problem in str(refused.value)


def test_a_loop_the_guide_does_not_have_is_refused(claim_file: Callable[..., str], claim: Make) -> None:
    wrong = claim()
    wrong.loop.add(Drug(ndc="1").loop)

    with pytest.raises(WriteError, match="no loop 2410"):
        claim_file(wrong)


def test_a_broken_element_harms_only_itself(claim_file: Callable[..., str]) -> None:
    text = claim_file().replace("HC:G0463:25*125.5", "HC:G0463:25*MASKED").replace("D8*20260105", "D8*99999999")
    [batch] = ProfessionalClaims.load(text.encode())
    [claim] = batch.claims
    [line] = claim.service_lines

    assert 125_50 == claim.charge_cents
    assert ("G0463", "L1") == (line.procedure.code, line.control_number)
    with pytest.raises(ElementError, match="SV102"):
        _ = line.charge_cents
    with pytest.raises(ElementError, match="DTP03"):
        _ = line.served


def test_an_unknown_field_is_a_type_error(claim: Make) -> None:
    with pytest.raises(TypeError, match="colour"):
        claim(colour="red")


def test_codes_given_keep_their_own_qualifier(claim_file: Callable[..., str], claim: Make) -> None:
    text = claim_file(claim(diagnoses=[HealthCode("2500", "BK"), HealthCode("4019", "BF")]))

    assert "HI*BK:2500*BF:4019~" in text.split("\n")


def test_papers_sent_apart_are_named_with_their_number(claim_file: Callable[..., str], claim: Make) -> None:
    papers = [Attachment("OZ", "EL", "ACN1"), Attachment("B4", "AA")]

    text = claim_file(claim(attachments=papers))

    [read] = reread(text.encode())
    assert papers == read.attachments
    assert "PWK*OZ*EL***AC*ACN1~" in text.split("\n")


def test_a_claim_read_with_other_delimiters_is_written_with_ours(
    claim_file: Callable[..., str], envelope: Callable[..., Envelope]
) -> None:
    text = claim_file().replace("\n", "").translate(str.maketrans("*:^~", "|>!'"))

    again = write(envelope(line_end="\n"), ProfessionalClaims.load(text.encode())).decode()

    assert claim_file() == again
