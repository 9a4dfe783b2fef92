"""Reconciliation: at rest nothing differs; whatever is missing is named, with both sides to the cent."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.ids import derived_id

PAYEE = UUID("0199f000-0000-7000-8000-00000000be11")
ORGANIZATION = UUID("0199f000-0000-7000-8000-00000000c0de")
REMITTANCE = derived_id("remittance")
LINE = StreamRef("billing_entity", PAYEE, "remittance", REMITTANCE)


@pytest.fixture
def findings(caller: Any) -> Any:
    """Ask for the reconciliation, and return its findings."""

    async def asked() -> list[dict[str, Any]]:
        async with caller(roles=["manager"]) as client:
            answer = (await client.get("/v1/reconciliation")).json()
        assert answer["agrees"] == (answer["findings"] == [])
        found: list[dict[str, Any]] = answer["findings"]
        return found

    return asked


async def charged(teller: Any, name: str = "one") -> Any:
    told = teller(name)
    await told.register()
    await told.charge(100_00)
    return told


async def decided(teller: Any, name: str = "one") -> Any:
    told = await charged(teller, name)
    await told.submit("a", 100_00)
    await told.acknowledge("a")
    await told.decide(
        "a", 60_00, (100_00, {"CO-45 contractual": 30_00, "PR-1 patient": 10_00}), remittance_id=REMITTANCE
    )
    return told


async def remit(told: Any, cents: int, *, applied: int, deposited: int | None) -> None:
    """Say a remittance: its file, its cash entries, and the bank's deposit."""
    payee = StreamRef("organization", ORGANIZATION, "directory", PAYEE)
    await told.tell("eligibility", "billing_entity_updated", payee, name="Payee", clinic_ids=[str(told.clinic)])
    ours = {"remittance_id": REMITTANCE, "billing_entity_id": PAYEE}
    arrived = {"payer_id": None, "trace_number": "T1", "claims": 1, "received_at": told.harness.clock.now()}
    await told.tell("claims", "remittance_received", LINE, paid_cents=cents, **arrived, **ours)
    day = told.today.isoformat()
    entries = [
        {"debit": debit, "credit": credit, "amount_cents": amount, "service_on": day, "posted_on": day}
        for debit, credit, amount in (
            ("cash.insurance", "unapplied.insurance", cents),
            ("unapplied.insurance", "payment.insurance", applied),
        )
    ]
    await told.tell("claims", "cash_posted", LINE, entries=entries, **ours)
    await told.tell("claims", "remittance_posted", LINE, posted_on=told.today, **ours)
    if deposited is not None:
        bank = {"deposit_id": REMITTANCE, "amount_cents": deposited, "deposited_on": told.today}
        await told.tell("claims", "deposit_matched", LINE, **bank, **ours)


async def test_at_rest_everything_agrees(teller: Any, findings: Any) -> None:
    told = await decided(teller)
    await told.bill_patient(10_00)
    await told.patient_pays(10_00)
    await remit(told, 60_00, applied=60_00, deposited=60_00)

    assert [] == await findings()


async def test_a_transfer_that_patient_billing_never_took_up_is_named(teller: Any, findings: Any) -> None:
    told = await decided(teller)
    await told.tell(
        "claims",
        "patient_balance_due",
        billing_entity_id=PAYEE,
        guarantor_id=told.guarantor_id,
        cause="patient_responsibility",
        amount_cents=10_00,
    )
    await told.ledger(("transfer.patient", "receivable.insurance", 10_00))
    await remit(told, 60_00, applied=60_00, deposited=60_00)

    [finding] = await findings()
    assert "transfer_not_received" == finding["kind"]
    assert str(told.encounter_id) == finding["encounter_id"]
    assert (10_00, 0) == (finding["expected_cents"], finding["found_cents"])
    assert finding["fix"]


async def test_charges_announced_and_not_in_the_ledger_are_named(teller: Any, findings: Any) -> None:
    told = await charged(teller)
    await told.tell("claims", "charges_posted", charged_cents=40_01, posted_on=told.today, late=True, charges=[])

    [finding] = await findings()
    assert ("charges_not_posted", 140_01, 100_00) == _cents(finding)


async def test_a_decision_whose_payment_is_not_in_the_ledger_is_named(teller: Any, findings: Any) -> None:
    told = await decided(teller)
    await told.ledger(("payment.insurance", "receivable.insurance", -1))
    await remit(told, 60_00, applied=60_00, deposited=60_00)

    [finding] = await findings()
    assert ("payment_not_posted", 60_00, 59_99) == _cents(finding)


async def test_money_on_an_account_without_meaning_is_named(teller: Any, findings: Any) -> None:
    told = await charged(teller)
    await told.ledger(("receivable.insurance", "suspense.unheard_of", 5_00))

    kinds = {finding["kind"] for finding in await findings()}
    assert {"not_conserved", "unknown_account"} == kinds


async def test_a_claim_nobody_acknowledged_is_named_after_five_days(teller: Any, findings: Any, days: Any) -> None:
    told = await charged(teller)
    await told.submit("a", 100_00)
    assert [] == await findings()

    await days(6)

    [finding] = await findings()
    assert ("acknowledgment_missing", str(told.claim_id("a"))) == (finding["kind"], finding["subject_id"])
    assert str(told.encounter_id) == finding["encounter_id"]


async def test_a_claim_the_payer_does_not_have_is_named_until_it_answers(teller: Any, findings: Any) -> None:
    told = await charged(teller)
    await told.submit("a", 100_00)
    await told.acknowledge("a")
    await report(told, "A4")
    assert ["claim_not_found"] == [finding["kind"] for finding in await findings()]

    await report(told, "P1")

    assert [] == await findings()


async def test_a_claim_the_payer_says_it_paid_is_named_until_it_is_posted(teller: Any, findings: Any) -> None:
    told = await charged(teller)
    await told.submit("a", 100_00)
    await told.acknowledge("a")
    await report(told, "F1")
    assert ["paid_not_posted"] == [finding["kind"] for finding in await findings()]

    await told.decide("a", 70_00, (100_00, {"CO-45 contractual": 30_00}), remittance_id=REMITTANCE)
    await remit(told, 70_00, applied=70_00, deposited=70_00)

    assert [] == await findings()


async def test_a_deposit_of_another_amount_is_named(teller: Any, findings: Any) -> None:
    told = await decided(teller)
    await remit(told, 60_00, applied=60_00, deposited=59_00)

    [finding] = await findings()
    assert ("deposit_differs", 60_00, 59_00) == _cents(finding)


async def test_a_deposit_that_never_came_is_named_after_five_days(teller: Any, findings: Any, days: Any) -> None:
    told = await decided(teller)
    await remit(told, 60_00, applied=60_00, deposited=None)
    assert [] == await findings()

    await days(6)

    [finding] = await findings()
    assert ("deposit_missing", 60_00, 0) == _cents(finding)


async def test_cash_that_no_encounter_has_is_named(teller: Any, findings: Any) -> None:
    told = await decided(teller)
    await remit(told, 75_00, applied=75_00, deposited=75_00)

    [finding] = await findings()
    assert ("cash_not_on_encounters", 75_00, 60_00) == _cents(finding)


async def test_a_payees_cash_is_not_compared_where_not_all_its_clinics_are_granted(teller: Any, findings: Any) -> None:
    told = await decided(teller)
    await remit(told, 75_00, applied=75_00, deposited=75_00)
    payee = StreamRef("organization", ORGANIZATION, "directory", PAYEE)
    both = [str(told.clinic), str(derived_id("another clinic"))]
    await told.tell("eligibility", "billing_entity_updated", payee, name="Payee", clinic_ids=both)

    assert [] == await findings()


async def test_a_missing_version_is_held_and_named(teller: Any, findings: Any) -> None:
    told = await charged(teller)
    day = {"posted_on": told.today.isoformat(), "charged_cents": 0}
    await told.harness._heard("claims", "claims.charges_reversed.v1", day, told.stream, version=5)

    [finding] = await findings()
    assert ("event_held", "stream") == (finding["kind"], finding["subject"])
    assert "version 3 is missing" in finding["found"]


async def report(told: Any, category: str) -> None:
    """Say the payer's answer to a claim status inquiry."""
    now = told.harness.clock.now() + timedelta(0)
    codes = [{"category": category, "status": "20", "entity": ""}]
    await told.tell("claims", "claim_status_reported", claim_id=told.claim_id("a"), codes=codes, reported_at=now)


def _cents(finding: dict[str, Any]) -> tuple[str, int, int]:
    return finding["kind"], finding["expected_cents"], finding["found_cents"]
