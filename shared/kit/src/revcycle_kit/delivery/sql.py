"""The statements of delivery, as constants and as built from a service's stores."""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Table, Uuid, any_, bindparam, func, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import asyncpg, insert

from revcycle_kit.delivery.stores import DIRECTORY_FACT, Documents, References, Rows

ENSURE_POSITIONS = """
INSERT INTO position (reader, topic, partition, next_offset, log_id)
SELECT $1, topic, partition, 0, '' FROM unnest($2::text[], $3::int[]) AS seen (topic, partition)
ON CONFLICT DO NOTHING
"""
READ_POSITIONS = """
SELECT topic, partition, next_offset, log_id FROM position
WHERE reader = $1 AND (topic, partition) IN (SELECT * FROM unnest($2::text[], $3::int[]))
"""
MOVE_POSITIONS = """
UPDATE position SET next_offset = moved.next_offset, log_id = moved.log_id
FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::text[])
     AS moved (topic, partition, base, next_offset, log_id)
WHERE position.reader = $1 AND position.topic = moved.topic AND position.partition = moved.partition
  AND position.next_offset = moved.base
"""
LOCK_KNOWN = """
SELECT tenant_id, stream_id, version, step, held FROM stream
WHERE (tenant_id, stream_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
ORDER BY tenant_id, stream_id FOR UPDATE
"""
"""Locks the streams that exist, in sorted order."""
READ_CURSORS = """
SELECT tenant_id, source, stream_id, version, event_id, step FROM cursor
WHERE (tenant_id, source, stream_id) IN (SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[]))
"""
"""A statement of its own, after the lock: joined to it, a row could come from before the wait for the lock."""
MAKE_MISSING = """
INSERT INTO stream (tenant_id, stream_id)
SELECT tenant_id, stream_id FROM unnest($1::uuid[], $2::uuid[]) AS wanted (tenant_id, stream_id) ORDER BY 1, 2
ON CONFLICT (tenant_id, stream_id) DO UPDATE SET version = stream.version WHERE false
RETURNING tenant_id, stream_id, version, step, held
"""
"""Makes and locks, in sorted order, the streams that did not exist; one made meanwhile by another is waited for, and
not returned: it has to be read again."""
READ_HELD = """
SELECT * FROM held WHERE (tenant_id, stream_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) ORDER BY seq
"""
TAKE_TASKS = """
WITH fired AS (
    DELETE FROM task WHERE task_id = ANY($1::uuid[]) AND kind = 'timer' AND state = 'ready' AND due_at <= $2
    RETURNING task_id
), delivered AS (
    UPDATE task SET state = ending.state, reason = ending.reason, changed_at = $2,
                    body = CASE ending.state WHEN 'done' THEN NULL ELSE body END,
                    troubled_since = CASE ending.state WHEN 'done' THEN troubled_since
                                     ELSE coalesce(troubled_since, sending_since) END
    FROM unnest($1::uuid[], $3::text[], $4::text[]) AS ending (task_id, state, reason)
    WHERE task.task_id = ending.task_id AND kind <> 'timer'
      AND (task.state IN ('ready', 'sending') OR (task.state = 'in_doubt' AND ending.state = 'done'))
    RETURNING task.task_id
)
SELECT task_id FROM fired UNION ALL SELECT task_id FROM delivered
"""
READ_COMMANDS = """
SELECT tenant_id, subject, key, request_hash, answer FROM command
WHERE (tenant_id, subject, key) IN (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]))
"""
WRITE_STREAMS = """
WITH heard AS (
    INSERT INTO cursor (tenant_id, source, stream_id, version, event_id, step)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::uuid[], $6::bigint[])
    ON CONFLICT (tenant_id, source, stream_id)
    DO UPDATE SET version = excluded.version, event_id = excluded.event_id, step = excluded.step
), moved AS (
    UPDATE stream SET version = now.version, step = now.step, held = now.held
    FROM unnest($7::uuid[], $8::uuid[], $9::bigint[], $10::bigint[], $11::int[])
         AS now (tenant_id, stream_id, version, step, held)
    WHERE stream.tenant_id = now.tenant_id AND stream.stream_id = now.stream_id
)
INSERT INTO outbox (event_id, tenant_id, stream_id, version, headers, body)
SELECT event_id, tenant_id, stream_id, version, headers, body
FROM unnest($12::uuid[], $13::uuid[], $14::uuid[], $15::bigint[], $16::jsonb[], $17::bytea[])
     WITH ORDINALITY AS said (event_id, tenant_id, stream_id, version, headers, body, ordinal)
ORDER BY ordinal
"""
WRITE_TASKS = """
WITH disarmed AS (
    DELETE FROM task WHERE kind = 'timer' AND state = 'ready' AND (tenant_id, stream_id, name, key) IN
    (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]))
), concluded AS (
    UPDATE task SET state = 'done', body = NULL, changed_at = $17
    WHERE kind = 'effect' AND state IN ('given_up', 'in_doubt') AND (tenant_id, stream_id, name, key) IN
    (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]))
)
INSERT INTO task (task_id, kind, tenant_kind, tenant_id, stream_kind, stream_id, name, key, due_at, state, body, step,
                  traceparent, changed_at)
SELECT task_id, kind, tenant_kind, tenant_id, stream_kind, stream_id, name, key, due_at,
       CASE kind WHEN 'effect' THEN 'pending' ELSE 'ready' END, body, step, traceparent, $17
FROM unnest($5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::text[], $10::uuid[], $11::text[], $12::text[],
            $13::timestamptz[], $14::bytea[], $15::bigint[], $16::text[])
     WITH ORDINALITY AS asked (task_id, kind, tenant_kind, tenant_id, stream_kind, stream_id, name, key, due_at, body,
                               step, traceparent, ordinal)
ORDER BY ordinal
ON CONFLICT ON CONSTRAINT task_natural_key
DO UPDATE SET due_at = excluded.due_at, body = excluded.body, step = excluded.step
WHERE task.state = 'ready' AND excluded.kind = 'timer'
"""
WRITE_HELD = """
INSERT INTO held (held_id, tenant_kind, tenant_id, stream_kind, stream_id, source, name, key, message_id, version, step,
                  body, occurred_at, traceparent, state, reason, fingerprint, attempts, since)
SELECT held_id, tenant_kind, tenant_id, stream_kind, stream_id, source, name, key, message_id, version, step,
       body, occurred_at, traceparent, state, reason, fingerprint, attempts, since
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::uuid[],
            $10::bigint[], $11::bigint[], $12::bytea[], $13::timestamptz[], $14::text[], $15::text[], $16::text[],
            $17::text[], $18::int[], $19::timestamptz[])
     WITH ORDINALITY AS set_aside (held_id, tenant_kind, tenant_id, stream_kind, stream_id, source, name, key,
            message_id, version, step, body, occurred_at, traceparent, state, reason, fingerprint, attempts, since,
            ordinal)
ORDER BY ordinal
ON CONFLICT (held_id) DO UPDATE
SET state = excluded.state, reason = excluded.reason, fingerprint = excluded.fingerprint, attempts = excluded.attempts
"""
RELEASE_HELD = "DELETE FROM held WHERE held_id = ANY($1::uuid[])"
WRITE_COMMANDS = """
INSERT INTO command (tenant_id, subject, key, request_hash, answer, answered_at)
SELECT *, $6 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bytea[])
"""
READY_TASKS = """
SELECT task_id, kind, tenant_kind, tenant_id, stream_kind, stream_id, name, key, due_at, body, step, traceparent
FROM task WHERE state = 'ready' AND due_at <= $1 ORDER BY due_at, seq LIMIT $2
"""
NEXT_TASK = "SELECT min(due_at) FROM task WHERE state = 'ready'"
NEXT_EFFECT = """
SELECT min(due_at) FILTER (WHERE retry_at IS NULL) AS due_at, min(retry_at) AS retry_at FROM (
    SELECT DISTINCT ON (tenant_id, stream_id) state, due_at, retry_at
    FROM task WHERE state IN ('pending', 'sending') ORDER BY tenant_id, stream_id, seq
) AS first_of_stream WHERE state = 'pending'
"""
"""`due_at` is business time, `retry_at` machine time: nothing is compared across the two."""
NEXT_DUE_AFTER = "SELECT min(due_at) FROM task WHERE state = 'ready' AND due_at > $1"
CLAIM_EFFECTS = """
UPDATE task SET state = 'sending', attempts = attempts + 1, changed_at = $1, sending_since = $3
WHERE task_id = ANY (ARRAY(
    SELECT task_id FROM (
        SELECT DISTINCT ON (tenant_id, stream_id) task_id, state, due_at, retry_at, seq
        FROM task WHERE state IN ('pending', 'sending') ORDER BY tenant_id, stream_id, seq
    ) AS first_of_stream
    WHERE state = 'pending' AND due_at <= $1 AND (retry_at IS NULL OR retry_at <= $3) ORDER BY due_at, seq LIMIT $2
)) AND state = 'pending'
RETURNING task_id, kind, tenant_kind, tenant_id, stream_kind, stream_id, name, key, due_at, body, step, traceparent,
          seq, attempts, failures, troubled_since, maybe_sent
"""
"""The effects of a stream go out one after another. One sort of what waits: as a join it was planned, on a small table,
as each against each."""
INTERRUPTED_EFFECTS = """
UPDATE task SET sending_since = $1 WHERE state = 'sending' AND sending_since <= $2
RETURNING task_id, kind, tenant_kind, tenant_id, stream_kind, stream_id, name, key, due_at, body, step, traceparent,
          seq, attempts, failures, troubled_since, maybe_sent
"""
POSTPONE_EFFECT = """
UPDATE task SET state = 'pending', retry_at = $2, troubled_since = coalesce(troubled_since, $3), reason = $4,
                failures = failures + $5, maybe_sent = maybe_sent OR $6
WHERE task_id = $1 AND state = 'sending' AND attempts = $7
"""
"""An attempt that outlived its lease postpones nothing: somebody else is at the next."""
TROUBLED_EFFECTS = """
SELECT * FROM (
    SELECT task_id, tenant_id, stream_kind, stream_id, name, key, reason, attempts, troubled_since AS since, retry_at,
           CASE WHEN state IN ('pending', 'sending') THEN 'failing' ELSE state END AS state
    FROM task WHERE troubled_since IS NOT NULL AND state <> 'done'
) AS troubled WHERE state = ANY($1::text[]) ORDER BY since, task_id LIMIT $2
"""
UNDELIVERED = """
SELECT * FROM (
    SELECT task_id, name AS effect, stream_kind, stream_id, reason, attempts, troubled_since AS since,
           CASE WHEN state IN ('pending', 'sending') THEN retry_at END AS retry_at,
           CASE WHEN state IN ('pending', 'sending') THEN 'failing' ELSE state END AS state
    FROM task WHERE troubled_since IS NOT NULL AND state <> 'done' AND tenant_id = ANY(:tenants)
) AS undelivered
WHERE (CAST(:state AS text) IS NULL OR state = :state)
  AND (CAST(:since AS timestamptz) IS NULL OR (since, task_id) > (:since, CAST(:task_id AS uuid)))
ORDER BY since, task_id LIMIT :limit
"""
"""What does not go out, for the edge: within a grant, a page of it."""
RESEND_EFFECT = """
UPDATE task SET state = 'pending', retry_at = NULL, failures = 0, reason = '', troubled_since = NULL, changed_at = $2
WHERE task_id = $1 AND kind = 'effect' AND state IN ('pending', 'given_up', 'in_doubt') RETURNING task_id
"""
LIST_HELD = """
SELECT held_id, tenant_id, stream_kind, stream_id, source, name, version, state, reason, fingerprint, attempts, since
FROM held WHERE state = ANY($1::text[]) ORDER BY since, seq LIMIT $2
"""
FIRST_HELD = "SELECT * FROM held WHERE tenant_id = $1 AND stream_id = $2 AND source = $3 ORDER BY seq LIMIT 1"

_DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]


def _compiled(statement: Any) -> str:
    return str(statement.compile(dialect=_DIALECT))


def _name_of(store: Documents[Any] | References[Any]) -> ColumnElement[str]:
    return literal_column("'" + store.name + "'")


def upsert_documents(store: Documents[Any]) -> str:
    """Return the set-wise upsert of a document store: arrays of tenant, stream, id, body and the searched columns."""
    table = store.table
    statement = _from_arrays(table, [column.name for column in table.columns])
    statement = statement.on_conflict_do_update(
        index_elements=[store.tenant, "id"],
        set_={name: statement.excluded[name] for name in ("body", *store.searched)},
    )
    return _compiled(statement)


def insert_rows(store: Rows[Any]) -> str:
    """Return the set-wise insert of a row store: arrays of tenant, stream, id and the row's columns."""
    return _compiled(_from_arrays(store.table, [column.name for column in store.table.columns]))


def upsert_references(store: References[Any]) -> str:
    """Return the set-wise upsert of a reference store: arrays of organization, id, revision (counted up here), body."""
    statement = _from_arrays(store.table, ["organization_id", "id", "revision", "body"])
    statement = statement.on_conflict_do_update(
        index_elements=["organization_id", "id"],
        set_={"body": statement.excluded.body, "revision": store.table.c.revision + literal_column("1")},
    )
    return _compiled(statement)


def load_documents(stores: list[Documents[Any]]) -> str:
    """Return one query for all documents of some streams: $1 tenants, $2 streams."""
    tenants, streams = bindparam("tenants", type_=ARRAY(Uuid)), bindparam("streams", type_=ARRAY(Uuid))
    parts = [
        select(_name_of(store).label("store"), table.c.stream_id, table.c.id, table.c.body).where(
            table.c[store.tenant] == any_(tenants), table.c.stream_id == any_(streams)
        )
        for store in stores
        for table in (store.table,)
    ]
    return _compiled(union_all(*parts))


def fingerprint_references(stores: list[References[Any]]) -> str:
    """Return one query that tells whether any reference changed: any committed change raises a sum."""
    parts = [
        select(
            _name_of(store).label("store"),
            func.count().label("known"),
            func.coalesce(func.sum(store.table.c.revision), literal_column("0")).label("changes"),
        ).select_from(store.table)
        for store in stores
    ]
    return _compiled(union_all(*parts))


def load_references(store: References[Any]) -> str:
    """Return the query for every reference of a store."""
    return _compiled(select(store.table.c.id, store.table.c.body))


def held_for_known(stores: list[References[Any]]) -> str:
    """Return the query for what waits for a reference that is there by now: $1 the `seq` to go on from, $2 how many."""
    facts = " UNION ALL ".join(
        f"SELECT '{DIRECTORY_FACT}{store.name} ' || id::text FROM \"{store.name}\""  # noqa: S608 - our own names
        for store in stores
    )
    return f"SELECT * FROM held WHERE state = 'waiting' AND reason IN ({facts}) AND seq > $1 ORDER BY seq LIMIT $2"  # noqa: S608


def _from_arrays(table: Table, names: list[str]) -> Any:
    arrays = [bindparam(name, type_=ARRAY(table.c[name].type)) for name in names]
    given = func.unnest(*arrays).table_valued(*names).render_derived()
    return insert(table).from_select(names, select(*[given.c[name] for name in names]))
