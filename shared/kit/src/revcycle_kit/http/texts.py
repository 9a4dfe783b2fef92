"""
No U+0000 in any text: PostgreSQL keeps none, neither in text nor in jsonb.

It is refused before a route sees it, because commands share transactions: one text that cannot be kept would take its
neighbours down with it.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError

_NUL: Final = "\x00"
_ESCAPED: Final = b"\\u0000"

Place = tuple[str | int, ...]


async def keepable(request: Request) -> None:
    """Refuse (422) a request with U+0000 in its path, its query or a text of its JSON body."""
    places = [*_in_address(request), *await _in_body(request)]
    if places:
        raise RequestValidationError([{"type": "nul", "loc": place} for place in places])


def _in_address(request: Request) -> Iterator[Place]:
    for name, value in request.path_params.items():
        if _NUL in str(value):
            yield "path", name
    for name, value in request.query_params.multi_items():
        if _NUL in name + value:
            yield "query", name


async def _in_body(request: Request) -> list[Place]:
    kind = request.headers.get("content-type", "")
    if kind and "json" not in kind.lower():
        return []
    body = await request.body()
    if _ESCAPED not in body:
        return []
    try:
        return list(_in_value(json.loads(body)))
    except (ValueError, RecursionError):
        return []  # no JSON: the route says so in its own way


def _in_value(root: Any) -> Iterator[Place]:
    waiting: list[tuple[Place, Any]] = [(("body",), root)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str):
            if _NUL in value:
                yield place
        elif isinstance(value, dict):
            waiting += [((*place, name), below) for name, below in value.items()]
            if any(_NUL in name for name in value):
                yield place
        elif isinstance(value, list):
            waiting += [((*place, number), below) for number, below in enumerate(value)]
