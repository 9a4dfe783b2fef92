"""How each promised event is built from the domain."""

from typing import Any, TypeVar
from uuid import UUID

import msgspec

from eligibility import published
from eligibility.domain.authorization import Authorization, Decision
from eligibility.domain.charges import ReceivedLine
from eligibility.domain.directory import BillingEntity, Clinic, Enrollment, Payer, Provider
from eligibility.domain.encounter import Encounter, Identity
from eligibility.domain.estimate import Estimate
from eligibility.domain.facts import ChargeSent, DiagnosisSent
from eligibility.domain.verification import Inquiry

T = TypeVar("T")


def converted(kind: type[T], value: object) -> T:
    """Return the value as another struct that has some of its fields, by name."""
    return msgspec.convert(value, kind, from_attributes=True)


def clinic_updated(clinic: Clinic) -> published.ClinicUpdated:
    """Tell a clinic as it is now."""
    return converted(published.ClinicUpdated, clinic)


def billing_entity_updated(entity: BillingEntity) -> published.BillingEntityUpdated:
    """Tell a payee as it is now."""
    return converted(published.BillingEntityUpdated, entity)


def provider_updated(provider: Provider) -> published.ProviderUpdated:
    """Tell a clinician as one is now."""
    return converted(published.ProviderUpdated, provider)


def payer_updated(payer: Payer) -> published.PayerUpdated:
    """Tell a payer as it is now."""
    return converted(published.PayerUpdated, payer)


def enrollment_changed(enrollment: Enrollment) -> published.EnrollmentChanged:
    """Tell an enrollment as it is now."""
    return converted(published.EnrollmentChanged, enrollment)


def identity_of(identity: Identity) -> published.EncounterIdentity:
    """Return the part of an encounter that travels sealed."""
    return converted(published.EncounterIdentity, identity)


def encounter_registered(encounter: Encounter) -> published.EncounterRegistered:
    """Tell that an encounter became known."""
    return published.EncounterRegistered(**_snapshot(encounter))


def encounter_updated(encounter: Encounter, changed: tuple[str, ...]) -> published.EncounterUpdated:
    """Tell what is known of an encounter now."""
    return published.EncounterUpdated(**_snapshot(encounter), changed=changed)


def _snapshot(encounter: Encounter) -> dict[str, Any]:
    fields = {
        name: getattr(encounter, name)
        for name in published.Encounter.__struct_fields__
        if name not in {"coverages", "identity"}
    }
    coverages = tuple(converted(published.CoverageRef, coverage) for coverage in encounter.coverages)
    return {**fields, "coverages": coverages}


def coverage_order_decided(encounter: Encounter) -> published.CoverageOrderDecided:
    """Tell which payer pays first, and why."""
    return published.CoverageOrderDecided(
        encounter_id=encounter.encounter_id,
        coverage_ids=tuple(coverage.coverage_id for coverage in encounter.coverages),
        rule=encounter.order_rule,
        reason=encounter.order_reason,
    )


def coverage_verified(inquiry: Inquiry, answer_dates: tuple[Any, Any]) -> published.CoverageVerified:
    """Tell that the payer confirmed the coverage."""
    begins_on, ends_on = answer_dates
    return published.CoverageVerified(
        encounter_id=inquiry.encounter_id,
        coverage_id=inquiry.coverage_id,
        payer_id=inquiry.payer_id,
        plan_begins_on=begins_on,
        plan_ends_on=ends_on,
        benefits=tuple(converted(published.Benefit, benefit) for benefit in inquiry.benefits),
        authorization_required=inquiry.authorization_required,
        verified_at=inquiry.answered_at or inquiry.asked_at,
        trace=inquiry.trace,
    )


def coverage_refused(inquiry: Inquiry) -> published.CoverageRefused:
    """Tell that the payer does not confirm the coverage, and what to do."""
    return published.CoverageRefused(
        encounter_id=inquiry.encounter_id,
        coverage_id=inquiry.coverage_id,
        payer_id=inquiry.payer_id,
        cause=inquiry.cause or "other",
        reasons=tuple(converted(published.RefusalReason, reason) for reason in inquiry.reasons),
        refused_at=inquiry.answered_at or inquiry.asked_at,
    )


def authorization_requested(authorization: Authorization) -> published.AuthorizationRequested:
    """Tell that a payer was asked for an authorization."""
    return converted(published.AuthorizationRequested, authorization)


def authorization_decided(authorization: Authorization, decision: Decision) -> published.AuthorizationDecided:
    """Tell what the payer decided."""
    return published.AuthorizationDecided(
        encounter_id=authorization.encounter_id,
        authorization_id=authorization.authorization_id,
        coverage_id=authorization.coverage_id,
        payer_id=authorization.payer_id,
        outcome=decision.outcome,
        number=decision.number or authorization.number or None,
        codes=authorization.codes,
        units=decision.units,
        valid_from_on=decision.valid_from_on,
        valid_to_on=decision.valid_to_on,
        reason=decision.reason,
        decided_at=authorization.decided_at or authorization.requested_at,
    )


def estimate_prepared(encounter_id: UUID, estimate_id: UUID, estimate: Estimate, at: Any) -> published.EstimatePrepared:
    """Tell what the patient is expected to owe."""
    return published.EstimatePrepared(
        encounter_id=encounter_id,
        estimate_id=estimate_id,
        kind=estimate.kind,
        charge_cents=estimate.charge_cents,
        discount_cents=estimate.discount_cents,
        insurance_cents=estimate.insurance_cents,
        patient_cents=estimate.patient_cents,
        lines=tuple(converted(published.EstimateLine, line) for line in estimate.lines),
        due_by=estimate.due_by,
        prepared_at=at,
    )


def received_charge(line: ReceivedLine, provider_id: UUID | None) -> published.ReceivedCharge:
    """Tell one charge as it was sent."""
    sent: ChargeSent = line.sent
    return published.ReceivedCharge(
        line_id=line.line_id,
        code=sent.code,
        system=sent.system,
        modifiers=sent.modifiers,
        units=sent.units,
        amount_cents=sent.amount_cents,
        service_on=sent.service_on,
        service_through_on=sent.service_through_on,
        place_of_service=sent.place_of_service or None,
        rendering_provider_id=provider_id,
        diagnoses=diagnoses(sent.diagnoses),
        revenue_code=sent.revenue_code or None,
        ndc=sent.ndc or None,
        credit=line.credit,
    )


def diagnoses(diagnoses_sent: tuple[DiagnosisSent, ...]) -> tuple[published.Diagnosis, ...]:
    """Tell diagnoses as they were sent."""
    return tuple(converted(published.Diagnosis, diagnosis) for diagnosis in diagnoses_sent)
