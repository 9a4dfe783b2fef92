"""A claim as a payer reads it from an 837, and the payer's decision on it."""

from datetime import date
from decimal import Decimal

import msgspec


class Adjustment(msgspec.Struct, frozen=True):
    """One CAS amount: why the payer did not pay this part of the charge."""

    group: str
    carc: str
    amount_cents: int


class PriorDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What an earlier payer did with a line or a claim (loops 2320 and 2430)."""

    payer: str
    paid_cents: int
    adjustments: tuple[Adjustment, ...] = ()
    decided_on: date | None = None

    @property
    def patient_cents(self) -> int:
        """What the earlier payer left to the patient."""
        return sum(adjustment.amount_cents for adjustment in self.adjustments if adjustment.group == "PR")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One service line (loop 2400)."""

    number: int
    code: str
    charge_cents: int
    service_on: date
    control: str = ""
    """REF*6R: echoed on the 835."""
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    diagnoses: tuple[str, ...] = ()
    """Those the line points at, without points."""
    place: str = ""
    revenue_code: str = ""
    authorization: str = ""
    rendering_npi: str = ""
    prior: tuple[PriorDecision, ...] = ()


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One claim (loop 2300) with what its envelope and outer loops say."""

    kind: str
    """P professional, I institutional."""
    payer: str
    """NM109 of loop 2010BB."""
    patient_control_number: str
    member_id: str
    charge_cents: int
    lines: tuple[Line, ...]
    service_on: date
    service_through_on: date
    frequency: str = "1"
    rank: str = "P"
    """SBR01: P, S, T."""
    payer_control_number: str = ""
    """REF*F8: the claim that this one replaces or voids."""
    billing_npi: str = ""
    billing_tin: str = ""
    billing_name: str = ""
    billing_postal_code: str = ""
    submitter: str = ""
    """ISA06 of the file: where acknowledgments and remittances go."""
    rendering_npi: str = ""
    rendering_family: str = ""
    rendering_given: str = ""
    authorization: str = ""
    filing_indicator: str = ""
    place: str = ""
    subscriber_family: str = ""
    subscriber_given: str = ""
    subscriber_birth_on: date | None = None
    patient_family: str = ""
    patient_given: str = ""
    patient_birth_on: date | None = None
    relationship: str = "18"
    diagnoses: tuple[str, ...] = ()
    prior: tuple[PriorDecision, ...] = ()
    """Claim-level statements of earlier payers."""
    clearinghouse_number: str = ""
    """REF*D9."""
    bill_type: str = ""

    @property
    def person(self) -> str:
        """Who of the members under one id was treated."""
        born = self.patient_birth_on or self.subscriber_birth_on
        return f"{self.member_id}|{born or ''}"

    @property
    def coordinated(self) -> bool:
        """True: another payer has decided already."""
        return bool(self.prior) or any(line.prior for line in self.lines)


class LineDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What a payer decided about one line: paid and adjustments add up to the charge."""

    line: Line
    allowed_cents: int
    paid_cents: int
    adjustments: tuple[Adjustment, ...]
    remarks: tuple[str, ...] = ()
    refused_by: str = ""
    """The gate at which the line was refused; empty when it was priced."""

    @property
    def imbalance_cents(self) -> int:
        """Charge less paid less adjustments: zero, or the decision is wrong."""
        return (
            self.line.charge_cents - self.paid_cents - sum(adjustment.amount_cents for adjustment in self.adjustments)
        )


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One CLP: a decision, or its reversal with every amount negative."""

    claim: Claim
    control_number: str
    status: str
    """CLP02: 1 2 3 processed, 4 not ours, 19 20 21 forwarded, 22 reversal."""
    lines: tuple[LineDecision, ...]
    decided_on: date
    remarks: tuple[str, ...] = ()
    forwarded_to: str = ""

    @property
    def charge_cents(self) -> int:
        return sum(line.line.charge_cents for line in self.lines)

    @property
    def paid_cents(self) -> int:
        return sum(line.paid_cents for line in self.lines)

    @property
    def reversal(self) -> bool:
        return self.status == "22"

    def adjusted(self, group: str, carc: str = "") -> int:
        """Add up the adjustments of a group, or of one reason in it."""
        return sum(
            adjustment.amount_cents
            for line in self.lines
            for adjustment in line.adjustments
            if adjustment.group == group and carc in ("", adjustment.carc)
        )


def reverse(decision: Decision, on: date) -> Decision:
    """Take a decision back: the same lines with every amount negative (CLP02 22)."""
    return msgspec.structs.replace(
        decision, status="22", lines=tuple(map(_negative, decision.lines)), decided_on=on, forwarded_to="", remarks=()
    )


def _negative(decided: LineDecision) -> LineDecision:
    line = msgspec.structs.replace(decided.line, charge_cents=-decided.line.charge_cents)
    taken_back = tuple(
        Adjustment(adjustment.group, adjustment.carc, -adjustment.amount_cents) for adjustment in decided.adjustments
    )
    return LineDecision(
        line=line,
        allowed_cents=-decided.allowed_cents,
        paid_cents=-decided.paid_cents,
        adjustments=taken_back,
        refused_by=decided.refused_by,
    )
