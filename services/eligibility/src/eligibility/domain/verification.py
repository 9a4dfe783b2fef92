"""
Verification of coverage: when to ask a payer, what its answer means, and what to do next.

AAA03 reject reasons and follow-up of 005010X279A1, in words of our own.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

from eligibility.domain.directory import PayerKind
from revcycle_kit.money import Cents
from revcycle_kit.values import Value, replace

BenefitKind = Literal[
    "copay",
    "coinsurance",
    "deductible",
    "deductible_left",
    "out_of_pocket",
    "out_of_pocket_left",
    "limit",
    "not_covered",
]
Cause = Literal["not_found", "inactive", "wrong_payer", "provider_unknown", "unavailable", "other"]

TRIES_MAX = 4
RETRY_AFTER = (timedelta(minutes=15), timedelta(hours=2), timedelta(hours=8))
AHEAD_MAX = timedelta(days=3)
"""A coverage verified longer before the visit than this is verified again on its eve."""
MONTHLY: frozenset[PayerKind] = frozenset({"medicaid", "medicare_advantage"})
"""Plans whose members change monthly: what was verified last month says nothing about this one."""


class Benefit(Value, kw_only=True):
    """One statement of a 271; `percent_basis_points` 2000 is 20 % for the patient."""

    service_type: str
    kind: BenefitKind
    amount_cents: Cents | None = None
    percent_basis_points: int | None = None
    period: str = ""
    in_network: bool | None = None


class Rejection(Value, kw_only=True):
    """One AAA segment: `level` is the loop it stood in (payer, provider, subscriber, dependent)."""

    code: str
    follow_up: str = ""
    level: str = ""


class CoverageResponse(Value, kw_only=True):
    """What a payer answered to a 270; `active` None: it said nothing about coverage."""

    active: bool | None = None
    plan_begins_on: date | None = None
    plan_ends_on: date | None = None
    benefits: tuple[Benefit, ...] = ()
    authorization_required: bool | None = None
    rejections: tuple[Rejection, ...] = ()
    other_payer: bool = False
    member_id: str = ""
    group_number: str = ""
    trace: str = ""


class Reason(Value, kw_only=True):
    """Why a coverage was refused, in words, with what a person does about it."""

    code: str
    meaning: str
    next_step: str


class InquiryState(StrEnum):
    """Where the verification of a coverage stands."""

    ASKED = "asked"
    VERIFIED = "verified"
    REFUSED = "refused"
    RETRYING = "retrying"


class Finding(Value, kw_only=True):
    """What a response comes to."""

    state: InquiryState
    cause: Cause | None = None
    reasons: tuple[Reason, ...] = ()


class Inquiry(Value, kw_only=True):
    """The verification of one coverage of an encounter: asked, and how it ended."""

    inquiry_id: UUID
    encounter_id: UUID
    coverage_id: UUID
    payer_id: UUID
    state: InquiryState
    tries: int = 1
    asked_at: datetime
    answered_at: datetime | None = None
    cause: Cause | None = None
    reasons: tuple[Reason, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    authorization_required: bool | None = None
    trace: str = ""
    other_payer: bool = False
    """The payer says that another plan covers the patient too: ask for that card."""

    def answered(self, answer: CoverageResponse, at: datetime) -> "Inquiry":
        """Return the inquiry with the payer's answer."""
        finding = assess(answer, tries=self.tries)
        return replace(
            self,
            state=finding.state,
            answered_at=at,
            cause=finding.cause,
            reasons=finding.reasons,
            benefits=answer.benefits,
            authorization_required=answer.authorization_required,
            trace=answer.trace,
            other_payer=answer.other_payer,
        )

    def undelivered(self, at: datetime) -> "Inquiry":
        """Return the inquiry that nobody took: a person sends it again, or asks otherwise."""
        return replace(self, state=InquiryState.REFUSED, answered_at=at, cause="unavailable", reasons=(_UNDELIVERED,))

    def again(self, at: datetime) -> "Inquiry":
        """Return the inquiry asked once more."""
        return replace(self, state=InquiryState.ASKED, tries=self.tries + 1, asked_at=at)

    @property
    def is_open(self) -> bool:
        return self.state in {InquiryState.ASKED, InquiryState.RETRYING}


_REJECTIONS: dict[str, tuple[Cause, str, str]] = {
    "04": ("other", "more benefits were asked for than the payer answers at once", "Ask for fewer service types."),
    "15": ("other", "the inquiry lacks something the payer requires", "Complete the registration and verify again."),
    "33": ("other", "the inquiry has an error", "Check registration data and verify again."),
    "35": ("not_found", "the patient is outside the plan's network", "Ask the patient for another card."),
    "41": ("provider_unknown", "the provider may not ask this payer", "Enroll the provider for 270 with this payer."),
    "42": ("unavailable", "the payer cannot answer now", "Nothing: it is asked again."),
    "43": ("provider_unknown", "the payer does not know the provider", "Check NPI and enrollment with this payer."),
    "44": ("provider_unknown", "the provider's name is missing or wrong", "Correct the name in the directory."),
    "45": ("provider_unknown", "the provider's specialty is missing or wrong", "Correct the taxonomy code."),
    "46": ("provider_unknown", "the provider's telephone is missing or wrong", "Correct it in the directory."),
    "47": ("provider_unknown", "the provider's state is missing or wrong", "Correct the address in the directory."),
    "48": ("provider_unknown", "the referring provider's number is wrong", "Correct the referral."),
    "50": ("provider_unknown", "the provider is not eligible for inquiries", "Enroll with this payer."),
    "51": ("provider_unknown", "the provider is not on file", "Check NPI and enrollment with this payer."),
    "52": ("other", "the service dates are outside the provider's contract", "Check the enrollment's dates."),
    "56": ("other", "the date is not valid", "Correct the date of service."),
    "57": ("other", "the service date is missing or wrong", "Correct the date of service."),
    "58": ("not_found", "the birth date is missing or wrong", "Ask for the birth date as the plan has it."),
    "60": ("other", "the birth date lies after the service date", "Correct one of the two dates."),
    "61": ("other", "the date of death lies before the service date", "Check the patient's record."),
    "62": ("other", "the service date is beyond what the payer answers", "Verify by telephone, or nearer the day."),
    "63": ("other", "the service date lies in the future", "Verify again nearer the day of service."),
    "64": ("not_found", "the patient's member number is wrong", "Ask for the card; send the number as printed."),
    "65": ("not_found", "the patient's name is wrong", "Ask for the name as printed on the card."),
    "66": ("not_found", "the patient's sex differs from the plan's record", "Correct the registration."),
    "67": ("not_found", "the patient is not found", "Ask for the card: another payer or another number."),
    "68": ("not_found", "the plan has several patients with these data", "Send the member number as printed."),
    "69": ("other", "the plan does not cover this patient's age", "Ask the patient for other coverage."),
    "71": ("not_found", "the birth date differs from the plan's record", "Ask for the birth date as the plan has it."),
    "72": ("not_found", "the member number is missing or wrong", "Ask for the card; send the number as printed."),
    "73": ("not_found", "the subscriber's name is wrong", "Ask for the name as printed on the card."),
    "74": ("not_found", "the subscriber's sex differs from the plan's record", "Correct the registration."),
    "75": ("not_found", "the subscriber is not found", "Ask for the card: another payer or another number."),
    "76": ("not_found", "the plan has several subscribers with these data", "Send the member number as printed."),
    "77": ("not_found", "the subscriber is found, the patient is not", "Check that the patient is on this plan."),
    "78": ("not_found", "the subscriber is not in the group named", "Correct the group number."),
    "79": ("wrong_payer", "the payer is not known to the clearinghouse", "Correct the payer's code."),
    "80": ("unavailable", "the payer's system does not respond", "Nothing: it is asked again."),
}
_UNSENT_REJECTION: tuple[Cause, str, str] = ("other", "the payer refused for a reason of its own", "Call the payer.")
_RETRIED = {"42", "80"}
_UNDELIVERED = Reason(
    code="",
    meaning="the inquiry did not reach the payer",
    next_step="Look at what is not delivered and send it again, or verify by telephone.",
)


def assess(answer: CoverageResponse, *, tries: int) -> Finding:
    """Decide what an answer comes to: a reason of 42 or 80 is asked again, until TRIES_MAX."""
    codes = {rejection.code for rejection in answer.rejections}
    if codes & _RETRIED and tries < TRIES_MAX:
        return Finding(state=InquiryState.RETRYING, cause="unavailable", reasons=_reasons(answer))
    if codes:
        first = answer.rejections[0].code
        return Finding(
            state=InquiryState.REFUSED, cause=_REJECTIONS.get(first, _UNSENT_REJECTION)[0], reasons=_reasons(answer)
        )
    if answer.active:
        return Finding(state=InquiryState.VERIFIED)
    if answer.active is False:
        step = "Ask the patient for the plan that replaced it."
        return Finding(
            state=InquiryState.REFUSED,
            cause="inactive",
            reasons=(Reason(code="6", meaning="the coverage is not active on the day of service", next_step=step),),
        )
    reason = Reason(code="", meaning="the answer says nothing about coverage", next_step="Verify by telephone.")
    return Finding(state=InquiryState.REFUSED, cause="other", reasons=(reason,))


def _reasons(answer: CoverageResponse) -> tuple[Reason, ...]:
    reasons = []
    for rejection in answer.rejections:
        _, meaning, step = _REJECTIONS.get(rejection.code, _UNSENT_REJECTION)
        reasons.append(Reason(code=rejection.code, meaning=meaning, next_step=step))
    return tuple(reasons)


def retry_at(tries: int, now: datetime) -> datetime:
    """Return when to ask again after the given number of tries."""
    return now + RETRY_AFTER[min(tries, len(RETRY_AFTER)) - 1]


def verify_again_on(service_on: date, verified_on: date, kind: PayerKind) -> date | None:
    """
    Return the day on which a verified coverage is verified again, or None.

    On the eve of a visit more than three days away; for plans whose members change monthly, on the first of the
    visit's month if that comes later than the verification.
    """
    eve = service_on - timedelta(days=1)
    if service_on - verified_on > AHEAD_MAX:
        return eve
    if kind in MONTHLY and (service_on.year, service_on.month) > (verified_on.year, verified_on.month):
        return max(service_on.replace(day=1), verified_on + timedelta(days=1))
    return None
