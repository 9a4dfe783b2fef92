"""Both key rings, side by side: files, and Vault behind its HTTP API."""

import json
import os
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from revcycle_kit.keyring import KeyRing
from revcycle_kit.keyring_file import FileKeyRing
from revcycle_kit.keyring_vault import VaultKeyRing

Answer = tuple[int, dict[str, Any]]
RingFor = Callable[[str], KeyRing]
TOKEN = "test-token"


@dataclass
class FakeVault:
    """What Vault keeps, and what it answers on the paths that a ring uses (KV version 2, Transit)."""

    kv: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    transit: dict[str, bytes] = field(default_factory=dict)
    deletable: set[str] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    down: bool = False
    url: str = ""

    def answer(self, method: str, path: str, token: str | None, body: dict[str, Any]) -> Answer:
        self.requests.append(f"{method} {path}")
        if self.down:
            return 503, {"errors": ["Vault is sealed"]}
        if token != TOKEN:
            return 403, {"errors": ["permission denied"]}
        _, _, mount, area, name = path.split("/", 4)
        answered: Answer = getattr(self, f"_{mount}_{area}")(method, name, body)
        return answered

    def _secret_data(self, method: str, name: str, body: dict[str, Any]) -> Answer:
        version, held = self.kv.get(name, (0, {}))
        if method == "GET":
            found = {"data": {"data": held, "metadata": {"version": version}}}
            return (200, found) if version else (404, {"errors": []})
        if body["options"]["cas"] != version:
            return 400, {"errors": ["check-and-set parameter did not match the current version"]}
        self.kv[name] = (version + 1, body["data"])
        return 200, {"data": {"version": version + 1}}

    def _secret_metadata(self, method: str, name: str, _: dict[str, Any]) -> Answer:
        assert method == "DELETE"
        self.kv.pop(name, None)
        return 204, {}

    def _transit_keys(self, method: str, name: str, body: dict[str, Any]) -> Answer:
        key, _, config = name.partition("/")
        if config == "config" and body["deletion_allowed"]:
            self.deletable.add(key)
        elif method == "DELETE":
            if key not in self.deletable:
                return 400, {"errors": ["deletion is not allowed for this key"]}
            del self.transit[key]
        elif method == "GET":
            return (200, {"data": {"name": key}}) if key in self.transit else (404, {"errors": []})
        else:
            self.transit.setdefault(key, os.urandom(32))
        return 204, {}

    def _transit_encrypt(self, _: str, name: str, body: dict[str, Any]) -> Answer:
        nonce = os.urandom(12)
        sealed = nonce + AESGCM(self.transit[name]).encrypt(nonce, b64decode(body["plaintext"]), None)
        return 200, {"data": {"ciphertext": "vault:v1:" + b64encode(sealed).decode()}}

    def _transit_decrypt(self, _: str, name: str, body: dict[str, Any]) -> Answer:
        if name not in self.transit:
            return 400, {"errors": ["encryption key not found"]}
        sealed = b64decode(body["ciphertext"].removeprefix("vault:v1:"))
        plain = AESGCM(self.transit[name]).decrypt(sealed[:12], sealed[12:], None)
        return 200, {"data": {"plaintext": b64encode(plain).decode()}}


def _handler(fake: FakeVault) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            status, answer = fake.answer(self.command, self.path, self.headers.get("X-Vault-Token"), body)
            raw = b"" if status == 204 else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_DELETE = _serve  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: Any) -> None:
            """Stay silent."""

    return Handler


@pytest.fixture
def vault() -> Iterator[FakeVault]:
    fake = FakeVault()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def vault_ring(vault: FakeVault) -> Iterator[RingFor]:
    with httpx.Client(base_url=vault.url) as client:
        yield lambda service: VaultKeyRing(client, service, token=lambda: TOKEN)


@pytest.fixture(params=["files", "vault"])
def ring_for(request: pytest.FixtureRequest, tmp_path: Path) -> RingFor:
    """Return what makes one service's view of a key ring, for each kind of ring."""
    if request.param == "files":
        return lambda service: FileKeyRing(tmp_path / "keys", service)
    made: RingFor = request.getfixturevalue("vault_ring")
    return made


@pytest.fixture
def file_ring(tmp_path: Path) -> RingFor:
    return lambda service: FileKeyRing(tmp_path / "keys", service)
