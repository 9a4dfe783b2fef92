"""
Migrations: Alembic, one history per service, run by the service's owner role.

`python -m revcycle_kit.database.migrations autogenerate <package> "<message>"` writes the next migration of a service
by comparing its metadata with a database (`REVCYCLE_DATABASE_URL`) that stands at the last one.
"""

import importlib.util
import os
import sys
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, pool

from revcycle_kit.database.connections import engine_of

LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "600s"


def folder_of(package: str) -> Path:
    """Return the folder with a package's migrations: inside an installed wheel, or beside `src` in a checkout."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"{package} is not installed")
    home = Path(spec.origin).parent
    for folder in (home / "migrations", home.parents[1] / "migrations"):
        if (folder / "env.py").exists():
            return folder
    raise LookupError(f"{package} has no migrations")


def configuration(package: str, dsn: str) -> Config:
    """Return Alembic's configuration for one service and one database."""
    config = Config()
    config.set_main_option("script_location", str(folder_of(package)))
    config.set_main_option("path_separator", "os")
    config.attributes["dsn"] = dsn
    return config


def migrate(package: str, dsn: str) -> None:
    """Bring the service's database to its newest shape; `dsn` is the owner's."""
    command.upgrade(configuration(package, dsn), "head")


def check(package: str, dsn: str) -> None:
    """Raise when the metadata says more than the migrations made."""
    command.check(configuration(package, dsn))


def run_env(metadata: MetaData) -> None:
    """Do what a service's `env.py` has to do."""
    import asyncio  # noqa: PLC0415 - Alembic runs this module outside any loop

    dsn: str = context.config.attributes["dsn"]
    asyncio.run(_migrate_online(metadata, dsn))


async def _migrate_online(metadata: MetaData, dsn: str) -> None:
    engine = engine_of(dsn, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate_connection, metadata)
        await connection.commit()
    await engine.dispose()


def _migrate_connection(connection: Connection, metadata: MetaData) -> None:
    context.configure(connection=connection, target_metadata=metadata, compare_type=True)
    with context.begin_transaction():
        context.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        context.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
        context.run_migrations()


def main() -> None:
    """Write a service's next migration."""
    _, verb, package, message = sys.argv
    if verb != "autogenerate":
        raise SystemExit(__doc__)
    config = configuration(package, os.environ["REVCYCLE_DATABASE_URL"])
    command.upgrade(config, "head")
    command.revision(config, message, autogenerate=True)


if __name__ == "__main__":
    main()
