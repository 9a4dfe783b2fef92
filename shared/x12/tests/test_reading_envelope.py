"""Control numbers and counts are checked, and faults reported with line, expected and found."""

from collections.abc import Callable

import pytest

from revcycle_x12 import Finding, NotX12Error, load, read
from revcycle_x12.validate import validate

File = Callable[..., str]


def only(text: str) -> Finding:
    [finding] = validate(text.encode()).findings
    return finding


@pytest.mark.parametrize(
    ("sound", "broken", "expected", "says"),
    [
        ("SE*25*0001", "SE*24*0001", ("se-count", "SE01"), "counts 24; there are 25"),
        ("SE*25*0001", "SE*25*0002", ("se-control-number", "SE02"), "is 0002, ST02 is 0001"),
        ("GE*1*7", "GE*2*7", ("ge-count", "GE01"), "counts 2; there are 1"),
        ("GE*1*7", "GE*1*8", ("ge-control-number", "GE02"), "is 8, GS06 is 7"),
        ("IEA*1*000000007", "IEA*3*000000007", ("iea-count", "IEA01"), "counts 3; there are 1"),
        (
            "IEA*1*000000007",
            "IEA*1*000000008",
            ("iea-control-number", "IEA02"),
            "is 000000008, ISA13 is 000000007",
        ),
    ],
)
def test_a_wrong_trailer_is_reported_where_it_stands(
    claim_file: File, sound: str, broken: str, expected: tuple[str, str], says: str
) -> None:
    text = claim_file()
    line = 1 + text[: text.index(sound)].count("\n")

    finding = only(text.replace(sound, broken))

    assert (*expected, line) == (finding.code, finding.element, finding.position.line)
    assert says in finding.message
    assert text.index(sound) == finding.position.byte
    assert finding.fix


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        ("IEA*", "interchange-trailer"),
        ("GE*", "group-trailer"),
        ("SE*", "transaction-trailer"),
        ("GS*", "group-header"),
    ],
)
def test_a_missing_control_segment_is_a_finding_not_an_abort(claim_file: File, lost: str, code: str) -> None:
    text = "\n".join(line for line in claim_file().split("\n") if not line.startswith(lost))

    report = validate(text.encode())

    assert code in {finding.code for finding in report.findings}
    assert ["837"] == [transaction.set_id for transaction in report.transactions]


def test_many_interchanges_groups_and_sets_are_all_read(claim_file: File, remittance_file: File) -> None:
    text = claim_file() + remittance_file() + claim_file()
    twice = text.replace("GE*1*7", "GE*2*7", 1)
    start, end = twice.index("ST*"), twice.index("GE*")
    twice = twice[:end] + twice[start:end].replace("*0001", "*0002") + twice[end:]

    reader = read(twice.encode())
    found = [(t.set_id, t.control_number) for t in reader]

    assert [("837", "0001"), ("837", "0002"), ("835", "0001"), ("837", "0001")] == found
    assert 3 == reader.interchange_count
    assert [] == list(reader.findings)


def test_what_stands_outside_of_interchanges_is_counted(claim_file: File) -> None:
    report = validate(b"hello " + claim_file().encode() + b" goodbye")

    assert ["stray-bytes", "stray-bytes"] == [finding.code for finding in report.findings]
    assert report.findings[0].message.startswith("5 bytes")
    assert report.findings[1].message.startswith("7 bytes")


def test_what_is_no_x12_is_refused() -> None:
    with pytest.raises(NotX12Error, match="no ISA"):
        load(b"PK\x03\x04 not x12 at all")


def test_segments_outside_of_a_set_are_reported(claim_file: File) -> None:
    text = claim_file().replace("ST*837", "REF*G1*X~\nST*837")

    finding = only(text)

    assert ("stray-segment", 3) == (finding.code, finding.position.line)


@pytest.mark.parametrize("version", ["005010X222", "005010X222A2", "X222", "005010X222A1"])
def test_guides_are_matched_on_the_x_number(claim_file: File, version: str) -> None:
    text = claim_file().replace("005010X222A1", version)

    [transaction] = load(text.encode())

    assert transaction.guide is not None
    assert "005010X222A1" == transaction.guide.version


@pytest.mark.parametrize("version", ["005010", "5010", "XXXXXX"])
def test_a_claim_file_that_names_no_guide_is_read_by_its_service_lines(claim_file: File, version: str) -> None:
    text = claim_file().replace("*005010X222A1", f"*{version}")

    [transaction] = load(text.encode())

    assert transaction.guide is not None
    assert "X222" == transaction.guide.x_number


def test_a_set_without_a_guide_is_read_as_a_flat_loop(claim_file: File) -> None:
    text = claim_file().replace("005010X222A1", "004010X098A1").replace("*00501*", "*00401*")

    [transaction] = load(text.encode())

    assert transaction.guide is None
    assert ["BHT", "0019", "00", "B1"] == transaction.loop.segments("BHT")[0].elements[:4]
