"""
The command line: `revcycle up`, `token`, `journey`, `kpis`, `reconcile`, `parked`, `effects`, `x12`, and what is added.

Each command lives in a module of its own; this one only says what there is. Another distribution adds commands by an
entry point in the group `revcycle.commands` that names a module with `add_to(app)`: so `demo`, `journeys` and `ingest`
come with the simulation, and what is served in production knows nothing of it.
"""

import logging
from importlib.metadata import entry_points

import typer

from revcycle.cli import effects, operate, up, x12
from revcycle_kit.telemetry.logs import configure_logs

ADDED = "revcycle.commands"

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)


@app.callback()
def main() -> None:
    """Open revenue-cycle management: from registration to a zero balance, on one machine or many."""
    configure_logs("revcycle", level=logging.ERROR)


for added in sorted(entry_points(group=ADDED), key=lambda point: point.name):
    added.load().add_to(app)
for module in (up, operate, effects, x12):
    module.add_to(app)
