"""The fast path never finds good what a look at every element finds wrong."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revcycle_x12 import Delimiters, Guide, all_guides
from revcycle_x12._grammar.spec import ElementSpec, SegmentSpec
from revcycle_x12._syntax.delimiters import DEFAULT, delimiters_of
from revcycle_x12._syntax.findings import Snip
from revcycle_x12.validate.fast_path import fast_path_of
from revcycle_x12.validate.problem import Problem
from revcycle_x12.validate.segment import SegmentCheck

GUIDES = list(all_guides())
ODD = ["", " ", "A", "a B", "1", "-1", "1.5", ".5", "1.", "20260105", "20261305", "20260231", "1200", "2500", "X" * 61]
ODD += ["A:B", "A^B", "A:", ":A", "D8", "RD8", "20260105-20260106", "Z" * 300, "\x01", "é", "00", "0", "9" * 20]


def specs(guide: Guide) -> list[SegmentSpec]:
    return [spec for loop in guide.root.walk() for spec in loop.segments()]


def sound(element: ElementSpec) -> str:
    """A text that fits the element."""
    if element.components:
        return ":".join(sound(part) for part in element.components if part.usage == "R")
    if element.codes is not None:
        return min(element.codes)
    return {"DT": "20260105", "TM": "1200", "R": "1.5", "N0": "7"}.get(element.kind, "A" * max(element.length_min, 2))


def wrong(check: SegmentCheck, elements: list[str], marks: Delimiters) -> bool:
    """What the element-by-element look says, code sets and check digits apart."""
    return any(problem.snip is not Snip.CODE_SET for problem in check.looked_at(elements, marks))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: f"{guide.set_id}-{guide.version}")
def test_no_odd_text_passes_the_fast_path_that_a_look_refuses(guide: Guide) -> None:
    for spec in specs(guide):
        pattern = fast_path_of(spec, DEFAULT)
        check = SegmentCheck(spec)
        base = [spec.id, *map(sound, spec.elements)]
        for place in range(1, len(base) + 1):
            for text in ODD:
                elements = [*base[:place], text, *base[place + 1 :]]
                for cut in (elements, elements[: place + 1]):
                    if pattern is not None and pattern.fullmatch("*".join(cut)):
                        assert not wrong(check, cut, DEFAULT) or check.said(cut, DEFAULT), (spec.id, cut)


def test_sound_segments_take_the_fast_path() -> None:
    """Or it would be of no use: most uses of segments have a pattern, and their sound form matches."""
    passed = total = 0
    for guide in GUIDES:
        for spec in specs(guide):
            elements = [spec.id, *(sound(e) for e in spec.elements if e.usage == "R")]
            elements = ["20260105" if before == "D8" else text for before, text in pairwise(["", *elements])]
            if all(e.usage == "R" for e in spec.elements):
                pattern = fast_path_of(spec, DEFAULT)
                passed += pattern is not None and pattern.fullmatch("*".join(elements)) is not None
                total += 1
    assert passed > total * 0.8


@given(
    st.sampled_from([spec for guide in GUIDES for spec in specs(guide)]),
    st.lists(st.sampled_from(ODD) | st.text("AB1.:^*-~ ", max_size=5), min_size=1, max_size=12),
    st.sampled_from([DEFAULT, delimiters_of("|", ">", "!", "\n")]),
)
@settings(max_examples=400, deadline=None)
def test_said_often_or_for_the_first_time_the_answer_is_the_same(
    spec: SegmentSpec, texts: list[str], marks: Delimiters
) -> None:
    elements = [spec.id, *(text.replace(marks.element, "") for text in texts)]
    fresh, often = SegmentCheck(spec), SegmentCheck(spec)
    for _ in range(70):
        often.said(elements, marks)

    assert _without_code_sets(fresh.looked_at(elements, marks)) == _without_code_sets(often.said(elements, marks))


def _without_code_sets(problems: list[Problem]) -> list[str]:
    """Which codes exist is asked beside the fast path."""
    return sorted(repr(problem) for problem in problems if problem.code != "code-unknown")
