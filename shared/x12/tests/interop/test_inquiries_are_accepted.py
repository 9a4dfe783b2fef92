"""270, 271, 276 and 277 as this library writes them, before the validator that has the guides."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest

from revcycle_x12 import claim_status as status
from revcycle_x12 import eligibility as coverage
from revcycle_x12 import write
from revcycle_x12.codes import Gender

pytestmark = pytest.mark.slow
Make = Callable[..., Any]
NOON = datetime(2026, 1, 6, 12, 0)  # noqa: DTZ001 (X12 times name no zone)
DAY = date(2026, 1, 5)
NPI = "1234567893"
BORN = date(1980, 2, 3)


def jane() -> coverage.Person:
    return coverage.Person(last_name="DOE", first_name="JANE", id="M1", born_on=BORN, gender=Gender.FEMALE)


@pytest.fixture(scope="session")
def inquiries(envelope: Make) -> list[bytes]:
    """A subscriber, several service types, and a dependent."""
    own = coverage.Subscriber(
        trace="T1",
        trace_originator="9ACMEBILL1",
        person=jane(),
        inquiries=[coverage.Inquiry(service_types=["30"], plan_period=DAY)],
    )
    several = coverage.Subscriber(person=jane(), inquiries=[coverage.Inquiry(service_types=["30", "98", "UC"])])
    child = coverage.Person(last_name="DOE", first_name="SUE", born_on=date(2015, 1, 1))
    dependent = coverage.Dependent(person=child, inquiries=[coverage.Inquiry(service_types=["30"])])
    return [
        write(envelope(), [_inquiry(own)]),
        write(envelope(), [_inquiry(several)]),
        write(envelope(), [_inquiry(coverage.Subscriber(person=jane(), dependents=[dependent]))]),
    ]


def _inquiry(subscriber: coverage.Subscriber) -> coverage.EligibilityInquiry:
    provider = coverage.Provider(last_name="CLINIC", id=NPI)
    receiver = coverage.Receiver(provider=provider, subscribers=[subscriber])
    source = coverage.Source(payer=coverage.Payer(last_name="PLAN", id="P1"), receivers=[receiver])
    return coverage.EligibilityInquiry(reference="Q1", created_at=NOON, sources=[source])


@pytest.fixture(scope="session")
def responses(envelope: Make) -> list[bytes]:
    """Benefits of a subscriber, and of a dependent."""
    benefits = [
        _active(),
        coverage.Benefit(
            information=coverage.BenefitInformation.COPAYMENT,
            service_types=["98"],
            period=coverage.BenefitPeriod.VISIT,
            amount_cents=25_50,
            in_network="Y",
        ),
        coverage.Benefit(
            information=coverage.BenefitInformation.PRIMARY_CARE_PROVIDER,
            parties=[
                coverage.RelatedParty(entity="P3", last_name="WATSON", first_name="ANN", id=NPI, id_qualifier="XX")
            ],
        ),
    ]
    traces = [coverage.Trace("T1", "9ACMEBILL1", "2")]
    covered = coverage.CoveredSubscriber(traces=traces, person=jane(), benefits=benefits)
    child = coverage.CoveredDependent(
        person=coverage.Person(last_name="DOE", first_name="SUE", born_on=date(2015, 1, 1)), benefits=[_active()]
    )
    parent = coverage.CoveredSubscriber(person=jane(), dependents=[child])
    return [write(envelope(), [_response(subscriber)]) for subscriber in (covered, parent)]


def _active() -> coverage.Benefit:
    return coverage.Benefit(
        information=coverage.BenefitInformation.ACTIVE,
        coverage_level=coverage.CoverageLevel.INDIVIDUAL,
        service_types=["30"],
        insurance_type="PR",
        plan="GOLD",
    )


def _response(subscriber: coverage.CoveredSubscriber) -> coverage.EligibilityResponse:
    provider = coverage.Provider(last_name="CLINIC", id=NPI)
    receiver = coverage.AskingReceiver(provider=provider, subscribers=[subscriber])
    source = coverage.AnsweringSource(payer=coverage.Payer(last_name="PLAN", id="P1"), receivers=[receiver])
    return coverage.EligibilityResponse(reference="Q1", created_at=NOON, sources=[source])


@pytest.fixture(scope="session")
def status_inquiries(envelope: Make) -> list[bytes]:
    """A subscriber's claim with a line, and a dependent's claim."""
    line = status.LineInquiry(procedure=status.Procedure("G0463"), charge_cents=125_50, units="1", served=DAY)
    claim = status.ClaimInquiry(
        trace="T1", control_number="ENC1", payer_control_number="ICN1", charge_cents=125_50, served=DAY, lines=[line]
    )
    own = status.SubscriberInquiry(person=_named("JANE", id="M1"), born_on=BORN, gender=Gender.FEMALE, claims=[claim])
    child = status.DependentInquiry(
        person=_named("SUE"),
        born_on=date(2015, 1, 1),
        gender=Gender.FEMALE,
        claims=[status.ClaimInquiry(trace="T2", charge_cents=100, served=DAY)],
    )
    return [
        write(envelope(), [_status_inquiry(own)]),
        write(
            envelope(),
            [_status_inquiry(status.SubscriberInquiry(person=_named("JANE", id="M1"), dependents=[child]))],
        ),
    ]


def _named(first_name: str, **more: Any) -> status.Named:
    return status.Named(last_name="DOE", first_name=first_name, **more)


def _status_inquiry(subscriber: status.SubscriberInquiry) -> status.StatusInquiry:
    provider = status.ProviderInquiry(provider=status.Named(last_name="CLINIC", id=NPI), subscribers=[subscriber])
    receiver = status.ReceiverInquiry(receiver=status.Named(last_name="ACME", id="ACME1"), providers=[provider])
    payer = status.PayerInquiry(payer=status.Named(last_name="PLAN", id="P1"), receivers=[receiver])
    return status.StatusInquiry(reference="S1", created_at=NOON, payers=[payer])


@pytest.fixture(scope="session")
def status_responses(envelope: Make) -> list[bytes]:
    """A claim that is paid, and one that is pending."""
    paid = status.Status("F1", "65", on=DAY, amount_cents=125_50, paid_cents=100_00, finalized_on=DAY, paid_on=DAY)
    pending = status.Status("P1", "20", on=DAY, amount_cents=125_50, paid_cents=0)
    return [write(envelope(), [_status_response(status)]) for status in (paid, pending)]


def _status_response(found: status.Status) -> status.StatusResponse:
    claim = status.ClaimStatus(
        trace="T1", statuses=[found], payer_control_number="ICN1", control_number="ENC1", served=DAY
    )
    subscriber = status.SubscriberStatus(person=_named("JANE", id="M1"), claims=[claim])
    provider = status.ProviderStatus(provider=status.Named(last_name="CLINIC", id=NPI), subscribers=[subscriber])
    receiver = status.ReceiverStatus(receiver=status.Named(last_name="ACME", id="ACME1"), providers=[provider])
    payer = status.PayerStatus(payer=status.Named(last_name="PLAN", id="P1"), receivers=[receiver])
    return status.StatusResponse(reference="S1", created_at=NOON, payers=[payer])


@pytest.mark.parametrize("kind", ["inquiries", "responses", "status_inquiries", "status_responses"])
def test_inquiries_and_responses_pass_linuxforhealth(
    kind: str, request: pytest.FixtureRequest, linuxforhealth: Make
) -> None:
    files: Sequence[bytes] = request.getfixturevalue(kind)

    assert [""] * len(files) == linuxforhealth(*files)


def test_linuxforhealth_is_wrong_to_ask_for_a_service_type_beside_a_procedure(
    envelope: Make, linuxforhealth: Make
) -> None:
    """EQ asks for one of EQ01 and EQ02. The day this fails, the validator has been mended."""
    asked = coverage.Inquiry(procedure=coverage.Procedure("G0463"))

    [complaint] = linuxforhealth(write(envelope(), [_inquiry(coverage.Subscriber(person=jane(), inquiries=[asked]))]))

    assert "service_type_code" in complaint


def test_linuxforhealth_is_wrong_about_the_reasons_a_subscriber_is_refused_for(
    envelope: Make, linuxforhealth: Make
) -> None:
    """It holds 2100C to the reasons of 2100B, which lack 75. The day this fails, the validator has been mended."""
    refused = coverage.Rejection(coverage.RejectReason.SUBSCRIBER_NOT_FOUND, coverage.FollowUp.CORRECT_AND_RESUBMIT)

    [complaint] = linuxforhealth(
        write(envelope(), [_response(coverage.CoveredSubscriber(rejections=[refused], person=jane()))])
    )

    assert "reject_reason_code" in complaint
