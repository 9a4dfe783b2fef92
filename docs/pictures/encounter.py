"""
Draws the journey of one encounter: `python docs/pictures/encounter.py` writes it for light and for dark pages.

Each event drawn must be promised by the service that says it and read by the service that hears it; what is not, is
not drawn but refused. A test says when the committed pictures are stale.
"""  # noqa: INP001 - a script, no package

import importlib
from dataclasses import dataclass
from html import escape
from pathlib import Path

from revcycle_kit.events import event_name

HERE = Path(__file__).parent
LANES = ("outside", "eligibility", "claims", "denials", "patient_billing", "analytics")
TITLES = ("outside", "eligibility", "claims", "denials", "patient billing", "analytics")
WIDTHS = (188, 182, 182, 166, 170, 152)
MARGIN, HEAD, ROW, FOOT = 14, 52, 54, 40
INSET, BOX = 12, 42
SANS = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
MONO = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"


@dataclass(frozen=True)
class Cell:
    """What stands in one lane of a row: a partner's papers, a deed of a service, or events that it says."""

    lane: str
    lines: tuple[str, ...]
    is_event: bool = False


@dataclass(frozen=True)
class Row:
    """One step: cells from left to right, and where the arrows between neighbours point (`>`, `<` or `=`)."""

    cells: tuple[Cell, ...]
    arrows: str


@dataclass(frozen=True)
class Paint:
    """A shape's fill and edge."""

    fill: str
    edge: str


@dataclass(frozen=True, kw_only=True)
class Colours:
    """What a page of one kind needs."""

    page: str
    lane: str
    text: str
    faint: str
    arrow: str
    deed: Paint
    event: Paint
    paper: Paint

    def of(self, cell: Cell) -> Paint:
        """Return how a cell is painted."""
        if cell.is_event:
            return self.event
        return self.paper if cell.lane == "outside" else self.deed


LIGHT = Colours(
    page="#ffffff",
    lane="#f4f6f9",
    text="#1b2430",
    faint="#5b6776",
    arrow="#4b5766",
    deed=Paint("#e3edfb", "#4a7ec2"),
    event=Paint("#fdf1d8", "#b98a2e"),
    paper=Paint("#ffffff", "#9aa5b3"),
)
DARK = Colours(
    page="#12171e",
    lane="#1a212a",
    text="#e6ebf1",
    faint="#9aa7b6",
    arrow="#a3b0be",
    deed=Paint("#1d3350", "#5b93d8"),
    event=Paint("#3a2f15", "#c79a43"),
    paper=Paint("#232b36", "#66727f"),
)


def paper(*lines: str) -> Cell:
    """Return what comes from or goes to a partner."""
    return Cell("outside", lines)


def deed(lane: str, *lines: str) -> Cell:
    """Return what a service does."""
    return Cell(lane, lines)


def said(lane: str, *events: str) -> Cell:
    """Return events that a service says."""
    return Cell(lane, events, is_event=True)


ROWS = (
    Row((paper("EHR", "ADT · SIU · FHIR"), deed("eligibility", "keeps the message,", "registers the encounter")), ">"),
    Row((paper("payer", "270 / 271 · 278"), deed("eligibility", "asks: covered?", "authorized? how much?")), "="),
    Row(
        (
            said("eligibility", "encounter_registered", "coverage_verified"),
            deed("claims", "knows who was seen", "and who pays"),
        ),
        ">",
    ),
    Row(
        (
            paper("EHR", "DFT · FHIR charges"),
            said("eligibility", "charges_received"),
            deed("claims", "prices, codes,", "edits the claim"),
        ),
        ">>",
    ),
    Row((paper("clearinghouse", "837 · 999 · 277CA"), deed("claims", "sends it clean,", "follows it")), "="),
    Row((paper("payer and bank", "835 · deposit"), deed("claims", "posts to the cent;", "refusals stay open")), ">"),
    Row((said("claims", "claim_adjudicated"), deed("denials", "opens a denial,", "sets its clock")), ">"),
    Row((paper("payer", "appeal letter"), deed("denials", "appeals, or has", "the claim corrected")), "<"),
    Row((paper("payer and bank", "835: reversed, then paid"), deed("claims", "takes back,", "posts again")), ">"),
    Row((said("claims", "claim_adjudicated"), deed("denials", "ends the denial:", "overturned")), ">"),
    Row((said("claims", "patient_balance_due"), deed("patient_billing", "bills what no", "payer owes")), ">"),
    Row(
        (
            paper("patient", "statement · payment"),
            deed("patient_billing", "explains it, takes", "payment, keeps plans"),
        ),
        "=",
    ),
    Row((said("patient_billing", "ledger_posted"), deed("analytics", "proves the money", "to the cent")), ">"),
)
HEARS_ALL = ("hears every event:", "journeys,", "KPIs and targets,", "what is late,", "reconciliation")


def assert_true(rows: tuple[Row, ...]) -> None:
    """Refuse to draw an event that its service does not promise, or that the next lane does not read."""
    for row in rows:
        for number, cell in enumerate(row.cells):
            if not cell.is_event:
                continue
            reader = row.cells[number + 1].lane
            for event in cell.lines:
                if event not in _named(f"{cell.lane}.published"):
                    raise ValueError(f"{cell.lane} does not promise {event}")
                if event not in _named(f"{reader}.consumed"):
                    raise ValueError(f"{reader} does not read {event}")


def _named(module: str) -> set[str]:
    """Return the names of a module's events; a reader may call its class otherwise and say so in `NAME`."""
    kinds = [kind for kind in vars(importlib.import_module(module)).values() if isinstance(kind, type)]
    return {getattr(kind, "NAME", "") or event_name(kind) for kind in kinds}


def left(lane: str) -> int:
    """Return where a lane begins."""
    return MARGIN + sum(WIDTHS[: LANES.index(lane)])


def width(lane: str) -> int:
    """Return how wide a lane is."""
    return WIDTHS[LANES.index(lane)]


def drawn(colours: Colours) -> str:
    """Return the picture as SVG."""
    wide = 2 * MARGIN + sum(WIDTHS)
    high = HEAD + ROW * len(ROWS) + FOOT
    size = f'viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{SANS}">',
        "<title>The journey of one encounter through the five services</title>",
        f"<defs>{_tip(colours)}</defs>",
        f'<rect width="{wide}" height="{high}" rx="10" fill="{colours.page}"/>',
        *_lanes(colours, high),
        *_witness(colours),
    ]
    for number, row in enumerate(ROWS):
        parts += _row(row, HEAD + ROW * number, colours)
    parts += [*_legend(colours, high), "</svg>"]
    return "\n".join(parts) + "\n"


def _tip(colours: Colours) -> str:
    tip = f'<path d="M0 0L10 5L0 10z" fill="{colours.arrow}"/>'
    size = 'viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7"'
    return f'<marker id="tip" {size} orient="auto-start-reverse">{tip}</marker>'


def _lanes(colours: Colours, high: int) -> list[str]:
    parts = []
    for lane, title in zip(LANES, TITLES, strict=True):
        x, wide = left(lane), width(lane)
        if lane != "outside":
            parts.append(_box(x + 3, 12, wide - 6, high - FOOT - 12, Paint(colours.lane, "none"), round_as=8))
        parts.append(_text(title, x + wide / 2, 34, 15, colours.text, bold=True))
    return parts


def _witness(colours: Colours) -> list[str]:
    """Draw analytics, which hears everything, beside all rows but the last."""
    x, wide = left("analytics") + INSET, width("analytics") - 2 * INSET
    high = ROW * (len(ROWS) - 1) - (ROW - BOX)
    middle = HEAD + high / 2
    lines = [
        _text(line, x + wide / 2, middle + 22 * (number - len(HEARS_ALL) / 2) + 14, 12.5, colours.text)
        for number, line in enumerate(HEARS_ALL)
    ]
    return [_box(x, HEAD, wide, high, colours.deed), *lines]


def _row(row: Row, top: int, colours: Colours) -> list[str]:
    parts = []
    for one, other, arrow in zip(row.cells, row.cells[1:], row.arrows, strict=False):
        begin, end = left(one.lane) + width(one.lane) - INSET, left(other.lane) + INSET
        ends = {">": ' marker-end="url(#tip)"', "<": ' marker-start="url(#tip)"'}.get(
            arrow, ' marker-start="url(#tip)" marker-end="url(#tip)"'
        )
        y = top + BOX / 2
        place = f'x1="{begin + 1}" y1="{y}" x2="{end - 1}" y2="{y}"'
        parts.append(f'<line {place} stroke="{colours.arrow}" stroke-width="1.5"{ends}/>')
    for cell in row.cells:
        parts += _cell(cell, top, colours)
    return parts


def _cell(cell: Cell, top: int, colours: Colours) -> list[str]:
    x, wide = left(cell.lane) + INSET, width(cell.lane) - 2 * INSET
    middle = top + BOX / 2 + 4
    parts = [_box(x, top, wide, BOX, colours.of(cell), round_as=BOX / 2 if cell.is_event else 6)]
    for number, line in enumerate(cell.lines):
        y = middle + 15 * (number - (len(cell.lines) - 1) / 2)
        head = cell.lane == "outside" and number == 0
        parts.append(
            _text(line, x + wide / 2, y, 11 if cell.is_event else 12, colours.text, mono=cell.is_event, bold=head)
        )
    return parts


def _legend(colours: Colours, high: int) -> list[str]:
    y = high - FOOT + 12
    x = MARGIN + INSET
    return [
        _box(x, y, 30, 16, colours.event, round_as=8),
        _text("an event, in order per encounter", x + 40, y + 12, 12, colours.faint, anchor="start"),
        _box(x + 268, y, 30, 16, colours.deed),
        _text("what a service does", x + 308, y + 12, 12, colours.faint, anchor="start"),
        _box(x + 458, y, 30, 16, colours.paper),
        _text("X12, HL7 v2, FHIR, letters: whoever is outside", x + 498, y + 12, 12, colours.faint, anchor="start"),
    ]


def _box(x: float, y: float, wide: float, high: float, paint: Paint, *, round_as: float = 6) -> str:
    look = f'fill="{paint.fill}" stroke="{paint.edge}" stroke-width="1.2"'
    return f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" rx="{round_as}" {look}/>'


def _text(
    words: str,
    x: float,
    y: float,
    size: float,
    colour: str,
    *,
    anchor: str = "middle",
    mono: bool = False,
    bold: bool = False,
) -> str:
    look = f' font-family="{MONO}"' if mono else ""
    look += ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"{look}>{escape(words)}</text>'
    )


def pictures() -> dict[str, str]:
    """Return each file's name and text."""
    assert_true(ROWS)
    return {"encounter-light.svg": drawn(LIGHT), "encounter-dark.svg": drawn(DARK)}


if __name__ == "__main__":
    for name, text in pictures().items():
        (HERE / name).write_text(text, encoding="utf-8")
