"""What a payer remembers: members, accumulators, authorizations, claim history, limits."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final

import msgspec

from revcycle_sandbox.behaviour import Match
from revcycle_sandbox.claims import Claim, Decision, Line, LineDecision
from revcycle_sandbox.world import Enrollment, Member, Payer, Plan, Span


class Authorization(msgspec.Struct, kw_only=True):
    """Services agreed to in advance, with the units left."""

    number: str
    person: str
    codes: tuple[str, ...]
    begins_on: date
    ends_on: date
    units: Decimal


UNKNOWN_BIRTH: Final = date(1900, 1, 1)
_DIGITS: Final = ("123456789", *["0123456789"] * 9)
_LETTERS: Final = "ACDEFGHJKMNPQRTUVWXY"
_MBI: Final = tuple({"C": "123456789", "A": _LETTERS, "N": "0123456789"}[kind] for kind in "CANNANNAANN")
"""What each place of a Medicare number may be (CMS): no letters S, L, O, I, B, Z."""


@dataclass(slots=True)
class Record:
    """One claim in the payer's files, with the decision in force."""

    claim: Claim
    control_number: str
    received_at: datetime
    nth: int
    """The how-manieth claim with this patient control number."""
    rules: tuple[Match, ...] = ()
    """Stated behaviour that this claim meets."""
    decision: Decision | None = None
    closed: bool = False
    """Replaced, voided or lost: it is not decided any more."""
    waived: set[tuple[str, int]] = field(default_factory=set)
    """(gate, line number) that an appeal opened; line 0 is every line."""
    corrected: bool = False
    """True: the payer's own mistakes are not made again."""
    replaces: "Record | None" = None
    forwarded: bool = False
    paid_at: datetime | None = None


Purse = dict[str, int]
"""Used of a person's year: deductible, out_of_pocket."""


class Book:
    """The memory of one payer. Decisions are applied and undone; nothing else changes it."""

    def __init__(self, payer: Payer, plans: dict[str, Plan], *, enroll_unknown: bool = False) -> None:
        self.payer = payer
        self.plans = plans
        self.enroll_unknown = enroll_unknown
        self.members: dict[str, Member] = {}
        self._names: dict[tuple[str, str, date], Member] = {}
        self.enrollments: dict[str, list[Enrollment]] = defaultdict(list)
        self.authorizations: dict[str, Authorization] = {}
        self.records: dict[str, Record] = {}
        self.by_patient_control: dict[str, list[Record]] = defaultdict(list)
        self.accepted: dict[tuple[str, str, date], datetime] = {}
        """First acceptance (A2) by person, billing NPI and service date: proof of timely filing."""
        self._purses: dict[tuple[str, int], Purse] = {}
        self._services: dict[tuple[str, date], list[tuple[str, LineDecision, Claim]]] = defaultdict(list)
        self._units: dict[tuple[str, str, int], Decimal] = defaultdict(Decimal)

    def member(self, claim: Claim) -> Member | None:
        """Find the member, or enroll one under the default plan where everybody is welcome."""
        found = self.member_by_id(claim.member_id)
        if found is not None or not self.enroll_unknown:
            return found
        return self.enroll_person(
            claim.member_id, claim.subscriber_family, claim.subscriber_given, claim.subscriber_birth_on
        )

    def member_by_id(self, member_id: str) -> Member | None:
        return self.members.get(member_id.upper())

    def enroll(self, member: Member) -> None:
        """Take a member in."""
        self.members[member.member_id.upper()] = member
        self._names[_name(member.family, member.given, member.birth_on)] = member

    def member_by_name(self, family: str, given: str, birth_on: date) -> Member | None:
        """Find a member by name and birth date."""
        return self._names.get(_name(family, given, birth_on))

    def span(self, member: Member, on: date, known_on: date) -> Span | None:
        """Find the span that covers a day, as the payer knew it on another."""
        return next((span for span in member.spans if covers(span, on, known_on)), None)

    def purse(self, person: str, member: Member, year: int) -> Purse:
        """Give what is used of the person's year; a member's opening balances count for its first year seen."""
        purse = self._purses.get((person, year))
        if purse is None:
            purse = self._purses[person, year] = _unopened(member)
        return purse

    def used(self, person: str, member: Member, year: int) -> Purse:
        """Tell what is used of the person's year; telling it opens no purse."""
        return self._purses.get((person, year)) or _unopened(member)

    def same_day(self, person: str, on: date) -> list[tuple[str, LineDecision, Claim]]:
        """Lines decided for a person and day that stand: control number, decision, claim."""
        return self._services.get((person, on), [])

    def units_used(self, person: str, code: str, year: int) -> Decimal:
        return self._units.get((person, code, year), Decimal(0))

    def apply(self, record: Record, decision: Decision) -> None:
        """Let a decision count: accumulators, limits, authorizations, history."""
        record.decision = decision
        person = decision.claim.person
        for decided in decision.lines:
            self._count(decision.claim, person, decided, 1)
            if "MA130" not in decision.remarks:
                key = (person, decided.line.service_on)
                self._services[key].append((decision.control_number, decided, decision.claim))

    def undo(self, record: Record) -> None:
        """Take everything back that the decision in force had counted."""
        decision = record.decision
        if decision is None:
            return
        person = decision.claim.person
        for decided in decision.lines:
            self._count(decision.claim, person, decided, -1)
            key = (person, decided.line.service_on)
            kept = [each for each in self._services.get(key, []) if each[0] != decision.control_number]
            self._services[key] = kept
        record.decision = None

    def _count(self, claim: Claim, person: str, decided: LineDecision, sign: int) -> None:
        if decided.refused_by or claim.coordinated:
            return
        line, year = decided.line, decided.line.service_on.year
        purse = self._purses.get((person, year))
        if purse is not None:
            purse["deductible"] += sign * _patient(decided, ("1",))
            purse["out_of_pocket"] += sign * _patient(decided, ("1", "2", "3"))
        self._units[person, line.code, year] += sign * line.units
        authorization = self.authorizations.get(line.authorization or claim.authorization)
        if authorization is not None and line.code in authorization.codes:
            authorization.units -= sign * line.units

    def enrolled(self, npi: str, on: date) -> bool:
        """Tell whether a clinician is credentialed on a day; without any enrollment on file, yes."""
        known = self.enrollments.get(npi)
        return not known or any(
            each.effective_on <= on and (each.ends_on is None or on <= each.ends_on) for each in known
        )

    def authorization_for(self, claim: Claim, line: Line) -> Authorization | None:
        """Find the authorization that the claim names, if it is for this person, code and day."""
        found = self.authorizations.get(line.authorization or claim.authorization)
        if found is None or found.person != claim.person or line.code not in found.codes:
            return None
        return found if found.begins_on <= line.service_on <= found.ends_on else None

    def number_for(self, family: str, given: str, birth_on: date | None) -> str:
        """Give the member number of somebody who comes without one: the same person has the same number."""
        return member_number(self.payer.kind, f"{self.payer.code}|{_name(family, given, birth_on or UNKNOWN_BIRTH)}")

    def enroll_person(self, member_id: str, family: str, given: str, birth_on: date | None) -> Member:
        """Take somebody in who was unknown, under the payer's first plan."""
        member = self.welcomed(member_id, family, given, birth_on)
        self.enroll(member)
        return member

    def welcomed(self, member_id: str, family: str, given: str, birth_on: date | None) -> Member:
        """Return who somebody unknown would be as a member: under the payer's first plan, since ever."""
        plan = next(plan.code for plan in self.plans.values() if plan.payer == self.payer.code)
        return Member(
            member_id=member_id,
            payer=self.payer.code,
            family=family,
            given=given,
            birth_on=birth_on or UNKNOWN_BIRTH,
            spans=(Span(plan=plan, begins_on=date.min),),
        )


def member_number(kind: str, seed: str) -> str:
    """Give somebody a member number that depends on who it is: for Medicare in the pattern of an MBI, else digits."""
    drawn = int.from_bytes(sha256(seed.encode()).digest(), "big")
    number = []
    for place in _MBI if kind == "medicare" else _DIGITS:
        drawn, chosen = divmod(drawn, len(place))
        number.append(place[chosen])
    return "".join(number)


def _unopened(member: Member) -> Purse:
    return {"deductible": member.deductible_used_cents, "out_of_pocket": member.out_of_pocket_used_cents}


def _name(family: str, given: str, birth_on: date) -> tuple[str, str, date]:
    return family.upper(), given.upper(), birth_on


def covers(span: Span, on: date, known_on: date) -> bool:
    """Tell whether a span includes a day; an end that is not known yet is none."""
    ended = span.ends_on is not None and (span.end_known_on is None or span.end_known_on <= known_on)
    return span.begins_on <= on and not (ended and span.ends_on is not None and on > span.ends_on)


def _patient(decided: LineDecision, carcs: tuple[str, ...]) -> int:
    return sum(
        adjustment.amount_cents
        for adjustment in decided.adjustments
        if adjustment.group == "PR" and adjustment.carc in carcs
    )
