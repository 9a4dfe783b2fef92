"""
Pages by cursor: the cursor is the sort key of the last row seen, opaque to the caller.

Unlike an offset it neither skips nor repeats rows while others are added. It is
checked when it comes back; with a key it is signed as well. Sort by ids and
times, never by a person's name: a cursor is not sealed.
"""

import hmac
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar

import msgspec
from fastapi import Depends, Query
from pydantic import BaseModel, Field

from revcycle_kit.errors import Refusal

PAGE_ROWS: Final = 50
PAGE_ROWS_MAX: Final = 200
_CURSOR_LENGTH_MAX: Final = 1_000
_SIGNATURE_BYTES: Final = 16

Item = TypeVar("Item")
Row = TypeVar("Row")
Keys = TypeVar("Keys")


class Page(BaseModel, Generic[Item]):
    """One page of a list; `next_cursor` asks for the next one and is null on the last."""

    items: list[Item]
    next_cursor: str | None = Field(default=None, description="Send it as `cursor` to read on.")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page the caller asks for."""

    limit: int = PAGE_ROWS
    cursor: str | None = None


async def _page_request(
    limit: Annotated[int, Query(ge=1, le=PAGE_ROWS_MAX, description="How many at most.")] = PAGE_ROWS,
    cursor: Annotated[str | None, Query(max_length=_CURSOR_LENGTH_MAX, description="From the page before.")] = None,
) -> PageRequest:
    return PageRequest(limit, cursor)


Paging = Annotated[PageRequest, Depends(_page_request)]
"""The query parameters `limit` and `cursor`."""


class Cursor(Generic[Keys]):
    """
    Writes and reads the cursors of one list: `Cursor("claims", tuple[datetime, UUID])`.

    `name` separates lists whose sort keys have the same types; put filters that
    must not change between pages into it. `key` signs.
    """

    def __init__(self, name: str, keys: type[Keys], *, key: bytes | None = None) -> None:
        self._name = name
        self._keys = keys
        self._key = key

    def write(self, keys: Keys) -> str:
        """Return the cursor that continues after the row with these sort keys."""
        body = msgspec.json.encode((self._name, keys))
        return urlsafe_b64encode(self._signature(body) + body).rstrip(b"=").decode()

    def read(self, text: str | None) -> Keys | None:
        """Return the sort keys in a cursor, or None for the first page. Raises Refusal for any other text."""
        if text is None:
            return None
        try:
            raw = b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
            name, keys = msgspec.json.decode(self._verified(raw), type=tuple[str, self._keys])  # type: ignore[name-defined]
        except (NotBase64, UnicodeEncodeError, msgspec.DecodeError, ValueError):
            raise _NOT_OURS from None
        if name != self._name:
            raise _NOT_OURS
        return keys  # type: ignore[no-any-return]

    def page(
        self, rows: Sequence[Row], paging: PageRequest, item: Callable[[Row], Item], after: Callable[[Row], Keys]
    ) -> Page[Item]:
        """Return the page for rows fetched with `limit + 1`; the one too many tells that there are more."""
        shown = rows[: paging.limit]
        more = len(rows) > paging.limit
        return Page(items=[item(row) for row in shown], next_cursor=self.write(after(shown[-1])) if more else None)

    def _signature(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:_SIGNATURE_BYTES] if self._key else b""

    def _verified(self, raw: bytes) -> bytes:
        length = _SIGNATURE_BYTES if self._key else 0
        if not hmac.compare_digest(raw[:length], self._signature(raw[length:])):
            raise _NOT_OURS
        return raw[length:]


_NOT_OURS: Final = Refusal("This cursor is not one we gave for this list.", "query.cursor", "Start again without it.")
