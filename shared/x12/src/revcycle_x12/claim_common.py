"""What the three 837 claims (professional, institutional, dental) have in common."""

from datetime import date
from typing import ClassVar

from revcycle_x12._reading.loop import Loop
from revcycle_x12._views.adjustments import AdjustmentsField, cas
from revcycle_x12._views.attachments import AttachmentsField, attachments_of
from revcycle_x12._views.fields import (
    Field,
    Many,
    Moment,
    One,
    Period,
    cents,
    code,
    day,
    many,
    moment,
    number,
    one,
    period,
    text,
)
from revcycle_x12._views.party import Located, Named, Person, Provider
from revcycle_x12._views.procedure import Procedure, ProcedureField, procedure_code
from revcycle_x12._views.transaction_view import TransactionView
from revcycle_x12._views.view import View
from revcycle_x12.codes import PayerSequence


class Submitter(Named):
    """1000A: who sends the file, and whom to ask about it."""

    loop_id: ClassVar[str] = "1000A"
    contact_name: Field[str] = text("PER[IC]02", default="")
    contact_qualifier: Field[str] = text("PER[IC]03", default="")
    """TE telephone, EM e-mail, FX fax."""
    contact_number: Field[str] = text("PER[IC]04", default="")


class Receiver(Named):
    """1000B: who gets the file."""

    loop_id: ClassVar[str] = "1000B"


class Payer(Located):
    """2010BB or 2330B: the payer; `id` under PI is its payer identifier."""

    loop_id: ClassVar[str] = "2010BB"


class OtherPayer(Payer):
    """2330B: a payer before or after the one addressed."""

    loop_id: ClassVar[str] = "2330B"
    claim_control_number: Field[str] = text("REF[F8]02", default="")
    paid_on: Field[date | None] = day("DTP[573]03", default=None)


class OtherSubscriber(Person):
    """2330A."""

    loop_id: ClassVar[str] = "2330A"


class OtherCoverage(View):
    """2320: another coverage of the patient, and what its payer decided on the claim."""

    loop_id: ClassVar[str] = "2320"
    sequence: Field[PayerSequence] = code("SBR01", PayerSequence)
    relationship: Field[str] = text("SBR02", default="")
    group_number: Field[str] = text("SBR03", default="")
    group_name: Field[str] = text("SBR04", default="")
    insurance_type: Field[str] = text("SBR05", default="")
    filing_indicator: Field[str] = text("SBR09", default="")
    adjustments: AdjustmentsField = cas(default=())
    """Claim level only; line level adjustments stand with the line's `decisions`."""
    paid_cents: Field[int | None] = cents("AMT[D]02", default=None)
    non_covered_cents: Field[int | None] = cents("AMT[A8]02", default=None)
    remaining_patient_liability_cents: Field[int | None] = cents("AMT[EAF]02", default=None)
    benefits_assigned: Field[str] = text("OI03", default="")
    release_of_information: Field[str] = text("OI06", default="")
    subscriber: One[OtherSubscriber | None] = one(OtherSubscriber, default=None)
    payer: One[OtherPayer | None] = one(OtherPayer, default=None)


class LineDecision(View):
    """2430: what another payer decided on a line. Charge = paid + sum of adjustments."""

    loop_id: ClassVar[str] = "2430"
    payer_id: Field[str] = text("SVD01")
    paid_cents: Field[int] = cents("SVD02")
    procedure: ProcedureField[Procedure] = procedure_code("SVD03")
    revenue_code: Field[str] = text("SVD04", default="")
    units: Field[str] = text("SVD05", default="")
    bundled_line: Field[int | None] = number("SVD06", default=None)
    adjustments: AdjustmentsField = cas(default=())
    decided_on: Field[date | None] = day("DTP[573]03", default=None)
    remaining_patient_liability_cents: Field[int | None] = cents("AMT[EAF]02", default=None)


class Drug(View):
    """2410."""

    loop_id: ClassVar[str] = "2410"
    qualifier: Field[str] = text("LIN02", default="N4")
    """N4 for a national drug code."""
    ndc: Field[str] = text("LIN03", default="")
    quantity: Field[str] = text("CTP04", default="")
    unit: Field[str] = text("CTP05-1", default="")
    prescription_number: Field[str] = text("REF[XZ|VY]02", default="")


class ServiceLineCommon(View):
    """2400: what every kind of line has."""

    loop_id: ClassVar[str] = "2400"
    number: Field[int | None] = number("LX01", default=None)
    """LX01; numbered by the writer where left out."""
    served: Period = period("DTP[472]", default=None)
    """First and last day of the service; set with one date or a pair."""
    control_number: Field[str] = text("REF[6R]02", default="")
    """The provider's number of the line, echoed on the remittance."""
    prior_authorization: Field[str] = text("REF[G1]02", default="")
    attachments: AttachmentsField = attachments_of(default=())
    drug: One[Drug | None] = one(Drug, default=None)
    decisions: Many[LineDecision] = many(LineDecision, default=())

    @property
    def served_on(self) -> date | None:
        """First day of the service."""
        found = self.served
        return found[0] if found is not None else None


class ClaimCommon(View):
    """2300: what every kind of claim has."""

    loop_id: ClassVar[str] = "2300"
    control_number: Field[str] = text("CLM01")
    """The provider's number of the claim (patient control number), at most 20 characters to be echoed by payers."""
    charge_cents: Field[int] = cents("CLM02")
    frequency: Field[str] = text("CLM05-3")
    """1 original, 7 replacement, 8 void; a replacement or void names `payer_claim_control_number`."""
    accepts_assignment: Field[str] = text("CLM07", default="")
    benefits_assigned: Field[str] = text("CLM08", default="")
    release_of_information: Field[str] = text("CLM09", default="")
    delay_reason: Field[str] = text("CLM20", default="")
    patient_paid_cents: Field[int | None] = cents("AMT[F5]02", default=None)
    prior_authorization: Field[str] = text("REF[G1]02", default="")
    referral_number: Field[str] = text("REF[9F]02", default="")
    payer_claim_control_number: Field[str] = text("REF[F8]02", default="")
    clearinghouse_trace: Field[str] = text("REF[D9]02", default="")
    medical_record_number: Field[str] = text("REF[EA]02", default="")
    attachments: AttachmentsField = attachments_of(default=())
    other_coverages: Many[OtherCoverage] = many(OtherCoverage, default=())

    @property
    def billing_provider(self) -> "BillingProvider":
        """The billing provider above the claim."""
        return self._levels()[0].of(_above(self.loop, "2000A"))

    @property
    def subscriber(self) -> "Subscriber":
        """The subscriber level above the claim."""
        return self._levels()[1].of(_above(self.loop, "2000B"))

    @property
    def patient(self) -> "Patient | Subscriber":
        """The patient: the dependent where there is one, else the subscriber."""
        found = self.loop.ancestor("2000C")
        return self._levels()[2].of(found) if found is not None else self.subscriber

    @property
    def patient_is_subscriber(self) -> bool:
        return self.loop.ancestor("2000C") is None

    @classmethod
    def _levels(cls) -> "tuple[type[BillingProvider], type[Subscriber], type[Patient]]":
        """Give the views of the levels above a claim; each guide gives its own."""
        return BillingProvider, Subscriber, Patient


def _above(loop: Loop, loop_id: str) -> Loop:
    found = loop.ancestor(loop_id)
    return found if found is not None else Loop(loop.spec)


class Patient(View):
    """2000C and 2010CA: a patient who is not the subscriber."""

    loop_id: ClassVar[str] = "2000C"
    relationship: Field[str] = text("PAT01", default="")
    """19 child, 01 spouse, 20 employee, 21 unknown, 53 life partner, G8 other …"""
    last_name: Field[str] = text("2010CA/NM103", default="")
    first_name: Field[str] = text("2010CA/NM104", default="")
    middle_name: Field[str] = text("2010CA/NM105", default="")
    suffix: Field[str] = text("2010CA/NM107", default="")
    address: Field[str] = text("2010CA/N301", default="")
    address_2: Field[str] = text("2010CA/N302", default="")
    city: Field[str] = text("2010CA/N401", default="")
    state: Field[str] = text("2010CA/N402", default="")
    postal_code: Field[str] = text("2010CA/N403", default="")
    born_on: Field[date | None] = day("2010CA/DMG02", default=None)
    gender: Field[str] = text("2010CA/DMG03", default="")


class Subscriber(View):
    """2000B, 2010BA and 2010BB: the insured and the payer addressed."""

    loop_id: ClassVar[str] = "2000B"
    sequence: Field[PayerSequence] = code("SBR01", PayerSequence)
    relationship: Field[str] = text("SBR02", default="")
    """18 where the patient is the subscriber; left out where a patient level follows."""
    group_number: Field[str] = text("SBR03", default="")
    group_name: Field[str] = text("SBR04", default="")
    insurance_type: Field[str] = text("SBR05", default="")
    filing_indicator: Field[str] = text("SBR09", default="")
    """MB Medicare B, MC Medicaid, CI commercial, BL Blue, WC workers' compensation …"""
    person: One[Person] = one(Person, "2010BA")
    payer: One[Payer] = one(Payer, "2010BB")

    @property
    def member_id(self) -> str:
        return self.person.id


class BillingProvider(View):
    """2000A and 2010AA: who bills."""

    loop_id: ClassVar[str] = "2000A"
    taxonomy: Field[str] = text("PRV[BI]03", default="")
    provider: One[Provider] = one(Provider, "2010AA")
    tax_id: Field[str] = text("2010AA/REF[EI]02", default="")
    ssn: Field[str] = text("2010AA/REF[SY]02", default="")
    contact_name: Field[str] = text("2010AA/PER[IC]02", default="")
    contact_qualifier: Field[str] = text("2010AA/PER[IC]03", default="")
    contact_number: Field[str] = text("2010AA/PER[IC]04", default="")
    pay_to: One[Located | None] = one(Located, "2010AB", default=None)

    @property
    def npi(self) -> str:
        return self.provider.npi


class ClaimBatch(TransactionView):
    """An 837: one submitter, any number of billing providers, subscribers, patients and claims."""

    purpose: Field[str] = text("BHT02", default="00")
    reference: Field[str] = text("BHT03", default="")
    """The submitter's number of the batch, unique for ever."""
    created_at: Moment = moment("BHT04", "BHT05")
    kind: Field[str] = text("BHT06", default="CH")
    """CH chargeable, RP reporting (encounter)."""
    submitter: One[Submitter] = one(Submitter)
    receiver: One[Receiver] = one(Receiver)


__all__ = [
    "BillingProvider",
    "ClaimBatch",
    "ClaimCommon",
    "Drug",
    "LineDecision",
    "OtherCoverage",
    "OtherPayer",
    "OtherSubscriber",
    "Patient",
    "Payer",
    "Receiver",
    "ServiceLineCommon",
    "Submitter",
    "Subscriber",
]
