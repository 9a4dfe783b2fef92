"""What denials does when a person decides: state, outbox, letters, and what is refused."""

from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import UUID

import msgspec
import pytest

from denials import messages
from denials.domain.appeal import Appeal
from denials.domain.denial import State
from denials.published import Change
from denials.testing.office import ORGANIZATION, Office
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import Conflict, NotFound, Refusal
from revcycle_kit.partners.outcomes import Rejected


async def test_an_appeal_writes_a_letter_that_names_the_patient_and_sends_it_once(office: Office) -> None:
    denial = await office.refuse()

    filed = await office.run(
        messages.FileAppeal(
            denial_ids=(denial.denial_id,), enclosures=("operative note",), signed_by="K. Miller", by="kim"
        )
    )
    await office.harness.settle()

    [(paper, cover)] = office.carrier.sent.values()
    assert filed.letter_sha256 == sha256(paper).hexdigest()
    assert [str(filed.appeal_id)] == list(office.carrier.sent)
    assert ("PRAIRIE1", "RC0001A", "ICN77001", ["line 1: CO-197"]) == tuple(
        msgspec.json.decode(cover)[name]
        for name in ("payer_code", "patient_control_number", "payer_claim_control_number", "refused")
    )
    assert ["denial_opened", "appeal_filed"] == await office.event_names()
    appeals: list[Appeal] = await office.harness.documents("appeal")
    [appeal] = appeals
    assert (1, date(2026, 3, 3), date(2026, 5, 2), date(2026, 3, 3)) == (
        appeal.level,
        appeal.filed_on,
        appeal.decision_due_by,
        appeal.sent_on,
    )
    assert State.APPEALED is (await office.denials())[0].state


async def test_nothing_at_rest_or_on_the_way_names_the_patient_in_clear(office: Office) -> None:
    denial = await office.refuse()
    await office.run(
        messages.FileAppeal(
            denial_ids=(denial.denial_id,), argument="Ada was in pain.", signed_by="K. Miller", by="kim"
        )
    )

    tables = ("claim", "denial", "appeal", "letter", "outbox", "task", "command")
    rows = [row for name in tables for row in await office.harness.query(f'SELECT * FROM "{name}"')]  # noqa: S608 - ours
    everything = " ".join(str(dict(row)) for row in rows)

    assert "appeal_filed" in everything
    for secret in ("Testcase", "Ada was", "ZZTEST0001"):
        assert secret not in everything


async def test_a_won_appeal_expects_money_and_only_the_payment_resolves_it(office: Office) -> None:
    """J3 in full: the letter moves no money, the 835 does."""
    denial = await office.refuse()
    filed = await office.run(messages.FileAppeal(denial_ids=(denial.denial_id,), signed_by="K. Miller", by="kim"))

    decided = await office.run(
        messages.RecordDecision(appeal_id=filed.appeal_id, outcome="overturned", decided_on=date(2026, 5, 1))
    )
    assert date(2026, 6, 15) == decided.payment_due_by
    assert State.OVERTURNED is (await office.denials())[0].state
    assert 620_00 == (await office.last("appeal_decided"))["expected_cents"]

    await office.hear("claims/claim_adjudicated.taken_back")
    await office.hear("claims/claim_adjudicated.paid_on_appeal")
    told = await office.last("denial_resolved")
    assert ("overturned", 496_00) == (told["outcome"], told["recovered_cents"])
    assert ["denial_opened", "appeal_filed", "appeal_decided", "denial_resolved"] == await office.event_names()


async def test_a_promise_not_kept_brings_the_work_back(office: Office) -> None:
    denial = await office.refuse()
    filed = await office.run(messages.FileAppeal(denial_ids=(denial.denial_id,), signed_by="K. Miller", by="kim"))
    await office.run(
        messages.RecordDecision(appeal_id=filed.appeal_id, outcome="overturned", decided_on=date(2026, 5, 1))
    )

    await office.harness.advance(datetime(2026, 6, 15, 23, tzinfo=UTC))
    assert State.OVERTURNED is (await office.denials())[0].state
    await office.harness.advance(datetime(2026, 6, 17, tzinfo=UTC))
    assert State.WORKING is (await office.denials())[0].state


async def test_a_lost_appeal_starts_the_clock_of_the_next_level(office: Office) -> None:
    denial = await office.refuse()
    filed = await office.run(messages.FileAppeal(denial_ids=(denial.denial_id,), signed_by="K. Miller", by="kim"))

    await office.run(messages.RecordDecision(appeal_id=filed.appeal_id, outcome="upheld", decided_on=date(2026, 5, 1)))

    [lost] = await office.denials()
    assert (State.UPHELD, date(2026, 7, 30), 1) == (lost.state, lost.act_by, lost.level)
    again = await office.run(messages.FileAppeal(denial_ids=(denial.denial_id,), signed_by="K. Miller", by="kim"))
    assert (2, "second-level dispute") == (again.level, again.level_name)


async def test_a_correction_goes_by_the_payers_method_with_the_changes_named(office: Office) -> None:
    """J9: the modifier is added; claims builds the replacement."""
    denial = await office.refuse("modifier_missing", "two_lines")

    answer = await office.run(
        messages.RequestCorrection(
            denial_ids=(denial.denial_id,),
            changes=(Change(field="modifiers", line_number=2, value="25"),),
            by="kim",
        )
    )

    assert "replacement" == answer.method
    told = await office.last("correction_requested")
    assert ([{"field": "modifiers", "line_number": 2, "value": "25"}], "kim") == (
        told["changes"],
        told["requested_by"],
    )
    assert State.CORRECTED is (await office.denials())[0].state


async def test_nothing_is_corrected_on_a_line_that_the_claim_does_not_have(office: Office) -> None:
    denial = await office.refuse("modifier_missing", "two_lines")
    change = Change(field="modifiers", line_number=3, value="25")

    with pytest.raises(Refusal, match="no line 3"):
        await office.run(messages.RequestCorrection(denial_ids=(denial.denial_id,), changes=(change,), by="kim"))
    assert ["denial_opened"] == await office.event_names()


async def test_what_waits_for_a_corrected_claim_is_neither_corrected_again_nor_given_up(office: Office) -> None:
    denial = await office.refuse("modifier_missing", "two_lines")
    await office.hear("claims/claim_submitted.replacement")

    for command in (
        messages.RequestCorrection(denial_ids=(denial.denial_id,), by="kim"),
        messages.WriteOffDenial(denial_id=denial.denial_id, by="kim", roles=("manager",)),
    ):
        with pytest.raises(Conflict, match="corrected claim is on its way"):
            await office.run(command)
    assert ["denial_opened"] == await office.event_names()


async def test_a_coverage_that_had_ended_is_sent_new_to_the_right_payer(office: Office) -> None:
    """J2b."""
    denial = await office.refuse("coverage_ended")
    other_payer = "6b1f0d5c-2a11-8a10-9c04-000000000002"

    answer = await office.run(
        messages.RequestCorrection(
            denial_ids=(denial.denial_id,), changes=(Change(field="payer_id", value=other_payer),), by="kim"
        )
    )
    assert "new" == answer.method

    second = "6b1f0d5c-2a11-8a10-9c03-000000000002"
    await office.hear("eligibility/payer_updated.commercial", payer_id=other_payer)
    await office.hear("claims/claim_submitted.surgery", claim_id=second, payer_id=other_payer)
    await office.hear("claims/claim_adjudicated.paid_on_appeal", claim_id=second, payer_id=other_payer, adjudication=1)
    told = await office.last("denial_resolved")
    assert ("corrected", 496_00) == (told["outcome"], told["recovered_cents"])


async def test_a_write_off_is_split_by_the_contract_price_and_needs_the_tier(office: Office) -> None:
    denial = await office.refuse("late")
    ask = messages.WriteOffDenial(denial_id=denial.denial_id, by="kim", roles=("biller",))

    with pytest.raises(Refusal, match="needs the approval of a manager"):
        await office.run(ask)
    assert ["denial_opened"] == await office.event_names()

    await office.run(msgspec.structs.replace(ask, roles=("manager",)))
    assert ["denial_opened", "write_off_approved", "denial_resolved"] == await office.event_names()
    told = await office.last("write_off_approved")
    assert ("timely", "manager", 830_00, 620_00) == (
        told["write_off_class"],
        told["tier"],
        told["adjustment_cents"],
        told["write_off_cents"],
    )


async def test_accepting_a_bundled_line_is_all_adjustment_and_no_loss(office: Office) -> None:
    """J11: 80.00 on a line whose expected allowed is nothing."""
    line = {
        "line_number": 2,
        "code": "G0444",
        "charge_cents": 80_00,
        "paid_cents": 0,
        "allowed_cents": 0,
        "adjustments": [{"group": "CO", "carc": "97", "amount_cents": 80_00, "meaning": "denial"}],
    }
    denial = await office.refuse("modifier_missing", "two_lines", lines=[line])

    await office.run(messages.AcceptDenial(denial_id=denial.denial_id, by="kim", roles=("biller",)))

    told = await office.last("write_off_approved")
    assert ("bundled_correct", 0, 80_00, 0) == (
        told["write_off_class"],
        told["expected_allowed_cents"],
        told["adjustment_cents"],
        told["write_off_cents"],
    )
    assert "accepted" == (await office.last("denial_resolved"))["outcome"]


async def test_the_patient_is_billed_where_coverage_had_ended(office: Office) -> None:
    denial = await office.refuse("coverage_ended")

    await office.run(messages.BillPatient(denial_id=denial.denial_id))

    told = await office.last("denial_resolved")
    assert ("patient_responsibility", 1_450_00) == (told["outcome"], told["amount_cents"])


async def test_the_patient_is_never_billed_for_a_missing_authorization(office: Office) -> None:
    denial = await office.refuse()

    with pytest.raises(Conflict, match="may not be billed"):
        await office.run(messages.BillPatient(denial_id=denial.denial_id))
    assert ["denial_opened"] == await office.event_names()


async def test_a_decision_on_an_unknown_appeal_or_denial_is_not_found(office: Office) -> None:
    nobody = UUID(int=7)

    for command in (
        messages.RecordDecision(appeal_id=nobody, outcome="upheld", decided_on=date(2026, 5, 1)),
        messages.AssignDenial(denial_id=nobody, assignee="kim"),
    ):
        with pytest.raises(NotFound):
            await office.run(command)


async def test_a_proposed_rule_is_activated_and_retired(office: Office) -> None:
    for number in range(5):
        claim = f"6b1f0d5c-2a11-8a10-9c03-00000000010{number}"
        await office.hear("claims/claim_adjudicated.no_authorization", claim_id=claim)
    await office.harness.settle()
    rule_id = UUID((await office.last("prevention_rule_proposed"))["rule_id"])
    stream = StreamRef("organization", ORGANIZATION, "prevention_rule", rule_id)

    await office.harness.command(messages.ActivateRule(rule_id=rule_id, by="lee"), stream)
    await office.harness.command(messages.RetireRule(rule_id=rule_id, by="lee"), stream)

    assert ["prevention_rule_proposed", "prevention_rule_activated", "prevention_rule_retired"] == (
        await office.harness.said_names(rule_id)
    )


async def test_a_letter_that_the_carrier_refuses_is_told_listed_and_sent_again(office: Office) -> None:
    denial = await office.refuse()
    office.carrier.trouble = Rejected("the mail vendor", "status 422")
    filed = await office.run(messages.FileAppeal(denial_ids=(denial.denial_id,), signed_by="K. Miller", by="kim"))
    await office.harness.settle()

    event = await office.last("effect_given_up")
    assert (str(filed.appeal_id), "send_letter", False, 1) == tuple(
        event[name] for name in ("appeal_id", "effect", "in_doubt", "attempts")
    )
    [effect] = await office.harness.runtime.effects("given_up")
    office.carrier.trouble = None
    await office.harness.runtime.resend(effect["task_id"])
    await office.harness.settle()
    assert [str(filed.appeal_id)] == list(office.carrier.sent)
    assert [] == await office.harness.runtime.effects()
