"""Acknowledgment codes in words, filing deadlines, and the hours at which waiting ends."""

from datetime import UTC, date, datetime

import pytest

from claims.domain.building import filing_deadline
from claims.domain.calendar import MORNING, NOON, after_business_days, next_tick, tick_on
from claims.domain.directory import Payer
from claims.domain.status import StatusCode, cause_of, findings_of, meaning_of_status, verdict
from revcycle_kit.ids import derived_id

ZONE = "America/New_York"


def codes(*texts: str) -> tuple[StatusCode, ...]:
    """Read codes as people write them: `A7:33:IL`."""
    parts = ([*text.split(":"), "", ""] for text in texts)
    return tuple(StatusCode(category=part[0], status=part[1], entity=part[2]) for part in parts)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("A1:19:PR", "received"),
        ("A2:20", "accepted"),
        ("A5", "accepted"),
        ("A7:33:IL", "rejected"),
        ("A3:496", "rejected"),
    ],
)
def test_a_277ca_receives_accepts_or_rejects(text: str, outcome: str) -> None:
    assert outcome == verdict(codes(text))


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("A7:33:IL", "eligibility"),
        ("A3:164", "eligibility"),
        ("A7:562:85", "enrollment"),
        ("A7:562:82", "enrollment"),
        ("A3:496", "enrollment"),
        ("A3:24", "enrollment"),
        ("A3:116", "payer_routing"),
        ("A8:477", "content"),
        ("A7:500:85", "content"),
        ("A8:672", "content"),
        ("A7:464", "content"),
    ],
)
def test_a_rejection_names_who_can_cure_it(text: str, cause: str) -> None:
    [found] = findings_of(codes(text), cause_of(codes(text)), "payer")

    assert cause == cause_of(codes(text))
    assert found.rule
    assert found.fix


@pytest.mark.parametrize(
    ("text", "meaning"),
    [("P1:20", "pending"), ("R4:294", "information"), ("F1:65", "final"), ("A4:35", "not_found"), ("E1", "other")],
)
def test_a_277_says_where_a_claim_stands(text: str, meaning: str) -> None:
    assert meaning == meaning_of_status(codes(text))


def test_the_filing_deadline_counts_from_the_service_or_the_last_day_or_the_first_payer() -> None:
    payer = Payer(
        payer_id=derived_id("p"), organization_id=derived_id("o"), timely_filing_days=90, secondary_filing_days=60
    )
    first, last = date(2026, 1, 10), date(2026, 1, 13)

    assert date(2026, 4, 10) == filing_deadline(payer, "P", first, last)
    assert date(2026, 4, 13) == filing_deadline(payer, "I", first, last)
    assert date(2026, 4, 2) == filing_deadline(payer, "P", first, last, prior_on=date(2026, 2, 1))


def test_a_tick_is_the_next_hour_on_the_clinics_clock() -> None:
    before = datetime(2026, 1, 10, 11, tzinfo=UTC)
    after = datetime(2026, 1, 10, 18, tzinfo=UTC)

    assert datetime(2026, 1, 10, 12, tzinfo=UTC) == next_tick(before, ZONE, MORNING)
    assert datetime(2026, 1, 11, 17, tzinfo=UTC) == next_tick(after, ZONE, NOON)
    assert datetime(2026, 1, 11, 12, tzinfo=UTC) == tick_on(date(2026, 1, 5), after, ZONE, MORNING)
    assert datetime(2026, 7, 4, 11, tzinfo=UTC) == tick_on(date(2026, 7, 4), after, ZONE, MORNING)


def test_business_days_pass_over_the_weekend_and_holidays() -> None:
    friday = datetime(2026, 1, 16, 18, tzinfo=UTC)

    assert datetime(2026, 1, 20, 17, tzinfo=UTC) == after_business_days(friday, 1, ZONE)
