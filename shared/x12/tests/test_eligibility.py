"""270 and 271: written from names, read back under names, segment by segment the same."""

from datetime import date, datetime
from typing import Any

import pytest

from revcycle_x12 import Envelope, write
from revcycle_x12._syntax.errors import ElementError, StreamOrderError, WriteError
from revcycle_x12.codes import Gender
from revcycle_x12.eligibility import (
    AnsweringSource,
    AskingReceiver,
    Benefit,
    BenefitDetail,
    BenefitInformation,
    BenefitPeriod,
    CoveredDependent,
    CoveredSubscriber,
    Dated,
    Dependent,
    EligibilityInquiry,
    EligibilityResponse,
    FollowUp,
    Inquiry,
    Payer,
    Person,
    Provider,
    Receiver,
    Reference,
    Rejection,
    RejectReason,
    RelatedParty,
    Source,
    Subscriber,
    Trace,
)
from revcycle_x12.validate import validate

NOON = datetime(2026, 1, 6, 12, 0)  # noqa: DTZ001 (X12 times name no zone)
ENVELOPE = Envelope(sender_id="ACME", receiver_id="HUB", control_number=7, created_at=NOON, is_test=True)
PAYER: dict[str, Any] = {"last_name": "PLAN", "id": "P1"}
CLINIC: dict[str, Any] = {"last_name": "CLINIC", "id": "1234567893"}
JANE: dict[str, Any] = {
    "last_name": "DOE",
    "first_name": "JANE",
    "id": "M1",
    "born_on": date(1980, 2, 3),
    "gender": Gender.FEMALE,
}
CHILD: dict[str, Any] = {"last_name": "DOE", "first_name": "SUE", "born_on": date(2015, 1, 1)}


def inquiry(*subscribers: Subscriber) -> EligibilityInquiry:
    receiver = Receiver(provider=Provider(**CLINIC), subscribers=list(subscribers))
    source = Source(payer=Payer(**PAYER), receivers=[receiver])
    return EligibilityInquiry(reference="Q1", created_at=NOON, sources=[source])


def response(*subscribers: CoveredSubscriber) -> EligibilityResponse:
    receiver = AskingReceiver(provider=Provider(**CLINIC), subscribers=list(subscribers))
    source = AnsweringSource(payer=Payer(**PAYER), receivers=[receiver])
    return EligibilityResponse(reference="Q1", created_at=NOON, sources=[source])


def body(data: bytes) -> list[str]:
    """The segments between ST and SE."""
    return data.decode().split("~")[3:-4]


def test_an_inquiry_is_written_with_all_the_guide_knows_by_itself() -> None:
    subscriber = Subscriber(
        trace="T1",
        trace_originator="9ACMEBILL1",
        person=Person(**JANE),
        inquiries=[Inquiry(service_types=["30", "98"], plan_period=date(2026, 1, 6))],
    )

    assert body(write(ENVELOPE, [inquiry(subscriber)])) == [
        "BHT*0022*13*Q1*20260106*1200",
        "HL*1**20*1",
        "NM1*PR*2*PLAN*****PI*P1",
        "HL*2*1*21*1",
        "NM1*1P*2*CLINIC*****XX*1234567893",
        "HL*3*2*22*0",
        "TRN*1*T1*9ACMEBILL1",
        "NM1*IL*1*DOE*JANE****MI*M1",
        "DMG*D8*19800203*F",
        "EQ*30^98",
        "DTP*291*D8*20260106",
    ]


def test_the_dependent_is_the_patient_when_the_inquiries_are_his() -> None:
    child = Dependent(person=Person(**CHILD), inquiries=[Inquiry(service_types=["30"])])
    data = write(ENVELOPE, [inquiry(Subscriber(person=Person(**JANE), dependents=[child]))])

    transaction = next(EligibilityInquiry.read(data))
    patients = [
        (member.person.first_name, member.payer.id, member.provider.npi)
        for member in transaction.members
        if member.inquiries
    ]

    assert [("SUE", "P1", "1234567893")] == patients


def test_the_dependent_names_his_subscriber_while_streaming() -> None:
    child = Dependent(person=Person(**CHILD), inquiries=[Inquiry(service_types=["30"])])
    data = write(ENVELOPE, [inquiry(Subscriber(person=Person(**JANE), dependents=[child]))])

    transaction = next(EligibilityInquiry.read(data))
    [dependent] = [member for member in transaction.members if isinstance(member, Dependent)]

    assert "M1" == dependent.subscriber.member_id


@pytest.mark.parametrize("names_first", [True, False])
def test_the_order_of_the_keywords_does_not_matter(names_first: bool) -> None:  # noqa: FBT001
    asked: dict[str, Any] = {"inquiries": [Inquiry(service_types=["30"])]}
    named: dict[str, Any] = {"person": Person(**JANE)}
    subscriber = Subscriber(**(named | asked)) if names_first else Subscriber(**(asked | named))

    assert body(write(ENVELOPE, [inquiry(subscriber)]))[-1] == "EQ*30"


def test_benefits_are_read_under_names() -> None:
    benefits = [
        Benefit(information=BenefitInformation.ACTIVE, service_types=["30"], insurance_type="PR", plan="GOLD"),
        Benefit(information=BenefitInformation.COPAYMENT, period=BenefitPeriod.VISIT, amount_cents=2550),
        Benefit(information=BenefitInformation.COINSURANCE, percent=20, in_network="Y"),
    ]
    data = write(ENVELOPE, [response(CoveredSubscriber(person=Person(**JANE), benefits=benefits))])

    transaction = next(EligibilityResponse.read(data))
    [subscriber] = transaction.subscribers
    active, copayment, coinsurance = subscriber.benefits

    assert active.information.is_active
    assert (["30"], "PR", "GOLD", None) == (active.service_types, active.insurance_type, active.plan, active.percent)
    assert (2550, BenefitPeriod.VISIT) == (copayment.amount_cents, copayment.period)
    assert 20 == coinsurance.percent


def test_a_benefit_built_for_a_subscriber_serves_a_dependent() -> None:
    benefit = Benefit(
        information=BenefitInformation.OTHER_PAYER,
        details=[BenefitDetail(code_list="ZZ", code="11")],
        parties=[RelatedParty(entity="PRP", last_name="OTHER", id="X1", id_qualifier="PI")],
        messages=["PRIMARY"],
    )
    child = CoveredDependent(person=Person(**CHILD), benefits=[benefit])
    data = write(ENVELOPE, [response(CoveredSubscriber(person=Person(**JANE), dependents=[child]))])

    assert body(data)[-6:] == ["EB*R", "MSG*PRIMARY", "III*ZZ*11", "LS*2120", "NM1*PRP*2*OTHER*****PI*X1", "LE*2120"]
    [read_child] = EligibilityResponse.load(data)[0].sources[0].receivers[0].subscribers[0].dependents
    assert "OTHER" == read_child.benefits[0].parties[0].last_name
    assert "11" == read_child.benefits[0].details[0].code


def test_a_rejection_says_why_and_what_to_do() -> None:
    refused = Rejection(RejectReason.SUBSCRIBER_NOT_FOUND, FollowUp.CORRECT_AND_RESUBMIT)
    data = write(ENVELOPE, [response(CoveredSubscriber(rejections=[refused], person=Person(**JANE)))])

    [transaction] = EligibilityResponse.load(data)

    assert "AAA*N**75*C" in body(data)
    assert [refused] == transaction.rejections
    assert [refused] == next(transaction.subscribers).rejections


def test_a_payer_that_cannot_answer_now_rejects_without_any_subscriber() -> None:
    later = Rejection(RejectReason.UNABLE_TO_RESPOND_NOW, FollowUp.RESUBMIT, is_valid_request=True)
    source = AnsweringSource(rejections=[later], payer=Payer(**PAYER))
    data = write(ENVELOPE, [EligibilityResponse(reference="Q1", created_at=NOON, sources=[source])])

    [transaction] = EligibilityResponse.load(data)

    assert "HL*1**20*0" in body(data)
    assert [later] == transaction.rejections
    assert not list(transaction.subscribers)


def test_rejections_of_all_levels_are_refused_while_streaming() -> None:
    data = write(ENVELOPE, [response(CoveredSubscriber(person=Person(**JANE)))])

    transaction = next(EligibilityResponse.read(data))

    with pytest.raises(StreamOrderError, match="load"):
        _ = transaction.rejections


def test_the_response_echoes_the_trace_of_the_inquiry() -> None:
    traces = [Trace("T1", "9ACMEBILL1", "2"), Trace("P77", "1123456789", "1")]
    data = write(ENVELOPE, [response(CoveredSubscriber(traces=traces, person=Person(**JANE)))])

    [subscriber] = next(EligibilityResponse.read(data)).subscribers

    assert "T1" == subscriber.trace
    assert traces == subscriber.traces


def test_dates_and_numbers_of_a_person_are_found_by_qualifier() -> None:
    person = Person(
        **JANE,
        references=[Reference("6P", "G100", "GROUP")],
        dates=[Dated("346", date(2026, 1, 1), date(2026, 1, 1)), Dated("307", date(2026, 1, 1), date(2026, 12, 31))],
    )
    data = write(ENVELOPE, [response(CoveredSubscriber(person=person))])

    [subscriber] = next(EligibilityResponse.read(data)).subscribers

    assert "G100" == subscriber.person.reference("6P")
    assert (date(2026, 1, 1), date(2026, 12, 31)) == subscriber.person.period_of("307")
    assert subscriber.person.period_of("442") is None


def test_an_unreadable_benefit_harms_only_itself() -> None:
    benefit = Benefit(information=BenefitInformation.COPAYMENT, amount_cents=2500, service_types=["98"])
    data = write(ENVELOPE, [response(CoveredSubscriber(person=Person(**JANE), benefits=[benefit]))])

    [subscriber] = next(EligibilityResponse.read(data.replace(b"*25~", b"*XX~"))).subscribers

    assert ["98"] == subscriber.benefits[0].service_types
    with pytest.raises(ElementError, match="EB07"):
        _ = subscriber.benefits[0].amount_cents


def test_a_trace_without_its_originator_cannot_be_said() -> None:
    subscriber = Subscriber(trace="T1", person=Person(**JANE), inquiries=[Inquiry(service_types=["30"])])

    with pytest.raises(WriteError, match="TRN03"):
        write(ENVELOPE, [inquiry(subscriber)])


def test_both_are_sound_by_their_guide_and_survive_reading_and_writing() -> None:
    asked = inquiry(Subscriber(person=Person(**JANE), inquiries=[Inquiry(service_types=["30"])]))
    answered = response(
        CoveredSubscriber(
            person=Person(**JANE), benefits=[Benefit(information=BenefitInformation.ACTIVE, service_types=["30"])]
        )
    )
    questions, answers = write(ENVELOPE, [asked]), write(ENVELOPE, [answered])

    assert [] == [*validate(questions).findings, *validate(answers).findings]
    assert questions == write(ENVELOPE, EligibilityInquiry.load(questions))
    assert answers == write(ENVELOPE, EligibilityResponse.load(answers))
