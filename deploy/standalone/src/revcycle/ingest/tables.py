"""What `ingest` shows at its end: the inputs, the endings with their reasons, and what must be true."""

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from revcycle.ingest.report import Report, Taken

SHOWN_MAX = 12
"""How many refused and held inputs, and how many reasons of an outcome, are shown; `--json` has all."""


def show(report: Report, console: Console) -> None:
    """Print the whole account."""
    _show_inputs(report, console)
    _show_unused(report, console)
    _show_endings(report, console)
    _show_invariants(report, console)


def _show_inputs(report: Report, console: Console) -> None:
    table = Table(title="Messages", box=box.SIMPLE_HEAD, title_justify="left")
    for name in ("files", "messages", *report.fates()):
        table.add_column(name, justify="right")
    counts = report.fates().values()
    table.add_row(f"{report.files:,}", f"{len(report.taken):,}", *(f"{count:,}" for count in counts))
    console.print(table)


def _show_unused(report: Report, console: Console) -> None:
    unused = [message for message in report.taken if message.fate in ("refused", "held")]
    if not unused:
        return
    table = Table(title="Refused and held: why", box=box.SIMPLE_HEAD, title_justify="left")
    for name in ("inputs", "outcome", "reason", "for example"):
        table.add_column(name, justify="right" if name == "inputs" else "left", overflow="fold")
    grouped: dict[tuple[str, str], list[Taken]] = {}
    for message in unused:
        grouped.setdefault((message.fate, message.reasons[0] if message.reasons else ""), []).append(message)
    largest = sorted(grouped.items(), key=lambda row: -len(row[1]))
    for (fate, reason), members in largest[:SHOWN_MAX]:
        table.add_row(str(len(members)), fate, escape(reason), escape(members[0].path))
    if left := sum(len(members) for _, members in largest[SHOWN_MAX:]):
        table.add_row(str(left), "", "other reasons: see --json", "")
    console.print(table)


def _show_endings(report: Report, console: Console) -> None:
    table = Table(title="Encounters", box=box.SIMPLE_HEAD, title_justify="left")
    for name in ("encounters", "outcome", "because"):
        table.add_column(name, justify="right" if name == "encounters" else "left", overflow="fold")
    for outcome, count in report.outcomes().items():
        reasons = list(report.reasons(outcome).items())
        because = [f"{number} × {escape(reason)}" for reason, number in reasons[:SHOWN_MAX]]
        because += [f"{len(reasons) - SHOWN_MAX} other reasons: see --json"] if len(reasons) > SHOWN_MAX else []
        table.add_row(f"{count:,}", outcome.replace("_", " "), "\n".join(because))
    console.print(table)


def _show_invariants(report: Report, console: Console) -> None:
    words = [
        f"[green]holds[/green]  {name.replace('_', ' ')}" if holds else f"[red]BROKEN[/red] {name.replace('_', ' ')}"
        for name, holds in report.invariants.items()
    ]
    vanished = f"[red]VANISHED: {len(report.vanished)} messages[/red]" if report.vanished else "nothing vanished"
    until = f"; played until {report.played_until[:10]}" if report.played_until else ""
    words.append(f"{vanished}; {len(report.endings):,} encounters{until}; {report.seconds} seconds")
    console.print(Panel("\n".join(words), title="What must be true", box=box.ROUNDED, expand=False))
