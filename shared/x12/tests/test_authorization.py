"""278: what is asked of the reviewer, and what is decided."""

from datetime import date, datetime
from typing import Any

import pytest

from revcycle_x12 import Envelope, write
from revcycle_x12.authorization import (
    Attachment,
    AuthorizationRequest,
    AuthorizationResponse,
    Certification,
    DecidedEvent,
    DecidedService,
    EventProvider,
    FollowUp,
    HealthCode,
    Person,
    Procedure,
    Rejection,
    RejectReason,
    RequestDependent,
    RequestedEvent,
    RequestedService,
    Requester,
    RequestRequester,
    RequestReviewer,
    RequestSubscriber,
    ResponseRequester,
    ResponseReviewer,
    ResponseSubscriber,
    ReviewAction,
    ReviewCategory,
    Reviewer,
    Trace,
)
from revcycle_x12.validate import validate

NOON = datetime(2026, 1, 6, 12, 0)  # noqa: DTZ001 (X12 times name no zone)
ENVELOPE = Envelope(sender_id="ACME", receiver_id="HUB", control_number=7, created_at=NOON, is_test=True)
MAY = (date(2026, 5, 1), date(2026, 5, 31))
PLAN: dict[str, Any] = {"last_name": "PLAN", "id": "P1"}
CLINIC: dict[str, Any] = {"last_name": "CLINIC", "id": "1234567893"}
JANE: dict[str, Any] = {"last_name": "DOE", "first_name": "JANE", "id": "M1"}


def request(subscriber: RequestSubscriber) -> AuthorizationRequest:
    requester = RequestRequester(provider=Requester(**CLINIC), subscriber=subscriber)
    reviewer = RequestReviewer(organization=Reviewer(**PLAN), requester=requester)
    return AuthorizationRequest(reference="A1", created_at=NOON, reviewer=reviewer)


def response(subscriber: ResponseSubscriber) -> AuthorizationResponse:
    requester = ResponseRequester(provider=Requester(**CLINIC), subscriber=subscriber)
    reviewer = ResponseReviewer(organization=Reviewer(**PLAN), requester=requester)
    return AuthorizationResponse(reference="A1", created_at=NOON, kind="18", reviewer=reviewer)


def physiotherapy(**more: Any) -> RequestedEvent:
    return RequestedEvent(
        trace="T1",
        trace_originator="9ACMEBILL1",
        category=ReviewCategory.SERVICES,
        certification=Certification.INITIAL,
        service_type="AE",
        place_of_service="11",
        event=MAY,
        diagnoses=[HealthCode("M545")],
        quantity_qualifier="VS",
        quantity="12",
        **more,
    )


def body(data: bytes) -> list[str]:
    """The segments between ST and SE."""
    return data.decode().split("~")[3:-4]


def test_a_request_is_written_with_all_the_guide_knows_by_itself() -> None:
    event = physiotherapy(
        attachments=[Attachment("M1", "EL", "ATT1")],
        providers=[EventProvider(last_name="WATSON", first_name="SUSAN", id="1234567893")],
        services=[RequestedService(procedure=Procedure("G0283"), unit="UN", units="12")],
    )

    assert body(write(ENVELOPE, [request(RequestSubscriber(person=Person(**JANE), events=[event]))])) == [
        "BHT*0007*13*A1*20260106*1200",
        "HL*1**20*1",
        "NM1*X3*2*PLAN*****PI*P1",
        "HL*2*1*21*1",
        "NM1*1P*2*CLINIC*****XX*1234567893",
        "HL*3*2*22*1",
        "NM1*IL*1*DOE*JANE****MI*M1",
        "HL*4*3*EV*1",
        "TRN*1*T1*9ACMEBILL1",
        "UM*HS*I*AE*11:B",
        "DTP*AAH*RD8*20260501-20260531",
        "HI*ABK:M545",
        "HSD*VS*12",
        "PWK*M1*EL***AC*ATT1",
        "NM1*SJ*1*WATSON*SUSAN****XX*1234567893",
        "HL*5*4*SS*0",
        "SV1*HC:G0283**UN*12",
    ]


def test_request_and_response_are_told_apart_by_their_purpose() -> None:
    asked = write(ENVELOPE, [request(RequestSubscriber(person=Person(**JANE), events=[physiotherapy()]))])
    answered = write(ENVELOPE, [response(ResponseSubscriber(person=Person(**JANE)))])

    assert (1, 0) == (len(AuthorizationRequest.load(asked)), len(AuthorizationResponse.load(asked)))
    assert (0, 1) == (len(AuthorizationRequest.load(answered)), len(AuthorizationResponse.load(answered)))


def test_an_event_knows_its_patient_requester_and_reviewer() -> None:
    dependent = RequestDependent(person=Person(last_name="DOE", first_name="SUE"), events=[physiotherapy()])
    data = write(ENVELOPE, [request(RequestSubscriber(person=Person(**JANE), dependent=dependent))])

    [event] = next(AuthorizationRequest.read(data)).events

    assert ("SUE", "M1") == (event.patient.first_name, event.subscriber.id)
    assert ("1234567893", "P1") == (event.requester.npi, event.reviewer.id)


def test_services_are_there_when_the_event_is_read() -> None:
    services = [RequestedService(procedure=Procedure("G0283")), RequestedService(revenue_code="0420")]
    event = physiotherapy(services=services)
    data = write(ENVELOPE, [request(RequestSubscriber(person=Person(**JANE), events=[event]))])

    [read_event] = next(AuthorizationRequest.read(data)).events

    assert ["", "0420"] == [service.revenue_code for service in read_event.services]
    assert ("11", "") == (read_event.place_of_service, read_event.type_of_bill)


def test_a_decision_names_its_authorization_and_its_limits() -> None:
    service = DecidedService(
        procedure=Procedure("G0283"), unit="UN", units="8", action=ReviewAction.MODIFIED, authorization_number="AUTH2"
    )
    event = DecidedEvent(
        traces=[Trace("T1", "9ACMEBILL1", "2")],
        action=ReviewAction.CERTIFIED_PARTIALLY,
        authorization_number="AUTH1",
        reasons=["0V", "25"],
        expires_on=date(2026, 6, 30),
        effective=MAY,
        services=[service],
    )
    data = write(ENVELOPE, [response(ResponseSubscriber(person=Person(**JANE), events=[event]))])

    [read_event] = next(AuthorizationResponse.read(data)).events

    assert "HCR*A2*AUTH1*0V^25" in body(data)
    assert ("T1", "AUTH1", ["0V", "25"]) == (read_event.trace, read_event.authorization_number, read_event.reasons)
    assert (date(2026, 6, 30), MAY) == (read_event.expires_on, read_event.effective)
    assert [(ReviewAction.MODIFIED, "AUTH2", "8")] == [
        (decided.action, decided.authorization_number, decided.units) for decided in read_event.services
    ]


@pytest.mark.parametrize(
    ("action", "is_approval", "is_final"),
    [
        (ReviewAction.CERTIFIED, True, True),
        (ReviewAction.MODIFIED, True, True),
        (ReviewAction.NOT_CERTIFIED, False, True),
        (ReviewAction.PENDED, False, False),
        (ReviewAction.CONTACT_PAYER, False, False),
    ],
)
def test_an_action_says_whether_to_go_ahead_and_whether_to_wait(
    action: ReviewAction,
    is_approval: bool,  # noqa: FBT001
    is_final: bool,  # noqa: FBT001
) -> None:
    assert (is_approval, is_final) == (action.is_approval, action.is_final)


def test_an_unknown_member_is_rejected_before_any_event() -> None:
    refused = Rejection(RejectReason.MEMBER_ID, FollowUp.CORRECT_AND_RESUBMIT)
    data = write(ENVELOPE, [response(ResponseSubscriber(rejections=[refused], person=Person(**JANE)))])

    [transaction] = AuthorizationResponse.load(data)

    assert [refused] == transaction.rejections
    assert not list(transaction.events)


def test_both_are_sound_by_their_guide_and_survive_reading_and_writing() -> None:
    decided = DecidedEvent(action=ReviewAction.CERTIFIED, authorization_number="AUTH1")
    asked = write(ENVELOPE, [request(RequestSubscriber(person=Person(**JANE), events=[physiotherapy()]))])
    answered = write(ENVELOPE, [response(ResponseSubscriber(person=Person(**JANE), events=[decided]))])

    assert [] == [*validate(asked).findings, *validate(answered).findings]
    assert asked == write(ENVELOPE, AuthorizationRequest.load(asked))
    assert answered == write(ENVELOPE, AuthorizationResponse.load(answered))
