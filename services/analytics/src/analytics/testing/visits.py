"""Encounters whose events the other services publish."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from analytics.figures.encounters import Encounter
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.ids import derived_id
from revcycle_kit.testing.harness import Harness

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


class Visit:
    """One encounter, of which eligibility, claims, denials and patient billing publish what happens."""

    def __init__(self, harness: Harness, name: str, *, clinic: UUID = CLINIC, payer: str = "blue") -> None:
        self.harness = harness
        self.clinic = clinic
        self.encounter_id = derived_id("encounter", name)
        self.guarantor_id = derived_id("guarantor", name)
        self.payer_id = derived_id("payer", payer)
        self.stream = StreamRef("clinic", clinic, "encounter", self.encounter_id)
        self.account_id = derived_id("account", str(PAYEE), str(self.guarantor_id))
        self.account = StreamRef("billing_entity", PAYEE, "account", self.account_id)

    def claim_id(self, name: str) -> UUID:
        """Return the id of one of its claims."""
        return derived_id("claim", str(self.encounter_id), name)

    @property
    def today(self) -> date:
        """The day that it is."""
        return self.harness.clock.now().date()

    async def known(self) -> Encounter:
        """Return what analytics knows of the encounter."""
        encounters: list[Encounter] = await self.harness.documents("encounter", self.encounter_id)
        [encounter] = encounters
        return encounter

    async def publish(self, source: str, name: str, stream: StreamRef | None = None, /, **fields: Any) -> None:
        """Publish an event, on the encounter's stream unless another is named."""
        data = {"encounter_id": self.encounter_id, **fields} if stream is None else fields
        plain = {key: _plain(value) for key, value in data.items()}
        await self.harness.hear_data(source, f"{source}.{name}.v1", plain, stream or self.stream)

    async def register(self, service_on: date = DAY, event: str = "encounter_registered") -> None:
        """Register the encounter, or change its registration."""
        await self.publish(
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
        """Charge services."""
        await self.publish("claims", "charges_posted", charged_cents=cents, posted_on=self.today, late=late, charges=[])
        await self.ledger(("receivable.insurance", "revenue.charges", cents))

    async def ledger(self, *entries: tuple[str, str, int], source: str = "claims") -> None:
        """Post double entries: debit, credit, cents."""
        postings = [entry for debit, credit, cents in entries for entry in moved(debit, credit, cents, self.today)]
        await self.publish(source, "ledger_posted", entries=postings)

    async def submit(self, claim: str, cents: int, **changes: Any) -> None:
        """Send a claim."""
        fields: dict[str, Any] = {
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
        await self.publish("claims", "claim_submitted", **(fields | changes))

    async def acknowledge(self, claim: str, *, level: str = "payer", outcome: str = "accepted") -> None:
        """Acknowledge a claim."""
        now = self.harness.clock.now()
        claim_id = self.claim_id(claim)
        await self.publish(
            "claims", "claim_acknowledged", claim_id=claim_id, level=level, outcome=outcome, acknowledged_at=now
        )

    async def reject(self, claim: str) -> None:
        """Reject a claim at the door."""
        claim_id = self.claim_id(claim)
        await self.publish("claims", "claim_rejected", claim_id=claim_id, rejected_at=self.harness.clock.now())

    async def decide(self, claim: str, paid: int, *lines: tuple[int, dict[str, int]], **changes: Any) -> None:
        """Say a decision: lines of (charge, {"CO-45 contractual": cents}); what lowers the balance is posted."""
        decided_lines: list[dict[str, Any]] = [
            {
                "charge_cents": charge,
                "adjustments": [_adjustment(words, cents) for words, cents in adjustments.items()],
            }
            for charge, adjustments in lines
        ]
        fields: dict[str, Any] = {
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
            "lines": decided_lines,
            "rejected_before": False,
            "posted_on": self.today,
        }
        await self.publish("claims", "claim_adjudicated", **(fields | changes))
        lowered = [
            (f"adjustment.{adjustment['meaning']}", "receivable.insurance", adjustment["amount_cents"])
            for line in decided_lines
            for adjustment in line["adjustments"]
            if adjustment["meaning"] in {"contractual", "reduction"}
        ]
        await self.ledger(("payment.insurance", "receivable.insurance", paid), *lowered)

    async def bill_patient(self, cents: int, cause: str = "patient_responsibility") -> None:
        """Move an amount to the patient."""
        await self.publish(
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
        """Take an amount back from the patient."""
        await self.publish("claims", "patient_balance_withdrawn", amount_cents=cents)
        await self.ledger(("transfer.patient", "receivable.insurance", -cents))
        await self.ledger(("receivable.patient", "transfer.insurance", -cents), source="patient_billing")

    async def patient_pays(self, cents: int) -> None:
        """Apply a payment of the patient."""
        await self.publish("patient_billing", "patient_payment_applied", account_id=self.account_id, amount_cents=cents)
        await self.ledger(("unapplied.patient", "receivable.patient", cents), source="patient_billing")

    async def refund(self, cents: int) -> None:
        """Give money back to the guarantor."""
        await self.publish("patient_billing", "refund_issued", account_id=self.account_id, amount_cents=cents)
        await self.ledger(("receivable.patient", "refund.patient", cents), source="patient_billing")

    async def give_up(self, kind: str, lost: int, adjusted: int = 0) -> None:
        """Write an insurance balance off: what would have been paid, and what would have been adjusted anyway."""
        await self.ledger(
            (f"write_off.{kind}", "receivable.insurance", lost),
            ("adjustment.contractual", "receivable.insurance", adjusted),
        )

    async def forgive(self, account: str, cents: int) -> None:
        """Lower what the patient owes, on an account."""
        await self.ledger((account, "receivable.patient", cents), source="patient_billing")


class Visits:
    """Makes encounters by their names: `visits("unbilled")`."""

    def __init__(self, harness: Harness) -> None:
        self._harness = harness

    def __call__(self, name: str, *, clinic: UUID = CLINIC, payer: str = "blue") -> Visit:
        """Return the encounter of that name."""
        return Visit(self._harness, name, clinic=clinic, payer=payer)


def _adjustment(words: str, cents: int) -> dict[str, Any]:
    code, meaning = words.split(" ")
    group, carc = code.split("-")
    return {"group": group, "carc": carc, "amount_cents": cents, "meaning": meaning}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
