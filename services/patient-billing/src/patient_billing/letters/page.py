"""A statement as a page: semantic HTML that a screen reader tells in order, without script or images."""

from html import escape
from typing import Final

from patient_billing.letters.words import HEADINGS, Row, Section, Words

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
"""The Content-Security-Policy under which the page is served: no script, nothing from elsewhere."""

_STYLE: Final = """
body{font:1.05rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:62rem;margin:2rem auto;
padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}address{font-style:normal}
header{display:flex;flex-wrap:wrap;gap:2rem;justify-content:space-between}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
caption{text-align:left;font-weight:600;padding:.4rem 0}
th,td{padding:.35rem .5rem;border-bottom:1px solid #767676;text-align:right;vertical-align:top}
th[scope=row],th:first-child{text-align:left}
tr.total th,tr.total td{border-top:2px solid #1a1a1a;font-weight:700;font-size:1.1rem}
.sum{max-width:30rem}@media print{body{margin:0}}
"""


def statement_page(words: Words) -> str:
    """Return the whole page."""
    sections = "".join(_section(section) for section in words.sections)
    notices = "".join(f"<p>{escape(notice)}</p>" for notice in words.notices)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(words.title)}</title><style>{_STYLE}</style></head><body>"
        f"<header><div><strong>{escape(words.sender.name)}</strong>{_address(words.sender.address)}</div>"
        f"<div>{escape(words.addressee.name)}{_address(words.addressee.address)}</div></header>"
        f"<main><h1>{escape(words.title)}</h1>{_sum('What you owe', words.facts)}{sections}"
        f"<h2>Good to know</h2>{notices}</main></body></html>"
    )


def _address(lines: tuple[str, ...]) -> str:
    return f"<address>{'<br>'.join(escape(line) for line in lines)}</address>" if lines else ""


def _section(section: Section) -> str:
    heads = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in HEADINGS)
    lines = "".join(
        f'<tr><th scope="row">{escape(line[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in line[1:])}</tr>'
        for line in section.lines
    )
    table = '<div class="scroll" tabindex="0" role="region" aria-label="Services"><table><caption>Services</caption>'
    table += f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
    story = _sum("How we get to what is due", section.rows)
    return f"<section><h2>{escape(section.title)}</h2>{table}{story}</section>"


def _sum(caption: str, rows: tuple[Row, ...]) -> str:
    body = "".join(
        f'<tr{" class=total" if row.total else ""}><th scope="row">{escape(row.label)}</th>'
        f"<td>{escape(row.amount)}</td></tr>"
        for row in rows
    )
    return f'<table class="sum"><caption>{escape(caption)}</caption><tbody>{body}</tbody></table>'
