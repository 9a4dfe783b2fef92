"""Grants: what is not granted does not exist for the caller."""

from uuid import UUID

import pytest

from revcycle_kit.auth import Grant
from revcycle_kit.errors import Forbidden, NotFound

MINE, THEIRS = UUID(int=1), UUID(int=2)
GRANT = Grant("ada", frozenset({"biller"}), MINE, frozenset({MINE}), frozenset({MINE}))


def test_what_is_granted_is_returned() -> None:
    assert [MINE] * 2 == [check(MINE) for check in (GRANT.require_clinic, GRANT.require_billing_entity)]
    assert GRANT.require_organization() == MINE


def test_what_is_not_granted_is_not_found() -> None:
    for check in (GRANT.require_clinic, GRANT.require_billing_entity):
        with pytest.raises(NotFound):
            check(THEIRS)


def test_a_missing_role_is_named() -> None:
    GRANT.require_role("coder", "biller")
    with pytest.raises(Forbidden, match="coder or operator"):
        GRANT.require_role("operator", "coder")


def test_an_empty_grant_covers_nothing() -> None:
    with pytest.raises(NotFound):
        Grant("ada").require_organization()
