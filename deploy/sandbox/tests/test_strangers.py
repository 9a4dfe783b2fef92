"""Where everybody is welcome: people without a member number are enrolled by name, and strangers pay their bills."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from revcycle_sandbox import Parcel, Sandbox, load_scenario
from revcycle_sandbox.parcels import json_parcel
from revcycle_sandbox.payer.book import Book, member_number
from revcycle_sandbox.payer.inquiries import Inquiry, verify
from revcycle_sandbox.world import Payer, Plan

ON = date(2026, 1, 10)
_LETTER = "[AC-HJKMNP-RT-Y]"
MBI = re.compile(rf"[1-9]{_LETTER}[0-9]{{2}}{_LETTER}[0-9]{{2}}{_LETTER}{{2}}[0-9]{{2}}")
"""11 characters; the third and sixth may be letters as well, here they are digits (CMS)."""
JANE = {"family": "DOE", "given": "JANE", "birth_on": date(1980, 1, 1)}


def book(*, kind: str = "commercial", enroll_unknown: bool = True) -> Book:
    payer = Payer(code="PPO01", name="PPO", kind=kind, filing_indicator="CI")
    return Book(payer, {"PLAN": Plan(code="PLAN", payer="PPO01")}, enroll_unknown=enroll_unknown)


def ask(of: Book, **who: Any) -> Any:
    return verify(of, Inquiry(**{"member_id": "", **who}), ON, ON)


def test_somebody_without_a_number_is_enrolled_by_name_and_told_the_number() -> None:
    found = ask(book(), **JANE)
    assert not found.rejection
    assert found.member.member_id
    assert found.plan is not None


def test_the_same_person_has_the_same_number_each_time_and_another_person_another() -> None:
    payer = book()
    number = ask(payer, **JANE).member.member_id
    assert number == ask(payer, **JANE).member.member_id
    assert number != ask(payer, **{**JANE, "given": "JOAN"}).member.member_id
    assert number == ask(book(), **JANE).member.member_id


def test_a_birth_date_that_nobody_knows_keeps_nobody_out() -> None:
    payer = book()
    first = ask(payer, family="DOE", given="JANE").member
    assert first == ask(payer, family="DOE", given="JANE").member


def test_nobody_is_enrolled_without_a_number_and_a_name() -> None:
    assert "75" == ask(book()).rejection


def test_where_members_are_known_a_stranger_is_not_found() -> None:
    assert "75" == ask(book(enroll_unknown=False), **JANE).rejection


@pytest.mark.parametrize("seed", [f"person {number}" for number in range(20)])
def test_a_medicare_number_has_the_pattern_of_an_mbi(seed: str) -> None:
    assert MBI.fullmatch(member_number("medicare", seed))
    assert re.fullmatch(r"[1-9][0-9]{9}", member_number("commercial", seed))


def paid_by_a_stranger(*, enroll_unknown: bool) -> list[Parcel]:
    """Send ten strangers a first statement each; return what they pay within a month."""
    sandbox = Sandbox(load_scenario({"payers": [{"code": "PPO01"}]}), seed=1, enroll_unknown=enroll_unknown)
    at = datetime(2026, 1, 10, tzinfo=UTC)
    bills = [
        {"account_id": str(number), "statement_id": f"S{number}", "number": 1, "balance_cents": 50_00}
        for number in range(10)
    ]
    parcels = [json_parcel("statement", "US", "SANDBOX", bill) for bill in bills]
    sandbox.step(at, parcels)
    return sandbox.step(at + timedelta(days=30))[0]


def test_strangers_pay_their_first_statement_in_full() -> None:
    payments = [parcel.body()["amount_cents"] for parcel in paid_by_a_stranger(enroll_unknown=True)]
    assert [50_00] * 10 == payments


def test_elsewhere_what_strangers_do_is_drawn() -> None:
    assert len(paid_by_a_stranger(enroll_unknown=False)) < 10
