"""
What a payer answers when asked: is this person covered, what became of this claim, may this be done.

An answer depends on the state that the last step left, and on the question alone: answering changes nothing. What is
agreed to, or pended, is filed with the next step.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from revcycle_sandbox import truth
from revcycle_sandbox.claims import Decision
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.payer.book import UNKNOWN_BIRTH, Authorization, Book, Record
from revcycle_sandbox.payer.news import ClaimStatus
from revcycle_sandbox.payer.office import Office
from revcycle_sandbox.world import Member, Plan, Span

UNABLE_NOW: Final = "42"
UNABLE: Final = 100
"""Basis points of inquiries answered with AAA 42: ask again."""
AUTHORIZATION_DAYS: Final = 180
PENDED: Final = 1_000
REFUSED: Final = 600
FIRST_STATUS_DAYS: Final = 3


class Inquiry(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a 270 or 278 is about. For a dependent the member id is the subscriber's."""

    member_id: str
    family: str = ""
    given: str = ""
    birth_on: date | None = None
    patient_given: str = ""
    patient_birth_on: date | None = None
    dependent: bool = False

    @property
    def person(self) -> str:
        """Who of the members under one id is meant, as claims name them."""
        born = self.patient_birth_on if self.dependent else self.birth_on
        return f"{self.member_id}|{born or ''}"


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What a 271 says."""

    rejection: str = ""
    """AAA03; empty when the person was found."""
    about_dependent: bool = False
    member: Member | None = None
    span: Span | None = None
    """None: known, but not covered on the day."""
    plan: Plan | None = None
    deductible_left_cents: int = 0
    out_of_pocket_left_cents: int | None = None


def unable_now(office: Office, draws: Draws, inquiry: Inquiry, at: datetime) -> bool:
    """Tell whether the payer's system is down for this question, this hour."""
    if office.payer.behaviour.acknowledge_exactly:
        return False
    return draws.chance(UNABLE, "unable", office.payer.code, inquiry.person, at.strftime("%Y%m%d%H"))


def verify(book: Book, inquiry: Inquiry, on: date, today: date) -> Verification:
    """Look a person up and say what is covered on a day, as known today."""
    member = book.member_by_id(inquiry.member_id) if inquiry.member_id else _by_name(book, inquiry)
    if member is None and book.enroll_unknown and (inquiry.member_id or inquiry.family):
        number = inquiry.member_id or book.number_for(inquiry.family, inquiry.given, inquiry.birth_on)
        member = book.welcomed(number, inquiry.family, inquiry.given, inquiry.birth_on)
    rejection = "" if member is not None and book.enroll_unknown else _mismatch(member, inquiry)
    if member is None or rejection:
        dependent = inquiry.dependent and rejection == "67"
        return Verification(rejection=rejection, about_dependent=dependent)
    span = book.span(member, on, today)
    plan = book.plans.get(span.plan) if span else None
    if span is None or plan is None:
        return Verification(member=member)
    used = book.used(_person(member, inquiry), member, on.year)
    cap = plan.out_of_pocket_cents
    return Verification(
        member=member,
        span=span,
        plan=plan,
        deductible_left_cents=max(0, plan.deductible_cents - used["deductible"]),
        out_of_pocket_left_cents=None if cap is None else max(0, cap - used["out_of_pocket"]),
    )


def _person(member: Member, inquiry: Inquiry) -> str:
    born = inquiry.patient_birth_on if inquiry.dependent else member.birth_on
    return f"{inquiry.member_id or member.member_id}|{born or ''}"


def _by_name(book: Book, inquiry: Inquiry) -> Member | None:
    """Find somebody without an id: by name and birth date together; the name alone where everybody is welcome."""
    born = inquiry.birth_on or (UNKNOWN_BIRTH if book.enroll_unknown else None)
    if not (inquiry.family and born):
        return None
    return book.member_by_name(inquiry.family, inquiry.given, born)


def _mismatch(member: Member | None, inquiry: Inquiry) -> str:
    """Give the AAA03 for what does not fit: 72 id, 75 not found, 71 birth date, 73 name, 67 dependent."""
    if member is None:
        return "72" if inquiry.member_id else "75"
    if inquiry.birth_on is not None and inquiry.birth_on != member.birth_on:
        return "71"
    if inquiry.family and inquiry.family.upper() != member.family.upper():
        return "73"
    dependents = [born for _given, born in member.dependents]
    if inquiry.dependent and dependents and inquiry.patient_birth_on not in dependents:
        return "67"
    return ""


class StatusAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a 277 says of one claim."""

    status: ClaimStatus
    record: Record | None = None
    paid_cents: int = 0
    on: date | None = None
    decision: Decision | None = None


def status(book: Book, patient_control: str, payer_control: str, at: datetime) -> StatusAnswer:
    """Tell what became of a claim: A4 not found (also for three days), P1 pending, F1 paid, F2 denied, F0 other."""
    known = book.by_patient_control.get(patient_control.upper(), [])
    record = book.records.get(payer_control) or (known[-1] if known else None)
    if record is None or (record.decision is None and at - record.received_at < timedelta(days=FIRST_STATUS_DAYS)):
        return StatusAnswer(status=ClaimStatus(category="A4", status="35"))
    decision, paid_at = record.decision, record.paid_at
    if decision is None or paid_at is None or paid_at > at:
        return StatusAnswer(status=ClaimStatus(category="P1", status="20"), record=record, on=at.date())
    refused = all(line.refused_by for line in decision.lines)
    found = ("F1", "65") if decision.paid_cents else ("F2", "585") if refused else ("F0", "1")
    answer = ClaimStatus(category=found[0], status=found[1], control_number=record.control_number)
    on = decision.decided_on
    return StatusAnswer(status=answer, record=record, paid_cents=decision.paid_cents, on=on, decision=decision)


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What a 278 answers: HCR01 and, where certified, the number and its days."""

    action: str
    """A1 certified, A3 refused, A4 pended, NA not required; empty with a rejection."""
    rejection: str = ""
    number: str = ""
    reason: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    units: Decimal = Decimal(0)


def review(  # noqa: PLR0917 - what a 278 says
    office: Office, draws: Draws, inquiry: Inquiry, services: dict[str, Decimal], on: date, at: datetime
) -> Review:
    """Decide on services asked for; asking the same again gives the same answer, once it is decided."""
    found = verify(office.book, inquiry, on, at.date())
    if found.rejection or found.plan is None:
        return Review(action="", rejection=found.rejection or "95")
    wanted = [code for code in services if code in found.plan.authorization_codes]
    if not wanted:
        return Review(action="NA")
    member_id = inquiry.member_id
    key = (office.payer.code, inquiry.person, "|".join(sorted(wanted)), str(on))
    exactly = office.payer.behaviour.acknowledge_exactly
    if not exactly and draws.chance(REFUSED, "refused", *key) and not _agreed(draws, member_id, wanted, on):
        return Review(action="A3", reason="0Y")
    if not exactly and draws.chance(PENDED, "pended", *key) and not _second_time(office, key, at):
        return Review(action="A4", reason="0U")
    return _certify(office, draws, inquiry, services, on, key)


def _agreed(draws: Draws, member_id: str, codes: list[str], on: date) -> bool:
    return all(truth.authorizable(draws, member_id, code, on) for code in codes)


def _second_time(office: Office, key: tuple[str, ...], at: datetime) -> bool:
    """Tell whether the same was asked at least half a day before."""
    first = office.reviews.pended.get(key, at)
    office.reviews.pend(key, at)
    return at - first >= timedelta(hours=12)


def _certify(  # noqa: PLR0917 - an authorization has these parts
    office: Office, draws: Draws, inquiry: Inquiry, services: dict[str, Decimal], on: date, key: tuple[str, ...]
) -> Review:
    number = "A" + draws.digits(9, "authorization", *key)
    ends = on + timedelta(days=AUTHORIZATION_DAYS)
    usual = office.payer.units_max
    units = sum((max(asked_for, Decimal(usual.get(code, 0))) for code, asked_for in services.items()), Decimal(0))
    agreed = Authorization(
        number=number,
        person=inquiry.person,
        codes=tuple(services),
        begins_on=on - timedelta(days=1),
        ends_on=ends,
        units=units,
    )
    known = office.book.authorizations.get(number, agreed)
    office.reviews.agree(agreed)
    return Review(action="A1", number=number, begins_on=known.begins_on, ends_on=ends, units=known.units)
