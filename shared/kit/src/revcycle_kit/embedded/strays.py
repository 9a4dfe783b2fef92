"""What an earlier run left behind: a server that still runs, or files that name a process long gone."""

import contextlib
import os
import signal
import time
from pathlib import Path

from revcycle_kit.embedded.errors import EmbeddedPostgresError
from revcycle_kit.embedded.layout import PORT, Layout, Progress

PATIENCE_SECONDS = ((0.0, signal.SIGINT), (30.0, signal.SIGQUIT), (45.0, signal.SIGKILL))
"""When an old server gets which signal: fast shutdown, then without a checkpoint, then the end."""
GIVE_UP_SECONDS = 60.0
PROCESSES = Path("/proc")


def postmaster_pid(layout: Layout) -> int | None:
    """Give the process id in the data directory's postmaster.pid, whether or not it still lives."""
    try:
        first = (layout.pgdata / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n", 1)[0]
        return int(first)
    except (FileNotFoundError, ValueError):
        return None


def stop_strays(layout: Layout, progress: Progress) -> None:
    """
    Stop a server of an earlier run on this data, and remove files that would block the next.

    The caller holds the supervisor's lock, so a server that works here has lost its supervisor. That a process is
    ours is known from its working directory, which every PostgreSQL process sets to its data directory; a process id
    that meanwhile belongs to a stranger is never signalled.
    """
    if not PROCESSES.is_dir():
        return  # elsewhere the server's own checks decide
    started_at = time.monotonic()
    signals = list(PATIENCE_SECONDS)
    while old := processes_on(layout):
        waited = time.monotonic() - started_at
        if waited > GIVE_UP_SECONDS:
            raise EmbeddedPostgresError(
                f"an old server still works on {layout.pgdata} (processes {old}); end it and try again"
            )
        if signals and waited >= signals[0][0]:
            progress("stopping the server that an earlier run left behind")
            _signal(layout, old, signals.pop(0)[1])
        time.sleep(0.05)
    _remove_stale_files(layout)


def processes_on(layout: Layout) -> list[int]:
    """Ids of the living processes that work on this data directory."""
    pgdata = os.path.realpath(layout.pgdata)
    found = []
    for entry in PROCESSES.iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").readlink() == Path(pgdata):
                found.append(int(entry.name))
    return found


def _signal(layout: Layout, old: list[int], number: signal.Signals) -> None:
    """To the old postmaster where it lives, who tells its children; to all of them when it is gone."""
    postmaster = postmaster_pid(layout)
    for pid in [postmaster] if postmaster in old and number != signal.SIGKILL else old:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _remove_stale_files(layout: Layout) -> None:
    """Nothing lives on this data: its pid file and socket lock can only mislead (their process id may be reused)."""
    for path in (layout.pgdata / "postmaster.pid", layout.sockets / f".s.PGSQL.{PORT}.lock"):
        path.unlink(missing_ok=True)
