"""The eligibility inquiry (270) and its answer (271), 005010X279A1."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from eligibility.domain.people import Person as People
from eligibility.domain.verification import Answer, Benefit, BenefitKind, Rejection
from eligibility.edi.envelope import Parties, envelope, gender, naive, originator, plain, trace_of
from eligibility.messages.effects import AskPayer, PayeeAsking
from revcycle_x12 import write
from revcycle_x12.eligibility import Benefit as SaidBenefit
from revcycle_x12.eligibility import (
    CoveredDependent,
    CoveredSubscriber,
    Dated,
    Dependent,
    EligibilityInquiry,
    EligibilityResponse,
    Inquiry,
    Payer,
    Person,
    Provider,
    Receiver,
    Source,
    Subscriber,
)

_KINDS: dict[str, BenefitKind] = {
    "B": "copay",
    "A": "coinsurance",
    "C": "deductible",
    "G": "out_of_pocket",
    "F": "limit",
    "I": "not_covered",
}
_LEFT: dict[str, BenefitKind] = {"deductible": "deductible_left", "out_of_pocket": "out_of_pocket_left"}
_REMAINING = {"29", "33"}
_BENEFITS_MAX = 200
_RELATIONSHIPS = {"01", "19"}
"""What INS02 of a 270 may say; any other relationship is sent as 34, other adult."""


def write_inquiry(question: AskPayer, key: str, parties: Parties) -> bytes:
    """Write the interchange that asks one payer about one member."""
    inquiry = EligibilityInquiry(
        reference=trace_of(key),
        created_at=naive(question.asked_at),
        sources=[
            Source(
                payer=Payer(last_name=plain(question.payer_name, 60) or "PAYER", id=plain(question.payer_code, 80)),
                receivers=[
                    Receiver(provider=provider(question.payee), subscribers=[_subscriber(question, key)]),
                ],
            )
        ],
    )
    return write(envelope(key, question.asked_at, parties), [inquiry])


def provider(payee: PayeeAsking) -> Provider:
    """Return who asks."""
    return Provider(last_name=plain(payee.name, 60) or "PROVIDER", id_qualifier="XX", id=payee.npi)


def _subscriber(question: AskPayer, key: str) -> Subscriber:
    member = question.member
    ask = Inquiry(service_types=list(question.service_types))
    told = person(member.subscriber, member.member_id)
    if member.patient is None:
        told.dates = [Dated("291", question.service_on, question.service_on)]
        return Subscriber(
            trace=trace_of(key), trace_originator=originator(question.payee), person=told, inquiries=[ask]
        )
    patient = person(member.patient, "")
    patient.relationship = member.relationship if member.relationship in _RELATIONSHIPS else "34"
    patient.dates = [Dated("291", question.service_on, question.service_on)]
    dependent = Dependent(
        trace=trace_of(key), trace_originator=originator(question.payee), person=patient, inquiries=[ask]
    )
    return Subscriber(person=told, dependents=[dependent])


def person(told: People, member_id: str) -> Person:
    """Return a member as X12 names one."""
    named = Person(last_name=plain(told.family, 60), first_name=plain(told.given, 35))
    if member_id:
        named.id_qualifier, named.id = "MI", plain(member_id, 80)
    if told.birth_on is not None:
        named.born_on = told.birth_on
    if (sex := gender(told.sex)) is not None:
        named.gender = sex
    return named


def read_answer(content: bytes) -> Answer:
    """
    Read a 271.

    Raises X12Error for what is no interchange; an interchange without a 271 (a TA1 or 999: our inquiry was
    refused as such) is an answer that rejects the inquiry.
    """
    found = [response for response in EligibilityResponse.load(content) if response.sources]
    if not found:
        return Answer(rejections=(Rejection(code="33"),))
    response = found[0]
    rejections = tuple(Rejection(code=str(row.reason), follow_up=str(row.follow_up)) for row in response.rejections)
    members = [
        member for source in response.sources for receiver in source.receivers for member in receiver.subscribers
    ]
    if not members:
        return Answer(rejections=rejections or (Rejection(code="33"),))
    subscriber = members[0]
    covered = subscriber.dependents[0] if subscriber.dependents else subscriber
    return _answer(subscriber, covered, rejections)


def _answer(
    subscriber: CoveredSubscriber, covered: CoveredSubscriber | CoveredDependent, rejections: tuple[Rejection, ...]
) -> Answer:
    said = list(covered.benefits)
    begins_on, ends_on = _plan_dates(subscriber, covered)
    return Answer(
        active=_active(said),
        plan_begins_on=begins_on,
        plan_ends_on=ends_on,
        benefits=_benefits(said),
        authorization_required=_authorization(said),
        rejections=rejections,
        other_payer=any(str(each.information) == "R" for each in said),
        member_id=subscriber.person.id,
        group_number=subscriber.person.reference("6P"),
        trace=covered.trace or subscriber.trace,
    )


def _active(said: Sequence[SaidBenefit]) -> bool | None:
    """Decide from the plan as a whole (service type 30) if the payer speaks of it, else from any statement."""
    whole = [each for each in said if "30" in each.service_types or not each.service_types] or list(said)
    if any(each.information.is_active for each in whole):
        return True
    return False if any(each.information.is_inactive for each in whole) else None


def _plan_dates(
    subscriber: CoveredSubscriber, covered: CoveredSubscriber | CoveredDependent
) -> tuple[date | None, date | None]:
    for person_said in (covered.person, subscriber.person):
        spoken = person_said.period_of("291", "307")
        begin, end = person_said.period_of("346", "356"), person_said.period_of("347", "357")
        if spoken and spoken[0] != spoken[1]:
            return spoken
        if begin or end:
            return begin[0] if begin else None, end[1] if end else None
    return None, None


def _benefits(said: Sequence[SaidBenefit]) -> tuple[Benefit, ...]:
    individual = {str(each.information) for each in said if str(each.coverage_level or "") == "IND"}
    told: list[Benefit] = []
    for each in said:
        code = str(each.information)
        kind = _KINDS.get(code)
        if kind is None or (str(each.coverage_level or "") == "FAM" and code in individual):
            continue
        period = str(each.period or "")
        kind = _LEFT.get(kind, kind) if period in _REMAINING else kind
        told += [_benefit(each, kind, period, service_type) for service_type in each.service_types or ["30"]]
    return tuple(told[:_BENEFITS_MAX])


def _benefit(said: SaidBenefit, kind: BenefitKind, period: str, service_type: str) -> Benefit:
    percent: Decimal | None = said.percent
    return Benefit(
        service_type=service_type,
        kind=kind,
        amount_cents=said.amount_cents,
        percent_basis_points=int(percent * 100) if percent is not None else None,
        period=period,
        in_network={"Y": True, "W": True, "N": False}.get(said.in_network),
    )


def _authorization(said: Sequence[SaidBenefit]) -> bool | None:
    told = {each.authorization_required for each in said}
    return True if "Y" in told else False if "N" in told else None
