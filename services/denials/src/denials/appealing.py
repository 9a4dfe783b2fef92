"""What denials does about appeals: write the letter, keep it sealed, send it, record the payer's decision."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec

from denials import announce, consumed, messages
from denials.domain.appeal import Appeal, choose_level, next_deadline
from denials.domain.claim import BilledClaim
from denials.domain.classify import timely_proof
from denials.domain.deadlines import Level
from denials.domain.denial import Denial
from denials.domain.letter import Letter, Party, Persons, write_letter
from denials.handlers import IDENTITY_PURPOSE
from denials.letter_pdf import render
from denials.staff import find_denial, today
from denials.storage import DenialsWork, LetterRow
from revcycle_kit.errors import NotFound, Refusal
from revcycle_kit.money import Cents, total
from revcycle_kit.sealing import Sealed

LETTER_PURPOSE = "denials.letter"
_CHECK_AT = time(12, tzinfo=UTC)


class LetterFile(msgspec.Struct, frozen=True):
    """A PDF as it rests, sealed."""

    pdf: bytes


async def file_appeal(asked: messages.FileAppeal, work: DenialsWork) -> messages.Filed:
    """Write the letter of the next level, keep it sealed, and send it."""
    denials = [find_denial(denial_id, work) for denial_id in dict.fromkeys(asked.denial_ids)]
    filed_on = today(work)
    level = choose_level(denials, on=filed_on)
    claim = work.claims.get(denials[0].claim_id)
    for denial in denials:
        work.denials.put(denial.appealed(level.level, filed_on=filed_on, late_reason=asked.late_reason))
    paper = render(_letter(asked, denials, claim, level, work))
    appeal = _appeal(asked, denials, level, sha256(paper).hexdigest(), work)
    work.appeals.put(appeal)
    work.publish(announce.appeal_filed(appeal))
    _keep_and_send(paper, appeal, _cover(appeal, denials, claim, work), work)
    return messages.Filed(
        appeal_id=appeal.appeal_id,
        level=appeal.level,
        level_name=appeal.level_name,
        letter_sha256=appeal.letter_sha256,
        filed_on=appeal.filed_on,
        decision_due_by=appeal.decision_due_by,
    )


def _appeal(
    asked: messages.FileAppeal, denials: Sequence[Denial], level: Level, digest: str, work: DenialsWork
) -> Appeal:
    filed_on = today(work)
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
        filed_on=filed_on,
        filed_by=asked.by,
        decision_due_by=filed_on + timedelta(days=level.decision_days),
        letter_sha256=digest,
    )


def _keep_and_send(paper: bytes, appeal: Appeal, cover: messages.Cover, work: DenialsWork) -> None:
    """Let the letter rest sealed, and go out under the appeal's id: a retry is the same letter."""
    sealed = work.seal(LetterFile(paper), LETTER_PURPOSE, appeal.appeal_id)
    work.letters.add(
        LetterRow(appeal_id=appeal.appeal_id, sha256=appeal.letter_sha256, written_on=appeal.filed_on, sealed=sealed)
    )
    letter = messages.SendLetter(appeal_id=appeal.appeal_id, letter_pdf=paper, cover=cover)
    work.effect(letter, key=str(appeal.appeal_id))


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
        dated_on=today(work),
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
    appeal = filed.decided(asked.outcome, expected_cents=expected, on=asked.decided_on, payment_by=asked.payment_due_by)
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
