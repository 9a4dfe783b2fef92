"""What a data directory says of its system: whose it is, what it needs, and whether a process serves it now."""

import fcntl
from datetime import date
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import msgspec

from revcycle_kit.embedded.layout import LOCK, RECORD, write_private

SYSTEM = "system.json"
SERVING = "serving.json"
KEPT_DEFAULT = Path(".revcycle")
T = TypeVar("T", bound=msgspec.Struct)


class NoSystemError(Exception):
    """There is no system where one was looked for; the text says what to do."""


class SystemRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What stays the same over restarts."""

    organization_id: UUID
    clinics: tuple[UUID, ...]
    billing_entities: tuple[UUID, ...]
    embedded: bool
    """False: its databases are on a server elsewhere."""
    begun_on: date


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """The process that serves the directory."""

    pid: int
    url: str
    mllp_port: int


def write(data: Path, name: str, record: msgspec.Struct) -> None:
    """Keep a record, readable by its owner alone: whole or not at all."""
    write_private(data / name, msgspec.json.format(msgspec.json.encode(record)).decode() + "\n")


def system_of(data: Path) -> SystemRecord | None:
    """Return what `up` recorded, or None where it never ran."""
    return _read(data / SYSTEM, SystemRecord)


def serving_of(data: Path) -> Serving | None:
    """Return the process that serves the directory, if one says so and holds the directory."""
    found = _read(data / SERVING, Serving)
    return found if found is not None and _is_locked(data / LOCK) else None


def has_database(data: Path) -> bool:
    """Tell whether an embedded PostgreSQL was made in the directory."""
    return (data / "postgres" / RECORD).exists()


def assert_system(data: Path) -> None:
    """Raise NoSystemError where no system was ever made in the directory."""
    if system_of(data) is None and not has_database(data):
        raise NoSystemError(
            f"there is no system in {data}: start one with `revcycle up --data {data}`, "
            "or name the directory of another one with --data"
        )


def _read(path: Path, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise NoSystemError(f"{path} is damaged ({error}): remove it, and run `revcycle up` again") from error


def _is_locked(path: Path) -> bool:
    """Tell whether a living process holds the lock: what a killed one left says nothing."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
