"""Claims under test on real PostgreSQL: an encounter is registered, and a scripted clearinghouse takes what is sent."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec

from claims.domain.claims import Claim
from claims.domain.encounters import Encounter
from claims.domain.ledger import Entry, Money, money
from claims.domain.pricing import Price, Rate
from claims.domain.remittance import Remittance, SetAside
from claims.intake import receiver
from claims.messages import InterchangeTaken, LoadPrices
from claims.storage import EncounterFile, Interchange
from claims.testing.payer_files import PayerFiles
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents
from revcycle_kit.partners.kinds import Partner, PartnerKind
from revcycle_kit.testing.harness import Harness
from revcycle_x12 import claim_status as x212
from revcycle_x12 import remittance as era
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
class ScriptedClearinghouse(Partner):
    """The scripted clearinghouse: keeps what it was given."""

    sent: list[bytes] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)
    answer: bytes = b""
    kind: PartnerKind = PartnerKind.DEDUPLICATES
    trouble: Exception | None = None
    """What goes wrong when a file is handed over, where anything does."""

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        del name, key
        if self.trouble is not None:
            raise self.trouble
        self.sent.append(interchange)

    async def ask(self, interchange: bytes, key: str) -> bytes:
        del key
        self.asked.append(interchange)
        return self.answer


@dataclass(slots=True)
class BillingOffice:
    """The service with its directory known, and short words for what tests do."""

    harness: Harness
    clearinghouse: ScriptedClearinghouse
    payer_files: PayerFiles
    payers: tuple[str, ...] = ("PPO01",)
    visit: str = "V1"

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

    def identity(self, member: str = "M1", **patient: Any) -> msgspec.Struct:
        """Say who the people are, under this member number."""
        return identity(self.payers, member, **patient)

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
            Rate(payer_id=payer_id("PPO01"), code=code, unit_cents=Cents(allowed), effective_on=since),
        )  # fmt: skip
        await self.harness.command(
            LoadPrices(
                billing_entity_id=PAYEE,
                prices=(Price(code=code, unit_cents=Cents(cents), effective_on=since),),
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
        claims: list[Claim] = await self.harness.documents("claim")
        return sorted(claims, key=lambda claim: (claim.rank, claim.ordinal, claim.kind))

    async def encounter(self) -> Encounter:
        files: list[EncounterFile] = await self.harness.documents("encounter")
        return files[0].encounter

    async def remittances(self) -> list[Remittance]:
        return await self.harness.documents("remittance")

    async def set_aside(self) -> list[SetAside]:
        return await self.harness.documents("set_aside")

    async def interchanges(self) -> list[Interchange]:
        return await self.harness.documents("interchange")

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
        return [name for name in told if not names or name in names]

    async def last(self, name: str) -> dict[str, Any]:
        return [data for event, data in await self.harness.said() if event == name][-1]

    # what the others say

    async def acknowledge(self, claim: Claim, category: str, status: str = "20", entity: str = "") -> InterchangeTaken:
        """Let the payer's 277CA about a claim arrive."""
        return await self.receive(self.payer_files.acknowledgment(claim, category, status, entity))

    async def pay(self, *payments: era.ClaimPayment, **more: Any) -> InterchangeTaken:
        """Let an 835 with these claims arrive; it balances unless `paid_cents` says otherwise."""
        return await self.receive(self.payer_files.advice(*payments, **more))

    def payment(self, claim: Claim, *lines: tuple[int, int, str], status: str = "1") -> era.ClaimPayment:
        """Write a claim payment: for each line charge, paid and adjustments, in cents."""
        return self.payer_files.payment(claim, *lines, status=status)

    async def receive(self, content: bytes) -> InterchangeTaken:
        taken = await receiver.receive(content, self.harness.runtime, self.grant)
        await self.harness.settle()
        return taken

    async def replay(self, file_id: UUID) -> InterchangeTaken:
        taken = await receiver.replay(file_id, self.harness.runtime, self.grant)
        await self.harness.settle()
        return taken

    def professional(self) -> list[Any]:
        """Return the claims of the 837P that was sent last."""
        sent = [batch for content in self.clearinghouse.sent for batch in ProfessionalClaims.load(content)]
        return list(sent[-1].claims)

    def institutional(self) -> list[Any]:
        """Return the claims of the 837I that was sent last."""
        sent = [batch for content in self.clearinghouse.sent for batch in InstitutionalClaims.load(content)]
        return list(sent[-1].claims)

    def inquiries(self) -> list[Any]:
        """Return the claims asked about in the 276 that was sent last."""
        [batch] = x212.StatusInquiry.load(self.clearinghouse.asked[-1])
        return list(batch.claims)


def payer_id(code: str) -> UUID:
    """Return the id of a payer."""
    return derived_id("payer", "ORG", code)


def coverage_id(code: str) -> UUID:
    """Return the id of the patient's coverage with a payer."""
    return derived_id("coverage", code)


def identity(payers: tuple[str, ...], member: str = "M1", **patient: Any) -> msgspec.Struct:
    """Say who the people are."""
    person = {"family": "DOE", "given": "JANE", "birth_on": "1980-02-03", "sex": "F"}
    return _named(
        "Identity",
        patient=person | patient,
        subscribers=[
            {"coverage_id": coverage_id(code), "person": person, "member_id": f"{member}{code}"} for code in payers
        ],
    )
