"""
The key that makes a command safe to repeat, and the hash of what it asked.

The record of answers is kept by who runs the command, in the transaction of its
effects; the edge only reads the key and the request.
"""

import re
from hashlib import sha256
from typing import Annotated, Final

from fastapi import Depends, Header, Request

from revcycle_kit.idempotency import KEY_HEADER, CommandKey

_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}", re.ASCII)


class KeyMissing(Exception):  # noqa: N818 - the caller's omission; over HTTP it is 400
    """A command came without a usable Idempotency-Key."""


async def command_key(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(alias=KEY_HEADER, description="1 to 128 visible characters; the same key repeats the same answer."),
    ] = None,
) -> CommandKey:
    """Read the key of a command. Raises KeyMissing (400)."""
    if idempotency_key is None or not _KEY.fullmatch(idempotency_key):
        raise KeyMissing
    return CommandKey(idempotency_key, request_hash(request, await request.body()))


def request_hash(request: Request, body: bytes) -> bytes:
    """Return what two requests share if, and only if, they ask the same: of method, path, query and body."""
    parts = (request.method.encode(), request.url.path.encode(), request.scope["query_string"], sha256(body).digest())
    return sha256(b"".join(len(part).to_bytes(4) + part for part in parts)).digest()


IdempotencyKey = Annotated[CommandKey, Depends(command_key)]
"""The key of a command, required."""
