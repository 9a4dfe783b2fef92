"""What denials does when a person decides: assign, correct, appeal, record, write off, accept, bill, prevent."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import cast
from uuid import UUID

import msgspec

from denials import announce, consumed, messages
from denials.domain.appeal import Appeal, choose_level, next_deadline
from denials.domain.claim import BilledClaim
from denials.domain.classify import timely_proof
from denials.domain.deadlines import Level
from denials.domain.denial import Denial
from denials.domain.letter import Letter, Party, Persons, write_letter
from denials.domain.policy import CORRECTIONS, Correction, correction_method
from denials.domain.prevention import Pattern
from denials.domain.write_off import Split, WriteOffClass, adjust_whole, approving_tier, split
from denials.handlers import IDENTITY_PURPOSE
from denials.letter_pdf import render
from denials.storage import DenialsWork, LetterRow
from revcycle_kit.clock import local_date
from revcycle_kit.errors import NotFound, Refusal
from revcycle_kit.money import Cents, total
from revcycle_kit.sealing import Sealed

LETTER_PURPOSE = "denials.letter"
_CHECK_AT = time(12, tzinfo=UTC)


class LetterFile(msgspec.Struct, frozen=True):
    """A PDF as it rests, sealed."""

    pdf: bytes


async def assign(asked: messages.AssignDenial, work: DenialsWork) -> messages.Done:
    """Give the work to a person, or back to the pool."""
    return _keep(_denial(asked.denial_id, work).assigned(asked.assignee), work)


async def resume(asked: messages.ResumeDenial, work: DenialsWork) -> messages.Done:
    """Take the work back from the payer."""
    return _keep(_denial(asked.denial_id, work).resumed(), work)


async def request_correction(asked: messages.RequestCorrection, work: DenialsWork) -> messages.Corrected:
    """Have the claim sent again, by the payer's method, with these changes."""
    denials = _denials_of_one_claim(asked.denial_ids, work)
    method = asked.method or _correction_of(denials[0])
    for denial in denials:
        work.denials.put(denial.correction_requested())
    work.publish(announce.correction_requested(denials, method, asked.changes, asked.by, work.now))
    return messages.Corrected(claim_id=denials[0].claim_id, method=method, denial_ids=asked.denial_ids)


def _correction_of(denial: Denial) -> Correction:
    if denial.method in CORRECTIONS:
        return cast("Correction", denial.method)
    return correction_method(denial.payer_kind, denial.claim_kind)


async def file_appeal(asked: messages.FileAppeal, work: DenialsWork) -> messages.Filed:
    """Write the letter of the next level, keep it sealed, and send it."""
    denials = [_denial(denial_id, work) for denial_id in dict.fromkeys(asked.denial_ids)]
    today = _today(work)
    level = choose_level(denials, on=today)
    claim = work.claims.get(denials[0].claim_id)
    pending = [denial.appealed(level.level, filed_on=today, late_reason=asked.late_reason) for denial in denials]
    paper = render(_letter(asked, denials, claim, level, work))
    appeal = _appeal(asked, pending, level, sha256(paper).hexdigest(), today, work)

    for denial in pending:
        work.denials.put(denial)
    work.appeals.put(appeal)
    sealed = work.seal(LetterFile(paper), LETTER_PURPOSE, appeal.appeal_id)
    work.letters.add(
        LetterRow(appeal_id=appeal.appeal_id, sha256=appeal.letter_sha256, written_on=today, sealed=sealed)
    )
    work.publish(announce.appeal_filed(appeal))
    cover = _cover(appeal, pending, claim, work)
    work.effect(
        messages.SendLetter(appeal_id=appeal.appeal_id, letter_pdf=paper, cover=cover), key=str(appeal.appeal_id)
    )
    return messages.Filed(
        appeal_id=appeal.appeal_id,
        level=appeal.level,
        level_name=appeal.level_name,
        letter_sha256=appeal.letter_sha256,
        filed_on=appeal.filed_on,
        decision_due_by=appeal.decision_due_by,
    )


def _appeal(  # noqa: PLR0917 - all that an appeal is made of
    asked: messages.FileAppeal, denials: Sequence[Denial], level: Level, digest: str, today: date, work: DenialsWork
) -> Appeal:
    return Appeal(
        appeal_id=work.new_id(),
        encounter_id=denials[0].encounter_id,
        claim_id=denials[0].claim_id,
        denial_ids=tuple(denial.denial_id for denial in denials),
        payer_id=denials[0].payer_id,
        level=level.level,
        level_name=level.name,
        reviewer=level.reviewer,
        amount_cents=total([denial.amount_cents for denial in denials]),
        filed_on=today,
        filed_by=asked.by,
        decision_due_by=today + timedelta(days=level.decision_days),
        letter_sha256=digest,
    )


def _letter(
    asked: messages.FileAppeal, denials: Sequence[Denial], claim: BilledClaim, level: Level, work: DenialsWork
) -> Letter:
    payee = work.payees.get(claim.billing_entity_id)
    numbers = (f"NPI {payee.npi}", f"Tax number {payee.tin}", f"Phone {payee.phone}" if payee.phone else "")
    return write_letter(
        denials=denials,
        claim=claim,
        level=level,
        persons=_persons(claim, work),
        sender=Party(name=payee.name, lines=(*payee.address, *filter(None, numbers))),
        recipient=Party(name=work.payers.get(claim.payer_id).name, lines=(f"Attention: {level.reviewer}",)),
        proof=timely_proof(claim.payer_id, work.claims.all()),
        argument=asked.argument,
        enclosures=asked.enclosures,
        signed_by=asked.signed_by,
        dated_on=_today(work),
    )


def _persons(claim: BilledClaim, work: DenialsWork) -> Persons:
    """Open who the claim is about, for the letter alone."""
    if not claim.identity:
        return Persons()
    identity = work.open(Sealed(claim.identity), IDENTITY_PURPOSE, claim.claim_id, consumed.ClaimIdentity)
    return Persons(
        patient=f"{identity.patient_given} {identity.patient_family}".strip(),
        patient_birth_on=identity.patient_birth_on,
        subscriber=f"{identity.subscriber_given} {identity.subscriber_family}".strip(),
        member_id=identity.member_id,
    )


def _cover(appeal: Appeal, denials: Sequence[Denial], claim: BilledClaim, work: DenialsWork) -> messages.Cover:
    return messages.Cover(
        appeal_id=appeal.appeal_id,
        clinic_id=work.stream.tenant_id,
        encounter_id=appeal.encounter_id,
        payer_code=work.payers.get(claim.payer_id).payer_code,
        patient_control_number=claim.patient_control_number,
        payer_claim_control_number=denials[0].payer_claim_control_number,
        level=appeal.level,
        level_name=appeal.level_name,
        amount_cents=appeal.amount_cents,
        refused=tuple(_named(denial) for denial in denials),
        filed_on=appeal.filed_on,
        letter_sha256=appeal.letter_sha256,
    )


def _named(denial: Denial) -> str:
    place = "claim" if denial.line_number is None else f"line {denial.line_number}"
    return f"{place}: {denial.group}-{denial.carc}"


async def record_decision(asked: messages.RecordDecision, work: DenialsWork) -> messages.Decided:
    """Note what the payer answered; a won appeal waits for its money, a lost one for the next level."""
    filed = work.appeals.find(asked.appeal_id)
    if filed is None:
        raise NotFound("appeal")
    standing = _standing(asked, filed)
    denials = [work.denials.get(denial_id) for denial_id in filed.denial_ids]
    expected = asked.expected_cents if asked.expected_cents is not None else _expected(denials, standing)
    appeal = filed.decided(asked.outcome, expected_cents=expected, on=asked.decided_on, payment_by=asked.payment_by)
    work.appeals.put(appeal)
    for denial in denials:
        if denial.awaits_decision:
            work.denials.put(_decided(denial, appeal, stands=denial.denial_id in standing, work=work))
    work.publish(announce.appeal_decided(appeal))
    if appeal.payment_due_by is not None:
        overdue_at = datetime.combine(appeal.payment_due_by + timedelta(days=1), _CHECK_AT)
        work.later(messages.PaymentOverdue(appeal_id=appeal.appeal_id), overdue_at, key=str(appeal.appeal_id))
    return messages.Decided(appeal_id=appeal.appeal_id, outcome=asked.outcome, payment_due_by=appeal.payment_due_by)


def _standing(asked: messages.RecordDecision, appeal: Appeal) -> frozenset[UUID]:
    """Return the refusals that stand after the decision. Raises Refusal for denials that were not appealed."""
    named = frozenset(asked.upheld_denial_ids)
    if not named <= set(appeal.denial_ids):
        raise Refusal("These denials were not part of the appeal.", "upheld_denial_ids", "Name those in the appeal.")
    if asked.outcome in ("upheld", "dismissed"):
        return frozenset(appeal.denial_ids)
    return named if asked.outcome == "partly_overturned" else frozenset()


def _expected(denials: Sequence[Denial], standing: frozenset[UUID]) -> Cents:
    """Expect what the contract allows for the refusals that fell; without a contract price, the amount refused."""
    fallen = [denial for denial in denials if denial.denial_id not in standing]
    return total(
        [
            denial.amount_cents if denial.expected_allowed_cents is None else denial.expected_allowed_cents
            for denial in fallen
        ]
    )


def _decided(denial: Denial, appeal: Appeal, *, stands: bool, work: DenialsWork) -> Denial:
    if not stands:
        return denial.overturned()
    terms = work.payers.get(denial.payer_id)
    return denial.upheld(next_deadline(denial, appeal.decided_on or appeal.filed_on, terms.appeal_days))


async def write_off(asked: messages.WriteOffDenial, work: DenialsWork) -> messages.GivenUp:
    """Give an amount up as a loss, if the person's tier allows it."""
    denial = _denial(asked.denial_id, work)
    expected = denial.expected_allowed_cents if asked.expected_allowed_cents is None else asked.expected_allowed_cents
    usual: WriteOffClass = "timely" if denial.category == "timely_filing" else "denial"
    ended = denial.written_off(_today(work))
    shares = split(denial.amount_cents, expected)
    return _give_up(denial, ended, shares, asked.write_off_class or usual, asked.by, asked.roles, work)


async def accept(asked: messages.AcceptDenial, work: DenialsWork) -> messages.GivenUp:
    """Agree with the refusal: nothing was ever to be paid, so all of it is adjustment."""
    denial = _denial(asked.denial_id, work)
    ended = denial.accepted(_today(work))
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
    ended = _denial(asked.denial_id, work).patient_billed(_today(work))
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


def _denial(denial_id: UUID, work: DenialsWork) -> Denial:
    denial = work.denials.find(denial_id)
    if denial is None:
        raise NotFound("denial")
    return denial


def _denials_of_one_claim(denial_ids: Iterable[UUID], work: DenialsWork) -> list[Denial]:
    denials = [_denial(denial_id, work) for denial_id in dict.fromkeys(denial_ids)]
    if len({denial.claim_id for denial in denials}) != 1:
        raise Refusal(
            "A correction is about the denials of one claim.", "denial_ids", "Ask for a correction of each claim."
        )
    return denials


def _keep(denial: Denial, work: DenialsWork) -> messages.Done:
    work.denials.put(denial)
    return messages.Done(denial_id=denial.denial_id, state=denial.state.value, act_by=denial.act_by)


def _today(work: DenialsWork) -> date:
    """Return the day that it is in the clinic."""
    return local_date(work.now, work.clinics.get(work.stream.tenant_id).time_zone)
