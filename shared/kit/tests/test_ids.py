"""Ids: what must repeat repeats, what must differ differs."""

from datetime import UTC, datetime
from typing import Any
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revcycle_kit.clock import SimulatedClock
from revcycle_kit.ids import IdSource, SeededIds, TimeOrderedIds, derived_id, event_id

STREAM = UUID("0199a0c0-0000-7000-8000-000000000001")
parts = st.lists(st.text(max_size=12), max_size=5).map(tuple)
events = st.tuples(st.text("abc1:", max_size=4), st.uuids(), st.integers(0, 2**63))


def _is_rfc_9562(value: UUID, version: int) -> bool:
    return version == value.version and value.variant == RFC_4122


def test_an_event_id_follows_from_service_stream_and_version() -> None:
    assert event_id("claims", STREAM, 1) == event_id("claims", STREAM, 1)
    assert _is_rfc_9562(event_id("claims", STREAM, 1), 8)


def test_an_event_id_is_pinned_for_ever() -> None:
    """It is stored in cursors and compared for years: changing how it is made would fork every stream."""
    assert UUID("22218efa-0f39-8fb7-860a-4640caf2dba5") == event_id("claims", STREAM, 1)


@given(st.lists(events, unique=True, max_size=20))
def test_different_events_have_different_ids(all_of: list[Any]) -> None:
    assert len(all_of) == len({event_id(*one) for one in all_of})


@given(st.lists(parts, unique=True, max_size=20))
def test_different_parts_give_different_ids(all_of: list[Any]) -> None:
    assert len(all_of) == len({derived_id(*one) for one in all_of})


def test_where_a_part_ends_makes_a_difference() -> None:
    assert derived_id("ab", "c") != derived_id("a", "bc")
    assert derived_id("a", "") != derived_id("a")
    assert derived_id("1:a") != derived_id("a")


@given(parts)
def test_derived_ids_repeat_and_are_version_8(key: tuple[str, ...]) -> None:
    assert derived_id(*key) == derived_id(*key)
    assert _is_rfc_9562(derived_id(*key), 8)


def test_time_ordered_ids_rise_even_within_a_millisecond() -> None:
    ids = TimeOrderedIds()
    drawn = [ids.new_id() for _ in range(5_000)]
    assert drawn == sorted(set(drawn))
    assert all(_is_rfc_9562(one, 7) for one in drawn)


def test_a_time_ordered_id_carries_the_time_of_its_clock() -> None:
    at = datetime(2026, 3, 1, 12, 0, 0, 123_000, tzinfo=UTC)
    drawn = TimeOrderedIds(SimulatedClock(at)).new_id()
    assert int(at.timestamp() * 1_000) == drawn.int >> 80


def test_two_processes_do_not_draw_the_same() -> None:
    clock = SimulatedClock(datetime(2026, 3, 1, tzinfo=UTC))
    one, other = TimeOrderedIds(clock), TimeOrderedIds(clock)
    assert set() == {one.new_id() for _ in range(100)} & {other.new_id() for _ in range(100)}


def test_time_ordered_ids_rise_when_the_random_part_is_full() -> None:
    ids = TimeOrderedIds(SimulatedClock(datetime(2026, 3, 1, tzinfo=UTC)))
    before = ids.new_id()
    ids._tail = (1 << 74) - 1
    assert before < ids.new_id() < ids.new_id()


def test_the_same_seed_draws_the_same_ids_and_another_seed_others() -> None:
    first, again, other = SeededIds(7), SeededIds(7), SeededIds(8)
    drawn = [first.new_id() for _ in range(50)]
    assert drawn == [again.new_id() for _ in range(50)]
    assert set() == set(drawn) & {other.new_id() for _ in range(50)}


@given(st.permutations(["a", "b", "c", "d"]))
def test_what_a_scope_draws_does_not_depend_on_the_order_of_others(order: list[str]) -> None:
    ids = SeededIds(7)
    drawn = {key: ids.scoped("claim", key).new_id() for key in order}
    assert drawn == {key: SeededIds(7, "claim", key).new_id() for key in "abcd"}
    assert len(drawn) == len(set(drawn.values()))


@pytest.mark.parametrize("source", [TimeOrderedIds(), SeededIds(1)])
def test_no_id_is_drawn_twice(source: IdSource) -> None:
    assert 1_000 == len({source.new_id() for _ in range(1_000)})
