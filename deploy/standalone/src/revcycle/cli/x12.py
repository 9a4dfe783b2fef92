"""`revcycle x12`: read, check and answer X12 files, as `python -m revcycle_x12` does."""

from typing import Annotated

import typer

from revcycle_x12.cli import main

Files = Annotated[list[str], typer.Argument(metavar="FILE…", help="Files, or - for standard input.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    x12 = typer.Typer(no_args_is_help=True, help="Read, check and answer X12 files.")
    x12.command()(show)
    x12.command()(validate)
    x12.command("json")(to_json)
    x12.command()(ack)
    app.add_typer(x12, name="x12")


def show(files: Files) -> None:
    """Print a readable tree."""
    _run("show", files)


def validate(
    files: Files,
    snip: Annotated[int, typer.Option(min=1, max=5, help="The highest SNIP type to check.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a file.")] = False,  # noqa: FBT002
) -> None:
    """Print what is wrong."""
    _run("validate", [*(["--json"] if as_json else []), "--snip", str(snip)], files)


def to_json(files: Files) -> None:
    """Print the content as JSON."""
    _run("json", files)


def ack(files: Files) -> None:
    """Print the acknowledgments: TA1, 999, 277CA."""
    _run("ack", files)


def _run(command: str, *arguments: list[str]) -> None:
    """Run the library's own command line, so that output and exit status are the same."""
    given = [each for part in arguments[:-1] for each in part]
    raise typer.Exit(main([command, *given, "--", *arguments[-1]]))
