"""The plain values of the domain: frozen, compared by value, cheap to keep and to read back."""

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A value that rests in a document or travels in a message; fields that hold their default take no room."""


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """
    Something asked for cannot be done as things stand.

    `reason` says what is in the way, `fix` what to do next; neither names a patient.
    """

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(f"{reason}: {fix}")
        self.reason = reason
        self.fix = fix
