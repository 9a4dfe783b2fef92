"""`revcycle effects`: see what does not go out to partners, and send it again."""

from typing import Annotated

import typer

from revcycle.cli.operate import AsJson, Data, run_at_desk, show
from revcycle.operate import tables
from revcycle.operate.desk import Desk
from revcycle.operate.lookups import Row, effects_under, resend_effects, troubled_effects
from revcycle.server.state import KEPT_DEFAULT


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    effects = typer.Typer(no_args_is_help=True, help="See what does not go out to partners, and send it again.")
    effects.command("list")(list_effects)
    effects.command("show")(show_effects)
    effects.command("resend")(resend)
    app.add_typer(effects, name="effects")


def list_effects(data: Data = KEPT_DEFAULT, *, as_json: AsJson = False) -> None:
    """List what fails for now, was given up, or is in doubt at the partner."""
    show(run_at_desk(data, troubled_effects), tables.effects, as_json=as_json)


def show_effects(
    key: Annotated[str, typer.Argument(help="An id of the list (its beginning will do), or a kind of effect.")],
    data: Data = KEPT_DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Show why effects do not go out; their contents are not shown."""
    show(run_at_desk(data, lambda desk: effects_under(desk, key)), tables.effects_in_full, as_json=as_json)


def resend(
    keys: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids of the list, or kinds of effect.")],
    data: Data = KEPT_DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Send effects again: the same content under the same key."""

    async def send_again(desk: Desk) -> Row:
        rows = {row["task_id"]: row for key in keys for row in await effects_under(desk, key)}
        return await resend_effects(desk, list(rows.values()))

    show(run_at_desk(data, send_again), tables.resent, as_json=as_json)
