"""Reading HL7 v2 as it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.hl7v2 import Separators, UnreadableMessageError, read_message
from eligibility.hl7v2.escapes import escape, unescape

TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"), blacklist_characters="\x85"), max_size=20)
MARKS = st.permutations("|^~\\&#$%@!*").map(lambda marks: marks[:5])


@given(st.lists(st.lists(TEXT, min_size=1, max_size=4), min_size=1, max_size=6), MARKS)
def test_what_is_written_with_any_separators_is_read_back(fields: list[list[str]], marks: list[str]) -> None:
    separators = Separators(*marks)
    written = separators.field.join(
        separators.component.join(escape(part, separators) for part in field) for field in fields
    )
    raw = f"MSH{marks[0]}{''.join(marks[1:])}\rZXX{marks[0]}{written}".encode()

    segment = read_message(raw).first("ZXX")

    assert segment is not None
    for number, field in enumerate(fields, start=1):
        for place, part in enumerate(field, start=1):
            expected = "" if part == '""' else part.strip()
            assert expected == segment.text(number, place)


@given(TEXT, MARKS)
def test_escaping_is_undone_by_unescaping(text: str, marks: list[str]) -> None:
    separators = Separators(*marks)
    assert text == unescape(escape(text, separators), separators)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_segments_end_with_any_line_end(end: str) -> None:
    message = read_message(f"MSH|^~\\&|A{end}PID|1{end}PV1|1|I{end}".encode())
    assert ["MSH", "PID", "PV1"] == [segment.name for segment in message.segments]


def test_a_line_that_starts_no_segment_continues_the_field_before_it() -> None:
    message = read_message(b"MSH|^~\\&|A\nNTE|1||first\nsecond line\nPID|1")
    assert "first\nsecond line" == message.text("NTE", 3)
    assert message.first("PID") is not None


def test_null_is_not_absent() -> None:
    segment = read_message(b'MSH|^~\\&\rPID|""||3').first("PID")
    assert segment is not None
    assert segment.is_null(1)
    assert not segment.is_null(2)
    assert ("", "", "3") == (segment.text(1), segment.text(2), segment.text(3))


def test_repetitions_are_read_one_by_one() -> None:
    segment = read_message(b"MSH|^~\\&\rPID|||1^^^A~2^^^B").first("PID")
    assert segment is not None
    assert [("1", "A"), ("2", "B")] == [(each.text(1), each.text(4)) for each in segment.repetitions(3)]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [("a\\F\\b", "a|b"), ("x\\.br\\y", "x\ny"), ("\\X4A4b\\", "JK"), ("\\H\\bold\\N\\", "bold"), ("\\Zq\\", "\\Zq\\")],
)
def test_escape_sequences_mean_what_the_standard_says(sent: str, meant: str) -> None:
    assert meant == read_message(f"MSH|^~\\&\rNTE|{sent}".encode()).text("NTE", 1)


@pytest.mark.parametrize(
    ("declared", "encoded"),
    [("8859/1", "Müller".encode("latin-1")), ("UNICODE UTF-8", "Müller".encode()), ("", "Müller".encode("cp1252"))],
)
def test_the_declared_character_set_is_used_and_a_wrong_one_survived(declared: str, encoded: bytes) -> None:
    header = f"MSH|^~\\&|||||||ADT^A01|1|P|2.5||||||{declared}\rPID|||||".encode()
    assert "Müller" == read_message(header + encoded).text("PID", 5)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("MSH|^~\\&|||||||ADT^A01^ADT_A01", "ADT^A01"),
        ("MSH|^~\\&|||||||ADT_A05", "ADT^A05"),
        ("MSH|^~\\&|||||||ADT^^ADT_A03", "ADT^A03"),
        ("MSH|^~\\&|||||||ACK", "ACK"),
    ],
)
def test_the_type_is_found_wherever_the_sender_puts_it(header: str, kind: str) -> None:
    assert kind == read_message(header.encode()).type


@pytest.mark.parametrize("raw", [b"PID|1", b"MSH", b"MSHA^~", b"{}", b"\x00\x01\x02"])
def test_bytes_that_are_no_message_are_refused_with_what_to_do(raw: bytes) -> None:
    with pytest.raises(UnreadableMessageError) as refusal:
        read_message(raw)
    assert refusal.value.where.startswith("MSH")
    assert refusal.value.fix


def test_limits_are_refused_without_repeating_content() -> None:
    with pytest.raises(UnreadableMessageError, match="bytes") as refusal:
        read_message(b"MSH|^~\\&|SECRET" + b"x" * 100, bytes_max=50)
    assert "SECRET" not in str(refusal.value)
    with pytest.raises(UnreadableMessageError, match="segments"):
        read_message(b"MSH|^~\\&\r" + b"PID|1\r" * 20, segments_max=10)


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(raw: bytes) -> None:
    try:
        message = read_message(b"MSH" + raw)
    except UnreadableMessageError:
        return
    assert message.segments
    _ = message.type, message.control_id
