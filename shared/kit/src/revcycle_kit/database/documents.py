"""Documents as reads see them: bodies decoded to the values that handlers put."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Table, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")


async def documents(
    connection: AsyncConnection,
    table: Table,
    kind: type[T],
    *where: ColumnElement[bool],
    order_by: Sequence[ColumnElement[Any]] = (),
    limit: int | None = None,
) -> list[T]:
    """Return the documents for which all of `where` holds, in order (by id, unless told otherwise)."""
    query = select(body_of(table)).where(*where).order_by(*(order_by or (table.c.id,))).limit(limit)
    decode = decoder_of(kind)
    return [decode(body) for body in (await connection.execute(query)).scalars()]


async def document(connection: AsyncConnection, table: Table, kind: type[T], *where: ColumnElement[bool]) -> T | None:
    """Return the document for which all of `where` holds, or None. Raises MultipleResultsFound for several."""
    body = (await connection.execute(select(body_of(table)).where(*where))).scalar_one_or_none()
    return None if body is None else decoder_of(kind)(body)


def body_of(table: Table) -> ColumnElement[str]:
    """Return the column `document`: a document's body as text, for `decoder_of` to read."""
    return cast(table.c.body, Text).label("document")


def decoder_of(kind: type[T]) -> Callable[[str | bytes], T]:
    """Return what reads a body as a value of this kind."""
    return _decoder(kind).decode


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)
