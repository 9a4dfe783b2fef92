"""Apache Kafka 4 takes what we send through aiokafka, keeps it when it is killed, and gives it back."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from revcycle_kit.testing.kafka_broker import Broker

pytestmark = pytest.mark.kafka

HEADERS = [("ce_type", b"claims.claim_adjudicated.v1"), ("version", b"1")]


@asynccontextmanager
async def _producer(bootstrap: str) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        enable_idempotence=True,
        compression_type="zstd",
        request_timeout_ms=5000,
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def _make_topic(bootstrap: str, topic: str, partitions: int = 1) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, partitions, 1)])
    finally:
        await admin.close()


async def _send_batch(producer: AIOKafkaProducer, topic: str, values: list[bytes]) -> int:
    """Send one batch to partition 0 and give the offset of its first record."""
    batch = producer.create_batch()
    for value in values:
        assert batch.append(key=b"stream", value=value, timestamp=None, headers=HEADERS) is not None
    batch.close()
    sent = await producer.send_batch(batch, topic, partition=0)
    return int((await sent).offset)


async def _read(bootstrap: str, topic: str, count: int) -> list[tuple[int, bytes, tuple[tuple[str, bytes], ...]]]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="none")
    await consumer.start()
    try:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        consumer.seek(partition, 0)
        return [(m.offset, m.value, tuple(m.headers)) for m in [await consumer.getone() for _ in range(count)]]
    finally:
        await consumer.stop()


async def test_a_batch_arrives_whole_in_order_with_its_headers(kafka_bootstrap: str, kafka_prefix: str) -> None:
    topic = f"{kafka_prefix}claims.events"
    await _make_topic(kafka_bootstrap, topic)
    async with _producer(kafka_bootstrap) as producer:
        assert 0 == await _send_batch(producer, topic, [b"a", b"b"])
        assert 2 == await _send_batch(producer, topic, [b"c"])

    expected = [(0, b"a", tuple(HEADERS)), (1, b"b", tuple(HEADERS)), (2, b"c", tuple(HEADERS))]
    assert expected == await _read(kafka_bootstrap, topic, 3)


async def test_a_group_resumes_at_its_committed_offset(kafka_bootstrap: str, kafka_prefix: str) -> None:
    topic, group = f"{kafka_prefix}events", f"{kafka_prefix}reader"
    await _make_topic(kafka_bootstrap, topic)
    async with _producer(kafka_bootstrap) as producer:
        await _send_batch(producer, topic, [b"a", b"b"])

    read = []
    for _ in range(2):
        consumer = AIOKafkaConsumer(
            topic,
            bootstrap_servers=kafka_bootstrap,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        message = await consumer.getone()
        read.append(message.value)
        await consumer.commit({TopicPartition(topic, 0): message.offset + 1})
        await consumer.stop()

    assert [b"a", b"b"] == read


@pytest.mark.slow
async def test_a_killed_broker_comes_back_at_its_address_with_what_it_acknowledged(own_kafka: Broker) -> None:
    topic = f"events-{uuid.uuid4().hex[:6]}"
    await _make_topic(own_kafka.bootstrap, topic)
    async with _producer(own_kafka.bootstrap) as producer:
        await _send_batch(producer, topic, [b"before"])
        own_kafka.kill()
        waiting = asyncio.create_task(_send_batch(producer, topic, [b"after"]))
        await asyncio.to_thread(own_kafka.start)
        await asyncio.wait_for(waiting, 60)

    assert [b"before", b"after"] == [value for _, value, _ in await _read(own_kafka.bootstrap, topic, 2)]


@pytest.mark.slow
async def test_a_paused_broker_delays_a_batch_and_then_takes_it_once(own_kafka: Broker) -> None:
    topic = f"events-{uuid.uuid4().hex[:6]}"
    await _make_topic(own_kafka.bootstrap, topic)
    async with _producer(own_kafka.bootstrap) as producer:
        await _send_batch(producer, topic, [b"a"])
        own_kafka.pause()
        waiting = asyncio.create_task(_send_batch(producer, topic, [b"b"]))
        await asyncio.sleep(3)
        assert not waiting.done()
        own_kafka.resume()
        await asyncio.wait_for(waiting, 60)
        assert 2 == await _send_batch(producer, topic, [b"c"])
