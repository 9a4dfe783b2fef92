"""`revcycle journeys`: play scenario files and compare every amount."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from revcycle_simulation.database_pool import opened_database_pool
from revcycle_simulation.journeys import NotAJourney, Result, own_journeys, play_journey


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(journeys)


def journeys(
    files: Annotated[list[Path] | None, typer.Argument(help="Scenario files; the project's own by default.")] = None,
    out: Annotated[Path | None, typer.Option("--json", help="Write the results here.")] = None,
    kafka: Annotated[str, typer.Option(help="Bootstrap servers of a Kafka to play on, instead of the log.")] = "",
) -> None:
    """Play scenario files on a fresh system and compare every amount to the cent."""
    console = Console()
    try:
        results = asyncio.run(_play(files or own_journeys(), kafka, console))
    except NotAJourney as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(2) from error
    if out is not None:
        out.write_text(json.dumps([result.as_json() for result in results], indent=2) + "\n", encoding="utf-8")
    _show(results, console)
    if not all(result.ok for result in results):
        raise typer.Exit(1)


async def _play(files: list[Path], kafka: str, console: Console) -> list[Result]:
    results = []
    async with opened_database_pool() as pool:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("playing", total=len(files))
            for number, path in enumerate(files, 1):
                progress.update(task, description=path.stem)
                results.append(await play_journey(path, pool, kafka=kafka, kafka_prefix=f"journey{number}."))
                progress.advance(task)
    return results


def _show(results: list[Result], console: Console) -> None:
    table = Table("journey", "result", "differences")
    for result in results:
        word = "[green]as expected[/green]" if result.ok else "[red]differs[/red]"
        table.add_row(result.name, word, "\n".join(result.differences))
    console.print(table)
