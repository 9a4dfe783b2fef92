"""Patient billing on a real PostgreSQL, and what happens to it, in the words of a biller."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from patient_billing import consumed
from patient_billing.domain.account import PatientAccount
from patient_billing.domain.encounter import BilledEncounter
from patient_billing.domain.payment import PaymentMethod, PaymentPurpose
from patient_billing.messages import (
    AccountState,
    EncounterRef,
    TakePayment,
    account_id_of,
    account_stream,
    encounter_stream,
)
from patient_billing.testing.mail import ScriptedMail
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents
from revcycle_kit.testing.harness import Harness

ORGANIZATION = UUID(int=1)
CLINIC = UUID(int=2)
ENTITY = UUID(int=3)
GUARANTOR = UUID(int=4)
START = datetime(2026, 3, 2, 15, tzinfo=UTC)


class BillingOffice:
    """Patient billing, and what happens to it, in the words of a biller."""

    organization_id, clinic_id, entity_id, guarantor_id = ORGANIZATION, CLINIC, ENTITY, GUARANTOR
    account_id = account_id_of(ENTITY, GUARANTOR)
    account = account_stream(ENTITY, account_id_of(ENTITY, GUARANTOR))

    def __init__(self, harness: Harness, mail: ScriptedMail) -> None:
        self.harness = harness
        self.mail = mail

    @staticmethod
    def encounter(number: int) -> StreamRef:
        """Return the stream of an encounter."""
        return encounter_stream(CLINIC, UUID(int=100 + number))

    async def know_directory(self) -> None:
        """Hear of the clinic and of the billing entity."""
        clinic = consumed.ClinicUpdated(clinic_id=CLINIC, name="Lakeside Clinic", time_zone="America/Chicago")
        await self.harness.hear("eligibility", clinic, StreamRef("organization", ORGANIZATION, "directory", CLINIC))
        entity = consumed.BillingEntityUpdated(
            billing_entity_id=ENTITY,
            name="Lakeside Medical Group",
            address=consumed.Address(line1="1 Shore Road", city="Duluth", state="MN", postal_code="55802"),
            contact_phone="218-555-0100",
        )
        await self.harness.hear("eligibility", entity, StreamRef("organization", ORGANIZATION, "directory", ENTITY))

    async def register(self, number: int, *, email: str = "", service_on: date = date(2026, 2, 20)) -> None:
        """Hear that an encounter was registered."""
        home = consumed.Address(line1="9 Elm Street", city="Duluth", state="MN", postal_code="55803")
        identity = consumed.EncounterIdentity(
            patient=consumed.Person(family="Example", given="Robin", address=home),
            guarantor=consumed.Person(family="Example", given="Alex", address=home, email=email),
        )
        event = consumed.EncounterRegistered(
            encounter_id=UUID(int=100 + number),
            billing_entity_id=ENTITY,
            guarantor_id=GUARANTOR,
            patient_id=UUID(int=5),
            service_on=service_on,
        )
        await self.harness.hear("eligibility", event, self.encounter(number), identity=identity)

    async def estimate(self, number: int, cents: int) -> None:
        """Hear of a good-faith estimate."""
        event = consumed.EstimatePrepared(
            encounter_id=UUID(int=100 + number), kind="good_faith", patient_cents=Cents(cents)
        )
        await self.harness.hear("eligibility", event, self.encounter(number))

    async def cancel(self, number: int) -> None:
        """Hear that an encounter will not take place."""
        event = consumed.EncounterCancelled(encounter_id=UUID(int=100 + number))
        await self.harness.hear("eligibility", event, self.encounter(number))
        await self.harness.settle()

    async def owe(
        self, number: int, cents: int, *, cause: str = "patient_responsibility", posted_on: date | None = None
    ) -> None:
        """Hear that claims moved money to the patient."""
        line = consumed.BalanceLine(
            line_number=1,
            code="99213",
            service_on=date(2026, 2, 20),
            charge_cents=Cents(cents + 174_00),
            insurance_paid_cents=Cents(104_00),
            adjusted_cents=Cents(70_00),
            coinsurance_cents=Cents(cents),
        )
        due = consumed.PatientBalanceDue(
            encounter_id=UUID(int=100 + number),
            billing_entity_id=ENTITY,
            guarantor_id=GUARANTOR,
            transfer_id=derived_id("transfer", str(number), str(cents)),
            cause=cause,
            amount_cents=Cents(cents),
            lines=(line,),
            posted_on=posted_on or self.harness.clock.now().date(),
        )
        await self.harness.hear("claims", due, self.encounter(number))
        await self.harness.settle()

    async def insure(self, number: int, cents: int) -> None:
        """Hear that claims posted what payers owe; below zero, what they no longer owe."""
        accounts = ("receivable.insurance", "revenue.charges")
        debit, credit = accounts if cents > 0 else accounts[::-1]
        entry = consumed.LedgerEntry(debit=debit, credit=credit, amount_cents=Cents(abs(cents)))
        posted = consumed.LedgerPosted(encounter_id=UUID(int=100 + number), entries=(entry,))
        await self.harness.hear("claims", posted, self.encounter(number))
        await self.harness.settle()

    async def withdraw(self, number: int, cents: int) -> None:
        """Hear that claims took money back from the patient."""
        withdrawn = consumed.PatientBalanceWithdrawn(
            encounter_id=UUID(int=100 + number),
            transfer_id=derived_id("transfer", str(number), str(cents)),
            amount_cents=Cents(cents),
            posted_on=self.harness.clock.now().date(),
        )
        await self.harness.hear("claims", withdrawn, self.encounter(number))
        await self.harness.settle()

    async def ask(self, command: Command, stream: StreamRef | None = None) -> Any:
        """Ask for something, on the account unless said otherwise, and let it settle."""
        answer = await self.harness.command(command, stream or self.account)
        await self.harness.settle()
        return answer

    async def pay(
        self,
        cents: int,
        method: PaymentMethod = PaymentMethod.CARD,
        purpose: PaymentPurpose = PaymentPurpose.BALANCE,
        encounter: EncounterRef | None = None,
    ) -> AccountState:
        """Take a payment on the account, and let it settle."""
        command = TakePayment(amount_cents=Cents(cents), method=method, purpose=purpose, encounter=encounter)
        state: AccountState = await self.ask(command)
        return state

    async def until(self, year: int, month: int, day: int) -> None:
        """Let time pass until the evening of a day."""
        await self.harness.advance(datetime(year, month, day, 23, tzinfo=UTC))

    async def see_account(self) -> PatientAccount:
        """Return the account as it is kept."""
        accounts: list[PatientAccount] = await self.harness.documents("account")
        return accounts[0]

    async def encounters(self) -> list[BilledEncounter]:
        """Return every encounter as it is kept."""
        kept: list[BilledEncounter] = await self.harness.documents("encounter")
        return kept

    async def see_encounter(self, number: int) -> BilledEncounter:
        """Return an encounter as it is kept."""
        encounters: list[BilledEncounter] = await self.harness.documents("encounter", UUID(int=100 + number))
        return encounters[0]

    async def ledger(self, number: int) -> list[tuple[str, str, int]]:
        """Return the entries of an encounter: debit, credit, cents."""
        rows = await self.harness.query(
            "SELECT debit, credit, amount_cents FROM ledger_entry WHERE stream_id = $1 ORDER BY posted_on, id",
            UUID(int=100 + number),
        )
        return sorted((row["debit"], row["credit"], row["amount_cents"]) for row in rows)

    async def nothing_parked(self) -> None:
        """Assert that every message took effect."""
        assert [] == await self.harness.parked()
        assert [] == await self.harness.waiting()
