"""Bad events on the bus: unknown ones are passed over, broken ones are parked alone, and the next one is heard."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

import analytics.service
import claims.service
import denials.service
import eligibility.service
import patient_billing.service
from analytics.queries.database import ReadOnlyDatabase
from revcycle_kit.delivery.messages import Envelope, StreamRef
from revcycle_kit.ids import derived_id, event_id
from revcycle_kit.partners.kinds import Partner
from revcycle_kit.testing.harness import Harness

SECONDS_MAX = 2.0
CLINIC = derived_id("clinic", "EVENTS")
SECRET = "QUORNDON"
SO_LONG = timedelta(minutes=11)
"""After which the breaker has forgotten: it stops a service on which everything fails at once."""
BROKEN = {
    "nothing": b"",
    "no JSON": b"QUORNDON was here",
    "JSON cut short": b'{"encounter_id": "',
    "a list": b"[]",
    "a text": b'"QUORNDON"',
}
"""What is no event at all."""
ODD = {
    "numbers that are none": b'{"encounter_id": NaN}',
    "not UTF-8": b'{"encounter_id": "\xff\xfe"}',
    "100,000 deep": b'{"encounter_id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
}
"""What breaks only a reader of this field."""


class Nobody(Partner):
    """A partner whom nobody calls."""

    async def ask(self, interchange: bytes, key: str) -> bytes:
        raise AssertionError((interchange, key))

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        raise AssertionError((interchange, name, key))

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        raise AssertionError((letter_pdf, cover, key))

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        raise AssertionError((document, cover, key))


def nothing() -> Any:
    """Stand where a service under test reads or seals nothing."""
    raise AssertionError


SERVICES: dict[str, Callable[[], Any]] = {
    "eligibility": lambda: eligibility.service.build(Nobody()),
    "claims": lambda: claims.service.build(Nobody(), nothing),
    "denials": lambda: denials.service.build(Nobody()),
    "patient_billing": lambda: patient_billing.service.build(Nobody(), nothing),
    "analytics": lambda: analytics.service.build(ReadOnlyDatabase()),
}


@pytest.fixture
async def reader(request: pytest.FixtureRequest, harness: Callable[..., Awaitable[Harness]]) -> Harness:
    """Open the service of the test's parameter."""
    name = request.node.callspec.params["service"]
    return await harness(SERVICES[name](), package=name)


def event(reader: Harness, kind: str, version: int, body: bytes, stream_id: UUID) -> Envelope:
    """Write an event as the bus brings it."""
    source = kind.split(".", maxsplit=1)[0]
    return Envelope(
        source=source,
        name=kind,
        stream=StreamRef("clinic", CLINIC, "encounter", stream_id),
        message_id=event_id(source, stream_id, version),
        version=version,
        step=version,
        body=body,
        occurred_at=reader.clock.now(),
    )


def known(reader: Harness) -> list[str]:
    """Return every type of event that a service handles."""
    service = reader.runtime.service
    return [name for name in service.routes if name.split(".")[0] in service.sources]


@pytest.mark.parametrize("service", SERVICES)
async def test_events_of_unknown_types_and_versions_are_passed_over(service: str, reader: Harness) -> None:
    """A new event, and a new version of a known one, change nothing, hold nothing up, and are not missed."""
    stream_id = derived_id(service, "unknown")
    kinds = [f"{source}.unheard_of.v1" for source in reader.runtime.service.sources]
    kinds += [name.rsplit(".", 1)[0] + ".v99" for name in known(reader)]
    last: dict[str, int] = {}
    for kind in kinds:
        source = kind.split(".")[0]
        last[source] = last.get(source, 0) + 1
        outcome = await reader.runtime._run([event(reader, kind, last[source], b'{"new": [1]}', stream_id)], ())
        assert (0, []) == (outcome.parked, outcome.said), kind
    cursors = await reader.query("SELECT source, version FROM cursor WHERE stream_id = $1", stream_id)

    assert last == {row["source"]: row["version"] for row in cursors}
    assert [] == await reader.runtime.held()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_broken_event_is_parked_alone(service: str, reader: Harness) -> None:
    """Every known type with every broken body: parked with a reason that repeats nothing of it; the rest is heard."""
    for kind in known(reader):
        bad = [event(reader, kind, 1, body, derived_id(kind, name)) for name, body in {**BROKEN, **ODD}.items()]
        neighbour = derived_id(kind, service)
        good = event(reader, f"{kind.split('.')[0]}.unheard_of.v1", 1, b"{}", neighbour)
        begun = time.process_time()
        outcome = await reader.runtime._run([*bad[:4], good, *bad[4:]], ())

        assert time.process_time() - begun < SECONDS_MAX
        assert len(BROKEN) <= outcome.parked <= len(bad), kind
        heard = await reader.query("SELECT version FROM cursor WHERE stream_id = $1", neighbour)
        assert [1] == [row["version"] for row in heard]
        reader.clock.advance_to(reader.clock.now() + SO_LONG)
    held = await reader.runtime.held("parked")
    assert len(held) >= len(known(reader)) * len(BROKEN)
    assert all(row["reason"] and SECRET not in row["reason"] for row in held)


@pytest.mark.parametrize("service", SERVICES)
async def test_what_follows_a_broken_event_waits_behind_it(service: str, reader: Harness) -> None:
    """Order on a stream is kept: the next event of the same stream is queued until the broken one is dealt with."""
    kind, stream_id = known(reader)[0], derived_id(service, "queue")
    for version in (1, 2):
        await reader.runtime._run([event(reader, kind, version, b"broken", stream_id)], ())

    assert ["parked", "queued"] == [row["state"] for row in await reader.runtime.held("parked", "queued")]


@pytest.mark.parametrize("service", SERVICES)
async def test_a_gap_and_a_fork_are_parked(service: str, reader: Harness) -> None:
    """A version that skips one, and a version said twice with different content, are never taken for granted."""
    kind = f"{reader.runtime.service.sources[0]}.unheard_of.v1"
    gap, fork = derived_id(service, "gap"), derived_id(service, "fork")
    skipped = await reader.runtime._run([event(reader, kind, 3, b"{}", gap)], ())
    first = event(reader, kind, 1, b"{}", fork)
    other = msgspec.structs.replace(first, message_id=UUID(int=9))
    twice = await reader.runtime._run([first, other], ())

    assert (1, 1) == (skipped.parked, twice.parked)
