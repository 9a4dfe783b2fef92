"""A statement as a PDF, letter size, in the words of the page."""

from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from patient_billing.letters.words import HEADINGS, Row, Section, Words

_TEXT: Final = ParagraphStyle("text", fontName="Helvetica", fontSize=9.5, leading=13)
_RIGHT: Final = ParagraphStyle("right", parent=_TEXT, alignment=2)
_SMALL: Final = ParagraphStyle("small", parent=_TEXT, fontSize=7.5, leading=9.5)
_SMALL_RIGHT: Final = ParagraphStyle("small right", parent=_SMALL, alignment=2)
_TITLE: Final = ParagraphStyle("title", parent=_TEXT, fontName="Helvetica-Bold", fontSize=16, leading=22)
_HEADING: Final = ParagraphStyle("heading", parent=_TEXT, fontName="Helvetica-Bold", fontSize=11.5, leading=18)
_WIDTHS: Final = [1.25 * inch] + [0.78 * inch] * (len(HEADINGS) - 1)
_MARGIN: Final = 0.5 * inch
_RULED: Final = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]
)


def statement_pdf(words: Words) -> bytes:
    """Return the statement as a PDF; the same words give the same bytes."""
    paper = BytesIO()
    document = SimpleDocTemplate(
        paper,
        pagesize=LETTER,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=words.title,
        author=words.sender.name,
        lang="en",
        invariant=1,
    )
    document.build(_story(words))
    return paper.getvalue()


def _story(words: Words) -> list[Any]:
    story: list[Any] = [_head(words), Spacer(1, 18), Paragraph(escape(words.title), _TITLE), _sum(words.facts)]
    for section in words.sections:
        story += _section(section)
    story += [Spacer(1, 12), Paragraph("Good to know", _HEADING)]
    for notice in words.notices:
        story += [Paragraph(escape(notice), _TEXT), Spacer(1, 6)]
    return story


def _head(words: Words) -> Table:
    sender = "<br/>".join([f"<b>{escape(words.sender.name)}</b>", *map(escape, words.sender.address)])
    addressee = "<br/>".join(map(escape, (words.addressee.name, *words.addressee.address)))
    return Table([[Paragraph(sender, _TEXT), Paragraph(addressee, _TEXT)]], colWidths=[4 * inch, 3.5 * inch])


def _section(section: Section) -> list[Any]:
    title = Paragraph(escape(section.title), _HEADING)
    return [Spacer(1, 10), KeepTogether([title, _services(section), Spacer(1, 4), _sum(section.rows)])]


def _services(section: Section) -> Table:
    heads = [
        Paragraph(f"<b>{escape(heading)}</b>", _SMALL_RIGHT if at else _SMALL) for at, heading in enumerate(HEADINGS)
    ]
    lines = [
        [Paragraph(escape(cell), _SMALL_RIGHT if at else _SMALL) for at, cell in enumerate(line)]
        for line in section.lines
    ]
    table = Table([heads, *lines], colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(_RULED)
    return table


def _sum(rows: tuple[Row, ...]) -> Table:
    table = Table(
        [[_cell(row.label, row, _TEXT), _cell(row.amount, row, _RIGHT)] for row in rows],
        colWidths=[2.6 * inch, 2.9 * inch],
        hAlign="LEFT",
    )
    table.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.lightgrey)]))
    return table


def _cell(text: str, row: Row, style: ParagraphStyle) -> Paragraph:
    return Paragraph(f"<b>{escape(text)}</b>" if row.total else escape(text), style)
