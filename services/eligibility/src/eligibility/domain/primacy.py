"""
Which payer pays first.

NAIC Coordination of Benefits Model Regulation for private plans; Medicare Secondary Payer rules (42 CFR 411);
Medicaid is the payer of last resort (42 CFR 433.139). The rule that decided is named with its reason.
"""

from collections.abc import Callable
from datetime import date
from functools import cmp_to_key
from uuid import UUID

from eligibility.domain.directory import PayerKind
from revcycle_kit.values import Value

WORKING_AGED = 65


class Contender(Value, kw_only=True):
    """One coverage, with what decides its rank. `sent_order` is the sender's own order, from 1."""

    coverage_id: UUID
    kind: PayerKind
    relationship: str = "18"
    subscriber_birth_on: date | None = None
    begins_on: date | None = None
    sent_order: int = 1
    active_employment: bool | None = None
    """Whether the subscriber works for the plan's employer now; None: nobody said."""
    employer_size: int | None = None


class CoverageOrder(Value, kw_only=True):
    """The coverages in the order in which payers are asked, and the rule that put the first one first."""

    coverage_ids: tuple[UUID, ...]
    rule: str
    reason: str


Verdict = tuple[int, str, str]
Rule = Callable[[Contender, Contender, "Patient"], Verdict | None]


class Patient(Value, kw_only=True):
    """What the rules ask of the patient."""

    birth_on: date | None = None
    service_on: date | None = None

    @property
    def age(self) -> int | None:
        if self.birth_on is None or self.service_on is None:
            return None
        before = (self.service_on.month, self.service_on.day) < (self.birth_on.month, self.birth_on.day)
        return self.service_on.year - self.birth_on.year - before


def decide_order(coverages: list[Contender], patient: Patient) -> CoverageOrder:
    """Put coverages in order; the rule named is the one that set the first apart from the second."""
    if not coverages:
        return CoverageOrder(coverage_ids=(), rule="none", reason="There is no coverage: the patient pays.")

    def compare(coverage: Contender, other: Contender) -> int:
        return _compare(coverage, other, patient)[0]

    ranked = sorted(coverages, key=cmp_to_key(compare))
    ids = tuple(coverage.coverage_id for coverage in ranked)
    if len(ranked) == 1:
        return CoverageOrder(coverage_ids=ids, rule="only_one", reason="There is one coverage only.")
    _, rule, reason = _compare(ranked[0], ranked[1], patient)
    return CoverageOrder(coverage_ids=ids, rule=rule, reason=reason)


def _compare(coverage: Contender, other: Contender, patient: Patient) -> Verdict:
    for rule in _RULES:
        verdict = rule(coverage, other, patient) or _mirrored(rule(other, coverage, patient))
        if verdict is not None:
            return verdict
    sign = -1 if (coverage.sent_order, coverage.coverage_id) < (other.sent_order, other.coverage_id) else 1
    return sign, "sender_order", "No rule tells them apart: the order the registration sent is kept."


def _mirrored(verdict: Verdict | None) -> Verdict | None:
    return (-verdict[0], verdict[1], verdict[2]) if verdict else None


def _accident(coverage: Contender, other: Contender, _: Patient) -> Verdict | None:
    accident = {"workers_compensation", "auto"}
    if coverage.kind in accident and other.kind not in accident:
        return -1, "accident_first", "Workers' compensation and no-fault insurance pay before health insurance."
    return None


def _medicaid(coverage: Contender, other: Contender, _: Patient) -> Verdict | None:
    if coverage.kind != "medicaid" and other.kind == "medicaid":
        return -1, "medicaid_last", "Medicaid is the payer of last resort (42 CFR 433.139)."
    return None


def _medigap(coverage: Contender, other: Contender, _: Patient) -> Verdict | None:
    if other.kind == "medigap" and coverage.kind != "medigap":
        return -1, "medigap_supplements", "A Medigap plan pays what Medicare leaves; it is never first."
    return None


def _medicare(coverage: Contender, other: Contender, patient: Patient) -> Verdict | None:
    if coverage.kind not in {"medicare", "medicare_advantage"} or other.kind not in {"commercial", "other"}:
        return None
    if other.active_employment is None:
        return None
    size, aged = other.employer_size or 0, (patient.age or 0) >= WORKING_AGED
    needed = 20 if aged else 100
    if other.active_employment and size >= needed:
        which = "working aged" if aged else "disability"
        return 1, "msp_group_first", f"A group plan of {needed} or more employees pays before Medicare ({which}, MSP)."
    return -1, "medicare_first", "Medicare pays before a plan that is not a large group plan of current employment."


def _non_dependent(coverage: Contender, other: Contender, _: Patient) -> Verdict | None:
    private = {"commercial", "other", "medicaid"}
    if coverage.kind not in private or other.kind not in private:
        return None  # Medicare and its supplements have rules of their own
    if coverage.relationship == "18" and other.relationship != "18":
        return -1, "non_dependent_first", "The plan that covers the patient as subscriber pays before one as dependent."
    return None


def _birthday(coverage: Contender, other: Contender, _: Patient) -> Verdict | None:
    if coverage.relationship != "19" or other.relationship != "19":
        return None
    first, second = coverage.subscriber_birth_on, other.subscriber_birth_on
    if first is None or second is None or (first.month, first.day) >= (second.month, second.day):
        return None
    return -1, "birthday", "Both parents cover the child: the plan of the one whose birthday comes first pays first."


def _active(coverage: Contender, other: Contender, _: Patient) -> Verdict | None:
    if coverage.active_employment and other.active_employment is False:
        return -1, "active_first", "A plan of current employment pays before one of retirement or COBRA."
    return None


def _longer(coverage: Contender, other: Contender, _: Patient) -> Verdict | None:
    private = {"commercial", "other"}
    if coverage.kind not in private or other.kind not in private or not (coverage.begins_on and other.begins_on):
        return None
    if coverage.sent_order != other.sent_order:
        return None  # registration asked the patient; a plan's begin date is often only its last renewal
    if coverage.begins_on < other.begins_on:
        return -1, "longer_coverage", "The plan that has covered the person longer pays first."
    return None


_RULES: tuple[Rule, ...] = (_accident, _medicaid, _medigap, _medicare, _non_dependent, _birthday, _active, _longer)
