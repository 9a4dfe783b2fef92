"""276 out and 277 in: where a claim stands."""

from collections.abc import Iterator
from datetime import datetime

from claims.domain.status import StatusCode
from claims.edi_837 import Sender, Sheet
from claims.messages import StatusAnswered
from revcycle_x12 import read
from revcycle_x12.pieces import Transaction


def write_inquiry(sheet: Sheet, key: str, at: datetime, sender: Sender) -> bytes:
    """Write a 276 about one claim."""
    raise NotImplementedError


def read_answer(content: bytes, patient_control_number: str) -> tuple[StatusCode, ...]:
    """Return what a 277 says about the claim of this number."""
    for transaction in read(content):
        transaction.tree()
        for one in read_statuses(transaction):
            if one.patient_control_number == patient_control_number:
                return one.codes
    return ()


def read_statuses(transaction: Transaction) -> Iterator[StatusAnswered]:
    """Read every claim's status of a 277."""
    raise NotImplementedError
