"""What denials does when claims speaks: state and outbox, on real PostgreSQL."""

from datetime import date

import pytest

from denials.domain.denial import State
from denials.domain.prevention import PreventionRule
from denials.domain.underpayment import Underpayment
from denials.messages import FileAppeal, RequestCorrection
from denials.testing.office import Office


async def test_a_refused_line_opens_one_denial(office: Office) -> None:
    """J3: CO-197 opens one denial with the contract's deadline; hearing the news twice changes nothing."""
    await office.hear("claims/claim_submitted.surgery")
    await office.hear("claims/claim_adjudicated.no_authorization")
    await office.harness.hear_again()

    [denial] = await office.denials()
    assert (1, "197", 1_450_00) == (denial.line_number, denial.carc, denial.amount_cents)
    assert date(2026, 5, 31) == denial.act_by  # 90 days after the decision
    assert ["denial_opened"] == await office.event_names()
    told = await office.last("denial_opened")
    assert ("authorization", "appeal", 341_00) == (
        told["category"],
        told["method"],
        told["expected_recovery_cents"],
    )


@pytest.mark.parametrize("example", ["deductible_only", "duplicate", "paid_on_appeal"])
async def test_what_is_no_refusal_opens_nothing(office: Office, example: str) -> None:
    """J14, J4, J1: a deductible, a second copy and a payment."""
    await office.hear("claims/claim_submitted.surgery")
    await office.hear(f"claims/claim_adjudicated.{example}")

    assert [] == await office.denials()
    assert [] == await office.event_names()


async def test_the_identity_rests_sealed_and_opens_for_a_letter_only(office: Office) -> None:
    await office.hear("claims/claim_submitted.surgery")

    rows = await office.harness.query("SELECT body::text AS body FROM claim")

    assert 1 == len(rows)
    for secret in ("Testcase", "ZZTEST0001", "1970-02-03"):  # too long to stand in sealed text by chance
        assert secret not in rows[0]["body"]


async def test_a_decision_waits_for_the_payers_terms(office: Office) -> None:
    unknown = "6b1f0d5c-2a11-8a10-9c04-0000000000ff"
    await office.hear("claims/claim_adjudicated.no_authorization", payer_id=unknown)

    [waiting] = await office.harness.waiting()
    assert "payer" in waiting["reason"]
    await office.hear("eligibility/payer_updated.commercial", payer_id=unknown)
    await office.harness.settle()
    assert ["denial_opened"] == await office.event_names()


async def test_the_reversal_and_the_new_decision_end_the_denial(office: Office) -> None:
    """J3 without our doing anything: the payer corrects itself, 496.00 come in."""
    await office.hear("claims/claim_submitted.surgery")
    await office.hear("claims/claim_adjudicated.no_authorization")
    await office.hear("claims/claim_adjudicated.taken_back")
    assert ["denial_opened"] == await office.event_names()

    await office.hear("claims/claim_adjudicated.paid_on_appeal")

    [denial] = await office.denials()
    assert State.RESOLVED is denial.state
    told = await office.last("denial_resolved")
    assert ("overturned", 1_450_00, 496_00, "2026-05-20") == (
        told["outcome"],
        told["amount_cents"],
        told["recovered_cents"],
        told["resolved_on"],
    )


async def test_the_replacements_decision_ends_the_denial_of_the_claim_it_replaces(office: Office) -> None:
    """J9: line 2 recovers 36.00; line 1 was never refused."""
    await office.hear("claims/claim_submitted.two_lines")
    await office.hear("claims/claim_adjudicated.modifier_missing")
    [denial] = await office.denials()
    assert (2, "replacement", "coding") == (denial.line_number, denial.method, denial.category)

    await office.hear("claims/claim_submitted.replacement")
    await office.hear("claims/claim_adjudicated.replacement_paid")

    told = await office.last("denial_resolved")
    assert ("corrected", 36_00, str(denial.claim_id)) == (
        told["outcome"],
        told["recovered_cents"],
        told["claim_id"],
    )


async def test_every_denial_of_a_claim_waits_for_the_claim_that_follows_it(office: Office) -> None:
    """A replacement has each line decided anew: what was not corrected in it is not to be written off meanwhile."""
    await office.hear("claims/claim_submitted.two_lines")
    await office.hear("claims/claim_adjudicated.modifier_missing")

    await office.hear("claims/claim_submitted.replacement")

    assert [State.CORRECTED] == [denial.state for denial in await office.denials()]


async def test_a_pending_appeal_goes_on_when_a_replacement_leaves(office: Office) -> None:
    await office.hear("claims/claim_submitted.two_lines")
    await office.hear("claims/claim_adjudicated.no_authorization")
    [denial] = await office.denials()
    await office.run(FileAppeal(denial_ids=(denial.denial_id,), signed_by="K. Miller", by="kim"))

    await office.hear("claims/claim_submitted.replacement")

    assert [State.APPEALED] == [denial.state for denial in await office.denials()]


async def test_a_payer_found_by_registration_ends_the_denial_of_the_former_one(office: Office) -> None:
    """PR-27, and a claim to the right payer leaves before anybody asks: its payment ends the denial."""
    right, second = "6b1f0d5c-2a11-8a10-9c04-000000000002", "6b1f0d5c-2a11-8a10-9c03-000000000002"
    await office.hear("eligibility/payer_updated.commercial", payer_id=right)
    await office.hear("claims/claim_submitted.surgery")
    await office.hear("claims/claim_adjudicated.coverage_ended")

    await office.hear("claims/claim_submitted.surgery", claim_id=second, payer_id=right)
    assert [State.CORRECTED] == [denial.state for denial in await office.denials()]
    await office.hear("claims/claim_adjudicated.paid_on_appeal", claim_id=second, payer_id=right, adjudication=1)

    told = await office.last("denial_resolved")
    assert ("corrected", 496_00) == (told["outcome"], told["recovered_cents"])


@pytest.mark.parametrize(("first", "outcome"), [("refusal", "corrected"), ("payment", "withdrawn")])
async def test_a_payer_that_was_asked_wrongly_and_refuses_late_is_not_argued_with(
    office: Office, first: str, outcome: str
) -> None:
    """The claim to the right payer left before the wrong one refused, and is paid after or before that."""
    right, second = "6b1f0d5c-2a11-8a10-9c04-000000000002", "6b1f0d5c-2a11-8a10-9c03-000000000002"
    await office.hear("eligibility/payer_updated.commercial", payer_id=right)
    await office.hear("claims/claim_submitted.surgery")
    later = "2026-02-20T18:00:00Z"
    await office.hear("claims/claim_submitted.surgery", claim_id=second, payer_id=right, submitted_at=later)
    paid = {"claim_id": second, "payer_id": right, "adjudication": 1}

    if first == "payment":
        await office.hear("claims/claim_adjudicated.paid_on_appeal", **paid)
    await office.hear("claims/claim_adjudicated.coverage_ended")
    if first == "refusal":
        assert [State.CORRECTED] == [denial.state for denial in await office.denials()]
        await office.hear("claims/claim_adjudicated.paid_on_appeal", **paid)

    assert ["denial_opened", "denial_resolved"] == await office.event_names()
    assert outcome == (await office.last("denial_resolved"))["outcome"]


async def test_what_the_patient_pays_alone_is_asked_of_no_payer(office: Office) -> None:
    """PR-27, and no other coverage: the encounter is billed to the patient as self-pay."""
    await office.hear("claims/claim_submitted.surgery")
    await office.hear("claims/claim_adjudicated.coverage_ended")

    await office.hear("claims/patient_balance_due.self_pay")

    told = await office.last("denial_resolved")
    assert ("withdrawn", 0) == (told["outcome"], told["recovered_cents"])


async def test_a_patients_share_of_what_was_paid_ends_no_denial(office: Office) -> None:
    await office.hear("claims/claim_submitted.surgery")
    await office.hear("claims/claim_adjudicated.no_authorization")

    await office.hear("claims/patient_balance_due.self_pay", cause="patient_responsibility")

    assert ["denial_opened"] == await office.event_names()


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
    office: Office, example: str, state: State, note: str
) -> None:
    await office.hear("claims/claim_submitted.two_lines")
    await office.hear("claims/claim_adjudicated.modifier_missing")
    [denial] = await office.denials()
    await office.run(RequestCorrection(denial_ids=(denial.denial_id,), by="kim"))

    await office.hear(f"claims/correction_declined.{example}", denial_ids=[str(denial.denial_id)])

    [after] = await office.denials()
    assert (state, note) == (after.state, after.note)


async def test_without_proof_late_filing_is_for_writing_off(office: Office) -> None:
    """J5: a rejection is no evidence."""
    await office.hear("claims/claim_rejected.unknown_member")
    await office.hear("claims/claim_submitted.surgery")
    await office.hear("claims/claim_adjudicated.late")
    assert "write_off" == (await office.last("denial_opened"))["method"]


async def test_with_proof_late_filing_is_appealed(office: Office) -> None:
    """J5b: the payer itself had accepted the claim in time."""
    await office.hear("claims/claim_submitted.surgery")
    await office.hear("claims/claim_acknowledged.accepted_by_payer")
    await office.hear("claims/claim_adjudicated.late")

    told = await office.last("denial_opened")
    assert ("appeal", 558_00) == (told["method"], told["expected_recovery_cents"])  # 90 % of 620.00


@pytest.mark.parametrize(("level", "outcome"), [("clearinghouse", "accepted"), ("payer", "received")])
async def test_what_others_accepted_or_the_payer_only_received_proves_nothing(
    office: Office, level: str, outcome: str
) -> None:
    await office.hear("claims/claim_submitted.surgery")
    await office.hear("claims/claim_acknowledged.accepted_by_payer", level=level, outcome=outcome)
    await office.hear("claims/claim_adjudicated.late")

    assert "write_off" == (await office.last("denial_opened"))["method"]


async def test_pennies_are_written_off_at_once(office: Office) -> None:
    line = {
        "line_number": 1,
        "code": "G0444",
        "charge_cents": 8_00,
        "paid_cents": 0,
        "allowed_cents": 0,
        "expected_allowed_cents": 5_00,
        "adjustments": [{"group": "CO", "carc": "50", "amount_cents": 8_00, "meaning": "denial"}],
    }
    await office.hear("claims/claim_adjudicated.no_authorization", lines=[line])

    assert ["denial_opened", "write_off_approved", "denial_resolved"] == await office.event_names()
    told = await office.last("write_off_approved")
    assert ("small_balance", "auto", 3_00, 5_00) == (
        told["write_off_class"],
        told["tier"],
        told["adjustment_cents"],
        told["write_off_cents"],
    )


async def test_the_same_refusal_five_times_proposes_a_rule_once(office: Office) -> None:
    for number in range(6):
        claim = f"6b1f0d5c-2a11-8a10-9c03-00000000010{number}"
        await office.hear("claims/claim_adjudicated.no_authorization", claim_id=claim)
    await office.harness.settle()

    rules: list[PreventionRule] = await office.harness.documents("prevention_rule")
    [rule] = rules
    assert ["prevention_rule_proposed"] == [
        name for name, _ in await office.harness.said() if name.startswith("prevention")
    ]
    told = await office.last("prevention_rule_proposed")
    assert ("197", ["G0105"], 5) == (told["carc"], told["codes"], told["denials_seen"])
    assert rule.payer_id == (await office.denials())[0].payer_id


async def test_a_rejection_at_the_door_teaches_but_opens_nothing(office: Office) -> None:
    await office.hear("claims/claim_rejected.unknown_member")
    await office.harness.settle()

    rules: list[PreventionRule] = await office.harness.documents("prevention_rule")
    [rule] = rules
    assert ("A7:33", "eligibility", 1) == (rule.carc, rule.category, rule.count)
    assert [] == await office.denials()


async def test_an_underpayment_is_listed_and_is_no_denial(office: Office) -> None:
    await office.hear("claims/underpayment_found.ten_dollars")

    underpayments: list[Underpayment] = await office.harness.documents("underpayment")
    [underpayment] = underpayments
    assert 10_00 == underpayment.missing_cents
    assert [] == await office.denials()
