"""What the staff decides: which denials go out together, and what is asked about a claim that is held."""

from typing import Any

import pytest

from revcycle.staff_choices import Choice, choose, subject_of_hold, together


def denial(number: str, **parts: Any) -> dict[str, Any]:
    """A denial as the worklist shows it."""
    known = {"denial_id": number, "claim_id": "C1", "level": 0, "state": "open", "carc": "252", "group": "CO"}
    return known | {"appealable": True, "method": "appeal"} | parts


def answer(*changes: dict[str, Any], documented: bool = False, corrected: bool = False) -> dict[str, Any]:
    """What the clinic says."""
    return {"changes": list(changes), "documented": documented, "registration_corrected": corrected}


def test_lines_of_one_claim_go_into_one_appeal_and_other_claims_into_their_own() -> None:
    appeal = Choice("appeal", argument="see the record")
    steps = together([(denial("1"), appeal), (denial("2"), appeal), (denial("3", claim_id="C2"), appeal)])
    assert [["1", "2"], ["3"]] == [[each["denial_id"] for each in step.denials] for step in steps]


def test_one_correction_carries_the_changes_of_every_line_once() -> None:
    shared, own = {"field": "diagnoses", "value": "I10"}, {"field": "modifiers", "value": "59", "line_number": 2}
    first, second = Choice("correct", changes=(shared,)), Choice("correct", changes=(shared, own))
    [step] = together([(denial("1"), first), (denial("2"), second)])
    assert (shared, own) == step.choice.changes


@pytest.mark.parametrize("deed", ["write_off", "accept", "bill_patient", "leave"])
def test_what_ends_a_denial_is_done_for_each_alone(deed: str) -> None:
    assert 2 == len(together([(denial("1"), Choice(deed)), (denial("2"), Choice(deed))]))


def test_denials_at_different_levels_are_not_mixed_in_one_letter() -> None:
    appeal = Choice("appeal")
    assert 2 == len(together([(denial("1"), appeal), (denial("2", level=1), appeal)]))


def test_a_step_falls_apart_into_steps_of_one_denial_each() -> None:
    [step] = together([(denial("1"), Choice("appeal")), (denial("2"), Choice("appeal"))])
    assert [("1",), ("2",)] == [tuple(each["denial_id"] for each in alone.denials) for alone in step.alone()]
    assert len({step.key, *(alone.key for alone in step.alone())}) == 3


@pytest.mark.parametrize(
    ("owner", "edits", "subject"),
    [
        ("registration", ["authorization_on_file"], "authorization"),
        ("registration", ["coverage_refused", "authorization_on_file"], "registration"),
        ("enrollment", ["credentialing"], "enrollment"),
        ("biller", ["x12"], "registration"),
        ("coder", ["diagnosis_missing"], "coding"),
    ],
)
def test_the_clinic_is_asked_for_what_holds_the_claim(owner: str, edits: list[str], subject: str) -> None:
    assert subject == subject_of_hold(owner, edits)


def test_the_patient_is_not_billed_for_coverage_that_ended_where_the_right_one_was_found() -> None:
    ended = denial("1", carc="27", group="PR")
    assert "correct" == choose(ended, answer(corrected=True), None).deed
    assert "bill_patient" == choose(ended, answer(), None).deed
