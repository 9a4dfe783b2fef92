"""The eligibility inquiry (270) and its answer (271), 005010X279A1."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from eligibility.domain.people import Person as People
from eligibility.domain.verification import Benefit, BenefitKind, CoverageResponse, Rejection
from eligibility.edi.envelope import Parties, envelope, gender, naive, originator, plain, trace_of
from eligibility.messages.effects import Requester, SendInquiry
from revcycle_kit.money import Cents
from revcycle_x12 import ElementError, write
from revcycle_x12.eligibility import Benefit as X12Benefit
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


def write_inquiry(effect: SendInquiry, key: str, parties: Parties) -> bytes:
    """Write the interchange that asks one payer about one member."""
    inquiry = EligibilityInquiry(
        reference=trace_of(key),
        created_at=naive(effect.asked_at),
        sources=[
            Source(
                payer=Payer(last_name=plain(effect.payer_name, 60) or "PAYER", id=plain(effect.payer_code, 80)),
                receivers=[
                    Receiver(provider=provider(effect.payee), subscribers=[_subscriber(effect, key)]),
                ],
            )
        ],
    )
    return write(envelope(key, effect.asked_at, parties), [inquiry])


def provider(payee: Requester) -> Provider:
    """Return who asks."""
    return Provider(last_name=plain(payee.name, 60) or "PROVIDER", id_qualifier="XX", id=payee.npi)


def _subscriber(effect: SendInquiry, key: str) -> Subscriber:
    member = effect.member
    inquiry = Inquiry(service_types=list(effect.service_types))
    subscriber = person(member.subscriber, member.member_id)
    if member.patient is None:
        subscriber.dates = [Dated("291", effect.service_on, effect.service_on)]
        return Subscriber(
            trace=trace_of(key), trace_originator=originator(effect.payee), person=subscriber, inquiries=[inquiry]
        )
    patient = person(member.patient, "")
    patient.relationship = member.relationship if member.relationship in _RELATIONSHIPS else "34"
    patient.dates = [Dated("291", effect.service_on, effect.service_on)]
    dependent = Dependent(
        trace=trace_of(key), trace_originator=originator(effect.payee), person=patient, inquiries=[inquiry]
    )
    return Subscriber(person=subscriber, dependents=[dependent])


def person(member: People, member_id: str) -> Person:
    """Return a member as X12 names one."""
    x12_person = Person(last_name=plain(member.family, 60), first_name=plain(member.given, 35))
    if member_id:
        x12_person.id_qualifier, x12_person.id = "MI", plain(member_id, 80)
    if member.birth_on is not None:
        x12_person.born_on = member.birth_on
    if (sex := gender(member.sex)) is not None:
        x12_person.gender = sex
    return x12_person


def read_response(content: bytes) -> CoverageResponse:
    """
    Read a 271.

    Raises X12Error for what is no interchange; an interchange without a 271 (a TA1 or 999: our inquiry was
    refused as such) is an answer that rejects the inquiry.
    """
    responses = [response for response in EligibilityResponse.load(content) if response.sources]
    if not responses:
        return CoverageResponse(rejections=(Rejection(code="33"),))
    response = responses[0]
    rejections = tuple(Rejection(code=str(row.reason), follow_up=str(row.follow_up)) for row in response.rejections)
    members = [
        member for source in response.sources for receiver in source.receivers for member in receiver.subscribers
    ]
    if not members:
        return CoverageResponse(rejections=rejections or (Rejection(code="33"),))
    subscriber = members[0]
    covered = subscriber.dependents[0] if subscriber.dependents else subscriber
    return _response_of(subscriber, covered, rejections)


def _response_of(
    subscriber: CoveredSubscriber, covered: CoveredSubscriber | CoveredDependent, rejections: tuple[Rejection, ...]
) -> CoverageResponse:
    benefits = list(covered.benefits)
    begins_on, ends_on = _plan_dates(subscriber, covered)
    return CoverageResponse(
        active=_active(benefits),
        plan_begins_on=begins_on,
        plan_ends_on=ends_on,
        benefits=_benefits(benefits),
        authorization_required=_authorization(benefits),
        rejections=rejections,
        other_payer=any(str(benefit.information) == "R" for benefit in benefits),
        member_id=subscriber.person.id,
        group_number=subscriber.person.reference("6P"),
        trace=covered.trace or subscriber.trace,
    )


def _active(benefits: Sequence[X12Benefit]) -> bool | None:
    """Decide from the plan as a whole (service type 30) if the payer speaks of it, else from any statement."""
    whole = [benefit for benefit in benefits if "30" in benefit.service_types or not benefit.service_types] or list(
        benefits
    )
    if any(benefit.information.is_active for benefit in whole):
        return True
    return False if any(benefit.information.is_inactive for benefit in whole) else None


def _plan_dates(
    subscriber: CoveredSubscriber, covered: CoveredSubscriber | CoveredDependent
) -> tuple[date | None, date | None]:
    for named in (covered.person, subscriber.person):
        plan = named.period_of("291", "307")
        begin, end = named.period_of("346", "356"), named.period_of("347", "357")
        if plan and plan[0] != plan[1]:
            return plan
        if begin or end:
            return begin[0] if begin else None, end[1] if end else None
    return None, None


def _benefits(benefits: Sequence[X12Benefit]) -> tuple[Benefit, ...]:
    individual = {str(benefit.information) for benefit in benefits if str(benefit.coverage_level or "") == "IND"}
    read: list[Benefit] = []
    for benefit in benefits:
        code = str(benefit.information)
        kind = _KINDS.get(code)
        if kind is None or (str(benefit.coverage_level or "") == "FAM" and code in individual):
            continue
        period = str(benefit.period or "")
        kind = _LEFT.get(kind, kind) if period in _REMAINING else kind
        read += [_benefit(benefit, kind, period, service_type) for service_type in benefit.service_types or ["30"]]
    return tuple(read[:_BENEFITS_MAX])


def _benefit(benefit: X12Benefit, kind: BenefitKind, period: str, service_type: str) -> Benefit:
    percent = _percent(benefit)
    return Benefit(
        service_type=service_type,
        kind=kind,
        amount_cents=None if benefit.amount_cents is None else Cents(benefit.amount_cents),
        percent_basis_points=int(percent * 100) if percent is not None else None,
        period=period,
        in_network={"Y": True, "W": True, "N": False}.get(benefit.in_network),
    )


def _percent(benefit: X12Benefit) -> Decimal | None:
    """Read a share; what is no share of the whole (20 for 20 percent, or for 2,000) is unknown, never guessed."""
    try:
        return benefit.percent
    except ElementError:
        return None


def _authorization(benefits: Sequence[X12Benefit]) -> bool | None:
    flags = {benefit.authorization_required for benefit in benefits}
    return True if "Y" in flags else False if "N" in flags else None
