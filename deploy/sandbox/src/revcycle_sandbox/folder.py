"""
The clearinghouse behind a folder that an SFTP server serves: `in/`, `out/`, `archive/`.

A client puts its files into `in/` and finds what comes for it in `out/`; what it has, it archives or removes.
This partner neither knows a file again nor can it be asked: a file that is put there twice is taken twice.
"""

import os
import time
from itertools import count
from pathlib import Path
from typing import Final

from revcycle_sandbox.parcels import Parcel
from revcycle_sandbox.program import SandboxProgram

TEMPORARY: Final = (".tmp", ".part", ".filepart")
Look = tuple[int, int]
"""Size and time of change, as last seen."""


class FolderDoor:
    """Carries files between a folder and the program; `poll` looks once."""

    def __init__(self, program: SandboxProgram, folder: Path) -> None:
        self._program = program
        self._in, self._out, self._archive = (folder / name for name in ("in", "out", "archive"))
        self._taking = folder / ".taking"
        for place in (self._in, self._out, self._archive, self._taking):
            place.mkdir(parents=True, exist_ok=True)
        self._numbers = count()
        self._seen: dict[str, Look] = {}
        self._placed = {path.name for path in self._out.iterdir()}

    def poll(self) -> bool:
        """Take what is complete, and place what waits; True when anything moved."""
        moved = [self._take_over(), self._take(), self._let_go(), self._place()]
        return any(moved)

    def _take_over(self) -> bool:
        """Move complete files out of the clients' sight: one that has not changed since the last look is complete."""
        looked = {path.name: _look(path) for path in self._in.iterdir() if not _is_temporary(path)}
        complete = sorted(name for name, look in looked.items() if self._seen.get(name) == look)
        self._seen = looked
        for name in complete:
            (self._in / name).rename(self._taking / f"{time.time_ns():020}{next(self._numbers):06}-{name}")
        return bool(complete)

    def _take(self) -> bool:
        """Hand over what was moved, under the name it got then: after a crash it is the same file, and taken once."""
        taken = sorted(self._taking.iterdir())
        for path in taken:
            _, _, name = path.name.partition("-")
            self._program.take(
                Parcel(
                    channel="x12.batch",
                    sender="SFTP",
                    receiver="SANDBOX",
                    content=path.read_bytes(),
                    name=name,
                    meta={"key": path.name},
                )
            )
            path.unlink()
        return bool(taken)

    def _let_go(self) -> bool:
        """Archive what the client moved away, or removed."""
        gone = sorted(name for name in self._placed if not (self._out / name).exists())
        for name in gone:
            self._program.archive(name)
        self._placed -= set(gone)
        return bool(gone)

    def _place(self) -> bool:
        """Write what waits in the mailbox, whole or not at all."""
        fresh = [file.name for file in self._program.files() if file.name not in self._placed]
        for name in fresh:
            if (self._archive / name).exists():
                self._program.archive(name)
                continue
            half = self._out / f".{name}.tmp"
            with half.open("wb") as file:
                file.write(self._program.file(name))
                os.fsync(file.fileno())
            half.rename(self._out / name)
            self._placed.add(name)
        return bool(fresh)


def _is_temporary(path: Path) -> bool:
    return path.name.startswith(".") or path.name.endswith(TEMPORARY)


def _look(path: Path) -> Look:
    seen = path.stat()
    return seen.st_size, seen.st_mtime_ns
