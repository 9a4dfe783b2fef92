"""An interchange as a tree to read: envelopes, loops with their names, a segment a line."""

from collections.abc import Iterator

from revcycle_x12._output.event_stream import EventKind, event_stream
from revcycle_x12._reading.chunks import Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._reading.reader import Reader
from revcycle_x12._syntax.envelope import Group, Interchange
from revcycle_x12._syntax.errors import ElementError

_STEP = "  "


def readable(text: str) -> str:
    """Make bytes that are no UTF-8 printable."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def text_lines(reader: Reader) -> Iterator[str]:
    """Every line of the tree, as the source is read."""
    interchange: Interchange | None = None
    group: Group | None = None
    for transaction in reader:
        if transaction.interchange is not interchange:
            interchange, group = transaction.interchange, None
            yield _interchange(interchange)
        if transaction.group is not None and transaction.group is not group:
            group = transaction.group
            yield _STEP + _group(group)
        yield _STEP * 2 + _transaction(transaction)
        yield from _content(transaction)


def _interchange(interchange: Interchange) -> str:
    try:
        created = f"{interchange.created_at:%Y-%m-%d %H:%M}"
    except ElementError:
        created = "at no readable time"
    kind = "test" if interchange.is_test else "production"
    parties = f"from {interchange.sender_id or '(blank)'} to {interchange.receiver_id or '(blank)'}"
    return readable(f"Interchange {interchange.control_number} {parties}, {created}, {kind}")


def _group(group: Group) -> str:
    parties = f"from {group.sender_code} to {group.receiver_code}"
    return readable(f"Group {group.functional_id} {group.control_number} {parties} ({group.version})")


def _transaction(transaction: Transaction) -> str:
    guide = transaction.guide
    said = f"{guide.name} ({guide.version})" if guide is not None else f"no guide for {transaction.version or '?'}"
    return readable(f"{transaction.set_id} {transaction.control_number} {said}")


def _content(transaction: Transaction) -> Iterator[str]:
    separator = transaction.interchange.delimiters.element
    component = transaction.interchange.delimiters.component
    for event in event_stream(transaction.chunks()):
        indent = _STEP * (event.depth + 2)
        if event.kind is EventKind.SEGMENT:
            known = transaction.guide is None or _is_known(event.loop, event.elements, component)
            yield indent + readable(separator.join(event.elements)) + ("" if known else "   <- not in the guide here")
        elif event.kind is EventKind.OPENS and event.depth:
            yield indent + f"{event.loop.id} {event.loop.name}".rstrip()


def _is_known(loop: Loop, elements: Elements, component: str) -> bool:
    return loop.spec.spec_of(elements, component) is not None
