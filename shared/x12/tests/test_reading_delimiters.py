"""Delimiters come from the ISA alone, whatever they are."""

from collections.abc import Callable

import pytest

from revcycle_x12 import Delimiters, load, read
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


def test_bytes_that_are_no_utf8_survive(claim_file: File) -> None:
    """A name in latin-1 is read, and written back as the bytes it was."""
    data = claim_file().encode().replace(b"JANE", b"JAN\xc9")

    [transaction] = load(data)
    segments = ["*".join(elements) for elements in transaction.loop.all_elements()]

    assert b"NM1*IL*1*DOE*JAN\xc9" in "~".join(segments).encode("utf-8", "surrogateescape")
