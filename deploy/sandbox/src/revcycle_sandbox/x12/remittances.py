"""835 files: a check run written for a payee."""

from datetime import date, datetime
from typing import Final

from revcycle_sandbox.claims import Decision, LineDecision
from revcycle_sandbox.payer.news import Remittance
from revcycle_sandbox.payer.pricing import units_text
from revcycle_sandbox.world import Payer
from revcycle_sandbox.x12.building import SENDER, control_number, person
from revcycle_x12 import Envelope, remittance, write
from revcycle_x12.codes import AdjustmentGroup, ClaimStatus, PaymentMethod

_FILING: Final = {"medicare": "MB", "medicaid": "MC", "medicare_advantage": "16", "commercial": "12", "medigap": "12"}
_REMARKS_MAX: Final = 5


def write_remittance(news: Remittance, payer: Payer, at: datetime, *, is_test: bool) -> bytes:
    """Write the 835 of a check run."""
    envelope = Envelope(
        sender_id=SENDER,
        receiver_id=(news.submitter or "RECEIVER")[:15],
        control_number=control_number("835", news.payer, news.trace, str(news.copy)),
        created_at=at.replace(tzinfo=None),
        is_test=is_test,
    )
    return write(envelope, [_transaction(news, payer)])


def _transaction(news: Remittance, payer: Payer) -> remittance.Remittance:
    era = remittance.Remittance(
        handling="I" if news.method == "ACH" else "H",
        paid_cents=news.paid_cents,
        method=PaymentMethod(news.method),
        paid_on=news.paid_on,
        trace_number=news.trace,
        payer_tax_id=f"1{news.payer_tin}",
        produced_on=news.paid_on,
        payer=_payer(news),
        payee=_payee(news),
        groups=[remittance.ClaimGroup(claims=[_claim(decision, payer) for decision in news.decisions])],
    )
    if news.method == "ACH":
        _add_accounts(era, news)
    year_end = date(news.paid_on.year, 12, 31)
    era.provider_adjustments = [
        remittance.ProviderAdjustment(
            news.payee_npi, year_end, adjustment.reason, adjustment.reference, adjustment.amount_cents
        )
        for adjustment in news.provider_adjustments
    ]
    return era


def _add_accounts(era: remittance.Remittance, news: Remittance) -> None:
    """Name the accounts of a transfer: invented numbers under real routing numbers' check digits."""
    era.payment_format = "CCP"
    era.payer_routing_qualifier = era.payee_routing_qualifier = "01"
    era.payer_account_qualifier = era.payee_account_qualifier = "DA"
    era.payer_routing_number, era.payer_account = "011000015", "100200300"
    era.payee_routing_number, era.payee_account = "021000018", news.payee_tin or "400500600"
    era.originator_id = f"1{news.payer_tin}"


def _payer(news: Remittance) -> remittance.Payer:
    return remittance.Payer(
        name=news.payer_name,
        address="PO BOX 1",
        city="TROY",
        state="NY",
        postal_code="121800001",
        payer_id=news.payer,
        technical_contact_name="EDI SERVICES",
        technical_contact_qualifier="TE",
        technical_contact_number="5555550100",
    )


def _payee(news: Remittance) -> remittance.Payee:
    return remittance.Payee(
        name=(news.payee_name or "PAYEE")[:60], id_qualifier="XX", id=news.payee_npi, tax_id=news.payee_tin
    )


def _claim(decision: Decision, payer: Payer) -> remittance.ClaimPayment:
    claim = decision.claim
    institutional = claim.kind == "I"
    patient = decision.adjusted("PR")
    filing = "MA" if institutional and payer.kind == "medicare" else _FILING.get(payer.kind, "12")
    payment = remittance.ClaimPayment(
        control_number=claim.patient_control_number,
        status=ClaimStatus(decision.status),
        charge_cents=decision.charge_cents,
        paid_cents=decision.paid_cents,
        patient_responsibility_cents=patient if patient > 0 else None,
        filing_indicator=filing,
        payer_control_number=decision.control_number,
        facility_type=claim.place,
        frequency=claim.frequency if not decision.reversal else "",
        patient_last_name=(claim.patient_family or claim.subscriber_family or "UNKNOWN"),
        patient_first_name=claim.patient_given or claim.subscriber_given,
        patient_id_qualifier="MI",
        patient_id=claim.member_id,
        service_lines=[_line(line) for line in decision.lines],
    )
    if decision.remarks:
        payment.remark_codes = list(decision.remarks[:_REMARKS_MAX])
    if claim.rendering_npi and claim.rendering_family and not institutional:
        payment.loop.add(person("82", claim.rendering_family, claim.rendering_given, "XX", claim.rendering_npi))
    if decision.forwarded_to:
        payment.crossover_payer_name = f"PAYER {decision.forwarded_to}"
        payment.crossover_payer_id = decision.forwarded_to
    return payment


def _line(decided: LineDecision) -> remittance.ServicePayment:
    line = decided.line
    revenue_only = line.revenue_code == line.code and bool(line.code)
    procedure = remittance.Procedure(line.code, line.modifiers, "NU" if revenue_only else "HC")
    payment = remittance.ServicePayment(
        procedure=procedure,
        charge_cents=line.charge_cents,
        paid_cents=decided.paid_cents,
        revenue_code="" if revenue_only else line.revenue_code,
        units_paid=units_text(line.units),
        served_on=line.service_on,
        adjustments=[
            remittance.Adjustment(AdjustmentGroup(adjustment.group), adjustment.carc, adjustment.amount_cents)
            for adjustment in decided.adjustments
        ],
        control_number=line.control,
        allowed_cents=decided.allowed_cents if decided.allowed_cents > 0 else None,
    )
    if decided.remarks:
        payment.remark_codes = list(decided.remarks)
    return payment
