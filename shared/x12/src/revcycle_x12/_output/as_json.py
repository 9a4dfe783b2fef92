"""An interchange as one JSON document, written as it is read."""

import json
from collections.abc import Iterator
from typing import Any

from revcycle_x12._output.as_text import readable
from revcycle_x12._output.event_stream import EventKind, event_stream
from revcycle_x12._output.named import named
from revcycle_x12._reading.chunks import Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._reading.reader import Reader
from revcycle_x12._syntax.delimiters import Delimiters
from revcycle_x12._syntax.envelope import Group, Interchange
from revcycle_x12._syntax.errors import ElementError


def json_lines(name: str, reader: Reader) -> Iterator[str]:
    """
    Give the parts of the document, in order.

    `{"file", "interchanges": [{…, "groups": [{…, "transactions": [{…, "content"}]}]}]}`. Content
    is loops, `{"loop", "name", "values", "content"}`, and segments, `{"segment": "CLM", "CLM01": "A1", …}`:
    empty elements are left out, composites and repetitions are arrays. `values` are what the loop
    holds under the names of its typed view: cents, ISO dates, codes with their texts.
    """
    yield f'{{"file": {_text(name)}, "interchanges": ['
    interchange: Interchange | None = None
    group: Group | None = None
    first = True
    for transaction in reader:
        if transaction.interchange is not interchange:
            yield "" if interchange is None else "]}]},"
            interchange, group, first = transaction.interchange, transaction.group, True
            yield _head(_interchange(interchange), "groups") + _head(_group(group), "transactions")
        elif transaction.group is not group:
            group, first = transaction.group, True
            yield "]}," + _head(_group(group), "transactions")
        yield ("" if first else ",") + _head(_transaction(transaction), "content")
        first = False
        yield from _content(transaction)
        yield "]}"
    yield "]}" if interchange is None else "]}]}]}"


def _head(fields: dict[str, Any], array: str) -> str:
    """Begin an object that ends with an array left open."""
    inner = "".join(f"{_text(key)}: {_text(value)}, " for key, value in fields.items())
    return f"{{{inner}{_text(array)}: ["


def _text(value: Any) -> str:
    return readable(json.dumps(value, ensure_ascii=False))


def _interchange(interchange: Interchange) -> dict[str, Any]:
    try:
        created = interchange.created_at.isoformat(timespec="minutes")
    except ElementError:
        created = None
    return {
        "control_number": interchange.control_number,
        "sender": interchange.sender_id,
        "receiver": interchange.receiver_id,
        "created_at": created,
        "is_test": interchange.is_test,
    }


def _group(group: Group | None) -> dict[str, Any]:
    if group is None:
        return {"functional_id": None}
    return {
        "functional_id": group.functional_id,
        "control_number": group.control_number,
        "sender": group.sender_code,
        "receiver": group.receiver_code,
        "version": group.version,
    }


def _transaction(transaction: Transaction) -> dict[str, Any]:
    guide = transaction.guide
    transaction.begin()
    return {
        "set": transaction.set_id,
        "control_number": transaction.control_number,
        "guide": guide.version if guide is not None else None,
        "name": guide.name if guide is not None else None,
        "values": named(guide, transaction.loop),
    }


def _content(transaction: Transaction) -> Iterator[str]:
    """Write loops and segments, each level's first without a comma before it."""
    begun = [False]
    marks = transaction.interchange.delimiters
    for event in event_stream(transaction.chunks()):
        if event.kind is EventKind.CLOSES:
            if event.depth:
                begun.pop()
                yield "]}"
            continue
        if event.kind is EventKind.OPENS and not event.depth:
            continue
        comma = "," if begun[-1] else ""
        begun[-1] = True
        if event.kind is EventKind.SEGMENT:
            yield comma + _text(_segment(event.elements, event.loop, marks))
        else:
            head: dict[str, Any] = {"loop": event.loop.id, "name": event.loop.name}
            values = named(transaction.guide, event.loop)
            yield comma + _head(head | ({"values": values} if values else {}), "content")
            begun.append(False)


def _segment(elements: Elements, loop: Loop, marks: Delimiters) -> dict[str, Any]:
    spec = loop.spec.spec_of(elements, marks.component)
    specs = spec.elements if spec is not None else ()
    found: dict[str, Any] = {"segment": readable(elements[0])}
    for place, text in enumerate(elements[1:], 1):
        if not text:
            continue
        known = specs[place - 1] if place <= len(specs) else None
        value: Any = readable(text)
        if known is not None and known.repeat_max > 1 and marks.repetition:
            parts = value.split(marks.repetition)
            value = [part.split(marks.component) for part in parts] if known.components else parts
        elif known is not None and known.components:
            value = value.split(marks.component)
        found[f"{elements[0]}{place:02d}"] = value
    return found
