"""What a payer (or the clearinghouse before it) tells; the edges turn it into files and letters."""

from datetime import date, datetime

import msgspec

from revcycle_sandbox.claims import Claim, Decision


class ClaimStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One STC: category, status, entity; and the payer's number where it took the claim in."""

    category: str
    status: str
    entity: str = ""
    control_number: str = ""

    @property
    def accepted(self) -> bool:
        return self.category in {"A0", "A1", "A2", "A5"}


class Acknowledgment(msgspec.Struct, frozen=True, kw_only=True):
    """A 277CA: what became of the claims of one file at one station."""

    level: str
    """clearinghouse or payer."""
    payer: str
    payer_name: str
    submitter: str
    key: str
    claims: tuple[tuple[Claim, tuple[ClaimStatus, ...]], ...]
    at: datetime


class ProviderAdjustment(msgspec.Struct, frozen=True, kw_only=True):
    """One PLB amount: positive lowers the payment."""

    reason: str
    reference: str
    amount_cents: int


class Remittance(msgspec.Struct, frozen=True, kw_only=True):
    """One 835: a check run of a payer for a payee."""

    payer: str
    payer_name: str
    payer_tin: str
    payee_name: str
    payee_npi: str
    payee_tin: str
    submitter: str
    trace: str
    paid_cents: int
    paid_on: date
    decisions: tuple[Decision, ...]
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    copy: int = 1
    """2 and on: the same file again, or its correction, under the same trace."""

    @property
    def method(self) -> str:
        """BPR04: by transfer, or no payment at all."""
        return "ACH" if self.paid_cents else "NON"


class AppealLetter(msgspec.Struct, frozen=True, kw_only=True):
    """The payer's answer to an appeal: moves no money."""

    cover: dict[str, object]
    """The cover of the appeal, echoed."""
    payer: str
    outcome: str
    reason: str
    patient_control_number: str
    control_number: str
    expected_cents: int
    payment_due_by: date | None
    decided_on: date


class Crossover(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that a payer hands on to the next with its own decision."""

    payer: str
    claim: Claim
    paid_at: datetime


News = Acknowledgment | Remittance | AppealLetter | Crossover
