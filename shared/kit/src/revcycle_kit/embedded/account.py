"""
Which operating-system user the server runs as.

PostgreSQL refuses to run as root, and should: when we are root it gets a system user of its own. Otherwise it
runs as whoever we are.
"""

import contextlib
import grp
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from revcycle_kit.embedded.errors import EmbeddedPostgresError

SYSTEM_USER = "revcycle-pg"
NO_LOGIN = "/usr/sbin/nologin"
SYSTEM_IDS = range(999, 100, -1)
"""Where system users have their ids; useradd, too, counts down."""


class Identity(TypedDict, total=False):
    """The arguments of subprocess.Popen that make the child another user; empty = remain who we are."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class ServerAccount:
    """The user and group under which initdb and the server run."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()

    def identity(self) -> Identity:
        """Tell what subprocess needs to start a program as this account."""
        if self.is_ours:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may_enter(self, path: Path) -> bool:
        """Whether this account can execute the file, or enter the directory. The kernel answers, not our arithmetic."""
        command = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
        try:
            done = subprocess.run(command, cwd="/", check=False, timeout=60, **self.identity())  # noqa: S603 - fixed program
        except (OSError, ValueError) as error:
            raise EmbeddedPostgresError(
                f"no process can be started as user {self.uid} here ({error}); this container maps no other user. "
                "Run revcycle as a normal user, or give the address of a PostgreSQL server (--database URL)"
            ) from error
        return done.returncode == 0

    def own(self, path: Path) -> None:
        """Hand a file or directory that we just made to this account."""
        if not self.is_ours:
            os.chown(path, self.uid, self.gid)


def account_for(owner_of_existing: int | None) -> ServerAccount:
    """
    Give the account for a server, whose data exists and has this owner, or is new (None).

    Existing data stays with the user who owns it. As root a new directory gets the system user `revcycle-pg`, made
    on first use. Raises EmbeddedPostgresError where that is not possible.
    """
    if os.geteuid() != 0:
        return _named(os.geteuid(), os.getegid())
    if owner_of_existing:
        return _named(owner_of_existing, _group_of(owner_of_existing))
    return _system_user()


def _named(uid: int, gid: int) -> ServerAccount:
    try:
        return ServerAccount(pwd.getpwuid(uid).pw_name, uid, gid)
    except KeyError:
        return ServerAccount(f"#{uid}", uid, gid)


def _group_of(uid: int) -> int:
    try:
        return pwd.getpwuid(uid).pw_gid
    except KeyError:
        return uid


def _system_user() -> ServerAccount:
    """Give the system user of embedded servers, made when it is missing. initdb needs one with a name."""
    if not _exists(SYSTEM_USER):
        _add_user(SYSTEM_USER)
    if not _exists(SYSTEM_USER):
        raise EmbeddedPostgresError(
            f"PostgreSQL does not run as root, and no system user {SYSTEM_USER} could be made for it. Make one "
            f"(useradd --system {SYSTEM_USER}), or run revcycle as a normal user"
        )
    entry = pwd.getpwnam(SYSTEM_USER)
    return ServerAccount(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _add_user(name: str) -> None:
    """Make a system user without login: with useradd, or as useradd would where an image does not have it."""
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        write_user(name, Path("/etc"))
        return
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", NO_LOGIN]
    subprocess.run([useradd, *options, name], check=False, capture_output=True, timeout=60)  # noqa: S603 - fixed program


def write_user(name: str, etc: Path) -> None:
    """Add a user and its group, with a free id, to the files `passwd` and `group`; nothing where they are read-only."""
    taken = {entry.pw_uid for entry in pwd.getpwall()} | {entry.gr_gid for entry in grp.getgrall()}
    number = next(free for free in SYSTEM_IDS if free not in taken)
    lines = {"group": f"{name}:x:{number}:\n", "passwd": f"{name}:x:{number}:{number}::/nonexistent:{NO_LOGIN}\n"}
    with contextlib.suppress(OSError):
        for file, line in lines.items():
            with (etc / file).open("a", encoding="ascii") as opened:
                opened.write(line)
