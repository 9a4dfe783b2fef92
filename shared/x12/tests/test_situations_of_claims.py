"""What one part of a claim asks of another: professional, institutional and dental claims (SNIP 4 and 5)."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from revcycle_x12 import Severity
from revcycle_x12.validate import validate

File = Callable[..., str]
Recount = Callable[[str], str]
Enveloped = Callable[[str, str, str], bytes]
SEND = [
    "BHT*0019*00*B9*20261103*0800*CH",
    "NM1*41*2*HILLSIDE BILLING*****46*HILLSIDE",
    "PER*IC*DESK*TE*5555550123",
    "NM1*40*2*RIDGE PLAN*****46*RIDGE",
    "HL*1**20*1",
    "NM1*85*2*HILLSIDE*****XX*1234567893",
    "N3*40 ORCHARD RD",
    "N4*ALBANY*NY*122071234",
    "REF*EI*222333444",
    "HL*2*1*22*0",
    "SBR*P*18*******CI",
    "NM1*IL*1*MARLOW*INEZ****MI*R200",
    "N3*7 FERN ST",
    "N4*ALBANY*NY*12207",
    "DMG*D8*19630907*F",
    "NM1*PR*2*RIDGE PLAN*****PI*RIDGE",
]
INPATIENT = [
    "CLM*H1*900***11:A:1**A*Y*Y",
    "DTP*434*RD8*20261005-20261008",
    "DTP*435*DT*202610050800",
    "CL1*3*1*01",
    "HI*ABK:J189",
    "HI*ABJ:J189",
    "NM1*71*1*SOLIS*PAZ****XX*1234567893",
    "LX*1",
    "SV2*0120**900*DA*3",
]
EMERGENCY = [
    "CLM*H2*300***13:A:1**A*Y*Y",
    "DTP*434*RD8*20261005-20261005",
    "CL1*1*1*01",
    "HI*ABK:J189",
    "HI*APR:R05",
    "NM1*71*1*SOLIS*PAZ****XX*1234567893",
    "LX*1",
    "SV2*0450*HC:99283*300*UN*1",
    "DTP*472*D8*20261005",
]
TOOTH = ["CLM*D1*80***11:B:1*Y*A*Y*Y", "DTP*472*D8*20261005", "LX*1", "SV3*AD:D2391*80****1", "TOO*JP*14*O"]
VERSIONS = {"X223": "005010X223A2", "X224": "005010X224A2"}


@pytest.fixture
def found(enveloped: Enveloped) -> Callable[[str, Sequence[str]], set[tuple[str, str]]]:
    """Validate a claim of a guide: code and element of every finding."""

    def make(guide: str, claim: Sequence[str]) -> set[tuple[str, str]]:
        lines = "\n".join([f"ST*837*0001*{VERSIONS[guide]}", *SEND, *claim])
        return {
            (finding.code, finding.element) for finding in validate(enveloped("HC", VERSIONS[guide], lines)).findings
        }

    return make


Found = Callable[[str, Sequence[str]], set[tuple[str, str]]]


def changed(claim: Sequence[str], before: str, after: str) -> list[str]:
    """Put one segment in place of another; nothing takes it out."""
    assert before in claim
    return [line for line in (after if line == before else line for line in claim) if line]


def test_sound_claims_have_no_findings(found: Found) -> None:
    assert set() == found("X223", INPATIENT) | found("X223", EMERGENCY) | found("X224", TOOTH)


INSTITUTIONAL_FAULTS = [
    (INPATIENT, "NM1*71*1*SOLIS*PAZ****XX*1234567893", "", ("attending-missing", "NM101")),
    (INPATIENT, "CLM*H1*900***11:A:1**A*Y*Y", "CLM*H1*900***19:A:1**A*Y*Y", ("code-unknown", "CLM05-1")),
    (INPATIENT, "CL1*3*1*01", "CL1*3*1*10", ("code-unknown", "CL103")),
    (INPATIENT, "CL1*3*1*01", "CL1*3**01", ("point-of-origin-missing", "CL102")),
    (INPATIENT, "SV2*0120**900*DA*3", "SV2*120**900*DA*3", ("revenue-code", "SV201")),
    (INPATIENT, "SV2*0120**900*DA*3", "SV2*ROOM**900*DA*3", ("revenue-code", "SV201")),
    (INPATIENT, "HI*ABJ:J189", "HI*ABJ:J189~\nHI*BE:AAA:::50", ("health-code", "HI01-2")),
    (INPATIENT, "HI*ABJ:J189", "HI*ABJ:J189~\nHI*BG:7", ("health-code", "HI01-2")),
    (INPATIENT, "HI*ABJ:J189", "HI*BJ:7862", ("diagnosis-mixed", "HI01")),
    (EMERGENCY, "HI*APR:R05", "", ("visit-reason-missing", "HI01")),
]


@pytest.mark.parametrize(("claim", "before", "after", "expected"), INSTITUTIONAL_FAULTS)
def test_a_fault_in_an_institutional_claim_is_found(
    found: Found, claim: list[str], before: str, after: str, expected: tuple[str, str]
) -> None:
    lines = [part for line in changed(claim, before, after) for part in line.split("~\n")]

    assert {expected} == found("X223", lines)


def test_a_transport_nobody_scheduled_needs_no_attending_provider(found: Found) -> None:
    claim = [line for line in EMERGENCY if not line.startswith(("NM1*71", "HI*APR"))]

    assert set() == found("X223", changed(claim, "SV2*0450*HC:99283*300*UN*1", "SV2*0540*HC:A0429*300*UN*1"))


def test_a_line_needs_its_date_only_where_the_statement_covers_several_days(found: Found) -> None:
    undated = [line for line in EMERGENCY if not line.startswith("DTP*472")]

    assert set() == found("X223", undated)
    several = changed(undated, "DTP*434*RD8*20261005-20261005", "DTP*434*RD8*20261005-20261006")
    assert {("line-date-missing", "DTP03")} == found("X223", several)


@pytest.mark.parametrize("tooth", ["1", "32", "51", "82", "A", "T", "AS", "TS"])
def test_every_tooth_of_the_universal_numbering_is_known(found: Found, tooth: str) -> None:
    assert set() == found("X224", changed(TOOTH, "TOO*JP*14*O", f"TOO*JP*{tooth}*O"))


@pytest.mark.parametrize("tooth", ["0", "33", "50", "83", "U", "US"])
def test_a_tooth_nobody_has_is_faulted(found: Found, tooth: str) -> None:
    assert {("tooth-unknown", "TOO02")} == found("X224", changed(TOOTH, "TOO*JP*14*O", f"TOO*JP*{tooth}*O"))


LINE = "SV1*HC:G0463:25*125.5*UN*1***1~"
PROFESSIONAL_FAULTS = [
    ("SBR*P*18*******CI", "SBR*S*18*******CI", {"other-payer-missing"}),
    ("SBR*P*18*******CI", "SBR*T*18*******MB", {"other-payer-missing", "insurance-type-missing"}),
    ("SBR*P*18*******CI", "SBR*S*18***12****MA", {"other-payer-missing"}),
    ("N3*2 OAK ST", "N3*P O BOX 40", {"street-missing"}),
    ("N3*2 OAK ST", "N3*2 OAK ST*PO BOX 7", {"street-missing"}),
    ("N3*2 OAK ST", "N3*POST OFFICE BOX 9", {"street-missing"}),
    ("N3*2 OAK ST", "N3*12 BOXWOOD LN", set()),
    ("HI*ABK:E119*ABF:I10", "HI*BK:25000", {"diagnosis-version"}),
    ("HI*ABK:E119*ABF:I10", "HI*ABK:E119*BF:4019", {"diagnosis-mixed"}),
    (LINE, LINE + "\nLIN**N4*0002-8215-01~\nCTP****1*UN~", {"drug-code"}),
    (LINE, LINE + "\nLIN**N4*00028215011~\nCTP****1*UN~", set()),
    (LINE, LINE.replace("G0463:25", "J3490"), {"description-missing"}),
    (LINE, LINE.replace("G0463:25", "64999"), {"description-missing"}),
    (LINE, LINE.replace("G0463:25", "J3490:::::NEW DRUG 5 MG"), set()),
    (LINE, LINE.replace("G0463:25", "A0427"), {"ambulance-details-missing", "pick-up-missing"}),
    ("PER*IC*DESK*TE*5555550100", "PER*IC*DESK*TE*555.555.0100", {"number-form"}),
    ("PER*IC*DESK*TE*5555550100", "PER*IC*DESK*EM*DESK@X.EXAMPLE", set()),
    ("DTP*472*D8*20260105", "DTP*472*D8*20260107", {"service-in-future"}),
    ("DTP*472*D8*20260105", "DTP*472*RD8*20260105-20260107", {"service-in-future"}),
    ("DMG*D8*19800203", "DMG*D8*20260106", {"service-before-birth"}),
    ("DMG*D8*19800203", "DMG*D8*20260107", {"service-before-birth", "birth-in-future"}),
]


@pytest.mark.parametrize(("sound", "broken", "expected"), PROFESSIONAL_FAULTS)
def test_a_situation_of_a_professional_claim_is_found(
    claim_file: File, recount: Recount, sound: str, broken: str, expected: set[str]
) -> None:
    text = claim_file()
    assert sound in text

    lines = _in_order(recount(text.replace(sound, broken, 1)))

    assert expected == {finding.code for finding in validate(lines.encode()).findings}


def _in_order(text: str) -> str:
    """Put LIN and CTP behind the segments of their line, where the guide has them."""
    lines = text.split("\n")
    drug = [line for line in lines if line.startswith(("LIN", "CTP"))]
    rest = [line for line in lines if line not in drug]
    at = next(place for place, line in enumerate(rest) if line.startswith("SE*"))
    return "\n".join([*rest[:at], *drug, *rest[at:]])


def test_an_ambulance_that_says_how_and_whence_is_sound(claim_file: File, recount: Recount) -> None:
    text = claim_file().replace("G0463:25", "A0427")
    text = text.replace("HI*ABK", "CR1*LB*150**A*DH*4~\nHI*ABK")
    text = text.replace("LX*1~", "NM1*PW*2~\nN3*1 FAR RD~\nN4*ALBANY*NY*12207~\nLX*1~")

    assert [] == validate(recount(text).encode()).findings


def test_icd9_is_right_for_services_of_its_time(claim_file: File) -> None:
    text = claim_file().replace("HI*ABK:E119*ABF:I10", "HI*BK:25000").replace("D8*20260105", "D8*20150930")

    assert [] == validate(text.encode()).findings
    later = validate(text.replace("D8*20150930", "D8*20151001").encode()).findings
    assert ["diagnosis-version"] == [finding.code for finding in later]


def test_what_may_be_right_is_a_warning(claim_file: File) -> None:
    """A drug without a name, a date that looks wrong: a person looks; the claim is not refused."""
    text = claim_file().replace("G0463:25", "J3490").replace("472*D8*20260105", "472*D8*20260110")

    report = validate(text.encode())

    assert report.ok
    assert {Severity.WARNING} == {finding.severity for finding in report.findings}


def test_a_payment_forwarded_to_nobody_is_faulted(remittance_file: File, claim_payment: Callable[..., Any]) -> None:
    for status in ("19", "20", "21", "23"):
        found = validate(remittance_file(claim_payment(status=status)).encode()).findings
        assert ["crossover-payer-missing"] == [finding.code for finding in found]
