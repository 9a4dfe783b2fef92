"""Relational conditions of the standard between the elements of one segment: P, R, E, C, L (SNIP 1)."""

from collections.abc import Callable

from revcycle_x12._grammar.spec import SegmentSpec
from revcycle_x12._grammar.standard import Condition
from revcycle_x12.validate.problem import Problem


def may_fail(condition: Condition, spec: SegmentSpec) -> bool:
    """Say whether a segment that keeps to its guide's usages could break the condition."""
    usages = ["N" if place > len(spec.elements) else spec.elements[place - 1].usage for place in condition.positions]
    match condition.letter:
        case "P":
            return len(set(usages)) > 1 or "S" in usages
        case "R":
            return "R" not in usages
        case "E":
            return sum(usage != "N" for usage in usages) > 1
        case "C":
            return usages[0] != "N" and any(usage != "R" for usage in usages[1:])
        case _:
            return usages[0] != "N" and "R" not in usages[1:]


def test_of(condition: Condition) -> Callable[[list[str], int], bool]:
    """Compile the question whether a segment of so many elements meets a condition."""
    places = condition.positions
    if condition.letter == "P" and len(places) == 2:  # noqa: PLR2004 (a pair)
        return _pair(*places)

    def is_met(elements: list[str], size: int) -> bool:
        return _is_met(condition.letter, [place < size and elements[place] != "" for place in places])

    return is_met


def _pair(first: int, second: int) -> Callable[[list[str], int], bool]:
    def is_met(elements: list[str], size: int) -> bool:
        if second < size:
            return (elements[first] != "") is (elements[second] != "")
        return first >= size or not elements[first]

    return is_met


def _is_met(letter: str, present: list[bool]) -> bool:
    match letter:
        case "P":
            return all(present) or not any(present)
        case "R":
            return any(present)
        case "E":
            return sum(present) <= 1
        case "C":
            return not present[0] or all(present)
        case _:
            return not present[0] or any(present[1:])


def problem_of(condition: Condition, elements: list[str]) -> Problem:
    """Say how a condition is not met."""
    size = len(elements)
    return _problem(condition, elements[0], [place < size and elements[place] != "" for place in condition.positions])


def _problem(condition: Condition, segment_id: str, present: list[bool]) -> Problem:
    places = condition.positions
    names = [f"{segment_id}{place:02d}" for place in places]
    place = places[present.index(False)] if False in present else places[-1]
    match condition.letter:
        case "P":
            message = f"{' and '.join(names)} come together or not at all"
        case "R":
            message = f"one of {', '.join(names)} is required"
        case "E":
            message, place = f"only one of {', '.join(names)} may be there", places[-1]
        case "C":
            message = f"{names[0]} needs {' and '.join(names[1:])}"
        case _:
            message, place = f"{names[0]} needs one of {', '.join(names[1:])}", places[1]
    code = "element-excluded" if condition.letter == "E" else "element-condition"
    return Problem(code, message, f"{segment_id}{place:02d}", position=place)
