"""A sound file has no finding; each fault put into it is found, with its own code, at its own place."""

from collections.abc import Callable
from typing import Any

import pytest

from revcycle_x12 import Finding, Severity, write
from revcycle_x12.acknowledge import acknowledge_groups
from revcycle_x12.validate import validate

File = Callable[..., str]
Recount = Callable[[str], str]


def findings(text: str) -> list[Finding]:
    return validate(text.encode()).findings


def test_sound_files_have_no_findings(claim_file: File, remittance_file: File) -> None:
    assert [] == findings(claim_file())
    assert [] == findings(remittance_file())


CLAIM_FAULTS = [
    # syntax and requirement of elements
    ("BHT*0019*00", "BHT*0019*99", "code-not-listed", "BHT02"),
    ("BHT*0019*00*B1", "BHT*0019*00*", "element-missing", "BHT03"),
    ("20260106*1200*CH", "20261306*1200*CH", "date-invalid", "BHT04"),
    ("20260106*1200*CH", "20260106*2500*CH", "time-invalid", "BHT05"),
    ("DMG*D8*19800203", "DMG*D8*19800231", "date-invalid", "DMG02"),
    ("NM1*PR*2*PLAN*****PI*P1", "NM1*PR*2*PLAN*****PI*P", "element-too-short", "NM109"),
    ("N4*ALBANY*NY", f"N4*{'A' * 31}*NY", "element-too-long", "N401"),
    ("SV1*HC:G0463:25*125.5*UN*1", "SV1*HC:G0463:25*12X.5*UN*1", "number-invalid", "SV102"),
    ("SV1*HC:G0463:25*125.5*UN*1", "SV1*HC:G0463:25*125.5*XX*1", "code-not-listed", "SV103"),
    ("PER*IC*DESK*TE*5555550100", "PER*IC*DESK*TE", "element-missing", "PER04"),
    ("PER*IC*DESK*TE*5555550100", "PER*IC*DESK*TE*5555550100*EM", "element-condition", "PER06"),
    ("REF*6R*L1", "REF*6R*L1*", "trailing-separator", "REF03"),
    ("REF*6R*L1", "REF*6R*L1*MORE", "element-not-used", "REF03"),
    ("CLM*ENC1*125.5***11:B:1", "CLM*ENC1*125.5***11:B:1:", "trailing-separator", "CLM05"),
    ("CLM*ENC1*125.5***11:B:1", "CLM*ENC1*125.5***11:B:1:X", "too-many-components", "CLM05"),
    ("CLM*ENC1*125.5***11:B:1", "CLM*ENC1*125.5*X**11:B:1", "element-not-used", "CLM03"),
    ("CLM*ENC1*125.5***11:B:1", "CLM*ENC1*125.5***11::1", "element-missing", "CLM05-2"),
    # structure
    ("REF*6R*L1", "REF*ZZ*L1", "qualifier-not-listed", "REF01"),
    ("SBR*P*18*******CI~\n", "", "segment-missing", "SBR"),
    ("HI*ABK:E119*ABF:I10~\n", "", "segment-missing", "HI"),
    ("REF*6R*L1~", "REF*6R*L1~\nXYZ*1~", "segment-unexpected", ""),
    ("REF*6R*L1~", "REF*6R*L1~\nREF*6R*L2~", "segment-repeats", "REF"),
    ("DTP*472*D8*20260105~\nREF*6R*L1", "REF*6R*L1~\nDTP*472*D8*20260105", "segment-order", "DTP"),
    # hierarchy
    ("HL*2*1*22*0", "HL*3*1*22*0", "hl-number", "HL01"),
    ("HL*2*1*22*0", "HL*2*2*22*0", "hl-parent", "HL02"),
    ("HL*2*1*22*0", "HL*2*1*22*1", "hl-child-code", "HL04"),
    ("HL*1**20*1", "HL*1**20*0", "code-not-listed", "HL04"),
    # balance, situations, code sets
    ("CLM*ENC1*125.5", "CLM*ENC1*125.51", "claim-charge-balance", "CLM02"),
    ("*UN*1***1~", "*UN*1***3~", "diagnosis-pointer", "SV107"),
    ("11:B:1*Y", "11:B:Q*Y", "frequency-unknown", "CLM05-3"),
    ("11:B:1*Y", "11:B:7*Y", "replacement-needs-control-number", "CLM05-3"),
    ("11:B:1*Y", "98:B:1*Y", "code-unknown", "CLM05-1"),
    ("LX*1", "LX*2", "line-number", "LX01"),
    ("XX*1234567893", "XX*1234567894", "npi-check-digit", "NM109"),
    ("N4*ALBANY*NY*122071234", "N4*ALBANY*QQ*122071234", "state-unknown", "N402"),
    ("N4*ALBANY*NY*122071234", "N4*ALBANY*NY*12207123", "postal-code", "N403"),
    ("HI*ABK:E119", "HI*ABK:E11.9", "health-code", "HI01-2"),
    ("HI*ABK:E119", "HI*ABK:1E9", "health-code", "HI01-2"),
    ("HC:G0463:25", "HC:G46:25", "procedure-code", "SV101-2"),
    ("SBR*P*18", "SBR*P*", "patient-level-missing", "HL04"),
    ("DMG*D8*19800203*F~\n", "", "subscriber-birth-missing", "DMG02"),
]


@pytest.mark.parametrize(("sound", "broken", "expected"), [(row[0], row[1], row[2:]) for row in CLAIM_FAULTS])
def test_a_fault_in_a_claim_file_is_found(
    claim_file: File, recount: Recount, sound: str, broken: str, expected: tuple[str, str]
) -> None:
    text = claim_file()
    assert sound in text

    found = findings(recount(text.replace(sound, broken, 1)))

    assert expected in {(finding.code, finding.element) for finding in found}
    assert not any(finding.code == "se-count" for finding in found)
    assert all(finding.position.line > 0 for finding in found)


REMITTANCE_FAULTS = [
    ("BPR*I*105*C*CHK", "BPR*I*104*C*CHK", "payment-balance", "BPR02"),
    ("CLP*ENC1*1*125.5*105", "CLP*ENC1*1*125.5*104", "claim-payment-balance", "CLP04"),
    ("CLP*ENC1*1*125.5*105", "CLP*ENC1*1*130.5*105", "claim-payment-balance", "CLP04"),
    ("CLP*ENC1*1*125.5*105*20.5", "CLP*ENC1*1*125.5*105*20", "patient-responsibility", "CLP05"),
    ("CLP*ENC1*1*125.5*105", "CLP*ENC1*1*130.5*105", "claim-lines-balance", "CLP03"),
    ("SVC*HC:G0463:25*125.5*105", "SVC*HC:G0463:25*125.5*100", "line-payment-balance", "SVC03"),
    ("CAS*PR*3*20.5", "CAS*PR*3*20", "line-payment-balance", "SVC03"),
    ("CAS*PR*3*20.5", "CAS*PR*9999*20.5", "code-unknown", "CAS02"),
    ("CAS*PR*3*20.5", "CAS*XX*3*20.5", "code-not-listed", "CAS01"),
    ("AMT*B6*125.5~", "AMT*B6*125.5~\nLQ*HE*N9999~", "code-unknown", "LQ02"),
    ("BPR*I*105*C*CHK", "BPR*I*105*C*NON", "payment-method", "BPR04"),
    ("BPR*I*105*C*CHK", "BPR*I*105*C*ACH", "transfer-details-missing", "BPR06"),
    ("CLP*ENC1*1*", "CLP*ENC1*19*", "crossover-payer-missing", "NM103"),
    ("PER*BL*DESK*TE*5555550100~\n", "", "segment-missing", "PER"),
    ("ST*835*0001", "ST*835*0001*005010X221A1", "element-not-used", "ST03"),
    ("GS*HP*", "GS*HC*", "group-functional-id", "ST01"),
]


@pytest.mark.parametrize(("sound", "broken", "expected"), [(row[0], row[1], row[2:]) for row in REMITTANCE_FAULTS])
def test_a_fault_in_a_remittance_is_found(
    remittance_file: File, recount: Recount, sound: str, broken: str, expected: tuple[str, str]
) -> None:
    text = remittance_file()
    assert sound in text

    found = findings(recount(text.replace(sound, broken, 1)))

    assert expected in {(finding.code, finding.element) for finding in found}


def test_a_claim_sent_twice_is_found(claim_file: File, claim: Callable[..., Any]) -> None:
    twice = findings(claim_file(claim(), claim()))
    assert ["claim-duplicate"] == [finding.code for finding in twice]

    assert [] == findings(claim_file(claim(), claim(control_number="ENC2")))


def test_a_payment_told_twice_is_a_warning_and_a_second_payment_is_none(
    remittance_file: File, claim_payment: Callable[..., Any]
) -> None:
    twice = findings(remittance_file(claim_payment(), claim_payment()))

    assert [("payment-duplicate", Severity.WARNING)] == [(finding.code, finding.severity) for finding in twice]
    assert [] == findings(remittance_file(claim_payment(), claim_payment(payer_control_number="ICN2")))


def test_a_code_newer_than_the_table_is_a_warning(remittance_file: File) -> None:
    found = findings(remittance_file().replace("CAS*PR*3*", "CAS*PR*399*"))

    assert [("code-unknown", Severity.WARNING)] == [(finding.code, finding.severity) for finding in found]


def test_a_made_up_npi_is_an_error_in_production_and_a_warning_in_a_test_file(claim_file: File) -> None:
    text = claim_file().replace("XX*1234567893", "XX*1234567894")

    assert [Severity.ERROR] == [finding.severity for finding in findings(text)]
    assert [Severity.WARNING] == [finding.severity for finding in findings(text.replace("*0*P*:~", "*0*T*:~"))]


def test_findings_keep_names_and_numbers_of_people_to_themselves(claim_file: File) -> None:
    """Messages state codes, counts and amounts: the texts of names, addresses and identifiers are not in them."""
    text = claim_file().replace("NM1*IL*1*DOE*JANE****MI*M1", f"NM1*IL*1*{'SECRET' * 20}*JANE****MI*S")
    text = text.replace("DMG*D8*19800203", "DMG*D8*19809999").replace("CLM*ENC1*", "CLM*HIDDEN*")

    found = findings(text)

    assert found
    assert not any(word in str(finding) for finding in found for word in ("SECRET", "19809999", "HIDDEN", "JANE"))


def test_lower_types_leave_higher_ones_out(claim_file: File) -> None:
    text = claim_file().replace("CLM*ENC1*125.5", "CLM*ENC1*125.51").replace("98:B", "98:B")

    assert validate(text.encode(), snip=2).ok
    assert not validate(text.encode(), snip=3).ok


def test_a_segment_doubled_behind_the_claims_is_found(
    envelope: Callable[..., Any], claim_file: File, recount: Recount
) -> None:
    """AK9 stands once, behind the answers that a stream hands out."""
    answers = acknowledge_groups(validate(claim_file().encode()))
    text = write(envelope(line_end="\n"), answers).decode()

    [finding] = findings(recount(text.replace("AK9*A*1*1*1~", "AK9*A*1*1*1~\nAK9*A*1*1*1~")))

    assert "segment-repeats" == finding.code


def test_a_street_without_its_city_is_found(claim_file: File, recount: Recount) -> None:
    text = claim_file()
    at = text.index("N4*ALBANY", text.index("NM1*IL"))

    codes = {finding.code for finding in findings(recount(text[:at] + text[text.index("\n", at) + 1 :]))}

    assert "address-incomplete" in codes


def test_a_line_that_no_date_speaks_of_is_found(remittance_file: File, recount: Recount) -> None:
    [finding] = findings(recount(remittance_file().replace("DTM*472*20260105~\n", "")))

    assert ("service-date-missing", "2110") == (finding.code, finding.loop)
