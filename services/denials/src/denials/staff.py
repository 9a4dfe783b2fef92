"""What denials does when a person decides: assign, correct, write off, accept, bill, prevent; appeals stand apart."""

from collections.abc import Iterable
from datetime import date
from typing import cast
from uuid import UUID

from denials import announce, messages
from denials.domain.claim import BilledClaim
from denials.domain.denial import Denial
from denials.domain.policy import CORRECTIONS, Correction, correction_method
from denials.domain.prevention import Pattern
from denials.domain.write_off import Split, WriteOffClass, adjust_whole, approving_tier, split
from denials.published import Change
from denials.storage import DenialsWork
from revcycle_kit.clock import local_date
from revcycle_kit.errors import NotFound, Refusal


async def assign(asked: messages.AssignDenial, work: DenialsWork) -> messages.Done:
    """Give the work to a person, or back to the pool."""
    return _keep(find_denial(asked.denial_id, work).assigned(asked.assignee), work)


async def resume(asked: messages.ResumeDenial, work: DenialsWork) -> messages.Done:
    """Take the work back from the payer."""
    return _keep(find_denial(asked.denial_id, work).resumed(), work)


async def request_correction(asked: messages.RequestCorrection, work: DenialsWork) -> messages.Corrected:
    """Have the claim sent again, by the payer's method, with these changes."""
    denials = _denials_of_one_claim(asked.denial_ids, work)
    _require_lines(work.claims.find(denials[0].claim_id), asked.changes)
    method = asked.method or _correction_of(denials[0])
    for denial in denials:
        work.denials.put(denial.correction_requested())
    work.publish(announce.correction_requested(denials, method, asked.changes, asked.by, work.now))
    return messages.Corrected(claim_id=denials[0].claim_id, method=method, denial_ids=asked.denial_ids)


def _require_lines(claim: BilledClaim | None, changes: Iterable[Change]) -> None:
    """Raise Refusal for a change to a line that the claim does not have."""
    for change in changes:
        if claim is not None and change.line_number is not None and claim.line(change.line_number) is None:
            raise Refusal(
                f"The claim has no line {change.line_number}.",
                "changes",
                f"Name a line from 1 to {len(claim.lines)}.",
            )


def _correction_of(denial: Denial) -> Correction:
    if denial.method in CORRECTIONS:
        return cast("Correction", denial.method)
    return correction_method(denial.payer_kind, denial.claim_kind)


async def write_off(asked: messages.WriteOffDenial, work: DenialsWork) -> messages.GivenUp:
    """Give an amount up as a loss, if the person's tier allows it."""
    denial = find_denial(asked.denial_id, work)
    expected = denial.expected_allowed_cents if asked.expected_allowed_cents is None else asked.expected_allowed_cents
    usual: WriteOffClass = "timely" if denial.category == "timely_filing" else "denial"
    ended = denial.written_off(today(work))
    shares = split(denial.amount_cents, expected)
    return _give_up(denial, ended, shares, asked.write_off_class or usual, asked.by, asked.roles, work)


async def accept(asked: messages.AcceptDenial, work: DenialsWork) -> messages.GivenUp:
    """Agree with the refusal: nothing was ever to be paid, so all of it is adjustment."""
    denial = find_denial(asked.denial_id, work)
    ended = denial.accepted(today(work))
    shares = adjust_whole(denial.amount_cents)
    return _give_up(denial, ended, shares, "bundled_correct", asked.by, asked.roles, work)


def _give_up(  # noqa: PLR0917 - one deed in all its parts
    denial: Denial,
    ended: Denial,
    shares: Split,
    write_off_class: WriteOffClass,
    by: str,
    roles: Iterable[str],
    work: DenialsWork,
) -> messages.GivenUp:
    tier = approving_tier(denial.amount_cents, tuple(roles))
    work.denials.put(ended)
    work.publish(announce.write_off_approved(denial, shares, write_off_class, tier.name, by, work.now))
    work.publish(announce.denial_resolved(ended))
    return messages.GivenUp(
        denial_id=denial.denial_id,
        tier=tier.name,
        adjustment_cents=shares.adjustment_cents,
        write_off_cents=shares.write_off_cents,
        approved_at=work.now,
    )


async def bill_patient(asked: messages.BillPatient, work: DenialsWork) -> messages.Done:
    """Let the refusal stand as the patient's to pay; claims moves the money."""
    ended = find_denial(asked.denial_id, work).patient_billed(today(work))
    work.publish(announce.denial_resolved(ended))
    return _keep(ended, work)


async def activate_rule(asked: messages.ActivateRule, work: DenialsWork) -> messages.RuleDecided:
    """Have claims held by a rule."""
    pattern = _pattern(asked.rule_id, work).activated(asked.by)
    work.patterns.put(pattern)
    work.publish(announce.rule_activated(pattern))
    return messages.RuleDecided(rule_id=pattern.rule_id, state=pattern.state)


async def retire_rule(asked: messages.RetireRule, work: DenialsWork) -> messages.RuleDecided:
    """Have claims held no longer, or turn a proposal down."""
    pattern = _pattern(asked.rule_id, work).retired(asked.by)
    work.patterns.put(pattern)
    work.publish(announce.rule_retired(pattern))
    return messages.RuleDecided(rule_id=pattern.rule_id, state=pattern.state)


def _pattern(rule_id: UUID, work: DenialsWork) -> Pattern:
    pattern = work.patterns.find(rule_id)
    if pattern is None:
        raise NotFound("prevention rule")
    return pattern


def find_denial(denial_id: UUID, work: DenialsWork) -> Denial:
    """Return a denial of the encounter. Raises NotFound."""
    denial = work.denials.find(denial_id)
    if denial is None:
        raise NotFound("denial")
    return denial


def _denials_of_one_claim(denial_ids: Iterable[UUID], work: DenialsWork) -> list[Denial]:
    denials = [find_denial(denial_id, work) for denial_id in dict.fromkeys(denial_ids)]
    if len({denial.claim_id for denial in denials}) != 1:
        raise Refusal(
            "A correction is about the denials of one claim.", "denial_ids", "Ask for a correction of each claim."
        )
    return denials


def _keep(denial: Denial, work: DenialsWork) -> messages.Done:
    work.denials.put(denial)
    return messages.Done(denial_id=denial.denial_id, state=denial.state.value, act_by=denial.act_by)


def today(work: DenialsWork) -> date:
    """Return the day that it is in the clinic."""
    return local_date(work.now, work.clinics.get(work.stream.tenant_id).time_zone)
