"""The request for authorization (278) and its answer, 005010X217."""

from decimal import Decimal, InvalidOperation

from eligibility.domain.authorization import OUTCOMES, Decision
from eligibility.domain.people import Person as People
from eligibility.edi.envelope import Parties, envelope, gender, naive, originator, plain, trace_of
from eligibility.messages.effects import SendAuthorizationRequest
from revcycle_x12 import write
from revcycle_x12.authorization import (
    AuthorizationRequest,
    AuthorizationResponse,
    Certification,
    DecidedEvent,
    DecidedService,
    EventProvider,
    HealthCode,
    Person,
    Procedure,
    RequestDependent,
    RequestedEvent,
    RequestedService,
    Requester,
    RequestRequester,
    RequestReviewer,
    RequestSubscriber,
    ReviewCategory,
    Reviewer,
)

Decided = DecidedEvent | DecidedService

_DIAGNOSES_MAX = 12
_URGENT = "U"
_HEALTH_SERVICES = "1"
"""UM03: medical care, where the codes say the rest."""


def write_request(effect: SendAuthorizationRequest, key: str, parties: Parties) -> bytes:
    """Write the interchange that asks one payer to authorize services for one patient."""
    request = AuthorizationRequest(
        reference=trace_of(key),
        created_at=naive(effect.asked_at),
        reviewer=RequestReviewer(
            organization=Reviewer(last_name=plain(effect.payer_name, 60), id=plain(effect.payer_code, 80)),
            requester=RequestRequester(
                provider=Requester(last_name=plain(effect.payee.name, 60), id_qualifier="XX", id=effect.payee.npi),
                subscriber=_subscriber(effect, key),
            ),
        ),
    )
    return write(envelope(key, effect.asked_at, parties), [request])


def _subscriber(effect: SendAuthorizationRequest, key: str) -> RequestSubscriber:
    member, event = effect.member, _event(effect, key)
    subscriber = _person(member.subscriber)
    subscriber.id_qualifier, subscriber.id = "MI", plain(member.member_id, 80)
    if member.patient is None:
        return RequestSubscriber(person=subscriber, events=[event])
    patient = _person(member.patient)
    patient.relationship = member.relationship
    return RequestSubscriber(person=subscriber, dependent=RequestDependent(person=patient, events=[event]))


def _person(member: People) -> Person:
    x12_person = Person(last_name=plain(member.family, 60), first_name=plain(member.given, 35))
    if member.birth_on is not None:
        x12_person.born_on = member.birth_on
        if (sex := gender(member.sex)) is not None:
            x12_person.gender = sex
    return x12_person


def _event(effect: SendAuthorizationRequest, key: str) -> RequestedEvent:
    event = RequestedEvent(
        trace=trace_of(key),
        trace_originator=originator(effect.payee),
        category=ReviewCategory.SERVICES,
        certification=Certification.INITIAL,
        service_type=_HEALTH_SERVICES,
        place_of_service=effect.place_of_service,
        event=effect.service_on,
        diagnoses=[HealthCode(code.replace(".", "")) for code in effect.diagnoses[:_DIAGNOSES_MAX]],
        services=[_service(code, effect) for code in effect.codes],
    )
    if effect.expedited:
        event.level_of_service = _URGENT
    if effect.provider_npi:
        event.providers = [
            EventProvider(last_name=plain(effect.provider_name, 60), id_qualifier="XX", id=effect.provider_npi)
        ]
    return event


def _service(code: str, effect: SendAuthorizationRequest) -> RequestedService:
    return RequestedService(served=effect.service_on, procedure=Procedure(code), unit="UN", units="1")


def read_decision(content: bytes) -> Decision | None:
    """
    Read a 278 response; None where the interchange holds none.

    A decision at the event holds for its services; where only services are decided, the least favourable one
    counts. A rejection (AAA) is no decision of the payer: it comes back as not certified, with its code.
    """
    for response in AuthorizationResponse.read(content):
        decided: list[Decided] = []
        for event in response.events:
            decided += [event] if event.action is not None else []
            decided += [service for service in event.services if service.action is not None]
        if decided:
            return _decision(max(decided, key=lambda part: _REFUSING.get(str(part.action), 0)))
        codes = ", ".join(sorted({str(row.reason) for row in response.rejections}))
        return Decision(outcome="not_certified", reason=f"AAA {codes}" if codes else "no decision in the answer")
    return None


_REFUSING = {"A3": 5, "C": 4, "A4": 3, "CT": 3, "A2": 2, "A6": 2, "A1": 1, "NA": 0}


def _decision(review: Decided) -> Decision:
    period = review.effective
    return Decision(
        outcome=OUTCOMES.get(str(review.action), "pended"),
        number=review.authorization_number,
        units=_units(review.quantity),
        valid_from_on=period[0] if period else review.issued_on,
        valid_to_on=period[1] if period else review.expires_on,
        reason=", ".join(review.reasons),
    )


def _units(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
