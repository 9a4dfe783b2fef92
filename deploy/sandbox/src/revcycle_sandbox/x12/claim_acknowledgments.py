"""277CA: what became of the claims of a file at one station."""

from collections import defaultdict
from datetime import date

from revcycle_sandbox.cents import to_decimal
from revcycle_sandbox.claims import Claim
from revcycle_sandbox.payer.news import Acknowledgment, ClaimStatus
from revcycle_sandbox.x12.building import (
    SENDER,
    Draft,
    control_number,
    draft,
    interchange,
    nest,
    organization,
    person,
)
from revcycle_x12 import Loop

Answered = list[tuple[Claim, tuple[ClaimStatus, ...]]]


NOT_SENT = "NONE"
"""Stands where a claim named no member: the guide wants a number back."""


def claim_acknowledgment(news: Acknowledgment, *, is_test: bool) -> bytes:
    """Write the 277CA of a station."""
    number = control_number("277CA", news.level, news.key)
    return interchange(news.submitter, news.at, number, _transaction(news, f"{number:09d}"), is_test=is_test)


def _transaction(news: Acknowledgment, trace: str) -> Draft:
    on = news.at.strftime("%Y%m%d")
    said = draft("277", "005010X214")
    said.loop.add(["BHT", "0085", "08", trace, on, news.at.strftime("%H%M"), "TH"])
    source = nest(said.loop, "2000A", ["HL"])
    payer = news.level == "payer"
    nest(
        source,
        "2100A",
        organization("PR" if payer else "AY", news.payer_name, "PI" if payer else "46", news.payer or SENDER),
    )
    nest(source, "2200A", ["TRN", "1", trace], ["DTP", "050", "D8", on], ["DTP", "009", "D8", on])
    receiver = nest(source, "2000B", ["HL"])
    nest(receiver, "2100B", organization("41", news.submitter, "46", news.submitter or "RECEIVER"))
    claims = list(news.claims)
    nest(receiver, "2200B", ["TRN", "2", trace], _status("A1:19:PR", on, claims), *_counts(claims, "90", "AA"))
    for (npi, name), group in _by_provider(claims).items():
        provider = nest(receiver, "2000C", ["HL"])
        nest(provider, "2100C", organization("85", name, "XX", npi))
        nest(provider, "2200C", ["TRN", "1", "0"], _status("A1:19:PR", "", group), *_counts(group, "QA", "QC"))
        for claim, statuses in group:
            _claim(provider, claim, statuses, on)
    return said


def _by_provider(claims: Answered) -> dict[tuple[str, str], Answered]:
    grouped: dict[tuple[str, str], Answered] = defaultdict(list)
    for claim, statuses in claims:
        grouped[claim.billing_npi, claim.billing_name].append((claim, statuses))
    return grouped


def _status(composite: str, on: str, claims: Answered) -> list[str]:
    return ["STC", composite, on, "WQ", _amount(sum(claim.charge_cents for claim, _ in claims))]


def _counts(claims: Answered, good_code: str, bad_code: str) -> list[list[str]]:
    """Count and total what was accepted and what was not."""
    parts: list[list[str]] = []
    for code, amount_code, wanted in ((good_code, "YU", True), (bad_code, "YY", False)):
        found = [claim for claim, statuses in claims if all(status.accepted for status in statuses) is wanted]
        if found:
            parts.append(["QTY", code, str(len(found))])
            parts.append(["AMT", amount_code, _amount(sum(claim.charge_cents for claim in found))])
    return parts


def _claim(provider: Loop, claim: Claim, statuses: tuple[ClaimStatus, ...], on: str) -> None:
    """Say what became of one claim: a status each, and the payer's number where it took the claim in."""
    patient = nest(provider, "2000D", ["HL"])
    family, given = claim.patient_family or claim.subscriber_family, claim.patient_given or claim.subscriber_given
    nest(patient, "2100D", person("QC", family, given, "MI", claim.member_id or NOT_SENT))
    segments = [_claim_status(status, claim, on) for status in statuses]
    number = next((status.control_number for status in statuses if status.control_number), "")
    references = [["REF", "1K", number]] if number else []
    references += [["REF", "D9", claim.clearinghouse_number]] if claim.clearinghouse_number else []
    days = _days(claim.service_on, claim.service_through_on)
    nest(patient, "2200D", ["TRN", "2", claim.patient_control_number], *segments, *references, days)


def _claim_status(status: ClaimStatus, claim: Claim, on: str) -> list[str]:
    composite = ":".join(filter(None, (status.category, status.status, status.entity)))
    return ["STC", composite, on, "WQ" if status.accepted else "U", _amount(claim.charge_cents)]


def _days(first: date, last: date) -> list[str]:
    if first == last:
        return ["DTP", "472", "D8", f"{first:%Y%m%d}"]
    return ["DTP", "472", "RD8", f"{first:%Y%m%d}-{last:%Y%m%d}"]


def _amount(cents: int) -> str:
    return format(to_decimal(cents).normalize(), "f")
