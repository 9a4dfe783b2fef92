"""Which files an ingest reads: every one under the paths it is given, each once, each accounted for."""

import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

BYTES_MAX = 64_000_000
"""What the intake takes in one piece."""
_ISA = b"ISA"
_KINDS = (
    (b"%PDF", "a PDF document", "Send the message that it was printed from."),
    (b"PK\x03\x04", "a ZIP archive", "Unpack it and name the folder."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and name the file."),
    (b"\xfd7zXZ\x00", "an xz archive", "Unpack it and name the file."),
    (b"BZh", "a bzip2 archive", "Unpack it and name the file."),
    (b"\x89PNG", "an image", "Send the message, not a picture of it."),
    (b"\xff\xd8\xff", "an image", "Send the message, not a picture of it."),
)


@dataclass(frozen=True, slots=True)
class Refused:
    """An input that cannot even be read: what is wrong with it, and what to do."""

    problem: str
    fix: str


@dataclass(frozen=True, slots=True)
class Found:
    """One file, as it was found."""

    path: Path
    source: str
    """Who sent it, as far as a file can say: the folder it lies in."""
    refused: Refused | None = None


def find_files(paths: Iterable[Path]) -> list[Found]:
    """
    Return every file under the paths, by name; links are followed, but no folder is entered twice.

    The first folder below a given path names the sender: systems that have nothing to do with each other use the
    same numbers.
    """
    entered: set[tuple[int, int]] = set()
    return [found for path in paths for found in _under(path, "", entered)]


def read_file(found: Found) -> bytes | Refused:
    """Return the bytes of a file, or why there are none to take in."""
    if found.refused is not None:
        return found.refused
    try:
        if found.path.stat().st_size > BYTES_MAX:
            return Refused(f"the file is larger than {BYTES_MAX} bytes", "Send it in parts.")
        content = found.path.read_bytes()
    except OSError as error:
        return _unreadable(error)
    return _foreign(content) or content


def _under(path: Path, source: str, entered: set[tuple[int, int]]) -> Iterator[Found]:
    name = source or path.absolute().parent.name or "files"
    try:
        status = path.stat()
    except OSError as error:
        yield Found(path, name, _unreadable(error))
        return
    if stat.S_ISDIR(status.st_mode):
        identity = status.st_dev, status.st_ino
        if identity not in entered:
            entered.add(identity)
            yield from _in_folder(path, source, entered)
    elif stat.S_ISREG(status.st_mode):
        yield Found(path, name)
    else:
        yield Found(path, name, Refused("this is no regular file", "Name a file or a folder."))


def _in_folder(folder: Path, source: str, entered: set[tuple[int, int]]) -> Iterator[Found]:
    own = source or folder.absolute().name or "files"
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        yield Found(folder, own, _unreadable(error))
        return
    for path in inside:
        below = source or (path.name if path.is_dir() else own)
        yield from _under(path, below, entered)


def _unreadable(error: OSError) -> Refused:
    return Refused(f"it cannot be read: {error.strerror or type(error).__name__}", "Make it readable, and try again.")


def _foreign(content: bytes) -> Refused | None:
    """Say of well-known content that is neither HL7 v2 nor FHIR what it is; everything else the intake reads."""
    for beginning, what, fix in _KINDS:
        if content.startswith(beginning):
            return Refused(f"this is {what}, neither HL7 v2 nor FHIR JSON", fix)
    plain = content.lstrip()
    if plain[:3] == _ISA and not plain[3:4].isalnum():
        return Refused("this is an X12 interchange, no message of an EHR", "Hand it to claims: POST /v1/interchanges.")
    if plain[:1] == b"<":
        return Refused("this is XML; HL7 v2 (pipes) and FHIR JSON are read", "Send FHIR as JSON, or HL7 v2 with pipes.")
    return None
