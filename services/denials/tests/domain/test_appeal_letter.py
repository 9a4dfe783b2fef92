"""Appeals and their letters: one level at a time, and a paper that names all the payer needs."""

from datetime import date

import pytest

from denials.domain.appeal import Appeal, choose_level, next_deadline
from denials.domain.claim import Acceptance
from denials.domain.denial import Denial
from denials.domain.letter import Letter, Party, Persons, write_letter
from denials.letters.pdf import render
from denials.testing.decisions import bill, decide, judge, line
from revcycle_kit.errors import Conflict, Refusal
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents
from revcycle_kit.values import replace

FILED_ON = date(2026, 3, 20)
CLINIC = Party(name="Prairie Billing <LLC> & Co", lines=("12 Main St", "Omaha NE 681020000"))
PAYER = Party(name="Prairie Health Plan")
ANNA = Persons(patient="Anna Müller-Łoś", patient_birth_on=date(1970, 2, 3), member_id="ZZTEST9")


@pytest.fixture
def denials() -> tuple[Denial, ...]:
    return judge(decide(line(1, 1_450_00, 0, "CO-197 1450.00", remarks=["N54"]))).opened


@pytest.fixture
def letter(denials: tuple[Denial, ...]) -> Letter:
    level = choose_level(denials, on=FILED_ON)
    return write_letter(
        denials=denials,
        claim=bill((1_450_00, 620_00)),
        level=level,
        persons=ANNA,
        sender=CLINIC,
        recipient=PAYER,
        proof=None,
        argument="The surgery could not wait.",
        enclosures=("operative note",),
        signed_by="K. Miller",
        dated_on=FILED_ON,
    )


def appeal(**changed: object) -> Appeal:
    fields: dict[str, object] = {
        "appeal_id": derived_id("appeal"),
        "encounter_id": derived_id("encounter"),
        "claim_id": derived_id("claim"),
        "denial_ids": (derived_id("denial"),),
        "payer_id": derived_id("payer"),
        "level": 1,
        "level_name": "provider dispute",
        "reviewer": "the payer",
        "amount_cents": Cents(1_450_00),
        "filed_on": FILED_ON,
        "filed_by": "kim",
        "decision_due_by": date(2026, 5, 19),
        "letter_sha256": "0" * 64,
    }
    return Appeal(**{**fields, **changed})  # type: ignore[arg-type]


def test_a_letter_names_claim_codes_amount_ground_and_enclosures(letter: Letter) -> None:
    assert ("Your claim number", "ICN1") in letter.references
    assert ("Member number", "ZZTEST9") in letter.references
    assert "CO-197 (N54)" == letter.services[0].reason
    assert 1_450_00 == letter.total_cents
    assert any("$1,450.00" in paragraph for paragraph in letter.paragraphs)
    assert "The surgery could not wait." in letter.paragraphs
    assert ("operative note",) == letter.enclosures


def test_the_same_letter_gives_the_same_bytes_and_another_date_gives_others(letter: Letter) -> None:
    paper = render(letter)

    assert paper.startswith(b"%PDF-")
    assert paper == render(letter)
    assert paper != render(replace(letter, dated_on=date(2026, 3, 21)))


def test_lateness_is_answered_with_the_payers_own_acceptance() -> None:
    proof = Acceptance(sender="PAYER7", control_number="000123", accepted_on=date(2026, 1, 30))
    denials = judge(decide(line(1, 210_00, 0, "CO-29 210.00")), proof=proof).opened

    letter = write_letter(
        denials=denials,
        claim=bill((210_00, 150_00)),
        level=choose_level(denials, on=FILED_ON),
        persons=Persons(),
        sender=CLINIC,
        recipient=PAYER,
        proof=proof,
        argument="",
        enclosures=(),
        signed_by="K. Miller",
        dated_on=FILED_ON,
    )

    assert "Acceptance (277CA) of 2026-01-30, sent by PAYER7, control number 000123." in letter.paragraphs


def test_a_plan_without_contract_is_sent_the_waiver_it_requires() -> None:
    denials = judge(decide(line(1, 90_00, 0, "CO-50 90.00"), payer_kind="medicare_advantage", contracted=False)).opened

    level = choose_level(denials, on=FILED_ON)

    assert "waiver of liability signed by the provider" == level.requires


def test_a_level_that_the_plan_forwards_itself_is_passed_over() -> None:
    [denial] = judge(
        decide(line(1, 250_00, 0, "CO-50 250.00"), payer_kind="medicare_advantage", contracted=False)
    ).opened
    lost = denial.appealed(1, filed_on=FILED_ON)

    deadline = next_deadline(lost, date(2026, 5, 1), contract_days=90)

    assert deadline is not None
    assert "administrative law judge" in deadline.basis
    assert 3 == choose_level([lost.upheld(deadline)], on=date(2026, 5, 2)).level


def test_denials_of_several_payers_do_not_share_a_letter(denials: tuple[Denial, ...]) -> None:
    [other] = judge(decide(line(2, 5_00, 0, "CO-50 5.00"))).opened
    foreign = replace(other, payer_id=derived_id("else"))

    with pytest.raises(Refusal, match="several payers"):
        choose_level([*denials, foreign], on=FILED_ON)


def test_no_denial_no_appeal() -> None:
    with pytest.raises(Refusal, match="at least one denial"):
        choose_level([], on=FILED_ON)


def test_a_decision_is_recorded_once() -> None:
    won = appeal().decided("overturned", expected_cents=Cents(496_00), on=date(2026, 5, 1))

    assert ("decided", date(2026, 6, 15)) == (won.state, won.payment_due_by)
    with pytest.raises(Conflict, match="was recorded as overturned on 2026-05-01"):
        won.decided("upheld", expected_cents=Cents(0), on=date(2026, 5, 2))


def test_a_lost_appeal_expects_no_money() -> None:
    assert appeal().decided("upheld", expected_cents=Cents(0), on=date(2026, 5, 1)).payment_due_by is None


@pytest.mark.parametrize(("cents", "on"), [(-1, date(2026, 5, 1)), (0, date(2026, 3, 19))])
def test_a_decision_that_cannot_be_is_refused(cents: int, on: date) -> None:
    with pytest.raises(Refusal):
        appeal().decided("overturned", expected_cents=Cents(cents), on=on)


def test_the_clock_of_the_next_level_starts_with_the_decision(denials: tuple[Denial, ...]) -> None:
    pending = denials[0].appealed(1, filed_on=FILED_ON)

    deadline = next_deadline(pending, date(2026, 5, 1), contract_days=90)

    assert deadline is not None
    assert date(2026, 7, 30) == deadline.act_by
    assert next_deadline(pending.upheld(deadline).appealed(2, filed_on=date(2026, 5, 2)), date(2026, 6, 1), 90) is None
