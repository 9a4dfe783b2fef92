"""One supervisor per data directory: an advisory lock that the kernel releases when its holder dies."""

import fcntl
import os
from pathlib import Path

from revcycle_kit.embedded.errors import DirectoryInUseError

LOCK_FILE = "supervisor.lock"


class SupervisorLock:
    """Held from `acquire` until `release` or the end of this process, however it ends."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / LOCK_FILE
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises DirectoryInUseError, naming the process that has it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise DirectoryInUseError(
                f"process {holder} already runs the database in {self._path.parent}; "
                "stop that process, or choose another data directory"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
