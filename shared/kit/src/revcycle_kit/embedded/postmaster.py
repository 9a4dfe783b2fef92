"""One run of the server: make its data, start it under the guard, wait until it answers, stop it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from revcycle_kit.embedded import settings
from revcycle_kit.embedded.binaries import MAJOR_VERSION, Binaries
from revcycle_kit.embedded.errors import EmbeddedPostgresError
from revcycle_kit.embedded.layout import Layout, Progress, keep_owner
from revcycle_kit.embedded.passwords import SUPERUSER
from revcycle_kit.embedded.strays import postmaster_pid, stop_strays

START_SECONDS_MAX = 300.0
RETRY_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 60.0
POLL_SECONDS = 0.02
PROGRESS_EVERY_SECONDS = 5.0
LOG_BYTES_MAX = 10_000_000
GUARD = Path(__file__).with_name("guard.py")

PASSING = ("already exists", "still in use", "is the process still running", "Is another postmaster")
"""What the server says when remains of an earlier run are about to disappear."""

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""The server inherits nothing else: a PGDATA or PGPORT of ours means something else."""


class StartFailedError(EmbeddedPostgresError):
    """The server ended before it was ready; the text quotes its log."""

    def __init__(self, layout: Layout, log_tail: str) -> None:
        super().__init__(f"PostgreSQL in {layout.pgdata} did not start; the end of {layout.log}:\n{log_tail}")
        self.may_pass = any(phrase in log_tail for phrase in PASSING)


@dataclass(frozen=True)
class Postmaster:
    """The running server: its process id and the guard that is its parent."""

    pid: int
    guard: "subprocess.Popen[bytes]"

    def stop(self, seconds_max: float = STOP_SECONDS_MAX) -> None:
        """Fast shutdown: sessions are rolled back, all is written. After `seconds_max` without a checkpoint."""
        if self.guard.stdin:
            self.guard.stdin.close()
        try:
            self.guard.wait(seconds_max)
        except subprocess.TimeoutExpired:
            os.kill(self.pid, signal.SIGQUIT)
            self.guard.wait(seconds_max)
        self.discard()

    def discard(self) -> None:
        """Close the pipes to a guard that has ended."""
        for pipe in (self.guard.stdin, self.guard.stdout):
            if pipe:
                pipe.close()


def initialise(layout: Layout, binaries: Binaries, password: str, *, durable: bool) -> None:
    """Make the data directory, whole or not at all."""
    partial = layout.pgdata.with_name(f"{layout.pgdata.name}.new")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    layout.account.own(partial)
    with _password_file(layout, password) as password_file:
        options = [
            f"--pgdata={partial}", f"--username={SUPERUSER}", f"--pwfile={password_file}", "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
            "--data-checksums",
        ]  # fmt: skip
        command = [str(binaries.program("initdb")), *options, *([] if durable else ["--no-sync"])]
        done = subprocess.run(  # noqa: S603 - the wheel's program
            command, cwd="/", env=ENVIRONMENT, capture_output=True, text=True, check=False, **layout.account.identity()
        )
    if done.returncode:
        shutil.rmtree(partial, ignore_errors=True)
        raise EmbeddedPostgresError(f"the data directory {layout.pgdata} could not be made: {done.stderr.strip()}")
    partial.rename(layout.pgdata)


@contextmanager
def _password_file(layout: Layout, password: str) -> Iterator[Path]:
    """Give the password where initdb, under the server's account, can read it; gone afterwards."""
    descriptor, name = tempfile.mkstemp(prefix=".initdb-", dir=layout.home)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(password)
        layout.account.own(path)
        yield path
    finally:
        path.unlink(missing_ok=True)


def check_version(layout: Layout) -> None:
    """Refuse data of another major version, which this server cannot read."""
    version = (layout.pgdata / "PG_VERSION").read_text(encoding="ascii").strip()
    if version != MAJOR_VERSION:
        raise EmbeddedPostgresError(
            f"the data in {layout.pgdata} is of PostgreSQL {version}, and this is {MAJOR_VERSION}: dump it with "
            f"version {version} (pg_dumpall) and restore it into a new directory"
        )


def start(layout: Layout, binaries: Binaries, extra: Mapping[str, str], progress: Progress) -> Postmaster:
    """
    Start the server and wait until it is ready, through crash recovery where needed (at most 300 s).

    What an earlier run left behind is stopped or waited for (at most 60 s).
    """
    give_up_at = time.monotonic() + RETRY_SECONDS_MAX
    while True:
        stop_strays(layout, progress)
        try:
            return _start_once(layout, binaries, extra, progress)
        except StartFailedError as failed:
            if not failed.may_pass or time.monotonic() > give_up_at:
                raise
            progress("waiting for the remains of an earlier run to disappear")
            time.sleep(0.5)


def _start_once(layout: Layout, binaries: Binaries, extra: Mapping[str, str], progress: Progress) -> Postmaster:
    command = [str(binaries.postgres), *settings.arguments(layout, extra)]
    with _log(layout) as log:
        logged_before = os.fstat(log).st_size
        postmaster = _spawn(layout, command, log)

    def said() -> str:
        with layout.log.open("rb") as file:
            file.seek(logged_before)
            return file.read()[-4000:].decode("utf-8", "replace").strip()

    _await_ready(layout, postmaster, said, progress)
    return postmaster


def _spawn(layout: Layout, command: list[str], log: int) -> Postmaster:
    account = layout.account
    who = ["-", "-"] if account.is_ours else [str(account.uid), str(account.gid)]
    guard = subprocess.Popen(  # noqa: S603 - our own file, our own arguments
        [sys.executable, "-I", "-S", str(GUARD), *who, *command],
        cwd="/", env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
    )  # fmt: skip
    said = guard.stdout.readline() if guard.stdout else b""
    return Postmaster(int(said) if said else 0, guard)


@contextmanager
def _log(layout: Layout) -> Iterator[int]:
    """Give the log, open for appending; a long one is set aside first."""
    if layout.log.exists() and layout.log.stat().st_size > LOG_BYTES_MAX:
        layout.log.replace(layout.log.with_suffix(".log.1"))
    descriptor = os.open(layout.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    keep_owner(layout.log)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _await_ready(layout: Layout, postmaster: Postmaster, log_tail: Callable[[], str], progress: Progress) -> None:
    started_at = tell_at = time.monotonic()
    while not _is_ready(layout, postmaster.pid):
        now = time.monotonic()
        if postmaster.guard.poll() is not None:
            postmaster.discard()
            raise StartFailedError(layout, log_tail())
        if now - started_at > START_SECONDS_MAX:
            postmaster.stop()
            raise StartFailedError(layout, f"not ready after {START_SECONDS_MAX:.0f} s\n{log_tail()}")
        if now - tell_at > PROGRESS_EVERY_SECONDS:
            tell_at = now
            progress(f"PostgreSQL is starting, {now - started_at:.0f} s so far")
        time.sleep(POLL_SECONDS)


def _is_ready(layout: Layout, pid: int) -> bool:
    """Whether the server has written `ready` into its pid file (8th line), as pg_ctl reads it."""
    try:
        lines = (layout.pgdata / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return False
    return postmaster_pid(layout) == pid and lines[7:8] == ["ready   "]
