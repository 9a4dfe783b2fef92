"""The sandbox's HTTP: parse, hand to the post, answer."""

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import ClassVar, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from revcycle_sandbox.parcels import Parcel
from revcycle_sandbox.service import Post

BODY_BYTES_MAX: Final = 50_000_000
LIMIT_MAX: Final = 1_000


class Handler(BaseHTTPRequestHandler):
    """One request; a subclass names the post and the world."""

    post: ClassVar[Post]
    world: ClassVar[bytes]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/health":
            self._answer(HTTPStatus.OK, self.post.health())
        elif asked.path == "/world":
            self._answer(HTTPStatus.OK, msgspec.Raw(self.world))
        elif asked.path == "/parcels":
            self._hand_out(parse_qs(asked.query))
        else:
            self._refuse(HTTPStatus.NOT_FOUND, f"nothing is at {asked.path}", "ask /parcels, /world or /health")

    def _hand_out(self, query: dict[str, list[str]]) -> None:
        try:
            after, limit = (int(query.get(name, [default])[0]) for name, default in (("after", "0"), ("limit", "100")))
            taken = int(query["taken"][0]) if "taken" in query else None
        except ValueError:
            self._refuse(
                HTTPStatus.UNPROCESSABLE_ENTITY, "after, taken and limit are whole numbers", "?after=0&limit=100"
            )
            return
        self._answer(HTTPStatus.OK, {"parcels": self.post.hand_out(after, max(0, min(limit, LIMIT_MAX)), taken)})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/parcels" or not 0 < length <= BODY_BYTES_MAX:
            self.close_connection = True
            self._refuse(HTTPStatus.BAD_REQUEST, "no parcel of at most 50 MB in it", "POST /parcels with a JSON body")
            return
        try:
            told = msgspec.json.decode(self.rfile.read(length), type=Parcel | list[Parcel])
        except msgspec.DecodeError as error:
            self._refuse(
                HTTPStatus.UNPROCESSABLE_ENTITY, str(error), "send channel, sender, receiver, content in base64"
            )
            return
        answers = self.post.take(told if isinstance(told, list) else [told])
        self._answer(HTTPStatus.OK, {"parcels": answers})

    def _refuse(self, status: HTTPStatus, problem: str, fix: str) -> None:
        self._answer(status, {"title": status.phrase, "status": status.value, "detail": problem, "fix": fix})

    def _answer(self, status: HTTPStatus, body: object) -> None:
        content = msgspec.json.encode(body)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet: paths and bodies may name people."""
