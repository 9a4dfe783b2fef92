"""276 and 277: which claim is asked about, and where it stands."""

from datetime import date, datetime
from typing import Any

from revcycle_x12 import Envelope, write
from revcycle_x12.claim_status import (
    ClaimInquiry,
    ClaimStatus,
    DependentInquiry,
    DependentStatus,
    LineInquiry,
    LineStatus,
    Named,
    PayerInquiry,
    PayerStatus,
    Procedure,
    ProviderInquiry,
    ProviderStatus,
    ReceiverInquiry,
    ReceiverStatus,
    Status,
    StatusInquiry,
    StatusResponse,
    SubscriberInquiry,
    SubscriberStatus,
)
from revcycle_x12.validate import validate

NOON = datetime(2026, 1, 6, 12, 0)  # noqa: DTZ001 (X12 times name no zone)
ENVELOPE = Envelope(sender_id="ACME", receiver_id="HUB", control_number=7, created_at=NOON, is_test=True)
SERVED, DECIDED, PAID = date(2026, 1, 5), date(2026, 1, 15), date(2026, 1, 20)
FINISHED = Status(
    "F1", "65", on=DECIDED, amount_cents=12550, paid_cents=10000, finalized_on=DECIDED, paid_on=PAID, check_number="C1"
)


def named(last_name: str, **rest: Any) -> Named:
    return Named(last_name=last_name, **rest)


def inquiry(*subscribers: SubscriberInquiry) -> StatusInquiry:
    provider = ProviderInquiry(provider=named("CLINIC", id="1234567893"), subscribers=list(subscribers))
    receiver = ReceiverInquiry(receiver=named("ACME", id="ACME1"), providers=[provider])
    payer = PayerInquiry(payer=named("PLAN", id="P1"), receivers=[receiver])
    return StatusInquiry(reference="S1", created_at=NOON, payers=[payer])


def response(*subscribers: SubscriberStatus) -> StatusResponse:
    provider = ProviderStatus(provider=named("CLINIC", id="1234567893"), subscribers=list(subscribers))
    receiver = ReceiverStatus(receiver=named("ACME", id="ACME1"), providers=[provider])
    payer = PayerStatus(payer=named("PLAN", id="P1"), receivers=[receiver])
    return StatusResponse(reference="S1", created_at=NOON, payers=[payer])


def jane() -> Named:
    return named("DOE", first_name="JANE", id="M1")


def body(data: bytes) -> list[str]:
    """The segments between ST and SE."""
    return data.decode().split("~")[3:-4]


def test_an_inquiry_names_the_claim_in_every_way_the_payer_may_know_it() -> None:
    line = LineInquiry(procedure=Procedure("G0463"), charge_cents=12550, units="1", control_number="L1", served=SERVED)
    claim = ClaimInquiry(
        trace="T1", control_number="ENC1", payer_control_number="ICN1", charge_cents=12550, served=SERVED, lines=[line]
    )

    data = write(ENVELOPE, [inquiry(SubscriberInquiry(person=jane(), born_on=date(1980, 2, 3), claims=[claim]))])

    assert body(data)[6:] == [
        "NM1*1P*2*CLINIC*****XX*1234567893",
        "HL*4*3*22*0",
        "DMG*D8*19800203",
        "NM1*IL*1*DOE*JANE****MI*M1",
        "TRN*1*T1",
        "REF*1K*ICN1",
        "REF*EJ*ENC1",
        "AMT*T3*125.5",
        "DTP*472*D8*20260105",
        "SVC*HC:G0463*125.5*****1",
        "REF*FJ*L1",
        "DTP*472*D8*20260105",
    ]


def test_a_claim_knows_its_patient_subscriber_provider_and_payer_while_streaming() -> None:
    child = DependentInquiry(
        born_on=date(2015, 1, 1), person=named("DOE", first_name="SUE"), claims=[ClaimInquiry(trace="T2")]
    )
    data = write(ENVELOPE, [inquiry(SubscriberInquiry(person=jane(), dependents=[child]))])

    known = [
        (claim.patient.first_name, claim.subscriber.id, claim.provider.id, claim.payer.id)
        for transaction in StatusInquiry.read(data)
        for claim in transaction.claims
    ]

    assert [("SUE", "M1", "1234567893", "P1")] == known


def test_a_finished_claim_says_when_and_how_it_was_paid() -> None:
    claim = ClaimStatus(trace="T1", statuses=[FINISHED], payer_control_number="ICN1", served=SERVED)
    data = write(ENVELOPE, [response(SubscriberStatus(person=jane(), claims=[claim]))])

    [read_claim] = next(StatusResponse.read(data)).claims

    assert "STC*F1:65*20260115**125.5*100*20260115**20260120*C1" in body(data)
    assert [FINISHED] == read_claim.statuses
    assert (True, False, False) == (read_claim.is_finalized, read_claim.is_pending, read_claim.is_not_found)


def test_pending_and_unknown_claims_are_told_apart() -> None:
    pending = ClaimStatus(trace="T1", statuses=[Status("P1", "20", on=DECIDED)])
    unknown = ClaimStatus(trace="T2", statuses=[Status("A4", "35", on=DECIDED)])
    data = write(ENVELOPE, [response(SubscriberStatus(person=jane(), claims=[pending, unknown]))])

    found = [(claim.trace, claim.is_pending, claim.is_not_found) for claim in next(StatusResponse.read(data)).claims]

    assert [("T1", True, False), ("T2", False, True)] == found


def test_three_statuses_in_one_segment_are_three_statuses() -> None:
    claim = ClaimStatus(trace="T1", statuses=[Status("P1", "20", on=DECIDED)])
    data = write(ENVELOPE, [response(SubscriberStatus(person=jane(), claims=[claim]))])
    data = data.replace(b"STC*P1:20*20260115~", b"STC*P1:20*20260115********P3:317*P4:21:IL~")

    [read_claim] = next(StatusResponse.read(data)).claims

    assert [("P1", "20", ""), ("P3", "317", ""), ("P4", "21", "IL")] == [
        (status.category, status.code, status.entity) for status in read_claim.statuses
    ]


def test_lines_of_a_dependent_are_written_into_the_dependents_loops() -> None:
    line = LineStatus(
        procedure=Procedure("G0463"),
        charge_cents=12550,
        units="1",
        statuses=[Status("F2", "88", "QC", on=DECIDED)],
        served=SERVED,
    )
    claim = ClaimStatus(trace="T1", statuses=[Status("F2", "88", "QC", on=DECIDED)], lines=[line])
    child = DependentStatus(person=named("DOE", first_name="SUE"), claims=[claim])
    data = write(ENVELOPE, [response(SubscriberStatus(person=jane(), dependents=[child]))])

    [read_claim] = next(StatusResponse.read(data)).claims
    [read_line] = read_claim.lines

    assert "2220E" == read_line.loop.id
    assert ("G0463", 12550, 0, "88") == (
        read_line.procedure.code,
        read_line.charge_cents,
        read_line.paid_cents,
        read_line.statuses[0].code,
    )


def test_an_asker_the_payer_does_not_know_is_refused_as_a_whole() -> None:
    receiver = ReceiverStatus(
        receiver=named("ACME", id="ACME1"), trace="S1", statuses=[Status("E0", "24", "41", on=DECIDED)]
    )
    payer = PayerStatus(payer=named("PLAN", id="P1"), receivers=[receiver])
    data = write(ENVELOPE, [StatusResponse(reference="S1", created_at=NOON, payers=[payer])])

    [transaction] = StatusResponse.load(data)

    assert "24" == transaction.payers[0].receivers[0].statuses[0].code
    assert not list(transaction.claims)


def test_both_are_sound_by_their_guide_and_survive_reading_and_writing() -> None:
    asked = write(
        ENVELOPE,
        [inquiry(SubscriberInquiry(person=jane(), born_on=date(1980, 2, 3), claims=[ClaimInquiry(trace="T1")]))],
    )
    answered = write(
        ENVELOPE, [response(SubscriberStatus(person=jane(), claims=[ClaimStatus(trace="T1", statuses=[FINISHED])]))]
    )

    assert [] == [*validate(asked).findings, *validate(answered).findings]
    assert asked == write(ENVELOPE, StatusInquiry.load(asked))
    assert answered == write(ENVELOPE, StatusResponse.load(answered))
