"""837 files as a clearinghouse reads them."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from revcycle_sandbox.claims import Adjustment, Claim, Line, PriorDecision
from revcycle_x12 import TransactionView, institutional, professional
from revcycle_x12.claim_common import ClaimCommon, OtherCoverage, Patient

BEFORE: Final[dict[str, tuple[str, ...]]] = {"P": (), "S": ("P",), "T": ("P", "S")}
"""The ranks that decide before a rank."""


def read_claims(view: TransactionView) -> Iterator[Claim]:
    """Read the claims of one 837. Raises revcycle_x12.ElementError where one lacks what every claim has."""
    submitter = view.transaction.interchange.sender_id if view.transaction else ""
    if isinstance(view, professional.ProfessionalClaims):
        for claim in view.claims:
            yield _professional(claim, submitter)
    elif isinstance(view, institutional.InstitutionalClaims):
        for facility_claim in view.claims:
            yield _institutional(facility_claim, submitter)


def _professional(claim: professional.Claim, submitter: str) -> Claim:
    codes = tuple(code.code for code in claim.diagnoses)
    prior = _claim_level(claim)
    lines = tuple(_professional_line(line, number, codes) for number, line in enumerate(claim.service_lines, start=1))
    days = [line.service_on for line in lines]
    rendering = claim.rendering_provider
    return Claim(
        kind="P",
        lines=lines,
        service_on=min(days),
        service_through_on=max(days),
        rendering_npi=rendering.npi if rendering else "",
        rendering_family=rendering.last_name if rendering else "",
        rendering_given=rendering.first_name if rendering else "",
        place=claim.place_of_service,
        diagnoses=codes,
        prior=prior if not any(line.prior for line in lines) else (),
        **_common(claim, submitter),
    )


def _professional_line(line: professional.ServiceLine, number: int, codes: tuple[str, ...]) -> Line:
    pointed = tuple(codes[at - 1] for at in line.diagnosis_pointers if 0 < at <= len(codes))
    rendering = line.rendering_provider
    return Line(
        code=line.procedure.code,
        modifiers=line.procedure.modifiers,
        diagnoses=pointed,
        place=line.place_of_service,
        units=_units(line.quantity),
        rendering_npi=rendering.npi if rendering else "",
        **_line(line, number),
    )


def _institutional(claim: institutional.Claim, submitter: str) -> Claim:
    principal, others = claim.principal_diagnosis, claim.other_diagnoses
    codes = tuple(each.code for each in (*principal, *others))
    period = claim.statement_period
    lines = tuple(_institutional_line(line, number, codes, claim) for number, line in enumerate(claim.service_lines, 1))
    attending = claim.rendering_provider or claim.attending_provider
    return Claim(
        kind="I",
        lines=lines,
        service_on=period[0] if period else min(line.service_on for line in lines),
        service_through_on=period[1] if period else max(line.service_on for line in lines),
        rendering_npi=attending.npi if attending else "",
        place=claim.facility_type,
        bill_type=claim.type_of_bill,
        diagnoses=codes,
        prior=_claim_level(claim) if not any(line.prior for line in lines) else (),
        **_common(claim, submitter),
    )


def _institutional_line(
    line: institutional.ServiceLine, number: int, codes: tuple[str, ...], claim: institutional.Claim
) -> Line:
    procedure = line.procedure
    told = _line(line, number) if line.served_on else _undated(line, number, claim)
    return Line(
        code=procedure.code if procedure else line.revenue_code,
        modifiers=procedure.modifiers if procedure else (),
        diagnoses=codes,
        revenue_code=line.revenue_code,
        units=_units(line.quantity),
        **told,
    )


def _undated(line: institutional.ServiceLine, number: int, claim: institutional.Claim) -> dict[str, Any]:
    """Take the statement's first day for a revenue line without a date."""
    period = claim.statement_period
    return {**_line(line, number), "service_on": period[0] if period else None}


def _common(claim: ClaimCommon, submitter: str) -> dict[str, Any]:
    billing, subscriber, patient = claim.billing_provider, claim.subscriber, claim.patient
    person = subscriber.person
    dependent = patient if isinstance(patient, Patient) else None
    return {
        "payer": subscriber.payer.id,
        "patient_control_number": claim.control_number,
        "member_id": person.id,
        "charge_cents": claim.charge_cents,
        "frequency": claim.frequency,
        "rank": subscriber.sequence.value,
        "payer_control_number": claim.payer_claim_control_number,
        "billing_npi": billing.npi,
        "billing_tin": billing.tax_id,
        "billing_name": billing.provider.last_name,
        "billing_postal_code": billing.provider.postal_code,
        "submitter": submitter,
        "authorization": claim.prior_authorization,
        "filing_indicator": subscriber.filing_indicator,
        "subscriber_family": person.last_name,
        "subscriber_given": person.first_name,
        "subscriber_birth_on": person.born_on,
        "patient_family": dependent.last_name if dependent else "",
        "patient_given": dependent.first_name if dependent else "",
        "patient_birth_on": dependent.born_on if dependent else None,
        "relationship": dependent.relationship if dependent else subscriber.relationship or "18",
        "clearinghouse_number": claim.clearinghouse_trace,
    }


def _line(line: professional.ServiceLine | institutional.ServiceLine, number: int) -> dict[str, Any]:
    priors = tuple(
        PriorDecision(
            payer=decision.payer_id,
            paid_cents=decision.paid_cents,
            adjustments=tuple(
                Adjustment(cas.group.value, cas.reason, cas.amount_cents) for cas in decision.adjustments
            ),
            decided_on=decision.decided_on,
        )
        for decision in line.decisions
    )
    return {
        "number": line.number or number,
        "charge_cents": line.charge_cents,
        "service_on": line.served_on,
        "control": line.control_number,
        "authorization": line.prior_authorization,
        "prior": priors,
    }


def _claim_level(claim: ClaimCommon) -> tuple[PriorDecision, ...]:
    """Read what payers of earlier rank decided on the claim as a whole."""
    rank = claim.subscriber.sequence.value
    told = [coverage for coverage in claim.other_coverages if coverage.sequence.value in BEFORE.get(rank, ())]
    return tuple(_prior(each) for each in told if each.paid_cents is not None or each.adjustments)


def _prior(coverage: OtherCoverage) -> PriorDecision:
    payer = coverage.payer
    return PriorDecision(
        payer=payer.id if payer else "",
        paid_cents=coverage.paid_cents or 0,
        adjustments=tuple(Adjustment(cas.group.value, cas.reason, cas.amount_cents) for cas in coverage.adjustments),
        decided_on=payer.paid_on if payer else None,
    )


def _units(text: str) -> Decimal:
    try:
        return Decimal(text) if text else Decimal(1)
    except InvalidOperation:
        return Decimal(1)
