"""Files that hold HL7 v2: several messages, batch envelopes, MLLP frames left in, byte-order marks."""

import re

from eligibility.hl7v2.charsets import without_byte_order_mark

_FRAME_START = b"\x0b"
_MESSAGE_START = re.compile(rb"(?:\A|[\r\n])[ \t]*(?=MSH[^A-Za-z0-9\s])")
_FRAMED_START = re.compile(rb"(?:\A|[\r\n\x0b\x1c])[ \t]*MSH[^A-Za-z0-9\s]")
_ENVELOPE = re.compile(rb"(?:\A|(?<=[\r\n]))[ \t]*(?:FHS|BHS|BTS|FTS)(?:[^A-Za-z0-9\r\n][^\r\n]*)?(?=[\r\n]|\Z)")


def split_messages(raw: bytes) -> list[bytes]:
    """
    Cut a file into its messages, in order.

    Batch envelopes (FHS, BHS, BTS, FTS) are dropped. Bytes that belong to no message come back as a
    piece of their own, so that reading it says what is wrong: nothing vanishes. A file without any message is one
    piece; an empty file gives none.
    """
    plain = without_byte_order_mark(raw)
    if not _FRAMED_START.search(plain):
        return [plain] if _holds_something(plain) else []
    frames = _frames(plain) if _FRAME_START in plain else [plain]
    return [message for frame in frames for message in _messages(frame)]


def _frames(raw: bytes) -> list[bytes]:
    return [frame.rstrip(b"\r\n") for frame in re.split(rb"[\x0b\x1c]", raw)]


def _messages(raw: bytes) -> list[bytes]:
    plain = _ENVELOPE.sub(b"", raw)
    starts = [match.end() for match in _MESSAGE_START.finditer(plain)]
    if not starts:
        return [plain] if _holds_something(plain) else []
    pieces = [plain[: starts[0]]]
    pieces += [plain[start:end] for start, end in zip(starts, [*starts[1:], len(plain)], strict=True)]
    return [piece for piece in pieces if _holds_something(piece)]


def _holds_something(piece: bytes) -> bool:
    return bool(piece.strip(b" \t\r\n\x00\x0b\x1c"))
