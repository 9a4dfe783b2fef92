"""`revcycle ingest`: FHIR and HL7 v2 files into a system, every message accounted for."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from revcycle.ingest.report import Report
from revcycle.ingest.tables import show
from revcycle_kit.embedded.errors import EmbeddedPostgresError
from revcycle_simulation.ingest import IngestOptions, ingest


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="ingest")(ingest_files)


def ingest_files(
    paths: Annotated[list[Path], typer.Argument(exists=True, help="Files, and folders with all that is in them.")],
    play: Annotated[bool, typer.Option("--play", help="Run simulated time until all is quiet.")] = False,  # noqa: FBT002
    data: Annotated[Path | None, typer.Option(help="Keep the system here; else it is gone afterwards.")] = None,
    out: Annotated[Path | None, typer.Option("--json", help="Write the account here.")] = None,
) -> None:
    """Take FHIR and HL7 v2 files in: each message is accepted, held, refused or repeated, and none vanishes."""
    console = Console()
    try:
        report = asyncio.run(_ingested(IngestOptions(tuple(paths), play, data), console))
    except EmbeddedPostgresError as error:
        console.print(f"[red]{escape(str(error))}[/red]")
        raise typer.Exit(2) from None
    if out is not None:
        out.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")
    show(report, console)
    if not report.sound:
        raise typer.Exit(1)


async def _ingested(options: IngestOptions, console: Console) -> Report:
    words, share = TextColumn("{task.description:<28.28}"), TextColumn("{task.percentage:>3.0f} %")
    with Progress(words, BarColumn(), share, TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task("starting", total=1.0)
        return await ingest(options, lambda word, done: progress.update(task, completed=done, description=word))
