"""X12 005010 health-care transactions: read, write, validate, acknowledge."""

from revcycle_x12._grammar.guide import Guide, Situation
from revcycle_x12._grammar.notation import parse_guide
from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Loop, Segment, new_loop
from revcycle_x12._reading.reader import Reader, load, read
from revcycle_x12._reading.watch import Watch
from revcycle_x12._syntax.delimiters import Delimiters
from revcycle_x12._syntax.envelope import Group, Interchange
from revcycle_x12._syntax.errors import (
    ElementError,
    GuideError,
    NotX12Error,
    StreamOrderError,
    WriteError,
    X12Error,
)
from revcycle_x12._syntax.findings import Finding, Position, Severity, Snip
from revcycle_x12._syntax.limits import Limits
from revcycle_x12._views.transaction_view import TransactionView
from revcycle_x12._views.view import View
from revcycle_x12._writing.rewrite import rewrite
from revcycle_x12._writing.writer import Envelope, Writable, stream, write
from revcycle_x12.guides import all_guides, guide_for

__all__ = [
    "Chunk",
    "Delimiters",
    "ElementError",
    "Envelope",
    "Finding",
    "Group",
    "Guide",
    "GuideError",
    "Interchange",
    "Limits",
    "Loop",
    "NotX12Error",
    "Position",
    "Reader",
    "Segment",
    "Severity",
    "Situation",
    "Snip",
    "StreamOrderError",
    "Transaction",
    "TransactionView",
    "View",
    "Watch",
    "Writable",
    "WriteError",
    "X12Error",
    "all_guides",
    "guide_for",
    "load",
    "new_loop",
    "parse_guide",
    "read",
    "rewrite",
    "stream",
    "write",
]
