"""Sealing: what was sealed opens only where it belongs, unchanged, with a key that lives (S14)."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from revcycle_kit.keyring import Cause, KeyRing, Unreadable
from revcycle_kit.keyring_file import FileKeyRing
from revcycle_kit.sealing import Sealed, Sealer

CLINIC = UUID("0199a0c0-0000-7000-8000-00000000000a")
OTHER = UUID("0199a0c0-0000-7000-8000-00000000000b")
EVENT = UUID("0199a0c0-0000-7000-8000-000000000001")
PLAIN = b'{"family": "Testpatient"}'


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    ring = FileKeyRing(tmp_path_factory.mktemp("rings") / "keys", "eligibility")
    ring.create(CLINIC)
    ring.create(OTHER)
    return ring


@pytest.fixture(scope="module")
def sealer(ring: KeyRing) -> Sealer:
    return Sealer(ring)


def _cause(sealer: Sealer, tenant: UUID, kind: str, subject: str | UUID, blob: bytes) -> Cause:
    with pytest.raises(Unreadable) as refusal:
        sealer.open(tenant, kind, subject, blob)
    return refusal.value.cause


@given(plain=st.binary(max_size=4_000), kind=st.text(max_size=30), subject=st.one_of(st.text(max_size=30), st.uuids()))
def test_what_is_sealed_opens_to_the_same_bytes(sealer: Sealer, plain: bytes, kind: str, subject: str | UUID) -> None:
    assert plain == sealer.open(CLINIC, kind, subject, sealer.seal(CLINIC, kind, subject, plain))
    assert plain == sealer.open_text(CLINIC, kind, subject, sealer.seal_text(CLINIC, kind, subject, plain))


def test_nothing_of_the_plaintext_shows_and_no_two_seals_are_alike(sealer: Sealer) -> None:
    one, other = (sealer.seal(CLINIC, "identity", EVENT, PLAIN) for _ in range(2))
    assert one != other
    assert b"Testpatient" not in one
    assert len(PLAIN) + 1 + 16 + 12 + 16 == len(one)


@pytest.mark.parametrize(
    ("tenant", "kind", "subject", "cause"),
    [
        (CLINIC, "identity", OTHER, Cause.ALTERED),
        (CLINIC, "identity", str(EVENT), Cause.ALTERED),
        (CLINIC, "address", EVENT, Cause.ALTERED),
        (OTHER, "identity", EVENT, Cause.UNKNOWN_KEY),
    ],
)
def test_a_blob_moved_to_another_place_does_not_open(
    sealer: Sealer, tenant: UUID, kind: str, subject: str | UUID, cause: Cause
) -> None:
    blob = sealer.seal(CLINIC, "identity", EVENT, PLAIN)
    assert cause == _cause(sealer, tenant, kind, subject, blob)


def test_a_blob_moved_to_another_clinic_with_its_key_id_rewritten_does_not_open(sealer: Sealer) -> None:
    mine = sealer.seal(CLINIC, "identity", EVENT, PLAIN)
    theirs = sealer.seal(OTHER, "identity", EVENT, PLAIN)
    assert _cause(sealer, OTHER, "identity", EVENT, theirs[:17] + mine[17:]) is Cause.ALTERED


def test_every_single_flipped_bit_is_noticed(sealer: Sealer) -> None:
    blob = sealer.seal(CLINIC, "identity", EVENT, b"x")
    for bit in range(len(blob) * 8):
        flipped = bytearray(blob)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unreadable):
            sealer.open(CLINIC, "identity", EVENT, bytes(flipped))


@given(st.binary(max_size=200))
def test_other_bytes_are_unreadable_and_never_another_error(sealer: Sealer, blob: bytes) -> None:
    assert isinstance(_cause(sealer, CLINIC, "identity", EVENT, blob), Cause)


@given(st.text(max_size=200))
def test_other_text_is_unreadable_and_never_another_error(sealer: Sealer, text: str) -> None:
    with pytest.raises(Unreadable):
        sealer.open_text(CLINIC, "identity", EVENT, Sealed(text))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 45))
def test_a_truncated_blob_is_unreadable(sealer: Sealer, kept: int) -> None:
    blob = sealer.seal(CLINIC, "identity", EVENT, PLAIN)[:kept]
    assert _cause(sealer, CLINIC, "identity", EVENT, blob) in {Cause.MALFORMED, Cause.ALTERED}


def test_the_error_names_the_cause_and_nothing_of_what_was_sealed(sealer: Sealer) -> None:
    with pytest.raises(Unreadable, match="altered, or sealed for another tenant"):
        sealer.open(CLINIC, "identity", OTHER, sealer.seal(CLINIC, "identity", EVENT, PLAIN))


def test_a_keyed_hash_is_equal_only_within_tenant_and_field(sealer: Sealer) -> None:
    found = sealer.keyed_hash(CLINIC, "member_id", "W123456789")
    assert 32 == len(found)
    assert found == sealer.keyed_hash(CLINIC, "member_id", "W123456789")
    others = {
        sealer.keyed_hash(OTHER, "member_id", "W123456789"),
        sealer.keyed_hash(CLINIC, "record_number", "W123456789"),
        sealer.keyed_hash(CLINIC, "member_id", "W123456780"),
    }
    assert 3 == len(others - {found})


def test_too_much_at_once_is_refused_before_any_work(sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("revcycle_kit.sealing.PLAINTEXT_BYTES_MAX", 10)
    with pytest.raises(ValueError, match="at most 10 bytes"):
        sealer.seal(CLINIC, "identity", EVENT, b"12345678901")


def test_secrets_do_not_show_when_keys_are_printed(ring: KeyRing) -> None:
    keys = ring.keys(CLINIC)
    assert keys.sealing.secret.hex() not in repr(keys)
    assert repr(keys.sealing.secret) not in repr(keys)
    assert repr(keys.search_root) not in repr(keys)
