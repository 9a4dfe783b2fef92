"""
837 out: claims as professional (X222A1) and institutional (X223A2) interchanges.

What the edits passed is written as it stands; what the codec refuses to say comes back with its reason, and the other
claims of the interchange leave without it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from claims.domain import adjudication
from claims.domain.claims import Claim, PriorPayer, ServiceLine, line_control_number
from claims.domain.directory import Payer, Provider
from claims.domain.encounters import Coverage, Encounter
from claims.domain.parties import Parties
from claims.domain.people import EncounterIdentity, Person
from claims.edi.text import address_fields, quantity, x12_text
from revcycle_kit.values import Value
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


class Sender(Value, kw_only=True):
    """How the sender names itself and the clearinghouse."""

    submitter: str = ""
    """ISA06; empty: the payee's tax number, so that what comes back names the payee."""
    receiver: str = "CLEARINGHOUSE"
    receiver_name: str = "CLEARINGHOUSE"
    contact_name: str = "CLAIMS DESK"
    contact_phone: str = "5555550100"
    is_test: bool = True


class ClaimForm(Value, kw_only=True):
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


def write_batch(forms: Sequence[ClaimForm], kind: str, number: int, at: datetime, sender: Sender) -> bytes:
    """Write one interchange. Raises WriteError where a claim cannot be written, and ValueError for no claims."""
    payee = forms[0].parties.payee
    submitter = sender.submitter or payee.tin
    modules: Any = institutional if kind == "I" else professional
    batch_of = institutional.InstitutionalClaims if kind == "I" else professional.ProfessionalClaims
    batch = batch_of(
        reference=f"{number:09}",
        created_at=at,
        submitter=modules.Submitter(
            last_name=x12_text(payee.name, _NAME_MAX),
            id=submitter,
            contact_name=x12_text(sender.contact_name, _NAME_MAX),
            contact_qualifier="TE",
            contact_number=payee.contact_phone or sender.contact_phone,
        ),
        receiver=modules.Receiver(last_name=sender.receiver_name, id=sender.receiver),
        billing_providers=[_billing(forms, modules)],
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


def writable(
    forms: Iterable[ClaimForm], kind: str, number: int, at: datetime, sender: Sender
) -> tuple[list[ClaimForm], list[tuple[ClaimForm, str]]]:
    """Try each claim alone: those that can be written, and those that cannot with the codec's reason."""
    good: list[ClaimForm] = []
    bad: list[tuple[ClaimForm, str]] = []
    for form in forms:
        try:
            write_batch([form], kind, number, at, sender)
        except WriteError as refused:
            bad.append((form, str(refused)))
        else:
            good.append(form)
    return good, bad


def _billing(forms: Sequence[ClaimForm], modules: Any) -> Any:
    payee = forms[0].parties.payee
    provider = modules.Provider(
        last_name=x12_text(payee.name, _NAME_MAX), id=payee.npi, **address_fields(payee.address)
    )
    taxonomy = {"taxonomy": payee.taxonomy} if payee.taxonomy else {}
    return modules.BillingProvider(
        tax_id=payee.tin,
        provider=provider,
        subscribers=[_subscriber(form, modules) for form in forms],
        **taxonomy,
    )


def _subscriber(form: ClaimForm, modules: Any) -> Any:
    coverage, payer = form.coverage, form.payer
    held = form.identity.subscriber(coverage.coverage_id)
    own = coverage.relationship == _SELF
    claim = _claim(form, modules)
    holder = _merged(held.person, form.identity.patient) if own else held.person
    optional: dict[str, Any] = {"group_number": x12_text(held.group_number, 50)} if held.group_number else {}
    if own:
        optional |= {"relationship": _SELF, "claims": [claim]}
    else:
        optional["patients"] = [_dependent(form.identity.patient, coverage.relationship, claim, modules)]
    return modules.Subscriber(
        sequence=_SEQUENCES.get(form.claim.rank, PayerSequence.TERTIARY),
        filing_indicator=payer.filing_indicator,
        person=_person(modules.Person, holder, held.member_id),
        payer=modules.Payer(last_name=x12_text(payer.name, _NAME_MAX), id=payer.payer_code),
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
    fields: dict[str, Any] = {"id": x12_text(member_id, _MEMBER_MAX)} if member_id else {}
    if person.birth_on is not None:
        fields |= {"born_on": person.birth_on, "gender": _GENDERS.get(person.sex, Gender.NOT_STATED)}
    if person.middle:
        fields["middle_name"] = x12_text(person.middle, 25)
    return kind(
        last_name=x12_text(person.family, _NAME_MAX),
        first_name=x12_text(person.given, _GIVEN_MAX),
        **fields,
        **address_fields(person.address),
    )


def _dependent(patient: Person, relationship: str, claim: Any, modules: Any) -> Any:
    fields: dict[str, Any] = {}
    if patient.birth_on is not None:
        fields = {"born_on": patient.birth_on, "gender": _GENDERS.get(patient.sex, Gender.NOT_STATED).value}
    return modules.Patient(
        relationship=relationship,
        last_name=x12_text(patient.family, _NAME_MAX),
        first_name=x12_text(patient.given, _GIVEN_MAX),
        claims=[claim],
        **fields,
        **address_fields(patient.address),
    )


def _claim(form: ClaimForm, modules: Any) -> Any:
    claim = form.claim
    fields: dict[str, Any] = {
        "control_number": claim.patient_control_number,
        "charge_cents": claim.charge_cents,
        "frequency": claim.frequency,
        "accepts_assignment": "A",
        "benefits_assigned": "Y",
        "release_of_information": "Y",
        "other_coverages": [_prior(form, prior, modules) for prior in claim.prior],
        "service_lines": [_line(form, line, modules) for line in claim.lines],
    }
    if claim.authorization_number:
        fields["prior_authorization"] = x12_text(claim.authorization_number, 50)
    if claim.original_control_number:
        fields["payer_claim_control_number"] = x12_text(claim.original_control_number, 50)
    if claim.kind == "P":
        return modules.Claim(**fields, **_professional(form, modules))
    facility = modules.Claim(**fields, **_institutional(form, modules))
    facility.statement_period = claim.service_on, claim.service_through_on
    return facility


def _professional(form: ClaimForm, modules: Any) -> dict[str, Any]:
    claim = form.claim
    fields: dict[str, Any] = {
        "place_of_service": claim.place_of_service,
        "provider_signature": "Y",
        "diagnoses": [HealthCode(code) for code in claim.diagnoses],
    }
    rendering = _provider(form, claim.rendering_provider_id)
    if rendering is not None and rendering.npi != form.parties.payee.npi:
        fields["rendering_provider"] = _named(rendering, modules)
    referring = _provider(form, claim.referring_provider_id)
    if referring is not None:
        fields["referring_provider"] = modules.Provider(entity=_REFERRING, **_name(referring))
    if claim.admitted_on is not None:
        fields["admitted_on"] = claim.admitted_on
    return fields


def _institutional(form: ClaimForm, modules: Any) -> dict[str, Any]:
    claim, encounter = form.claim, form.encounter
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
    attending = _provider(form, claim.attending_provider_id)
    if attending is not None:
        fields["attending_provider"] = _named(attending, modules)
    return fields


def _line(form: ClaimForm, line: ServiceLine, modules: Any) -> Any:
    claim = form.claim
    fields: dict[str, Any] = {
        "charge_cents": line.charge_cents,
        "quantity": quantity(line.units),
        "served": (line.service_on, line.service_through_on or line.service_on),
        "control_number": line_control_number(claim.patient_control_number, line.line_number),
        "decisions": _decisions(form, line, modules),
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
    rendering = _provider(form, line.rendering_provider_id)
    if rendering is not None and line.rendering_provider_id != claim.rendering_provider_id:
        fields["rendering_provider"] = _named(rendering, modules)
    said_line = modules.ServiceLine(procedure=Procedure(line.code, line.modifiers), **fields)
    said_line.diagnosis_pointers = list(line.pointers)
    return said_line


def _prior(form: ClaimForm, prior: PriorPayer, modules: Any) -> Any:
    payer = form.parties.payer(prior.payer_id)
    held = form.identity.subscriber(prior.coverage_id)
    coverage = form.encounter.coverage(prior.coverage_id)
    relationship = coverage.relationship if coverage else _SELF
    holder = _merged(held.person, form.identity.patient) if relationship == _SELF else held.person
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
            last_name=x12_text(holder.family, _NAME_MAX),
            first_name=x12_text(holder.given, _GIVEN_MAX),
            id=x12_text(held.member_id, _MEMBER_MAX),
        ),
        payer=modules.OtherPayer(last_name=x12_text(payer.name, _NAME_MAX), id=payer.payer_code, **dated),
        **adjustments,
    )


def _decisions(form: ClaimForm, line: ServiceLine, modules: Any) -> list[Any]:
    """Say what the payers before did with this line (loop 2430)."""
    found = []
    for prior in form.claim.prior:
        for decided in prior.lines:
            if decided.line_number == line.line_number:
                qualifier = "NU" if line.code == line.revenue_code else "HC"
                revenue = {"revenue_code": line.revenue_code} if form.claim.kind == "I" else {}
                found.append(
                    modules.LineDecision(
                        payer_id=form.parties.payer(prior.payer_id).payer_code,
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


def _provider(form: ClaimForm, provider_id: Any) -> Provider | None:
    return form.parties.providers.get(provider_id) if provider_id else None


def _name(provider: Provider) -> dict[str, Any]:
    fields: dict[str, Any] = {"last_name": x12_text(provider.family, _NAME_MAX)}
    if provider.given:
        fields["first_name"] = x12_text(provider.given, _GIVEN_MAX)
    if provider.npi:
        fields["id"] = provider.npi
    return fields


def _named(provider: Provider, modules: Any) -> Any:
    taxonomy = {"taxonomy": provider.taxonomy} if provider.taxonomy else {}
    return modules.Provider(**_name(provider), **taxonomy)
