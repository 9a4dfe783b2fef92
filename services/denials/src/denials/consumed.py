"""The events that denials reads, in its own words: only the fields it uses; what it does not know is ignored."""

from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from denials.domain import claim, directory
from revcycle_kit.delivery.messages import Consumed
from revcycle_kit.events import UNSEALED, build
from revcycle_kit.money import Cents
from revcycle_kit.sealing import Sealed
from revcycle_kit.values import Value

_REFUSALS: Final[dict[str, claim.Meaning]] = {"denial": "denial", "information": "information"}
_OTHERS: Final = frozenset({"contractual", "patient", "duplicate", "prior_payer", "capitated", "reduction"})


class SubmittedLine(Value, kw_only=True):
    """One line as billed."""

    line_id: UUID
    line_number: int
    code: str
    modifiers: tuple[str, ...] = ()
    charge_cents: Cents
    expected_allowed_cents: Cents | None = None
    service_on: date


class ClaimIdentity(Value, kw_only=True):
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
        return build(claim.BilledClaim, self, identity="")


class ClaimAcknowledged(Consumed, frozen=True, kw_only=True):
    """Somebody on the way received or accepted a claim; only the payer's acceptance matters here."""

    SOURCE: ClassVar[str] = "claims"
    claim_id: UUID
    level: str
    outcome: str
    sender: str
    control_number: str
    acknowledged_at: datetime


class Status(Value, kw_only=True):
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


class Adjustment(Value, kw_only=True):
    """One CAS amount; `meaning` is the publisher's word."""

    group: str
    carc: str
    amount_cents: Cents
    meaning: str

    def to_domain(self) -> claim.Adjustment:
        """Keep what counts as a refusal apart from the rest, and the words that we do not know apart from both."""
        meaning = _REFUSALS.get(self.meaning, "other" if self.meaning in _OTHERS else "unknown")
        return claim.Adjustment(group=self.group, carc=self.carc, amount_cents=self.amount_cents, meaning=meaning)


def _adjustments(adjustments: tuple[Adjustment, ...]) -> tuple[claim.Adjustment, ...]:
    return tuple(adjustment.to_domain() for adjustment in adjustments)


class AdjudicatedLine(Value, kw_only=True):
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
        return build(claim.DecidedLine, self, adjustments=_adjustments(self.adjustments))


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
        return build(
            claim.Adjudication,
            self,
            number=self.adjudication,
            duplicate=self.outcome == "duplicate",
            lines=tuple(line.to_domain() for line in self.lines),
            claim_adjustments=_adjustments(self.claim_adjustments),
            decided_on=self.adjudicated_on,
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
        return build(directory.PayerTerms, self)


class Address(Value, kw_only=True):
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
        return build(directory.Payee, self, address=self.address.lines(), phone=self.contact_phone)


class ClinicUpdated(Consumed, frozen=True, kw_only=True):
    """A clinic as it is now."""

    SOURCE: ClassVar[str] = "eligibility"
    clinic_id: UUID
    name: str
    time_zone: str

    def to_domain(self) -> directory.Clinic:
        """Return the clinic."""
        return build(directory.Clinic, self)
