"""Key rings: one suite over every implementation. Made once, granted by name, rotated, destroyed for ever."""

from collections.abc import Callable
from uuid import UUID

import pytest

from revcycle_kit.errors import Refusal
from revcycle_kit.keyring import Cause, KeyRing, Unreadable
from revcycle_kit.sealing import Sealer

RingFor = Callable[[str], KeyRing]
CLINIC = UUID("0199a0c0-0000-7000-8000-00000000000a")
EVENT = UUID("0199a0c0-0000-7000-8000-000000000001")


def _seal(ring: KeyRing) -> bytes:
    return Sealer(ring).seal(CLINIC, "identity", EVENT, b"plain")


def _open(ring: KeyRing, blob: bytes) -> bytes:
    return Sealer(ring).open(CLINIC, "identity", EVENT, blob)


def _cause(ring: KeyRing) -> Cause:
    with pytest.raises(Unreadable) as refusal:
        ring.keys(CLINIC)
    return refusal.value.cause


def test_a_granted_service_reads_what_the_maker_sealed_and_the_other_way_round(ring_for: RingFor) -> None:
    maker, reader = ring_for("eligibility"), ring_for("claims")
    maker.create(CLINIC, ["claims", "patient-billing"])
    assert b"plain" == _open(reader, _seal(maker))
    assert b"plain" == _open(maker, _seal(reader))


def test_a_service_without_a_grant_reads_nothing(ring_for: RingFor) -> None:
    ring_for("eligibility").create(CLINIC, ["claims"])
    assert _cause(ring_for("analytics")) is Cause.NOT_GRANTED


def test_a_grant_given_later_opens_what_was_sealed_before(ring_for: RingFor) -> None:
    maker, reader = ring_for("eligibility"), ring_for("denials")
    maker.create(CLINIC)
    blob = _seal(maker)
    maker.grant(CLINIC, "denials")
    maker.grant(CLINIC, "denials")
    assert b"plain" == _open(reader, blob)


def test_a_tenant_nobody_made_has_no_key(ring_for: RingFor) -> None:
    assert _cause(ring_for("eligibility")) is Cause.NO_KEY


def test_making_a_tenant_again_keeps_its_keys(ring_for: RingFor) -> None:
    maker = ring_for("eligibility")
    maker.create(CLINIC, ["claims"])
    blob = _seal(maker)
    maker.create(CLINIC, ["claims", "denials"])
    assert b"plain" == _open(ring_for("eligibility"), blob) == _open(ring_for("denials"), blob)


def test_after_rotation_the_new_key_seals_and_every_key_opens(ring_for: RingFor) -> None:
    maker = ring_for("eligibility")
    maker.create(CLINIC, ["claims"])
    before = _seal(maker)
    maker.rotate(CLINIC)
    after = _seal(maker)
    reader = ring_for("claims")
    assert before[1:17] != after[1:17]
    assert 2 == len(reader.keys(CLINIC).keys)
    assert b"plain" == _open(reader, before) == _open(reader, after)
    assert after[1:17] == _seal(reader)[1:17]


def test_searches_find_the_same_after_rotation(ring_for: RingFor) -> None:
    maker = ring_for("eligibility")
    maker.create(CLINIC)
    before = Sealer(maker).keyed_hash(CLINIC, "member_id", "W1")
    maker.rotate(CLINIC)
    assert before == Sealer(maker).keyed_hash(CLINIC, "member_id", "W1")


def test_destroyed_keys_make_everything_unreadable_for_every_service_at_once(ring_for: RingFor) -> None:
    maker, other = ring_for("eligibility"), UUID(int=7)
    maker.create(CLINIC, ["claims"])
    maker.create(other)
    sealer = Sealer(maker)
    blob = sealer.seal(CLINIC, "identity", EVENT, b"plain")
    maker.destroy(CLINIC)
    with pytest.raises(Unreadable, match="destroyed"):
        sealer.open(CLINIC, "identity", EVENT, blob)
    assert _cause(ring_for("claims")) is Cause.DESTROYED
    assert 1 == len(maker.keys(other).keys)


def test_a_destroyed_tenant_is_never_made_again(ring_for: RingFor) -> None:
    maker = ring_for("eligibility")
    maker.create(CLINIC)
    maker.destroy(CLINIC)
    maker.destroy(CLINIC)
    for attempt in (maker.create, maker.rotate):
        with pytest.raises(Unreadable, match="destroyed"):
            attempt(CLINIC)


def test_only_the_service_that_made_the_keys_grants_rotates_or_destroys_them(ring_for: RingFor) -> None:
    ring_for("eligibility").create(CLINIC, ["claims"])
    reader = ring_for("claims")
    attempts: list[Callable[[], None]] = [
        lambda: reader.grant(CLINIC, "analytics"),
        lambda: reader.rotate(CLINIC),
        lambda: reader.destroy(CLINIC),
        lambda: reader.create(CLINIC),
    ]
    for attempt in attempts:
        with pytest.raises(Refusal, match="Ask eligibility"):
            attempt()
    assert _cause(ring_for("analytics")) is Cause.NOT_GRANTED


def test_the_number_of_keys_of_a_tenant_has_a_limit(ring_for: RingFor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("revcycle_kit.keyring._KEYS_MAX", 2)
    maker = ring_for("eligibility")
    maker.create(CLINIC)
    maker.rotate(CLINIC)
    with pytest.raises(Refusal, match="at most 2 keys"):
        maker.rotate(CLINIC)


@pytest.mark.parametrize("name", ["", "../claims", "Claims", "a/b", "a b"])
def test_a_service_name_cannot_lead_elsewhere(ring_for: RingFor, name: str) -> None:
    with pytest.raises(ValueError, match="service's name"):
        ring_for(name)


async def test_keys_can_be_fetched_ahead_also_of_tenants_without_any(ring_for: RingFor) -> None:
    maker = ring_for("eligibility")
    maker.create(CLINIC)
    await maker.preload([CLINIC, UUID(int=9)])
    assert b"plain" == _open(maker, _seal(maker))
