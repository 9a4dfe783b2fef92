"""How each promised event is built from the domain."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal, cast
from uuid import UUID

from claims import published
from claims.domain.adjudication import CLAIM_LEVEL, REFUSES, Adjustment, Decision, LineDecision
from claims.domain.balancing import Imbalance
from claims.domain.claims import Claim, Finding
from claims.domain.coding import Missing
from claims.domain.encounters import Charge, Encounter, Share, WriteOff
from claims.domain.ledger import Entry
from claims.domain.people import EncounterIdentity
from claims.domain.settlement import LinePosition
from claims.domain.status import StatusCode, cause_of, findings_of, fix_for
from claims.domain.succession import Declined
from claims.published import values
from revcycle_kit.ids import derived_id
from revcycle_kit.money import ZERO, Cents

_ENTRY_FIELDS = values.LedgerEntry.__struct_fields__


def posted_charges(charges: Iterable[Charge]) -> tuple[values.PostedCharge, ...]:
    """Tell services with their prices."""
    return tuple(
        values.PostedCharge(
            line_id=charge.line_id,
            code=charge.code,
            modifiers=charge.modifiers,
            units=charge.units,
            charge_cents=charge.charge_cents or ZERO,
            service_on=charge.service_on,
        )
        for charge in charges
    )


def charges_posted(
    encounter_id: UUID, charges: tuple[Charge, ...], posted_on: date, *, late: bool
) -> published.ChargesPosted:
    """Tell what was charged."""
    told = posted_charges(charges)
    return published.ChargesPosted(
        encounter_id=encounter_id,
        charges=told,
        charged_cents=Cents(sum(charge.charge_cents for charge in told)),
        late=late,
        posted_on=posted_on,
    )


def charges_reversed(encounter_id: UUID, charges: tuple[Charge, ...], posted_on: date) -> published.ChargesReversed:
    """Tell what was taken back."""
    told = posted_charges(charges)
    return published.ChargesReversed(
        encounter_id=encounter_id,
        charges=told,
        charged_cents=Cents(sum(charge.charge_cents for charge in told)),
        posted_on=posted_on,
    )


def ledger_posted(encounter_id: UUID, entries: Iterable[Entry]) -> published.LedgerPosted:
    """Tell entries of an encounter's ledger."""
    return published.LedgerPosted(encounter_id=encounter_id, entries=told_entries(entries))


def told_entries(entries: Iterable[Entry]) -> tuple[values.LedgerEntry, ...]:
    """Tell entries in the promise's words, which are the ledger's."""
    return tuple(values.LedgerEntry(**{name: getattr(entry, name) for name in _ENTRY_FIELDS}) for entry in entries)


def coding_needed(encounter_id: UUID, missing: Iterable[Missing], since: datetime) -> published.CodingNeeded:
    """Tell what a coder has to supply."""
    told = tuple(
        values.MissingCode(
            what=cast("Any", missing_code.what),
            where=missing_code.where,
            fix=missing_code.fix,
            line_id=missing_code.line_id,
        )
        for missing_code in missing
    )
    return published.CodingNeeded(encounter_id=encounter_id, missing=told, since=since)


def findings(items: Iterable[Finding]) -> tuple[values.EditFinding, ...]:
    """Tell why a claim may not leave."""
    return tuple(
        values.EditFinding(edit=item.edit, field=item.field, rule=item.rule, fix=item.fix, line_number=item.line_number)
        for item in items
    )


def claim_held(claim: Claim, held_at: datetime) -> published.ClaimHeld:
    """Tell that a claim waits, for what and for whom."""
    return published.ClaimHeld(
        encounter_id=claim.encounter_id,
        claim_id=claim.claim_id,
        findings=findings(claim.findings),
        owner=cast("Any", claim.hold_owner or "biller"),
        held_at=held_at,
    )


def claim_submitted(claim: Claim, submitted_at: datetime) -> published.ClaimSubmitted:
    """Tell that a claim went out."""
    return published.ClaimSubmitted(
        encounter_id=claim.encounter_id,
        claim_id=claim.claim_id,
        billing_entity_id=claim.billing_entity_id,
        provider_id=claim.rendering_provider_id,
        payer_id=claim.payer_id,
        payer_kind=claim.payer_kind,
        contracted=claim.contracted,
        rank=claim.rank,
        kind=cast("Any", claim.kind),
        frequency=claim.frequency,
        patient_control_number=claim.patient_control_number,
        charge_cents=claim.charge_cents,
        lines=tuple(_submitted_line(claim, number) for number in range(len(claim.lines))),
        service_on=claim.service_on,
        service_through_on=claim.service_through_on,
        replaces_claim_id=claim.replaces_claim_id,
        payer_claim_control_number=claim.original_control_number,
        touched=claim.touched,
        first_edited_on=claim.first_edited_on or submitted_at.date(),
        timely_filing_by=claim.timely_filing_by,
        submitted_at=submitted_at,
    )


def correction_declined(
    claim: Claim, denial_ids: tuple[UUID, ...], why: Declined, declined_at: datetime
) -> published.CorrectionDeclined:
    """Tell that a correction is not carried out, and why."""
    return published.CorrectionDeclined(
        encounter_id=claim.encounter_id,
        claim_id=claim.claim_id,
        denial_ids=denial_ids,
        cause=cast("Any", why.cause),
        reason=why.reason,
        fix=why.fix,
        declined_at=declined_at,
    )


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


def status_codes(codes: Iterable[StatusCode]) -> tuple[values.StatusCode, ...]:
    """Tell status codes."""
    return tuple(values.StatusCode(category=code.category, status=code.status, entity=code.entity) for code in codes)


def claim_rejected(
    claim: Claim, level: str, codes: tuple[StatusCode, ...], rejected_at: datetime
) -> published.ClaimRejected:
    """Tell that a claim was turned away, why, and what to do."""
    cause = "syntax" if level in {"interchange", "syntax"} else cause_of(codes)
    said = "; ".join(dict.fromkeys(finding.rule for finding in findings_of(codes, cause, level)))
    return published.ClaimRejected(
        encounter_id=claim.encounter_id,
        claim_id=claim.claim_id,
        payer_id=claim.payer_id,
        level=cast("Any", level),
        codes=status_codes(codes),
        cause=cast("Any", cause),
        message=said or f"the {level} refused the claim",
        fix=fix_for(cause),
        rejected_at=rejected_at,
    )


def claim_adjudicated(claim: Claim, decision: Decision) -> published.ClaimAdjudicated:
    """Tell a payer's decision; a reversal carries negative amounts."""
    whole = [line for line in decision.lines if line.line_number == CLAIM_LEVEL]
    return published.ClaimAdjudicated(
        encounter_id=claim.encounter_id,
        claim_id=claim.claim_id,
        adjudication=decision.adjudication,
        reversal=decision.reversal,
        payer_id=claim.payer_id,
        payer_kind=claim.payer_kind,
        contracted=claim.contracted,
        billing_entity_id=claim.billing_entity_id,
        provider_id=claim.rendering_provider_id,
        rank=claim.rank,
        kind=cast("Any", claim.kind),
        frequency=claim.frequency,
        patient_control_number=claim.patient_control_number,
        payer_claim_control_number=decision.payer_claim_control_number,
        status_code=decision.status_code,
        outcome=decision.outcome,
        charge_cents=decision.charge_cents,
        paid_cents=decision.paid_cents,
        contractual_cents=Cents(sum(line.lowered_cents for line in decision.lines)),
        patient_responsibility_cents=decision.summed("patient"),
        denied_cents=decision.summed(*REFUSES),
        lines=tuple(_told_line(line) for line in decision.lines if line.line_number != CLAIM_LEVEL),
        claim_adjustments=tuple(adjustment for line in whole for adjustment in _told_adjustments(line.adjustments)),
        remarks=decision.remarks,
        rejected_before=claim.rejected_before,
        service_on=claim.service_on,
        adjudicated_on=decision.adjudicated_on,
        posted_on=decision.posted_on,
        remittance_id=decision.remittance_id,
    )


def information_wanted(claim: Claim, decision: Decision, on: date) -> published.InformationRequested:
    """Tell that a remittance asks for records: by which reasons and remarks."""
    reasons = [
        f"{adjustment.group}-{adjustment.carc}"
        for line in decision.lines
        for adjustment in line.adjustments
        if adjustment.meaning == "information"
    ]
    remarks = [mark for line in decision.lines for mark in line.remarks]
    return published.InformationRequested(
        encounter_id=claim.encounter_id,
        claim_id=claim.claim_id,
        codes=tuple(dict.fromkeys((*reasons, *remarks, *decision.remarks))),
        due_by=None,
        requested_on=on,
    )


def underpayments(claim: Claim, decision: Decision) -> tuple[published.UnderpaymentFound, ...]:
    """Tell the lines on which the payer allowed less than its contract says."""
    if claim.rank > 1 or decision.reversal:
        return ()
    return tuple(
        published.UnderpaymentFound(
            encounter_id=claim.encounter_id,
            claim_id=claim.claim_id,
            line_number=line.line_number,
            expected_cents=line.expected_allowed_cents,
            allowed_cents=line.allowed_cents,
        )
        for line in decision.lines
        if line.expected_allowed_cents is not None
        and line.posting == "full"
        and not line.refused_cents
        and line.allowed_cents < line.expected_allowed_cents
    )


Cause = Literal["patient_responsibility", "self_pay", "not_covered"]


def patient_balance_due(
    encounter: Encounter, cents: Cents, places: Mapping[str, LinePosition], posted_on: date
) -> published.PatientBalanceDue:
    """Tell that money moved to the patient, and why, line by line."""
    return published.PatientBalanceDue(
        encounter_id=encounter.encounter_id,
        billing_entity_id=encounter.billing_entity_id,
        guarantor_id=encounter.guarantor_id,
        patient_id=encounter.patient_id,
        transfer_id=transfer_id(encounter),
        cause=_cause(encounter),
        amount_cents=cents,
        lines=tuple(
            _balance_line(number, charge, encounter.shares.get(str(charge.line_id), Share()), places)
            for number, charge in enumerate(encounter.billable_charges, 1)
            if str(charge.line_id) in encounter.shares
        ),
        service_on=encounter.service_on,
        posted_on=posted_on,
    )


def patient_balance_withdrawn(
    encounter: Encounter, cents: Cents, reason: str, posted_on: date
) -> published.PatientBalanceWithdrawn:
    """Tell that money moved back from the patient."""
    return published.PatientBalanceWithdrawn(
        encounter_id=encounter.encounter_id,
        billing_entity_id=encounter.billing_entity_id,
        guarantor_id=encounter.guarantor_id,
        transfer_id=transfer_id(encounter),
        amount_cents=cents,
        reason=reason,
        posted_on=posted_on,
    )


def transfer_id(encounter: Encounter) -> UUID:
    """Return the id of the encounter's latest transfer."""
    return derived_id("transfer", str(encounter.encounter_id), str(encounter.transfers))


def _cause(encounter: Encounter) -> Cause:
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


def _submitted_line(claim: Claim, place: int) -> values.SubmittedLine:
    line = claim.lines[place]
    return values.SubmittedLine(
        line_number=line.line_number,
        line_id=line.line_id,
        code=line.code,
        modifiers=line.modifiers,
        units=line.units,
        charge_cents=line.charge_cents,
        expected_allowed_cents=line.expected_allowed_cents,
        diagnoses=tuple(claim.diagnoses[point - 1] for point in line.pointers if point <= len(claim.diagnoses)),
        service_on=line.service_on,
    )


def _told_line(line: LineDecision) -> values.AdjudicatedLine:
    return values.AdjudicatedLine(
        line_number=line.line_number,
        code=line.code,
        modifiers=line.modifiers,
        charge_cents=line.charge_cents,
        paid_cents=line.paid_cents,
        allowed_cents=line.allowed_cents,
        expected_allowed_cents=line.expected_allowed_cents,
        adjustments=_told_adjustments(line.adjustments),
        remarks=line.remarks,
    )


def _told_adjustments(adjustments: Iterable[Adjustment]) -> tuple[values.Adjustment, ...]:
    return tuple(
        values.Adjustment(
            group=adjustment.group,
            carc=adjustment.carc,
            amount_cents=adjustment.amount_cents,
            meaning=cast("Any", adjustment.meaning),
        )
        for adjustment in adjustments
    )


def insurance_written_off(
    encounter_id: UUID, write_off: WriteOff, lost_cents: Cents, adjusted_cents: Cents, posted_on: date
) -> published.InsuranceWrittenOff:
    """Tell that an insurance balance was given up; negative amounts: a later payment took the write-off back."""
    return published.InsuranceWrittenOff(
        encounter_id=encounter_id,
        claim_id=write_off.claim_id,
        write_off_class=cast("Any", write_off.write_off_class),
        write_off_cents=lost_cents,
        adjustment_cents=adjusted_cents,
        posted_on=posted_on,
    )


def imbalances(items: Iterable[Imbalance]) -> tuple[values.Imbalance, ...]:
    """Tell where a remittance does not add up."""
    return tuple(
        values.Imbalance(
            level=cast("Any", item.level),
            where=item.where,
            expected_cents=item.expected_cents,
            found_cents=item.found_cents,
        )
        for item in items
    )
