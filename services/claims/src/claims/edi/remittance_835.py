"""835 in: one transaction as a neutral remittance advice, nothing decided and nothing plugged."""

from claims.domain.remittances import (
    FORWARDED,
    CasAmount,
    ClaimPayment,
    PaidLine,
    ProviderAdjustment,
    RemittanceAdvice,
)
from claims.edi.text import units_of
from revcycle_x12 import ElementError, remittance
from revcycle_x12.remittance import Adjustment


def read_advice(era: remittance.Remittance) -> RemittanceAdvice:
    """
    Read one 835 that was loaded whole.

    Raises ElementError naming the element that is missing or broken.
    """
    return RemittanceAdvice(
        trace_number=era.trace_number,
        originator=era.payer_tax_id,
        handling=era.handling,
        payment_cents=era.paid_cents,
        method=era.method.value,
        payment_on=era.paid_on,
        payer_name=era.payer.name,
        payer_code=era.payer.payer_id or era.payer.id,
        payee_npi=era.payee.id,
        payee_tin=era.payee.tax_id,
        claims=tuple(_payment(one, position) for position, one in enumerate(era.claims, 1)),
        provider_adjustments=tuple(
            ProviderAdjustment(
                reason=one.reason, reference=one.reference, amount_cents=one.amount_cents, provider=one.provider_id
            )
            for one in era.provider_adjustments
        ),
        produced_on=era.produced_on or era.paid_on,
    )


def _payment(claim: remittance.ClaimPayment, position: int) -> ClaimPayment:
    status = claim.status.value
    return ClaimPayment(
        position=position,
        patient_control_number=claim.control_number.upper(),
        status_code=status,
        charge_cents=claim.charge_cents,
        paid_cents=claim.paid_cents,
        patient_cents=claim.patient_responsibility_cents or 0,
        payer_claim_control_number=claim.payer_control_number,
        frequency=claim.frequency,
        adjustments=_amounts(claim.adjustments),
        remarks=tuple(claim.remark_codes),
        lines=tuple(_line(one) for one in claim.service_lines),
        forwarded=status in FORWARDED or bool(claim.crossover_payer_name),
    )


def _allowed(line: remittance.ServicePayment) -> int | None:
    """Read what the payer allowed: it is for information, so that a broken one is unknown and holds nothing up."""
    try:
        return line.allowed_cents
    except ElementError:
        return None


def _line(line: remittance.ServicePayment) -> PaidLine:
    procedure, submitted = line.procedure, line.submitted_procedure
    revenue = procedure.code if procedure.qualifier == "NU" else line.revenue_code
    return PaidLine(
        control_number=line.control_number,
        code=procedure.code,
        modifiers=procedure.modifiers,
        revenue_code=revenue,
        submitted_code=submitted.code if submitted else "",
        charge_cents=line.charge_cents,
        paid_cents=line.paid_cents,
        units=units_of(line.units_paid),
        allowed_cents=_allowed(line),
        adjustments=_amounts(line.adjustments),
        remarks=tuple(line.remark_codes),
        service_on=line.served_on,
    )


def _amounts(adjustments: list[Adjustment]) -> tuple[CasAmount, ...]:
    return tuple(
        CasAmount(group=one.group.value, carc=one.reason, amount_cents=one.amount_cents) for one in adjustments
    )
