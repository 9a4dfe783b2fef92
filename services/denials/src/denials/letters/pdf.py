"""An appeal letter on paper: the same letter gives the same bytes, so that its hash names it."""

from html import escape
from io import BytesIO
from typing import Final
from unicodedata import normalize

from reportlab.lib import colors
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from denials.domain.letter import Letter, Party
from revcycle_kit.money import format_dollars

_BODY: Final = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=14, spaceAfter=8)
_HEAD: Final = ParagraphStyle("head", parent=_BODY, fontName="Helvetica-Bold", fontSize=11, spaceBefore=6)
_CELL: Final = ParagraphStyle("cell", parent=_BODY, fontSize=9, leading=11, spaceAfter=0)
_RULED: Final = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, 0), 0.75, colors.black),
        ("LINEABOVE", (0, -1), (-1, -1), 0.75, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
    ]
)


def render(letter: Letter) -> bytes:
    """Set the letter as PDF, US letter size. Nothing but the letter decides its bytes: no clock, no random id."""
    paper = BytesIO()
    document = SimpleDocTemplate(
        paper,
        pagesize=LETTER,
        leftMargin=inch,
        rightMargin=inch,
        topMargin=inch,
        bottomMargin=inch,
        title=letter.subject,
        author=_plain(letter.sender.name),
        invariant=1,
    )
    document.build(_flow(letter))
    return paper.getvalue()


def _flow(letter: Letter) -> list[Flowable]:
    return [
        _address(letter.sender),
        _text(f"{letter.dated_on:%B} {letter.dated_on.day}, {letter.dated_on.year}"),
        _address(letter.recipient),
        _text(letter.subject, _HEAD),
        _references(letter),
        Spacer(0, 0.15 * inch),
        *(_text(paragraph) for paragraph in letter.paragraphs),
        _services(letter),
        Spacer(0, 0.2 * inch),
        *_enclosures(letter),
        _text("Sincerely,"),
        _text(letter.signed_by),
    ]


def _references(letter: Letter) -> Flowable:
    rows = [[_text(label, _CELL), _text(value, _CELL)] for label, value in letter.references]
    return Table(rows, colWidths=[1.6 * inch, 4.9 * inch], hAlign="LEFT")


def _services(letter: Letter) -> Flowable:
    head = [_text(label, _CELL) for label in ("Line", "Service", "Date", "Refused as", "Amount")]
    rows = [
        [
            _text(service.line, _CELL),
            _text(service.code, _CELL),
            _text(service.service_on.isoformat(), _CELL),
            _text(service.reason, _CELL),
            _text(format_dollars(service.amount_cents), _CELL),
        ]
        for service in letter.services
    ]
    last = [_text(text, _CELL) for text in ("", "", "", "Total", format_dollars(letter.total_cents))]
    widths = [0.6 * inch, 1.5 * inch, 1.1 * inch, 2.1 * inch, 1.2 * inch]
    return Table([head, *rows, last], colWidths=widths, hAlign="LEFT", style=_RULED, repeatRows=1)


def _enclosures(letter: Letter) -> list[Flowable]:
    if not letter.enclosures:
        return []
    return [_text("Enclosed:", _HEAD), *(_text(f"- {enclosure}") for enclosure in letter.enclosures)]


def _address(party: Party) -> Flowable:
    return Paragraph("<br/>".join(escape(_plain(line)) for line in (party.name, *party.lines) if line), _BODY)


def _text(text: str, style: ParagraphStyle = _BODY) -> Flowable:
    return Paragraph(escape(_plain(text)), style)


def _plain(text: str) -> str:
    """Keep what the standard fonts can show; a letter with a mark that they lack loses the mark, not the letter."""
    shown = (letter if _printable(letter) else normalize("NFKD", letter) for letter in text)
    return "".join(shown).encode("cp1252", "replace").decode("cp1252")


def _printable(letter: str) -> bool:
    return letter.encode("cp1252", "ignore") != b""
