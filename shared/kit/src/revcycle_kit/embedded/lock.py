"""One supervisor per data directory: an advisory lock that the kernel releases when its holder dies."""

import fcntl
import os
import time
from pathlib import Path

from revcycle_kit.embedded.errors import DirectoryInUseError
from revcycle_kit.embedded.layout import LOCK, keep_owner

DYING_SECONDS_MAX = 3.0


class SupervisorLock:
    """Held from `acquire` until `release` or the end of this process, however it ends."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / LOCK
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises DirectoryInUseError, naming the process that has it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        keep_owner(self._path)
        if not _locked(descriptor):
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise DirectoryInUseError(
                f"process {holder} already runs the database in {self._path.parent}; "
                "stop that process, or choose another data directory"
            )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _locked(descriptor: int) -> bool:
    """Try for a moment: a holder that was just killed keeps the lock until the kernel has taken it apart."""
    give_up_at = time.monotonic() + DYING_SECONDS_MAX
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up_at:
                return False
            time.sleep(0.05)
        else:
            return True
