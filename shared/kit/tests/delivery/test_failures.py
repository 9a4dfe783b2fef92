"""What becomes of an effect that failed is one decision, by what failed, how often, and the kind of partner."""

from datetime import UTC, datetime, timedelta

import pytest

from revcycle_kit.delivery.failures import (
    BACKOFF_SECONDS_MAX,
    FAILURES_MAX,
    RETRY_AFTER_MAX,
    UNKNOWN_MAX,
    EffectState,
    Past,
    after_a_crash,
    judge,
)
from revcycle_kit.errors import Refusal, Unavailable
from revcycle_kit.partners.kinds import PartnerKind
from revcycle_kit.partners.outcomes import CredentialRefused, OutcomeUnknown, Rejected, Throttled

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
FIRST = Past(attempts=1, failures=0, since=None, maybe_sent=False)
LONG = Past(attempts=400, failures=0, since=NOW - timedelta(days=400), maybe_sent=False)
TIMED_OUT = Past(attempts=2, failures=0, since=NOW, maybe_sent=True)
KINDS = list(PartnerKind)
FOR_NOW = [Unavailable("p"), Throttled("p"), CredentialRefused("p")]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("failure", FOR_NOW)
@pytest.mark.parametrize("past", [FIRST, LONG])
def test_what_says_nothing_about_the_content_never_uses_up_the_attempts(
    failure: Unavailable, past: Past, kind: PartnerKind
) -> None:
    verdict = judge(failure, kind, past, NOW)
    assert (EffectState.PENDING, False, False) == (verdict.state, verdict.counted, verdict.maybe_sent)
    assert timedelta(0) < verdict.wait <= timedelta(seconds=BACKOFF_SECONDS_MAX)


@pytest.mark.parametrize("failure", [Throttled, Unavailable])
def test_the_partner_says_when_up_to_an_hour(failure: type[Unavailable]) -> None:
    assert timedelta(minutes=20) == judge(failure("p", timedelta(minutes=20)), KINDS[0], FIRST, NOW).wait
    assert RETRY_AFTER_MAX == judge(failure("p", timedelta(days=2)), KINDS[0], FIRST, NOW).wait
    assert timedelta(seconds=BACKOFF_SECONDS_MAX) == judge(failure("p", timedelta(seconds=1)), KINDS[0], LONG, NOW).wait


@pytest.mark.parametrize("kind", KINDS)
def test_refused_content_is_given_up_at_once_with_its_reason(kind: PartnerKind) -> None:
    verdict = judge(Rejected("the carrier", "status 422"), kind, FIRST, NOW)
    assert EffectState.GIVEN_UP is verdict.state
    assert "the carrier refused what was sent (status 422)." in verdict.reason


@pytest.mark.parametrize("kind", KINDS)
def test_refused_after_an_attempt_that_may_have_arrived_it_is_in_doubt(kind: PartnerKind) -> None:
    assert EffectState.IN_DOUBT is judge(Rejected("the carrier", "status 409"), kind, TIMED_OUT, NOW).state


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (PartnerKind.DEDUPLICATES, EffectState.PENDING),
        (PartnerKind.ANSWERS, EffectState.PENDING),
        (PartnerKind.NEITHER, EffectState.IN_DOUBT),
    ],
)
def test_an_unknown_outcome_and_a_crash_go_by_the_kind_of_partner(kind: PartnerKind, state: EffectState) -> None:
    verdict = judge(OutcomeUnknown("the carrier", "ReadTimeout"), kind, FIRST, NOW)
    assert (state, True, False) == (verdict.state, verdict.maybe_sent, verdict.counted)
    assert (state, True) == (after_a_crash(kind).state, after_a_crash(kind).maybe_sent)


@pytest.mark.parametrize("kind", [PartnerKind.DEDUPLICATES, PartnerKind.ANSWERS])
def test_an_outcome_that_stays_unknown_for_days_is_in_doubt(kind: PartnerKind) -> None:
    long = Past(attempts=90, failures=0, since=NOW - UNKNOWN_MAX, maybe_sent=True)
    assert EffectState.IN_DOUBT is judge(OutcomeUnknown("the carrier", "status 500"), kind, long, NOW).state


@pytest.mark.parametrize("kind", [PartnerKind.DEDUPLICATES, PartnerKind.ANSWERS])
def test_what_nobody_foresaw_is_given_up_after_twelve_times(kind: PartnerKind) -> None:
    for failures in range(FAILURES_MAX - 1):
        assert EffectState.PENDING is judge(LookupError(), kind, Past(9, failures, NOW, maybe_sent=False), NOW).state
    last = Past(99, FAILURES_MAX - 1, NOW, maybe_sent=False)
    assert EffectState.GIVEN_UP is judge(LookupError(), kind, last, NOW).state


def test_a_mailbox_is_in_doubt_after_what_nobody_foresaw() -> None:
    assert EffectState.IN_DOUBT is judge(LookupError(), PartnerKind.NEITHER, FIRST, NOW).state


def test_a_reason_repeats_only_what_promises_to_hold_no_values() -> None:
    assert "LookupError" == judge(LookupError("Zyxwv Canary"), KINDS[0], FIRST, NOW).reason
    assert "No room." == judge(Refusal("No room."), KINDS[0], FIRST, NOW).reason
