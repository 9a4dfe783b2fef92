"""Delimiters come from the ISA alone, whatever they are."""

from collections.abc import Callable

import pytest

from revcycle_x12 import Delimiters, load, read, rewrite
from revcycle_x12.professional import ProfessionalClaims
from revcycle_x12.validate import validate

File = Callable[..., str]


def redelimited(text: str, element: str, component: str, repetition: str, terminator: str) -> str:
    """Put other delimiters into a file written with the usual ones."""
    flat = text.replace("\n", "")
    table = str.maketrans({"*": element, ":": component, "^": repetition, "~": terminator})
    return flat.translate(table)


@pytest.mark.parametrize(
    ("element", "component", "repetition", "terminator"),
    [
        ("*", ":", "^", "~"),
        ("|", ">", "!", "\n"),
        ("*", "<", "{", "\r"),
        ("*", ":", "`", "\\"),
        ("\x1d", "\x1f", "\x1e", "\x1c"),
        ("+", ":", "^", "'"),
    ],
)
def test_any_delimiters_are_read(
    claim_file: File, element: str, component: str, repetition: str, terminator: str
) -> None:
    text = redelimited(claim_file(), element, component, repetition, terminator)

    [batch] = ProfessionalClaims.load(text.encode())

    [claim] = batch.claims
    assert batch.transaction is not None
    assert Delimiters(element, component, repetition, terminator) == batch.transaction.interchange.delimiters
    assert ("11", "1", 125_50) == (claim.place_of_service, claim.frequency, claim.charge_cents)
    assert validate(text.encode()).ok


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\n  \t", "\n\n"])
def test_blanks_after_the_terminator_are_no_data(claim_file: File, line_end: str) -> None:
    text = claim_file().replace("\n", line_end)

    report = validate(text.encode())

    assert report.ok, report.findings


@pytest.mark.parametrize("lead", [b"\xef\xbb\xbf", b"\r\n\r\n", b"   "])
def test_a_mark_or_blanks_before_the_isa_are_passed_over(claim_file: File, lead: bytes) -> None:
    assert validate(lead + claim_file().encode()).findings == []


def test_an_isa_whose_padding_was_trimmed_is_read_and_reported(claim_file: File) -> None:
    text = claim_file().replace("ACME           *ZZ", "ACME*ZZ", 1)

    report = validate(text.encode())

    assert ["isa-length"] == [finding.code for finding in report.findings]
    assert report.ok
    assert "95" in report.findings[0].message


def test_a_component_separator_that_isa16_does_not_declare_is_found_out(claim_file: File) -> None:
    """Composites use `>` while ISA16 says `:`; the composites are believed, and the lie is a warning."""
    text = claim_file()
    head, body = text[:106], text[106:]

    [batch] = ProfessionalClaims.load((head + body.replace(":", ">")).encode())
    report = validate((head + body.replace(":", ">")).encode())

    [claim] = batch.claims
    assert ("11", "1") == (claim.place_of_service, claim.frequency)
    assert [("component-separator", "ISA16")] == [(f.code, f.element) for f in report.findings]


def test_isa11_is_no_repetition_separator_before_00402(claim_file: File) -> None:
    text = claim_file().replace("*^*00501*", "*U*00401*")

    [transaction] = load(text.encode())

    assert transaction.interchange.delimiters.repetition == ""


def test_interchanges_with_different_delimiters_stand_in_one_file(claim_file: File, remittance_file: File) -> None:
    first = claim_file()
    second = redelimited(remittance_file(), "|", ">", "!", "\n")

    found = [(t.set_id, t.interchange.delimiters.element) for t in read((first + second).encode())]

    assert [("837", "*"), ("835", "|")] == found


@pytest.mark.parametrize(
    ("written", "read_as"), [(b"JAN\xc9", "JAN\xc9"), (b"O\x92HARA", "O\u2019HARA"), (b"\x81", "\x81")]
)
def test_bytes_that_are_no_utf8_are_text(claim_file: File, written: bytes, read_as: str) -> None:
    """A name in Latin-1, or with the quotation marks of Windows, is text, and is written back as it was."""
    data = claim_file().encode().replace(b"JANE", written)

    [batch] = ProfessionalClaims.load(data)

    first_name = batch.billing_providers[0].subscribers[0].person.first_name
    assert read_as == first_name
    assert first_name.encode()
    assert data.replace(b"\n", b"") == b"".join(rewrite(data))


def test_positions_count_the_bytes_that_stood_there(claim_file: File) -> None:
    data = claim_file().encode().replace(b"JANE", b"JAN\xc9").replace(b"UN*1", b"XX*1")

    [finding] = validate(data).findings

    assert data.index(b"SV1*") == finding.position.byte


@pytest.mark.parametrize("columns", [80, 132])
def test_a_file_wrapped_into_lines_reads_as_without_them(remittance_file: File, columns: int) -> None:
    """Line ends inside of segments are nobody's content; one warning says that they were there."""
    plain = remittance_file().replace("\n", "")
    wrapped = "\n".join(plain[at : at + columns] for at in range(0, len(plain), columns))

    report = validate(wrapped.encode())

    assert ["line-wrapped"] == [finding.code for finding in report.findings]
    assert report.ok
    assert plain.encode() == b"".join(rewrite(wrapped.encode()))


def test_a_blank_before_the_terminator_is_no_terminator(remittance_file: File) -> None:
    text = remittance_file()
    padded = text.replace("~", " ~")

    for data in (text.replace("*:~", "*: ~"), padded):
        assert ["isa-length"] == [finding.code for finding in validate(data.encode()).findings]
    assert text.replace("\n", "").encode() == b"".join(rewrite(padded.encode()))
