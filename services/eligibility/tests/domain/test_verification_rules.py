"""What a payer's answer means, when it is asked again, and until when an authorization must be decided."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from eligibility.domain.authorization import codes_needing, decision_due
from eligibility.domain.directory import Payer, PayerKind, find_payer, payer_kind, provisional_payer
from eligibility.domain.facts import CoverageSent
from eligibility.domain.npi import is_npi
from eligibility.domain.verification import TRIES_MAX, CoverageResponse, Rejection, assess, verify_again_on

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def payer(kind: PayerKind = "commercial", **facts: object) -> Payer:
    told = {"name": "Northern PPO", "payer_code": "PPO01", "filing_indicator": "CI", "timely_filing_days": 90}
    return Payer(organization_id=UUID(int=1), payer_id=UUID(int=2), kind=kind, **{**told, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("72", "not_found"),
        ("75", "not_found"),
        ("73", "not_found"),
        ("79", "wrong_payer"),
        ("43", "provider_unknown"),
        ("57", "other"),
        ("ZZ", "other"),
    ],
)
def test_every_rejection_has_a_cause_and_a_next_step(code: str, cause: str) -> None:
    finding = assess(CoverageResponse(rejections=(Rejection(code=code),)), tries=1)
    assert ("refused", cause) == (finding.state, finding.cause)
    assert finding.reasons[0].next_step


def test_a_payer_that_cannot_answer_is_asked_again_until_the_last_try() -> None:
    busy = CoverageResponse(rejections=(Rejection(code="42"),))
    assert ["retrying"] * (TRIES_MAX - 1) + ["refused"] == [
        assess(busy, tries=count + 1).state for count in range(TRIES_MAX)
    ]


@pytest.mark.parametrize(
    ("active", "outcome", "cause"),
    [(True, "verified", None), (False, "refused", "inactive"), (None, "refused", "other")],
)
def test_coverage_is_active_only_if_the_payer_says_so(active: bool | None, outcome: str, cause: str | None) -> None:  # noqa: FBT001
    finding = assess(CoverageResponse(active=active), tries=1)
    assert (outcome, cause) == (finding.state, finding.cause)


@pytest.mark.parametrize(
    ("service_on", "kind", "expected"),
    [
        (date(2026, 1, 8), "commercial", None),
        (date(2026, 1, 9), "commercial", date(2026, 1, 8)),
        (date(2026, 2, 1), "medicaid", date(2026, 1, 31)),
        (date(2025, 12, 1), "medicaid", None),
    ],
)
def test_a_coverage_is_verified_again_near_a_later_visit(
    service_on: date, kind: PayerKind, expected: date | None
) -> None:
    assert expected == verify_again_on(service_on, date(2026, 1, 5), kind)


def test_a_plan_that_changes_monthly_is_verified_again_in_the_visits_month() -> None:
    assert date(2026, 2, 1) == verify_again_on(date(2026, 2, 1), date(2026, 1, 31), "medicaid")


def test_authorization_is_needed_for_the_codes_the_payer_names() -> None:
    assert ("J1745",) == codes_needing(payer(authorization_codes=("J1745", "J0001")), ["G0463", "J1745", "J1745"])


@pytest.mark.parametrize(
    ("kind", "expedited", "days"), [("medicare_advantage", False, 7), ("medicaid", True, 3), ("commercial", False, 14)]
)
def test_the_payers_clock_depends_on_who_it_is_and_how_urgent(kind: PayerKind, expedited: bool, days: int) -> None:  # noqa: FBT001
    assert NOW + timedelta(days=days) == decision_due(payer(kind), NOW, expedited=expedited)


def test_before_2026_the_federal_clock_did_not_run() -> None:
    early = datetime(2025, 12, 31, tzinfo=UTC)
    assert early + timedelta(days=14) == decision_due(payer("medicaid"), early, expedited=False)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Medicare Part B", "medicare"),
        ("HUMANA MEDICARE ADVANTAGE", "medicare_advantage"),
        ("State Medicaid", "medicaid"),
        ("AARP Medicare Supplement", "medigap"),
        ("Workers' Compensation Fund", "workers_compensation"),
        ("Aetna", "commercial"),
        ("dual_eligible", "medicaid"),
    ],
)
def test_the_kind_of_an_unknown_payer_is_read_from_its_name(name: str, kind: str) -> None:
    assert kind == payer_kind(name)


def test_a_payer_is_found_by_code_else_by_any_of_its_names() -> None:
    known = [payer(names=("NPPO",))]
    assert known[0] == find_payer(known, CoverageSent(payer_code="ppo01"))
    assert known[0] == find_payer(known, CoverageSent(payer_name="Northern  P.P.O."[:8] + " PPO"))
    assert known[0] == find_payer(known, CoverageSent(payer_code="other", payer_name="nppo"))
    assert find_payer(known, CoverageSent(payer_name="Southern")) is None


def test_a_provisional_payer_repeats_its_id() -> None:
    sent = CoverageSent(payer_name="Humana Gold")
    one, other = provisional_payer(UUID(int=1), sent), provisional_payer(UUID(int=1), sent)
    assert one == other
    assert one.provisional
    assert provisional_payer(UUID(int=9), sent).payer_id != one.payer_id


@pytest.mark.parametrize(
    ("number", "valid"),
    [("1234567893", True), ("1234567890", False), ("9999908629", False), ("123", False), ("12345678९3", False)],
)
def test_an_npi_has_ten_digits_and_the_right_check_digit(number: str, valid: bool) -> None:  # noqa: FBT001
    assert valid == is_npi(number)
