"""What denials hears, in its own words: only the fields it uses; what it does not know is ignored."""

from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

import msgspec

from denials.domain import claim, directory
from revcycle_kit.delivery.messages import Consumed
from revcycle_kit.events import UNSEALED
from revcycle_kit.money import Cents
from revcycle_kit.sealing import Sealed

_REFUSALS: Final[dict[str, claim.Meaning]] = {"denial": "denial", "information": "information"}
_OTHERS: Final = frozenset({"contractual", "patient", "duplicate", "prior_payer", "capitated", "reduction"})


class SubmittedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line as billed."""

    line_id: UUID
    line_number: int
    code: str
    modifiers: tuple[str, ...] = ()
    charge_cents: Cents
    expected_allowed_cents: Cents | None = None
    service_on: date


class ClaimIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """Who a claim is about: opened only to be sealed again, and to write a letter."""

    patient_family: str = ""
    patient_given: str = ""
    patient_birth_on: date | None = None
    subscriber_family: str = ""
    subscriber_given: str = ""
    member_id: str = ""


class ClaimSubmitted(Consumed, frozen=True, kw_only=True):
    """A claim went out."""

    SOURCE: ClassVar[str] = "claims"
    encounter_id: UUID
    claim_id: UUID
    billing_entity_id: UUID
    provider_id: UUID | None = None
    payer_id: UUID
    payer_kind: str
    contracted: bool
    rank: int
    kind: str
    frequency: str
    patient_control_number: str
    charge_cents: Cents
    lines: tuple[SubmittedLine, ...]
    service_on: date
    service_through_on: date
    replaces_claim_id: UUID | None = None
    timely_filing_by: date | None = None
    submitted_at: datetime
    identity: Sealed = UNSEALED

    def to_domain(self) -> claim.BilledClaim:
        """Return the claim as billed, following nothing yet, without identity."""
        lines = tuple(
            claim.BilledLine(
                line_id=line.line_id,
                line_number=line.line_number,
                code=line.code,
                modifiers=line.modifiers,
                charge_cents=line.charge_cents,
                expected_allowed_cents=line.expected_allowed_cents,
                service_on=line.service_on,
            )
            for line in self.lines
        )
        return claim.BilledClaim(
            claim_id=self.claim_id,
            encounter_id=self.encounter_id,
            billing_entity_id=self.billing_entity_id,
            provider_id=self.provider_id,
            payer_id=self.payer_id,
            payer_kind=self.payer_kind,
            contracted=self.contracted,
            rank=self.rank,
            kind=self.kind,
            frequency=self.frequency,
            patient_control_number=self.patient_control_number,
            charge_cents=self.charge_cents,
            lines=lines,
            service_on=self.service_on,
            service_through_on=self.service_through_on,
            timely_filing_by=self.timely_filing_by,
            submitted_at=self.submitted_at,
        )


class ClaimAcknowledged(Consumed, frozen=True, kw_only=True):
    """Somebody on the way received or accepted a claim; only the payer's acceptance matters here."""

    SOURCE: ClassVar[str] = "claims"
    claim_id: UUID
    level: str
    outcome: str
    sender: str
    control_number: str
    acknowledged_at: datetime


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """One STC composite."""

    category: str
    status: str = ""


class ClaimRejected(Consumed, frozen=True, kw_only=True):
    """A claim was turned away at the door: claims works it, we only learn."""

    SOURCE: ClassVar[str] = "claims"
    claim_id: UUID
    payer_id: UUID
    codes: tuple[Status, ...] = ()
    cause: str
    rejected_at: datetime


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """One CAS amount; `meaning` is the publisher's word."""

    group: str
    carc: str
    amount_cents: Cents
    meaning: str

    def to_domain(self) -> claim.Adjustment:
        """Keep what counts as a refusal apart from the rest, and the words that we do not know apart from both."""
        meaning = _REFUSALS.get(self.meaning, "other" if self.meaning in _OTHERS else "unknown")
        return claim.Adjustment(group=self.group, carc=self.carc, amount_cents=self.amount_cents, meaning=meaning)


class AdjudicatedLine(msgspec.Struct, frozen=True, kw_only=True):
    """What the payer decided about one line."""

    line_number: int
    code: str
    charge_cents: Cents
    paid_cents: Cents
    allowed_cents: Cents
    expected_allowed_cents: Cents | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()

    def to_domain(self) -> claim.DecidedLine:
        """Return the line as decided."""
        return claim.DecidedLine(
            line_number=self.line_number,
            code=self.code,
            charge_cents=self.charge_cents,
            paid_cents=self.paid_cents,
            allowed_cents=self.allowed_cents,
            expected_allowed_cents=self.expected_allowed_cents,
            adjustments=tuple(adjustment.to_domain() for adjustment in self.adjustments),
            remarks=self.remarks,
        )


class ClaimAdjudicated(Consumed, frozen=True, kw_only=True):
    """A payer decided."""

    SOURCE: ClassVar[str] = "claims"
    encounter_id: UUID
    claim_id: UUID
    adjudication: int
    reversal: bool
    payer_id: UUID
    payer_kind: str
    contracted: bool
    rank: int
    kind: str
    payer_claim_control_number: str
    outcome: str
    paid_cents: Cents
    lines: tuple[AdjudicatedLine, ...]
    claim_adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    service_on: date
    adjudicated_on: date
    posted_on: date

    def to_domain(self) -> claim.Adjudication:
        """Return the decision."""
        return claim.Adjudication(
            encounter_id=self.encounter_id,
            claim_id=self.claim_id,
            number=self.adjudication,
            reversal=self.reversal,
            duplicate=self.outcome == "duplicate",
            payer_id=self.payer_id,
            payer_kind=self.payer_kind,
            contracted=self.contracted,
            kind=self.kind,
            rank=self.rank,
            payer_claim_control_number=self.payer_claim_control_number,
            paid_cents=self.paid_cents,
            lines=tuple(line.to_domain() for line in self.lines),
            claim_adjustments=tuple(adjustment.to_domain() for adjustment in self.claim_adjustments),
            remarks=self.remarks,
            service_on=self.service_on,
            decided_on=self.adjudicated_on,
            posted_on=self.posted_on,
        )


class CorrectionDeclined(Consumed, frozen=True, kw_only=True):
    """A correction that was asked for is not carried out."""

    SOURCE: ClassVar[str] = "claims"
    encounter_id: UUID
    denial_ids: tuple[UUID, ...]
    cause: str
    """`no_payer` and `claim_voided`: the payer is asked no more; else the change has to be put right."""
    reason: str
    fix: str


class PatientBalanceDue(Consumed, frozen=True, kw_only=True):
    """Money moved to the patient; what matters here is `self_pay`: no payer is asked any more."""

    SOURCE: ClassVar[str] = "claims"
    encounter_id: UUID
    cause: str


class UnderpaymentFound(Consumed, frozen=True, kw_only=True):
    """A payer allowed less than the contract says."""

    SOURCE: ClassVar[str] = "claims"
    encounter_id: UUID
    claim_id: UUID
    line_number: int
    expected_cents: Cents
    allowed_cents: Cents


class PayerUpdated(Consumed, frozen=True, kw_only=True):
    """A payer as it is now."""

    SOURCE: ClassVar[str] = "eligibility"
    organization_id: UUID
    payer_id: UUID
    name: str
    payer_code: str
    kind: str
    timely_filing_days: int
    appeal_days: int = 180

    def to_domain(self) -> directory.PayerTerms:
        """Return the payer's terms."""
        return directory.PayerTerms(
            payer_id=self.payer_id,
            organization_id=self.organization_id,
            name=self.name,
            payer_code=self.payer_code,
            kind=self.kind,
            appeal_days=self.appeal_days,
            timely_filing_days=self.timely_filing_days,
        )


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A postal address."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""

    def lines(self) -> tuple[str, ...]:
        """Return it as it stands on a letter; nine digits of ZIP get their hyphen."""
        zip_code = f"{self.postal_code[:5]}-{self.postal_code[5:]}" if len(self.postal_code) > 5 else self.postal_code  # noqa: PLR2004 - ZIP+4
        place = " ".join(filter(None, (f"{self.city}," if self.city else "", self.state, zip_code)))
        return tuple(filter(None, (self.line1, self.line2, place)))


class BillingEntityUpdated(Consumed, frozen=True, kw_only=True):
    """A payee as it is now."""

    SOURCE: ClassVar[str] = "eligibility"
    billing_entity_id: UUID
    name: str
    tin: str
    npi: str
    address: Address = Address()
    contact_phone: str = ""

    def to_domain(self) -> directory.Payee:
        """Return the payee as a letter names it."""
        return directory.Payee(
            billing_entity_id=self.billing_entity_id,
            name=self.name,
            tin=self.tin,
            npi=self.npi,
            address=self.address.lines(),
            phone=self.contact_phone,
        )


class ClinicUpdated(Consumed, frozen=True, kw_only=True):
    """A clinic as it is now."""

    SOURCE: ClassVar[str] = "eligibility"
    clinic_id: UUID
    name: str
    time_zone: str
