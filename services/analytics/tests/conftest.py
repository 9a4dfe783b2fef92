"""Analytics under test, and a teller who says what the other services would say."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from analytics.http import build_app
from analytics.queries.database import ReadOnlyDatabase
from analytics.service import build
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.ids import derived_id

CLINIC = UUID("0199f000-0000-7000-8000-00000000c111")
PAYEE = UUID("0199f000-0000-7000-8000-00000000be11")
ORGANIZATION = UUID("0199f000-0000-7000-8000-00000000c0de")
DAY = date(2026, 1, 5)
"""The harness's first day."""


def moved(debit: str, credit: str, cents: int, on: date) -> list[dict[str, Any]]:
    """Return a double entry as ledgers publish it: positive, the accounts swapped for less than zero."""
    if cents == 0:
        return []
    if cents < 0:
        debit, credit = credit, debit
    day = on.isoformat()
    return [{"debit": debit, "credit": credit, "amount_cents": abs(cents), "service_on": day, "posted_on": day}]


class Teller:
    """Says one encounter's events as eligibility, claims, denials and patient billing say them."""

    def __init__(self, harness: Any, name: str, *, clinic: UUID = CLINIC, payer: str = "blue") -> None:
        self.harness = harness
        self.clinic = clinic
        self.encounter_id = derived_id("encounter", name)
        self.guarantor_id = derived_id("guarantor", name)
        self.payer_id = derived_id("payer", payer)
        self.stream = StreamRef("clinic", clinic, "encounter", self.encounter_id)
        self.account_id = derived_id("account", str(PAYEE), str(self.guarantor_id))
        self.account = StreamRef("billing_entity", PAYEE, "account", self.account_id)

    def claim_id(self, name: str) -> UUID:
        return derived_id("claim", str(self.encounter_id), name)

    @property
    def today(self) -> date:
        today: date = self.harness.clock.now().date()
        return today

    async def tell(self, source: str, name: str, stream: StreamRef | None = None, /, **told: Any) -> None:
        data = {"encounter_id": self.encounter_id, **told} if stream is None else told
        plain = {key: _plain(value) for key, value in data.items()}
        await self.harness._heard(source, f"{source}.{name}.v1", plain, stream or self.stream)

    async def register(self, service_on: date = DAY, event: str = "encounter_registered") -> None:
        await self.tell(
            "eligibility",
            event,
            billing_entity_id=PAYEE,
            rendering_provider_id=None,
            visit_class="outpatient",
            service_on=service_on,
            coverages=[{"payer_id": str(self.payer_id), "rank": 1}],
            identity="sealed",
        )

    async def charge(self, cents: int, *, late: bool = False) -> None:
        await self.tell("claims", "charges_posted", charged_cents=cents, posted_on=self.today, late=late, charges=[])
        await self.ledger(("receivable.insurance", "revenue.charges", cents))

    async def ledger(self, *entries: tuple[str, str, int], source: str = "claims") -> None:
        told = [one for debit, credit, cents in entries for one in moved(debit, credit, cents, self.today)]
        await self.tell(source, "ledger_posted", entries=told)

    async def submit(self, claim: str, cents: int, **changes: Any) -> None:
        told: dict[str, Any] = {
            "claim_id": self.claim_id(claim),
            "payer_id": self.payer_id,
            "provider_id": None,
            "rank": 1,
            "frequency": "1",
            "charge_cents": cents,
            "replaces_claim_id": None,
            "touched": False,
            "first_edited_on": self.today,
            "submitted_at": self.harness.clock.now(),
        }
        await self.tell("claims", "claim_submitted", **(told | changes))

    async def acknowledge(self, claim: str, *, level: str = "payer", outcome: str = "accepted") -> None:
        now = self.harness.clock.now()
        claim_id = self.claim_id(claim)
        await self.tell(
            "claims", "claim_acknowledged", claim_id=claim_id, level=level, outcome=outcome, acknowledged_at=now
        )

    async def reject(self, claim: str) -> None:
        claim_id = self.claim_id(claim)
        await self.tell("claims", "claim_rejected", claim_id=claim_id, rejected_at=self.harness.clock.now())

    async def decide(self, claim: str, paid: int, *lines: tuple[int, dict[str, int]], **changes: Any) -> None:
        """Say a decision: lines of (charge, {"CO-45 contractual": cents}); what lowers the balance is posted."""
        told_lines: list[dict[str, Any]] = [
            {
                "charge_cents": charge,
                "adjustments": [_adjustment(words, cents) for words, cents in adjustments.items()],
            }
            for charge, adjustments in lines
        ]
        told: dict[str, Any] = {
            "claim_id": self.claim_id(claim),
            "reversal": False,
            "payer_id": self.payer_id,
            "provider_id": None,
            "rank": 1,
            "frequency": "1",
            "status_code": "1",
            "outcome": "paid",
            "charge_cents": sum(charge for charge, _ in lines),
            "paid_cents": paid,
            "lines": told_lines,
            "rejected_before": False,
            "posted_on": self.today,
        }
        await self.tell("claims", "claim_adjudicated", **(told | changes))
        lowered = [
            (f"adjustment.{one['meaning']}", "receivable.insurance", one["amount_cents"])
            for line in told_lines
            for one in line["adjustments"]
            if one["meaning"] in {"contractual", "reduction"}
        ]
        await self.ledger(("payment.insurance", "receivable.insurance", paid), *lowered)

    async def bill_patient(self, cents: int, cause: str = "patient_responsibility") -> None:
        await self.tell(
            "claims",
            "patient_balance_due",
            billing_entity_id=PAYEE,
            guarantor_id=self.guarantor_id,
            cause=cause,
            amount_cents=cents,
            lines=[],
        )
        await self.ledger(("transfer.patient", "receivable.insurance", cents))
        await self.ledger(("receivable.patient", "transfer.insurance", cents), source="patient_billing")

    async def withdraw(self, cents: int) -> None:
        await self.tell("claims", "patient_balance_withdrawn", amount_cents=cents)
        await self.ledger(("transfer.patient", "receivable.insurance", -cents))
        await self.ledger(("receivable.patient", "transfer.insurance", -cents), source="patient_billing")

    async def patient_pays(self, cents: int) -> None:
        await self.tell("patient_billing", "patient_payment_applied", account_id=self.account_id, amount_cents=cents)
        await self.ledger(("unapplied.patient", "receivable.patient", cents), source="patient_billing")

    async def refund(self, cents: int) -> None:
        await self.tell("patient_billing", "refund_issued", account_id=self.account_id, amount_cents=cents)
        await self.ledger(("receivable.patient", "refund.patient", cents), source="patient_billing")

    async def give_up(self, kind: str, lost: int, adjusted: int = 0) -> None:
        """Write an insurance balance off: what would have been paid, and what would have been adjusted anyway."""
        await self.ledger(
            (f"write_off.{kind}", "receivable.insurance", lost),
            ("adjustment.contractual", "receivable.insurance", adjusted),
        )

    async def forgive(self, account: str, cents: int) -> None:
        await self.ledger((account, "receivable.patient", cents), source="patient_billing")


def _adjustment(words: str, cents: int) -> dict[str, Any]:
    code, meaning = words.split(" ")
    group, carc = code.split("-")
    return {"group": group, "carc": carc, "amount_cents": cents, "meaning": meaning}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


@pytest.fixture
async def analytics(harness: Any) -> Any:
    running: list[Any] = []
    under_test = await harness(build(ReadOnlyDatabase.over(lambda: running[0])), package="analytics")
    running.append(under_test.runtime)
    return under_test


@pytest.fixture
def teller(analytics: Any) -> Any:
    """Give a teller for an encounter by its name."""

    def told_by(name: str, **more: Any) -> Teller:
        return Teller(analytics, name, **more)

    return told_by


@pytest.fixture
def days(analytics: Any) -> Any:
    """Let days pass."""

    async def pass_by(count: int) -> None:
        await analytics.advance(analytics.clock.now() + timedelta(days=count))

    return pass_by


@pytest.fixture
def caller(analytics: Any, tmp_path: Any) -> Any:
    """Give a client with a grant: by default of our clinic, payee and organization, as a biller."""
    issuer = LocalIssuer(tmp_path / "token.key", clock=analytics.clock)
    app = build_app(analytics.runtime, issuer)

    def with_grant(**grant: Any) -> httpx.AsyncClient:
        ours: dict[str, Any] = {
            "roles": ["biller"],
            "organization_id": ORGANIZATION,
            "clinics": [CLINIC],
            "billing_entities": [PAYEE],
        }
        headers = {"Authorization": f"Bearer {issuer.issue('ada', **(ours | grant))}"}
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)

    return with_grant
