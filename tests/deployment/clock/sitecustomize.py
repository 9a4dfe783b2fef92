"""
Lets processes under test live later than the machine: by the seconds in the file that REVCYCLE_TEST_CLOCK names.

Python imports this module at its start where its folder is on the path. The services' clock and the sandbox's are the
only ones that are read; both are replaced here, so that months pass in a test of processes as they do in production.
"""

import mmap
import os
import struct
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


def _shifted(file: Path) -> None:
    with file.open("rb") as opened:
        view = mmap.mmap(opened.fileno(), 8, access=mmap.ACCESS_READ)

    def now(*_: object) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=struct.unpack("d", view[:8])[0])

    if "revcycle_sandbox.main" in sys.orig_argv:
        _let_sandbox_read(now)
        return
    from revcycle_kit.clock import SystemClock  # noqa: PLC0415 - only where there is a kit

    SystemClock.now = now  # type: ignore[assignment, method-assign]


def _let_sandbox_read(now: Any) -> None:
    from revcycle_sandbox.service import Post  # noqa: PLC0415 - only in the sandbox's own process

    make = Post.__init__

    def made(self: Post, sandbox: Any, journal: Any, _clock: Any) -> None:
        make(self, sandbox, journal, now)

    Post.__init__ = made  # type: ignore[assignment, method-assign]


if os.environ.get("REVCYCLE_TEST_CLOCK"):
    _shifted(Path(os.environ["REVCYCLE_TEST_CLOCK"]))
