"""
The table notation guides are written in, and its reader.

A guide is a text, one loop or segment a line; indentation nests::

    @2010AA R1 Billing provider
      NM1 R1 : R=85 R=1,2 R S S N S S=XX S
      N4  R1 : R S@state S S@country N N S
      REF S2 : R=0B,1G R

`@` opens a loop: id, usage and how often (`>` means without limit), name. Every
other line is a segment: id, usage and how often, then its elements in order.
Each element is its usage (R required, S situational, N not used) and, as far as
the guide says so, `=` its codes, `@` the name of an external code set, `^n` how
often it may repeat, and for a composite its components in parentheses; `12*` before
an element repeats it, `_` in a code stands for a space. Elements left out at the
end are not used. A loop line without content repeats, under its parent, the loop
of the same id seen before. `*` after a loop's id marks what a stream hands out one
at a time. Types and lengths come from `standard`.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from revcycle_x12._grammar import standard
from revcycle_x12._grammar.spec import UNLIMITED, ElementSpec, LoopSpec, SegmentSpec
from revcycle_x12._syntax.errors import GuideError

_LINE = re.compile(r"(?P<indent> *)(?P<id>@?[A-Z0-9]+)(?P<star>\*?) +(?P<usage>[RSN])(?P<repeat>\d+|>)(?P<rest>.*)\Z")
_COMMA = re.compile(r", ")
_ELEMENT = re.compile(
    r"(?P<usage>[RSN])(?:\^(?P<repeat>\d+))?(?:@(?P<set>[a-z_]+))?(?:=(?P<codes>[^()]+))?(?:\((?P<parts>.*)\))?\Z"
)


def parse_guide(table: str) -> LoopSpec:
    """Read a guide's table into its root loop. Raises GuideError naming the line."""
    root = LoopSpec("ST", "R", 1, "Transaction set")
    reading = _Reading(stack=[(-1, root)])
    for line in filter(str.strip, table.split("\n")):
        reading.line(line.rstrip())
    for loop in root.walk():
        _number(loop)
    return root


@dataclass
class _Reading:
    """The state of reading a table: loops open at present, and loops seen, by id."""

    stack: list[tuple[int, LoopSpec]]
    seen: dict[str, LoopSpec] = field(default_factory=dict)

    def line(self, line: str) -> None:
        found = _LINE.match(line)
        if not found:
            raise GuideError(f"guide line not understood: {line!r}")
        indent = len(found["indent"])
        while self.stack[-1][0] >= indent:
            self._close()
        parent = self.stack[-1][1]
        repeat = UNLIMITED if found["repeat"] == ">" else int(found["repeat"])
        if found["id"].startswith("@"):
            loop = LoopSpec(found["id"][1:], found["usage"], repeat, found["rest"].strip(), parent=parent)
            loop.streamed = bool(found["star"])
            parent.content.append(loop)
            self.stack.append((indent, loop))
            if loop.id in self.seen:
                _copy_content(self.seen[loop.id], loop)
        else:
            elements = parse_elements(found["id"], _COMMA.sub(",", " ".join(found["rest"].strip(" :").split())))
            parent.content.append(SegmentSpec(found["id"], found["usage"], repeat, elements))

    def _close(self) -> None:
        _, loop = self.stack.pop()
        if not loop.content:
            raise GuideError(f"loop {loop.id} has no content and none was seen before")
        self.seen[loop.id] = loop


def _copy_content(source: LoopSpec, target: LoopSpec) -> None:
    """Give a loop named a second time the content it had the first time."""
    for item in source.content:
        if isinstance(item, SegmentSpec):
            target.content.append(SegmentSpec(item.id, item.usage, item.repeat_max, item.elements))
        else:
            child = LoopSpec(item.id, item.usage, item.repeat_max, item.name, parent=target, streamed=item.streamed)
            _copy_content(item, child)
            target.content.append(child)


def _number(loop: LoopSpec) -> None:
    """
    Give each item its order and its group.

    Segments of one id in a row, and loops in a row opened by the same segment,
    share a group: their order among themselves is free.
    """
    group, before = 0, ("", "")
    for order, item in enumerate(loop.content):
        key = ("loop", item.trigger.id) if isinstance(item, LoopSpec) else ("segment", item.id)
        group += key != before
        item.order, item.group, before = order, group, key
        if isinstance(item, SegmentSpec):
            item.loop_id = loop.id
            loop.own.setdefault(item.id, []).append(item)
        else:
            loop.children[item.id] = item
    loop.opener = loop.trigger.id
    loop.bounded = "LS" in loop.own
    loop.compile_uses()
    loop.numbers = any(inner.trigger.id in {"HL", "LX"} for inner in loop.walk())


@lru_cache(4096)
def parse_elements(segment_id: str, text: str) -> tuple[ElementSpec, ...]:
    """Read the elements of one segment, and complete them with what the standard says."""
    numbers = standard.segments.get(segment_id)
    if numbers is None:
        raise GuideError(f"segment {segment_id} is not in the standard's table")
    tokens = _tokens(text)
    if len(tokens) > len(numbers):
        raise GuideError(f"{segment_id} has {len(numbers)} elements, the guide states {len(tokens)}")
    return tuple(
        _element(f"{segment_id}{place:02d}", number, token)
        for place, (number, token) in enumerate(zip(numbers, tokens, strict=False), 1)
    )


def _tokens(text: str) -> list[str]:
    """Split at spaces outside of parentheses; `12*S` stands for twelve."""
    tokens: list[str] = []
    for times, token in re.findall(r"(?:(\d+)\*)?([^\s()]+(?:\([^()]*\))?)", text):
        tokens += [token] * int(times or 1)
    return tokens


def _element(reference: str, number: str, token: str) -> ElementSpec:
    found = _ELEMENT.match(token)
    if not found:
        raise GuideError(f"{reference}: {token!r} not understood")
    repeat = int(found["repeat"] or 1)
    codes = frozenset(code.replace("_", " ") for code in found["codes"].split(",")) if found["codes"] else None
    if number in standard.composites:
        return ElementSpec(
            reference,
            found["usage"],
            "",
            0,
            repeat_max=repeat,
            components=_components(reference, number, found["parts"]),
        )
    facts = standard.data_elements[number]
    code_set = found["set"] or ("" if codes is not None else standard.CODE_SETS.get(number, ""))
    return ElementSpec(
        reference,
        found["usage"],
        facts.kind,
        facts.length_min,
        facts.length_max,
        codes,
        code_set,
        repeat,
        form=standard.form_of(re.split(r"\d\d(?:-\d+)?$", reference)[0], number),
    )


def _components(reference: str, number: str, text: str | None) -> tuple[ElementSpec, ...]:
    parts, numbers = _tokens(text or ""), standard.composites[number]
    if len(parts) > len(numbers):
        raise GuideError(f"{reference} has {len(numbers)} components, the guide states {len(parts)}")
    return tuple(
        _element(f"{reference}-{place}", part_number, part)
        for place, (part_number, part) in enumerate(zip(numbers, parts, strict=False), 1)
    )
