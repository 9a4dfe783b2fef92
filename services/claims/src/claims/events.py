"""The events of claims, built from the domain's values: one function an event."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from claims import published
from claims.domain import facts
from claims.domain.adjudication import CLAIM_LEVEL, REFUSES
from claims.domain.balancing import Imbalance
from claims.domain.case import EncounterCase
from claims.domain.claims import Claim
from claims.domain.encounters import Charge, Encounter, Share
from claims.domain.ledger import Entry
from claims.domain.people import EncounterIdentity
from claims.domain.remittance import Deposit, Remittance, SetAside
from claims.domain.settlement import LinePosition
from claims.domain.status import cause_of, findings_of, fix_for
from claims.published import values
from revcycle_kit.events import Published, build
from revcycle_kit.ids import derived_id
from revcycle_kit.money import ZERO

# -- on the encounter's stream ---------------------------------------------------------------------------------------


def event_of(case: EncounterCase, fact: facts.Fact) -> Published:
    """Build the event that announces a fact about an encounter."""
    return _BUILDERS[type(fact)](case, fact)


def identity_of(case: EncounterCase, fact: facts.Fact) -> values.ClaimIdentity | None:
    """Return who is named, sealed, beside a fact: for a claim that went out, whom a letter to the payer names."""
    return claim_identity(fact.claim, case.identity) if isinstance(fact, facts.ClaimSubmitted) else None


def ledger_posted(encounter: Encounter, entries: tuple[Entry, ...]) -> published.LedgerPosted:
    """Tell entries of an encounter's ledger."""
    return build(published.LedgerPosted, encounter, entries=entries)


def claim_identity(claim: Claim, identity: EncounterIdentity) -> values.ClaimIdentity:
    """Tell, sealed, what a letter to the payer has to name."""
    subscriber = identity.subscriber(claim.coverage_id)
    holder = subscriber.person
    return values.ClaimIdentity(
        patient_family=identity.patient.family,
        patient_given=identity.patient.given,
        patient_birth_on=identity.patient.birth_on,
        subscriber_family=holder.family or identity.patient.family,
        subscriber_given=holder.given or identity.patient.given,
        member_id=subscriber.member_id,
    )


def transfer_id(encounter: Encounter) -> UUID:
    """Return the id of the encounter's latest transfer."""
    return derived_id("transfer", str(encounter.encounter_id), str(encounter.transfers))


def _charges_posted(case: EncounterCase, fact: facts.ChargesPosted) -> published.ChargesPosted:
    cents = _charged(fact.charges)
    return build(
        published.ChargesPosted,
        case.encounter,
        charges=fact.charges,
        charged_cents=cents,
        late=fact.late,
        posted_on=case.today,
    )


def _charges_reversed(case: EncounterCase, fact: facts.ChargesReversed) -> published.ChargesReversed:
    cents = _charged(fact.charges)
    return build(
        published.ChargesReversed, case.encounter, charges=fact.charges, charged_cents=cents, posted_on=case.today
    )


def _coding_needed(case: EncounterCase, fact: facts.CodingNeeded) -> published.CodingNeeded:
    return build(published.CodingNeeded, case.encounter, missing=fact.missing, since=case.context.now)


def _coding_completed(case: EncounterCase, fact: facts.CodingCompleted) -> published.CodingCompleted:
    return build(published.CodingCompleted, case.encounter, by=fact.by, completed_at=case.context.now)


def _claim_held(case: EncounterCase, fact: facts.ClaimHeld) -> published.ClaimHeld:
    owner = fact.claim.hold_owner or "biller"
    return build(published.ClaimHeld, fact.claim, owner=owner, held_at=case.context.now)


def _claim_submitted(_: EncounterCase, fact: facts.ClaimSubmitted) -> published.ClaimSubmitted:
    claim = fact.claim
    return build(
        published.ClaimSubmitted,
        claim,
        provider_id=claim.rendering_provider_id,
        lines=tuple(_submitted_line(claim, place) for place in range(len(claim.lines))),
        payer_claim_control_number=claim.original_control_number,
        first_edited_on=claim.first_edited_on or fact.submitted_at.date(),
        submitted_at=fact.submitted_at,
    )


def _effect_given_up(case: EncounterCase, fact: facts.EffectGivenUp) -> published.EffectGivenUp:
    claim = fact.claim
    return build(
        published.EffectGivenUp,
        fact.undelivered,
        encounter_id=claim.encounter_id,
        claim_id=claim.claim_id,
        given_up_at=case.context.now,
    )


def _claim_acknowledged(_: EncounterCase, fact: facts.ClaimAcknowledged) -> published.ClaimAcknowledged:
    return build(
        published.ClaimAcknowledged,
        fact.proof,
        encounter_id=fact.claim.encounter_id,
        claim_id=fact.claim.claim_id,
        codes=fact.codes,
        payer_claim_control_number=fact.payer_claim_control_number,
    )


def _claim_rejected(case: EncounterCase, fact: facts.ClaimRejected) -> published.ClaimRejected:
    cause = "syntax" if fact.level in {"interchange", "syntax"} else cause_of(fact.codes)
    rules = "; ".join(dict.fromkeys(finding.rule for finding in findings_of(fact.codes, cause, fact.level)))
    return build(
        published.ClaimRejected,
        fact.claim,
        level=fact.level,
        codes=fact.codes,
        cause=cause,
        message=rules or f"the {fact.level} refused the claim",
        fix=fix_for(cause),
        rejected_at=case.context.now,
    )


def _claim_silent(_: EncounterCase, fact: facts.ClaimSilent) -> published.ClaimSilent:
    next_step = "ask the clearinghouse for the file" if fact.waiting_for == "payer" else "call the payer"
    return build(published.ClaimSilent, fact.claim, waiting_for=fact.waiting_for, since=fact.since, next_step=next_step)


def _claim_status_reported(case: EncounterCase, fact: facts.ClaimStatusReported) -> published.ClaimStatusReported:
    return build(published.ClaimStatusReported, fact.claim, codes=fact.codes, reported_at=case.context.now)


def _information_requested(case: EncounterCase, fact: facts.InformationRequested) -> published.InformationRequested:
    return build(published.InformationRequested, fact.claim, codes=fact.codes, due_by=None, requested_on=case.today)


def _correction_declined(case: EncounterCase, fact: facts.CorrectionDeclined) -> published.CorrectionDeclined:
    return build(
        published.CorrectionDeclined,
        fact.declined,
        encounter_id=fact.claim.encounter_id,
        claim_id=fact.claim.claim_id,
        denial_ids=fact.denial_ids,
        declined_at=case.context.now,
    )


def _claim_adjudicated(_: EncounterCase, fact: facts.ClaimAdjudicated) -> published.ClaimAdjudicated:
    """Tell a payer's decision; a reversal carries negative amounts."""
    claim, decision = fact.claim, fact.decision
    whole = [line for line in decision.lines if line.line_number == CLAIM_LEVEL]
    return build(
        published.ClaimAdjudicated,
        claim,
        provider_id=claim.rendering_provider_id,
        adjudication=decision.adjudication,
        reversal=decision.reversal,
        payer_claim_control_number=decision.payer_claim_control_number,
        status_code=decision.status_code,
        outcome=decision.outcome,
        charge_cents=decision.charge_cents,
        paid_cents=decision.paid_cents,
        contractual_cents=sum(line.lowered_cents for line in decision.lines),
        patient_responsibility_cents=decision.summed("patient"),
        denied_cents=decision.summed(*REFUSES),
        lines=tuple(line for line in decision.lines if line.line_number != CLAIM_LEVEL),
        claim_adjustments=tuple(adjustment for line in whole for adjustment in line.adjustments),
        remarks=decision.remarks,
        adjudicated_on=decision.adjudicated_on,
        posted_on=decision.posted_on,
        remittance_id=decision.remittance_id,
    )


def _underpayment_found(_: EncounterCase, fact: facts.UnderpaymentFound) -> published.UnderpaymentFound:
    return build(
        published.UnderpaymentFound,
        fact.claim,
        line_number=fact.line.line_number,
        expected_cents=fact.line.expected_allowed_cents,
        allowed_cents=fact.line.allowed_cents,
    )


def _patient_balance_due(case: EncounterCase, fact: facts.PatientBalanceDue) -> published.PatientBalanceDue:
    """Tell that money moved to the patient, and why, line by line."""
    encounter = fact.encounter
    return build(
        published.PatientBalanceDue,
        encounter,
        transfer_id=transfer_id(encounter),
        cause=_cause(encounter),
        amount_cents=fact.cents,
        lines=tuple(
            _balance_line(number, charge, encounter.shares[str(charge.line_id)], fact.positions)
            for number, charge in enumerate(encounter.billable_charges, 1)
            if str(charge.line_id) in encounter.shares
        ),
        posted_on=case.today,
    )


def _patient_balance_withdrawn(
    case: EncounterCase, fact: facts.PatientBalanceWithdrawn
) -> published.PatientBalanceWithdrawn:
    return build(
        published.PatientBalanceWithdrawn,
        fact.encounter,
        transfer_id=transfer_id(fact.encounter),
        amount_cents=fact.cents,
        reason=fact.reason,
        posted_on=case.today,
    )


def _credit_balance_found(case: EncounterCase, fact: facts.CreditBalanceFound) -> published.CreditBalanceFound:
    return build(
        published.CreditBalanceFound, case.encounter, party="payer", amount_cents=fact.cents, found_on=case.today
    )


def _insurance_written_off(case: EncounterCase, fact: facts.InsuranceWrittenOff) -> published.InsuranceWrittenOff:
    return build(
        published.InsuranceWrittenOff,
        fact.write_off,
        encounter_id=case.encounter.encounter_id,
        write_off_cents=fact.lost_cents,
        adjustment_cents=fact.adjusted_cents,
        posted_on=case.today,
    )


_BUILDERS: Final[Mapping[type[facts.Fact], Callable[[EncounterCase, Any], Published]]] = {
    facts.ChargesPosted: _charges_posted,
    facts.ChargesReversed: _charges_reversed,
    facts.CodingNeeded: _coding_needed,
    facts.CodingCompleted: _coding_completed,
    facts.ClaimHeld: _claim_held,
    facts.ClaimSubmitted: _claim_submitted,
    facts.EffectGivenUp: _effect_given_up,
    facts.ClaimAcknowledged: _claim_acknowledged,
    facts.ClaimRejected: _claim_rejected,
    facts.ClaimSilent: _claim_silent,
    facts.ClaimStatusReported: _claim_status_reported,
    facts.InformationRequested: _information_requested,
    facts.CorrectionDeclined: _correction_declined,
    facts.ClaimAdjudicated: _claim_adjudicated,
    facts.UnderpaymentFound: _underpayment_found,
    facts.PatientBalanceDue: _patient_balance_due,
    facts.PatientBalanceWithdrawn: _patient_balance_withdrawn,
    facts.CreditBalanceFound: _credit_balance_found,
    facts.InsuranceWrittenOff: _insurance_written_off,
}
"""What announces each fact about an encounter."""

# -- on the remittance's stream --------------------------------------------------------------------------------------


def remittance_received(remittance: Remittance) -> published.RemittanceReceived:
    """Tell that a payment, or a notice of one, arrived."""
    return build(published.RemittanceReceived, remittance, paid_cents=remittance.payment_cents)


def remittance_posted(remittance: Remittance, on: date) -> published.RemittancePosted:
    """Tell that every encounter of a remittance has answered."""
    return build(
        published.RemittancePosted,
        remittance,
        posted_claims=remittance.posted,
        quarantined_claims=remittance.quarantined,
        unmatched_claims=remittance.unmatched,
        posted_on=on,
    )


def file_quarantined(remittance: Remittance, imbalance: Imbalance, at: datetime) -> published.RemittanceQuarantined:
    """Tell that a file does not balance, and that nothing of it was posted."""
    return build(
        published.RemittanceQuarantined,
        remittance,
        scope="file",
        imbalances=(imbalance,),
        amount_cents=remittance.payment_cents,
        fix="ask the payer for a corrected remittance: nothing of this file was posted",
        quarantined_at=at,
    )


def claim_quarantined(item: SetAside, at: datetime) -> published.RemittanceQuarantined:
    """Tell that the payment of one claim could not be posted."""
    return build(published.RemittanceQuarantined, item, scope="claim", quarantined_at=at)


def deposit_matched(remittance: Remittance, deposit: Deposit) -> published.DepositMatched:
    """Tell that a payment is at the bank."""
    return build(published.DepositMatched, deposit, remittance_id=remittance.remittance_id)


def cash_posted(remittance: Remittance, entries: tuple[Entry, ...]) -> published.CashPosted:
    """Tell entries of the payee's cash ledger."""
    return build(published.CashPosted, remittance, entries=entries)


def period_closed(billing_entity_id: UUID, period: str, at: datetime) -> published.PeriodClosed:
    """Tell that a month of a payee's ledger is closed."""
    return published.PeriodClosed(billing_entity_id=billing_entity_id, period=period, closed_at=at)


# -- the parts of events ---------------------------------------------------------------------------------------------


def _charged(charges: tuple[Charge, ...]) -> int:
    return sum(charge.charge_cents or ZERO for charge in charges)


def _submitted_line(claim: Claim, place: int) -> values.SubmittedLine:
    line = claim.lines[place]
    diagnoses = tuple(claim.diagnoses[point - 1] for point in line.pointers if point <= len(claim.diagnoses))
    return build(values.SubmittedLine, line, diagnoses=diagnoses)


def _cause(encounter: Encounter) -> Literal["patient_responsibility", "self_pay", "not_covered"]:
    if encounter.self_pay:
        return "self_pay"
    shared = sum(share.amount_cents for share in encounter.shares.values())
    return "not_covered" if 0 < shared <= sum(encounter.refused_to_patient.values()) else "patient_responsibility"


def _balance_line(number: int, charge: Charge, share: Share, places: Mapping[str, LinePosition]) -> values.BalanceLine:
    place = places.get(str(charge.line_id), LinePosition())
    return values.BalanceLine(
        line_number=number,
        code=charge.code,
        service_on=charge.service_on,
        charge_cents=charge.charge_cents or ZERO,
        insurance_paid_cents=place.paid,
        adjusted_cents=place.adjusted,
        deductible_cents=share.deductible_cents,
        coinsurance_cents=share.coinsurance_cents,
        copay_cents=share.copay_cents,
        other_cents=share.other_cents,
    )
