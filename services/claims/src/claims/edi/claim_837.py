"""
837 out: claims as professional (X222A1) and institutional (X223A2) interchanges.

What the edits passed is written as it stands; what the codec refuses to say comes back with its reason, and the other
claims of the interchange leave without it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims.domain import adjudication
from claims.domain.claims import Claim, PriorPayer, ServiceLine, line_control_number
from claims.domain.directory import Payer, Provider
from claims.domain.encounters import Coverage, Encounter
from claims.domain.parties import Parties
from claims.domain.people import EncounterIdentity, Person
from claims.edi.text import address_fields, quantity, said
from revcycle_x12 import Envelope, WriteError, institutional, professional, write
from revcycle_x12.codes import AdjustmentGroup, Gender, PayerSequence
from revcycle_x12.professional import Adjustment, HealthCode, Procedure

_SEQUENCES = {1: PayerSequence.PRIMARY, 2: PayerSequence.SECONDARY, 3: PayerSequence.TERTIARY}
_GENDERS = {"F": Gender.FEMALE, "M": Gender.MALE}
_REFERRING = "DN"
"""NM101 of loop 2310A, which may also name the primary care provider (P3)."""
_SELF = "18"
_NAME_MAX = 60
_GIVEN_MAX = 35
_MEMBER_MAX = 80


@dataclass(frozen=True, slots=True)
class Sender:
    """How the sender names itself and the clearinghouse."""

    submitter: str = ""
    """ISA06; empty: the payee's tax number, so that what comes back names the payee."""
    receiver: str = "CLEARINGHOUSE"
    receiver_name: str = "CLEARINGHOUSE"
    contact_name: str = "CLAIMS DESK"
    contact_phone: str = "5555550100"
    is_test: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """One claim with everything that its loops name."""

    claim: Claim
    encounter: Encounter
    identity: EncounterIdentity
    parties: Parties

    @property
    def coverage(self) -> Coverage:
        """The coverage under which the claim is made."""
        found = self.encounter.coverage(self.claim.coverage_id)
        return found or Coverage(coverage_id=self.claim.coverage_id, payer_id=self.claim.payer_id)

    @property
    def payer(self) -> Payer:
        """The payer addressed."""
        return self.parties.payer(self.claim.payer_id)


def write_batch(sheets: Sequence[Sheet], kind: str, number: int, at: datetime, sender: Sender) -> bytes:
    """Write one interchange. Raises WriteError where a claim cannot be said, and ValueError for no claims."""
    payee = sheets[0].parties.payee
    submitter = sender.submitter or payee.tin
    modules: Any = institutional if kind == "I" else professional
    batch_of = institutional.InstitutionalClaims if kind == "I" else professional.ProfessionalClaims
    batch = batch_of(
        reference=f"{number:09}",
        created_at=at,
        submitter=modules.Submitter(
            last_name=said(payee.name, _NAME_MAX),
            id=submitter,
            contact_name=said(sender.contact_name, _NAME_MAX),
            contact_qualifier="TE",
            contact_number=payee.contact_phone or sender.contact_phone,
        ),
        receiver=modules.Receiver(last_name=sender.receiver_name, id=sender.receiver),
        billing_providers=[_billing(sheets, modules)],
    )
    envelope = Envelope(
        sender_id=submitter,
        receiver_id=sender.receiver,
        control_number=number,
        created_at=at,
        is_test=sender.is_test,
        acknowledgment_requested=True,
    )
    return write(envelope, [batch])


def sayable(
    sheets: Iterable[Sheet], kind: str, number: int, at: datetime, sender: Sender
) -> tuple[list[Sheet], list[tuple[Sheet, str]]]:
    """Try each claim alone: those that can be said, and those that cannot with the codec's reason."""
    good: list[Sheet] = []
    bad: list[tuple[Sheet, str]] = []
    for sheet in sheets:
        try:
            write_batch([sheet], kind, number, at, sender)
        except WriteError as refused:
            bad.append((sheet, str(refused)))
        else:
            good.append(sheet)
    return good, bad


def _billing(sheets: Sequence[Sheet], modules: Any) -> Any:
    payee = sheets[0].parties.payee
    provider = modules.Provider(last_name=said(payee.name, _NAME_MAX), id=payee.npi, **address_fields(payee.address))
    taxonomy = {"taxonomy": payee.taxonomy} if payee.taxonomy else {}
    return modules.BillingProvider(
        tax_id=payee.tin,
        provider=provider,
        subscribers=[_subscriber(sheet, modules) for sheet in sheets],
        **taxonomy,
    )


def _subscriber(sheet: Sheet, modules: Any) -> Any:
    coverage, payer = sheet.coverage, sheet.payer
    held = sheet.identity.subscriber(coverage.coverage_id)
    own = coverage.relationship == _SELF
    claim = _claim(sheet, modules)
    holder = _merged(held.person, sheet.identity.patient) if own else held.person
    optional: dict[str, Any] = {"group_number": said(held.group_number, 50)} if held.group_number else {}
    if own:
        optional |= {"relationship": _SELF, "claims": [claim]}
    else:
        optional["patients"] = [_dependent(sheet.identity.patient, coverage.relationship, claim, modules)]
    return modules.Subscriber(
        sequence=_SEQUENCES.get(sheet.claim.rank, PayerSequence.TERTIARY),
        filing_indicator=payer.filing_indicator,
        person=_person(modules.Person, holder, held.member_id),
        payer=modules.Payer(last_name=said(payer.name, _NAME_MAX), id=payer.payer_code),
        **optional,
    )


def _merged(holder: Person, patient: Person) -> Person:
    """Return the patient as his own subscriber, under the name that the payer knows."""
    return Person(
        family=holder.family or patient.family,
        given=holder.given or patient.given,
        middle=holder.middle or patient.middle,
        birth_on=holder.birth_on or patient.birth_on,
        sex=holder.sex if holder.sex != "U" else patient.sex,
        address=holder.address if holder.address.line1 else patient.address,
    )


def _person(kind: Any, person: Person, member_id: str) -> Any:
    fields: dict[str, Any] = {"id": said(member_id, _MEMBER_MAX)} if member_id else {}
    if person.birth_on is not None:
        fields |= {"born_on": person.birth_on, "gender": _GENDERS.get(person.sex, Gender.NOT_STATED)}
    if person.middle:
        fields["middle_name"] = said(person.middle, 25)
    return kind(
        last_name=said(person.family, _NAME_MAX),
        first_name=said(person.given, _GIVEN_MAX),
        **fields,
        **address_fields(person.address),
    )


def _dependent(patient: Person, relationship: str, claim: Any, modules: Any) -> Any:
    fields: dict[str, Any] = {}
    if patient.birth_on is not None:
        fields = {"born_on": patient.birth_on, "gender": _GENDERS.get(patient.sex, Gender.NOT_STATED).value}
    return modules.Patient(
        relationship=relationship,
        last_name=said(patient.family, _NAME_MAX),
        first_name=said(patient.given, _GIVEN_MAX),
        claims=[claim],
        **fields,
        **address_fields(patient.address),
    )


def _claim(sheet: Sheet, modules: Any) -> Any:
    claim = sheet.claim
    fields: dict[str, Any] = {
        "control_number": claim.patient_control_number,
        "charge_cents": claim.charge_cents,
        "frequency": claim.frequency,
        "accepts_assignment": "A",
        "benefits_assigned": "Y",
        "release_of_information": "Y",
        "other_coverages": [_prior(sheet, prior, modules) for prior in claim.prior],
        "service_lines": [_line(sheet, line, modules) for line in claim.lines],
    }
    if claim.authorization_number:
        fields["prior_authorization"] = said(claim.authorization_number, 50)
    if claim.original_control_number:
        fields["payer_claim_control_number"] = said(claim.original_control_number, 50)
    if claim.kind == "P":
        return modules.Claim(**fields, **_professional(sheet, modules))
    facility = modules.Claim(**fields, **_institutional(sheet, modules))
    facility.statement_period = claim.service_on, claim.service_through_on
    return facility


def _professional(sheet: Sheet, modules: Any) -> dict[str, Any]:
    claim = sheet.claim
    fields: dict[str, Any] = {
        "place_of_service": claim.place_of_service,
        "provider_signature": "Y",
        "diagnoses": [HealthCode(code) for code in claim.diagnoses],
    }
    rendering = _provider(sheet, claim.rendering_provider_id)
    if rendering is not None and rendering.npi != sheet.parties.payee.npi:
        fields["rendering_provider"] = _named(rendering, modules)
    referring = _provider(sheet, claim.referring_provider_id)
    if referring is not None:
        fields["referring_provider"] = modules.Provider(entity=_REFERRING, **_name(referring))
    if claim.admitted_on is not None:
        fields["admitted_on"] = claim.admitted_on
    return fields


def _institutional(sheet: Sheet, modules: Any) -> dict[str, Any]:
    claim, encounter = sheet.claim, sheet.encounter
    inpatient = encounter.inpatient
    fields: dict[str, Any] = {
        "facility_type": claim.facility_code,
        "discharge_status": "30" if inpatient and encounter.discharged_at is None else "01",
        "admission_type": "3" if encounter.visit_class != "emergency" else "1",
        "admission_source": "1",
        "principal_diagnosis": [HealthCode(code) for code in claim.diagnoses[:1]],
        "other_diagnoses": [HealthCode(code) for code in claim.diagnoses[1:]],
    }
    if inpatient and encounter.admitted_at is not None:
        fields["admitted_at"] = encounter.admitted_at.replace(tzinfo=None)
        fields["admitting_diagnosis"] = fields["principal_diagnosis"]
    attending = _provider(sheet, claim.attending_provider_id)
    if attending is not None:
        fields["attending_provider"] = _named(attending, modules)
    return fields


def _line(sheet: Sheet, line: ServiceLine, modules: Any) -> Any:
    claim = sheet.claim
    fields: dict[str, Any] = {
        "charge_cents": line.charge_cents,
        "quantity": quantity(line.units),
        "served": (line.service_on, line.service_through_on or line.service_on),
        "control_number": line_control_number(claim.patient_control_number, line.line_number),
        "decisions": _decisions(sheet, line, modules),
    }
    if line.service_through_on in {None, line.service_on}:
        fields["served"] = line.service_on
    if line.ndc:
        fields["drug"] = modules.Drug(ndc=line.ndc, quantity=quantity(line.units), unit="UN")
    if claim.kind == "I":
        coded = line.code != line.revenue_code
        code = {"procedure": Procedure(line.code, line.modifiers)} if coded else {}
        return modules.ServiceLine(revenue_code=line.revenue_code, **code, **fields)
    if line.place_of_service != claim.place_of_service:
        fields["place_of_service"] = line.place_of_service
    rendering = _provider(sheet, line.rendering_provider_id)
    if rendering is not None and line.rendering_provider_id != claim.rendering_provider_id:
        fields["rendering_provider"] = _named(rendering, modules)
    said_line = modules.ServiceLine(procedure=Procedure(line.code, line.modifiers), **fields)
    said_line.diagnosis_pointers = list(line.pointers)
    return said_line


def _prior(sheet: Sheet, prior: PriorPayer, modules: Any) -> Any:
    payer = sheet.parties.payer(prior.payer_id)
    held = sheet.identity.subscriber(prior.coverage_id)
    coverage = sheet.encounter.coverage(prior.coverage_id)
    relationship = coverage.relationship if coverage else _SELF
    holder = _merged(held.person, sheet.identity.patient) if relationship == _SELF else held.person
    dated = {} if prior.lines else {"paid_on": prior.adjudicated_on}
    adjustments = {"adjustments": _cas(prior.adjustments)} if prior.adjustments else {}
    return modules.OtherCoverage(
        sequence=_SEQUENCES.get(prior.rank, PayerSequence.TERTIARY),
        relationship=relationship,
        filing_indicator=payer.filing_indicator,
        paid_cents=prior.paid_cents,
        remaining_patient_liability_cents=prior.patient_cents,
        benefits_assigned="Y",
        release_of_information="Y",
        subscriber=modules.OtherSubscriber(
            last_name=said(holder.family, _NAME_MAX),
            first_name=said(holder.given, _GIVEN_MAX),
            id=said(held.member_id, _MEMBER_MAX),
        ),
        payer=modules.OtherPayer(last_name=said(payer.name, _NAME_MAX), id=payer.payer_code, **dated),
        **adjustments,
    )


def _decisions(sheet: Sheet, line: ServiceLine, modules: Any) -> list[Any]:
    """Say what the payers before did with this line (loop 2430)."""
    found = []
    for prior in sheet.claim.prior:
        for decided in prior.lines:
            if decided.line_number == line.line_number:
                qualifier = "NU" if line.code == line.revenue_code else "HC"
                revenue = {"revenue_code": line.revenue_code} if sheet.claim.kind == "I" else {}
                found.append(
                    modules.LineDecision(
                        payer_id=sheet.parties.payer(prior.payer_id).payer_code,
                        paid_cents=decided.paid_cents,
                        procedure=Procedure(line.code, line.modifiers, qualifier),
                        units=quantity(line.units),
                        adjustments=_cas(decided.adjustments),
                        decided_on=prior.adjudicated_on,
                        **revenue,
                    )
                )
    return found


def _cas(adjustments: Iterable[adjudication.Adjustment]) -> list[Adjustment]:
    """Write adjustments with those of a group together."""
    ordered = sorted(adjustments, key=lambda adjustment: adjustment.group)
    return [
        Adjustment(AdjustmentGroup(adjustment.group), adjustment.carc, adjustment.amount_cents)
        for adjustment in ordered
    ]


def _provider(sheet: Sheet, provider_id: Any) -> Provider | None:
    return sheet.parties.providers.get(provider_id) if provider_id else None


def _name(provider: Provider) -> dict[str, Any]:
    fields: dict[str, Any] = {"last_name": said(provider.family, _NAME_MAX)}
    if provider.given:
        fields["first_name"] = said(provider.given, _GIVEN_MAX)
    if provider.npi:
        fields["id"] = provider.npi
    return fields


def _named(provider: Provider, modules: Any) -> Any:
    taxonomy = {"taxonomy": provider.taxonomy} if provider.taxonomy else {}
    return modules.Provider(**_name(provider), **taxonomy)
