"""Code lists as enums. A code the list does not know is a member named UNKNOWN that keeps its own value."""

from enum import StrEnum
from typing import Self


class OpenCode(StrEnum):
    """A code list that survives codes it does not know: `ClaimStatus("99").value == "99"`, its name is UNKNOWN."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = "UNKNOWN"
        unknown._value_ = value
        return unknown

    @property
    def is_known(self) -> bool:
        return self.name != "UNKNOWN"


class EntityType(OpenCode):
    """NM102."""

    PERSON = "1"
    ORGANIZATION = "2"


class Gender(OpenCode):
    """DMG03."""

    FEMALE = "F"
    MALE = "M"
    NOT_STATED = "U"


class PayerSequence(OpenCode):
    """SBR01: which payer in order this claim goes to."""

    PRIMARY = "P"
    SECONDARY = "S"
    TERTIARY = "T"
    FOURTH = "A"
    FIFTH = "B"
    SIXTH = "C"
    NOT_STATED = "U"


class ClaimStatus(OpenCode):
    """CLP02: how the payer dealt with the claim."""

    PRIMARY = "1"
    SECONDARY = "2"
    TERTIARY = "3"
    NOT_RECOGNIZED = "4"
    PRIMARY_FORWARDED = "19"
    SECONDARY_FORWARDED = "20"
    TERTIARY_FORWARDED = "21"
    REVERSAL = "22"
    NOT_OUR_CLAIM = "23"
    PREDETERMINATION = "25"


class AdjustmentGroup(OpenCode):
    """CAS01: who bears an adjustment."""

    CONTRACTUAL = "CO"
    CORRECTION = "CR"
    OTHER = "OA"
    PAYER_INITIATED = "PI"
    PATIENT = "PR"


class PaymentMethod(OpenCode):
    """BPR04."""

    ACH = "ACH"
    CREDIT_OR_DEBIT = "BOP"
    CHECK = "CHK"
    WIRE = "FWT"
    NONE = "NON"


__all__ = [
    "AdjustmentGroup",
    "ClaimStatus",
    "EntityType",
    "Gender",
    "OpenCode",
    "PayerSequence",
    "PaymentMethod",
]
