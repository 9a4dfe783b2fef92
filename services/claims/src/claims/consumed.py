"""What claims hears, in its own words: only the fields it uses."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import msgspec

from claims.domain.charging import SentCharge, SentDiagnosis
from claims.domain.corrections import Change
from claims.domain.directory import Address
from revcycle_kit.delivery.messages import Consumed
from revcycle_kit.events import UNSEALED
from revcycle_kit.money import Cents
from revcycle_kit.sealing import Sealed


class Eligibility(Consumed, frozen=True, kw_only=True):
    """Said by eligibility."""

    SOURCE: ClassVar[str] = "eligibility"


class Denials(Consumed, frozen=True, kw_only=True):
    """Said by denials."""

    SOURCE: ClassVar[str] = "denials"


class ClinicUpdated(Eligibility, frozen=True, kw_only=True):
    """A clinic as it is now."""

    organization_id: UUID
    clinic_id: UUID
    name: str = ""
    time_zone: str = "America/New_York"
    npi: str | None = None
    address: Address = Address()
    billing_entity_ids: tuple[UUID, ...] = ()
    place_of_service: str = "11"


class BillingEntityUpdated(Eligibility, frozen=True, kw_only=True):
    """A payee as it is now."""

    organization_id: UUID
    billing_entity_id: UUID
    name: str = ""
    tin: str = ""
    npi: str = ""
    taxonomy: str | None = None
    address: Address = Address()
    clinic_ids: tuple[UUID, ...] = ()
    contact_phone: str = ""


class ProviderUpdated(Eligibility, frozen=True, kw_only=True):
    """A clinician as he or she is now."""

    organization_id: UUID
    provider_id: UUID
    npi: str | None = None
    family: str = ""
    given: str = ""
    taxonomy: str | None = None


class PayerUpdated(Eligibility, frozen=True, kw_only=True):
    """A payer as it is now."""

    organization_id: UUID
    payer_id: UUID
    name: str = ""
    payer_code: str = ""
    kind: str = "other"
    filing_indicator: str = "CI"
    timely_filing_days: int = 365
    secondary_filing_days: int = 365
    contracted: bool = True
    authorization_codes: tuple[str, ...] = ()


class EnrollmentChanged(Eligibility, frozen=True, kw_only=True):
    """Who may bill which payer, since when."""

    organization_id: UUID
    payer_id: UUID
    billing_entity_id: UUID
    provider_id: UUID | None = None
    transaction: str
    effective_on: date
    ends_on: date | None = None


class CoverageRef(msgspec.Struct, frozen=True, kw_only=True):
    """One coverage of the encounter."""

    coverage_id: UUID
    payer_id: UUID
    rank: int = 1
    relationship: str = "18"
    begins_on: date | None = None
    ends_on: date | None = None


class EncounterFacts(Eligibility, frozen=True, kw_only=True):
    """One encounter as it stands: a whole snapshot each time."""

    encounter_id: UUID
    organization_id: UUID
    clinic_id: UUID
    billing_entity_id: UUID
    patient_id: UUID
    guarantor_id: UUID
    visit_class: str = "outpatient"
    place_of_service: str = ""
    service_on: date
    service_through_on: date | None = None
    admitted_at: datetime | None = None
    discharged_at: datetime | None = None
    rendering_provider_id: UUID | None = None
    attending_provider_id: UUID | None = None
    referring_provider_id: UUID | None = None
    coverages: tuple[CoverageRef, ...] = ()
    identity: Sealed = UNSEALED


class EncounterRegistered(EncounterFacts, frozen=True, kw_only=True):
    """An encounter became known."""


class EncounterUpdated(EncounterFacts, frozen=True, kw_only=True):
    """What is known of an encounter changed."""


class EncounterFinished(Eligibility, frozen=True, kw_only=True):
    """The visit ended."""

    encounter_id: UUID


class EncounterCancelled(Eligibility, frozen=True, kw_only=True):
    """The encounter did not or will not take place."""

    encounter_id: UUID


class PatientsMerged(Eligibility, frozen=True, kw_only=True):
    """Two records were one person."""

    encounter_id: UUID
    surviving_patient_id: UUID


class CoverageOrderDecided(Eligibility, frozen=True, kw_only=True):
    """Which payer pays first."""

    encounter_id: UUID
    coverage_ids: tuple[UUID, ...]


class CoverageVerified(Eligibility, frozen=True, kw_only=True):
    """The payer says that the coverage is active."""

    encounter_id: UUID
    coverage_id: UUID


class CoverageRefused(Eligibility, frozen=True, kw_only=True):
    """The payer does not know the member, or the coverage is not active."""

    encounter_id: UUID
    coverage_id: UUID
    cause: str = "other"


class AuthorizationDecided(Eligibility, frozen=True, kw_only=True):
    """The payer answered the 278."""

    encounter_id: UUID
    authorization_id: UUID
    payer_id: UUID
    outcome: str
    number: str | None = None
    codes: tuple[str, ...] = ()
    units: Decimal | None = None
    valid_from_on: date | None = None
    valid_to_on: date | None = None


class NoticeSigned(Eligibility, frozen=True, kw_only=True):
    """The patient signed a notice that decides who may be billed."""

    encounter_id: UUID
    kind: str


class SelfPayElected(Eligibility, frozen=True, kw_only=True):
    """The patient pays cash and forbids disclosure to the plan."""

    encounter_id: UUID


class ChargesReceived(Eligibility, frozen=True, kw_only=True):
    """The EHR handed over what was done."""

    encounter_id: UUID
    charges: tuple[SentCharge, ...]
    diagnoses: tuple[SentDiagnosis, ...] = ()
    complete: bool = True


class CorrectionRequested(Denials, frozen=True, kw_only=True):
    """A claim is to be sent again, corrected."""

    encounter_id: UUID
    claim_id: UUID
    denial_ids: tuple[UUID, ...] = ()
    method: str
    changes: tuple[Change, ...] = ()


class AppealDecided(Denials, frozen=True, kw_only=True):
    """The payer answered an appeal: an expectation, no money."""

    encounter_id: UUID
    claim_id: UUID
    outcome: str
    payment_due_by: date | None = None


class WriteOffApproved(Denials, frozen=True, kw_only=True):
    """Someone with the authority gave up a refused amount."""

    encounter_id: UUID
    claim_id: UUID
    denial_id: UUID
    line_number: int | None = None
    write_off_class: str
    adjustment_cents: Cents
    write_off_cents: Cents


class DenialResolved(Denials, frozen=True, kw_only=True):
    """A denial came to its end."""

    encounter_id: UUID
    denial_id: UUID
    claim_id: UUID
    line_number: int | None = None
    outcome: str
    amount_cents: Cents


class PreventionRuleTold(Denials, frozen=True, kw_only=True):
    """A rule that would have prevented denials."""

    rule_id: UUID
    payer_id: UUID
    codes: tuple[str, ...] = ()
    carc: str = ""
    fix: str = ""


class PreventionRuleActivated(PreventionRuleTold, frozen=True, kw_only=True):
    """Claims are to be held by this rule."""


class PreventionRuleRetired(PreventionRuleTold, frozen=True, kw_only=True):
    """The rule holds no claims any more."""
