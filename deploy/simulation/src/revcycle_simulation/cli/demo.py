"""`revcycle demo`: play six months of a billing company on this machine."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from revcycle_simulation.demo import DemoOptions, Outcome, play_demo
from revcycle_simulation.demo_report import show

KEPT = Path(".revcycle/demo")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(  # noqa: PLR0917 - the options of one command
    encounters: Annotated[int, typer.Option(min=1, max=100_000, help="How many encounters.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed gives the same year.")] = 1,
    months: Annotated[int, typer.Option(min=1, max=24, help="Over how many months.")] = 6,
    out: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
    edi: Annotated[Path | None, typer.Option(help="Keep every interchange in this folder.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help=f"Keep the databases in {KEPT}.")] = False,  # noqa: FBT002
) -> None:
    """Play six months of a billing company: 3 clinics, 15 providers, 7 payers, real PostgreSQL."""
    console = Console()
    data = _fresh(KEPT) if keep else None
    outcome = asyncio.run(_played(DemoOptions(encounters, seed, months, edi, data), console))
    if out is not None:
        out.write_text(json.dumps(outcome.summary, indent=2) + "\n", encoding="utf-8")
    show(outcome, console)
    if not outcome.sound:
        raise typer.Exit(1)


async def _played(options: DemoOptions, console: Console) -> Outcome:
    words, share = TextColumn("{task.description:<28}"), TextColumn("{task.percentage:>3.0f} %")
    with Progress(words, BarColumn(), share, TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task("starting", total=1.0)
        return await play_demo(options, lambda done, word: progress.update(task, completed=done, description=word))


def _fresh(data: Path) -> Path:
    if data.exists():
        raise typer.BadParameter(f"{data} is there already: remove it, or run without --keep", param_hint="--keep")
    data.mkdir(parents=True)
    return data
