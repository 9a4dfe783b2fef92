"""The loops of one claim: what it is (2300), what other payers did with it (2320), and its services (2400)."""

from collections.abc import Iterable
from typing import Any

from claims.domain import adjudication
from claims.domain.claims import PriorPayer, ServiceLine, line_control_number
from claims.domain.directory import Provider
from claims.edi.claim_form import ClaimForm
from claims.edi.text import MEMBER_MAX, given_name, name, quantity, x12_text
from revcycle_x12 import claim_common as common
from revcycle_x12 import institutional, professional
from revcycle_x12.codes import AdjustmentGroup, PayerSequence
from revcycle_x12.professional import Adjustment, HealthCode, Procedure

SEQUENCES = {1: PayerSequence.PRIMARY, 2: PayerSequence.SECONDARY, 3: PayerSequence.TERTIARY}
_REFERRING = "DN"
"""NM101 of loop 2310A, which may also name the primary care provider (P3)."""
_SELF = "18"
Fields = dict[str, Any]
"""What a loop is told by the names of the codec; what is left out is not written."""


def professional_claim(form: ClaimForm) -> professional.Claim:
    """Write what an 837P says of a claim."""
    claim = form.claim
    fields: Fields = {
        "place_of_service": claim.place_of_service,
        "provider_signature": "Y",
        "diagnoses": [HealthCode(code) for code in claim.diagnoses],
        "service_lines": [_professional_line(form, line) for line in claim.lines],
    }
    rendering = form.provider(claim.rendering_provider_id)
    if rendering is not None and rendering.npi != form.parties.payee.npi:
        fields["rendering_provider"] = _provider(rendering)
    referring = form.provider(claim.referring_provider_id)
    if referring is not None:
        fields["referring_provider"] = professional.Provider(entity=_REFERRING, **_named(referring))
    if claim.admitted_on is not None:
        fields["admitted_on"] = claim.admitted_on
    return professional.Claim(**_common(form), **fields)


def institutional_claim(form: ClaimForm) -> institutional.Claim:
    """Write what an 837I says of a claim."""
    claim, encounter = form.claim, form.encounter
    fields: Fields = {
        "facility_type": claim.facility_code,
        "discharge_status": "30" if encounter.inpatient and encounter.discharged_at is None else "01",
        "admission_type": "3" if encounter.visit_class != "emergency" else "1",
        "admission_source": "1",
        "principal_diagnosis": [HealthCode(code) for code in claim.diagnoses[:1]],
        "other_diagnoses": [HealthCode(code) for code in claim.diagnoses[1:]],
        "service_lines": [_institutional_line(form, line) for line in claim.lines],
    }
    if encounter.inpatient and encounter.admitted_at is not None:
        fields["admitted_at"] = encounter.admitted_at.replace(tzinfo=None)
        fields["admitting_diagnosis"] = fields["principal_diagnosis"]
    attending = form.provider(claim.attending_provider_id)
    if attending is not None:
        fields["attending_provider"] = _provider(attending)
    written = institutional.Claim(**_common(form), **fields)
    written.statement_period = claim.service_on, claim.service_through_on
    return written


def _common(form: ClaimForm) -> Fields:
    claim = form.claim
    fields: Fields = {
        "control_number": claim.patient_control_number,
        "charge_cents": claim.charge_cents,
        "frequency": claim.frequency,
        "accepts_assignment": "A",
        "benefits_assigned": "Y",
        "release_of_information": "Y",
        "other_coverages": [_other_coverage(form, prior) for prior in claim.prior],
    }
    if claim.authorization_number:
        fields["prior_authorization"] = x12_text(claim.authorization_number, 50)
    if claim.original_control_number:
        fields["payer_claim_control_number"] = x12_text(claim.original_control_number, 50)
    return fields


def _professional_line(form: ClaimForm, line: ServiceLine) -> professional.ServiceLine:
    claim, fields = form.claim, _line(form, line)
    if line.place_of_service != claim.place_of_service:
        fields["place_of_service"] = line.place_of_service
    rendering = form.provider(line.rendering_provider_id)
    if rendering is not None and line.rendering_provider_id != claim.rendering_provider_id:
        fields["rendering_provider"] = _provider(rendering)
    written = professional.ServiceLine(procedure=Procedure(line.code, line.modifiers), **fields)
    written.diagnosis_pointers = list(line.pointers)
    return written


def _institutional_line(form: ClaimForm, line: ServiceLine) -> institutional.ServiceLine:
    fields = _line(form, line)
    if line.code != line.revenue_code:
        fields["procedure"] = Procedure(line.code, line.modifiers)
    return institutional.ServiceLine(revenue_code=line.revenue_code or "", **fields)


def _line(form: ClaimForm, line: ServiceLine) -> Fields:
    through = line.service_through_on or line.service_on
    fields: Fields = {
        "charge_cents": line.charge_cents,
        "quantity": quantity(line.units),
        "served": line.service_on if through == line.service_on else (line.service_on, through),
        "control_number": line_control_number(form.claim.patient_control_number, line.line_number),
        "decisions": _decisions(form, line),
    }
    if line.ndc:
        fields["drug"] = common.Drug(ndc=line.ndc, quantity=quantity(line.units), unit="UN")
    return fields


def _other_coverage(form: ClaimForm, prior: PriorPayer) -> common.OtherCoverage:
    """Say what an earlier payer did with the claim (loop 2320)."""
    payer = form.parties.payer(prior.payer_id)
    coverage = form.encounter.coverage(prior.coverage_id)
    subscriber, holder = form.holder(prior.coverage_id)
    dated: Fields = {} if prior.lines else {"paid_on": prior.adjudicated_on}
    adjustments: Fields = {"adjustments": _cas(prior.adjustments)} if prior.adjustments else {}
    return common.OtherCoverage(
        sequence=SEQUENCES.get(prior.rank, PayerSequence.TERTIARY),
        relationship=coverage.relationship if coverage else _SELF,
        filing_indicator=payer.filing_indicator,
        paid_cents=prior.paid_cents,
        remaining_patient_liability_cents=prior.patient_cents,
        benefits_assigned="Y",
        release_of_information="Y",
        subscriber=common.OtherSubscriber(
            last_name=name(holder.family),
            first_name=given_name(holder.given),
            id=x12_text(subscriber.member_id, MEMBER_MAX),
        ),
        payer=common.OtherPayer(last_name=name(payer.name), id=payer.payer_code, **dated),
        **adjustments,
    )


def _decisions(form: ClaimForm, line: ServiceLine) -> list[common.LineDecision]:
    """Say what the payers before did with this line (loop 2430)."""
    qualifier = "NU" if line.code == line.revenue_code else "HC"
    revenue: Fields = {"revenue_code": line.revenue_code} if form.claim.kind == "I" else {}
    return [
        common.LineDecision(
            payer_id=form.parties.payer(prior.payer_id).payer_code,
            paid_cents=decided.paid_cents,
            procedure=Procedure(line.code, line.modifiers, qualifier),
            units=quantity(line.units),
            adjustments=_cas(decided.adjustments),
            decided_on=prior.adjudicated_on,
            **revenue,
        )
        for prior in form.claim.prior
        for decided in prior.lines
        if decided.line_number == line.line_number
    ]


def _cas(adjustments: Iterable[adjudication.Adjustment]) -> list[Adjustment]:
    """Write adjustments with those of a group together."""
    ordered = sorted(adjustments, key=lambda adjustment: adjustment.group)
    return [
        Adjustment(AdjustmentGroup(adjustment.group), adjustment.carc, adjustment.amount_cents)
        for adjustment in ordered
    ]


def _named(provider: Provider) -> Fields:
    fields: Fields = {"last_name": name(provider.family)}
    if provider.given:
        fields["first_name"] = given_name(provider.given)
    if provider.npi:
        fields["id"] = provider.npi
    return fields


def _provider(provider: Provider) -> professional.Provider:
    taxonomy: Fields = {"taxonomy": provider.taxonomy} if provider.taxonomy else {}
    return professional.Provider(**_named(provider), **taxonomy)
