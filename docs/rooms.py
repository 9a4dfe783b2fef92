"""
Writes the table of rooms in docs/architecture.md from the services' own folders: `python docs/rooms.py`.

What stands between the two marks is generated; a test says when it is stale.
"""  # noqa: INP001 - a script, no package

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = Path(__file__).parent / "architecture.md"
BEGIN, END = "<!-- rooms: made by docs/rooms.py -->", "<!-- end of rooms -->"
SERVICES: Final = {
    "eligibility": "services/eligibility/src/eligibility",
    "claims": "services/claims/src/claims",
    "denials": "services/denials/src/denials",
    "patient-billing": "services/patient-billing/src/patient_billing",
    "analytics": "services/analytics/src/analytics",
}
ROOMS: Final = {
    "service": "the table of contents: one line for each thing that can happen; read it first",
    "main": "the composition root: `PROGRAM`, `compose`",
    "settings": "`Settings`: what its processes are told; nothing else reads the environment",
    "domain": "values and decisions: pure functions, every `if` about the business",
    "figures": "how each figure is counted",
    "handlers": "a module a noun, one async function for each thing that can happen; nothing else takes `work`",
    "messages": "its own commands, local messages, timers and effects",
    "published": "the events it promises",
    "events": "builds them from the domain",
    "consumed": "the events it reads, in its own words: only the fields it uses",
    "storage": "tables and stores",
    "queries": "reads for API and pages, each bounded and indexed",
    "http": "the JSON API: `app`, a module a noun, `requests`, `views`",
    "pages": "HTML: a module a noun, templates",
    "partners": "a module a partner: its protocol, its live client, what performs the effects",
    "edi": "X12: a file's bytes to values and back",
    "letters": "what people read on paper and screen",
    "intake": "how messages of the EHR arrive",
    "hl7v2": "HL7 v2: a message's bytes to values",
    "fhir": "FHIR R4: resources to values",
    "testing": "what its tests stand on; no source imports it",
}
"""Every room that a service may have, in the order in which a newcomer reads them."""


def table() -> str:
    """Return the table: a row for each room, a column for each service."""
    head = [f"| room | what it holds | {' | '.join(SERVICES)} |", "|---|---|" + "---|" * len(SERVICES)]
    rows = [
        f"| `{room}` | {holds} | {' | '.join(cell(source, room) for source in SERVICES.values())} |"
        for room, holds in ROOMS.items()
        if any(place(source, room) for source in SERVICES.values())
    ]
    return "\n".join(head + rows)


def place(source: str, room: str) -> Path | None:
    """Return where a service has the room: a module, a folder, or nowhere."""
    module, folder = ROOT / source / f"{room}.py", ROOT / source / room
    if module.is_file():
        return module
    return folder if any(folder.glob("*.py")) else None


def cell(source: str, room: str) -> str:
    """Return a link to the room, a module or a folder; a dash where there is none."""
    room_path = place(source, room)
    if room_path is None:
        return "–"
    text = room_path.name if room_path.is_file() else f"{room}/"
    return f"[{text}](../{room_path.relative_to(ROOT)})"


def page_with_table(page: str) -> str:
    """Return the page with a fresh table between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page_with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
