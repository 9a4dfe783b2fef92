"""`revcycle journey`, `kpis`, `reconcile`, `parked`: look into a system, running or not, and free what is held."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from revcycle.operate import tables
from revcycle.operate.desk import Desk, RefusedError, opened_desk
from revcycle.operate.lookups import (
    find_journey,
    held,
    held_under,
    matching,
    replay_queues,
    resume_services,
    unsound,
)
from revcycle.server.state import KEPT_DEFAULT, NoSystemError
from revcycle_kit.embedded.errors import EmbeddedPostgresError
from revcycle_kit.errors import Unavailable

T = TypeVar("T")
Data = Annotated[Path, typer.Option("--data", help="The directory of the system.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(journey)
    app.command()(kpis)
    app.command()(reconcile)
    parked = typer.Typer(no_args_is_help=True, help="See and free messages that are held.")
    parked.command("list")(list_parked)
    parked.command("show")(show_parked)
    parked.command("replay")(replay)
    parked.command("resume")(resume)
    app.add_typer(parked, name="parked")


def journey(
    encounter: Annotated[str, typer.Argument(help="The encounter's id, or the EHR's visit number.")],
    data: Data = KEPT_DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Tell every event of one encounter in order, in business words, with its amounts."""
    story = run_at_desk(data, lambda desk: find_journey(desk, encounter))
    show(story, tables.journey, as_json=as_json)


def kpis(data: Data = KEPT_DEFAULT, *, as_json: AsJson = False) -> None:
    """Show the KPIs beside their targets."""
    found = run_at_desk(data, lambda desk: desk.read("/analytics/v1/kpis"))
    show(found, tables.kpis, as_json=as_json)


def reconcile(data: Data = KEPT_DEFAULT, *, as_json: AsJson = False) -> None:
    """Compare services, payers and bank; exit status 1 where our own books do not agree."""
    found = run_at_desk(data, lambda desk: desk.read("/analytics/v1/reconciliation"))
    found["unsound"] = unsound(found["findings"])
    show(found, tables.findings, as_json=as_json)
    if found["unsound"]:
        raise typer.Exit(1)


def list_parked(
    data: Data = KEPT_DEFAULT,
    *,
    waiting: Annotated[bool, typer.Option("--waiting", help="Also what waits for a fact, and will go on.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what is parked, and what is queued behind it."""
    found = run_at_desk(data, lambda desk: held(desk, waiting=waiting))
    show(found, tables.held, as_json=as_json)


def show_parked(
    key: Annotated[str, typer.Argument(help="A key of the list (its stream), or a fingerprint; a prefix will do.")],
    data: Data = KEPT_DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Show why messages are held; their contents are not shown."""
    found = run_at_desk(data, lambda desk: held_under(desk, key))
    show(found, tables.held_in_full, as_json=as_json)


def replay(
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY…]", help="Keys of the list.")] = None,
    data: Data = KEPT_DEFAULT,
    *,
    fingerprint: Annotated[str, typer.Option(help="Everything that failed in this way.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Everything that is parked.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let parked messages try again, in order; exit status 1 where some stay parked."""
    wanted = [*(keys or []), *([fingerprint] if fingerprint else [])]
    if not wanted and not every:
        raise typer.BadParameter("name a KEY of `revcycle parked list`, or --fingerprint, or --all")

    async def try_again(desk: Desk) -> dict[str, Any]:
        found = (await held(desk, waiting=True))["held"]
        chosen = found if every else [row for each in wanted for row in matching(found, each)]
        return await replay_queues(desk, chosen)

    done = run_at_desk(data, try_again)
    show(done, tables.replayed, as_json=as_json)
    if done["left"]:
        raise typer.Exit(1)


def resume(
    services: Annotated[list[str] | None, typer.Argument(metavar="[SERVICE…]", help="Else every service.")] = None,
    data: Data = KEPT_DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Let services read on that stopped because too much failed."""
    done = run_at_desk(data, lambda desk: resume_services(desk, services or []))
    show(done, tables.resumed, as_json=as_json)


def run_at_desk(data: Path, ask: Callable[[Desk], Awaitable[T]]) -> T:
    """Ask the system; what stands in the way is told in one line, with exit status 2."""

    async def at_the_desk() -> T:
        async with opened_desk(data) as desk:
            return await ask(desk)

    try:
        return asyncio.run(at_the_desk())
    except (NoSystemError, RefusedError, EmbeddedPostgresError, Unavailable) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from None


def show(found: Any, print_table: Callable[[Any, Console], None], *, as_json: bool) -> None:
    """Print what was found, as a table for people or as JSON for programs."""
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        print_table(found, Console())
