"""What claims knows of an encounter: where, when, who pays in which order, and what was charged."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from msgspec import field

from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value, replace

INPATIENT = frozenset({"inpatient"})


class CoverageAnswer(StrEnum):
    """What a payer said about a coverage."""

    NONE = ""
    """Nothing yet, or nothing that decides."""
    VERIFIED = "verified"
    REFUSED = "refused"


class CodingState(StrEnum):
    """Whether an encounter's charges have the codes that a claim needs."""

    NONE = ""
    """There are no charges, or the encounter does not take place."""
    WAITING = "waiting"
    DONE = "done"


class Coverage(Value, kw_only=True):
    """One coverage, with what the payer said about it."""

    coverage_id: UUID
    payer_id: UUID
    rank: int = 1
    relationship: str = "18"
    begins_on: date | None = None
    ends_on: date | None = None
    answer: CoverageAnswer = CoverageAnswer.NONE
    refusal: str = ""

    def active_on(self, on: date) -> bool:
        """Say whether the dates of the coverage include that day."""
        return (self.begins_on is None or self.begins_on <= on) and (self.ends_on is None or on <= self.ends_on)


class Authorization(Value, kw_only=True):
    """A payer's consent to services in advance (278)."""

    authorization_id: UUID
    payer_id: UUID
    outcome: str = ""
    number: str | None = None
    codes: tuple[str, ...] = ()
    units: Decimal | None = None
    valid_from_on: date | None = None
    valid_to_on: date | None = None

    @property
    def granted(self) -> bool:
        """True: there is a number to put on the claim, or none is needed."""
        return self.outcome in {"certified", "partly_certified", "modified", "not_required"}

    def covers(self, on: date) -> bool:
        """Say whether the span of the authorization includes that day."""
        return (self.valid_from_on is None or self.valid_from_on <= on) and (
            self.valid_to_on is None or on <= self.valid_to_on
        )


class Charge(Value, kw_only=True):
    """One service as received, and its price once there is one."""

    line_id: UUID
    code: str
    system: str = "hcpcs"
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    sent_cents: Cents | None = None
    """What the sender charged for all units."""
    charge_cents: Cents | None = None
    """What is billed for all units; None while there is no price."""
    service_on: date
    service_through_on: date | None = None
    place_of_service: str | None = None
    rendering_provider_id: UUID | None = None
    diagnoses: tuple[str, ...] = ()
    revenue_code: str | None = None
    ndc: str | None = None
    posted_on: date | None = None
    reversed_on: date | None = None
    credited: bool = False
    """True: to be taken back when charges are posted next."""
    cancelled: bool = False
    """True: taken back because the encounter was cancelled, not because the service was credited."""

    def stands_again(self) -> "Charge":
        """Return the charge as it came, to be posted again, where it was taken back with its encounter."""
        return replace(self, posted_on=None, reversed_on=None, cancelled=False) if self.cancelled else self

    @property
    def stands(self) -> bool:
        """True: neither taken back, nor to be taken back."""
        return self.reversed_on is None and not self.credited

    @property
    def billable(self) -> bool:
        """True: priced, posted and not taken back."""
        return self.posted_on is not None and self.stands


class Share(Value, kw_only=True):
    """What was moved to the patient for one service, and why."""

    deductible_cents: Cents = ZERO
    coinsurance_cents: Cents = ZERO
    copay_cents: Cents = ZERO
    other_cents: Cents = ZERO

    @property
    def amount_cents(self) -> Cents:
        """The whole share."""
        return Cents(self.deductible_cents + self.coinsurance_cents + self.copay_cents + self.other_cents)


class WriteOff(Value, kw_only=True):
    """An approved write-off of what a payer refused: at most this much is given up."""

    denial_id: UUID
    claim_id: UUID
    line_id: UUID | None = None
    write_off_class: str
    write_off_cents: Cents = ZERO
    adjustment_cents: Cents = ZERO


class Encounter(Value, kw_only=True):
    """One encounter as claims has to know it."""

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
    coverages: tuple[Coverage, ...] = ()
    authorizations: tuple[Authorization, ...] = ()
    notices: tuple[str, ...] = ()
    self_pay_elected: bool = False
    self_pay: bool = False
    """True: no payer is asked; the patient was billed the charges."""
    finished: bool = False
    cancelled: bool = False
    billing_stopped: bool = False
    """True: a person took a claim back, and no other one is made."""
    charges_complete: bool = False
    diagnoses: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()
    """Code systems of diagnoses that cannot be billed as they are."""
    charges: tuple[Charge, ...] = ()
    coding: CodingState = CodingState.NONE
    shares: dict[str, Share] = field(default_factory=dict)
    """What the patient was told to owe, by line id."""
    refused_to_patient: dict[str, Cents] = field(default_factory=dict)
    """Refused amounts (cents) that are the patient's after triage, by line id."""
    write_offs: tuple[WriteOff, ...] = ()
    written_off: dict[str, tuple[Cents, Cents]] = field(default_factory=dict)
    """What is posted: (write-off, adjustment) cents by denial id."""
    not_billable_cents: dict[str, Cents] = field(default_factory=dict)
    """Patient responsibility that the law forbids to bill, adjusted away, by line id."""
    credit_cents: Cents = ZERO
    """The credit balance last announced."""
    transfers: int = 0

    @property
    def inpatient(self) -> bool:
        """True: the patient was admitted."""
        return self.visit_class in INPATIENT

    @property
    def provider_ids(self) -> frozenset[UUID]:
        """Everybody who treated the patient, or sent him."""
        own = (self.rendering_provider_id, self.attending_provider_id, self.referring_provider_id)
        theirs = (charge.rendering_provider_id for charge in self.charges)
        return frozenset(provider_id for provider_id in (*own, *theirs) if provider_id is not None)

    @property
    def billable_charges(self) -> tuple[Charge, ...]:
        """The services that stand on claims."""
        return tuple(charge for charge in self.charges if charge.billable)

    @property
    def charged_cents(self) -> Cents:
        """What is charged now: posted and not taken back."""
        return Cents(sum(charge.charge_cents or ZERO for charge in self.billable_charges))

    def coverage(self, coverage_id: UUID) -> Coverage | None:
        """Return the coverage of that id, if the encounter has it."""
        return next((coverage for coverage in self.coverages if coverage.coverage_id == coverage_id), None)

    def payers_in_order(self) -> tuple[Coverage, ...]:
        """Return the coverages to be asked, primary first: none where the patient elected to pay."""
        if self.self_pay_elected:
            return ()
        return tuple(sorted(self.coverages, key=lambda coverage: coverage.rank))

    def rank_of(self, coverage_id: UUID, otherwise: int) -> int:
        """Return the place of a coverage in the order of payers as it is now."""
        found = self.coverage(coverage_id)
        return found.rank if found is not None else otherwise

    def answered(self, coverage_id: UUID, answer: CoverageAnswer, refusal: str = "") -> "Encounter":
        """Note what the payer said about a coverage."""
        return replace(
            self,
            coverages=tuple(
                replace(coverage, answer=answer, refusal=refusal) if coverage.coverage_id == coverage_id else coverage
                for coverage in self.coverages
            ),
        )

    def ordered(self, coverage_ids: tuple[UUID, ...]) -> "Encounter":
        """Rank the coverages in this order; those not named come last, as they were."""
        place = {coverage_id: rank for rank, coverage_id in enumerate(coverage_ids, 1)}
        rest = len(place)
        return replace(
            self,
            coverages=tuple(
                replace(coverage, rank=place.get(coverage.coverage_id, rest + coverage.rank))
                for coverage in self.coverages
            ),
        )

    def authorized(self, authorization: Authorization) -> "Encounter":
        """Note the payer's newest word on an authorization."""
        others = tuple(
            other for other in self.authorizations if other.authorization_id != authorization.authorization_id
        )
        return replace(self, authorizations=(*others, authorization))
