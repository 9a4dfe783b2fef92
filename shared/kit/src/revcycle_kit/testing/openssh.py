"""
A real OpenSSH server for tests: Debian's `openssh-server`, on a port and with keys of its own, below one folder.

Use from a root conftest.py: `pytest_plugins = ["revcycle_kit.testing.openssh"]`. Where there is no server the tests are
skipped and say so; with CI=true they fail.
"""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from revcycle_kit.partners.sftp import SftpAddress

PROGRAM = "/usr/sbin/sshd"
SKIPPED = "no OpenSSH server here (Debian: openssh-server)"
START_SECONDS = 10.0


class OpenSshServer:
    """A server that can be stopped and started again; its user's folder is `home`."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        for place in ("in", "out", "archive"):
            (self.home / place).mkdir(parents=True, exist_ok=True)
        for name in ("host_key", "client_key"):
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL)  # noqa: S603 - a program of Debian's
        self.port = _free_port()
        (folder / "authorized_keys").write_text((folder / "client_key.pub").read_text())
        (folder / "authorized_keys").chmod(0o600)
        (folder / "sshd_config").write_text(self._configuration())

    def address(self) -> SftpAddress:
        """Return where it is and how one gets in."""
        return SftpAddress(
            host="127.0.0.1",
            port=self.port,
            user=pwd.getpwuid(os.getuid()).pw_name,
            host_key=" ".join((self._folder / "host_key.pub").read_text().split()[:2]),
            client_key=self._folder / "client_key",
            incoming=str(self.home / "out"),
            outgoing=str(self.home / "in"),
            archive=str(self.home / "archive"),
        )

    def start(self) -> None:
        """Start it and wait until it greets."""
        command = [PROGRAM, "-D", "-e", "-f", str(self._folder / "sshd_config")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)  # noqa: S603
        deadline = time.monotonic() + START_SECONDS
        while not self._greets():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError(f"sshd did not start: {(self._folder / 'log').read_text()[-500:]}")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it and every connection at once."""
        if self._process is None:
            return
        for child in _children(self._process.pid):
            with suppress(ProcessLookupError):
                os.kill(child, 9)
        self._process.kill()
        self._process.wait()
        self._process = None

    def _greets(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            return connection.recv(4) == b"SSH-"
        return False

    def _configuration(self) -> str:
        return "\n".join(
            (
                f"Port {self.port}",
                "ListenAddress 127.0.0.1",
                f"HostKey {self._folder / 'host_key'}",
                f"AuthorizedKeysFile {self._folder / 'authorized_keys'}",
                f"PidFile {self._folder / 'pid'}",
                "PasswordAuthentication no",
                "UsePAM no",
                "StrictModes no",
                "PermitRootLogin prohibit-password",
                "Subsystem sftp internal-sftp",
                "",
            )
        )


def _children(pid: int) -> list[int]:
    """Return every process below one, the deepest first."""
    with suppress(OSError):
        below = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return [deeper for child in below for deeper in (*_children(child), child)]
    return []


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="session")
def openssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSshServer]:
    """Lend a running server."""
    if not Path(PROGRAM).exists() or shutil.which("ssh-keygen") is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{SKIPPED}, and CI=true forbids to skip", pytrace=False)
        pytest.skip(SKIPPED)
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd as root insists on it
    server = OpenSshServer(tmp_path_factory.mktemp("openssh"))
    server.start()
    yield server
    server.kill()
