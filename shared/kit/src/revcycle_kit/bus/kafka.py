"""
Apache Kafka as a bus, through aiokafka, without Kafka transactions.

Per partition one record batch is outstanding at a time, partitions in parallel: a batch is appended atomically, so a
failure never lets a later event of a key pass an earlier one. After any doubt the producer is dropped and the outbox
scanned again; the copies that this may make, readers skip by their cursors.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError
from aiokafka.partitioner import murmur2

from revcycle_kit.bus.protocol import Chunk, LogReplaced, Position, Positions, Publisher, Record, Subscription
from revcycle_kit.errors import Unavailable

ACKNOWLEDGE_SECONDS_MAX = 60
BATCH_BYTES_MAX = 512 * 1024


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """How topics are made and clients connect; `client` goes to every aiokafka client (security and the like)."""

    bootstrap: str
    prefix: str = ""
    """Put before every topic and group: several systems on one cluster."""
    partitions: int = 12
    """Fixed for ever: more would move keys."""
    replication: int = 1
    client: Mapping[str, Any] = field(default_factory=dict)
    member: str = ""
    """Static membership: a restarted reader keeps its partitions."""


class KafkaBus:
    """Kafka, for one service or many."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._client = dict(settings.client)
        self._cluster = ""
        self._made: set[str] = set()

    async def publisher(self, topic: str) -> Publisher:
        """Return a publisher for the topic, which is made if it does not exist."""
        await self.ensure([topic])
        return _KafkaPublisher(self._settings, self.named(topic))

    async def subscription(self, reader: str, topics: Sequence[str], positions: Positions) -> Subscription:
        """Return a subscription for one member of the reader's group."""
        await self.ensure(topics)
        subscription = _KafkaSubscription(self._settings, reader, topics, positions, self._cluster)
        await subscription.start()
        return subscription

    def named(self, topic: str) -> str:
        """Return the topic's name on the cluster."""
        return f"{self._settings.prefix}{topic}"

    async def ensure(self, topics: Iterable[str]) -> None:
        """Make the topics that do not exist: kept for ever, never compacted. Raises Unavailable."""
        wanted = [self.named(topic) for topic in topics if self.named(topic) not in self._made]
        if not wanted and self._cluster:
            return
        admin = AIOKafkaAdminClient(bootstrap_servers=self._settings.bootstrap, **self._client)
        try:
            await admin.start()
            self._cluster = await _cluster_id(admin)
            for name in wanted:
                with suppress(TopicAlreadyExistsError):
                    await admin.create_topics([self._new_topic(name)])
        except (KafkaError, OSError) as error:
            raise Unavailable(f"Kafka ({type(error).__name__})") from error
        finally:
            await admin.close()
        self._made.update(wanted)

    def _new_topic(self, name: str) -> NewTopic:
        return NewTopic(
            name,
            self._settings.partitions,
            self._settings.replication,
            topic_configs={"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"},
        )

    async def close(self) -> None:
        """Nothing is held between calls."""


async def _cluster_id(admin: AIOKafkaAdminClient) -> str:
    described = await admin.describe_cluster()
    return str(described.get("cluster_id") or "kafka")


def partition_of(key: UUID, partitions: int) -> int:
    """Return the key's partition, as every Kafka client would choose it."""
    return int((murmur2(str(key).encode()) & 0x7FFFFFFF) % partitions)


class _KafkaPublisher:
    """Appends to one topic; one batch outstanding per partition."""

    def __init__(self, settings: KafkaSettings, topic: str) -> None:
        self._settings = settings
        self._topic = topic
        self._producer: AIOKafkaProducer | None = None

    async def publish(self, records: Sequence[Record]) -> set[UUID]:
        producer = await self._started()
        by_partition: dict[int, list[Record]] = {}
        for record in records:
            by_partition.setdefault(partition_of(record.key, self._settings.partitions), []).append(record)
        outcomes = await asyncio.gather(
            *(self._send_all(producer, partition, several) for partition, several in by_partition.items())
        )
        if not all(whole for whole, _ in outcomes):
            await self._drop()
        return {event_id for _, sent in outcomes for event_id in sent}

    async def _send_all(
        self, producer: AIOKafkaProducer, partition: int, records: list[Record]
    ) -> tuple[bool, list[UUID]]:
        """Send one partition's records batch after batch; stop at the first doubt."""
        acknowledged: list[UUID] = []
        remaining = records
        while remaining:
            batch = producer.create_batch()
            taken = 0
            for record in remaining:
                if (
                    batch.append(key=str(record.key).encode(), value=record.value, timestamp=None, headers=_out(record))
                    is None
                ):
                    break
                taken += 1
            batch.close()
            if not await self._send(producer, batch, partition):
                return False, acknowledged
            acknowledged.extend(record.event_id for record in remaining[:taken])
            remaining = remaining[taken:]
        return True, acknowledged

    async def _send(self, producer: AIOKafkaProducer, batch: Any, partition: int) -> bool:
        try:
            pending = await producer.send_batch(batch, self._topic, partition=partition)
            await asyncio.wait_for(pending, ACKNOWLEDGE_SECONDS_MAX)
        except (KafkaError, TimeoutError, OSError):
            return False
        return True

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._settings.bootstrap,
                acks="all",
                enable_idempotence=True,
                compression_type="lz4",
                max_batch_size=BATCH_BYTES_MAX,
                max_request_size=1024 * 1024,
                request_timeout_ms=40_000,
                **dict(self._settings.client),
            )
            try:
                await producer.start()
            except (KafkaError, OSError) as error:
                await producer.stop()
                raise Unavailable(f"Kafka ({type(error).__name__})") from error
            self._producer = producer
        return self._producer

    async def _drop(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError, TimeoutError, OSError):
                await asyncio.wait_for(producer.stop(), 5)

    async def close(self) -> None:
        await self._drop()


def _out(record: Record) -> list[tuple[str, bytes]]:
    return [(name, value.encode()) for name, value in record.headers.items()]


class _KafkaSubscription(ConsumerRebalanceListener):  # type: ignore[misc]
    """One member of a reader's group; where it stands is in the reader's database, not in Kafka."""

    def __init__(
        self, settings: KafkaSettings, reader: str, topics: Sequence[str], positions: Positions, cluster: str
    ) -> None:
        self._settings = settings
        self._reader = reader
        self._topics = {f"{settings.prefix}{topic}": topic for topic in topics}
        self._positions = positions
        self._cluster = cluster
        self._next: dict[TopicPartition, int] = {}
        self._stale = True
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=settings.bootstrap,
            group_id=f"{settings.prefix}{reader}",
            group_instance_id=settings.member or None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=30_000,
            heartbeat_interval_ms=3_000,
            max_poll_interval_ms=300_000,
            rebalance_timeout_ms=60_000,
            max_poll_records=500,
            fetch_max_bytes=16 * 1024 * 1024,
            max_partition_fetch_bytes=1024 * 1024,
            isolation_level="read_committed",
            check_crcs=True,
            **dict(settings.client),
        )

    async def start(self) -> None:
        self._consumer.subscribe(topics=list(self._topics), listener=self)
        try:
            await self._consumer.start()
        except (KafkaError, OSError) as error:
            raise Unavailable(f"Kafka ({type(error).__name__})") from error

    async def on_partitions_revoked(self, revoked: list[TopicPartition]) -> None:
        """Forget: whoever gets them reads the positions from the database."""
        del revoked
        self._stale = True

    async def on_partitions_assigned(self, assigned: list[TopicPartition]) -> None:
        """Stand where the database says before the next fetch."""
        del assigned
        self._stale = True

    async def fetch(self, limit: int, wait_seconds: float) -> list[Chunk]:
        if self._stale:
            await self._stand()
        try:
            fetched = await self._consumer.getmany(timeout_ms=max(1, int(wait_seconds * 1000)), max_records=limit)
        except KafkaError as error:
            await self.rewind()
            raise Unavailable(f"Kafka ({type(error).__name__})") from error
        if self._stale:
            return []
        chunks = [self._chunk(partition, records) for partition, records in fetched.items() if records]
        return [chunk for chunk in chunks if chunk is not None]

    def _chunk(self, partition: TopicPartition, records: list[ConsumerRecord[bytes, bytes]]) -> Chunk | None:
        base = self._next.get(partition)
        if base is None:
            return None
        self._next[partition] = records[-1].offset + 1
        return Chunk(
            self._topics[partition.topic],
            partition.partition,
            self._cluster,
            base,
            records[-1].offset + 1,
            [_in(record) for record in records],
        )

    async def _stand(self) -> None:
        """Seek every assigned partition to the reader's position."""
        assigned = sorted(self._consumer.assignment())
        self._stale = False
        wanted = [(self._topics[partition.topic], partition.partition) for partition in assigned]
        positions: Mapping[tuple[str, int], Position] = await self._positions(wanted) if wanted else {}
        self._next = {}
        for partition in assigned:
            position = positions[self._topics[partition.topic], partition.partition]
            if position.log_id not in ("", self._cluster):
                raise LogReplaced(
                    f"{partition.topic} was read from another cluster: restore it, or rebuild this reader"
                )
            self._next[partition] = position.next_offset
            with suppress(KafkaError):
                self._consumer.seek(partition, position.next_offset)

    async def rewind(self) -> None:
        self._stale = True

    async def committed(self, chunks: Sequence[Chunk]) -> None:
        offsets = {
            TopicPartition(f"{self._settings.prefix}{chunk.topic}", chunk.partition): chunk.next_offset
            for chunk in chunks
        }
        with suppress(KafkaError):
            await self._consumer.commit(offsets)

    async def close(self) -> None:
        with suppress(KafkaError, TimeoutError):
            await asyncio.wait_for(self._consumer.stop(), 10)


def _in(record: ConsumerRecord[bytes, bytes]) -> Record:
    headers = {name: value.decode() for name, value in record.headers}
    return Record(UUID(headers["ce_id"]), UUID((record.key or b"").decode()), headers, record.value or b"")
