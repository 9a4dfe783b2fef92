"""A transaction as a row of events: loops that open and close, and segments between, without keeping the tree."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from revcycle_x12._reading.chunks import Chunk
from revcycle_x12._reading.loop import Elements, Loop


class EventKind(Enum):
    """What an event says."""

    OPENS = "opens"
    SEGMENT = "segment"
    CLOSES = "closes"


@dataclass(frozen=True, slots=True)
class Event:
    """A loop opens or closes, or a segment stands in it. `elements` is empty but for segments."""

    kind: EventKind
    loop: Loop
    depth: int
    elements: Elements


_NONE: Elements = []


def event_stream(chunks: Iterable[Chunk]) -> Iterator[Event]:
    """Turn the chunks of one transaction into events, nested as in the tree; memory is bounded by one chunk."""
    stack: list[Loop] = []
    for chunk in chunks:
        begins = chunk.opens or chunk.continues is not None
        above = chunk.loop.parent if begins else chunk.loop
        yield from _close_to(stack, above)
        if above is None and stack:
            stack[0] = chunk.loop
        elif begins or not stack:
            yield _open(stack, chunk.loop)
        for item in chunk.loop.content[chunk.start :]:
            yield from _within(stack, item, chunk.loop)
    while stack:
        yield _close(stack)


def _close_to(stack: list[Loop], above: Loop | None) -> Iterator[Event]:
    """Close what is open inside of `above`; the outermost loop stays open until the end."""
    while len(stack) > 1 and stack[-1] is not above:
        yield _close(stack)


def _within(stack: list[Loop], item: Elements | Loop, parent: Loop) -> Iterator[Event]:
    if not isinstance(item, Loop):
        yield Event(EventKind.SEGMENT, parent, len(stack), item)
        return
    yield _open(stack, item)
    for inner in item.content:
        yield from _within(stack, inner, item)
    yield _close(stack)


def _open(stack: list[Loop], loop: Loop) -> Event:
    stack.append(loop)
    return Event(EventKind.OPENS, loop, len(stack) - 1, _NONE)


def _close(stack: list[Loop]) -> Event:
    loop = stack.pop()
    return Event(EventKind.CLOSES, loop, len(stack), _NONE)
