"""The ring of Vault: keys rest wrapped, caches are short, and a vault that is down is not a lost key."""

from collections.abc import Callable, Iterator
from typing import Protocol
from uuid import UUID

import httpx
import pytest

from revcycle_kit.errors import Unavailable
from revcycle_kit.keyring import KeyRing, Unreadable
from revcycle_kit.keyring_vault import VaultKeyRing
from revcycle_kit.sealing import Sealer

RingFor = Callable[[str], KeyRing]
CLINIC = UUID("0199a0c0-0000-7000-8000-00000000000a")


class Vault(Protocol):
    """What the fixture shows of the vault."""

    kv: dict[str, tuple[int, dict[str, object]]]
    transit: dict[str, bytes]
    requests: list[str]
    down: bool
    url: str


class Seconds:
    """A stopwatch in the test's hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def ring(vault: Vault, seconds: Seconds) -> Iterator[VaultKeyRing]:
    with httpx.Client(base_url=vault.url) as client:
        made = VaultKeyRing(client, "eligibility", token=lambda: "test-token", seconds=seconds)
        made.create(CLINIC)
        yield made


def test_keys_rest_only_wrapped(ring: VaultKeyRing, vault: Vault) -> None:
    secret = ring.keys(CLINIC).sealing.secret.hex()
    assert str(vault.kv[f"revcycle/services/eligibility/{CLINIC}"][1]["wrapped"]).startswith("vault:v1:")
    assert secret not in repr(vault.kv)


def test_within_a_minute_vault_is_not_asked_again(ring: VaultKeyRing, vault: Vault, seconds: Seconds) -> None:
    first = ring.keys(CLINIC)
    asked = len(vault.requests)
    seconds.now = 59.0
    assert first is ring.keys(CLINIC)
    assert asked == len(vault.requests)


def test_after_a_minute_an_unchanged_key_costs_one_request_and_no_unwrapping(
    ring: VaultKeyRing, vault: Vault, seconds: Seconds
) -> None:
    ring.keys(CLINIC)
    del vault.requests[:]
    seconds.now = 61.0
    ring.keys(CLINIC)
    assert [f"GET /v1/secret/data/revcycle/services/eligibility/{CLINIC}"] == vault.requests


def test_a_vault_that_is_down_is_bridged_for_five_minutes_and_no_longer(
    ring: VaultKeyRing, vault: Vault, seconds: Seconds
) -> None:
    first = ring.keys(CLINIC)
    vault.down = True
    seconds.now = 299.0
    assert first is ring.keys(CLINIC)
    seconds.now = 301.0
    with pytest.raises(Unavailable, match="503"):
        ring.keys(CLINIC)


def test_destroying_deletes_the_wrapping_key_so_that_copies_are_worthless(ring: VaultKeyRing, vault: Vault) -> None:
    backup = dict(vault.kv)
    ring.destroy(CLINIC)
    vault.kv.update(backup)
    assert {} == vault.transit
    with (
        httpx.Client(base_url=vault.url) as client,
        pytest.raises(Unreadable),
    ):
        VaultKeyRing(client, "eligibility", token=lambda: "test-token").keys(CLINIC)


def test_a_refused_token_is_unavailable_and_says_so(vault: Vault, ring: VaultKeyRing) -> None:
    assert ring.keys(CLINIC)
    with httpx.Client(base_url=vault.url) as client:
        other = VaultKeyRing(client, "eligibility", token=lambda: "expired")
        with pytest.raises(Unavailable, match="token or policy"):
            other.keys(CLINIC)


def test_a_vault_out_of_reach_is_unavailable() -> None:
    with httpx.Client(base_url="http://127.0.0.1:9") as client:
        ring = VaultKeyRing(client, "eligibility", token=lambda: "test-token")
        with pytest.raises(Unavailable, match="cannot be reached"):
            ring.keys(CLINIC)


def test_of_two_processes_that_change_the_same_keys_one_must_look_again(ring: VaultKeyRing, vault: Vault) -> None:
    name = f"revcycle/services/eligibility/{CLINIC}"
    with ring._shelf.exclusive():
        ring.keys(CLINIC)
        version, held = vault.kv[name]
        vault.kv[name] = (version + 1, held)
        with pytest.raises(Unavailable, match="another process"):
            ring._shelf.write(f"services/eligibility/{CLINIC}", {}, tenant_id=CLINIC)
    ring.rotate(CLINIC)
    assert 2 == len(ring.keys(CLINIC).keys)


async def test_a_vault_out_of_reach_is_asked_again_only_after_a_second() -> None:
    asked, now = [], [100.0]

    def refuse(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        raise httpx.ConnectError("refused")

    with httpx.Client(base_url="http://vault", transport=httpx.MockTransport(refuse)) as client:
        ring = VaultKeyRing(client, "claims", token=lambda: "test-token", seconds=lambda: now[0])
        await ring.preload([CLINIC])  # says nothing: who needs the keys hears it
        for _ in range(3):
            with pytest.raises(Unavailable):
                ring.keys(CLINIC)
        assert 1 == len(asked)
        now[0] += 1
        with pytest.raises(Unavailable, match="cannot be reached"):
            ring.keys(CLINIC)
    assert 2 == len(asked)


async def test_a_tenant_without_keys_is_not_looked_up_for_every_batch(vault: Vault, vault_ring: RingFor) -> None:
    vault_ring("eligibility").create(CLINIC, ["claims"])
    analytics = vault_ring("analytics")
    await analytics.preload([CLINIC])
    asked = len(vault.requests)
    await analytics.preload([CLINIC])
    assert asked == len(vault.requests)


async def test_keys_fetched_ahead_are_at_hand_when_work_needs_them(vault: Vault, vault_ring: RingFor) -> None:
    vault_ring("eligibility").create(CLINIC, ["claims"])
    reader = vault_ring("claims")
    await reader.preload([CLINIC])
    asked = len(vault.requests)
    Sealer(reader).seal(CLINIC, "identity", "x", b"plain")
    assert asked == len(vault.requests)
