"""Documents as reads see them: bodies decoded to the values that handlers put."""

from collections.abc import Sequence
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
    return [msgspec.json.decode(body, type=kind) for body in (await connection.execute(query)).scalars()]


async def document(connection: AsyncConnection, table: Table, kind: type[T], *where: ColumnElement[bool]) -> T | None:
    """Return the document for which all of `where` holds, or None. Raises MultipleResultsFound for several."""
    body = (await connection.execute(select(body_of(table)).where(*where))).scalar_one_or_none()
    return None if body is None else msgspec.json.decode(body, type=kind)


def body_of(table: Table) -> ColumnElement[str]:
    """Return the column `document`: a document's body as text, as `msgspec.json.decode` reads it."""
    return cast(table.c.body, Text).label("document")
