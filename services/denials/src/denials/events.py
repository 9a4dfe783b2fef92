"""Builders of the promised events from the domain; the promises themselves stand in `published`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from denials import published
from denials.domain.appeal import Appeal
from denials.domain.denial import Denial
from denials.domain.policy import Correction
from denials.domain.prevention import PreventionRule
from denials.domain.write_off import Split, TierName, WriteOffClass
from revcycle_kit.delivery.messages import GivenUp, own_type
from revcycle_kit.events import build


def denial_opened(denial: Denial) -> published.DenialOpened:
    """Say that a payer refused an amount."""
    return build(published.DenialOpened, denial)


def denial_resolved(denial: Denial) -> published.DenialResolved:
    """Say how a denial ended. Raises ValidationError for one that has not."""
    return build(published.DenialResolved, denial)


def correction_requested(
    denials: Sequence[Denial], method: Correction, changes: Sequence[published.Change], by: str, at: datetime
) -> published.CorrectionRequested:
    """Say that the claim of these denials is to be sent again."""
    return build(
        published.CorrectionRequested,
        denials[0],
        denial_ids=tuple(denial.denial_id for denial in denials),
        method=method,
        changes=tuple(changes),
        requested_by=by,
        requested_at=at,
    )


def appeal_filed(appeal: Appeal) -> published.AppealFiled:
    """Say that a letter goes to the payer."""
    return build(published.AppealFiled, appeal)


def effect_given_up(failure: GivenUp[Any], appeal: Appeal, at: datetime) -> published.EffectGivenUp:
    """Say that the letter of an appeal is not sent again by itself."""
    return build(
        published.EffectGivenUp,
        failure,
        encounter_id=appeal.encounter_id,
        appeal_id=appeal.appeal_id,
        effect=own_type(type(failure.effect)),
        given_up_at=at,
    )


def appeal_decided(appeal: Appeal) -> published.AppealDecided:
    """Say what the payer answered. Raises ValidationError while it has not."""
    return build(published.AppealDecided, appeal)


def write_off_approved(  # noqa: PLR0917 - one decision in all its parts
    denial: Denial, shares: Split, write_off_class: WriteOffClass, tier: TierName, by: str, at: datetime
) -> published.WriteOffApproved:
    """Say that somebody with the authority gave the amount up, and how much of it is a loss."""
    return build(
        published.WriteOffApproved,
        denial,
        write_off_class=write_off_class,
        expected_allowed_cents=shares.expected_allowed_cents,
        adjustment_cents=shares.adjustment_cents,
        write_off_cents=shares.write_off_cents,
        tier=tier,
        approved_by=by,
        approved_at=at,
    )


def rule_proposed(rule: PreventionRule) -> published.PreventionRuleProposed:
    """Say that the same was refused often enough."""
    return build(published.PreventionRuleProposed, rule, denials_seen=rule.count)


def rule_activated(rule: PreventionRule) -> published.PreventionRuleActivated:
    """Say that claims are to be held by this rule."""
    return build(published.PreventionRuleActivated, rule, activated_by=rule.decided_by)


def rule_retired(rule: PreventionRule) -> published.PreventionRuleRetired:
    """Say that the rule holds no claims any more."""
    return build(published.PreventionRuleRetired, rule, retired_by=rule.decided_by)
