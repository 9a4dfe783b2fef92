"""Which files an ingest reads, and what it says of those that it cannot use."""

import os
from pathlib import Path

import pytest

from revcycle.ingest.files import BYTES_MAX, Refused, find_files, read_file


def _write(folder: Path, name: str, content: bytes = b"MSH|") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_every_file_below_a_folder_is_found_by_name_whatever_its_ending(tmp_path: Path) -> None:
    for name in ("b/2.json", "a/1.hl7", "a/deeper/3", "4.unknown"):
        _write(tmp_path, name)
    names = [str(found.path.relative_to(tmp_path)) for found in find_files([tmp_path])]
    assert ["4.unknown", "a/1.hl7", "a/deeper/3", "b/2.json"] == names


def test_the_first_folder_below_the_given_one_names_the_sender(tmp_path: Path) -> None:
    root = tmp_path / "inbox"
    for name in ("north/bundles/1.json", "south/bundles/1.json", "loose.hl7"):
        _write(root, name)
    assert ["inbox", "north", "south"] == [found.source for found in find_files([root])]


def test_a_single_file_is_sent_by_its_folder(tmp_path: Path) -> None:
    assert "north" == find_files([_write(tmp_path, "north/1.hl7")])[0].source


def test_a_folder_that_links_to_itself_is_entered_once(tmp_path: Path) -> None:
    _write(tmp_path, "a/1.hl7")
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert 1 == len(find_files([tmp_path]))


def test_a_link_to_nothing_is_accounted_for_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "gone.hl7").symlink_to(tmp_path / "nowhere")
    (found,) = find_files([tmp_path])
    assert found.refused is not None
    assert "cannot be read" in found.refused.problem


def test_a_pipe_is_refused_without_being_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (found,) = find_files([tmp_path])
    assert Refused("this is no regular file", "Name a file or a folder.") == read_file(found)


def test_a_file_over_the_limit_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.hl7"
    with path.open("wb") as file:
        file.truncate(BYTES_MAX + 1)
    (found,) = find_files([tmp_path])
    refused = read_file(found)
    assert isinstance(refused, Refused)
    assert str(BYTES_MAX) in refused.problem


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x1f\x8b\x08rest", "gzip"),
        (b'<?xml version="1.0"?><Bundle/>', "XML"),
        (b"ISA*00*          *00*", "X12"),
    ],
)
def test_well_known_content_is_called_by_its_name(tmp_path: Path, content: bytes, word: str) -> None:
    (found,) = find_files([_write(tmp_path, "file.dat", content)])
    refused = read_file(found)
    assert isinstance(refused, Refused)
    assert word in refused.problem


@pytest.mark.parametrize("content", [b"", b"MSH|^~\\&|", b'{"resourceType": "Bundle"}', b"\x00\x01\x02", b"ISABELLA"])
def test_everything_else_is_left_to_the_intake(tmp_path: Path, content: bytes) -> None:
    (found,) = find_files([_write(tmp_path, "file.dat", content)])
    assert content == read_file(found)
