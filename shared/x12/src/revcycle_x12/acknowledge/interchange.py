"""TA1 from what was found on an interchange."""

from datetime import datetime

from revcycle_x12._syntax.errors import ElementError
from revcycle_x12.acknowledgment import InterchangeAcknowledgment, Verdict
from revcycle_x12.validate import InterchangeResult

_NOTES = {
    "iea-control-number": "001",
    "interchange-duplicate": "025",
    "isa-control-number": "018",
    "isa-date": "014",
    "isa-delimiter": "027",
    "isa-element-length": "022",
    "iea-count": "021",
    "interchange-trailer": "023",
    "group-header": "024",
    "stray-segment": "022",
}
_ISA_CODES = "022"


def acknowledge_interchange(result: InterchangeResult, *, duplicate: bool = False) -> InterchangeAcknowledgment:
    """
    Answer one interchange: accepted, or rejected with the first fault's note code.

    `duplicate` says that its control number was received before (note 025);
    only the receiver can know.
    """
    interchange = result.interchange
    note = "025" if duplicate else next((_NOTES.get(code, _ISA_CODES) for code in interchange.faults), "000")
    verdict = Verdict.ACCEPTED if note == "000" else Verdict.REJECTED
    answer = InterchangeAcknowledgment(
        interchange_control_number=interchange.control_number, verdict=verdict, note=note
    )
    try:
        answer.interchange_created_at = interchange.created_at
    except ElementError:
        answer.interchange_created_at = datetime(2000, 1, 1)  # noqa: DTZ001 (the ISA has no readable date to echo)
    return answer
