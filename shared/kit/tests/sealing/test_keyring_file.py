"""The ring of files: nobody else reads them, and a crash between two writes loses nothing."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from revcycle_kit.errors import Unavailable
from revcycle_kit.keyring import KeyRing
from revcycle_kit.keyring_file import FileKeyRing, _FileShelf
from revcycle_kit.sealing import Sealer

RingFor = Callable[[str], KeyRing]
CLINIC = UUID("0199a0c0-0000-7000-8000-00000000000a")


class StoppedError(Exception):
    """The process ends here."""


def test_files_and_folders_belong_to_their_owner_alone(file_ring: RingFor, tmp_path: Path) -> None:
    file_ring("eligibility").create(CLINIC, ["claims"])
    files = [path for path in (tmp_path / "keys").rglob("*") if path.is_file()]
    assert {0o600} == {path.stat().st_mode & 0o777 for path in files}
    assert 0o700 == (tmp_path / "keys").stat().st_mode & 0o777


def test_a_directory_that_others_can_read_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    with pytest.raises(Unavailable, match="0700"):
        FileKeyRing(tmp_path, "eligibility")


def test_a_key_file_that_others_can_read_is_refused(file_ring: RingFor, tmp_path: Path) -> None:
    file_ring("eligibility").create(CLINIC)
    (tmp_path / f"keys/services/eligibility/{CLINIC}.json").chmod(0o644)
    with pytest.raises(Unavailable, match="0600"):
        file_ring("eligibility").keys(CLINIC)


@pytest.mark.parametrize("content", ["", "{", "\xff"])
def test_a_damaged_key_file_is_out_of_reach_not_silently_replaced(
    file_ring: RingFor, tmp_path: Path, content: str
) -> None:
    file_ring("eligibility").create(CLINIC)
    (tmp_path / f"keys/services/eligibility/{CLINIC}.json").write_text(content, encoding="latin-1")
    for attempt in (file_ring("eligibility").keys, file_ring("eligibility").rotate):
        with pytest.raises(Unavailable, match="backup"):
            attempt(CLINIC)


def test_another_process_notices_rotation_and_destruction_at_its_next_look(file_ring: RingFor) -> None:
    maker, reader = file_ring("eligibility"), file_ring("claims")
    maker.create(CLINIC, ["claims"])
    first = reader.keys(CLINIC)
    assert first is reader.keys(CLINIC)
    maker.rotate(CLINIC)
    assert 2 == len(reader.keys(CLINIC).keys)
    maker.destroy(CLINIC)
    with pytest.raises(Exception, match="destroyed"):
        reader.keys(CLINIC)


@pytest.mark.parametrize("writes", range(6))
def test_a_crash_in_rotation_leaves_everything_readable_and_a_second_one_completes_it(
    file_ring: RingFor, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    maker, readers = file_ring("eligibility"), [file_ring("claims"), file_ring("denials")]
    maker.create(CLINIC, ["claims", "denials"])
    written = _stopping_after(writes, monkeypatch)
    with pytest.raises(StoppedError):
        maker.rotate(CLINIC)
    blobs = [Sealer(ring).seal(CLINIC, "identity", "x", b"plain") for ring in (maker, *readers)]
    written.undo()
    maker.rotate(CLINIC)
    for ring in (maker, *readers):
        assert [b"plain"] * 3 == [Sealer(ring).open(CLINIC, "identity", "x", blob) for blob in blobs]


@pytest.mark.parametrize("writes", range(4))
def test_a_crash_while_a_tenant_is_made_is_mended_by_making_it_again(
    file_ring: RingFor, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    maker = file_ring("eligibility")
    written = _stopping_after(writes, monkeypatch)
    with pytest.raises(StoppedError):
        maker.create(CLINIC, ["claims"])
    written.undo()
    maker.create(CLINIC, ["claims"])
    assert maker.keys(CLINIC) == file_ring("claims").keys(CLINIC)


def test_the_lock_is_free_again_after_a_failure(file_ring: RingFor, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = file_ring("eligibility")
    written = _stopping_after(0, monkeypatch)
    with pytest.raises(StoppedError):
        maker.create(CLINIC)
    written.undo()
    file_ring("eligibility").create(CLINIC)
    assert 1 == len(maker.keys(CLINIC).keys)


def test_no_descriptor_stays_open(file_ring: RingFor) -> None:
    ring = file_ring("eligibility")
    ring.create(CLINIC)
    before = len([*Path("/proc/self/fd").iterdir()])
    for _ in range(10):
        ring.rotate(CLINIC)
    assert before == len([*Path("/proc/self/fd").iterdir()])


def _stopping_after(writes: int, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    left, write = [writes], _FileShelf.write

    def stopping(shelf: _FileShelf, name: str, document: dict[str, object], *, tenant_id: UUID) -> None:
        if not left[0]:
            raise StoppedError
        left[0] -= 1
        write(shelf, name, document, tenant_id=tenant_id)

    monkeypatch.setattr(_FileShelf, "write", stopping)
    return monkeypatch
