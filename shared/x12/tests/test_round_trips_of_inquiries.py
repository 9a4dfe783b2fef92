"""Whatever can be said in a 270, 271, 276, 277, 278 or 837D survives being written and read."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from revcycle_x12 import Delimiters, Envelope, dental, write
from revcycle_x12 import authorization as review
from revcycle_x12 import claim_status as status
from revcycle_x12 import eligibility as coverage
from revcycle_x12.codes import Gender, PayerSequence
from revcycle_x12.validate import validate

NOON = datetime(2026, 1, 6, 12, 0)  # noqa: DTZ001 (X12 times name no zone)
NPI = "1234567893"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789'-.,"


def _trimmed(text: str) -> bool:
    return text == text.strip() and bool(text)


words = st.text(LETTERS, min_size=1, max_size=20).filter(_trimmed)
numbers = st.text("ABCDEFGHJKMNPQRSTUVWXYZ0123456789", min_size=2, max_size=20)
days = st.dates(date(1950, 1, 1), date(2049, 12, 31))
spans = st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))
amounts = st.integers(0, 10**9)
service_types = st.lists(st.sampled_from(["30", "1", "33", "35", "47", "86", "88", "98", "AL", "MH", "UC"]), max_size=9)
envelopes = st.builds(
    lambda component, repetition, terminator: Envelope(
        sender_id="ACME",
        receiver_id="HUB",
        control_number=7,
        created_at=NOON,
        is_test=True,
        delimiters=Delimiters("*", component, repetition, terminator),
    ),
    st.sampled_from(":>"),
    st.sampled_from("^!"),
    st.sampled_from("~\x1e"),
)
names = st.fixed_dictionaries({"last_name": words, "first_name": words, "id": numbers})
references = st.lists(st.builds(coverage.Reference, st.sampled_from(["6P", "1L", "SY"]), numbers, words), max_size=3)
rejections = st.lists(
    st.builds(
        coverage.Rejection,
        st.sampled_from([coverage.RejectReason.MEMBER_ID, coverage.RejectReason.SUBSCRIBER_NOT_FOUND]),
        st.sampled_from([coverage.FollowUp.CORRECT_AND_RESUBMIT, coverage.FollowUp.DO_NOT_RESUBMIT]),
        st.booleans(),
    ),
    max_size=3,
)
benefits = st.fixed_dictionaries(
    {
        "information": st.sampled_from([code for code in coverage.BenefitInformation if code.is_known]),
        "coverage_level": st.sampled_from([None, coverage.CoverageLevel.FAMILY]),
        "service_types": service_types,
        "plan": st.one_of(st.just(""), words),
        "period": st.sampled_from([None, coverage.BenefitPeriod.CALENDAR_YEAR]),
        "amount_cents": st.one_of(st.none(), amounts),
        "percent": st.one_of(st.none(), st.integers(0, 100).map(Decimal)),
        "in_network": st.sampled_from(["", "Y", "N", "W"]),
        "messages": st.lists(words, max_size=3),
    }
)


@given(envelopes, names, st.lists(service_types.filter(bool), min_size=1, max_size=3), st.one_of(st.none(), spans))
def test_an_eligibility_inquiry_survives(
    envelope: Envelope, name: dict[str, Any], asked: list[list[str]], plan: tuple[date, date] | None
) -> None:
    inquiries = [coverage.Inquiry(service_types=kinds, plan_period=plan) for kinds in asked]
    subscriber = coverage.Subscriber(person=coverage.Person(**name), inquiries=inquiries)
    receiver = coverage.Receiver(provider=coverage.Provider(last_name="CLINIC", id=NPI), subscribers=[subscriber])
    source = coverage.Source(payer=coverage.Payer(last_name="PLAN", id="P1"), receivers=[receiver])
    data = write(envelope, [coverage.EligibilityInquiry(reference="Q1", created_at=NOON, sources=[source])])

    [read] = next(coverage.EligibilityInquiry.read(data)).subscribers

    assert name == {key: getattr(read.person, key) for key in name}
    assert [(kinds, plan) for kinds in asked] == [
        (inquiry.service_types, inquiry.plan_period) for inquiry in read.inquiries
    ]
    assert data == write(envelope, coverage.EligibilityInquiry.load(data))


@given(envelopes, names, st.lists(benefits, max_size=4), references, rejections)
def test_an_eligibility_response_survives(
    envelope: Envelope,
    name: dict[str, Any],
    benefits: list[dict[str, Any]],
    known: list[coverage.Reference],
    refused: list[coverage.Rejection],
) -> None:
    subscriber = coverage.CoveredSubscriber(
        benefits=[coverage.Benefit(**fields) for fields in benefits],
        rejections=refused,
        person=coverage.Person(**name, references=known),
    )
    receiver = coverage.AskingReceiver(provider=coverage.Provider(last_name="CLINIC", id=NPI), subscribers=[subscriber])
    source = coverage.AnsweringSource(payer=coverage.Payer(last_name="PLAN", id="P1"), receivers=[receiver])
    data = write(envelope, [coverage.EligibilityResponse(reference="Q1", created_at=NOON, sources=[source])])

    [read] = next(coverage.EligibilityResponse.read(data)).subscribers

    assert benefits == [
        {key: getattr(found, key) for key in benefit} for found, benefit in zip(read.benefits, benefits, strict=True)
    ]
    assert (known, refused) == (read.person.references, read.rejections)
    assert data == write(envelope, coverage.EligibilityResponse.load(data))


statuses = st.lists(
    st.builds(
        status.Status,
        st.sampled_from(["A4", "F1", "F2", "P1"]),
        st.sampled_from(["20", "65", "317"]),
        st.sampled_from(["", "IL", "PR"]),
        on=days,
        amount_cents=st.one_of(st.none(), amounts),
        paid_cents=st.one_of(st.none(), amounts),
        finalized_on=st.one_of(st.none(), days),
        paid_on=st.one_of(st.none(), days),
        check_number=st.one_of(st.just(""), numbers.map(lambda text: text[:16])),
    ),
    min_size=1,
    max_size=3,
)


@given(envelopes, st.lists(st.tuples(numbers, statuses, st.one_of(st.none(), spans)), min_size=1, max_size=4))
def test_a_claim_status_survives(envelope: Envelope, answers: list[tuple[str, list[status.Status], Any]]) -> None:
    claims = [status.ClaimStatus(trace=trace, statuses=found, served=served) for trace, found, served in answers]
    person = status.Named(last_name="DOE", first_name="JANE", id="M1")
    provider = status.ProviderStatus(
        provider=status.Named(last_name="CLINIC", id=NPI),
        subscribers=[status.SubscriberStatus(person=person, claims=claims)],
    )
    receiver = status.ReceiverStatus(receiver=status.Named(last_name="ACME", id="ACME1"), providers=[provider])
    payer = status.PayerStatus(payer=status.Named(last_name="PLAN", id="P1"), receivers=[receiver])
    data = write(envelope, [status.StatusResponse(reference="S1", created_at=NOON, payers=[payer])])

    read = list(next(status.StatusResponse.read(data)).claims)

    assert answers == [(claim.trace, claim.statuses, claim.served) for claim in read]
    assert data == write(envelope, status.StatusResponse.load(data))


decided = st.fixed_dictionaries(
    {
        "action": st.sampled_from([code for code in review.ReviewAction if code.is_known]),
        "authorization_number": numbers,
        "reasons": st.lists(st.sampled_from(["0V", "25", "0A"]), max_size=5),
        "expires_on": st.one_of(st.none(), days),
        "effective": st.one_of(st.none(), spans),
    }
)


@given(envelopes, decided, st.lists(decided, max_size=3), words)
def test_a_decision_survives(
    envelope: Envelope, event: dict[str, Any], services: list[dict[str, Any]], message: str
) -> None:
    made = review.DecidedEvent(
        **event,
        message=message,
        services=[review.DecidedService(procedure=review.Procedure("G0283"), **fields) for fields in services],
    )
    person = review.Person(last_name="DOE", first_name="JANE", id="M1")
    requester = review.ResponseRequester(
        provider=review.Requester(last_name="CLINIC", id=NPI),
        subscriber=review.ResponseSubscriber(person=person, events=[made]),
    )
    reviewer = review.ResponseReviewer(organization=review.Reviewer(last_name="PLAN", id="P1"), requester=requester)
    data = write(envelope, [review.AuthorizationResponse(reference="A1", created_at=NOON, reviewer=reviewer)])

    [read] = next(review.AuthorizationResponse.read(data)).events

    assert event == {key: getattr(read, key) for key in event}
    assert services == [
        {key: getattr(found, key) for key in decision} for found, decision in _both(read.services, services)
    ]
    assert message == read.message
    assert data == write(envelope, review.AuthorizationResponse.load(data))


def _both(read: list[Any], written: list[dict[str, Any]]) -> list[tuple[Any, dict[str, Any]]]:
    return list(zip(read, written, strict=True))


teeth = st.lists(
    st.builds(
        dental.Tooth,
        st.sampled_from([str(number) for number in range(1, 33)]),
        st.lists(st.sampled_from("BDFILMO"), unique=True, max_size=5).map("".join),
    ),
    max_size=4,
)


@given(envelopes, st.lists(st.tuples(amounts, teeth), min_size=1, max_size=5), days)
def test_a_dental_claim_survives_and_balances(
    envelope: Envelope, billed: list[tuple[int, list[dental.Tooth]]], served: date
) -> None:
    lines = [
        dental.ServiceLine(procedure=dental.Procedure("D2150", qualifier="AD"), charge_cents=charge, teeth=on)
        for charge, on in billed
    ]
    claim = dental.Claim(
        control_number="ENC1",
        charge_cents=sum(charge for charge, _ in billed),
        place_of_service="11",
        frequency="1",
        provider_signature="Y",
        accepts_assignment="A",
        benefits_assigned="Y",
        release_of_information="Y",
        served=served,
        service_lines=lines,
    )
    data = write(envelope, [_dental_batch(claim)])

    [read] = next(dental.DentalClaims.read(data)).claims

    assert billed == [(line.charge_cents, line.teeth) for line in read.service_lines]
    assert [] == [finding for finding in validate(data, snip=3).findings if finding.is_error]
    assert data == write(envelope, dental.DentalClaims.load(data))


def _dental_batch(claim: dental.Claim) -> dental.DentalClaims:
    home: dict[str, Any] = {"address": "2 OAK", "city": "ALBANY", "state": "NY", "postal_code": "122071234"}
    person = dental.Person(
        last_name="DOE", first_name="JANE", id="M1", born_on=date(1980, 2, 3), gender=Gender.FEMALE, **home
    )
    subscriber = dental.Subscriber(
        sequence=PayerSequence.PRIMARY,
        relationship="18",
        filing_indicator="CI",
        person=person,
        payer=dental.Payer(last_name="PLAN", id="P1"),
        claims=[claim],
    )
    submitter = dental.Submitter(
        last_name="ACME", id="ACME", contact_name="DESK", contact_qualifier="TE", contact_number="5555550100"
    )
    provider = dental.Provider(last_name="TEETH", id=NPI, **home)
    return dental.DentalClaims(
        reference="B1",
        created_at=NOON,
        submitter=submitter,
        receiver=dental.Receiver(last_name="HUB", id="HUB1"),
        billing_providers=[dental.BillingProvider(tax_id="123456789", provider=provider, subscribers=[subscriber])],
    )
