"""ISA, GS, ST and their ends: control numbers and counts checked, expected and found reported."""

from collections.abc import Iterator
from typing import Any

from revcycle_x12._grammar.matcher import OWN
from revcycle_x12._grammar.spec import LoopSpec
from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._reading.open_envelopes import OpenEnvelopes
from revcycle_x12._syntax.delimiters import Delimiters
from revcycle_x12._syntax.envelope import Group, Interchange
from revcycle_x12._syntax.findings import NOWHERE, Finding, Position, Severity
from revcycle_x12._syntax.limits import Limits
from revcycle_x12._syntax.source import InterchangeHead, SegmentRun
from revcycle_x12.guides import guide_for
from revcycle_x12.guides.ta1 import GUIDE as TA1

CONTROL = frozenset({"GS", "ST", "SE", "GE", "IEA", "TA1", "ISA"})
_X_NUMBER_OF_SERVICE = {"SV1": "X222", "SV2": "X223", "SV3": "X224"}


_INTERCHANGE_SERVICES = frozenset({"ISB", "ISE"})


def _anything(segment_id: str, otherwise: object) -> object:
    return otherwise if segment_id in CONTROL else OWN


ANY_SET = LoopSpec("ST", "R", 1, "Transaction set without a guide here")
ANY_SET.get = _anything


def element(elements: Elements, position: int) -> str:
    """Give an element's text without padding, empty where absent."""
    return elements[position].strip() if position < len(elements) else ""


class Control:
    """Where in the envelope reading stands."""

    transaction: Transaction | None
    loop: Loop
    chunk: Chunk

    def __init__(self, envelopes: OpenEnvelopes, limits: Limits) -> None:
        self.envelopes = envelopes
        self.limits = limits
        self.delimiters = Delimiters()
        self.transaction = None
        self.pending: tuple[Elements, SegmentRun, int] | None = None
        self.first_number = 0
        self.groups = 0
        self.isa_position = NOWHERE
        self.place: tuple[SegmentRun, int] | None = None
        """The control segment now looked at."""
        self.component_checked = False
        self.cut_off: list[Chunk] = []
        self.reported_long: Transaction | None = None

    # -- interchange ---------------------------------------------------------------------------------------------------

    def interchange_begins(self, head: InterchangeHead) -> Iterator[Chunk | Transaction]:
        """Take a new ISA; whatever was open before lacks its end."""
        yield from self.source_ends()
        self.delimiters = head.isa.delimiters
        self.isa_position = head.position
        self.place = None
        self.component_checked = False
        self.groups = 0
        self.envelopes.begin_interchange(Interchange(head.isa.elements, self.delimiters, head.position))

    def source_ends(self) -> Iterator[Chunk | Transaction]:
        """Close whatever is open: the text ended without its trailer."""
        yield from self._end_transaction(None)
        self._end_group(None)
        interchange = self.envelopes.interchange
        if interchange is not None:
            self._report("interchange-trailer", "IEA", "", "the interchange has no IEA", at=self.isa_position)
            self.envelopes.end_interchange(None)

    def _control(self, elements: Elements, run: SegmentRun, index: int) -> Iterator[Chunk | Transaction]:
        self.place = (run, index)
        match elements[0]:
            case "ST":
                yield from self._end_transaction(None)
                self.pending = (elements, run, index)
            case "SE":
                yield from self._se(elements, run, index)
            case "GS":
                yield from self._end_transaction(None)
                self._end_group(None)
                self.groups += 1
                self.envelopes.begin_group(Group(elements, self.place))
            case "GE":
                yield from self._end_transaction(None)
                self._end_group(elements)
            case "TA1":
                yield from self._end_transaction(None)
                yield from self._ta1(elements, run, index)
            case "IEA":
                yield from self._end_transaction(None)
                self._end_group(None)
                self._iea(elements)
            case _:
                self._outside(elements, run, index)

    def _iea(self, elements: Elements) -> None:
        interchange = self.envelopes.interchange
        if interchange is None:
            self._report("stray-segment", "IEA", "", "an IEA without its ISA")
            return
        self._compare("IEA", 1, str(self.groups), elements, "functional groups")
        self._compare("IEA", 2, interchange.control_number, elements, "")
        self.envelopes.end_interchange(elements)

    def _end_group(self, elements: Elements | None) -> None:
        group = self.envelopes.group
        if group is None:
            if elements is not None:
                self._report("stray-segment", "GE", "", "a GE without its GS")
            return
        if elements is None:
            self._report("group-trailer", "GE", "", f"group {group.control_number} has no GE")
        else:
            self._compare("GE", 1, str(group.transactions), elements, "transaction sets")
            self._compare("GE", 2, group.control_number, elements, "")
            group.trailer = elements
        self.envelopes.end_group(group)

    # -- transactions --------------------------------------------------------------------------------------------------

    def _begin_transaction(self, following: Elements) -> Transaction:
        """Begin the transaction whose ST waits: the segment after it helps to tell its guide."""
        assert self.pending is not None  # noqa: S101 (the caller looked)
        elements, run, index = self.pending
        self.pending = None
        group = self.envelopes.group
        if group is None:
            self._report("group-header", "GS", "", "a transaction set outside of a group")
        else:
            group.transactions += 1
        version = element(elements, 3) or (group.version if group is not None else "")
        bht02 = element(following, 2) if following[0] == "BHT" else ""
        guide = guide_for(element(elements, 1), version, bht02=bht02, hint=_hint(run, index))
        loop = Loop(guide.root if guide is not None else ANY_SET, None, self.delimiters)
        loop.content.append(elements)
        return self._open(loop, guide, version, run, index)

    def _open(self, loop: Loop, guide: Any, version: str, run: SegmentRun, index: int) -> Transaction:
        interchange = self.envelopes.interchange
        assert interchange is not None  # noqa: S101 (runs come only after an ISA)
        self.first_number = run.number + index
        self.loop = loop
        self.chunk = Chunk(loop, 0, opens=True, first=1, places=[(1, run, index)])
        self.transaction = Transaction(
            loop=loop,
            guide=guide,
            version=version,
            interchange=interchange,
            group=self.envelopes.group,
            place=(run, index),
            source=self.envelopes.events,
        )
        return self.transaction

    def _se(self, elements: Elements, run: SegmentRun, index: int) -> Iterator[Chunk | Transaction]:
        transaction = self.transaction
        if transaction is None:
            self._report("stray-segment", "SE", "", "an SE without its ST")
            return
        count = run.number + index - self.first_number + 1
        self._compare("SE", 1, str(count), elements, "segments, ST and SE included", number=count)
        self._compare("SE", 2, transaction.control_number, elements, "", number=count)
        if self.chunk.loop is not transaction.loop:
            yield from self._hand_out(self.chunk)
            root = transaction.loop
            self.chunk = Chunk(root, len(root.content), opens=False, first=count, places=[(count, run, index)])
        transaction.loop.content.append(elements)
        yield from self._end_transaction(elements)

    def _end_transaction(self, elements: Elements | None) -> Iterator[Chunk | Transaction]:
        """Hand out the last chunk. Without an SE, say so."""
        if self.pending is not None:
            yield self._begin_transaction([""])
        transaction = self.transaction
        if transaction is None:
            return
        if elements is None and transaction.guide is not TA1:
            message = f"transaction set {transaction.control_number} has no SE"
            self._report("transaction-trailer", "SE", "", message, at=transaction.position)
        yield from self._hand_out_parts()
        transaction.closed = True
        self.transaction = None
        self.chunk.loop.forget()
        transaction.loop.forget()
        yield self.chunk

    def _hand_out(self, chunk: Chunk) -> Iterator[Chunk]:
        yield from self._hand_out_parts()
        chunk.loop.forget()
        yield chunk

    def _hand_out_parts(self) -> Iterator[Chunk]:
        while self.cut_off:
            yield self.cut_off.pop(0)

    def _ta1(self, elements: Elements, run: SegmentRun, index: int) -> Iterator[Chunk | Transaction]:
        loop = Loop(TA1.root, None, self.delimiters)
        loop.content.append(elements)
        yield self._open(loop, TA1, TA1.version, run, index)
        yield from self._end_transaction(None)

    # -- findings ------------------------------------------------------------------------------------------------------

    def _position(self, number: int = 0) -> Position:
        """Where the control segment now looked at stands."""
        if self.place is None:
            return self.isa_position
        run, index = self.place
        return Position(number or run.number + index, *run.place(index))

    def _outside(self, elements: Elements, run: SegmentRun, index: int) -> None:
        self.place = (run, index)
        self.envelopes.watch.outside(elements)
        if elements[0] in _INTERCHANGE_SERVICES:
            return
        segment_id = elements[0] if len(elements[0]) <= 3 else elements[0][:3] + "…"  # noqa: PLR2004 (ids have 2 or 3)
        self._report("stray-segment", segment_id, "", f"segment {segment_id} stands outside of a transaction set")

    def _report_cut(self, chunk: Chunk, run: SegmentRun) -> None:
        message = f"one {chunk.loop.spec.name.lower()} has more than {self.limits.unit_segments_max} segments"
        fix = "no claim needs so many: look for a CLM or CLP that is missing"
        self._report("unit-too-long", "", "", message, at=Position(chunk.first, *run.place(0)), fix=fix)

    def _report_long(self, run: SegmentRun, first: int) -> None:
        message = f"the transaction set has more than {self.limits.transaction_segments_max} segments"
        fix = "send what belongs together in several sets"
        self._report("transaction-too-long", "", "", message, at=Position(first, *run.place(0)), fix=fix)

    def _compare(self, segment: str, at: int, expected: str, elements: Elements, what: str, *, number: int = 0) -> None:
        """Compare a count or a control number with what it ends."""
        found = element(elements, at)
        if found == expected or (bool(what) and found.lstrip("0") == expected):
            return
        reference = f"{segment}0{at}"
        header = {"SE": "ST02", "GE": "GS06", "IEA": "ISA13"}[segment]
        code, message = (
            (f"{segment.lower()}-count", f"{reference} counts {found or 'nothing'}; there are {expected} {what}")
            if what
            else (f"{segment.lower()}-control-number", f"{reference} is {found or 'empty'}, {header} is {expected}")
        )
        position = self._position(number)
        self._report(code, segment, reference, message, at=position, fix=f"write {expected} in {reference}")

    def _report(
        self, code: str, segment: str, reference: str, message: str, *, at: Position | None = None, fix: str = ""
    ) -> None:
        self._blame(segment, code)
        self.envelopes.findings.add(
            Finding(
                code,
                message,
                severity=Severity.ERROR,
                position=at if at is not None else self._position(),
                segment_id=segment,
                element=reference,
                fix=fix or "send ISA, GS, ST, SE, GE and IEA in pairs, each inside the one before",
            )
        )

    def _blame(self, segment: str, code: str) -> None:
        """Note a fault on what is at fault, for its acknowledgment."""
        if segment in {"GS", "GE"} and self.envelopes.group is not None:
            self.envelopes.group.faults.append(code)
        elif segment in {"ISA", "IEA", "GS", "GE"} and self.envelopes.interchange is not None:
            self.envelopes.interchange.faults.append(code)


def _hint(run: SegmentRun, index: int) -> str:
    """Guess an 837 guide from the service lines nearby, for files that name no guide."""
    for segment in run.segments[index + 1 : index + 200]:
        if segment.startswith("ST"):
            return ""
        found = _X_NUMBER_OF_SERVICE.get(segment[:3])
        if found:
            return found
    return ""
