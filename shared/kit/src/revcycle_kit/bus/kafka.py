"""
Apache Kafka as a bus, through aiokafka, without Kafka transactions.

Topics are made here, with their partitions, for ever; publishing and reading have modules of their own.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, NoError, TopicAlreadyExistsError, TopicAuthorizationFailedError, for_code

from revcycle_kit.bus.kafka_clients import finished
from revcycle_kit.bus.kafka_publisher import KafkaPublisher, partition_of
from revcycle_kit.bus.kafka_subscription import KafkaSubscription
from revcycle_kit.bus.protocol import Positions, Publisher, Subscription
from revcycle_kit.errors import OperatorNeeded, Unavailable

__all__ = ["KafkaBus", "KafkaSettings", "TopicMisfit", "partition_of"]


class TopicMisfit(OperatorNeeded):
    """A topic exists with another number of partitions than this system writes to: keys would move."""


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """How topics are made and clients connect; `client` goes to every aiokafka client (security and the like)."""

    bootstrap: str
    prefix: str = ""
    """Put before every topic and group: several systems on one cluster."""
    partitions: int = 12
    """Fixed for ever: more would move keys."""
    replication: int = 1
    client: Mapping[str, Any] = field(default_factory=dict, repr=False)
    member: str = ""
    """Static membership: a restarted reader keeps its partitions."""


class KafkaBus:
    """Kafka, for one service or many."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._cluster = ""
        self._made: set[str] = set()
        self._making = asyncio.Lock()
        self._checking: asyncio.Task[None] | None = None

    async def publisher(self, topic: str) -> Publisher:
        """Return a publisher for the topic, which is made if it does not exist."""
        await self.ensure([topic])
        told = self._settings
        return KafkaPublisher(told.bootstrap, self.named(topic), told.partitions, told.client)

    async def subscription(self, reader: str, topics: Sequence[str], positions: Positions) -> Subscription:
        """Return a subscription for one member of the reader's group."""
        await self.ensure(topics)
        told = self._settings
        client = {
            **told.client,
            "bootstrap_servers": told.bootstrap,
            "group_id": self.named(reader),
            "group_instance_id": told.member or None,
        }
        names = {self.named(topic): topic for topic in topics}
        subscription = KafkaSubscription(names, positions, self._cluster, client)
        await subscription.start()
        return subscription

    def named(self, topic: str) -> str:
        """Return the name on the cluster of a topic or a group."""
        return f"{self._settings.prefix}{topic}"

    async def ensure(self, topics: Iterable[str]) -> None:
        """Make the topics that do not exist: kept for ever, never compacted. Raises TopicMisfit, Unavailable."""
        async with self._making:
            wanted = [self.named(topic) for topic in topics if self.named(topic) not in self._made]
            if wanted or not self._cluster:
                await finished(self._ensure(wanted))

    async def _ensure(self, wanted: list[str]) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self._settings.bootstrap, **self._settings.client)
        try:
            await admin.start()
            self._cluster = str((await admin.describe_cluster()).get("cluster_id") or "kafka")
            if wanted:
                await self._make(admin, wanted)
        except (KafkaError, OSError, TimeoutError) as error:
            raise Unavailable(f"Kafka ({type(error).__name__})") from error
        finally:
            await admin.close()
        self._made.update(wanted)

    async def _make(self, admin: AIOKafkaAdminClient, names: list[str]) -> None:
        """Make topics; one that exists, or that others must make for us, has to have our partitions."""
        response = await admin.create_topics([self._new_topic(name) for name in names])
        found = []
        for name, code, *_ in response.topic_errors:
            error = for_code(code)
            if error in (TopicAlreadyExistsError, TopicAuthorizationFailedError):
                found.append(name)
            elif error is not NoError:
                raise error(f"the topic {name} could not be made")
        for topic in await admin.describe_topics(found) if found else []:
            if topic["error_code"]:
                raise for_code(topic["error_code"])(topic["topic"])
            self._assert_fits(topic["topic"], len(topic["partitions"]))

    def _assert_fits(self, name: str, partitions: int) -> None:
        if partitions != self._settings.partitions:
            raise TopicMisfit(
                f"topic {name} has {partitions} partitions, and keys are spread over {self._settings.partitions}: "
                "its number must stay what it was when the first event was written; use another prefix, or the "
                "number it has"
            )

    def _new_topic(self, name: str) -> NewTopic:
        return NewTopic(
            name,
            self._settings.partitions,
            self._settings.replication,
            topic_configs={"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"},
        )

    async def check(self) -> None:
        """Raise Unavailable when no broker answers: for readiness. While one check hangs, none is added to it."""
        if self._checking is not None and not self._checking.done():
            raise Unavailable("Kafka (it does not answer)")
        self._checking = asyncio.create_task(finished(self._ensure([])))
        await asyncio.shield(self._checking)

    async def close(self) -> None:
        """Nothing is held between calls."""
