"""835 in: one transaction as a neutral remittance advice, nothing decided and nothing plugged."""

from claims.domain.remittance_advice import (
    FORWARDED,
    CasAmount,
    ClaimPayment,
    PaidLine,
    ProviderAdjustment,
    RemittanceAdvice,
)
from claims.edi.text import units_of
from revcycle_kit.money import ZERO, Cents
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
        payment_cents=Cents(era.paid_cents),
        method=era.method.value,
        payment_on=era.paid_on,
        payer_name=era.payer.name,
        payer_code=era.payer.payer_id or era.payer.id,
        payee_npi=era.payee.id,
        payee_tin=era.payee.tax_id,
        claims=tuple(_payment(claim, position) for position, claim in enumerate(era.claims, 1)),
        provider_adjustments=tuple(
            ProviderAdjustment(
                reason=adjustment.reason,
                reference=adjustment.reference,
                amount_cents=Cents(adjustment.amount_cents),
                provider=adjustment.provider_id,
            )
            for adjustment in era.provider_adjustments
        ),
        produced_on=era.produced_on or era.paid_on,
    )


def _payment(claim: remittance.ClaimPayment, position: int) -> ClaimPayment:
    status = claim.status.value
    return ClaimPayment(
        position=position,
        patient_control_number=claim.control_number.upper(),
        status_code=status,
        charge_cents=Cents(claim.charge_cents),
        paid_cents=Cents(claim.paid_cents),
        patient_cents=Cents(claim.patient_responsibility_cents or ZERO),
        payer_claim_control_number=claim.payer_control_number,
        frequency=claim.frequency,
        adjustments=_amounts(claim.adjustments),
        remarks=tuple(claim.remark_codes),
        lines=tuple(_line(line) for line in claim.service_lines),
        forwarded=status in FORWARDED or bool(claim.crossover_payer_name),
    )


def _allowed(line: remittance.ServicePayment) -> Cents | None:
    """Read what the payer allowed: it is for information, so that a broken one is unknown and holds nothing up."""
    try:
        return None if line.allowed_cents is None else Cents(line.allowed_cents)
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
        charge_cents=Cents(line.charge_cents),
        paid_cents=Cents(line.paid_cents),
        units=units_of(line.units_paid),
        allowed_cents=_allowed(line),
        adjustments=_amounts(line.adjustments),
        remarks=tuple(line.remark_codes),
        service_on=line.served_on,
    )


def _amounts(adjustments: list[Adjustment]) -> tuple[CasAmount, ...]:
    return tuple(
        CasAmount(group=adjustment.group.value, carc=adjustment.reason, amount_cents=Cents(adjustment.amount_cents))
        for adjustment in adjustments
    )
