"""What denials does when claims speaks: state and outbox, on real PostgreSQL."""

from datetime import date
from typing import Any

import pytest

from denials.domain.denial import State
from denials.messages import FileAppeal, RequestCorrection

Room = Any
"""The fixture's class lives in conftest.py, which tests do not import."""


async def test_a_refused_line_opens_one_denial(room: Room) -> None:
    """J3: CO-197 opens one denial with the contract's deadline; hearing the news twice changes nothing."""
    await room.hear("claims/claim_submitted.surgery")
    await room.hear("claims/claim_adjudicated.no_authorization")
    await room.harness.hear_again()

    [denial] = await room.denials()
    assert (1, "197", 1_450_00) == (denial.line_number, denial.carc, denial.amount_cents)
    assert date(2026, 5, 31) == denial.act_by  # 90 days after the decision
    assert ["denial_opened"] == await room.said()
    told = await room.last("denial_opened")
    assert ("authorization", "appeal", 341_00) == (
        told["category"],
        told["method"],
        told["expected_recovery_cents"],
    )


@pytest.mark.parametrize("example", ["deductible_only", "duplicate", "paid_on_appeal"])
async def test_what_is_no_refusal_opens_nothing(room: Room, example: str) -> None:
    """J14, J4, J1: a deductible, a second copy and a payment."""
    await room.hear("claims/claim_submitted.surgery")
    await room.hear(f"claims/claim_adjudicated.{example}")

    assert [] == await room.denials()
    assert [] == await room.said()


async def test_the_identity_rests_sealed_and_opens_for_a_letter_only(room: Room) -> None:
    await room.hear("claims/claim_submitted.surgery")

    rows = await room.harness.query("SELECT body::text AS body FROM claim")

    assert 1 == len(rows)
    for secret in ("Testcase", "ZZTEST0001", "1970-02-03"):  # too long to stand in sealed text by chance
        assert secret not in rows[0]["body"]


async def test_a_decision_waits_for_the_payers_terms(room: Room) -> None:
    unknown = "6b1f0d5c-2a11-8a10-9c04-0000000000ff"
    await room.hear("claims/claim_adjudicated.no_authorization", payer_id=unknown)

    [waiting] = await room.harness.waiting()
    assert "payer" in waiting["reason"]
    await room.hear("eligibility/payer_updated.commercial", payer_id=unknown)
    await room.harness.settle()
    assert ["denial_opened"] == await room.said()


async def test_the_reversal_and_the_new_decision_end_the_denial(room: Room) -> None:
    """J3 without our doing anything: the payer corrects itself, 496.00 come in."""
    await room.hear("claims/claim_submitted.surgery")
    await room.hear("claims/claim_adjudicated.no_authorization")
    await room.hear("claims/claim_adjudicated.taken_back")
    assert ["denial_opened"] == await room.said()

    await room.hear("claims/claim_adjudicated.paid_on_appeal")

    [denial] = await room.denials()
    assert State.RESOLVED is denial.state
    told = await room.last("denial_resolved")
    assert ("overturned", 1_450_00, 496_00, "2026-05-20") == (
        told["outcome"],
        told["amount_cents"],
        told["recovered_cents"],
        told["resolved_on"],
    )


async def test_the_replacements_decision_ends_the_denial_of_the_claim_it_replaces(room: Room) -> None:
    """J9: line 2 recovers 36.00; line 1 was never refused."""
    await room.hear("claims/claim_submitted.two_lines")
    await room.hear("claims/claim_adjudicated.modifier_missing")
    [denial] = await room.denials()
    assert (2, "replacement", "coding") == (denial.line_number, denial.method, denial.category)

    await room.hear("claims/claim_submitted.replacement")
    await room.hear("claims/claim_adjudicated.replacement_paid")

    told = await room.last("denial_resolved")
    assert ("corrected", 36_00, str(denial.claim_id)) == (
        told["outcome"],
        told["recovered_cents"],
        told["claim_id"],
    )


async def test_every_denial_of_a_claim_waits_for_the_claim_that_follows_it(room: Room) -> None:
    """A replacement has each line decided anew: what was not corrected in it is not to be written off meanwhile."""
    await room.hear("claims/claim_submitted.two_lines")
    await room.hear("claims/claim_adjudicated.modifier_missing")

    await room.hear("claims/claim_submitted.replacement")

    assert [State.CORRECTED] == [denial.state for denial in await room.denials()]


async def test_a_pending_appeal_goes_on_when_a_replacement_leaves(room: Room) -> None:
    await room.hear("claims/claim_submitted.two_lines")
    await room.hear("claims/claim_adjudicated.no_authorization")
    [denial] = await room.denials()
    await room.ask(FileAppeal(denial_ids=(denial.denial_id,), signed_by="K. Miller", by="kim"))

    await room.hear("claims/claim_submitted.replacement")

    assert [State.APPEALED] == [denial.state for denial in await room.denials()]


async def test_a_payer_found_by_registration_ends_the_denial_of_the_former_one(room: Room) -> None:
    """PR-27, and a claim to the right payer leaves before anybody asks: its payment ends the denial."""
    right, second = "6b1f0d5c-2a11-8a10-9c04-000000000002", "6b1f0d5c-2a11-8a10-9c03-000000000002"
    await room.hear("eligibility/payer_updated.commercial", payer_id=right)
    await room.hear("claims/claim_submitted.surgery")
    await room.hear("claims/claim_adjudicated.coverage_ended")

    await room.hear("claims/claim_submitted.surgery", claim_id=second, payer_id=right)
    assert [State.CORRECTED] == [denial.state for denial in await room.denials()]
    await room.hear("claims/claim_adjudicated.paid_on_appeal", claim_id=second, payer_id=right, adjudication=1)

    told = await room.last("denial_resolved")
    assert ("corrected", 496_00) == (told["outcome"], told["recovered_cents"])


@pytest.mark.parametrize(("first", "outcome"), [("refusal", "corrected"), ("payment", "withdrawn")])
async def test_a_payer_that_was_asked_wrongly_and_refuses_late_is_not_argued_with(
    room: Room, first: str, outcome: str
) -> None:
    """The claim to the right payer left before the wrong one refused, and is paid after or before that."""
    right, second = "6b1f0d5c-2a11-8a10-9c04-000000000002", "6b1f0d5c-2a11-8a10-9c03-000000000002"
    await room.hear("eligibility/payer_updated.commercial", payer_id=right)
    await room.hear("claims/claim_submitted.surgery")
    later = "2026-02-20T18:00:00Z"
    await room.hear("claims/claim_submitted.surgery", claim_id=second, payer_id=right, submitted_at=later)
    paid = {"claim_id": second, "payer_id": right, "adjudication": 1}

    if first == "payment":
        await room.hear("claims/claim_adjudicated.paid_on_appeal", **paid)
    await room.hear("claims/claim_adjudicated.coverage_ended")
    if first == "refusal":
        assert [State.CORRECTED] == [denial.state for denial in await room.denials()]
        await room.hear("claims/claim_adjudicated.paid_on_appeal", **paid)

    assert ["denial_opened", "denial_resolved"] == await room.said()
    assert outcome == (await room.last("denial_resolved"))["outcome"]


async def test_what_the_patient_pays_alone_is_asked_of_no_payer(room: Room) -> None:
    """PR-27, and no other coverage: the encounter is billed to the patient as self-pay."""
    await room.hear("claims/claim_submitted.surgery")
    await room.hear("claims/claim_adjudicated.coverage_ended")

    await room.hear("claims/patient_balance_due.self_pay")

    told = await room.last("denial_resolved")
    assert ("withdrawn", 0) == (told["outcome"], told["recovered_cents"])


async def test_a_patients_share_of_what_was_paid_ends_no_denial(room: Room) -> None:
    await room.hear("claims/claim_submitted.surgery")
    await room.hear("claims/claim_adjudicated.no_authorization")

    await room.hear("claims/patient_balance_due.self_pay", cause="patient_responsibility")

    assert ["denial_opened"] == await room.said()


@pytest.mark.parametrize(
    ("example", "state", "note"),
    [
        (
            "unusable_change",
            State.WORKING,
            "units must be a number greater than zero: enter how many units were rendered",
        ),
        ("no_payer", State.RESOLVED, ""),
    ],
)
async def test_a_correction_that_claims_declines_comes_back_or_ends(
    room: Room, example: str, state: State, note: str
) -> None:
    await room.hear("claims/claim_submitted.two_lines")
    await room.hear("claims/claim_adjudicated.modifier_missing")
    [denial] = await room.denials()
    await room.ask(RequestCorrection(denial_ids=(denial.denial_id,), by="kim"))

    await room.hear(f"claims/correction_declined.{example}", denial_ids=[str(denial.denial_id)])

    [after] = await room.denials()
    assert (state, note) == (after.state, after.note)


async def test_without_proof_late_filing_is_for_writing_off(room: Room) -> None:
    """J5: a rejection is no evidence."""
    await room.hear("claims/claim_rejected.unknown_member")
    await room.hear("claims/claim_submitted.surgery")
    await room.hear("claims/claim_adjudicated.late")
    assert "write_off" == (await room.last("denial_opened"))["method"]


async def test_with_proof_late_filing_is_appealed(room: Room) -> None:
    """J5b: the payer itself had accepted the claim in time."""
    await room.hear("claims/claim_submitted.surgery")
    await room.hear("claims/claim_acknowledged.accepted_by_payer")
    await room.hear("claims/claim_adjudicated.late")

    told = await room.last("denial_opened")
    assert ("appeal", 558_00) == (told["method"], told["expected_recovery_cents"])  # 90 % of 620.00


@pytest.mark.parametrize(("level", "outcome"), [("clearinghouse", "accepted"), ("payer", "received")])
async def test_what_others_accepted_or_the_payer_only_received_proves_nothing(
    room: Room, level: str, outcome: str
) -> None:
    await room.hear("claims/claim_submitted.surgery")
    await room.hear("claims/claim_acknowledged.accepted_by_payer", level=level, outcome=outcome)
    await room.hear("claims/claim_adjudicated.late")

    assert "write_off" == (await room.last("denial_opened"))["method"]


async def test_pennies_are_written_off_at_once(room: Room) -> None:
    line = {
        "line_number": 1,
        "code": "G0444",
        "charge_cents": 8_00,
        "paid_cents": 0,
        "allowed_cents": 0,
        "expected_allowed_cents": 5_00,
        "adjustments": [{"group": "CO", "carc": "50", "amount_cents": 8_00, "meaning": "denial"}],
    }
    await room.hear("claims/claim_adjudicated.no_authorization", lines=[line])

    assert ["denial_opened", "write_off_approved", "denial_resolved"] == await room.said()
    told = await room.last("write_off_approved")
    assert ("small_balance", "auto", 3_00, 5_00) == (
        told["write_off_class"],
        told["tier"],
        told["adjustment_cents"],
        told["write_off_cents"],
    )


async def test_the_same_refusal_five_times_proposes_a_rule_once(room: Room) -> None:
    for number in range(6):
        claim = f"6b1f0d5c-2a11-8a10-9c03-00000000010{number}"
        await room.hear("claims/claim_adjudicated.no_authorization", claim_id=claim)
    await room.harness.settle()

    [pattern] = await room.harness.documents("prevention_rule")
    assert ["prevention_rule_proposed"] == [
        name for name, _ in await room.harness.said() if name.startswith("prevention")
    ]
    told = await room.last("prevention_rule_proposed")
    assert ("197", ["G0105"], 5) == (told["carc"], told["codes"], told["denials_seen"])
    assert pattern.payer_id == (await room.denials())[0].payer_id


async def test_a_rejection_at_the_door_teaches_but_opens_nothing(room: Room) -> None:
    await room.hear("claims/claim_rejected.unknown_member")
    await room.harness.settle()

    [pattern] = await room.harness.documents("prevention_rule")
    assert ("A7:33", "eligibility", 1) == (pattern.carc, pattern.category, pattern.count)
    assert [] == await room.denials()


async def test_an_underpayment_is_listed_and_is_no_denial(room: Room) -> None:
    await room.hear("claims/underpayment_found.ten_dollars")

    [found] = await room.harness.documents("underpayment")
    assert 10_00 == found.missing_cents
    assert [] == await room.denials()
