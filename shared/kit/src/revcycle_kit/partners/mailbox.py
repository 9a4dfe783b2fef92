"""
Mailboxes: where files are left for a partner and fetched from one, over SFTP, in a folder, or over HTTPS.

A file appears under its name when it is whole: it is written under a temporary name and renamed. What is fetched is
archived afterwards, so that a crash in between fetches it again and loses nothing.
"""

import asyncio
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

import msgspec

from revcycle_kit.errors import Refusal
from revcycle_kit.partners.client import PartnerClient
from revcycle_kit.partners.kinds import PartnerKind
from revcycle_kit.values import Value

TEMPORARY: Final = (".tmp", ".part", ".filepart", ".writing", ".uploading")
"""Endings under which partners write what is not whole yet."""
_NAME: Final = re.compile(r"(?!\.)[A-Za-z0-9._+=@-]{1,200}")


class RemoteFile(Value):
    """A file as a mailbox lists it; `size` in bytes."""

    name: str
    size: int
    modified_at: datetime | None = None


class Mailbox(Protocol):
    """A place with files that come and files that go."""

    kind: PartnerKind
    """What a second `put` of the same file does at the partner."""
    lists_whole_files: bool
    """True: a listed file is whole. False: it may still be growing; look twice."""

    async def files(self) -> list[RemoteFile]:
        """List the files that wait to be fetched, by name, without those under a temporary name."""
        ...

    async def fetch(self, name: str) -> bytes:
        """Return a file. Raises FileNotFoundError where it is gone, Unavailable where the partner is."""
        ...

    async def put(self, name: str, content: bytes, *, key: str) -> None:
        """Leave a file for the partner; it appears whole or not at all. Raises the outcomes of `partners.outcomes`."""
        ...

    async def archive(self, name: str) -> None:
        """Put a fetched file away; doing it again changes nothing."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class FolderMailbox:
    """A watched folder of this machine, such as one that a partner's own client keeps in step."""

    kind = PartnerKind.NEITHER
    lists_whole_files = False

    def __init__(self, incoming: Path, outgoing: Path, archive: Path) -> None:
        """Name the folders: where files come, where they are left, and where fetched ones go. They are made."""
        self._incoming, self._outgoing, self._archive = incoming, outgoing, archive
        for folder in (incoming, outgoing, archive):
            folder.mkdir(parents=True, exist_ok=True)

    async def files(self) -> list[RemoteFile]:
        return await asyncio.to_thread(self._listed)

    def _listed(self) -> list[RemoteFile]:
        files = []
        for path in sorted(self._incoming.iterdir()):
            if is_listed(path.name) and path.is_file():
                status = path.stat()
                files.append(RemoteFile(path.name, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC)))
        return files

    async def fetch(self, name: str) -> bytes:
        return await asyncio.to_thread((self._incoming / checked(name)).read_bytes)

    async def put(self, name: str, content: bytes, *, key: str) -> None:
        del key  # a folder knows no keys: the kind of this partner says so
        await asyncio.to_thread(self._put, checked(name), content)

    def _put(self, name: str, content: bytes) -> None:
        temporary = self._outgoing / f"{name}.tmp"
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._outgoing / name)

    async def archive(self, name: str) -> None:
        await asyncio.to_thread(self._put_away, checked(name))

    def _put_away(self, name: str) -> None:
        path = self._incoming / name
        if path.exists():
            path.replace(self._archive / name)

    async def close(self) -> None:
        """Hold nothing, so let nothing go."""


class HttpMailbox:
    """
    A mailbox behind an address.

    `GET /mailbox` lists, `GET /mailbox/<name>` fetches, `POST /mailbox/<name>/archive` puts away; files go by
    `POST /batch/<name>`.
    """

    kind = PartnerKind.DEDUPLICATES
    lists_whole_files = True

    def __init__(self, client: PartnerClient) -> None:
        self._client = client

    async def files(self) -> list[RemoteFile]:
        answer = await self._client.request("GET", "/mailbox")
        files = msgspec.json.decode(answer.content, type=_Listing).files
        return sorted((file for file in files if is_listed(file.name)), key=lambda file: file.name)

    async def fetch(self, name: str) -> bytes:
        return (await self._client.request("GET", f"/mailbox/{quote(checked(name))}")).content

    async def put(self, name: str, content: bytes, *, key: str) -> None:
        headers = {"Content-Type": "application/octet-stream"}
        await self._client.post(f"/batch/{quote(checked(name))}", key=key, content=content, headers=headers)

    async def archive(self, name: str) -> None:
        await self._client.post(f"/mailbox/{quote(checked(name))}/archive", key=f"archive {name}")

    async def close(self) -> None:
        await self._client.close()


class _Listing(msgspec.Struct):
    files: list[RemoteFile] = []


def is_listed(name: str) -> bool:
    """Tell whether a file of that name may be fetched: no temporary name, no hidden file, no path."""
    return _NAME.fullmatch(name) is not None and not name.lower().endswith(TEMPORARY)


def checked(name: str) -> str:
    """Return a name that is safe in a folder. Raises Refusal for one that is a path, hidden or temporary."""
    if not is_listed(name):
        raise Refusal("This is no name for a file.", "name", "Use letters, digits and ._+=@- only, at most 200.")
    return name


Settled = dict[str, tuple[int, datetime | None]]


def settled(files: list[RemoteFile], looks: Settled) -> list[RemoteFile]:
    """Return the files whose size and time did not change since the last look, and remember this one in `looks`."""
    unchanged = [file for file in files if looks.get(file.name, _UNSEEN) == (file.size, file.modified_at)]
    looks.clear()
    looks.update({file.name: (file.size, file.modified_at) for file in files})
    return unchanged


_UNSEEN: Final[Any] = object()
