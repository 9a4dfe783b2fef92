"""Acknowledgments made from findings (TA1, 999, 277CA), and read back onto the claims they speak of."""

from revcycle_x12.acknowledge.claims import accept_or_reject, acknowledge_claims, status_of
from revcycle_x12.acknowledge.functional import acknowledge_group, acknowledge_groups
from revcycle_x12.acknowledge.interchange import acknowledge_interchange
from revcycle_x12.acknowledge.read_back import ClaimAnswer, answers_to_claims

__all__ = [
    "ClaimAnswer",
    "accept_or_reject",
    "acknowledge_claims",
    "acknowledge_group",
    "acknowledge_groups",
    "acknowledge_interchange",
    "answers_to_claims",
    "status_of",
]
