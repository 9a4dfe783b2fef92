"""What an acknowledgment or a status answer says about a claim: 277CA and 277 categories, in our words."""

from collections.abc import Iterable

from claims.domain.claims import Finding
from revcycle_kit.values import Value

ACCEPTED = frozenset({"A2", "A5"})
RECEIVED = frozenset({"A0", "A1"})
REJECTED = frozenset({"A3", "A4", "A6", "A7", "A8"})
PENDING = "P"
REQUESTS = "R"
FINAL = "F"
NOT_FOUND = "A4"

_ELIGIBILITY = frozenset({"33", "97", "90", "91", "158", "164", "166", "678", "88", "109"})
_ENROLLMENT = frozenset({"24", "562", "496", "91", "132", "144"})
_ROUTING = frozenset({"116", "25", "504"})
_CONTENT = frozenset({"477", "500", "187", "672", "464", "535"})
_ENTITY_ELIGIBILITY = frozenset({"IL", "QC"})
_ENTITY_ENROLLMENT = frozenset({"85", "82", "77", "40", "41"})

_FIXES = {
    "eligibility": "verify the coverage again, put the member's number and name right, then send the claim as new",
    "enrollment": "complete the enrollment with this payer (NPI, submitter), then send the claim as new",
    "payer_routing": "find the payer that covers the patient, then send the claim there as new",
    "content": "put the named field right, then send the claim as new",
    "syntax": "correct the segment that the acknowledgment names, then send the claim as new",
}
_OWNERS = {"eligibility": "registration", "enrollment": "enrollment"}
_STATUS = {
    "33": "subscriber not found",
    "164": "member number not known",
    "562": "NPI not known",
    "496": "submitter not enrolled",
    "24": "provider not enrolled for electronic claims",
    "116": "claim belongs to another payer",
    "477": "diagnosis pointer does not fit",
    "500": "ZIP code not valid",
    "187": "dates of service not valid",
    "672": "what other payers paid is out of balance",
    "464": "payer's claim number missing or wrong",
    "535": "claim frequency does not fit",
    "54": "duplicate of a claim already in process",
}


class StatusCode(Value, kw_only=True):
    """One STC composite: category, status, entity."""

    category: str
    status: str = ""
    entity: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (self.category, self.status, self.entity) if part)


def verdict(codes: Iterable[StatusCode]) -> str:
    """Say what the codes of a 277CA amount to: `accepted`, `received` or `rejected`."""
    categories = {code.category for code in codes}
    if categories & REJECTED:
        return "rejected"
    return "accepted" if categories & ACCEPTED else "received"


def cause_of(codes: Iterable[StatusCode]) -> str:
    """Say who can cure a rejection: by the status code, and where it serves several, by the entity."""
    rejecting = [code for code in codes if code.category in REJECTED]
    for code in rejecting:
        if code.status in _CONTENT:
            continue
        if code.status in _ROUTING:
            return "payer_routing"
        if code.entity in _ENTITY_ENROLLMENT or code.status in _ENROLLMENT - _ELIGIBILITY:
            return "enrollment"
        if code.entity in _ENTITY_ELIGIBILITY or code.status in _ELIGIBILITY:
            return "eligibility"
    return "content"


def findings_of(codes: Iterable[StatusCode], cause: str, level: str) -> tuple[Finding, ...]:
    """Turn a rejection into findings: each names the code, what it says, and the fix."""
    return tuple(
        Finding(
            edit=f"rejected_by_{level}",
            field=str(code),
            rule=_STATUS.get(code.status, f"the {level} refused the claim with {code}"),
            fix=fix_for(cause),
            owner=_OWNERS.get(cause, "biller"),
        )
        for code in codes
        if code.category in REJECTED or not code.category.startswith("A")
    )


def fix_for(cause: str) -> str:
    """Say what to do about a rejection of this cause."""
    return _FIXES[cause]


def meaning_of_status(codes: Iterable[StatusCode]) -> str:
    """Say what a 277 answer amounts to: `pending`, `information`, `final`, `not_found` or `other`."""
    categories = [code.category for code in codes]
    if any(category.startswith(REQUESTS) for category in categories):
        return "information"
    if any(category.startswith(FINAL) for category in categories):
        return "final"
    if NOT_FOUND in categories:
        return "not_found"
    return "pending" if any(category.startswith(PENDING) for category in categories) else "other"
