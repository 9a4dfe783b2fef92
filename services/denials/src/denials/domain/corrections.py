"""
What would cure a refusal: the changes to propose for a corrected claim, and whom to ask for their values.

A proposal never invents a value: it names the field, where it stands, who knows it, and why it is asked.
"""

from collections.abc import Sequence
from typing import Final, Literal

from denials.domain.denial import Denial
from revcycle_kit.errors import Refusal
from revcycle_kit.values import Value

FieldName = Literal[
    "modifiers",
    "code",
    "units",
    "diagnoses",
    "member_id",
    "payer_id",
    "authorization_number",
    "rendering_provider_id",
    "place_of_service",
    "remove_line",
    "subscriber",
]
Whom = Literal["coder", "front desk", "payer", "enrollment", "biller"]


class Cure(Value):
    """A field that may be wrong, and who knows the right value."""

    field: FieldName
    ask: Whom
    why: str


class ProposedChange(Value, kw_only=True):
    """One change to decide on: the value is filled in by whoever knows it."""

    field: FieldName
    line_number: int | None
    ask: Whom
    why: str


_MODIFIER: Final = Cure("modifiers", "coder", "which modifier does the documentation support?")
_SEPARATE: Final = Cure("modifiers", "coder", "was it a separate service (59, XE, XP, XS, XU)? if not, accept")
_CODE: Final = Cure("code", "coder", "which procedure code was valid on the day?")
_DIAGNOSES: Final = Cure("diagnoses", "coder", "which documented diagnosis supports the procedure?")
_UNITS: Final = Cure("units", "coder", "how many units does the record show?")
_PLACE: Final = Cure("place_of_service", "coder", "where was the service given?")
_AUTHORIZATION: Final = Cure("authorization_number", "payer", "is there an authorization for this service and day?")
_MEMBER: Final = Cure("member_id", "front desk", "what stands on the insurance card?")
_SUBSCRIBER: Final = Cure("subscriber", "front desk", "how does the card spell the name, and the birth date?")
_PAYER: Final = Cure("payer_id", "front desk", "who insured the patient on the day of service?")
_RENDERING: Final = Cure("rendering_provider_id", "enrollment", "who treated, and since when enrolled with this payer?")
_REMOVE: Final = Cure("remove_line", "biller", "is the line billed rightly at all?")

_BY_CARC: Final[dict[str, tuple[Cure, ...]]] = {
    "4": (_MODIFIER,),
    "182": (_MODIFIER,),
    "97": (_SEPARATE, _REMOVE),
    "231": (_SEPARATE, _REMOVE),
    "236": (_SEPARATE, _REMOVE),
    "B14": (_MODIFIER, _REMOVE),
    "B15": (_CODE, _REMOVE),
    "B9": (_MODIFIER,),
    "5": (_PLACE,),
    "58": (_PLACE,),
    "11": (_DIAGNOSES,),
    "146": (_DIAGNOSES,),
    "167": (_DIAGNOSES,),
    "B22": (_DIAGNOSES,),
    "181": (_CODE,),
    "189": (_CODE,),
    "B16": (_CODE,),
    "199": (_CODE,),
    "151": (_UNITS, _MODIFIER),
    "15": (_AUTHORIZATION,),
    "197": (_AUTHORIZATION,),
    "198": (_AUTHORIZATION, _UNITS),
    "284": (_AUTHORIZATION,),
    "296": (_AUTHORIZATION, _RENDERING),
    "302": (_AUTHORIZATION,),
    "22": (_PAYER,),
    "26": (_PAYER, _MEMBER),
    "27": (_PAYER, _MEMBER),
    "31": (_MEMBER, _SUBSCRIBER, _PAYER),
    "109": (_PAYER,),
    "140": (_MEMBER, _SUBSCRIBER),
    "8": (_RENDERING, _CODE),
    "B7": (_RENDERING,),
    "185": (_RENDERING,),
    "206": (_RENDERING,),
    "207": (_RENDERING,),
    "208": (_RENDERING,),
}
_BY_CATEGORY: Final[dict[str, tuple[Cure, ...]]] = {
    "coding": (_CODE, _MODIFIER, _DIAGNOSES),
    "bundling": (_SEPARATE,),
    "authorization": (_AUTHORIZATION,),
    "eligibility": (_MEMBER, _PAYER),
    "wrong_payer": (_PAYER,),
    "coordination": (_PAYER,),
    "enrollment": (_RENDERING,),
}
_BY_REMARK: Final[dict[str, tuple[Cure, ...]]] = {
    "M51": (_CODE,),
    "N56": (_CODE,),
    "M20": (_CODE,),
    "M53": (_UNITS,),
    "M62": (_AUTHORIZATION,),
    "N54": (_AUTHORIZATION,),
    "M64": (_DIAGNOSES,),
    "M76": (_DIAGNOSES,),
    "MA63": (_DIAGNOSES,),
    "M77": (_PLACE,),
    "N519": (_MODIFIER,),
    "N822": (_MODIFIER,),
    "N823": (_MODIFIER,),
    "MA27": (_MEMBER, _SUBSCRIBER),
    "MA36": (_SUBSCRIBER,),
    "MA61": (_MEMBER,),
    "N382": (_MEMBER,),
    "N257": (_RENDERING,),
    "N290": (_RENDERING,),
}


def propose(denial: Denial) -> tuple[ProposedChange, ...]:
    """
    Return the changes to decide on for a denial, the likeliest first.

    A remark that names the field wins over the CARC, which wins over the category.
    """
    named = [cure for remark in denial.remarks for cure in _BY_REMARK.get(remark, ())]
    cures = named or _BY_CARC.get(denial.carc) or _BY_CATEGORY.get(denial.category, ())
    return tuple(
        ProposedChange(
            field=cure.field,
            line_number=denial.line_number if cure.field not in _OF_THE_CLAIM else None,
            ask=cure.ask,
            why=cure.why,
        )
        for cure in dict.fromkeys(cures)
    )


def require_one_claim(denials: Sequence[Denial]) -> None:
    """Raise Refusal unless the denials are about one claim: it is sent again as a whole."""
    if len({denial.claim_id for denial in denials}) != 1:
        raise Refusal(
            "A correction is about the denials of one claim.", "denial_ids", "Ask for a correction of each claim."
        )


_OF_THE_CLAIM: Final = frozenset({"member_id", "payer_id", "subscriber", "authorization_number"})
