"""Claims under test on real PostgreSQL: an encounter is registered, and a scripted clearinghouse takes what is sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import pytest

from claims import intake
from claims.domain.claims import Claim
from claims.domain.encounters import Encounter
from claims.domain.ledger import Entry, Money, money
from claims.domain.pricing import Price, Rate
from claims.messages import InterchangeTaken, LoadPrices
from claims.service import build
from claims.storage import EncounterFile
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.ids import derived_id
from revcycle_kit.testing.harness import Harness
from revcycle_x12 import Envelope, write
from revcycle_x12 import claim_status as x212
from revcycle_x12 import remittance as era
from revcycle_x12.acknowledgment import ImplementationAcknowledgment, SetResponse, Verdict
from revcycle_x12.claim_acknowledgment import (
    ClaimAcknowledgment,
    ClaimStatus,
    Named,
    PatientLevel,
    ProviderLevel,
    ReceiverLevel,
    SourceLevel,
    Status,
)
from revcycle_x12.codes import AdjustmentGroup, PaymentMethod
from revcycle_x12.codes import ClaimStatus as Clp
from revcycle_x12.institutional import InstitutionalClaims
from revcycle_x12.professional import ProfessionalClaims

ORGANIZATION = derived_id("organization", "ORG")
CLINIC = derived_id("clinic", "C1")
PAYEE = derived_id("billing entity", "B1")
PROVIDER = derived_id("provider", "P1")
SERVICE_ON = date(2026, 1, 10)
START = datetime(2026, 1, 10, 15, tzinfo=UTC)
NPI = "1234567893"
TIN = "123456789"


def _named(kind: str, /, **fields: Any) -> msgspec.Struct:
    """Make a value whose class has this name: what another service would say."""
    made = msgspec.defstruct(kind, [(key, Any) for key in fields], frozen=True, kw_only=True)
    return made(**fields)


@dataclass(slots=True)
class Wire:
    """The scripted clearinghouse: keeps what it was given."""

    sent: list[bytes] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)
    answer: bytes = b""

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        del name, key
        self.sent.append(interchange)

    async def ask(self, interchange: bytes, key: str) -> bytes:
        del key
        self.asked.append(interchange)
        return self.answer


@dataclass(slots=True)
class Desk:
    """The service with its directory known, and short words for what tests do."""

    harness: Harness
    wire: Wire
    payers: tuple[str, ...] = ("PPO01",)
    visit: str = "V1"
    files: int = 0

    @property
    def encounter_id(self) -> UUID:
        return derived_id("encounter", self.visit)

    @property
    def stream(self) -> StreamRef:
        return StreamRef("clinic", CLINIC, "encounter", self.encounter_id)

    @property
    def grant(self) -> Grant:
        return Grant(
            subject="intake",
            roles=frozenset({"intake", "biller", "coder"}),
            organization_id=ORGANIZATION,
            clinics=frozenset({CLINIC}),
            billing_entities=frozenset({PAYEE}),
        )

    async def hear(self, kind: str, stream: StreamRef | None = None, identity: Any = None, /, **fields: Any) -> None:
        """Let the service hear an event of eligibility (or, by `source`, of another service)."""
        source = fields.pop("source", "eligibility")
        await self.harness.hear(source, _named(kind, **fields), stream or self.stream, identity=identity)

    async def know(self) -> None:
        """Let the directory speak."""
        common = {"organization_id": ORGANIZATION}
        address = {"line1": "1 MAIN ST", "city": "ALBANY", "state": "NY", "postal_code": "122071234"}
        await self._learn("ClinicUpdated", clinic_id=CLINIC, name="C", time_zone="America/New_York", **common)
        await self._learn(
            "BillingEntityUpdated", billing_entity_id=PAYEE, name="PAYEE", tin=TIN, npi=NPI,
            taxonomy="207Q00000X", address=address, contact_phone="5555550100", **common,
        )  # fmt: skip
        await self._learn(
            "ProviderUpdated", provider_id=PROVIDER, npi="1245319599", family="HEALER", given="ANN", **common
        )
        for code in ("PPO01", "SEC01"):
            await self._learn(
                "PayerUpdated", payer_id=payer_id(code), name=f"PLAN {code}", payer_code=code, kind="commercial",
                filing_indicator="CI", timely_filing_days=90, **common,
            )  # fmt: skip

    async def _learn(self, kind: str, /, **fields: Any) -> None:
        stream = StreamRef("organization", ORGANIZATION, "directory", derived_id(kind, str(fields)))
        await self.hear(kind, stream, **fields)

    async def register(self, *payers: str, verified: bool = True, **more: Any) -> None:
        """Register the encounter with these payers, primary first."""
        self.payers = payers
        await self.hear("EncounterRegistered", None, identity(payers), **self.facts(**more))
        if verified:
            for code in payers:
                await self.verify(code)

    def facts(self, **more: Any) -> dict[str, Any]:
        """Return the encounter as registration says it."""
        facts = {
            "encounter_id": self.encounter_id,
            "organization_id": ORGANIZATION,
            "clinic_id": CLINIC,
            "billing_entity_id": PAYEE,
            "patient_id": derived_id("patient"),
            "guarantor_id": derived_id("guarantor"),
            "visit_class": "outpatient",
            "place_of_service": "11",
            "service_on": SERVICE_ON,
            "rendering_provider_id": PROVIDER,
            "coverages": [
                {"coverage_id": coverage_id(code), "payer_id": payer_id(code), "rank": rank}
                for rank, code in enumerate(self.payers, 1)
            ],
            "identity": "",
        }
        return {**facts, **more}

    def identity(self, member: str = "M1") -> msgspec.Struct:
        """Say who the people are, under this member number."""
        return identity(self.payers, member)

    async def verify(self, code: str) -> None:
        await self.hear("CoverageVerified", encounter_id=self.encounter_id, coverage_id=coverage_id(code))

    async def charge(
        self, *cents: int | None, diagnosis: str = "E11.9", coded_in: str = "icd10cm", **line: Any
    ) -> None:
        """Let the EHR hand over services, one for each amount (cents)."""
        charges = [
            {"line_id": derived_id("line", str(amount), str(n)), "code": f"9921{n}", "amount_cents": amount} | line
            for n, amount in enumerate(cents, 1)
        ]
        await self.hear(
            "ChargesReceived",
            encounter_id=self.encounter_id,
            charges=charges,
            diagnoses=[{"code": diagnosis, "system": coded_in, "rank": 1}],
            complete=True,
        )

    async def price(self, code: str, cents: int, allowed: int | None = None) -> None:
        """Enter a price, and what the first payer allows."""
        since = date(2026, 1, 1)
        rates = () if allowed is None else (
            Rate(payer_id=payer_id("PPO01"), code=code, unit_cents=allowed, effective_on=since),
        )  # fmt: skip
        await self.harness.command(
            LoadPrices(
                billing_entity_id=PAYEE,
                prices=(Price(code=code, unit_cents=cents, effective_on=since),),
                rates=rates,
            ),
            StreamRef("organization", ORGANIZATION, "price_list", PAYEE),
        )

    async def wait(self, until: datetime) -> None:
        await self.harness.advance(until)

    async def ask(self, command: Command) -> Any:
        """Let a command take effect on the encounter, and let all that follows settle."""
        answer = await self.harness.command(command, self.stream, grant=self.grant)
        await self.harness.settle()
        return answer

    # what came of it

    async def claims(self) -> list[Claim]:
        found: list[Claim] = await self.harness.documents("claim")
        return sorted(found, key=lambda one: (one.rank, one.ordinal, one.kind))

    async def encounter(self) -> Encounter:
        found: list[EncounterFile] = await self.harness.documents("encounter")
        return found[0].encounter

    async def money(self) -> Money:
        rows = await self.harness.query("SELECT debit, credit, amount_cents, service_on, posted_on FROM ledger_entry")
        return money([Entry(**dict(row)) for row in rows])

    async def cash(self) -> dict[str, int]:
        rows = await self.harness.query("SELECT debit, credit, amount_cents FROM cash_entry")
        sums: dict[str, int] = {}
        for row in rows:
            sums[row["debit"]] = sums.get(row["debit"], 0) + row["amount_cents"]
            sums[row["credit"]] = sums.get(row["credit"], 0) - row["amount_cents"]
        return {account: cents for account, cents in sums.items() if cents}

    async def said(self, *names: str) -> list[str]:
        told = await self.harness.said_names(self.encounter_id)
        return [one for one in told if not names or one in names]

    async def last(self, name: str) -> dict[str, Any]:
        return [told for event, told in await self.harness.said() if event == name][-1]

    # what the others say

    async def receive(self, content: bytes) -> InterchangeTaken:
        taken = await intake.receive(content, self.harness.runtime, self.grant)
        await self.harness.settle()
        return taken

    async def replay(self, file_id: UUID) -> InterchangeTaken:
        taken = await intake.replay(file_id, self.harness.runtime, self.grant)
        await self.harness.settle()
        return taken

    def envelope(self) -> Envelope:
        self.files += 1
        return Envelope(
            sender_id="CLEARINGHOUSE",
            receiver_id=TIN,
            control_number=self.files,
            created_at=datetime(2026, 2, 1, 12),  # noqa: DTZ001 - X12 names no zone
            is_test=True,
        )

    async def acknowledge(self, claim: Claim, category: str, status: str = "20", entity: str = "") -> InterchangeTaken:
        """Send the payer's 277CA about a claim."""
        answer = ClaimStatus(
            control_number=claim.patient_control_number,
            statuses=[
                Status(category, status, entity, on=date(2026, 1, 12), action="WQ", amount_cents=claim.charge_cents)
            ],
            payer_control_number=f"ICN{claim.ordinal}",
            served=(claim.service_on, claim.service_on),
        )
        said = ClaimAcknowledgment(
            reference="1",
            created_at=datetime(2026, 1, 12, 12),  # noqa: DTZ001
            sources=[
                SourceLevel(
                    source=Named(entity="PR", last_name="PLAN", id_qualifier="PI", id="PPO01"),
                    receipt="R1",
                    received_on=date(2026, 1, 12),
                    processed_on=date(2026, 1, 12),
                    receivers=[
                        ReceiverLevel(
                            receiver=Named(last_name="PAYEE", id=TIN),
                            trace="1",
                            statuses=[Status("A1", "19", on=date(2026, 1, 12), action="WQ", amount_cents=0)],
                            providers=[
                                ProviderLevel(
                                    provider=Named(last_name="PAYEE", id_qualifier="XX", id=NPI),
                                    patients=[
                                        PatientLevel(
                                            patient=Named(
                                                last_name="DOE", first_name="JANE", id_qualifier="MI", id="M1"
                                            ),
                                            claims=[answer],
                                        )
                                    ],
                                )
                            ],
                        )
                    ],
                )
            ],
        )
        return await self.receive(write(self.envelope(), [said]))

    async def pay(self, *payments: era.ClaimPayment, **more: Any) -> InterchangeTaken:
        """Send an 835 with these claims; it balances unless `paid_cents` says otherwise."""
        return await self.receive(self.advice(*payments, **more))

    def advice(self, *payments: era.ClaimPayment, trace: str = "EFT1", payer: str = "PPO01", **more: Any) -> bytes:
        """Write an 835."""
        plb = more.pop("plb", [])
        taken = sum(one.amount_cents for one in plb)
        paid = more.pop("paid_cents", sum(one.paid_cents for one in payments) - taken)
        advice = era.Remittance(
            handling="I",
            paid_cents=paid,
            method=PaymentMethod.CHECK,
            paid_on=more.pop("paid_on", date(2026, 2, 1)),
            trace_number=trace,
            payer_tax_id="1987654321",
            payer=era.Payer(
                name=f"PLAN {payer}", address="PO BOX 1", city="TROY", state="NY", postal_code="12207", payer_id=payer,
                technical_contact_name="EDI", technical_contact_qualifier="TE", technical_contact_number="5555550100",
            ),
            payee=era.Payee(name="PAYEE", id_qualifier="XX", id=NPI, tax_id=TIN),
            groups=[era.ClaimGroup(claims=list(payments))],
        )  # fmt: skip
        if plb:
            advice.provider_adjustments = plb
        return write(self.envelope(), [advice])

    def payment(self, claim: Claim, *lines: tuple[int, int, str], status: str = "1") -> era.ClaimPayment:
        """Write a claim payment: for each line charge, paid and adjustments (`CO-45 7000, PR-1 5000`), in cents."""
        return era.ClaimPayment(
            control_number=claim.patient_control_number,
            status=Clp(status),
            charge_cents=sum(charge for charge, _, _ in lines),
            paid_cents=sum(paid for _, paid, _ in lines),
            filing_indicator="12",
            payer_control_number=f"ICN{claim.ordinal}",
            patient_last_name="DOE",
            patient_first_name="JANE",
            service_lines=[
                era.ServicePayment(
                    procedure=era.Procedure(claim.lines[n].code),
                    charge_cents=charge,
                    paid_cents=paid,
                    units_paid="1",
                    served_on=claim.service_on,
                    control_number=f"{claim.patient_control_number}{n + 1:03}",
                    adjustments=[_adjustment(part) for part in text.split(",") if part.strip()],
                )
                for n, (charge, paid, text) in enumerate(lines)
            ],
        )

    def professional(self) -> list[Any]:
        """Return the claims of the 837P that was sent last."""
        sent = [batch for content in self.wire.sent for batch in ProfessionalClaims.load(content)]
        return list(sent[-1].claims)

    def institutional(self) -> list[Any]:
        """Return the claims of the 837I that was sent last."""
        sent = [batch for content in self.wire.sent for batch in InstitutionalClaims.load(content)]
        return list(sent[-1].claims)

    async def refuse_syntax(self, control_number: int) -> InterchangeTaken:
        """Send a 999 that refuses one of our groups."""
        said = ImplementationAcknowledgment(
            functional_id="HC",
            group_control_number=str(control_number),
            group_version="005010X222A1",
            responses=[
                SetResponse(set_id="837", control_number="0001", version="005010X222A1", verdict=Verdict.REJECTED)
            ],
            verdict=Verdict.REJECTED,
            included_count=1,
            received_count=1,
            accepted_count=0,
        )
        return await self.receive(write(self.envelope(), [said]))

    def status_answer(self, claim: Claim, category: str, status: str) -> bytes:
        """Write a 277 about a claim."""
        on = date(2026, 1, 20)
        told = x212.ClaimStatus(
            trace=claim.patient_control_number,
            statuses=[Status(category, status, on=on, amount_cents=claim.charge_cents, paid_cents=0)],
            payer_control_number="ICN1",
        )
        provider = x212.ProviderStatus(
            provider=Named(last_name="PAYEE", id_qualifier="XX", id=NPI),
            subscribers=[x212.SubscriberStatus(person=Named(last_name="DOE", first_name="J", id="M1"), claims=[told])],
        )
        receiver = x212.ReceiverStatus(receiver=Named(last_name="PAYEE", id=TIN), providers=[provider])
        payer = x212.PayerStatus(payer=Named(last_name="PLAN", id_qualifier="PI", id="PPO01"), receivers=[receiver])
        said = x212.StatusResponse(
            reference="1",
            created_at=datetime(2026, 1, 20, 12),  # noqa: DTZ001 - X12 names no zone
            payers=[payer],
        )
        return write(self.envelope(), [said])

    def inquiries(self) -> list[Any]:
        """Return the claims asked about in the 276 that was sent last."""
        [batch] = x212.StatusInquiry.load(self.wire.asked[-1])
        return list(batch.claims)


def _adjustment(text: str) -> era.Adjustment:
    code, cents = text.split()
    group, _, carc = code.partition("-")
    return era.Adjustment(AdjustmentGroup(group), carc, int(cents))


def payer_id(code: str) -> UUID:
    """Return the id of a payer."""
    return derived_id("payer", "ORG", code)


def coverage_id(code: str) -> UUID:
    """Return the id of the patient's coverage with a payer."""
    return derived_id("coverage", code)


def identity(payers: tuple[str, ...], member: str = "M1") -> msgspec.Struct:
    """Say who the people are."""
    person = {"family": "DOE", "given": "JANE", "birth_on": "1980-02-03", "sex": "F"}
    return _named(
        "Identity",
        patient=person,
        subscribers=[
            {"coverage_id": coverage_id(code), "person": person, "member_id": f"{member}{code}"} for code in payers
        ],
    )


@pytest.fixture
async def desk(harness: Callable[..., Awaitable[Harness]]) -> Desk:
    """Open the service on a fresh database; the directory has spoken."""
    wire = Wire()
    started: list[Harness] = []
    service = build(wire, lambda: started[0].runtime)
    started.append(await harness(service, package="claims", start=START))
    made = Desk(started[0], wire)
    await made.know()
    return made


@pytest.fixture
def units() -> Callable[[str], Decimal]:
    """Read units."""
    return Decimal
