"""
Make a loop tree ready to be said.

Every loop under its guide's spec, segments in order, qualifiers with one possible
value, HL and LX numbers filled in.
"""

import operator
from collections.abc import Iterator
from itertools import count

from revcycle_x12 import standard
from revcycle_x12.delimiters import Delimiters
from revcycle_x12.errors import CannotSayError
from revcycle_x12.loop import Elements, Loop
from revcycle_x12.spec import LoopSpec, SegmentSpec

_USUAL_IDS = ("XX", "MI", "PI", "46")
_SELF_MADE = frozenset({"HL", "LX", "LS", "LE"})


def finish(root: Loop, spec: LoopSpec, delimiters: Delimiters) -> None:
    """
    Finish a whole transaction in place.

    Loops as they were read are left alone. Raises CannotSayError where a loop or
    a segment has no place in the guide.
    """
    _adopt(root, spec, delimiters)
    _number(root)


def _adopt(loop: Loop, spec: LoopSpec, delimiters: Delimiters) -> None:
    built = loop.spec is not spec or loop.touched
    loop.spec = spec
    if loop.delimiters is not delimiters and loop.delimiters != delimiters:
        _translate(loop, delimiters)
    children = spec.children
    for item in loop.content:
        if item.__class__ is not list:
            child_spec = children.get(item.spec.id)  # type: ignore[union-attr]
            if child_spec is None:
                raise CannotSayError(f"loop {spec.id}", f"the guide has no loop {item.spec.id} in it")  # type: ignore[union-attr]
            _adopt(item, child_spec, delimiters)  # type: ignore[arg-type]
    if built:
        _complete(loop, delimiters)
        loop.touched = False


def _translate(loop: Loop, delimiters: Delimiters) -> None:
    """Put the delimiters of this interchange in place of those the loop was read with."""
    old, loop.delimiters = loop.delimiters, delimiters
    changes = {ord(old.component): delimiters.component} if old.component != delimiters.component else {}
    if old.repetition and delimiters.repetition and old.repetition != delimiters.repetition:
        changes[ord(old.repetition)] = delimiters.repetition
    if changes:
        for item in loop.content:
            if isinstance(item, list):
                item[1:] = [text.translate(changes) for text in item[1:]]


def _complete(loop: Loop, delimiters: Delimiters) -> None:
    """Fill what has one possible value and put the content in the guide's order."""
    spec = loop.spec
    content = loop.content
    trigger = spec.trigger.id
    if trigger in _SELF_MADE and loop.elements(trigger) is None:
        content.insert(0, [trigger])
    if "LS" in spec.uses or "LE" in spec.uses:
        for bound in spec.segments():
            if bound.id in {"LE", "LS"} and loop.elements(bound.id) is None and _bounds(loop, bound):
                content.append([bound.id])
    orders = []
    for item in content:
        if item.__class__ is list:
            known = segment_spec(loop, item, delimiters)
            fill(item, known, delimiters)
            orders.append(known.order)
        else:
            orders.append(item.spec.order)  # type: ignore[union-attr]
    if any(map(operator.gt, orders, orders[1:])):
        ranks = sorted(range(len(content)), key=orders.__getitem__)
        loop.content = [content[place] for place in ranks]
    loop.forget()


def _bounds(loop: Loop, spec: SegmentSpec) -> bool:
    """Say whether an LS or LE of the guide bounds a child loop that is there."""
    siblings = loop.spec.content
    neighbour = spec.order + (1 if spec.id == "LS" else -1)
    item = siblings[neighbour] if 0 <= neighbour < len(siblings) else None
    return isinstance(item, LoopSpec) and loop.loop(item.id) is not None


def segment_spec(loop: Loop, elements: Elements, delimiters: Delimiters) -> SegmentSpec:
    """Find the guide's use of a segment. Raises CannotSayError where the guide has none here."""
    found = loop.spec.spec_of(elements, delimiters.component)
    if found is not None:
        return found
    candidates = loop.spec.own.get(elements[0], [])
    free = [spec for spec in candidates if _unsaid(spec, elements)]
    if len(free) == 1:
        return free[0]
    named = f"{elements[0]} with the qualifier {elements[1]!r}" if candidates and len(elements) > 1 else elements[0]
    raise CannotSayError(f"loop {loop.spec.id}", f"the guide has no segment {named} here")


def _unsaid(spec: SegmentSpec, elements: Elements) -> bool:
    """Say whether the qualifier is left for the library to fill in."""
    return bool(spec.elements) and bool(spec.elements[0].only_code) and (len(elements) < 2 or not elements[1])  # noqa: PLR2004


class Filler:
    """What can be filled into one use of a segment, found once."""

    __slots__ = ("composites", "names", "paired", "required", "spans")

    def __init__(self, spec: SegmentSpec) -> None:
        coded = [(place, e.only_code, e.usage) for place, e in enumerate(spec.elements, 1) if e.only_code]
        self.required = [(place, code) for place, code, usage in coded if usage == "R"]
        self.paired = [
            (place, code, partners)
            for place, code, usage in coded
            if usage == "S" and (partners := _partners(spec.id, place))
        ]
        self.composites = [
            (place, parts)
            for place, e in enumerate(spec.elements, 1)
            if (parts := [(at, c.only_code) for at, c in enumerate(e.components) if c.only_code and c.usage == "R"])
        ]
        self.names = spec.id == "NM1"
        self.spans = spec.id == "DTP" and spec.codes_at(2) == frozenset({"RD8"})


def fill(elements: Elements, spec: SegmentSpec, delimiters: Delimiters) -> None:
    """Put in what has one possible value: required codes, and qualifiers of a pair whose value is there."""
    filler = spec.filler
    if filler is None:
        filler = spec.filler = Filler(spec)
    if filler.names:
        _fill_name(elements, spec)
    if filler.spans and elements[2:3] == ["D8"]:
        elements[2:] = ["RD8", f"{elements[3]}-{elements[3]}"]
    if filler.required:
        _fill_required(elements, filler)
    if filler.paired:
        _fill_pairs(elements, filler)
    for place, parts in filler.composites:
        if place < len(elements) and elements[place]:
            _fill_components(elements, place, parts, delimiters.component)
    while not elements[-1] and len(elements) > 1:
        elements.pop()


def _fill_required(elements: Elements, filler: Filler) -> None:
    """Put in the codes that can only be one."""
    for place, code in filler.required:
        if place >= len(elements):
            elements += [""] * (place + 1 - len(elements))
        if not elements[place]:
            elements[place] = code


def _fill_pairs(elements: Elements, filler: Filler) -> None:
    """Put in the qualifier of a value that is there."""
    for place, code, partners in filler.paired:
        size = len(elements)
        if any(other < size and elements[other] for other in partners) and not (place < size and elements[place]):
            elements += [""] * (place + 1 - size)
            elements[place] = code


def _fill_components(elements: Elements, place: int, known: list[tuple[int, str]], separator: str) -> None:
    parts = elements[place].split(separator)
    if any(at < len(parts) and not parts[at] for at, _ in known):
        for at, code in known:
            if at < len(parts) and not parts[at]:
                parts[at] = code
        elements[place] = separator.join(parts).rstrip(separator)


def _partners(segment_id: str, place: int) -> tuple[int, ...]:
    """Elements the standard pairs with this one."""
    for condition in standard.conditions.get(segment_id, ()):
        if condition.letter == "P" and place in condition.positions:
            return tuple(other for other in condition.positions if other != place)
    return ()


def _fill_name(elements: Elements, spec: SegmentSpec) -> None:
    """Say person or organization, and what kind of identifier it is, where the guide leaves a usual choice."""
    elements += [""] * (5 - len(elements))
    kind = "1" if elements[4] else "2"
    allowed = spec.codes_at(2) or frozenset()
    elements[2] = elements[2] or (kind if kind in allowed else next(iter(allowed), ""))
    if len(elements) > 9 and elements[9] and not elements[8]:  # noqa: PLR2004 (NM108 says what NM109 is)
        codes = spec.codes_at(8) or frozenset()
        elements[8] = next((usual for usual in _USUAL_IDS if usual in codes), "")


def _number(root: Loop) -> None:
    """Count Number HL from 1 through the transaction, LX from 1 in each parent, where they were left open."""
    counter = count(1)
    for loop in _numbered(root):
        first = loop.content[0] if loop.content else None
        if isinstance(first, list) and first[0] == "HL":
            _number_hl(loop, first, str(next(counter)))
        place = 0
        for item in loop.content:
            if item.__class__ is not list and item.spec.trigger.id == "LX":  # type: ignore[union-attr]
                place += 1
                _number_lx(item, place)  # type: ignore[arg-type]


def _numbered(loop: Loop) -> Iterator[Loop]:
    """Give the loops that can hold HL or LX below them, in order."""
    yield loop
    for item in loop.content:
        if item.__class__ is not list and item.spec.numbers:  # type: ignore[union-attr]
            yield from _numbered(item)  # type: ignore[arg-type]


def _number_lx(loop: Loop, place: int) -> None:
    first = loop.content[0]
    if isinstance(first, list) and first[0] == "LX" and (len(first) < 2 or not first[1]):  # noqa: PLR2004
        first[1:] = [str(place)]


def _number_hl(loop: Loop, elements: Elements, number: str) -> None:
    elements += [""] * (5 - len(elements))
    level = loop.spec.trigger.elements[2].only_code
    parent = next((hl for hl in _hl_above(loop)), "")
    below = any(child.spec.trigger.id == "HL" for child in loop.loops())
    specs = loop.spec.trigger.elements
    codes = specs[3].codes if len(specs) > 3 else None  # noqa: PLR2004 (HL04)
    required = len(specs) > 3 and specs[3].usage == "R"  # noqa: PLR2004
    elements[1], elements[2], elements[3] = number, parent, elements[3] or level
    elements[4] = _child_code(codes, below=below) if required else ""
    while not elements[-1]:
        elements.pop()


def _child_code(codes: frozenset[str] | None, *, below: bool) -> str:
    code = "1" if below else "0"
    return code if codes is None or code in codes else next(iter(codes))


def _hl_above(loop: Loop) -> Iterator[str]:
    parent = loop.parent
    while parent is not None:
        first = parent.content[0] if parent.content else None
        if isinstance(first, list) and first[0] == "HL":
            yield first[1]
        parent = parent.parent
