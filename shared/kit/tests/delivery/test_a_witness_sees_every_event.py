"""A reader that keeps the whole story sees every event of a service, listed or not, once."""

from operator import attrgetter
from typing import Any, ClassVar
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import Column, MetaData, Text

from revcycle_kit.delivery.messages import Consumed, Envelope, StreamRef
from revcycle_kit.delivery.schema import delivery_tables
from revcycle_kit.delivery.service import Service
from revcycle_kit.delivery.stores import Rows, row_table
from revcycle_kit.delivery.work import Work

CLINIC = UUID("0199f000-0000-7000-8000-00000000c111")
STREAM = StreamRef("clinic", CLINIC, "encounter", UUID("0199f000-0000-7000-8000-0000000000a1"))

metadata = MetaData()
delivery_tables(metadata)
lines = row_table("line", metadata, "clinic_id", Column("words", Text, nullable=False))


class Line(msgspec.Struct, frozen=True):
    line_id: UUID
    words: str


class DiaryWork(Work):
    lines = Rows(Line, lines, key=attrgetter("line_id"))


class Rained(Consumed, frozen=True, kw_only=True):
    SOURCE: ClassVar[str] = "weather"


class Snowed(msgspec.Struct, frozen=True, kw_only=True):
    depth: int = 1


async def note(envelope: Envelope, work: DiaryWork) -> None:
    work.lines.add(Line(work.new_id(), f"{envelope.name} {envelope.version}"))


async def fetch_umbrella(_: Rained, work: DiaryWork) -> None:
    work.lines.add(Line(work.new_id(), "umbrella"))


def diary() -> Service[DiaryWork]:
    service = Service("diary", DiaryWork, metadata)
    service.on_any("weather", note)
    service.on(Rained, fetch_umbrella)
    return service


async def words_of(diary: Any) -> list[str]:
    return [row["words"] for row in await diary.query("SELECT words FROM line ORDER BY words")]


async def test_a_witness_sees_events_that_nobody_lists(harness: Any) -> None:
    under_test = await harness(diary())

    await under_test.hear("weather", Snowed(), STREAM)
    await under_test.hear_again()

    assert ["weather.snowed.v1 1"] == await words_of(under_test)


async def test_a_listed_event_reaches_the_witness_and_its_own_handler(harness: Any) -> None:
    under_test = await harness(diary())

    await under_test.hear("weather", Rained(), STREAM)

    assert ["umbrella", "weather.rained.v1 1"] == await words_of(under_test)


async def test_another_service_without_a_witness_stays_unread(harness: Any) -> None:
    under_test = await harness(diary())

    outcome = await under_test.hear("sport", Snowed(), STREAM)

    assert 0 == outcome.applied
    assert [] == await words_of(under_test)


def test_a_source_has_one_witness() -> None:
    service = diary()

    with pytest.raises(ValueError, match="two witnesses of weather"):
        service.on_any("weather", note)
