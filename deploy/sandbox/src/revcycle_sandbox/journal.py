"""The journal of a sandbox that runs on: what came, on disk before it is answered, and when it was taken in."""

import os
from datetime import datetime
from pathlib import Path

import msgspec

from revcycle_sandbox.parcels import Parcel


class Came(msgspec.Struct, frozen=True, tag="came"):
    """Something entered the inbox."""

    parcel: Parcel


class Inquired(msgspec.Struct, frozen=True, tag="inquired"):
    """An inquiry was answered in real time."""

    at: datetime
    interchange: bytes


class Stepped(msgspec.Struct, frozen=True, tag="stepped"):
    """What had come so far was taken in."""

    at: datetime


class Taken(msgspec.Struct, frozen=True, tag="taken"):
    """What the sandbox sent is with whom it was for."""

    numbers: tuple[int, ...]


Entry = Came | Inquired | Stepped | Taken


class Journal:
    """A file of lines that only grows; readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._path = path

    def entries(self) -> list[Entry]:
        """Read every line; one that a crash cut off was never answered, and is cut away."""
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.ftruncate(self._descriptor, len(whole))
        return [msgspec.json.decode(line, type=Entry) for line in whole.splitlines()]

    def write(self, entry: Entry) -> None:
        """Add a line; all but what was taken is on disk when this returns: that may come twice."""
        os.write(self._descriptor, msgspec.json.encode(entry) + b"\n")
        if not isinstance(entry, Taken):
            os.fsync(self._descriptor)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)
