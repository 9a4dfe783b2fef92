"""A remittance advice in neutral words: what an 835 says, before it means anything."""

from datetime import date
from decimal import Decimal

from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value

REVERSAL = "22"
FORWARDED = frozenset({"19", "20", "21"})
NOT_OURS = "23"
PREDETERMINATION = "25"


class CasAmount(Value, kw_only=True):
    """One reason and amount of a CAS segment; positive lowers the payment."""

    group: str
    carc: str
    amount_cents: Cents


class PaidLine(Value, kw_only=True):
    """One service payment (loop 2110)."""

    control_number: str = ""
    """REF*6R: the line control number we sent."""
    code: str
    modifiers: tuple[str, ...] = ()
    revenue_code: str = ""
    submitted_code: str = ""
    """SVC06: what we had sent, where the payer changed it."""
    charge_cents: Cents
    paid_cents: Cents
    units: Decimal = Decimal(1)
    allowed_cents: Cents | None = None
    """AMT*B6."""
    adjustments: tuple[CasAmount, ...] = ()
    remarks: tuple[str, ...] = ()
    service_on: date | None = None


class ClaimPayment(Value, kw_only=True):
    """One claim of a remittance (loop 2100)."""

    position: int
    """Its place in the file, from 1."""
    patient_control_number: str
    status_code: str
    charge_cents: Cents
    paid_cents: Cents
    patient_cents: Cents = ZERO
    payer_claim_control_number: str = ""
    frequency: str = ""
    adjustments: tuple[CasAmount, ...] = ()
    remarks: tuple[str, ...] = ()
    lines: tuple[PaidLine, ...] = ()
    forwarded: bool = False
    """True: NM1*TT names a crossover carrier, or CLP02 is 19, 20 or 21."""
    adjudicated_on: date | None = None

    @property
    def reversal(self) -> bool:
        """True: takes back an earlier decision."""
        return self.status_code == REVERSAL


class ProviderAdjustment(Value, kw_only=True):
    """One amount of a PLB segment; positive lowers the payment."""

    reason: str
    reference: str = ""
    amount_cents: Cents
    provider: str = ""


class RemittanceAdvice(Value, kw_only=True):
    """One 835 transaction: one payment (or notice) to one payee."""

    trace_number: str
    originator: str = ""
    """TRN03."""
    handling: str = "I"
    """BPR01."""
    payment_cents: Cents
    """BPR02: what the payee gets. BPR03 says who moves the money (D: the payee draws it), never that it goes back."""
    method: str = ""
    payment_on: date | None = None
    payer_name: str = ""
    payer_code: str = ""
    payee_npi: str = ""
    payee_tin: str = ""
    claims: tuple[ClaimPayment, ...] = ()
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    produced_on: date | None = None
