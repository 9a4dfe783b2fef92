"""Timers: what eligibility does again at an instant."""

from uuid import UUID

from revcycle_kit.delivery.messages import Timer


class ReverifyCoverage(Timer, frozen=True, kw_only=True):
    """A coverage is to be verified once more before the visit."""

    coverage_id: UUID


class RetryInquiry(Timer, frozen=True, kw_only=True):
    """A payer that could not answer is asked again."""

    inquiry_id: UUID


class FollowUpAuthorization(Timer, frozen=True, kw_only=True):
    """A pended authorization is asked for again."""

    authorization_id: UUID
