"""
The gates of adjudication, in their order; a line stops at the first that refuses it.

Gates 1 to 10 of the order of adjudication (docs: payer); pricing comes after.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from revcycle_sandbox.claims import Line
from revcycle_sandbox.payer.case import Case, Refusal
from revcycle_sandbox.payer.code_gates import bundling, code_validity, necessity, units_a_day

Gate = Callable[[Case, Line], Refusal | None]

MEDICARE: Final = "medicare"


def covered(case: Case, line: Line) -> Refusal | None:
    """Gate 1: covered on the day. The member was found before the lines were looked at."""
    if case.member is None or case.book.span(case.member, line.service_on, case.on):
        return None
    begun = any(span.begins_on <= line.service_on for span in case.member.spans)
    return Refusal(gate="covered", group=case.payer.ended_group, carc="27" if begun else "26")


def duplicate(case: Case, line: Line) -> Refusal | None:
    """Gate 2: the same service was decided before and stands."""
    for number, decided, claim in case.book.same_day(case.claim.person, line.service_on):
        before = decided.line
        if number == case.record.control_number or claim.kind != case.claim.kind:
            continue
        same = (before.code, sorted(before.modifiers)) == (line.code, sorted(line.modifiers))
        if same and claim.billing_npi == case.claim.billing_npi and claim.rank == case.claim.rank:
            return Refusal(gate="duplicate", group="OA", carc="18", remarks=("N522",))
    return None


def timely(case: Case, line: Line) -> Refusal | None:
    """Gate 3: received in time. Corrections of a claim that was in time are in time."""
    if case.book.enroll_unknown or case.record.replaces is not None:
        return None
    if case.record.received_at.date() <= filing_deadline(case, line):
        return None
    remarks = ("N211",) if case.payer.kind == MEDICARE else ()
    return Refusal(gate="timely", group="CO", carc="29", remarks=remarks)


def filing_deadline(case: Case, line: Line) -> date:
    """Give the last day for receipt: from service, or from the earlier payer's decision."""
    decided = [payment.decided_on for payment in case.claim.prior + line.prior if payment.decided_on]
    if decided:
        return max(decided) + timedelta(days=case.payer.secondary_filing_days)
    start = case.claim.service_through_on if case.claim.kind == "I" else line.service_on
    return start + timedelta(days=case.payer.timely_filing_days)


def other_payer_first(case: Case, line: Line) -> Refusal | None:
    """Gate 4: a payer that comes first has not decided yet."""
    first = case.member.pays_after if case.member else None
    if first is None or case.coordinated or line.service_on < first.since:
        return None
    remarks = ("MA92",) if case.payer.kind == MEDICARE else ()
    return Refusal(gate="other_payer_first", group="CO", carc="22", remarks=remarks)


def provider_enrolled(case: Case, line: Line) -> Refusal | None:
    """Gate 5: the clinician is credentialed on the day."""
    npi = line.rendering_npi or case.claim.rendering_npi or case.claim.billing_npi
    if case.book.enrolled(npi, line.service_on):
        return None
    return Refusal(gate="provider_enrolled", group="CO", carc="B7", remarks=("N570",))


def authorization(case: Case, line: Line) -> Refusal | None:
    """Gate 6: an authorization where the plan wants one, with units left. A secondary follows the primary."""
    if case.plan is None or line.code not in case.plan.authorization_codes or case.coordinated:
        return None
    found = case.book.authorization_for(case.claim, line)
    if found is None:
        return Refusal(gate="authorization", group="CO", carc="197")
    if found.units < line.units:
        return Refusal(gate="authorization", group="CO", carc="198")
    return None


def benefit(case: Case, line: Line) -> Refusal | None:
    """Gate 7: the plan covers the service, within its limits."""
    plan = case.plan
    if plan is None:
        return None
    if line.code in plan.not_covered:
        remarks = ("N130",) if plan.not_covered_carc == "96" else ()
        return Refusal(gate="benefit", group="PR", carc=plan.not_covered_carc, remarks=remarks)
    limit = plan.limits.get(line.code)
    if limit is None:
        return None
    used = case.book.units_used(case.claim.person, line.code, line.service_on.year)
    if used + case.units.get(line.code, 0) + line.units <= limit:
        return None
    return Refusal(gate="limit", group="PR", carc="119")


def information(case: Case, line: Line) -> Refusal | None:
    """Gate 10: nothing is missing, and no records are wanted."""
    unspecified = line.diagnoses and all(code in case.payer.unspecified for code in line.diagnoses)
    if not line.diagnoses or unspecified:
        return Refusal(gate="information", group="CO", carc="16", remarks=("M76",))
    if case.records_wanted:
        return Refusal(gate="records", group="CO", carc="252", remarks=("N706",))
    return None


def mistaken(case: Case, line: Line) -> Refusal | None:
    """Last: what the payer refuses wrongly."""
    mistake = case.mistakes.get(line.number)
    if mistake is None or mistake.does != "deny":
        return None
    return Refusal(gate="mistake", group=mistake.group, carc=mistake.carc, remarks=mistake.remarks)


GATES: Final[tuple[Gate, ...]] = (
    covered,
    duplicate,
    timely,
    other_payer_first,
    provider_enrolled,
    authorization,
    benefit,
    code_validity,
    units_a_day,
    bundling,
    necessity,
    information,
    mistaken,
)


def first_refusal(case: Case, line: Line) -> Refusal | None:
    """Take the line through the gates."""
    for gate in GATES:
        refusal = gate(case, line)
        if refusal is not None and not case.waives(refusal.gate, line):
            return refusal
    return None
