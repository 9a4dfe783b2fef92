"""What a segment has that can only be one thing, filled in: qualifiers, kinds of identifiers, person or not."""

from revcycle_x12._grammar import standard
from revcycle_x12._grammar.spec import SegmentSpec
from revcycle_x12._reading.loop import Elements
from revcycle_x12._syntax.delimiters import Delimiters

_USUAL_IDS = ("XX", "MI", "PI", "46")


class Defaults:
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


def put_defaults(elements: Elements, spec: SegmentSpec, delimiters: Delimiters) -> None:
    """Put in what has one possible value: required codes, and qualifiers of a pair whose value is there."""
    defaults = spec.defaults
    if defaults is None:
        defaults = spec.defaults = Defaults(spec)
    if defaults.names:
        _fill_name(elements, spec)
    if defaults.spans and elements[2:3] == ["D8"]:
        elements[2:] = ["RD8", f"{elements[3]}-{elements[3]}"]
    if defaults.required:
        _fill_required(elements, defaults)
    if defaults.paired:
        _fill_pairs(elements, defaults)
    for place, parts in defaults.composites:
        if place < len(elements) and elements[place]:
            _fill_components(elements, place, parts, delimiters.component)
    while not elements[-1] and len(elements) > 1:
        elements.pop()


def _fill_required(elements: Elements, defaults: Defaults) -> None:
    """Put in the codes that can only be one."""
    for place, code in defaults.required:
        if place >= len(elements):
            elements += [""] * (place + 1 - len(elements))
        if not elements[place]:
            elements[place] = code


def _fill_pairs(elements: Elements, defaults: Defaults) -> None:
    """Put in the qualifier of a value that is there."""
    for place, code, partners in defaults.paired:
        size = len(elements)
        if any(other < size and elements[other] for other in partners) and not (place < size and elements[place]):
            elements += [""] * (place + 1 - size)
            elements[place] = code


def _fill_components(elements: Elements, place: int, defaults: list[tuple[int, str]], separator: str) -> None:
    parts = elements[place].split(separator)
    if any(at < len(parts) and not parts[at] for at, _ in defaults):
        for at, code in defaults:
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
