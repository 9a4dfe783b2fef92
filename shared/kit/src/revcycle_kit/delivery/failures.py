"""
What is done when an effect failed: a decision by what failed, how often and since when, and the kind of partner.

A throttle, a wrong credential or a partner out of reach never uses up the attempts. What may have arrived is sent again
only where that cannot double it.
"""

from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Final

import msgspec

from revcycle_kit.errors import Refusal, Unavailable
from revcycle_kit.partners.kinds import PartnerKind
from revcycle_kit.partners.outcomes import CredentialRefused, OutcomeUnknown, Rejected, Throttled

FAILURES_MAX: Final = 12
"""How often something may fail in a way that nobody foresaw."""
UNKNOWN_MAX: Final = timedelta(days=3)
"""How long no outcome may be known before a person has to look."""
BACKOFF_SECONDS_MAX: Final = 1800
RETRY_AFTER_MAX: Final = timedelta(hours=1)


@unique
class EffectState(StrEnum):
    """Where an effect stands."""

    PENDING = "pending"
    SENDING = "sending"
    DONE = "done"
    GIVEN_UP = "given_up"
    """The partner does not have it, and it is not sent again by itself."""
    IN_DOUBT = "in_doubt"
    """The partner may have it, and it is not sent again by itself."""


class Past(msgspec.Struct, frozen=True):
    """What came before this failure."""

    attempts: int
    failures: int
    since: datetime | None
    """When the trouble began; None: this is the first."""
    maybe_sent: bool
    """An earlier attempt may have reached the partner."""


class Verdict(msgspec.Struct, frozen=True):
    """What becomes of an effect that failed."""

    state: EffectState
    outcome: str
    """What went wrong, in a word: the label of the metric."""
    reason: str
    """What went wrong, for a person; it repeats no content."""
    wait: timedelta = timedelta(0)
    counted: bool = False
    maybe_sent: bool = False

    @property
    def ended(self) -> bool:
        """Tell whether it is not tried again by itself."""
        return self.state is not EffectState.PENDING


def judge(failure: Exception, kind: PartnerKind, past: Past, now: datetime) -> Verdict:
    """Decide what becomes of an effect."""
    outcome, reason = outcome_of(failure), reason_of(failure)
    if isinstance(failure, Unavailable):
        return Verdict(EffectState.PENDING, outcome, reason, max(_backoff(past), _wish(failure)))
    if isinstance(failure, Rejected):
        return Verdict(_ended(maybe_sent=past.maybe_sent), outcome, reason)
    if kind is PartnerKind.NEITHER:
        return Verdict(EffectState.IN_DOUBT, outcome, reason, maybe_sent=True)
    if isinstance(failure, OutcomeUnknown):
        lasting = past.since is not None and now - past.since >= UNKNOWN_MAX
        state = EffectState.IN_DOUBT if lasting else EffectState.PENDING
        return Verdict(state, outcome, reason, _backoff(past), maybe_sent=True)
    if past.failures + 1 >= FAILURES_MAX:
        return Verdict(_ended(maybe_sent=past.maybe_sent), outcome, reason, counted=True)
    return Verdict(EffectState.PENDING, outcome, reason, _backoff(past), counted=True)


def after_a_crash(kind: PartnerKind) -> Verdict:
    """Decide what becomes of an effect that was under way when its process died."""
    state = EffectState.IN_DOUBT if kind is PartnerKind.NEITHER else EffectState.PENDING
    return Verdict(state, "interrupted", "the process ended while it was sent", maybe_sent=True)


def outcome_of(failure: Exception) -> str:
    """Return what went wrong in a word."""
    named: tuple[tuple[type[Exception], str], ...] = (
        (Throttled, "throttled"),
        (CredentialRefused, "credential_refused"),
        (Unavailable, "unavailable"),
        (Rejected, "rejected"),
        (OutcomeUnknown, "unknown"),
    )
    return next((word for kind, word in named if isinstance(failure, kind)), "error")


def reason_of(failure: Exception) -> str:
    """Say what went wrong; only errors that promise to repeat no values speak for themselves."""
    if isinstance(failure, Throttled):
        return f"throttled: {failure}"
    if isinstance(failure, CredentialRefused):
        return f"the credential is refused: {failure}"
    if isinstance(failure, Unavailable):
        return f"out of reach: {failure}"
    return str(failure) if isinstance(failure, (Refusal, OutcomeUnknown)) else type(failure).__name__


def _ended(*, maybe_sent: bool) -> EffectState:
    return EffectState.IN_DOUBT if maybe_sent else EffectState.GIVEN_UP


def _backoff(past: Past) -> timedelta:
    return timedelta(seconds=min(2 ** min(past.attempts, 11), BACKOFF_SECONDS_MAX))


def _wish(failure: Unavailable) -> timedelta:
    return min(failure.retry_after or timedelta(0), RETRY_AFTER_MAX)
