"""A claim goes only where it may, and says why not where it may not."""

from datetime import UTC, datetime

import pytest

from claims.domain.claims import Acknowledgment, Claim, Finding, control_number, line_control_number
from claims.domain.planning import plan
from claims.domain.refusal import Refused
from claims.testing.story import EncounterStory
from revcycle_kit.ids import derived_id

AT = datetime(2026, 1, 12, 12, tzinfo=UTC)
FINDING = Finding(edit="x", field="f", rule="r", fix="do it", owner="coder")


@pytest.fixture(scope="module")
def sent() -> Claim:
    story = EncounterStory("ppo")
    story.charge(25000)
    [claim] = story.bill()
    found: Claim = claim
    return found


def proof(level: str, outcome: str) -> Acknowledgment:
    return Acknowledgment(level=level, outcome=outcome, acknowledged_at=AT)


def test_a_clearinghouse_receives_and_only_the_payer_accepts(sent: Claim) -> None:
    received = sent.acknowledge(proof("clearinghouse", "accepted"), None)
    accepted = received.acknowledge(proof("payer", "accepted"), "ICN1")

    assert ("received", "accepted", "ICN1") == (received.state, accepted.state, accepted.payer_claim_control_number)
    assert 2 == len(accepted.acknowledgments)


def test_a_late_acknowledgment_is_kept_and_changes_nothing(sent: Claim) -> None:
    accepted = sent.acknowledge(proof("payer", "accepted"), "ICN1")

    late = accepted.acknowledge(proof("clearinghouse", "received"), None)

    assert ("accepted", "ICN1", 2) == (late.state, late.payer_claim_control_number, len(late.acknowledgments))


def test_a_rejected_claim_names_its_owner_and_counts_as_touched(sent: Claim) -> None:
    rejected = sent.reject(proof("payer", "rejected"), (FINDING,))

    assert ("rejected", "coder", True) == (rejected.state, rejected.hold_owner, rejected.touched)


def test_what_was_sent_cannot_be_sent_again(sent: Claim) -> None:
    with pytest.raises(Refused, match="is sent and cannot become sent"):
        sent.send(AT, "2")


def test_a_claim_waiting_for_the_system_was_touched_by_nobody() -> None:
    story = EncounterStory("ppo")
    story.charge(25000)
    [claim] = plan(story.encounter, (), story.parties)

    waiting = claim.hold((Finding(edit="x", field="f", rule="r", fix="wait", owner="system"),), AT)

    assert ("held", "system", False) == (waiting.state, waiting.hold_owner, waiting.touched)
    assert claim.hold((FINDING,), AT).touched


def test_only_a_decided_claim_is_reworked(sent: Claim) -> None:
    with pytest.raises(Refused, match="cannot become in_rework"):
        sent.rework()


def test_silence_ends_with_any_answer(sent: Claim) -> None:
    silent = sent.fall_silent("payer")

    assert ("payer", "") == (silent.silent_for, silent.pend("P1:20").silent_for)
    assert "information_requested" == silent.ask_information("R4:294").state


def test_a_control_number_is_short_upper_case_and_always_the_same() -> None:
    """Payers echo 20 characters, and some change the case."""
    number = control_number(derived_id("claim"))

    assert (16, number.upper(), number) == (len(number), number, control_number(derived_id("claim")))
    assert number != control_number(derived_id("other claim"))
    assert f"{number}012" == line_control_number(number, 12)
