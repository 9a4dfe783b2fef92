"""Files that others wrote, under names: every field of every level can be read, and nothing is lost in writing."""

import csv
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from revcycle_x12 import Envelope, TransactionView, View, write
from revcycle_x12._syntax.errors import ElementError
from revcycle_x12.authorization import AuthorizationRequest, AuthorizationResponse
from revcycle_x12.claim_status import StatusInquiry, StatusResponse
from revcycle_x12.dental import DentalClaims
from revcycle_x12.eligibility import EligibilityInquiry, EligibilityResponse

CORPUS = Path(os.environ.get("REVCYCLE_CORPUS", Path(__file__).parents[4] / "shared" / "corpus")) / "x12"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus: set REVCYCLE_CORPUS to its folder")
KINDS: list[type[TransactionView]] = [
    AuthorizationRequest,
    AuthorizationResponse,
    DentalClaims,
    EligibilityInquiry,
    EligibilityResponse,
    StatusInquiry,
    StatusResponse,
]
NOT_READ = {"loop", "transaction", "guide", "loop_id"}


def transactions() -> Iterator[TransactionView]:
    with (CORPUS / "INDEX.tsv").open(newline="") as index:
        rows = [row for row in csv.reader(index, delimiter="\t") if re.search(r"(27[01678]|837D)/5010", row[3])]
    for row in rows:
        for kind in KINDS:
            yield from kind.load(CORPUS / row[0])


def broken_fields(view: View) -> Iterator[str]:
    """Name the fields of a view, and of all below it, whose text is there but cannot be read."""
    for name in dir(type(view)):
        if name.startswith("_") or name in NOT_READ:
            continue
        try:
            value = getattr(view, name)
        except ElementError as problem:
            if problem.problem != "missing":
                yield f"{type(view).__name__}.{name}: {problem}"
            continue
        for below in value if isinstance(value, list) else [value]:
            if isinstance(below, View) and below.loop.parent is view.loop:
                yield from broken_fields(below)


def test_there_are_files_of_every_kind() -> None:
    assert set(KINDS) == {type(transaction) for transaction in transactions()}


def test_every_field_of_every_level_can_be_read() -> None:
    assert [] == [broken for transaction in transactions() for broken in broken_fields(transaction)]


def test_written_again_a_transaction_has_the_same_segments() -> None:
    for transaction in transactions():
        assert transaction.transaction is not None
        envelope = Envelope(
            sender_id="AA",
            receiver_id="BB",
            control_number=1,
            created_at=datetime(2026, 1, 1),  # noqa: DTZ001 (X12 times name no zone)
            is_test=True,
            delimiters=transaction.transaction.interchange.delimiters,
        )
        before = [list(item) for item in transaction.loop.all_elements() if item[0] != "SE"]

        [again] = type(transaction).load(write(envelope, [transaction]))

        assert before == [item for item in again.loop.all_elements() if item[0] != "SE"]
