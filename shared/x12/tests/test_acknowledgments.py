"""TA1, 999 and 277CA: made from what was found, and read back onto the claims they speak of."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from revcycle_x12 import Envelope, write
from revcycle_x12.acknowledge import (
    acknowledge_claims,
    acknowledge_groups,
    acknowledge_interchange,
    answers_to_claims,
)
from revcycle_x12.acknowledgment import ImplementationAcknowledgment, InterchangeAcknowledgment, Verdict
from revcycle_x12.claim_acknowledgment import ClaimAcknowledgment, Named
from revcycle_x12.validate import validate

NOON = datetime(2026, 1, 7, 12, 0)  # noqa: DTZ001 (X12 times name no zone)
Make = Callable[..., Any]


@pytest.fixture
def answer(envelope: Callable[..., Envelope]) -> Callable[[str], bytes]:
    """What a receiver sends back at once: a TA1 and its 999s."""

    def make(text: str) -> bytes:
        report = validate(text.encode())
        said = [acknowledge_interchange(report.envelopes[0]), *acknowledge_groups(report)]
        data = write(envelope(line_end="\n"), said)
        assert [] == validate(data).findings
        return data

    return make


def test_a_sound_file_is_accepted(claim_file: Make, answer: Callable[[str], bytes]) -> None:
    data = answer(claim_file())

    [ta1] = InterchangeAcknowledgment.load(data)
    assert ("000000007", Verdict.ACCEPTED, "000") == (ta1.interchange_control_number, ta1.verdict, ta1.note)
    assert datetime(2026, 1, 6, 12, 0) == ta1.interchange_created_at  # noqa: DTZ001 (X12 times name no zone)
    [ack] = ImplementationAcknowledgment.load(data)
    assert ("HC", "7", Verdict.ACCEPTED, 1) == (
        ack.functional_id, ack.group_control_number, ack.verdict, ack.accepted_count,
    )  # fmt: skip
    assert [("837", "0001", Verdict.ACCEPTED, [])] == [
        (s.set_id, s.control_number, s.verdict, s.notes) for s in ack.sets
    ]


def test_a_fault_is_told_with_segment_element_and_claim(claim_file: Make, answer: Callable[[str], bytes]) -> None:
    text = claim_file().replace("11:B:1*Y*A", "11:B:1*Y*Z")

    [ack] = ImplementationAcknowledgment.load(answer(text))
    [response] = ack.sets
    [note] = response.notes
    [element] = note.elements

    assert (Verdict.REJECTED, Verdict.REJECTED, 0) == (ack.verdict, response.verdict, ack.accepted_count)
    assert ("CLM", 19, "2300", "8", "ENC1") == (
        note.segment_id, note.position, note.loop_name, note.error, note.claim_number,
    )  # fmt: skip
    assert (7, "1359", "I6") == (element.position, element.data_element, element.error)


def test_a_component_in_error_is_told_by_its_place(claim_file: Make, answer: Callable[[str], bytes]) -> None:
    [ack] = ImplementationAcknowledgment.load(answer(claim_file().replace("11:B:1*Y", "11:C:1*Y")))

    [element] = next(iter(ack.sets)).notes[0].elements

    assert (5, 2, "1332") == (element.position, element.component, element.data_element)


def test_a_missing_segment_is_named(claim_file: Make, answer: Callable[[str], bytes]) -> None:
    text = claim_file().replace("HI*ABK:E119*ABF:I10~\n", "").replace("SE*25", "SE*24")

    [ack] = ImplementationAcknowledgment.load(answer(text))

    [note] = next(iter(ack.sets)).notes
    assert ("HI", "3", "2300") == (note.segment_id, note.error, note.loop_name)


def test_wrong_counts_are_told_on_their_own_level(claim_file: Make, answer: Callable[[str], bytes]) -> None:
    text = claim_file().replace("SE*25", "SE*24").replace("IEA*1*000000007", "IEA*1*000000008")

    data = answer(text)

    [ta1] = InterchangeAcknowledgment.load(data)
    [ack] = ImplementationAcknowledgment.load(data)
    assert (Verdict.REJECTED, "001") == (ta1.verdict, ta1.note)
    assert ["4"] == next(iter(ack.sets)).errors


def test_an_interchange_received_before_is_refused(claim_file: Make) -> None:
    report = validate(claim_file().encode())

    assert "025" == acknowledge_interchange(report.envelopes[0], duplicate=True).note


def test_a_999_is_read_back_onto_the_claim_at_fault(
    claim_file: Make, claim: Make, answer: Callable[[str], bytes]
) -> None:
    """Two claims in one set: the whole set is refused, one of them is at fault."""
    text = claim_file(claim(), claim(control_number="ENC2"))
    broken = text.replace("CLM*ENC2*125.5***11:B:1*Y*A", "CLM*ENC2*125.5***11:B:1*Y*Z")
    acknowledgment = answer(broken)

    answers = list(answers_to_claims(acknowledgment, broken.encode()))

    assert [("ENC1", False), ("ENC2", True)] == [(found.claim_number, found.is_at_fault) for found in answers]
    assert all(found.verdict is Verdict.REJECTED for found in answers)


def test_a_999_without_claim_numbers_is_read_back_by_position(
    claim_file: Make, claim: Make, answer: Callable[[str], bytes]
) -> None:
    text = claim_file(claim(), claim(control_number="ENC2"))
    broken = text.replace("CLM*ENC2*125.5***11:B:1*Y*A", "CLM*ENC2*125.5***11:B:1*Y*Z")
    bare = b"\n".join(line for line in answer(broken).split(b"\n") if not line.startswith(b"CTX"))

    answers = list(answers_to_claims(bare, broken.encode()))

    assert ["ENC2"] == [found.claim_number for found in answers if found.is_at_fault]


def test_claims_are_accepted_or_rejected_one_by_one(
    envelope: Callable[..., Envelope], claim_file: Make, claim: Make
) -> None:
    """One claim of the batch is out of balance: it alone is rejected, with the status that says so."""
    text = claim_file(claim(), claim(control_number="ENC2", charge_cents=99_00))
    said = acknowledge_claims(
        text.encode(),
        answering=Named(entity="PR", last_name="PLAN", id="P1"),
        receipt="R1",
        on=date(2026, 1, 7),
        created_at=NOON,
        control_number_of=lambda found: f"ICN-{found.control_number}",
    )
    data = write(envelope(), said)
    assert [] == validate(data).findings

    [acknowledgment] = ClaimAcknowledgment.load(data)
    first, second = acknowledgment.claims

    assert ("ENC1", True, "ICN-ENC1") == (first.control_number, first.is_accepted, first.payer_control_number)
    assert ("ENC2", False, "") == (second.control_number, second.is_accepted, second.payer_control_number)
    assert [("A7", "400", "U", 99_00)] == [(s.category, s.code, s.action, s.amount_cents) for s in second.statuses]
    [source] = acknowledgment.sources
    [receiver] = source.receivers
    assert ("B1", 1, 125_50) == (receiver.trace, receiver.accepted_count, receiver.accepted_cents)
    assert (1, 99_00) == (receiver.rejected_count, receiver.rejected_cents)
    [provider] = receiver.providers
    [patient] = provider.patients
    assert ("DOE", "M1") == (patient.patient.last_name, patient.patient.id)


def test_no_999_answers_a_999(claim_file: Make, answer: Callable[[str], bytes]) -> None:
    assert [] == acknowledge_groups(validate(answer(claim_file())))
