"""Files that hold several messages, batches, frames and byte-order marks."""

import codecs

import pytest

from eligibility.hl7v2 import split_messages

ONE = b"MSH|^~\\&|A|B\rPID|1\r"
TWO = b"MSH|^~\\&|C|D\rPID|2\r"


@pytest.mark.parametrize(
    "file",
    [
        ONE + TWO,
        b"FHS|^~\\&|X\rBHS|^~\\&|X\r" + ONE + TWO + b"BTS|2\rFTS|1\r",
        b"\x0b" + ONE + b"\x1c\r\x0b" + TWO + b"\x1c\r",
        codecs.BOM_UTF8 + ONE + b"\n\n" + TWO,
        (ONE + TWO).decode().encode("utf-16"),
    ],
)
def test_a_file_is_cut_into_its_messages(file: bytes) -> None:
    pieces = split_messages(file)
    assert [b"PID|1", b"PID|2"] == [piece.split(b"\r")[1].strip() for piece in pieces]


def test_what_belongs_to_no_message_comes_back_too() -> None:
    assert [b"garbage", ONE] == [piece.strip(b"\n") for piece in split_messages(b"garbage\n" + ONE)]


def test_an_empty_file_holds_no_message() -> None:
    assert [] == split_messages(b" \r\n")


def test_bytes_that_hold_frame_marks_by_chance_are_one_piece() -> None:
    junk = bytes(range(256)) * 20
    assert [junk] == split_messages(junk)
