"""
Make a loop tree ready to be said: every loop under its guide's spec, segments in
order, qualifiers with one possible value, HL and LX numbers filled in.
"""

from collections.abc import Iterator

from revcycle_x12 import standard
from revcycle_x12.delimiters import Delimiters
from revcycle_x12.errors import CannotSayError
from revcycle_x12.loop import Elements, Loop
from revcycle_x12.spec import ElementSpec, LoopSpec, SegmentSpec

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
    if loop.delimiters != delimiters:
        _translate(loop, delimiters)
    for child in loop.loops():
        try:
            child_spec = spec.loop(child.spec.id)
        except KeyError:
            raise CannotSayError(f"loop {spec.id}", f"the guide has no loop {child.spec.id} in it") from None
        _adopt(child, child_spec, delimiters)
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
    trigger = spec.trigger
    if trigger.id in _SELF_MADE and loop.elements(trigger.id) is None:
        loop.content.insert(0, [trigger.id])
        loop.forget()
    for item in spec.segments():
        if item.id in {"LE", "LS"} and loop.elements(item.id) is None and _bounds(loop, item):
            loop.content.append([item.id])
    keyed = []
    for place, item in enumerate(loop.content):
        if isinstance(item, Loop):
            keyed.append((item.spec.order, place, item))
        else:
            known = segment_spec(loop, item, delimiters)
            fill(item, known, delimiters)
            keyed.append((known.order, place, item))
    keyed.sort(key=lambda entry: entry[:2])
    loop.content = [entry[2] for entry in keyed]
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
    if found is None:
        candidates = loop.spec.own.get(elements[0], [])
        free = [spec for spec in candidates if _unsaid(spec, elements)]
        if len(free) == 1:
            return free[0]
        named = f"{elements[0]} with the qualifier {elements[1]!r}" if candidates and len(elements) > 1 else elements[0]
        raise CannotSayError(f"loop {loop.spec.id}", f"the guide has no segment {named} here")
    return found


def _unsaid(spec: SegmentSpec, elements: Elements) -> bool:
    """Say whether the qualifier is left for the library to fill in."""
    return bool(spec.elements) and bool(spec.elements[0].only_code) and (len(elements) < 2 or not elements[1])  # noqa: PLR2004


def fill(elements: Elements, spec: SegmentSpec, delimiters: Delimiters) -> None:
    """Put in what has one possible value: required codes, and qualifiers of a pair whose value is there."""
    if spec.id == "NM1":
        _fill_name(elements, spec)
    for place, element in enumerate(spec.elements, 1):
        if element.components:
            _fill_components(elements, place, element, delimiters)
            continue
        code = element.only_code
        if not code or (place < len(elements) and elements[place]):
            continue
        if element.usage == "R" or (element.usage == "S" and _paired(spec.id, place, elements)):
            elements += [""] * (place + 1 - len(elements))
            elements[place] = code
    while len(elements) > 1 and not elements[-1]:
        elements.pop()


def _fill_name(elements: Elements, spec: SegmentSpec) -> None:
    """Say person or organization, and what kind of identifier it is, where the guide leaves a usual choice."""
    elements += [""] * (5 - len(elements))
    kind = "1" if elements[4] else "2"
    allowed = spec.codes_at(2) or frozenset()
    elements[2] = elements[2] or (kind if kind in allowed else next(iter(allowed), ""))
    if len(elements) > 9 and elements[9] and not elements[8]:  # noqa: PLR2004 (NM108 says what NM109 is)
        codes = spec.codes_at(8) or frozenset()
        elements[8] = next((usual for usual in _USUAL_IDS if usual in codes), "")


def _fill_components(elements: Elements, place: int, element: ElementSpec, delimiters: Delimiters) -> None:
    text = elements[place] if place < len(elements) else ""
    if not text:
        return
    parts = text.split(delimiters.component)
    for component, spec in enumerate(element.components):
        if spec.only_code and spec.usage == "R" and component < len(parts) and not parts[component]:
            parts[component] = spec.only_code
    elements[place] = delimiters.component.join(parts).rstrip(delimiters.component)


def _paired(segment_id: str, place: int, elements: Elements) -> bool:
    """Say whether the standard pairs this element with one that has a value."""
    for condition in standard.conditions.get(segment_id, ()):
        if condition.letter == "P" and place in condition.positions:
            return any(other < len(elements) and elements[other] for other in condition.positions if other != place)
    return False


def _number(root: Loop) -> None:
    """Number HL from 1 through the transaction, LX from 1 in each parent, where they were left open."""
    counter = iter(range(1, 1 << 30))
    for loop in root.walk():
        first = loop.content[0] if loop.content else None
        if not isinstance(first, list):
            continue
        if first[0] == "HL":
            _number_hl(loop, first, str(next(counter)))
        lines = [line for line in loop.loops() if line.spec.trigger.id == "LX"]
        for place, line in enumerate(lines, 1):
            _number_lx(line, place)


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
