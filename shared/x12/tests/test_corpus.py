"""Files that others wrote: all are read, sound ones without error, broken ones with theirs, and written again alike."""

import csv
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from revcycle_x12 import TransactionView, rewrite
from revcycle_x12._writing.writer import Envelope, write
from revcycle_x12.professional import ProfessionalClaims
from revcycle_x12.remittance import Remittance
from revcycle_x12.validate import Report, validate

CORPUS = Path(os.environ.get("REVCYCLE_CORPUS", Path(__file__).parents[4] / "shared" / "corpus")) / "x12"
EXCEPTIONS = Path(__file__).with_name("corpus_exceptions.tsv")
FAULTS = Path(__file__).with_name("corpus_faults.tsv")
SUPPORTED = {"270", "271", "276", "277", "277CA", "278", "835", "837P", "837I", "837D", "999", "TA1"}
BLANKS = " \t\r\n\0\x1a"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus: set REVCYCLE_CORPUS to its folder")


def rows() -> Iterator[dict[str, str]]:
    with (CORPUS / "INDEX.tsv").open(newline="") as index:
        yield from csv.DictReader(index, delimiter="\t")


def table(path: Path) -> dict[str, set[str]]:
    """SHA-256 of a file to the codes of findings it is to have."""
    with path.open(newline="") as lines:
        found: dict[str, set[str]] = {}
        for row in csv.DictReader(lines, delimiter="\t"):
            found.setdefault(row["sha256"], set()).add(row["finding"])
        return found


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def segments(data: bytes) -> list[str]:
    """Segments of a file, split by hand: newlines, byte order mark and ISA padding apart."""
    text = data.decode("utf-8", "surrogateescape")
    text = text[text.index("ISA") :]
    at = -1
    for _ in range(16):
        at = text.index(text[3], at + 1)
    parts = (part.lstrip(BLANKS) for part in text.split(text[at + 2]))
    return [text[3].join(map(str.strip, part.split(text[3]))) if part[:3] == "ISA" else part for part in parts if part]


def test_every_file_is_read_and_validated() -> None:
    for row in rows():
        report = validate(CORPUS / row["path"])
        assert report.interchanges > 0, row["path"]


def test_every_file_is_written_again_segment_by_segment() -> None:
    for row in rows():
        data = (CORPUS / row["path"]).read_bytes()
        assert segments(data) == segments(b"".join(rewrite(data))), row["path"]


def golden() -> Iterator[Path]:
    for row in rows():
        kind, _, version = row["transaction_sets"].partition("/")
        if "GOLDEN" in row["notes"] and version.startswith("5010") and kind in SUPPORTED:
            yield CORPUS / row["path"]


def test_sound_files_have_no_error_but_those_of_the_table() -> None:
    """A file others accept has no error, or one that stands in corpus_exceptions.tsv with why it is right."""
    expected = table(EXCEPTIONS)
    checked = 0
    for path in golden():
        errors = {finding.code for finding in validate(path).findings if finding.is_error}
        assert expected.get(digest(path), set()) == errors, path
        checked += 1
    assert checked > 40


def test_broken_files_are_faulted_for_what_is_wrong_with_them() -> None:
    """Each file of corpus_faults.tsv has the findings stated there, among others."""
    expected = table(FAULTS)
    seen = set()
    for row in rows():
        path = CORPUS / row["path"]
        if (key := digest(path)) in expected:
            assert expected[key] <= {finding.code for finding in validate(path).findings}, path
            seen.add(key)
    assert expected.keys() == seen


def test_typed_claims_and_payments_are_written_again_alike() -> None:
    """Sound 837P and 835 files survive the typed reader and the writer, which checks all it writes."""
    kinds: dict[str, type[TransactionView]] = {"837P": ProfessionalClaims, "835": Remittance}
    exceptions = table(EXCEPTIONS)
    written = 0
    for row in rows():
        kind = kinds.get(row["transaction_sets"].partition("/")[0])
        path = CORPUS / row["path"]
        report: Report = validate(path)
        if kind is None or not report.ok or digest(path) in exceptions:
            continue
        views = kind.load(path)
        if views:
            interchange = views[0].transaction.interchange if views[0].transaction else None
            assert interchange is not None
            envelope = Envelope(
                sender_id="AA", receiver_id="BB", control_number=1, created_at=interchange.created_at, is_test=True,
                delimiters=interchange.delimiters,
            )  # fmt: skip
            body = [part for part in segments(path.read_bytes()) if part[:2] not in {"IS", "GS", "GE", "IE"}]
            again = [part for part in segments(write(envelope, views)) if part[:2] not in {"IS", "GS", "GE", "IE"}]
            assert body == again, path
            written += 1
    assert written > 15
