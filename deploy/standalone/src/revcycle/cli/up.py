"""`revcycle up` and `revcycle token`: keep the system serving, and get in."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from revcycle.operate.desk import told_record
from revcycle.server.directory import STAFF_ROLES, NotEnteredError
from revcycle.server.organization import grant_of
from revcycle.server.serve import ServeOptions, serve
from revcycle.server.state import KEPT_DEFAULT, NoSystemError
from revcycle.server.system import NotPreparedError
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.database.security import Unprotected
from revcycle_kit.embedded.errors import EmbeddedPostgresError
from revcycle_kit.errors import Unavailable

Data = Annotated[Path, typer.Option("--data", help="Where the state is kept.")]
HOURS_MAX = 24


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(up)
    app.command()(token)


def up(  # noqa: PLR0917 - the options of one command
    data: Data = KEPT_DEFAULT,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The one port of all APIs; 0: any that is free.")] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    mllp_port: Annotated[int, typer.Option(min=0, max=65535, help="Where EHRs send HL7 v2; 0: any free.")] = 2575,
    kafka: Annotated[str, typer.Option(help="Bootstrap servers; else the event log in PostgreSQL.")] = "",
    database: Annotated[str, typer.Option(help="A server prepared for revcycle; else an embedded one.")] = "",
    sandbox: Annotated[bool, typer.Option(help="Simulated payers, EHRs, bank and patients.")] = True,  # noqa: FBT002
) -> None:
    """Keep the five services and the sandbox serving on one port; state survives a restart and a crash."""
    options = ServeOptions(data, host, port, mllp_port, kafka, database, sandbox)
    try:
        asyncio.run(serve(options, typer.echo))
    except KeyboardInterrupt:
        return
    except (EmbeddedPostgresError, NoSystemError, NotEnteredError, NotPreparedError, Unprotected, Unavailable) as error:
        raise _failed(str(error)) from None
    except OSError as error:
        raise _failed(
            f"{error.strerror or error}: is another program on port {port} or {mllp_port}? "
            "Choose others with --port and --mllp-port, or another directory with --data"
        ) from None


def token(
    data: Data = KEPT_DEFAULT,
    roles: Annotated[str, typer.Option(help="Roles, with commas between them.")] = ",".join(STAFF_ROLES),
    subject: Annotated[str, typer.Option(help="Who calls.")] = "me",
    hours: Annotated[int, typer.Option(min=1, max=HOURS_MAX, help="How long it holds.")] = 12,
) -> None:
    """Print a bearer token for the organization of a system."""
    wanted = tuple(role.strip() for role in roles.split(",") if role.strip())
    try:
        grant = grant_of(told_record(data), wanted)
        issued = LocalIssuer(data / "issuer.key").issue(subject, lifetime=timedelta(hours=hours), **grant)
    except (NoSystemError, EmbeddedPostgresError, Unavailable) as error:
        raise _failed(str(error)) from None
    typer.echo(issued)


def _failed(words: str) -> typer.Exit:
    typer.echo(f"error: {words}", err=True)
    return typer.Exit(1)
