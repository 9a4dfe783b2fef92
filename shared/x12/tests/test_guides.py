"""Guides are data: their notation is checked when it is read, and every guide stands up to the same questions."""

import pytest

from revcycle_x12 import Guide, GuideError, all_guides, guide_for, read
from revcycle_x12._grammar.notation import parse_guide
from revcycle_x12._grammar.spec import SegmentSpec

GUIDES = list(all_guides())


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: f"{guide.set_id}-{guide.version}")
def test_every_loop_opens_with_a_required_segment_and_has_a_name(guide: Guide) -> None:
    for loop in guide.root.walk():
        assert "R" == loop.trigger.usage, loop.id
        assert loop.name, loop.id
        assert loop.trigger is loop.content[0]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: f"{guide.set_id}-{guide.version}")
def test_uses_of_a_segment_in_one_loop_are_told_apart(guide: Guide) -> None:
    """Each use is found again by its own first code."""
    for loop in guide.root.walk():
        for spec in loop.segments():
            elements = [spec.id] + [_sample(spec, place) for place in range(1, len(spec.elements) + 1)]
            found = loop.spec_of(elements)
            assert found is not None, (loop.id, spec.id)
            assert found.id == spec.id
            if _has_own_codes(spec):
                assert found is spec, (loop.id, elements)


def _sample(spec: SegmentSpec, place: int) -> str:
    element = spec.elements[place - 1]
    if element.components:
        return ":".join(min(part.codes) if part.codes else "" for part in element.components)
    return min(element.codes) if element.codes else ""


def _has_own_codes(spec: SegmentSpec) -> bool:
    first = spec.elements[0] if spec.elements else None
    return first is not None and first.usage == "R" and first.codes is not None and len(first.codes) == 1


def test_the_guide_of_a_set_is_found_by_its_x_number() -> None:
    found = {version: guide_for("837", version) for version in ("005010X222", "005010X223A3", "005010X224A2")}

    assert ["X222", "X223", "X224"] == [guide.x_number if guide else "" for guide in found.values()]
    assert guide_for("837", "004010X098A1") is None
    assert guide_for("834", "005010X220A1") is None


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("ST R1 : R=837 R\nnonsense", "not understood"),
        ("ST R1 : R=837 R\nQQQ R1 : R", "not in the standard"),
        ("ST R1 : R R R R R", "has 3 elements"),
        ("ST R1 : R=837 ?", "not understood"),
        ("ST R1 : R=837 R\n@1000 R1 Empty\nSE R1 : R R", "no content"),
        ("ST R1 : R=837 R\n@2300 R1 Claim\n  CLM R1 : R R N N R(R R R R)", "has 3 components"),
    ],
)
def test_a_table_that_is_not_well_formed_is_refused(table: str, says: str) -> None:
    with pytest.raises(GuideError, match=says):
        parse_guide(table)


def test_a_loop_named_again_repeats_its_content() -> None:
    table = """
ST R1 : R=837 R
@2000B* R> Subscriber level
  HL R1 : R R R=22 R=0,1
  @2300* S100 Claim
    CLM R1 : R R
    @2400 R50 Line
      LX R1 : R
  @2000C* S> Patient level
    HL R1 : R R R=23 R=0
    @2300* R100 Claim
SE R1 : R R
"""
    root = parse_guide(table)
    again = root.loop("2000B").loop("2000C").loop("2300")

    assert ("R", 100, True) == (again.usage, again.repeat_max, again.streamed)
    assert "LX" == again.loop("2400").trigger.id


def test_a_segment_that_skips_a_level_still_finds_its_loop() -> None:
    """A claim payment without its LX: the group is opened without it, and the file is faulted."""
    text = (
        "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260106*1200*^*00501*000000007*0*T*:~"
        "GS*HP*A*B*20260106*1200*7*X*005010X221A1~ST*835*0001~BPR*I*0*C*NON************20260101~TRN*1*1*1123456789~"
        "N1*PR*PLAN~N1*PE*CLINIC*XX*1234567893~CLP*ENC1*1*10*0**12*ICN~NM1*QC*1*DOE*JANE~"
        "SVC*HC:G0463*10*0~SE*10*0001~GE*1*7~IEA*1*000000007~"
    )
    [transaction] = list(read(text.encode()))[:1]
    assert transaction.closed

    for fresh in read(text.encode()):
        root = fresh.tree()
        [group] = root.loops("2000")
        [claim] = group.loops("2100")
        assert "ENC1" == claim.segments("CLP")[0][1]
        assert ["2110"] == [loop.id for loop in claim.loops()]
