"""AAA: why a request was not answered, or not in full."""

from dataclasses import dataclass
from typing import Any

from revcycle_x12._reading.loop import Elements
from revcycle_x12._views.rows import Rows
from revcycle_x12.codes import OpenCode


class RejectReason(OpenCode):
    """AAA03, the reasons met most; every other code is a member named UNKNOWN."""

    MISSING = "15"
    INPUT_ERRORS = "33"
    OUT_OF_NETWORK = "35"
    NOT_AUTHORIZED = "41"
    UNABLE_TO_RESPOND_NOW = "42"
    PROVIDER_ID = "43"
    PROVIDER_NAME = "44"
    PROVIDER_SPECIALTY = "45"
    PROVIDER_PHONE = "46"
    PROVIDER_STATE = "47"
    REFERRING_PROVIDER_ID = "48"
    NOT_PRIMARY_CARE_PHYSICIAN = "49"
    PROVIDER_INELIGIBLE = "50"
    PROVIDER_NOT_ON_FILE = "51"
    DATES_OUTSIDE_PLAN_ENROLLMENT = "52"
    SERVICE_DATE_INVALID = "57"
    BIRTH_DATE_INVALID = "58"
    DATE_BEFORE_BIRTH = "60"
    DATE_AFTER_DEATH = "61"
    DATE_OUTSIDE_INQUIRY_PERIOD = "62"
    DATE_IN_FUTURE = "63"
    PATIENT_ID = "64"
    PATIENT_NAME = "65"
    PATIENT_GENDER = "66"
    PATIENT_NOT_FOUND = "67"
    PATIENT_ID_DUPLICATE = "68"
    PATIENT_BIRTH_DATE_MISMATCH = "71"
    MEMBER_ID = "72"
    SUBSCRIBER_NAME = "73"
    SUBSCRIBER_GENDER = "74"
    SUBSCRIBER_NOT_FOUND = "75"
    SUBSCRIBER_ID_DUPLICATE = "76"
    SUBSCRIBER_FOUND_PATIENT_NOT = "77"
    SUBSCRIBER_NOT_IN_GROUP = "78"
    PARTICIPANT_ID = "79"
    NO_RESPONSE_RECEIVED = "80"
    PAYER_ID = "T4"


class FollowUp(OpenCode):
    """AAA04: what to do about it."""

    CORRECT_AND_RESUBMIT = "C"
    DO_NOT_RESUBMIT = "N"
    RESUBMIT_ORIGINAL = "P"
    RESUBMIT = "R"
    SENT_TO_THIRD_PARTY = "S"
    WAIT_30_DAYS = "W"
    WAIT_10_DAYS = "X"
    WAIT_FOR_RESPONSE = "Y"


@dataclass(frozen=True, slots=True)
class Rejection:
    """One AAA. `is_valid_request` says that the request was sound and is refused for another reason."""

    reason: RejectReason
    follow_up: FollowUp
    is_valid_request: bool = False


def _parse(item: Elements) -> Rejection:
    return Rejection(RejectReason(item[3]), FollowUp(item[4]), item[1] == "Y")


def _build(row: Rejection) -> Elements:
    return ["Y" if row.is_valid_request else "N", "", str(row.reason), str(row.follow_up)]


def rejections(loops: str = "", *, default: Any = ()) -> Rows[Rejection]:  # noqa: ARG001 (marks the field optional)
    """All AAA of a loop."""
    return Rows("AAA", _parse, _build, loops)
