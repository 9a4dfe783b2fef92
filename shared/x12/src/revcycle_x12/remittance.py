"""835 remittance advice (005010X221A1): what a payer paid, claim by claim, and why not the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from revcycle_x12._reading.loop import Loop
from revcycle_x12._syntax.elements import format_cents, format_date, parse_cents, parse_date
from revcycle_x12._syntax.errors import ElementError
from revcycle_x12._views.adjustments import Adjustment, AdjustmentsField, cas
from revcycle_x12._views.fields import Field, Many, One, cents, code, day, many, one, text
from revcycle_x12._views.lists import ListedField, listed
from revcycle_x12._views.procedure import Procedure, ProcedureField, procedure_code
from revcycle_x12._views.transaction_view import TransactionView
from revcycle_x12._views.view import View
from revcycle_x12.codes import ClaimStatus, PaymentMethod
from revcycle_x12.guides.x221a1 import GUIDE


class Payer(View):
    """1000A: who pays."""

    loop_id: ClassVar[str] = "1000A"
    name: Field[str] = text("N102", default="")
    id: Field[str] = text("N104", default="")
    address: Field[str] = text("N301", default="")
    address_2: Field[str] = text("N302", default="")
    city: Field[str] = text("N401", default="")
    state: Field[str] = text("N402", default="")
    postal_code: Field[str] = text("N403", default="")
    payer_id: Field[str] = text("REF[2U]02", default="")
    technical_contact_name: Field[str] = text("PER[BL]02", default="")
    technical_contact_qualifier: Field[str] = text("PER[BL]03", default="")
    technical_contact_number: Field[str] = text("PER[BL]04", default="")


class Payee(View):
    """1000B: who is paid. `id` is the NPI under XX, the tax number under FI."""

    loop_id: ClassVar[str] = "1000B"
    name: Field[str] = text("N102", default="")
    id_qualifier: Field[str] = text("N103", default="")
    id: Field[str] = text("N104", default="")
    address: Field[str] = text("N301", default="")
    city: Field[str] = text("N401", default="")
    state: Field[str] = text("N402", default="")
    postal_code: Field[str] = text("N403", default="")
    tax_id: Field[str] = text("REF[TJ]02", default="")


class ServicePayment(View):
    """2110: one line. charge = paid + sum of adjustments."""

    loop_id: ClassVar[str] = "2110"
    procedure: ProcedureField[Procedure] = procedure_code("SVC01")
    """The procedure paid; `submitted_procedure` where the payer changed it."""
    charge_cents: Field[int] = cents("SVC02")
    paid_cents: Field[int] = cents("SVC03", default=0)
    revenue_code: Field[str] = text("SVC04", default="")
    units_paid: Field[str] = text("SVC05", default="")
    submitted_procedure: ProcedureField[Procedure | None] = procedure_code("SVC06", default=None)
    units_submitted: Field[str] = text("SVC07", default="")
    served_on: Field[date | None] = day("DTM[472|150]02", default=None)
    served_to: Field[date | None] = day("DTM[151]02", default=None)
    adjustments: AdjustmentsField = cas(default=())
    control_number: Field[str] = text("REF[6R]02", default="")
    """The provider's line number, echoed."""
    allowed_cents: Field[int | None] = cents("AMT[B6]02", default=None)
    remark_codes: ListedField = listed("LQ[HE]02", default=())
    """RARC."""


class ClaimPayment(View):
    """2100: what was decided on one claim. charge = paid + sum of adjustments, of the claim and of its lines."""

    loop_id: ClassVar[str] = "2100"
    control_number: Field[str] = text("CLP01")
    """The provider's claim number (CLM01), echoed."""
    status: Field[ClaimStatus] = code("CLP02", ClaimStatus)
    charge_cents: Field[int] = cents("CLP03")
    paid_cents: Field[int] = cents("CLP04")
    patient_responsibility_cents: Field[int | None] = cents("CLP05", default=None)
    filing_indicator: Field[str] = text("CLP06", default="")
    """The remittance's own list: 12 PPO, 13 POS, HM HMO, MA, MB, MC, 16 Medicare Advantage …"""
    payer_control_number: Field[str] = text("CLP07", default="")
    """The payer's claim number; a replacement or void quotes it."""
    facility_type: Field[str] = text("CLP08", default="")
    frequency: Field[str] = text("CLP09", default="")
    drg: Field[str] = text("CLP11", default="")
    adjustments: AdjustmentsField = cas(default=())
    """Claim level only."""
    patient_last_name: Field[str] = text("NM1[QC]03", default="")
    patient_first_name: Field[str] = text("NM1[QC]04", default="")
    patient_id_qualifier: Field[str] = text("NM1[QC]08", default="")
    patient_id: Field[str] = text("NM1[QC]09", default="")
    corrected_last_name: Field[str] = text("NM1[74]03", default="")
    corrected_first_name: Field[str] = text("NM1[74]04", default="")
    corrected_id: Field[str] = text("NM1[74]09", default="")
    rendering_last_name: Field[str] = text("NM1[82]03", default="")
    rendering_first_name: Field[str] = text("NM1[82]04", default="")
    rendering_npi: Field[str] = text("NM1[82]09", default="")
    insured_last_name: Field[str] = text("NM1[IL]03", default="")
    insured_first_name: Field[str] = text("NM1[IL]04", default="")
    insured_id_qualifier: Field[str] = text("NM1[IL]08", default="")
    insured_id: Field[str] = text("NM1[IL]09", default="")
    crossover_payer_name: Field[str] = text("NM1[TT]03", default="")
    crossover_payer_id: Field[str] = text("NM1[TT]09", default="")
    original_claim_number: Field[str] = text("REF[F8]02", default="")
    received_on: Field[date | None] = day("DTM[050]02", default=None)
    statement_from: Field[date | None] = day("DTM[232]02", default=None)
    statement_to: Field[date | None] = day("DTM[233]02", default=None)
    coverage_expired_on: Field[date | None] = day("DTM[036]02", default=None)
    allowed_cents: Field[int | None] = cents("AMT[AU]02", default=None)
    """AMT*AU: the covered amount."""
    interest_cents: Field[int | None] = cents("AMT[I]02", default=None)
    service_lines: Many[ServicePayment] = many(ServicePayment, default=())

    @property
    def is_reversal(self) -> bool:
        return self.status is ClaimStatus.REVERSAL

    @property
    def remark_codes(self) -> list[str]:
        """RARC of the claim (MIA and MOA)."""
        inpatient, outpatient = self.loop.elements("MIA") or [], self.loop.elements("MOA") or []
        return [text for text in (*inpatient[5:6], *inpatient[20:24], *outpatient[3:8]) if text]

    @remark_codes.setter
    def remark_codes(self, codes: Sequence[str]) -> None:
        if codes:
            self.loop.add(["MOA", "", "", *codes])


class ClaimGroup(View):
    """2000: claims under one LX (all of them, or those of one provider and fiscal period)."""

    loop_id: ClassVar[str] = "2000"
    claims: Many[ClaimPayment] = many(ClaimPayment, default=())


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """
    One adjustment of a PLB: money that belongs to no claim of this file.

    Positive amounts lower the payment. `reference` is the second half of the
    composite, empty where missing.
    """

    provider_id: str
    fiscal_period_end_on: date | None
    reason: str
    reference: str
    amount_cents: int


class Remittance(TransactionView):
    """A whole 835. BPR02 = sum of paid - sum of provider adjustments."""

    guide: ClassVar = GUIDE
    handling: Field[str] = text("BPR01", default="I")
    """I remittance only, H notification without payment, C with payment, D, P, U, X."""
    paid_cents: Field[int] = cents("BPR02")
    credit_or_debit: Field[str] = text("BPR03", default="C")
    method: Field[PaymentMethod] = code("BPR04", PaymentMethod)
    payment_format: Field[str] = text("BPR05", default="")
    payer_routing_qualifier: Field[str] = text("BPR06", default="")
    payer_routing_number: Field[str] = text("BPR07", default="")
    payer_account_qualifier: Field[str] = text("BPR08", default="")
    payer_account: Field[str] = text("BPR09", default="")
    originator_id: Field[str] = text("BPR10", default="")
    payee_routing_qualifier: Field[str] = text("BPR12", default="")
    payee_routing_number: Field[str] = text("BPR13", default="")
    payee_account_qualifier: Field[str] = text("BPR14", default="")
    payee_account: Field[str] = text("BPR15", default="")
    paid_on: Field[date] = day("BPR16")
    trace_number: Field[str] = text("TRN02")
    """Check or EFT number: what the bank deposit carries."""
    payer_tax_id: Field[str] = text("TRN03")
    """TRN03: 1 followed by the payer's tax number."""
    receiver_id: Field[str] = text("REF[EV]02", default="")
    produced_on: Field[date | None] = day("DTM[405]02", default=None)
    payer: One[Payer] = one(Payer)
    payee: One[Payee] = one(Payee)
    groups: Many[ClaimGroup] = many(ClaimGroup, "2000", default=())
    """To build, or of a remittance loaded whole; while streaming take `claims`."""

    @property
    def claims(self) -> Iterator[ClaimPayment]:
        """Every claim payment, in order."""
        return self._units(ClaimPayment, "2100")

    @property
    def provider_adjustments(self) -> list[ProviderAdjustment]:
        """All PLB adjustments. While streaming: only after the claims were read."""
        found: list[ProviderAdjustment] = self._after_units(read_provider_adjustments)
        return found

    @provider_adjustments.setter
    def provider_adjustments(self, adjustments: Sequence[ProviderAdjustment]) -> None:
        write_provider_adjustments(self.loop, adjustments)


def read_provider_adjustments(root: Loop) -> list[ProviderAdjustment]:
    """All adjustments of all PLB segments. Raises ElementError where an amount is none."""
    found = []
    separator = root.delimiters.component
    for item in root.lists("PLB"):
        for at in range(3, len(item) - 1, 2):
            if not item[at] and not item[at + 1]:
                continue
            reason, _, reference = item[at].partition(separator)
            try:
                end_on = parse_date(item[2]) if item[2] else None
                found.append(ProviderAdjustment(item[1], end_on, reason, reference, parse_cents(item[at + 1])))
            except ValueError as problem:
                raise ElementError(f"PLB{at + 1:02d}", str(problem)) from None
    return found


def write_provider_adjustments(root: Loop, adjustments: Sequence[ProviderAdjustment]) -> None:
    """Put adjustments in place of the PLB segments: one segment a provider and period, six in each."""
    separator = root.delimiters.component
    root.content = [item for item in root.content if not (isinstance(item, list) and item[0] == "PLB")]
    by_provider: dict[tuple[str, date | None], list[str]] = {}
    for item in adjustments:
        texts = by_provider.setdefault((item.provider_id, item.fiscal_period_end_on), [])
        reason = item.reason + (separator + item.reference if item.reference else "")
        texts += [reason, format_cents(item.amount_cents)]
    for (provider_id, end_on), texts in by_provider.items():
        for at in range(0, len(texts), 12):
            ends = format_date(end_on) if end_on is not None else ""
            root.content.append(["PLB", provider_id, ends, *texts[at : at + 12]])
    root.changed()


__all__ = [
    "Adjustment",
    "ClaimGroup",
    "ClaimPayment",
    "ClaimStatus",
    "Payee",
    "Payer",
    "PaymentMethod",
    "Procedure",
    "ProviderAdjustment",
    "Remittance",
    "ServicePayment",
]
