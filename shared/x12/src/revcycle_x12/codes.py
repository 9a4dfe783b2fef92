"""Code lists as enums. A code the list does not know is a member named UNKNOWN that keeps its own value."""

from enum import StrEnum
from typing import ClassVar, Self

from revcycle_x12 import _code_names as texts

_TEXTS = {
    "carc": texts.ADJUSTMENT_REASONS,
    "entity": texts.ENTITIES,
    "frequency": texts.FREQUENCIES,
    "pos": texts.PLACES_OF_SERVICE,
    "status": texts.STATUSES,
    "status_category": texts.STATUS_CATEGORIES,
}


def text_of(code_set: str, code: str) -> str:
    """
    Say in our own words what a code means; empty where there are none for it.

    Sets: carc (adjustment reasons), status_category, status, entity, pos (places
    of service), frequency (of a claim).
    """
    return _TEXTS[code_set].get(code, "")


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

    __texts__: ClassVar[dict[str, str]] = {}
    """Texts of members whose name does not say enough."""

    @property
    def is_known(self) -> bool:
        return self.name != "UNKNOWN"

    @property
    def text(self) -> str:
        """What the code means, in words; empty where it is not known."""
        return self.__texts__.get(self.name) or self.name.replace("_", " ").lower() if self.is_known else ""


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

    __texts__ = {  # noqa: RUF012 (enums want no annotation here)
        "PRIMARY": "processed as primary",
        "SECONDARY": "processed as secondary",
        "TERTIARY": "processed as tertiary",
        "NOT_RECOGNIZED": "denied: the patient is not recognized",
        "PRIMARY_FORWARDED": "processed as primary and sent on to the next payer",
        "SECONDARY_FORWARDED": "processed as secondary and sent on to the next payer",
        "TERTIARY_FORWARDED": "processed as tertiary and sent on to the next payer",
        "REVERSAL": "reversal of an earlier payment",
        "NOT_OUR_CLAIM": "not this payer's claim: sent on to another",
        "PREDETERMINATION": "predetermination: what would be paid",
    }


class AdjustmentGroup(OpenCode):
    """CAS01: who bears an adjustment."""

    CONTRACTUAL = "CO"
    CORRECTION = "CR"
    OTHER = "OA"
    PAYER_INITIATED = "PI"
    PATIENT = "PR"

    __texts__ = {  # noqa: RUF012
        "CONTRACTUAL": "the provider's, by contract or rule",
        "CORRECTION": "correction of an earlier decision",
        "OTHER": "nobody's: another reason",
        "PAYER_INITIATED": "the payer's own reduction, no contract behind it",
        "PATIENT": "the patient's to pay",
    }


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
    "text_of",
]
