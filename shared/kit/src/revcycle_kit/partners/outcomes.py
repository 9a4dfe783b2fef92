"""
How a call to a partner ends when it does not end well, told apart the same way for every partner.

Beside these stands `Unavailable` (never reached, or turned away for now). No message carries content or credentials.
"""

from revcycle_kit.errors import Refusal, Unavailable


class Rejected(Refusal):
    """The partner refuses this content: sending it again changes nothing, a person has to look."""

    def __init__(self, partner: str, reason: str) -> None:
        super().__init__(f"{partner} refused what was sent ({reason}).", "", "Look why, then send it again.")


class Throttled(Unavailable):
    """The partner wants fewer calls; `retry_after` says from when on, where it said so."""


class CredentialRefused(Unavailable):
    """The partner refuses who we say we are: nothing is wrong with what was sent, the credential has to be renewed."""


class OutcomeUnknown(Exception):  # noqa: N818 - a state of the call
    """It was sent, or in part, and no answer came: the partner may have it or not."""

    def __init__(self, partner: str, reason: str) -> None:
        super().__init__(f"whether {partner} has it is not known ({reason})")
        self.partner = partner
        self.reason = reason
