"""How each promised event is built from the domain; the promises themselves stand in `published`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from denials import published
from denials.domain.appeal import Appeal
from denials.domain.denial import Denial, Outcome
from denials.domain.policy import Correction
from denials.domain.prevention import Pattern
from denials.domain.write_off import Split, TierName, WriteOffClass

Ending = Literal["overturned", "corrected", "written_off", "accepted", "patient_responsibility", "withdrawn"]
_ENDINGS: dict[Outcome, Ending] = {
    Outcome.OVERTURNED: "overturned",
    Outcome.CORRECTED: "corrected",
    Outcome.WRITTEN_OFF: "written_off",
    Outcome.ACCEPTED: "accepted",
    Outcome.PATIENT_RESPONSIBILITY: "patient_responsibility",
    Outcome.WITHDRAWN: "withdrawn",
}


def denial_opened(denial: Denial) -> published.DenialOpened:
    """Say that a payer refused an amount."""
    return published.DenialOpened(
        encounter_id=denial.encounter_id,
        denial_id=denial.denial_id,
        claim_id=denial.claim_id,
        adjudication=denial.adjudication,
        line_number=denial.line_number,
        payer_id=denial.payer_id,
        group=denial.group,
        carc=denial.carc,
        remarks=denial.remarks,
        amount_cents=denial.amount_cents,
        category=denial.category,
        preventable_at=denial.preventable_at,
        method=denial.method,
        appealable=denial.appealable,
        act_by=denial.act_by,
        deadline_basis=denial.deadline_basis,
        expected_recovery_cents=denial.expected_recovery_cents,
        opened_on=denial.opened_on,
    )


def denial_resolved(denial: Denial) -> published.DenialResolved:
    """Say how a denial ended. Raises ValueError for one that has not."""
    if denial.outcome is None or denial.resolved_on is None:
        raise ValueError("only a resolved denial can be announced as such")
    return published.DenialResolved(
        encounter_id=denial.encounter_id,
        denial_id=denial.denial_id,
        claim_id=denial.claim_id,
        line_number=denial.line_number,
        outcome=_ENDINGS[denial.outcome],
        amount_cents=denial.amount_cents,
        recovered_cents=denial.recovered_cents,
        resolved_on=denial.resolved_on,
    )


def correction_requested(
    denials: Sequence[Denial], method: Correction, changes: Sequence[published.Change], by: str, at: datetime
) -> published.CorrectionRequested:
    """Say that the claim of these denials is to be sent again."""
    return published.CorrectionRequested(
        encounter_id=denials[0].encounter_id,
        claim_id=denials[0].claim_id,
        denial_ids=tuple(denial.denial_id for denial in denials),
        method=method,
        changes=tuple(changes),
        requested_by=by,
        requested_at=at,
    )


def appeal_filed(appeal: Appeal) -> published.AppealFiled:
    """Say that a letter goes to the payer."""
    return published.AppealFiled(
        encounter_id=appeal.encounter_id,
        appeal_id=appeal.appeal_id,
        claim_id=appeal.claim_id,
        denial_ids=appeal.denial_ids,
        level=appeal.level,
        letter_sha256=appeal.letter_sha256,
        filed_on=appeal.filed_on,
        decision_due_by=appeal.decision_due_by,
    )


def appeal_decided(appeal: Appeal) -> published.AppealDecided:
    """Say what the payer answered. Raises ValueError while it has not."""
    if appeal.outcome is None or appeal.decided_on is None:
        raise ValueError("only a decided appeal can be announced as such")
    return published.AppealDecided(
        encounter_id=appeal.encounter_id,
        appeal_id=appeal.appeal_id,
        claim_id=appeal.claim_id,
        denial_ids=appeal.denial_ids,
        outcome=appeal.outcome,
        expected_cents=appeal.expected_cents,
        payment_due_by=appeal.payment_due_by,
        decided_on=appeal.decided_on,
    )


def write_off_approved(  # noqa: PLR0917 - one deed in all its parts
    denial: Denial, shares: Split, write_off_class: WriteOffClass, tier: TierName, by: str, at: datetime
) -> published.WriteOffApproved:
    """Say that somebody with the authority gave the amount up, and how much of it is a loss."""
    return published.WriteOffApproved(
        encounter_id=denial.encounter_id,
        claim_id=denial.claim_id,
        denial_id=denial.denial_id,
        line_number=denial.line_number,
        write_off_class=write_off_class,
        amount_cents=denial.amount_cents,
        expected_allowed_cents=shares.expected_allowed_cents,
        adjustment_cents=shares.adjustment_cents,
        write_off_cents=shares.write_off_cents,
        tier=tier,
        approved_by=by,
        approved_at=at,
    )


def rule_proposed(pattern: Pattern) -> published.PreventionRuleProposed:
    """Say that a pattern was seen often enough."""
    return published.PreventionRuleProposed(
        rule_id=pattern.rule_id,
        payer_id=pattern.payer_id,
        codes=pattern.codes,
        carc=pattern.carc,
        fix=pattern.fix,
        denials_seen=pattern.count,
    )


def rule_activated(pattern: Pattern) -> published.PreventionRuleActivated:
    """Say that claims are to be held by this rule."""
    return published.PreventionRuleActivated(
        rule_id=pattern.rule_id,
        payer_id=pattern.payer_id,
        codes=pattern.codes,
        carc=pattern.carc,
        fix=pattern.fix,
        activated_by=pattern.decided_by,
    )


def rule_retired(pattern: Pattern) -> published.PreventionRuleRetired:
    """Say that the rule holds no claims any more."""
    return published.PreventionRuleRetired(
        rule_id=pattern.rule_id,
        payer_id=pattern.payer_id,
        codes=pattern.codes,
        carc=pattern.carc,
        fix=pattern.fix,
        retired_by=pattern.decided_by,
    )
