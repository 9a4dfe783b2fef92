"""999 implementation acknowledgment (005010X231A1) and TA1: was the file readable, did it keep to its guide."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from revcycle_x12._syntax.elements import format_time, parse_short_date, parse_time
from revcycle_x12._syntax.errors import ElementError
from revcycle_x12._views.fields import Field, Many, code, many, number, text
from revcycle_x12._views.transaction_view import TransactionView
from revcycle_x12._views.view import View
from revcycle_x12.codes import OpenCode
from revcycle_x12.guides.ta1 import GUIDE as TA1_GUIDE
from revcycle_x12.guides.x231a1 import GUIDE


class Verdict(OpenCode):
    """IK501 and AK901."""

    ACCEPTED = "A"
    ACCEPTED_WITH_ERRORS = "E"
    PARTIALLY_ACCEPTED = "P"
    REJECTED = "R"

    @property
    def is_accepted(self) -> bool:
        """The set, or at least part of the group, goes on."""
        return self in {Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_ERRORS, Verdict.PARTIALLY_ACCEPTED}


class ElementNote(View):
    """2110: an element in error."""

    loop_id: ClassVar[str] = "2110"
    position: Field[int] = number("IK401-1")
    component: Field[int | None] = number("IK401-2", default=None)
    data_element: Field[str] = text("IK402", default="")
    """Reference number in the standard's dictionary."""
    error: Field[str] = text("IK403", default="")
    """1 missing, 4 too short, 5 too long, 6 character, 7 code, 8 date, 9 time, I10 not used …"""
    bad_text: Field[str] = text("IK404", default="")


class SegmentNote(View):
    """2100: a segment in error, and the business unit (claim) it stands in."""

    loop_id: ClassVar[str] = "2100"
    segment_id: Field[str] = text("IK301")
    position: Field[int] = number("IK302")
    """Number of the segment in its set, ST being 1."""
    loop_name: Field[str] = text("IK303", default="")
    error: Field[str] = text("IK304", default="")
    """2 unexpected, 3 missing, 5 too often, 7 out of order, 8 has element errors, I6 dependent segment missing …"""
    elements: Many[ElementNote] = many(ElementNote, default=())

    @property
    def claim_number(self) -> str:
        """The claim the segment belongs to (CTX*CLM01), empty where not told."""
        for segment in self.loop.segments("CTX"):
            if segment[1, 1] == "CLM01":
                return segment[1, 2]
        return ""

    @claim_number.setter
    def claim_number(self, claim: str) -> None:
        if claim:
            self.loop.add(["CTX", f"CLM01{self.loop.delimiters.component}{claim}"])


class SetResponse(View):
    """2000: the answer to one transaction set."""

    loop_id: ClassVar[str] = "2000"
    set_id: Field[str] = text("AK201")
    control_number: Field[str] = text("AK202")
    version: Field[str] = text("AK203", default="")
    notes: Many[SegmentNote] = many(SegmentNote, default=())
    verdict: Field[Verdict] = code("IK501", Verdict)

    @property
    def errors(self) -> list[str]:
        """IK502 to IK506."""
        return [text for text in (self.loop.elements("IK5") or [])[2:] if text]

    @errors.setter
    def errors(self, codes: Sequence[str]) -> None:
        elements = self.loop.elements("IK5")
        if elements is not None:
            elements[2:] = codes[:5]


class ImplementationAcknowledgment(TransactionView):
    """A whole 999: the answer to one functional group."""

    guide: ClassVar = GUIDE
    functional_id: Field[str] = text("AK101")
    group_control_number: Field[str] = text("AK102")
    group_version: Field[str] = text("AK103", default="")
    responses: Many[SetResponse] = many(SetResponse, "2000", default=())
    """To build, or of one loaded whole; while streaming take `sets`."""
    verdict: Field[Verdict] = code("AK901", Verdict)
    """While streaming: only after `sets` were read."""
    included_count: Field[int] = number("AK902")
    received_count: Field[int] = number("AK903")
    accepted_count: Field[int] = number("AK904")

    @property
    def sets(self) -> Iterator[SetResponse]:
        """The answers, set by set."""
        return self._units(SetResponse, "2000")


class InterchangeAcknowledgment(TransactionView):
    """A TA1: the answer to one interchange."""

    guide: ClassVar = TA1_GUIDE
    interchange_control_number: Field[str] = text("TA101")
    verdict: Field[Verdict] = code("TA104", Verdict)
    note: Field[str] = text("TA105", default="000")
    """000 no error, 001 control numbers differ, 021 group count wrong, 023 ended early, 025 duplicate …"""

    @property
    def interchange_created_at(self) -> datetime:
        """When the interchange answered says it was made."""
        segment = self.loop.segment("TA1")
        day, hour = (segment[2], segment[3]) if segment is not None else ("", "")
        try:
            return datetime.combine(parse_short_date(day), parse_time(hour))
        except ValueError as problem:
            raise ElementError("TA102", str(problem)) from None

    @interchange_created_at.setter
    def interchange_created_at(self, at: datetime) -> None:
        elements = self.loop.elements("TA1")
        if elements is None:
            elements = ["TA1", "", "", ""]
            self.loop.add(elements)
        elements[2:4] = [f"{at:%y%m%d}", format_time(at.time().replace(second=0, microsecond=0))]


__all__ = [
    "ElementNote",
    "ImplementationAcknowledgment",
    "InterchangeAcknowledgment",
    "SegmentNote",
    "SetResponse",
    "Verdict",
]
