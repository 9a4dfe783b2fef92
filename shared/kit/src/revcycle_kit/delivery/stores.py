"""
What a service keeps, declared once: documents by stream, append-only rows, and references to the directory.

A store is a class attribute of the service's `Work`; reading it on a work gives the view that a handler uses. Handlers
change nothing in place: values are frozen, `put` replaces, and a failed handler leaves no trace.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Column, Index, MetaData, PrimaryKeyConstraint, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import BigInteger

from revcycle_kit.errors import NotYet

T = TypeVar("T")
DIRECTORY_FACT = "directory: "
"""How a missing reference begins: what waits for one is tried again when the reference is there."""


class Loaded(Protocol):
    """What a store asks of the work it is read on: what was loaded, and where changes go."""

    def documents(self, store: str) -> Mapping[UUID, Any]:
        """Return the stream's documents of one store."""
        ...

    def put(self, store: str, key: UUID, value: object) -> None:
        """Record a document's new value."""
        ...

    def append(self, store: str, key: UUID, row: object) -> None:
        """Record a new row."""
        ...

    def references(self, store: str) -> Mapping[UUID, Any]:
        """Return what is known of the directory in one store."""
        ...

    def learn(self, store: str, key: UUID, value: object) -> None:
        """Record a reference's new value."""
        ...


def document_table(name: str, metadata: MetaData, tenant: str, *columns: Column[Any], stream: str = "") -> Table:
    """
    Return a table for aggregates that are read whole: tenant, stream, id, a jsonb body and the columns searched.

    `tenant` names the tenant column (`clinic_id`, `billing_entity_id`, `organization_id`); `stream` the kind of stream
    (`encounter`), where a request is to reach the stream of a row (`CommandRunner.run_on`).
    """
    return Table(
        name,
        metadata,
        Column(tenant, Uuid, nullable=False),
        Column("stream_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("body", JSONB, nullable=False),
        *columns,
        PrimaryKeyConstraint(tenant, "id", name=f"{name}_pkey"),
        Index(f"{name}_by_stream", tenant, "stream_id"),
        info={"tenant": tenant, "stream": stream},
    )


def row_table(name: str, metadata: MetaData, tenant: str, *columns: Column[Any], stream: str = "") -> Table:
    """Return a table for append-only rows of a stream: tenant, stream, id and the row's own columns."""
    return Table(
        name,
        metadata,
        Column(tenant, Uuid, nullable=False),
        Column("stream_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False),
        *columns,
        PrimaryKeyConstraint(tenant, "id", name=f"{name}_pkey"),
        Index(f"{name}_by_stream", tenant, "stream_id"),
        info={"tenant": tenant, "stream": stream},
    )


def reference_table(name: str, metadata: MetaData, *columns: Column[Any]) -> Table:
    """Return a table for what the directory says: organization, id, a revision and a jsonb body."""
    return Table(
        name,
        metadata,
        Column("organization_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("revision", BigInteger, nullable=False),
        Column("body", JSONB, nullable=False),
        *columns,
        PrimaryKeyConstraint("organization_id", "id", name=f"{name}_pkey"),
        info={"tenant": "organization_id"},
    )


class Store(Generic[T]):
    """What the three kinds of store share: a name, a type, a table and a codec."""

    def __init__(self, kind: type[T], table: Table, key: Callable[[T], UUID]) -> None:
        self.kind = kind
        self.table = table
        self.key = key
        self.name = table.name
        self.decode: Callable[[bytes], T] = msgspec.json.Decoder(kind).decode
        self.encode: Callable[[Any], bytes] = msgspec.json.Encoder().encode
        self.tenant: str = table.info["tenant"]


class Documents(Store[T]):
    """Aggregates that are read whole, by stream; `key` gives an aggregate's id, columns are attributes of it."""

    def __init__(self, kind: type[T], table: Table, key: Callable[[T], UUID]) -> None:
        super().__init__(kind, table, key)
        self.searched = [column.name for column in table.columns if column.name not in (self.tenant, *_OWN)]

    def __get__(self, work: Loaded, owner: type[Loaded]) -> "StreamDocuments[T]":
        return StreamDocuments(self, work)


class Rows(Store[T]):
    """Append-only rows of a stream, one column per field; never loaded with the stream, only added to."""

    def __init__(self, kind: type[T], table: Table, key: Callable[[T], UUID]) -> None:
        super().__init__(kind, table, key)
        self.fields = [column.name for column in table.columns if column.name not in (self.tenant, "stream_id", "id")]

    def __get__(self, work: Loaded, owner: type[Loaded]) -> "StreamRows[T]":
        return StreamRows(self, work)


class References(Store[T]):
    """What the directory says, loaded unlocked and whole; a missing one is NotYet."""

    def __get__(self, work: Loaded, owner: type[Loaded]) -> "KnownReferences[T]":
        return KnownReferences(self, work)


_OWN = ("stream_id", "id", "body")


class StreamDocuments(Generic[T]):
    """The documents of the message's stream, as the handler sees them."""

    __slots__ = ("_store", "_work")

    def __init__(self, store: Documents[T], work: Loaded) -> None:
        self._store = store
        self._work = work

    def find(self, key: UUID) -> T | None:
        """Return the document with this id, or None."""
        found: T | None = self._work.documents(self._store.name).get(key)
        return found

    def get(self, key: UUID) -> T:
        """Return the document with this id. Raises NotYet when there is none."""
        found = self.find(key)
        if found is None:
            raise NotYet(f"{self._store.name} {key}")
        return found

    def all(self) -> list[T]:
        """Return every document of the stream, by id."""
        documents: Mapping[UUID, T] = self._work.documents(self._store.name)
        return [documents[key] for key in sorted(documents)]

    def put(self, document: T) -> None:
        """Add the document, or replace the one with its id."""
        self._work.put(self._store.name, self._store.key(document), document)

    def __iter__(self) -> Iterator[T]:
        return iter(self.all())


class StreamRows(Generic[T]):
    """The rows that the handler adds to its stream."""

    __slots__ = ("_store", "_work")

    def __init__(self, store: Rows[T], work: Loaded) -> None:
        self._store = store
        self._work = work

    def add(self, *rows: T) -> None:
        """Append rows; what is written is never changed."""
        for row in rows:
            self._work.append(self._store.name, self._store.key(row), row)


class KnownReferences(Generic[T]):
    """The directory as this service has heard it."""

    __slots__ = ("_store", "_work")

    def __init__(self, store: References[T], work: Loaded) -> None:
        self._store = store
        self._work = work

    def find(self, key: UUID) -> T | None:
        """Return what is known under this id, or None."""
        found: T | None = self._work.references(self._store.name).get(key)
        return found

    def get(self, key: UUID) -> T:
        """Return what is known under this id. Raises NotYet when the directory has not said it."""
        found = self.find(key)
        if found is None:
            raise NotYet(f"{DIRECTORY_FACT}{self._store.name} {key}")
        return found

    def all(self) -> list[T]:
        """Return everything known, by id."""
        known: Mapping[UUID, T] = self._work.references(self._store.name)
        return [known[key] for key in sorted(known)]

    def put(self, value: T) -> None:
        """Add or replace: for the handlers of the directory's events."""
        self._work.learn(self._store.name, self._store.key(value), value)
