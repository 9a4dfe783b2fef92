"""
Reading as one member of a group; where the reader stands is in its own database, not in Kafka.

Kafka only says which partitions a member reads. At every doubt (a rebalance, an error, a lost race) the subscription
is stale: before it gives anything more it seeks to the positions in the database.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError

from revcycle_kit.bus.kafka_clients import ended, started
from revcycle_kit.bus.protocol import Chunk, LogReplaced, Position, Positions, Record
from revcycle_kit.errors import Unavailable

GRACE_SECONDS = 0.1
"""How much longer than asked a fetch may take: a rebalance must not hold up a worker's timers."""
TELL_SECONDS = 1.0
"""How often Kafka hears where the reader stands, for lag metrics."""
TELL_SECONDS_MAX = 5.0
READING: Mapping[str, Any] = {
    "enable_auto_commit": False,
    "auto_offset_reset": "none",
    "session_timeout_ms": 30_000,
    # a rebalance waits until every member has heard of it by a heartbeat
    "heartbeat_interval_ms": 1_000,
    "max_poll_interval_ms": 300_000,
    "rebalance_timeout_ms": 60_000,
    "max_poll_records": 500,
    "fetch_max_bytes": 16 * 1024 * 1024,
    "max_partition_fetch_bytes": 1024 * 1024,
    "isolation_level": "read_committed",
    "check_crcs": True,
}
"""How aiokafka reads; a member buffers at most a fetch of each broker, 16 MB."""
Fetched = dict[TopicPartition, list["ConsumerRecord[bytes, bytes]"]]


_NOBODY = UUID(int=0)


class KafkaSubscription(ConsumerRebalanceListener):  # type: ignore[misc]
    """One member of a reader's group."""

    def __init__(
        self, topics: Mapping[str, str], positions: Positions, cluster: str, client: Mapping[str, Any]
    ) -> None:
        """Make a member of `client["group_id"]`; `topics` gives each name on the cluster the name its reader knows."""
        self._topics = dict(topics)
        self._positions = positions
        self._cluster = cluster
        self._client = dict(client)
        self._consumer: AIOKafkaConsumer | None = None
        self._asking: asyncio.Task[Fetched] | None = None
        self._next: dict[TopicPartition, int] = {}
        self._stale = True
        self._taken: dict[TopicPartition, int] = {}
        self._telling: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Join the group. Raises Unavailable."""
        if self._consumer is not None:
            return
        consumer = AIOKafkaConsumer(**READING, **self._client)
        consumer.subscribe(topics=list(self._topics), listener=self)
        await started(consumer)
        self._consumer = consumer
        self._stale = True

    async def on_partitions_revoked(self, revoked: list[TopicPartition]) -> None:
        """Forget: whoever gets them reads the positions from the database."""
        del revoked
        self._stale = True

    async def on_partitions_assigned(self, assigned: list[TopicPartition]) -> None:
        """Stand where the database says before anything more is given."""
        del assigned
        self._stale = True

    async def fetch(self, limit: int, wait_seconds: float) -> list[Chunk]:
        """Return up to `limit` records of the assigned partitions. Raises LogReplaced, Unavailable."""
        await self.start()
        if self._stale:
            await self._stand()
        try:
            fetched = await self._ask(limit, wait_seconds)
        except OffsetOutOfRangeError as error:
            raise LogReplaced(
                f"Kafka no longer has what comes next ({error}): restore it, or rebuild this reader"
            ) from error
        except NoOffsetForPartitionError:  # it was assigned and not yet sought
            self._stale = True
        except KafkaError as error:
            await self._drop()
            raise Unavailable(f"Kafka ({type(error).__name__})") from error
        if self._stale or not fetched.keys() <= self._next.keys():
            self._stale = True
            return []
        return [self._chunk(partition, records) for partition, records in fetched.items() if records]

    async def _ask(self, limit: int, wait_seconds: float) -> Fetched:
        """Ask the consumer, but wait no longer than asked: it waits for the end of a rebalance."""
        if self._asking is None:
            asked = self._member().getmany(timeout_ms=int(wait_seconds * 1000), max_records=limit)
            self._asking = asyncio.ensure_future(asked)
        await asyncio.wait({self._asking}, timeout=wait_seconds + GRACE_SECONDS)
        if not self._asking.done():
            return {}
        asking, self._asking = self._asking, None
        return asking.result()

    def _chunk(self, partition: TopicPartition, records: "list[ConsumerRecord[bytes, bytes]]") -> Chunk:
        base, after = self._next[partition], records[-1].offset + 1
        self._next[partition] = after
        topic = self._topics[partition.topic]
        return Chunk(topic, partition.partition, self._cluster, base, after, [_in(record) for record in records])

    async def _stand(self) -> None:
        """Seek every assigned partition to the reader's position; stale again if another assignment comes meanwhile."""
        assigned = sorted(self._member().assignment())
        self._stale = False
        try:
            self._next = await self._standing(assigned)
        except BaseException:
            self._stale = True
            raise
        for partition, offset in self._next.items():
            with suppress(KafkaError):  # no longer ours: then it is stale again
                self._member().seek(partition, offset)
        if self._asking is not None and self._asking.done():  # it was read from where we stood before
            self._asking.exception()
            self._asking = None

    async def _standing(self, assigned: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        wanted = [(self._topics[partition.topic], partition.partition) for partition in assigned]
        positions: Mapping[tuple[str, int], Position] = await self._positions(wanted) if wanted else {}
        for (topic, _), position in positions.items():
            if position.log_id not in ("", self._cluster):
                raise LogReplaced(f"{topic} was read from another cluster: restore it, or rebuild this reader")
        return {partition: positions[named].next_offset for partition, named in zip(assigned, wanted, strict=True)}

    async def rewind(self) -> None:
        """Give again what has not taken effect."""
        self._stale = True

    async def committed(self, chunks: Sequence[Chunk]) -> None:
        """Remember what took effect; Kafka hears it a little later, and nobody waits for its answer."""
        names = {topic: name for name, topic in self._topics.items()}
        for chunk in chunks:
            self._taken[TopicPartition(names[chunk.topic], chunk.partition)] = chunk.next_offset
        if self._telling is None or self._telling.done():
            self._telling = asyncio.ensure_future(self._tell())

    async def _tell(self) -> None:
        await asyncio.sleep(TELL_SECONDS)
        consumer, taken, self._taken = self._consumer, self._taken, {}
        assigned = consumer.assignment() if consumer is not None else ()
        ours = {partition: offset for partition, offset in taken.items() if partition in assigned}
        if consumer is None or not ours:
            return
        with suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(TELL_SECONDS_MAX):
                await consumer.commit(ours)

    def _member(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise Unavailable("Kafka (the subscription was closed)")
        return self._consumer

    async def _drop(self) -> None:
        """Let go of the consumer; the next fetch makes a new one."""
        consumer, self._consumer = self._consumer, None
        tasks = [task for task in (self._telling, self._asking) if task is not None]
        self._telling = self._asking = None
        for task in tasks:
            task.cancel()
        if consumer is not None:
            await ended(consumer)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self) -> None:
        """Leave the group."""
        await self._drop()


def _in(record: "ConsumerRecord[bytes, bytes]") -> Record:
    """Return a record as it came; one without an id or a key of ours has no headers: readers pass it over."""
    try:
        headers = {name: value.decode() for name, value in record.headers}
        return Record(UUID(headers["ce_id"]), UUID((record.key or b"").decode()), headers, record.value or b"")
    except (KeyError, ValueError):
        return Record(_NOBODY, _NOBODY, {}, b"")
