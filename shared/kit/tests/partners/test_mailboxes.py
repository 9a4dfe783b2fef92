"""Every mailbox keeps the same promises: over SFTP to a real OpenSSH server, in a folder, and over HTTP."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import httpx
import pytest

from revcycle_kit.errors import Refusal, Unavailable
from revcycle_kit.partners.client import PartnerClient
from revcycle_kit.partners.mailbox import FolderMailbox, HttpMailbox, Mailbox
from revcycle_kit.partners.outcomes import CredentialRefused
from revcycle_kit.partners.sftp import SftpMailbox
from revcycle_kit.testing.openssh import OpenSshServer
from revcycle_kit.values import replace


@dataclass(slots=True)
class Partner:
    """The other side of a mailbox: leaves files there, and sees what was left for it."""

    mailbox: Mailbox
    leave: Callable[[str, bytes], None]
    received: Callable[[], dict[str, bytes]]
    archived: Callable[[], set[str]]


class HttpPartner:
    """A partner's mailbox behind an address, in memory."""

    def __init__(self) -> None:
        self.waiting: dict[str, bytes] = {}
        self.received: dict[str, bytes] = {}
        self.archived: set[str] = set()
        self._keys: set[str] = set()

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer as the partner does."""
        match request.method, request.url.path.strip("/").split("/"):
            case "GET", ["mailbox"]:
                listed = [{"name": name, "size": len(content)} for name, content in self.waiting.items()]
                return httpx.Response(200, json={"files": listed})
            case "GET", ["mailbox", name]:
                return httpx.Response(200, content=self.waiting[name])
            case "POST", ["mailbox", name, "archive"]:
                self.archived |= {name} & self.waiting.keys()
                self.waiting.pop(name, None)
                return httpx.Response(204)
            case "POST", ["batch", name]:
                if request.headers["Idempotency-Key"] not in self._keys:
                    self.received[name] = self.received.get(name, b"") + request.content
                self._keys.add(request.headers["Idempotency-Key"])
                return httpx.Response(202)
        return httpx.Response(404)


def _http() -> Partner:
    partner = HttpPartner()
    mailbox = HttpMailbox(PartnerClient("the partner", "http://p", transport=httpx.MockTransport(partner.answer)))
    return Partner(mailbox, partner.waiting.__setitem__, lambda: partner.received, lambda: partner.archived)


def _in_folders(mailbox: Mailbox, home: Path) -> Partner:
    def leave(name: str, content: bytes) -> None:
        (home / "out" / name).write_bytes(content)

    def received() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (home / "in").iterdir()}

    return Partner(mailbox, leave, received, lambda: {path.name for path in (home / "archive").iterdir()})


@pytest.fixture(params=["http", "folder", "sftp"])
async def partner(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Partner]:
    made: Partner
    if request.param == "http":
        made = _http()
    elif request.param == "folder":
        made = _in_folders(FolderMailbox(tmp_path / "out", tmp_path / "in", tmp_path / "archive"), tmp_path)
    else:
        server: OpenSshServer = request.getfixturevalue("openssh")
        for path in server.home.glob("*/*"):
            path.unlink()
        made = _in_folders(SftpMailbox("the partner", server.address()), server.home)
    yield made
    await made.mailbox.close()


async def test_what_is_left_arrives_whole_under_its_name_alone(partner: Partner) -> None:
    await partner.mailbox.put("837P_000000001.x12", b"ISA*00~" * 1_000, key="k1")
    assert {"837P_000000001.x12": b"ISA*00~" * 1_000} == partner.received()


async def test_the_same_file_left_twice_stands_there_once(partner: Partner) -> None:
    await partner.mailbox.put("a.x12", b"ISA", key="k1")
    await partner.mailbox.put("a.x12", b"ISA", key="k1")
    assert {"a.x12": b"ISA"} == partner.received()


async def test_files_are_listed_by_name_and_fetched_as_they_are(partner: Partner) -> None:
    partner.leave("b.835", b"\x00\xffpaid")
    partner.leave("a.999", b"")
    assert [("a.999", 0), ("b.835", 6)] == [(file.name, file.size) for file in await partner.mailbox.files()]
    assert b"\x00\xffpaid" == await partner.mailbox.fetch("b.835")


@pytest.mark.parametrize("name", [".hidden", "a.x12.tmp", "a.PART", "a.filepart"])
async def test_what_is_not_whole_is_not_listed(partner: Partner, name: str) -> None:
    partner.leave(name, b"half")
    assert [] == await partner.mailbox.files()


async def test_an_archived_file_waits_no_more_and_archiving_again_changes_nothing(partner: Partner) -> None:
    partner.leave("b.835", b"paid")
    await partner.mailbox.archive("b.835")
    await partner.mailbox.archive("b.835")
    assert [] == await partner.mailbox.files()
    assert {"b.835"} == partner.archived()


@pytest.mark.parametrize("name", ["../b.835", "in/b.835", "", ".b", "b.tmp", "b 835", "b\n835"])
async def test_a_name_that_leads_elsewhere_is_refused(partner: Partner, name: str) -> None:
    with pytest.raises(Refusal):
        await partner.mailbox.put(name, b"", key="k")
    with pytest.raises(Refusal):
        await partner.mailbox.fetch(name)
    with pytest.raises(Refusal):
        await partner.mailbox.archive(name)


# over SFTP alone


async def test_a_lost_connection_is_unavailable_and_opened_anew(openssh: OpenSshServer) -> None:
    mailbox = SftpMailbox("the partner", openssh.address())
    assert isinstance(await mailbox.files(), list)
    openssh.kill()
    try:
        with pytest.raises(Unavailable, match="the partner"):
            await mailbox.files()
    finally:
        openssh.start()
    assert isinstance(await mailbox.files(), list)
    await mailbox.close()


async def test_a_server_with_another_key_than_the_pinned_one_is_not_talked_to(openssh: OpenSshServer) -> None:
    other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8zv1kS3l3t4wJZkq3sY2q3m0fYb8m0l0b3n0Q2hW1x"
    mailbox = SftpMailbox("the partner", replace(openssh.address(), host_key=other))
    with pytest.raises(Unavailable, match="HostKeyNotVerifiable"):
        await mailbox.files()


async def test_a_key_that_the_server_does_not_know_is_a_refused_credential(
    openssh: OpenSshServer, tmp_path: Path
) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "other")
    mailbox = SftpMailbox("the partner", replace(openssh.address(), client_key=tmp_path / "other"))
    with pytest.raises(CredentialRefused, match="PermissionDenied"):
        await mailbox.files()
