"""X12 005010 health-care transactions: read, write, validate, acknowledge."""

from revcycle_x12.delimiters import Delimiters
from revcycle_x12.envelope import Group, Interchange
from revcycle_x12.errors import (
    CannotSayError,
    ElementError,
    GuideError,
    NotX12Error,
    StreamOrderError,
    X12Error,
)
from revcycle_x12.findings import Finding, Position, Severity, Snip
from revcycle_x12.guide import Guide
from revcycle_x12.guides import all_guides, guide_for
from revcycle_x12.limits import Limits
from revcycle_x12.loop import Loop, Segment
from revcycle_x12.pieces import Piece, Transaction
from revcycle_x12.reader import Reader, load, read
from revcycle_x12.transaction_view import TransactionView
from revcycle_x12.transcribe import transcribe
from revcycle_x12.view import View
from revcycle_x12.writer import Envelope, stream, write

__all__ = [
    "CannotSayError",
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
    "Piece",
    "Position",
    "Reader",
    "Segment",
    "Severity",
    "Snip",
    "StreamOrderError",
    "Transaction",
    "TransactionView",
    "View",
    "X12Error",
    "all_guides",
    "guide_for",
    "load",
    "read",
    "stream",
    "transcribe",
    "write",
]
