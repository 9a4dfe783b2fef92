"""From what claims moved to the patient to a settled account."""

from datetime import date
from uuid import UUID

from patient_billing.domain.payment import PaymentMethod, PaymentPurpose
from patient_billing.testing.office import BillingOffice


async def test_a_balance_is_billed_next_morning_paid_and_settled(office: BillingOffice) -> None:
    """J1: 76.00 is transferred, billed once, paid, and the ledger of the encounter comes to rest."""
    await office.register(1)
    await office.owe(1, 76_00)

    assert [("receivable.patient", "transfer.insurance", 76_00)] == await office.ledger(1)
    assert 76_00 == (await office.see_account()).due_cents

    await office.until(2026, 3, 3)
    [cover] = office.mail.covers
    assert ("statement", 76_00, 1, "2026-03-03") == (
        cover["document"],
        cover["balance_cents"],
        cover["number"],
        cover["issued_on"],
    )
    assert "Alex Example" == cover["to"]["name"]

    answer = await office.pay(76_00)

    assert (0, True) == (answer.due_cents, answer.settled)
    encounter = await office.see_encounter(1)
    assert (76_00, 76_00, 0) == (
        encounter.position.transferred_cents,
        encounter.position.paid_cents,
        encounter.open_cents,
    )
    assert ["ledger_posted", "patient_payment_applied", "ledger_posted"] == await office.harness.said_names(
        UUID(int=101)
    )
    assert [
        "statement_issued",
        "patient_payment_received",
        "account_settled",
    ] == await office.harness.said_names(office.account_id)

    await office.until(2026, 9, 1)
    assert 1 == len(office.mail.letters)
    await office.nothing_parked()


async def test_hearing_the_same_balance_twice_changes_nothing(office: BillingOffice) -> None:
    await office.register(1)
    await office.owe(1, 76_00)
    await office.harness.hear_again()
    await office.harness.settle()

    assert 76_00 == (await office.see_account()).due_cents
    assert 1 == len(await office.ledger(1))


async def test_a_copay_taken_at_service_meets_its_balance_and_no_statement_is_sent(office: BillingOffice) -> None:
    """J2: the copay waits unapplied until the insurer has decided."""
    from patient_billing.messages import EncounterRef  # noqa: PLC0415 - used by this claim alone

    await office.register(2)
    home = EncounterRef(
        encounter_id=UUID(int=102),
        clinic_id=office.clinic_id,
        guarantor_id=office.guarantor_id,
        service_on=date(2026, 2, 20),
    )
    taken = await office.pay(30_00, PaymentMethod.CASH, PaymentPurpose.COPAY, home)
    assert (30_00, False) == (taken.unapplied_cents, taken.settled)

    await office.owe(2, 30_00)
    await office.until(2026, 8, 1)

    assert (await office.see_account()).settled
    assert 0 == (await office.see_encounter(2)).open_cents
    assert [] == office.mail.covers
    assert [
        ("receivable.patient", "transfer.insurance", 30_00),
        ("unapplied.patient", "receivable.patient", 30_00),
    ] == await office.ledger(2)
    await office.nothing_parked()


async def test_what_the_payer_pays_after_all_is_refunded_to_the_patient(office: BillingOffice) -> None:
    """J8: 150.00 paid, 120.00 withdrawn: a credit of 120.00 that rests and is refunded."""
    await office.register(8)
    await office.owe(8, 150_00)
    await office.pay(150_00, PaymentMethod.CHECK)
    await office.withdraw(8, 120_00)

    assert -120_00 == (await office.see_encounter(8)).open_cents
    assert 120_00 == (await office.see_account()).credit_cents

    await office.until(2026, 4, 1)

    said = await office.harness.said(UUID(int=108))
    [refund] = [told for name, told in said if name == "refund_issued"]
    assert 120_00 == refund["amount_cents"]
    assert ("receivable.patient", "refund.patient", 120_00) in await office.ledger(8)
    assert 0 == (await office.see_encounter(8)).open_cents
    await office.nothing_parked()


async def test_a_balance_that_comes_before_its_encounter_waits_for_it(office: BillingOffice) -> None:
    await office.owe(3, 20_00)
    assert 1 == len(await office.harness.waiting())

    await office.register(3)
    await office.harness.settle()

    assert 20_00 == (await office.see_account()).due_cents
    await office.nothing_parked()


async def test_names_rest_sealed_and_never_travel(office: BillingOffice) -> None:
    """The guarantor's name stands in no table and in no event; only the letter has it."""
    await office.register(1, email="alex@example.org")
    await office.owe(1, 76_00)
    await office.until(2026, 4, 20)

    tables = ["encounter", "account", "statement", "task", "outbox", "delivery", "held"]
    for table in tables:
        rows = await office.harness.query(f'SELECT t::text AS row FROM "{table}" t')  # noqa: S608 - our own names
        assert not [row["row"] for row in rows if "Example" in row["row"] or "alex@" in row["row"]], table
    bodies = await office.harness.query("SELECT convert_from(body, 'UTF8') AS body FROM task WHERE body IS NOT NULL")
    assert not [row["body"] for row in bodies if "Example" in row["body"]]
    assert {"Alex Example"} == {cover["to"]["name"] for cover in office.mail.covers}
