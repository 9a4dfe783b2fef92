"""What there is no guide for is not validated: it is neither right nor accepted, and its answer says so."""

from collections.abc import Callable
from datetime import datetime

import pytest

from revcycle_x12 import Severity
from revcycle_x12.acknowledge import acknowledge_groups
from revcycle_x12.acknowledge.answers import answer_file
from revcycle_x12.acknowledgment import ImplementationAcknowledgment, Verdict
from revcycle_x12.validate import validate

Enveloped = Callable[[str, str, str], bytes]
NOON = datetime(2026, 11, 3, 12, 0)  # noqa: DTZ001 (X12 times name no zone)
PREMIUM = """
    ST*820*0001*005010X218
    BPR*I*0*C*NON
    TRN*3*7781
"""
ENROLLMENT = """
    ST*834*0001*005010X220A1
    BGN*00*E7*20261103*0800****2
    N1*P5*BRIDGE WORKS*FI*222333444
"""
ATTACHMENT = """
    ST*275*0001*006020X314
    BGN*11*A7*20261103
    TRN*1*A7
"""
OLD_REMITTANCE = """
    ST*835*0001
    BPR*H*0*C*NON************20261103
    TRN*1*C1*1222333444
"""
UNNAMED_CLAIMS = """
    ST*837*0001
    BHT*0019*00*B1*20261103*0800*CH
"""
NOTICE = """
    ST*278*0001*005010X216
    BHT*0007*14*R1*20261103*0800
"""
REQUEST_FOR_RECORDS = """
    ST*277*0001*005010X213
    BHT*0085*48*R2*20261103*0800*RQ
"""
UNSUPPORTED = [
    ("RA", "005010X218", PREMIUM, "1"),
    ("BE", "005010X220A1", ENROLLMENT, "1"),
    ("PI", "006020X314", ATTACHMENT, "1"),
    ("HP", "004010X091A1", OLD_REMITTANCE, "2"),
    ("HC", "005010", UNNAMED_CLAIMS, "2"),
    ("HI", "005010X216", NOTICE, "2"),
    ("HN", "005010X213", REQUEST_FOR_RECORDS, "2"),
]


@pytest.mark.parametrize(("kind", "version", "lines", "reason"), UNSUPPORTED, ids=[row[1] for row in UNSUPPORTED])
def test_a_set_without_a_guide_is_not_validated_and_its_group_is_refused(
    enveloped: Enveloped, kind: str, version: str, lines: str, reason: str
) -> None:
    """AK905 says whether it is the kind of group that is unknown (1) or the version (2)."""
    report = validate(enveloped(kind, version, lines))

    assert (False, 0, 1) == (report.ok, report.errors, report.not_validated)
    assert ("no-guide", Severity.WARNING) == (report.findings[0].code, report.findings[0].severity)
    [answer] = acknowledge_groups(report)
    assert (Verdict.REJECTED, 1, 0, []) == (
        answer.verdict,
        answer.received_count,
        answer.accepted_count,
        answer.responses,
    )
    assert reason == (answer.loop.elements("AK9") or [])[5]


@pytest.mark.parametrize(("kind", "version", "lines", "reason"), UNSUPPORTED, ids=[row[1] for row in UNSUPPORTED])
def test_the_refusal_of_a_group_can_be_written_and_is_sound(
    enveloped: Enveloped, kind: str, version: str, lines: str, reason: str
) -> None:
    answers, accepted = answer_file(enveloped(kind, version, lines), NOON)

    assert not accepted
    assert validate(answers).ok
    [answer] = ImplementationAcknowledgment.load(answers)
    assert (kind, reason) == (answer.functional_id, (answer.loop.elements("AK9") or [])[5])


def test_a_set_under_the_guide_of_another_is_refused_by_itself(enveloped: Enveloped) -> None:
    """A 276 cannot be an eligibility inquiry: the set is refused, never its group (RFI 1438)."""
    data = enveloped("HR", "005010X279A1", "ST*276*0001*005010X279A1\nBHT*0010*13*Q1*20261103*0800")

    report = validate(data)

    assert ["guide-mismatch"] == [finding.code for finding in report.findings]
    [answer] = acknowledge_groups(report)
    [response] = answer.responses
    assert (Verdict.REJECTED, ["I6"]) == (response.verdict, response.errors)
    assert len(answer.loop.elements("AK9") or []) == 5


@pytest.mark.parametrize("version", ["005010X22A1", "005010X222A7", "5010X222"])
def test_a_version_that_is_none_is_an_error_though_the_set_is_read(
    claim_file: Callable[..., str], version: str
) -> None:
    report = validate(claim_file().replace("005010X222A1", version).encode())

    [finding] = report.findings
    assert ("guide-unknown", Severity.ERROR) == (finding.code, finding.severity)
    [answer] = acknowledge_groups(report)
    assert Verdict.REJECTED is answer.verdict


def test_an_earlier_version_of_a_guide_is_a_warning(claim_file: Callable[..., str]) -> None:
    report = validate(claim_file().replace("005010X222A1", "005010X222").encode())

    assert report.ok
    assert [("guide-addendum", Severity.WARNING)] == [(finding.code, finding.severity) for finding in report.findings]


def test_a_segment_the_standard_does_not_have_is_refused_without_being_named(
    claim_file: Callable[..., str], recount: Callable[[str], str]
) -> None:
    """IK301 can only name what is in the segment directory (RFI 1257)."""
    text = recount(claim_file().replace("REF*6R*L1~", "REF*6R*L1~\nQQQ*1~"))

    [answer] = acknowledge_groups(validate(text.encode()))

    [response] = answer.responses
    assert (Verdict.REJECTED, ["5"], []) == (response.verdict, response.errors, response.notes)


def test_binary_data_is_said_to_be_unsupported(enveloped: Enveloped) -> None:
    data = enveloped("PI", "005010X210", "ST*275*0001*005010X210\nBGN*11*A7*20261103\nBIN*3*A~B")

    assert "binary-unsupported" in {finding.code for finding in validate(data).findings}


def test_an_answer_to_a_kind_of_group_the_guide_does_not_list_is_a_warning(enveloped: Enveloped) -> None:
    """Attachments are answered by a 999 in practice, though its guide lists no PI."""
    lines = "ST*999*0001*005010X231A1\nAK1*PI*8*006020X314\nAK2*275*0001\nIK5*A\nAK9*A*1*1*1"

    report = validate(enveloped("FA", "005010X231A1", lines))

    assert report.ok
    assert {"code-unknown"} == {finding.code for finding in report.findings}


@pytest.mark.parametrize(
    ("sets", "group", "code"),
    [
        (("A", "R"), "A*2*2*1", "group-verdict"),
        (("A", "A"), "P*2*2*2", "group-verdict"),
        (("R", "A"), "R*2*2*1", "group-verdict"),
        (("A", "R"), "P*2*2*2", "accepted-count"),
    ],
)
def test_the_verdict_on_a_group_agrees_with_those_on_its_sets(
    enveloped: Enveloped, sets: tuple[str, str], group: str, code: str
) -> None:
    answers = "".join(f"\nAK2*837*000{place}\nIK5*{verdict}" for place, verdict in enumerate(sets, 1))
    lines = f"ST*999*0001*005010X231A1\nAK1*HC*8*005010X222A1{answers}\nAK9*{group}"

    assert [code] == [finding.code for finding in validate(enveloped("FA", "005010X231A1", lines)).findings]


def test_a_control_number_used_again_is_a_warning_and_its_interchange_is_refused(
    remittance_file: Callable[..., str],
) -> None:
    first = remittance_file()
    second = first.replace("CLP*ENC1", "CLP*ENC2")

    report = validate((first + second).encode())
    answers, _ = answer_file((first + second).encode(), NOON)

    assert ["interchange-duplicate"] == [finding.code for finding in report.findings]
    assert [b"A*000", b"R*025"] == [line.split(b"*", 4)[4] for line in answers.split(b"~\n") if line.startswith(b"TA1")]
    assert validate((first + second.replace("000000007", "000000008")).encode()).ok


@pytest.mark.parametrize(
    ("sound", "broken", "code"),
    [("*7*X*005010", "*7*T*005010", "gs-agency"), ("*20260106*1200*7", "*260106*1200*7", "gs-date")],
)
def test_a_group_header_keeps_to_its_version(
    remittance_file: Callable[..., str], sound: str, broken: str, code: str
) -> None:
    text = remittance_file()
    assert sound in text

    assert [code] == [finding.code for finding in validate(text.replace(sound, broken, 1).encode()).findings]
