"""The events that eligibility promises, built from the domain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from eligibility import published
from eligibility.domain.authorization import Authorization, Decision
from eligibility.domain.charges import ReceivedLine
from eligibility.domain.directory import BillingEntity, Clinic, Enrollment, Payer, Provider
from eligibility.domain.encounter import Encounter, Identity
from eligibility.domain.estimate import Estimate
from eligibility.domain.facts import CancelReason, DiagnosisSent
from eligibility.domain.verification import CoverageResponse, Inquiry
from revcycle_kit.delivery.messages import GivenUp, own_type
from revcycle_kit.events import UNSEALED, build


def clinic_updated(clinic: Clinic) -> published.ClinicUpdated:
    """Build the event of a clinic as it is now."""
    return build(published.ClinicUpdated, clinic)


def billing_entity_updated(entity: BillingEntity) -> published.BillingEntityUpdated:
    """Build the event of a payee as it is now."""
    return build(published.BillingEntityUpdated, entity)


def provider_updated(provider: Provider) -> published.ProviderUpdated:
    """Build the event of a clinician as one is now."""
    return build(published.ProviderUpdated, provider)


def payer_updated(payer: Payer) -> published.PayerUpdated:
    """Build the event of a payer as it is now."""
    return build(published.PayerUpdated, payer)


def enrollment_changed(enrollment: Enrollment) -> published.EnrollmentChanged:
    """Build the event of an enrollment as it is now."""
    return build(published.EnrollmentChanged, enrollment)


def identity_of(identity: Identity) -> published.EncounterIdentity:
    """Build the part of an encounter that travels sealed."""
    return build(published.EncounterIdentity, identity)


def encounter_registered(encounter: Encounter) -> published.EncounterRegistered:
    """Build the event of an encounter that became known."""
    return build(published.EncounterRegistered, encounter, identity=UNSEALED)


def encounter_updated(encounter: Encounter, changed: tuple[str, ...]) -> published.EncounterUpdated:
    """Build the event of what is known of an encounter now."""
    return build(published.EncounterUpdated, encounter, identity=UNSEALED, changed=changed)


def encounter_finished(encounter: Encounter) -> published.EncounterFinished:
    """Build the event of a visit that ended."""
    return build(published.EncounterFinished, encounter)


def encounter_cancelled(encounter: Encounter, reason: CancelReason) -> published.EncounterCancelled:
    """Build the event of a visit that did not take place."""
    return build(published.EncounterCancelled, encounter, reason=reason)


def patients_merged(encounter: Encounter, retired_patient_id: UUID) -> published.PatientsMerged:
    """Build the event of an encounter that belongs to the surviving patient now."""
    return build(
        published.PatientsMerged,
        encounter,
        surviving_patient_id=encounter.patient_id,
        retired_patient_id=retired_patient_id,
    )


def coverage_order_decided(encounter: Encounter) -> published.CoverageOrderDecided:
    """Build the event of which payer pays first, and why."""
    return build(
        published.CoverageOrderDecided,
        encounter,
        coverage_ids=encounter.coverage_ids,
        rule=encounter.order_rule,
        reason=encounter.order_reason,
    )


def coverage_verified(inquiry: Inquiry, response: CoverageResponse) -> published.CoverageVerified:
    """Build the event of a coverage that the payer confirmed."""
    return build(
        published.CoverageVerified,
        inquiry,
        plan_begins_on=response.plan_begins_on,
        plan_ends_on=response.plan_ends_on,
        verified_at=inquiry.answered_at or inquiry.asked_at,
    )


def coverage_refused(inquiry: Inquiry) -> published.CoverageRefused:
    """Build the event of a coverage that the payer does not confirm, with what to do."""
    return build(
        published.CoverageRefused,
        inquiry,
        cause=inquiry.cause or "other",
        refused_at=inquiry.answered_at or inquiry.asked_at,
    )


def authorization_requested(authorization: Authorization) -> published.AuthorizationRequested:
    """Build the event of an authorization that a payer was asked for."""
    return build(published.AuthorizationRequested, authorization)


def authorization_decided(authorization: Authorization, decision: Decision) -> published.AuthorizationDecided:
    """Build the event of what the payer decided."""
    return build(
        published.AuthorizationDecided,
        authorization,
        outcome=decision.outcome,
        number=decision.number or authorization.number or None,
        units=decision.units,
        valid_from_on=decision.valid_from_on,
        valid_to_on=decision.valid_to_on,
        reason=decision.reason,
        decided_at=authorization.decided_at or authorization.requested_at,
    )


def estimate_prepared(
    encounter_id: UUID, estimate_id: UUID, estimate: Estimate, at: datetime
) -> published.EstimatePrepared:
    """Build the event of what the patient is expected to owe."""
    return build(
        published.EstimatePrepared, estimate, encounter_id=encounter_id, estimate_id=estimate_id, prepared_at=at
    )


def received_charge(line: ReceivedLine, provider_id: UUID | None) -> published.ReceivedCharge:
    """Build one charge of an event, as it was sent."""
    return build(
        published.ReceivedCharge,
        line.sent,
        line_id=line.line_id,
        place_of_service=line.sent.place_of_service or None,
        rendering_provider_id=provider_id,
        revenue_code=line.sent.revenue_code or None,
        ndc=line.sent.ndc or None,
        credit=line.credit,
    )


def charges_received(
    encounter_id: UUID,
    charges: tuple[published.ReceivedCharge, ...],
    diagnoses: tuple[DiagnosisSent, ...],
    at: datetime,
    *,
    complete: bool = True,
) -> published.ChargesReceived:
    """Build the event of charges, and the diagnoses known with them."""
    return published.ChargesReceived(
        encounter_id=encounter_id,
        charges=charges,
        diagnoses=tuple(build(published.Diagnosis, diagnosis) for diagnosis in diagnoses),
        complete=complete,
        received_at=at,
    )


def effect_given_up(failure: GivenUp[Any], about_id: UUID, at: datetime) -> published.EffectGivenUp:
    """Build the event of a question to a payer that is not sent again by itself."""
    effect: Any = failure.effect
    return build(
        published.EffectGivenUp,
        failure,
        encounter_id=effect.encounter_id,
        about_id=about_id,
        effect=own_type(type(effect)),
        given_up_at=at,
    )
