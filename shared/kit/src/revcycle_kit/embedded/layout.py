"""
Where the parts of one embedded server lie, and the promise that no directory of others changes its mode.

In the directory that the caller names: the lock, the passwords, the log, and normally the data and the socket.
Data or socket move elsewhere when the server's user cannot reach that directory, or when the path is too long for
a socket; the choice is recorded in `layout.json` of the named directory.
"""

import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from revcycle_kit.embedded.account import ServerAccount, account_for
from revcycle_kit.embedded.errors import EmbeddedPostgresError

Progress = Callable[[str], None]

PORT = 5432
"""Only a part of the socket's file name: the server listens on no network."""

SOCKET_BYTES_MAX = 100
"""The kernel's limit for a socket path is 107 bytes on Linux and 103 on macOS."""

RECORD = "layout.json"
PGDATA = "pgdata"
SOCKETS = "socket"
LOCK = "supervisor.lock"
RELOCATED = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - the directory is made new, with a random name
TRAVERSABLE = 0o711
PRIVATE = 0o700


@dataclass(frozen=True)
class Layout:
    """The places of one server, and the user it runs as."""

    directory: Path
    pgdata: Path
    sockets: Path
    account: ServerAccount

    @property
    def home(self) -> Path:
        """The directory that holds the data directory."""
        return self.pgdata.parent

    @property
    def log(self) -> Path:
        return self.directory / "postgres.log"

    @property
    def passwords(self) -> Path:
        return self.directory / "passwords.json"


def make_directory(directory: Path) -> Path:
    """
    Make the named directory if it is missing, and give its resolved path.

    Made by root it may be passed through by the server's user (0711), though listed by nobody else; made by
    anybody else it is private. A directory that exists keeps its mode.
    """
    directory = directory.expanduser().resolve()
    if not directory.exists():
        directory.parent.mkdir(parents=True, exist_ok=True)
        directory.mkdir(exist_ok=True)
        directory.chmod(TRAVERSABLE if os.geteuid() == 0 else PRIVATE)
    if os.geteuid() not in (0, directory.stat().st_uid):
        raise EmbeddedPostgresError(
            f"{directory} belongs to user {directory.stat().st_uid}, and this is user {os.geteuid()}: "
            "start as its owner (or as root), or choose another data directory"
        )
    return directory


def plan(directory: Path, progress: Progress) -> Layout:
    """Decide where data and socket lie: as recorded, or for a new directory where the server's user can reach them."""
    record = _recorded(directory)
    pgdata = directory / record.get("pgdata", PGDATA)
    account = account_for(_owner(pgdata))
    if not pgdata.exists() and not account.may_enter(pgdata.parent):
        pgdata = _relocated(directory, account, progress) / PGDATA
    elif not account.may_enter(pgdata.parent):
        raise EmbeddedPostgresError(
            f"the server's user {account.name} can no longer reach {pgdata}: a directory above it lost its x "
            "permission; give it back (chmod o+x), or start as the user who owns the data"
        )
    layout = Layout(directory, pgdata, _sockets(pgdata.parent, record, account), account)
    _write_record(layout)
    return layout


def recorded(directory: Path) -> Layout:
    """Give the layout of a server that exists. Raises EmbeddedPostgresError when there is none."""
    directory = directory.expanduser().resolve()
    record = _recorded(directory)
    if not record:
        raise EmbeddedPostgresError(f"there is no embedded PostgreSQL in {directory}; start one there first")
    pgdata = directory / record["pgdata"]
    return Layout(directory, pgdata, directory / record["sockets"], account_for(_owner(pgdata)))


def delete(layout: Layout) -> None:
    """Delete all that is ours in these places, and the directories where nothing else is left."""
    for tree in (layout.pgdata, layout.sockets):
        if tree.exists():
            shutil.rmtree(tree)
    names = {layout.log.name, layout.log.with_suffix(".log.1").name, layout.passwords.name, RECORD, LOCK}
    for directory in {layout.home, layout.directory}:
        for name in names:
            (directory / name).unlink(missing_ok=True)
        if directory.exists() and not any(directory.iterdir()):
            directory.rmdir()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read: whole or not at all, even when the machine stops in between."""
    partial = path.with_name(f".{path.name}.new")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    keep_owner(partial)
    partial.replace(path)


def keep_owner(path: Path) -> None:
    """As root in somebody's directory, leave what we write to the owner of that directory."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _recorded(directory: Path) -> dict[str, str]:
    try:
        record = json.loads((directory / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {key: str(value) for key, value in record.items()}


def _write_record(layout: Layout) -> None:
    """Record the places, relative to the directory where they lie in it, so that it can be moved."""
    places = {"pgdata": layout.pgdata, "sockets": layout.sockets}
    inside = layout.directory
    record = {
        key: str(path.relative_to(inside) if path.is_relative_to(inside) else path) for key, path in places.items()
    }
    write_private(layout.directory / RECORD, json.dumps(record, indent=1) + "\n")


def _owner(path: Path) -> int | None:
    return path.stat().st_uid if path.exists() else None


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def _relocated(directory: Path, account: ServerAccount, progress: Progress) -> Path:
    """Make a home for the data outside a directory that the server's user cannot reach."""
    prefix = f"revcycle-{_fingerprint(directory)}-"
    for base in RELOCATED:
        try:
            home = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
        except OSError:
            continue
        home.chmod(TRAVERSABLE)
        if account.may_enter(home):
            _tell_about_older(home, prefix, directory, progress)
            return home
        home.rmdir()
    raise EmbeddedPostgresError(
        f"the server's user {account.name} cannot reach {directory}, because a directory above it is private, and no "
        f"data directory can be made in {' or '.join(map(str, RELOCATED))}. Choose a data directory outside private "
        "homes (--data DIR), or run as a normal user"
    )


def _tell_about_older(home: Path, prefix: str, directory: Path, progress: Progress) -> None:
    progress(f"{directory} is private; the server's data lies in {home}")
    for older in home.parent.glob(f"{prefix}*"):
        if older != home:
            progress(f"{older} holds data of an earlier database of {directory}; delete it if nobody needs it")


def _sockets(home: Path, record: dict[str, str], account: ServerAccount) -> Path:
    """Give the private socket directory: beside the data, or in a short place where that path is too long."""
    for place in _socket_places(home, record):
        if len(os.fsencode(place / f".s.PGSQL.{PORT}")) <= SOCKET_BYTES_MAX and _claim(place, account):
            return place
    raise EmbeddedPostgresError(
        f"no private directory with a path short enough for a socket could be made for {home}; "
        "choose a data directory with a shorter path"
    )


def _socket_places(home: Path, record: dict[str, str]) -> Iterator[Path]:
    yield home / SOCKETS
    if Path(record.get("sockets", "")).is_absolute():
        yield Path(record["sockets"])
    name = f"revcycle-{_fingerprint(home)}"
    if os.geteuid() == 0:
        yield Path("/run") / name
    for base in (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp"):  # noqa: S108 - see _claim
        if base:
            yield Path(base) / name
            yield Path(base) / f"{name}-{os.getpid()}"


def _claim(place: Path, account: ServerAccount) -> bool:
    """Make the directory, or accept it only if it is already private and the server's own."""
    try:
        place.mkdir(mode=PRIVATE)
        place.chmod(PRIVATE)
        account.own(place)
    except FileExistsError:
        status = place.lstat()
        private = stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == PRIVATE
        return private and status.st_uid == account.uid
    except OSError:
        return False
    return account.may_enter(place)
