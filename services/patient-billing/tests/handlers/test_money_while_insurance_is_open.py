"""Patient billing hears from claims' ledger whether insurance is open, and gives nothing back while it is."""

from datetime import date
from uuid import UUID

from patient_billing.domain.payment import PaymentMethod, PaymentPurpose
from patient_billing.messages import EncounterRef
from patient_billing.testing.office import BillingOffice


async def copay(office: BillingOffice, cents: int) -> None:
    """Take a copay at the desk for the first encounter."""
    here = EncounterRef(
        encounter_id=UUID(int=101),
        clinic_id=office.clinic_id,
        guarantor_id=office.guarantor_id,
        service_on=date(2026, 2, 20),
    )
    await office.pay(cents, PaymentMethod.CARD, PaymentPurpose.COPAY, here)


async def test_a_copay_is_kept_until_the_insurers_have_decided_and_its_excess_then_goes_back(
    office: BillingOffice,
) -> None:
    await office.register(1)
    await copay(office, 30_00)
    await office.insure(1, 250_00)
    await office.until(2026, 9, 1)
    assert [] == await office.ledger(1)
    assert 30_00 == (await office.see_account()).unapplied_cents

    await office.insure(1, -250_00)
    await office.owe(1, 20_00)
    assert [10_00] == [(await office.see_account()).unapplied_cents]
    await office.until(2026, 9, 20)

    assert ("receivable.patient", "refund.patient", 10_00) in await office.ledger(1)
    await office.nothing_parked()


async def test_a_copay_taken_when_insurance_is_open_already_is_kept_too(office: BillingOffice) -> None:
    await office.register(1)
    await office.insure(1, 250_00)
    await copay(office, 30_00)
    assert (await office.see_account()).balances[0].insurance_open
    await office.until(2026, 9, 1)
    assert 30_00 == (await office.see_account()).unapplied_cents


async def test_a_credit_is_not_refunded_while_a_reversed_claim_is_open(office: BillingOffice) -> None:
    await office.register(1)
    await office.owe(1, 80_00)
    await office.pay(80_00)
    await office.insure(1, 200_00)
    await office.withdraw(1, 50_00)
    await office.until(2026, 5, 1)
    assert [] == [entry for entry in await office.ledger(1) if "refund.patient" in entry]

    await office.insure(1, -200_00)
    await office.until(2026, 5, 20)
    assert ("receivable.patient", "refund.patient", 50_00) in await office.ledger(1)
    await office.nothing_parked()


async def test_an_encounter_without_patient_money_tells_no_account(office: BillingOffice) -> None:
    await office.register(1)
    await office.insure(1, 250_00)
    await office.insure(1, -250_00)

    encounter = await office.see_encounter(1)
    assert (0, ()) == (encounter.insurance_cents, encounter.watchers)
    assert [] == await office.harness.documents("account")
    await office.nothing_parked()
