"""
The command line: `revcycle demo`, `journeys`, `up`, `ingest`, `journey`, `kpis`, `reconcile`, `parked`, `x12`.

Each command lives in a module of its own; this one only says what there is.
"""

import logging

import typer

from revcycle import cli_demo, cli_ingest, cli_journeys, cli_operate, cli_up, cli_x12
from revcycle_kit.telemetry.logs import configure_logs

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)


@app.callback()
def main() -> None:
    """Open revenue-cycle management: from registration to a zero balance, on one machine or many."""
    configure_logs("revcycle", level=logging.ERROR)


for module in (cli_demo, cli_up, cli_ingest, cli_journeys, cli_operate, cli_x12):
    module.add_to(app)

if __name__ == "__main__":
    app()
