"""What every interchange of eligibility shares: who sends it, its number, and texts that X12 can carry."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from eligibility.messages.effects import Requester
from revcycle_x12 import Envelope
from revcycle_x12.codes import Gender

_CARRIED = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-'/&()#@+=!?;\"")
_CONTROL_NUMBER_MAX = 999_999_999


@dataclass(frozen=True, slots=True)
class Parties:
    """Who sends and who receives, as ISA06 and ISA08 name them; `is_test` is ISA15."""

    submitter: str = "REVCYCLE"
    receiver: str = "CLEARINGHOUSE"
    is_test: bool = True


def envelope(key: str, at: datetime, parties: Parties) -> Envelope:
    """Return the envelope of one effect: its control number follows from the key, so that a retry repeats it."""
    number = int.from_bytes(sha256(key.encode()).digest()[:8]) % _CONTROL_NUMBER_MAX + 1
    return Envelope(
        sender_id=parties.submitter,
        receiver_id=parties.receiver,
        control_number=number,
        created_at=naive(at),
        is_test=parties.is_test,
    )


def naive(at: datetime) -> datetime:
    """Return an instant as X12 writes it, which names no zone."""
    return at.replace(tzinfo=None)


def plain(text: str, length_max: int) -> str:
    """Return a text in the characters that X12 carries everywhere, cut to a length."""
    decomposed = unicodedata.normalize("NFKD", text.upper())
    carried = "".join(character for character in decomposed if character in _CARRIED)
    return " ".join(carried.split())[:length_max].strip()


def gender(sex: str) -> Gender | None:
    """Return a sex as X12 codes it; None where unknown."""
    return Gender(sex) if sex in {"F", "M"} else None


def trace_of(key: str) -> str:
    """Return the trace number of a effect: echoed in the answer, the same at every attempt."""
    return key.replace("-", "").replace(":", "")[:30].upper()


def originator(payee: Requester) -> str:
    """Return TRN03: 1 and the tax number, or 9 and the NPI's first nine digits."""
    return f"1{payee.tin}" if payee.tin else f"9{payee.npi[:9]}"
