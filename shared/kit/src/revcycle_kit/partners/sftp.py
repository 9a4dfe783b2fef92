"""
A mailbox over SFTP: one connection that is kept, opened anew where it is lost; the host's key is pinned.

Nothing is trusted on first use: without the host key that the partner gave, nobody is reached.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

import asyncssh

from revcycle_kit.errors import Unavailable
from revcycle_kit.partners.kinds import PartnerKind
from revcycle_kit.partners.mailbox import RemoteFile, checked, is_listed
from revcycle_kit.partners.outcomes import CredentialRefused, OutcomeUnknown, Rejected
from revcycle_kit.values import Value

FILE_BYTES_MAX: Final = 200_000_000
CONNECT_SECONDS: Final = 20
CALL_SECONDS: Final = 120.0


class SftpAddress(Value, kw_only=True):
    """Where an SFTP mailbox is and how one gets in; `incoming`, `outgoing`, `archive` are the partner's folders."""

    host: str
    user: str
    host_key: str
    """The server's public key as the partner gave it: `ssh-ed25519 AAAA…`."""
    client_key: Path | None = None
    """The file with our private key, read anew for each connection."""
    password_file: Path | None = None
    port: int = 22
    incoming: str = "out"
    """Where the partner leaves files for us."""
    outgoing: str = "in"
    """Where the partner takes files from us."""
    archive: str = ""
    """Where fetched files go at the partner; empty: they are removed there."""


class SftpMailbox:
    """A partner's mailbox over SFTP; see the module."""

    kind = PartnerKind.NEITHER
    lists_whole_files = False

    def __init__(self, name: str, address: SftpAddress) -> None:
        """Make a mailbox; `name` is what a person calls the partner (`the clearinghouse`)."""
        self.name = name
        self._address = address
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None
        self._lock = asyncio.Lock()

    async def files(self) -> list[RemoteFile]:
        async with self._session() as client:
            entries = [entry async for entry in client.scandir(self._address.incoming)]
        return sorted(
            (
                RemoteFile(str(entry.filename), entry.attrs.size or 0, _instant(entry.attrs.mtime))
                for entry in entries
                if is_listed(str(entry.filename)) and entry.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR
            ),
            key=lambda file: file.name,
        )

    async def fetch(self, name: str) -> bytes:
        path = self._incoming(name)
        async with self._session() as client, client.open(path, "rb") as file:
            content: bytes = await file.read(FILE_BYTES_MAX + 1)
        if len(content) > FILE_BYTES_MAX:
            raise Rejected(self.name, f"a file of more than {FILE_BYTES_MAX} bytes")
        return content

    async def put(self, name: str, content: bytes, *, key: str) -> None:
        """Write under a temporary name, then rename; what fails after the rename began leaves the outcome unknown."""
        del key  # a mailbox knows no keys: the kind of this partner says so
        path = str(PurePosixPath(self._address.outgoing) / checked(name))
        async with self._session() as client:
            async with client.open(f"{path}.tmp", "wb") as file:
                await file.write(content)
            try:
                await client.posix_rename(f"{path}.tmp", path)
            except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, OSError, TimeoutError) as failure:
                raise OutcomeUnknown(self.name, type(failure).__name__) from failure

    async def archive(self, name: str) -> None:
        path = self._incoming(name)
        async with self._session() as client:
            try:
                if self._address.archive:
                    await client.posix_rename(path, str(PurePosixPath(self._address.archive) / name))
                else:
                    await client.remove(path)
            except asyncssh.SFTPNoSuchFile:
                return  # put away before a crash

    async def close(self) -> None:
        async with self._lock:
            await self._hang_up()

    def _incoming(self, name: str) -> str:
        return str(PurePosixPath(self._address.incoming) / checked(name))

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[asyncssh.SFTPClient]:
        """Lend the connection, one call at a time; a failure of it is told in our words, and it is opened anew."""
        async with self._lock:
            try:
                async with asyncio.timeout(CALL_SECONDS):
                    yield await self._open()
            except asyncssh.SFTPNoSuchFile as failure:
                raise FileNotFoundError(str(failure.reason)) from None
            except (asyncssh.PermissionDenied, asyncssh.KeyImportError) as failure:
                await self._hang_up()
                raise CredentialRefused(f"{self.name} ({type(failure).__name__})") from None
            except (asyncssh.SFTPPermissionDenied, asyncssh.SFTPFailure) as failure:
                raise Unavailable(f"{self.name} ({type(failure).__name__})") from None
            except (asyncssh.Error, OSError, TimeoutError) as failure:
                await self._hang_up()
                raise Unavailable(f"{self.name} ({type(failure).__name__})") from None

    async def _open(self) -> asyncssh.SFTPClient:
        if self._client is None or self._connection is None or self._connection.is_closed():
            address = self._address
            host = f"[{address.host}]:{address.port}" if address.port != asyncssh.DEFAULT_PORT else address.host
            self._connection = await asyncssh.connect(
                address.host,
                address.port,
                username=address.user,
                password=_secret(address.password_file),
                client_keys=[str(address.client_key)] if address.client_key else None,
                known_hosts=asyncssh.import_known_hosts(f"{host} {address.host_key}\n"),
                agent_path=None,
                config=None,
                connect_timeout=CONNECT_SECONDS,
                keepalive_interval=30,
            )
            self._client = await self._connection.start_sftp_client()
        return self._client

    async def _hang_up(self) -> None:
        connection, self._connection, self._client = self._connection, None, None
        if connection is not None:
            connection.abort()


def _secret(path: Path | None) -> str | None:
    return path.read_text().strip() if path else None


def _instant(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
