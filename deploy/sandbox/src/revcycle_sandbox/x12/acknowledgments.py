"""TA1 and 999: what became of a file at the gate."""

from typing import Final

import msgspec

from revcycle_sandbox.x12.building import Draft, draft, nest
from revcycle_x12 import Group, Interchange, Loop
from revcycle_x12.guides.ta1 import GUIDE as TA1
from revcycle_x12.spec import loose

ACCEPTED: Final = "A"
REJECTED: Final = "R"
TA1_LOOP: Final = "ST"


class SetVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the 999 says of one transaction set."""

    set_id: str
    control_number: str
    guide: str
    verdict: str
    """A accepted, E accepted with errors, R rejected."""
    segments: tuple[tuple[str, str, str, str], ...] = ()
    """Segments in error: id, position within the set, loop, code of IK304."""


def interchange_acknowledgment(received: Interchange, code: str = "000") -> Draft:
    """Write a TA1; 000 is no error."""
    said = Draft(TA1, Loop(loose(TA1_LOOP)))
    verdict = ACCEPTED if code == "000" else REJECTED
    said.loop.add(["TA1", received.control_number, received[9], received[10], verdict, code])
    return said


def implementation_acknowledgment(group: Group, sets: list[SetVerdict]) -> Draft:
    """Write a 999 for one group."""
    said = draft("999", "005010X231A1")
    root = said.loop
    root.add(["AK1", group.functional_id, group.control_number, group.version])
    for each in sets:
        loop = nest(root, "2000", ["AK2", each.set_id, each.control_number, each.guide])
        for segment, position, inside, code in each.segments:
            nest(loop, "2100", ["IK3", segment, position, inside, code])
        loop.add(["IK5", each.verdict] if each.verdict != REJECTED else ["IK5", REJECTED, "5"])
    accepted = sum(each.verdict != REJECTED for each in sets)
    overall = ACCEPTED if accepted == len(sets) else "P" if accepted else REJECTED
    root.add(["AK9", overall, str(len(sets)), str(len(sets)), str(accepted)])
    return said
