"""
Publishing to one topic without Kafka transactions.

Per partition one record batch is outstanding at a time, partitions in parallel: a batch is appended atomically, so a
failure never lets a later event of a key pass an earlier one. After any doubt the producer is dropped and the outbox
scanned again; the copies that this may make, readers skip by their cursors.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2

from revcycle_kit.bus.kafka_clients import ended, started
from revcycle_kit.bus.protocol import Record

ACKNOWLEDGE_SECONDS_MAX = 60
BATCH_BYTES_MAX = 512 * 1024
REQUEST_BYTES_MAX = 1024 * 1024


def partition_of(key: UUID, partitions: int) -> int:
    """Return the key's partition, as every Kafka client would choose it."""
    return int((murmur2(str(key).encode()) & 0x7FFFFFFF) % partitions)


class KafkaPublisher:
    """Appends to one topic; one batch outstanding per partition."""

    def __init__(self, bootstrap: str, topic: str, partitions: int, client: Mapping[str, Any]) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._partitions = partitions
        self._client = dict(client)
        self._producer: AIOKafkaProducer | None = None

    async def publish(self, records: Sequence[Record]) -> set[UUID]:
        """Append in order per key; return the ids of those acknowledged. Raises Unavailable."""
        producer = await self._started()
        by_partition: dict[int, list[Record]] = {}
        for record in records:
            by_partition.setdefault(partition_of(record.key, self._partitions), []).append(record)
        outcomes = await asyncio.gather(
            *(self._send_all(producer, partition, several) for partition, several in by_partition.items())
        )
        if not all(whole for whole, _ in outcomes):
            await self.close()
        return {event_id for _, sent in outcomes for event_id in sent}

    async def _send_all(
        self, producer: AIOKafkaProducer, partition: int, records: list[Record]
    ) -> tuple[bool, list[UUID]]:
        """Send one partition's records batch after batch; stop at the first doubt."""
        acknowledged: list[UUID] = []
        while len(acknowledged) < len(records):
            batch = producer.create_batch()
            taken = _filled(batch, records[len(acknowledged) :])
            if not await self._send(producer, batch, partition):
                return False, acknowledged
            acknowledged.extend(taken)
        return True, acknowledged

    async def _send(self, producer: AIOKafkaProducer, batch: Any, partition: int) -> bool:
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS_MAX):
                await (await producer.send_batch(batch, self._topic, partition=partition))
        except (KafkaError, TimeoutError, OSError):
            return False
        return True

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap,
                acks="all",
                enable_idempotence=True,
                compression_type="lz4",
                max_batch_size=BATCH_BYTES_MAX,
                max_request_size=REQUEST_BYTES_MAX,
                request_timeout_ms=40_000,
                **self._client,
            )
            await started(producer)
            self._producer = producer
        return self._producer

    async def close(self) -> None:
        """Drop the producer; the next call makes a new one."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await ended(producer)


def _filled(batch: Any, records: Sequence[Record]) -> list[UUID]:
    """Fill a batch with as many records as it takes, at least one; return their ids."""
    taken: list[UUID] = []
    for record in records:
        headers = [(name, value.encode()) for name, value in record.headers.items()]
        if batch.append(key=str(record.key).encode(), value=record.value, timestamp=None, headers=headers) is None:
            break
        taken.append(record.event_id)
    batch.close()
    return taken
