"""The local issuer: one key file, private, shared by the processes of one machine."""

from pathlib import Path
from uuid import UUID

import pytest

from revcycle_kit.auth import Grant, LocalIssuer
from revcycle_kit.errors import Unauthenticated, Unavailable

CLINIC, PAYEE, COMPANY = (UUID(int=n) for n in (1, 2, 3))


async def test_a_token_carries_the_whole_grant(tmp_path: Path) -> None:
    issuer = LocalIssuer(tmp_path / "token.key")
    token = issuer.issue("ada", roles=["biller"], organization_id=COMPANY, clinics=[CLINIC], billing_entities=[PAYEE])
    expected = Grant("ada", frozenset({"biller"}), COMPANY, frozenset({CLINIC}), frozenset({PAYEE}))
    assert expected == await issuer.verify(token)


async def test_another_process_with_the_same_file_believes_it(tmp_path: Path) -> None:
    token = LocalIssuer(tmp_path / "token.key").issue("ada")
    assert "ada" == (await LocalIssuer(tmp_path / "token.key").verify(token)).subject


async def test_another_machine_does_not(tmp_path: Path) -> None:
    token = LocalIssuer(tmp_path / "token.key").issue("ada")
    with pytest.raises(Unauthenticated):
        await LocalIssuer(tmp_path / "other.key").verify(token)


async def test_a_token_for_one_audience_opens_no_other(tmp_path: Path) -> None:
    token = LocalIssuer(tmp_path / "token.key", audience="claims").issue("ada")
    with pytest.raises(Unauthenticated):
        await LocalIssuer(tmp_path / "token.key", audience="denials").verify(token)


def test_the_key_file_belongs_to_its_owner_alone_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    LocalIssuer(tmp_path / "keys" / "token.key")
    assert [("token.key", 0o600)] == [(f.name, f.stat().st_mode & 0o777) for f in (tmp_path / "keys").iterdir()]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    LocalIssuer(tmp_path / "token.key")
    (tmp_path / "token.key").chmod(0o640)
    with pytest.raises(Unavailable, match="others can read"):
        LocalIssuer(tmp_path / "token.key")


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "token.key").touch(0o600)
    with pytest.raises(Unavailable, match="damaged"):
        LocalIssuer(tmp_path / "token.key")


def test_the_published_key_set_holds_no_private_part(tmp_path: Path) -> None:
    [jwk] = LocalIssuer(tmp_path / "token.key").jwks()["keys"]
    assert {"kty", "crv", "x", "y", "alg", "use", "kid"} == set(jwk)
