"""A transaction as a row of events: loops that open and close, and segments between, without keeping the tree."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from revcycle_x12.loop import Elements, Loop
from revcycle_x12.pieces import Piece


class Happening(Enum):
    """What an event says."""

    OPENS = "opens"
    SEGMENT = "segment"
    CLOSES = "closes"


@dataclass(frozen=True, slots=True)
class Event:
    """A loop opens or closes, or a segment stands in it. `elements` is empty but for segments."""

    happening: Happening
    loop: Loop
    depth: int
    elements: Elements


_NONE: Elements = []


def outline(pieces: Iterable[Piece]) -> Iterator[Event]:
    """Turn the pieces of one transaction into events, nested as in the tree; memory is bounded by one piece."""
    stack: list[Loop] = []
    for piece in pieces:
        begins = piece.opens or piece.continues is not None
        above = piece.loop.parent if begins else piece.loop
        yield from _close_to(stack, above)
        if above is None and stack:
            stack[0] = piece.loop
        elif begins or not stack:
            yield _open(stack, piece.loop)
        for item in piece.loop.content[piece.start :]:
            yield from _within(stack, item, piece.loop)
    while stack:
        yield _close(stack)


def _close_to(stack: list[Loop], above: Loop | None) -> Iterator[Event]:
    """Close what is open inside of `above`; the outermost loop stays open until the end."""
    while len(stack) > 1 and stack[-1] is not above:
        yield _close(stack)


def _within(stack: list[Loop], item: Elements | Loop, parent: Loop) -> Iterator[Event]:
    if not isinstance(item, Loop):
        yield Event(Happening.SEGMENT, parent, len(stack), item)
        return
    yield _open(stack, item)
    for inner in item.content:
        yield from _within(stack, inner, item)
    yield _close(stack)


def _open(stack: list[Loop], loop: Loop) -> Event:
    stack.append(loop)
    return Event(Happening.OPENS, loop, len(stack) - 1, _NONE)


def _close(stack: list[Loop]) -> Event:
    loop = stack.pop()
    return Event(Happening.CLOSES, loop, len(stack), _NONE)
