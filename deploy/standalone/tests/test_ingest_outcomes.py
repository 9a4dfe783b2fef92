"""How an encounter ended follows from what the services say of it."""

from typing import Any

import pytest

from revcycle.ingest.outcomes import Lists, ending_of
from revcycle.ingest.report import Report, Taken
from revcycle_simulation.figures import MONEY

ID = "0b0f0a3e-0000-0000-0000-000000000001"
TODAY = "2026-06-01"


def _journey(state: str, service_on: str = "2026-01-10", **cents: int) -> dict[str, Any]:
    money = dict.fromkeys(MONEY, 0) | {"charged": 100_00} | cents
    return {"state": state, "money_cents": money, "next_step": "Somebody acts.", "service_on": service_on}


def _denial(carc: str, outcome: str | None) -> dict[str, Any]:
    return {"group": "CO", "carc": carc, "category": "necessity", "outcome": outcome}


def _lists(journey: dict[str, Any] | None, registration: str = "finished", **more: Any) -> Lists:
    journeys = {ID: journey} if journey else {}
    return Lists({ID: {"encounter_id": ID, "state": registration}}, journeys, today=TODAY, **more)


@pytest.mark.parametrize(
    ("journey", "denials", "outcome", "reason"),
    [
        (_journey("closed", insurance_paid=60_00, adjusted=40_00), [], "paid", "by the payer"),
        (_journey("closed", patient_paid=100_00), [], "paid", "by the patient: no payer owes anything of it"),
        (_journey("closed", written_off=100_00), [_denial("50", "written_off")], "denied", "CO-50 necessity"),
        (_journey("closed", insurance_paid=60_00), [_denial("50", "overturned")], "paid", "by the payer"),
        (
            _journey("closed", insurance_paid=60_00, written_off=40_00),
            [_denial("97", "accepted")],
            "paid",
            "by the payer; refused in part: CO-97 necessity",
        ),
        (_journey("closed", charged=0), [], "not_billable", "every charge was taken back"),
        (_journey("closed", written_off=100_00), [], "written_off", "nothing was paid, and nothing is left to collect"),
        (_journey("denied"), [_denial("50", None)], "denied", "CO-50 necessity: still being worked on"),
        (_journey("registered", charged=0), [], "not_billable", "no charges were sent"),
        (_journey("with_payer"), [], "with_payer", "Somebody acts."),
        (_journey("unbilled", "2027-01-01"), [], "not_due", "the day of service, 2027-01-01, is not over"),
    ],
)
def test_an_ending_is_one_word_and_a_reason(
    journey: dict[str, Any], denials: list[dict[str, Any]], outcome: str, reason: str
) -> None:
    ending = ending_of(ID, _lists(journey, denials={ID: denials}))
    assert (outcome, reason) == (ending.outcome, ending.reason)


def test_what_a_coder_has_to_supply_is_named_with_the_code_systems_that_came() -> None:
    uncoded = {
        "missing": [{"what": "procedure"}, {"what": "diagnosis"}, {"what": "procedure"}],
        "charges": [{"system": "snomed"}, {"system": "hcpcs"}],
        "unmapped": ["icd9cm"],
    }
    ending = ending_of(ID, _lists(_journey("waiting_for_codes"), uncoded={ID: uncoded}))
    assert "waiting_for_codes" == ending.outcome
    assert "missing: procedure, diagnosis (received as icd9cm, snomed)" == ending.reason


def test_a_held_claim_is_told_by_its_edits() -> None:
    claim = {"state": "held", "findings": [{"edit": "member_id", "rule": "the subscriber has a member number"}]}
    ending = ending_of(ID, _lists(_journey("held"), stopped={ID: [claim]}))
    assert ("claim_held", "member_id") == (ending.outcome, ending.reason)


def test_a_refusal_on_which_no_denial_is_worked_is_still_named() -> None:
    ending = ending_of(ID, _lists(_journey("answered"), refusals={ID: ["OA-18 duplicate"]}))
    assert ("denied", "OA-18 duplicate") == (ending.outcome, ending.reason)


@pytest.mark.parametrize(
    ("state", "outcome"), [("cancelled", "not_billable"), ("expected", "waiting_for_registration")]
)
def test_what_was_never_opened_is_told_by_its_registration(state: str, outcome: str) -> None:
    assert outcome == ending_of(ID, _lists(None, state)).outcome


def test_an_encounter_that_no_service_knows_is_counted_all_the_same() -> None:
    assert "not_registered" == ending_of(ID, Lists()).outcome


def test_an_encounter_of_which_analytics_never_heard_does_not_pass_for_settled() -> None:
    assert "unheard" == ending_of(ID, _lists(None)).outcome


def test_an_account_is_unsound_when_a_message_vanished_or_an_invariant_fails() -> None:
    assert Report(invariants={"money_conserved": True}).sound
    assert not Report(invariants={"money_conserved": False}).sound
    assert not Report(vanished=["a.hl7#1"]).sound


def test_the_json_counts_every_message_under_one_fate_and_names_what_was_not_used() -> None:
    taken = [
        Taken("a.hl7", 1, "accepted"),
        Taken("a.hl7", 2, "held", reasons=("patient (PID): Send PID.",)),
        Taken("b.bin", 1, "refused", reasons=("no message",)),
        Taken("c.hl7", 1, "repeated"),
    ]
    told = Report(files=3, taken=taken).as_json()
    assert 4 == told["messages"] == sum(told[fate] for fate in ("accepted", "held", "refused", "repeated"))
    assert [("a.hl7", 2), ("b.bin", 1)] == [(item["path"], item["message"]) for item in told["inputs"]]
