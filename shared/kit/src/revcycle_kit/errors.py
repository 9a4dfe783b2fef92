"""
What can stand in the way, as exceptions that tell a person what to do next.

The HTTP edge turns each into a problem (RFC 9457); the worker parks a Refusal
and waits on NotYet. No message carries patient data.
"""

from datetime import timedelta


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an accident
    """
    A rule says no: what is wrong, where, and what to do about it.

    `where` names the field or thing (`lines[2].charged_cents`), never its value.
    Over HTTP it is 422.
    """

    def __init__(self, what: str, where: str = "", fix: str = "") -> None:
        super().__init__(what, where, fix)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        advice = f" {self.fix}" if self.fix else ""
        return f"{self.what}{place}{advice}"


class Conflict(Refusal):
    """The request is sound, but the state of the thing forbids it now. Over HTTP it is 409."""


class IdempotencyConflict(Refusal):
    """The same Idempotency-Key came before with another request. Over HTTP it is 422."""

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used before for another request.",
            "header.Idempotency-Key",
            "Send the original request again unchanged, or use a new key.",
        )


class NotFound(Refusal):
    """There is no such thing, or none that the caller may know of. Over HTTP it is 404."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"There is no such {kind}.", "", "Check the id, and that your grant covers its clinic.")


class NotYet(Exception):  # noqa: N818 - waiting is no error
    """
    A fact that another service has not said yet; the message waits for it.

    `fact` names the fact and the id it is about (`clinic 0199…`), nothing else.
    Over HTTP it is 409 with Retry-After.
    """

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact

    def __str__(self) -> str:
        return f"not known yet: {self.fact}"


class OperatorNeeded(Exception):  # noqa: N818 - a state that no later attempt changes
    """Going on would lose or mix what is kept: stop; the text says what was found and what to do."""


class Unauthenticated(Exception):  # noqa: N818 - the caller's state, not ours
    """The bearer token does not prove who calls; `reason` is for our log only. Over HTTP it is 401."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Forbidden(Refusal):
    """The caller is known but lacks the role. Over HTTP it is 403."""

    def __init__(self, *roles: str) -> None:
        wanted = " or ".join(sorted(roles)) or "another grant"
        super().__init__("Your grant does not allow this.", "", f"It needs the role {wanted}: ask who grants access.")


class Unavailable(Exception):  # noqa: N818 - a state of a partner
    """
    Something this needs is down (`what` names it); trying again later may work, from `retry_after` on where it said so.

    The worker retries in place without limit. Over HTTP it is 503.
    """

    def __init__(self, what: str, retry_after: timedelta | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.retry_after = retry_after
