"""Acknowledgments in both modes."""

from datetime import UTC, datetime

import pytest

from eligibility.hl7v2 import Acknowledgment, AcknowledgmentCode, acknowledge, read_message

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
HEADER = "MSH|^~\\&|EHR|RIVER|RCM|RC|20260105||ADT^A04|C7|P|2.3|||{condition}"


def answer(condition: str, code: AcknowledgmentCode) -> bytes | None:
    message = read_message(HEADER.format(condition=condition).encode())
    return acknowledge(message, Acknowledgment(code, "a|b", "PID-3"), at=AT, control_id="A1")


@pytest.mark.parametrize(
    ("condition", "code", "expected"),
    [
        ("", AcknowledgmentCode.ACCEPTED, "AA"),
        ("", AcknowledgmentCode.ERROR, "AE"),
        ("", AcknowledgmentCode.REJECTED, "AR"),
        ("AL", AcknowledgmentCode.ACCEPTED, "CA"),
        ("AL", AcknowledgmentCode.ERROR, "CE"),
        ("ER", AcknowledgmentCode.REJECTED, "CR"),
    ],
)
def test_the_code_follows_the_mode_the_sender_asks_for(condition: str, code: AcknowledgmentCode, expected: str) -> None:
    raw = answer(condition, code)
    assert raw is not None
    read = read_message(raw)
    assert (expected, "C7") == (read.text("MSA", 1), read.text("MSA", 2))
    assert ("RCM", "RC", "EHR", "RIVER", "2.3") == tuple(read.header.text(field) for field in (3, 4, 5, 6, 12))


@pytest.mark.parametrize(("condition", "code"), [("NE", AcknowledgmentCode.ACCEPTED), ("SU", AcknowledgmentCode.ERROR)])
def test_a_sender_that_wants_no_answer_gets_none(condition: str, code: AcknowledgmentCode) -> None:
    assert answer(condition, code) is None


def test_an_error_says_where_and_why_and_escapes_it() -> None:
    raw = answer("", AcknowledgmentCode.ERROR)
    assert raw is not None
    read = read_message(raw)
    assert ("PID-3", "a|b") == (read.text("ERR", 2), read.text("ERR", 7))


def test_bytes_without_a_header_are_answered_all_the_same() -> None:
    raw = acknowledge(None, Acknowledgment(AcknowledgmentCode.ERROR, "no"), at=AT, control_id="A1")
    assert raw is not None
    assert "AE" == read_message(raw).text("MSA", 1)
