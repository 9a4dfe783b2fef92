"""
The sandbox's doors, as real partners have them: an ASGI application that partners' live clients reach.

A clearinghouse (`POST /batch/<name>`, `POST /realtime`, the mailbox), a vendor that carries letters to payers
(`POST /letters`), and one that prints statements (`POST /mail`). What is handed over is *taken* (202) once it is in the
inbox; the sandbox never calls out inside a request.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from typing import Any, Final

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from revcycle_sandbox.parcels import Parcel
from revcycle_sandbox.patients import Statement
from revcycle_sandbox.program import SandboxProgram
from revcycle_x12 import X12Error

BODY_BYTES_MAX: Final = 50_000_000
EDI: Final = "application/edi-x12"
SENDER: Final = "REVCYCLE"


class _RefusedError(Exception):
    """A request that nobody can use: what is wrong, and what to send instead."""

    def __init__(self, status: HTTPStatus, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.status = status
        self.fix = fix


class _Cover(msgspec.Struct):
    """The cover of a letter to a guarantor, as far as the sandbox reads it."""

    document: str = ""
    account_id: str = ""
    statement_id: str = ""
    number: int = 0
    balance_cents: int = 0
    billing_entity_id: str = ""
    encounter_ids: list[str] = []


class _Letter(msgspec.Struct):
    """A letter to a guarantor: its cover (JSON) and the document in base64."""

    cover: str
    document: str


class _Doors:
    """What stands behind each route."""

    def __init__(self, program: SandboxProgram, references: Mapping[str, str]) -> None:
        self._program = program
        self._references = references

    async def answer(self, request: Request) -> Response:
        """Answer a 270, 276 or 278."""
        try:
            return Response(self._program.answer(await _body(request)), media_type=EDI)
        except X12Error as error:
            raise _RefusedError(
                HTTPStatus.BAD_REQUEST, str(error), "send an interchange with a 270, 276 or 278"
            ) from error

    async def take_batch(self, request: Request) -> Response:
        """Take a file of claims; TA1, 999 and 277CA come into the mailbox."""
        name = request.path_params["name"]
        return self._taken(request, "x12.batch", await _body(request), name=name)

    async def take_letter(self, request: Request) -> Response:
        """Take an appeal; the payer reads the cover sheet."""
        parts = parts_of(request.headers.get("Content-Type", ""), await _body(request))
        if "cover" not in parts or "letter" not in parts:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "no cover and letter in it", "send both as parts of a form")
        return self._taken(request, "appeal", parts["cover"])

    async def take_mail(self, request: Request) -> Response:
        """Take a letter to a guarantor; only a statement moves anybody to pay."""
        try:
            letter = msgspec.json.decode(await _body(request), type=_Letter)
            base64.b64decode(letter.document, validate=True)
            cover = msgspec.json.decode(letter.cover, type=_Cover)
        except (msgspec.DecodeError, binascii.Error) as error:
            raise _RefusedError(
                HTTPStatus.BAD_REQUEST, str(error), "send `cover` (JSON) and `document` (in base64)"
            ) from error
        if cover.document != "statement":
            return _accepted()
        return self._taken(request, "statement", msgspec.json.encode(self._statement(cover)))

    def _statement(self, cover: _Cover) -> Statement:
        visits = [self._references.get(encounter_id, "") for encounter_id in cover.encounter_ids]
        return Statement(
            account_id=cover.account_id,
            statement_id=cover.statement_id,
            number=cover.number,
            balance_cents=cover.balance_cents,
            billing_entity=self._references.get(cover.billing_entity_id, ""),
            guarantor=cover.account_id,
            visit_numbers=tuple(visit for visit in visits if visit),
        )

    def _taken(self, request: Request, channel: str, content: bytes, *, name: str = "") -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "no Idempotency-Key", "name each thing once: it is taken once")
        self._program.take(
            Parcel(channel=channel, sender=SENDER, receiver="SANDBOX", content=content, name=name, meta={"key": key})
        )
        return _accepted()

    async def list_files(self, _: Request) -> Response:
        """List the files that wait to be picked up."""
        return _json({"files": self._program.files()})

    async def fetch_file(self, request: Request) -> Response:
        """Give one file."""
        try:
            return Response(self._program.file(request.path_params["name"]), media_type=EDI)
        except KeyError as error:
            raise _RefusedError(HTTPStatus.NOT_FOUND, "no such file", "list the mailbox: it may be archived") from error

    async def archive_file(self, request: Request) -> Response:
        """Put a file away that was picked up; doing it again changes nothing."""
        self._program.archive(request.path_params["name"])
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def health(self, _: Request) -> Response:
        """Say that it lives, and how much waits."""
        return _json({"status": "pass", "waiting": self._program.waiting})


def build_app(program: SandboxProgram, references: Mapping[str, str] | None = None) -> Starlette:
    """
    Make the application.

    `references` says which visit, or payee, is meant by an id that the biller's letters print.
    """
    doors = _Doors(program, references or {})
    posts: dict[str, Callable[[Request], Awaitable[Response]]] = {
        "/realtime": doors.answer,
        "/x12/realtime": doors.answer,
        "/batch/{name:path}": doors.take_batch,
        "/letters": doors.take_letter,
        "/mail": doors.take_mail,
        "/mailbox/{name}/archive": doors.archive_file,
    }
    gets = {"/health": doors.health, "/mailbox": doors.list_files, "/mailbox/{name}": doors.fetch_file}
    return Starlette(
        routes=[
            *(Route(path, handler, methods=["POST"]) for path, handler in posts.items()),
            *(Route(path, handler) for path, handler in gets.items()),
        ],
        exception_handlers={_RefusedError: _refuse},
    )


async def _body(request: Request) -> bytes:
    """Read what was sent, up to a limit."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > BODY_BYTES_MAX:
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "more than 50 MB", "send smaller files")
    return bytes(content)


def parts_of(content_type: str, body: bytes) -> dict[str, bytes]:
    """Return the parts of a multipart form by name."""
    form = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    parts = {}
    for part in form.iter_parts():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            parts[str(part.get_param("name", header="Content-Disposition"))] = content
    return parts


def _accepted() -> Response:
    return _json({"status": "taken"}, HTTPStatus.ACCEPTED)


def _json(body: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")


async def _refuse(_: Request, refused: Exception) -> Response:
    if not isinstance(refused, _RefusedError):
        raise refused
    body = {"title": refused.status.phrase, "status": refused.status.value, "detail": str(refused), "fix": refused.fix}
    return _json(body, refused.status)
