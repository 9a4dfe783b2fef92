"""A control id that came before with other content: what can be used is held, what cannot is refused."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from eligibility.domain.ehr_messages import Message, MessageState, in_conflict, message_id
from eligibility.domain.facts import Origin, Reading, Refusal

AT = datetime(2026, 1, 5, tzinfo=UTC)
CLINIC, OTHER = UUID(int=2), UUID(int=9)


def message(state: MessageState) -> Message:
    refusals = (Refusal(problem="results carry nothing to bill", where="MSH-9", fix="Nothing to do."),)
    return Message(
        message_id=UUID(int=1),
        clinic_id=CLINIC,
        organization_id=UUID(int=3),
        state=state,
        format="hl7v2",
        type="ORU^R01",
        source="TEST",
        digest="d",
        received_at=AT,
        refusals=refusals if state == "refused" else (),
    )


@pytest.mark.parametrize("state", [MessageState.ACCEPTED, MessageState.HELD])
def test_one_that_could_be_used_is_held_until_a_person_decides(state: MessageState) -> None:
    kept = in_conflict(message(state), OTHER)
    assert ("conflict", OTHER, ["control_id"]) == (kept.state, kept.message_id, [gap.what for gap in kept.gaps])


def test_one_that_is_of_no_use_stays_refused_for_its_own_reason() -> None:
    kept = in_conflict(message(MessageState.REFUSED), OTHER)
    assert ("refused", OTHER, ()) == (kept.state, kept.message_id, kept.gaps)
    assert kept.refusals


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("APP", "FAC", "1"), ("APP", "FAC", "1"), True),
        (("APP", "FAC", "1"), ("APP", "ELSE", "1"), False),
        (("APP", "FAC", "1"), ("OTHER", "FAC", "1"), False),
        (("", "", "1"), ("", "", "1"), False),
    ],
)
def test_a_control_id_counts_within_its_sender_and_without_a_sender_not_at_all(
    one: tuple[str, str, str], other: tuple[str, str, str], *, same: bool
) -> None:
    ids = [
        message_id(CLINIC, Origin(format="hl7v2", application=app, named_facility=facility, control_id=control), digest)
        for (app, facility, control), digest in ((one, "d1"), (other, "d2"))
    ]
    assert same is (ids[0] == ids[1])


def test_a_reading_that_is_refused_says_so() -> None:
    refusal = Refusal(problem="p", where="w", fix="f")
    assert "refused" == Reading(origin=Origin(format="hl7v2"), refusals=(refusal,)).outcome
