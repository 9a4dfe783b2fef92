"""
HL7 v2 as it is really sent: split, read, split files, acknowledge.

Nothing here knows what a message means; that is `eligibility.intake`.
"""

from eligibility.hl7v2.acknowledgment import Acknowledgment, AcknowledgmentCode, acknowledge
from eligibility.hl7v2.errors import UnreadableMessageError
from eligibility.hl7v2.files import split_messages
from eligibility.hl7v2.syntax import Composite, Message, Segment, Separators, read_message

__all__ = [
    "Acknowledgment",
    "AcknowledgmentCode",
    "Composite",
    "Message",
    "Segment",
    "Separators",
    "UnreadableMessageError",
    "acknowledge",
    "read_message",
    "split_messages",
]
