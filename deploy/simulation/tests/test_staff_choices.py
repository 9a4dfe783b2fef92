"""What the staff decides: which denials go out together, and what is asked about a claim that is held."""

from typing import Any

import pytest

from revcycle_simulation.staff.choices import Choice, Refusals, choose, subject_of_hold, together


def denial(number: str, **parts: Any) -> dict[str, Any]:
    """A denial as the worklist shows it."""
    known = {"denial_id": number, "claim_id": "C1", "level": 0, "state": "open", "carc": "252", "group": "CO"}
    known |= {"encounter_id": "E1", "payer_id": "P1", "line_number": 1, "appealable": True, "method": "appeal"}
    return known | parts


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


def after(refusals: Refusals, refused: dict[str, Any], told: dict[str, Any], order: str | None = None) -> Choice:
    """What is done about a refusal after those before it."""
    return refusals.learn(refused, choose(refused, told, order))


def test_the_same_correction_is_not_sent_again_after_the_second_identical_refusal() -> None:
    refusals, told = Refusals(), answer({"field": "modifiers", "value": "25"})
    deeds = [after(refusals, denial(str(number), claim_id=f"C{number}", carc="B7"), told) for number in range(4)]
    assert ["correct", "appeal", "appeal", "appeal"] == [choice.deed for choice in deeds]
    assert ("write_off",) == deeds[1].otherwise, "where no appeal may be, it is given up"
    assert "refused for the same reason again" in deeds[1].argument


def test_a_refusal_that_lies_for_mornings_counts_once() -> None:
    refusals, told = Refusals(), answer({"field": "modifiers", "value": "25"})
    deeds = [after(refusals, denial("1", carc="B7"), told).deed for _ in range(5)]
    assert ["correct"] * 5 == deeds


@pytest.mark.parametrize(
    "changed", [{"carc": "16"}, {"payer_id": "P2"}, {"line_number": 2}, {"encounter_id": "E2"}, {"group": "PR"}]
)
def test_another_refusal_may_be_answered_by_the_same_correction(changed: dict[str, Any]) -> None:
    refusals, told = Refusals(), answer({"field": "modifiers", "value": "25"})
    after(refusals, denial("1", carc="B7"), told)
    assert "correct" == after(refusals, denial("2", **{"claim_id": "C2", "carc": "B7", **changed}), told).deed


def test_another_correction_may_answer_the_same_refusal() -> None:
    refusals = Refusals()
    after(refusals, denial("1", carc="B7"), answer({"field": "modifiers", "value": "25"}))
    other = answer({"field": "code", "value": "99213"})
    assert "correct" == after(refusals, denial("2", claim_id="C2", carc="B7"), other).deed


def test_an_order_of_the_scenario_is_followed_however_often_it_was_refused() -> None:
    refusals, told = Refusals(), answer({"field": "modifiers", "value": "25"})
    deeds = [after(refusals, denial(str(n), claim_id=f"C{n}", carc="B7"), told, "correct").deed for n in range(3)]
    assert ["correct"] * 3 == deeds
