"""
Lets processes under test live later than the machine: by the seconds in the file that REVCYCLE_TEST_CLOCK names.

Python imports this module at its start where its folder is on the path. The kit's clock is the only one that is read;
it is replaced here, so that months pass in a test of processes as they do in production.
"""

import mmap
import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path


def _shifted(file: Path) -> None:
    from revcycle_kit.clock import SystemClock  # noqa: PLC0415 - only in a process under test

    with file.open("rb") as opened:
        view = mmap.mmap(opened.fileno(), 8, access=mmap.ACCESS_READ)

    def now(*_: object) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=struct.unpack("d", view[:8])[0])

    SystemClock.now = now  # type: ignore[assignment, method-assign]


if os.environ.get("REVCYCLE_TEST_CLOCK"):
    _shifted(Path(os.environ["REVCYCLE_TEST_CLOCK"]))
