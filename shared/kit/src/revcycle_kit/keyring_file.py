"""
The key ring of one machine: files that only their owner can read.

One folder per service, one file (0600) per tenant it was granted. Each look is
one `stat`, so a destroyed or rotated key is noticed at once, by every process.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast
from uuid import UUID

from revcycle_kit.errors import Unavailable
from revcycle_kit.keyring import Document, ShelfKeyRing

_OURS_ALONE: Final = 0o700
_OTHERS: Final = 0o077

_Stamp = tuple[int, int, int]


class FileKeyRing(ShelfKeyRing):
    """Keys in a directory (made 0700 where absent). Raises Unavailable if others can read it."""

    def __init__(self, directory: Path, service: str) -> None:
        super().__init__(_FileShelf(directory), service)


class _FileShelf:
    remote = False

    def __init__(self, directory: Path) -> None:
        self._root = directory
        _private(directory)
        self._held: dict[str, tuple[_Stamp, Document]] = {}

    def read(self, name: str) -> Document | None:
        path = self._path(name)
        try:
            status = os.stat(path)  # noqa: PTH116 - on every opening; Path would cost as much again
        except FileNotFoundError:
            self._held.pop(name, None)
            return None
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        held = self._held.get(name)
        if held is None or held[0] != stamp:
            held = self._held[name] = (stamp, _parsed(path))
        return held[1]

    def write(self, name: str, document: Document, *, tenant_id: UUID) -> None:  # noqa: ARG002 - Vault wraps by tenant
        path = Path(self._path(name))
        _private(path.parent)
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump(document, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync(path.parent)

    def remove(self, name: str) -> None:
        path = Path(self._path(name))
        path.unlink(missing_ok=True)
        if path.parent.exists():
            _sync(path.parent)

    def forget_tenant(self, tenant_id: UUID) -> None:
        """Nothing stands behind the files."""

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        descriptor = os.open(self._root / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}.json"


def _private(directory: Path) -> None:
    """Make the directory ours alone, or refuse one that others may enter."""
    directory.mkdir(mode=_OURS_ALONE, parents=True, exist_ok=True)
    if directory.stat().st_mode & _OTHERS:
        raise Unavailable("the key directory: others can read it; set its mode to 0700")


def _parsed(path: str) -> Document:
    try:
        with Path(path).open(encoding="ascii") as file:
            if os.fstat(file.fileno()).st_mode & _OTHERS:
                raise Unavailable("a key file: others can read it; set its mode to 0600 and rotate the key")
            return cast("Document", json.load(file))
    except (OSError, ValueError):
        raise Unavailable("a key file: it cannot be read; restore it from the backup of the keys") from None


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
