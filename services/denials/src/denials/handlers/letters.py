"""Letters of appeal: composed from what was billed and refused, kept sealed, sent with a cover."""

from collections.abc import Sequence

from denials import consumed, messages
from denials.domain.appeal import Appeal
from denials.domain.claim import BilledClaim
from denials.domain.classify import timely_proof
from denials.domain.deadlines import Level
from denials.domain.denial import Denial
from denials.domain.letter import Letter, Party, Persons, write_letter
from denials.storage import IDENTITY_PURPOSE, LETTER_PURPOSE, DenialsWork, LetterFile, LetterRow
from revcycle_kit.sealing import Sealed


def send_letter(paper: bytes, appeal: Appeal, cover: messages.Cover, work: DenialsWork) -> None:
    """Let the letter rest sealed, and go out under the appeal's id: a retry is the same letter."""
    sealed = work.seal(LetterFile(paper), LETTER_PURPOSE, appeal.appeal_id)
    work.letters.add(
        LetterRow(appeal_id=appeal.appeal_id, sha256=appeal.letter_sha256, written_on=appeal.filed_on, sealed=sealed)
    )
    letter = messages.SendLetter(appeal_id=appeal.appeal_id, letter_pdf=paper, cover=cover)
    work.effect(letter, key=str(appeal.appeal_id))


def compose_letter(
    command: messages.FileAppeal, denials: Sequence[Denial], claim: BilledClaim, level: Level, work: DenialsWork
) -> Letter:
    """Compose the letter of a level about these denials."""
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
        argument=command.argument,
        enclosures=command.enclosures,
        signed_by=command.signed_by,
        dated_on=work.today,
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


def cover_of(appeal: Appeal, denials: Sequence[Denial], claim: BilledClaim, work: DenialsWork) -> messages.Cover:
    """Fill in the cover sheet of an appeal."""
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
