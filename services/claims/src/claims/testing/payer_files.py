"""The other side of the wire: a payer's files, written as a clearinghouse delivers them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims.domain.claims import Claim
from revcycle_x12 import Envelope, Writable, write
from revcycle_x12 import claim_acknowledgment as x214
from revcycle_x12 import claim_status as x212
from revcycle_x12 import remittance as era
from revcycle_x12.acknowledgment import ImplementationAcknowledgment, SetResponse, Verdict
from revcycle_x12.codes import AdjustmentGroup, ClaimStatus, PaymentMethod

NPI = "1234567893"
TIN = "123456789"
RECEIVED_ON = date(2026, 1, 12)


@dataclass(slots=True)
class PayerFiles:
    """The files that a payer sends; each has the next control number."""

    files: int = 0

    def file(self, transaction: Writable) -> bytes:
        """Put a transaction into an interchange of its own."""
        self.files += 1
        envelope = Envelope(
            sender_id="CLEARINGHOUSE",
            receiver_id=TIN,
            control_number=self.files,
            created_at=datetime(2026, 2, 1, 12),  # noqa: DTZ001 - X12 names no zone
            is_test=True,
        )
        return write(envelope, [transaction])

    def acknowledgment(self, claim: Claim, category: str, status: str = "20", entity: str = "") -> bytes:
        """Write the payer's 277CA about a claim."""
        told = x214.Status(category, status, entity, on=RECEIVED_ON, action="WQ", amount_cents=claim.charge_cents)
        answer = x214.ClaimStatus(
            control_number=claim.patient_control_number,
            statuses=[told],
            payer_control_number=f"ICN{claim.ordinal}",
            served=(claim.service_on, claim.service_on),
        )
        patient = x214.PatientLevel(
            patient=x214.Named(last_name="DOE", first_name="JANE", id_qualifier="MI", id="M1"), claims=[answer]
        )
        provider = x214.ProviderLevel(
            provider=x214.Named(last_name="PAYEE", id_qualifier="XX", id=NPI), patients=[patient]
        )
        receiver = x214.ReceiverLevel(
            receiver=x214.Named(last_name="PAYEE", id=TIN),
            trace="1",
            statuses=[x214.Status("A1", "19", on=RECEIVED_ON, action="WQ", amount_cents=0)],
            providers=[provider],
        )
        return self.file(_acknowledgment(receiver))

    def syntax_refused(self, control_number: int) -> bytes:
        """Write a 999 that refuses one of our groups."""
        answer = SetResponse(set_id="837", control_number="0001", version="005010X222A1", verdict=Verdict.REJECTED)
        said = ImplementationAcknowledgment(
            functional_id="HC",
            group_control_number=str(control_number),
            group_version="005010X222A1",
            responses=[answer],
            verdict=Verdict.REJECTED,
            included_count=1,
            received_count=1,
            accepted_count=0,
        )
        return self.file(said)

    def status(self, claim: Claim, category: str, status: str) -> bytes:
        """Write a 277 about a claim."""
        told = x212.ClaimStatus(
            trace=claim.patient_control_number,
            statuses=[x212.Status(category, status, on=RECEIVED_ON, amount_cents=claim.charge_cents, paid_cents=0)],
            payer_control_number="ICN1",
        )
        named = x212.Named(last_name="DOE", first_name="J", id="M1")
        provider = x212.ProviderStatus(
            provider=x212.Named(last_name="PAYEE", id_qualifier="XX", id=NPI),
            subscribers=[x212.SubscriberStatus(person=named, claims=[told])],
        )
        receiver = x212.ReceiverStatus(receiver=x212.Named(last_name="PAYEE", id=TIN), providers=[provider])
        payer = x212.PayerStatus(
            payer=x212.Named(last_name="PLAN", id_qualifier="PI", id="PPO01"), receivers=[receiver]
        )
        created = datetime(2026, 1, 20, 12)  # noqa: DTZ001 - X12 names no zone
        return self.file(x212.StatusResponse(reference="1", created_at=created, payers=[payer]))

    def payment(self, claim: Claim, *lines: tuple[int, int, str], status: str = "1") -> era.ClaimPayment:
        """Write a claim payment: for each line charge, paid and adjustments (`CO-45 7000, PR-1 5000`), in cents."""
        return era.ClaimPayment(
            control_number=claim.patient_control_number,
            status=ClaimStatus(status),
            charge_cents=sum(charge for charge, _, _ in lines),
            paid_cents=sum(paid for _, paid, _ in lines),
            filing_indicator="12",
            payer_control_number=f"ICN{claim.ordinal}",
            patient_last_name="DOE",
            patient_first_name="JANE",
            service_lines=[_line(claim, number, *line) for number, line in enumerate(lines, 1)],
        )

    def advice(self, *payments: era.ClaimPayment, trace: str = "EFT1", payer: str = "PPO01", **more: Any) -> bytes:
        """Write an 835 with these claims; it balances unless `paid_cents` says otherwise."""
        plb: list[era.ProviderAdjustment] = more.get("plb", [])
        balanced = sum(payment.paid_cents for payment in payments) - sum(adjustment.amount_cents for adjustment in plb)
        advice = era.Remittance(
            handling="I",
            paid_cents=more.get("paid_cents", balanced),
            credit_or_debit=more.get("flag", "C"),
            method=PaymentMethod.CHECK,
            paid_on=date(2026, 2, 1),
            trace_number=trace,
            payer_tax_id="1987654321",
            payer=_payer(payer),
            payee=era.Payee(name="PAYEE", id_qualifier="XX", id=NPI, tax_id=TIN),
            groups=[era.ClaimGroup(claims=list(payments))],
        )
        if plb:
            advice.provider_adjustments = plb
        return self.file(advice)


def _acknowledgment(receiver: x214.ReceiverLevel) -> x214.ClaimAcknowledgment:
    source = x214.SourceLevel(
        source=x214.Named(entity="PR", last_name="PLAN", id_qualifier="PI", id="PPO01"),
        receipt="R1",
        received_on=RECEIVED_ON,
        processed_on=RECEIVED_ON,
        receivers=[receiver],
    )
    created = datetime(2026, 1, 12, 12)  # noqa: DTZ001 - X12 names no zone
    return x214.ClaimAcknowledgment(reference="1", created_at=created, sources=[source])


def _payer(code: str) -> era.Payer:
    return era.Payer(
        name=f"PLAN {code}",
        address="PO BOX 1",
        city="TROY",
        state="NY",
        postal_code="12207",
        payer_id=code,
        technical_contact_name="EDI",
        technical_contact_qualifier="TE",
        technical_contact_number="5555550100",
    )


def _line(claim: Claim, number: int, charge: int, paid: int, text: str) -> era.ServicePayment:
    return era.ServicePayment(
        procedure=era.Procedure(claim.lines[number - 1].code),
        charge_cents=charge,
        paid_cents=paid,
        units_paid="1",
        served_on=claim.service_on,
        control_number=f"{claim.patient_control_number}{number:03}",
        adjustments=[_adjustment(part) for part in text.split(",") if part.strip()],
    )


def _adjustment(text: str) -> era.Adjustment:
    code, cents = text.split()
    group, _, carc = code.partition("-")
    return era.Adjustment(AdjustmentGroup(group), carc, int(cents))
