"""Reconciliation: at rest nothing differs; whatever is missing is named, with both sides to the cent."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from analytics.testing.api import Callers
from analytics.testing.days import Days
from analytics.testing.visits import Visit, Visits
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.ids import derived_id

PAYEE = UUID("0199f000-0000-7000-8000-00000000be11")
ORGANIZATION = UUID("0199f000-0000-7000-8000-00000000c0de")
REMITTANCE = derived_id("remittance")
LINE = StreamRef("billing_entity", PAYEE, "remittance", REMITTANCE)


Findings = Callable[[], Awaitable[list[dict[str, Any]]]]


@pytest.fixture
def findings(callers: Callers) -> Findings:
    """Ask for the reconciliation, and return its findings."""

    async def reconcile() -> list[dict[str, Any]]:
        async with callers(roles=["manager"]) as client:
            answer = (await client.get("/v1/reconciliation")).json()
        assert answer["agrees"] == (answer["findings"] == [])
        listed: list[dict[str, Any]] = answer["findings"]
        return listed

    return reconcile


async def charged(visits: Visits, name: str = "one") -> Visit:
    visit = visits(name)
    await visit.register()
    await visit.charge(100_00)
    return visit


async def decided(visits: Visits, name: str = "one") -> Visit:
    visit = await charged(visits, name)
    await visit.submit("a", 100_00)
    await visit.acknowledge("a")
    await visit.decide(
        "a", 60_00, (100_00, {"CO-45 contractual": 30_00, "PR-1 patient": 10_00}), remittance_id=REMITTANCE
    )
    return visit


async def remit(visit: Visit, cents: int, *, applied: int, deposited: int | None) -> None:
    """Say a remittance: its file, its cash entries, and the bank's deposit."""
    payee = StreamRef("organization", ORGANIZATION, "directory", PAYEE)
    await visit.publish("eligibility", "billing_entity_updated", payee, name="Payee", clinic_ids=[str(visit.clinic)])
    ours = {"remittance_id": REMITTANCE, "billing_entity_id": PAYEE}
    arrived = {"payer_id": None, "trace_number": "T1", "claims": 1, "received_at": visit.harness.clock.now()}
    await visit.publish("claims", "remittance_received", LINE, paid_cents=cents, **arrived, **ours)
    day = visit.today.isoformat()
    entries = [
        {"debit": debit, "credit": credit, "amount_cents": amount, "service_on": day, "posted_on": day}
        for debit, credit, amount in (
            ("cash.insurance", "unapplied.insurance", cents),
            ("unapplied.insurance", "payment.insurance", applied),
        )
    ]
    await visit.publish("claims", "cash_posted", LINE, entries=entries, **ours)
    await visit.publish("claims", "remittance_posted", LINE, posted_on=visit.today, **ours)
    if deposited is not None:
        bank = {"deposit_id": REMITTANCE, "amount_cents": deposited, "deposited_on": visit.today}
        await visit.publish("claims", "deposit_matched", LINE, **bank, **ours)


async def test_at_rest_everything_agrees(visits: Visits, findings: Findings) -> None:
    visit = await decided(visits)
    await visit.bill_patient(10_00)
    await visit.patient_pays(10_00)
    await remit(visit, 60_00, applied=60_00, deposited=60_00)

    assert [] == await findings()


async def test_a_transfer_that_patient_billing_never_took_up_is_named(visits: Visits, findings: Findings) -> None:
    visit = await decided(visits)
    await visit.publish(
        "claims",
        "patient_balance_due",
        billing_entity_id=PAYEE,
        guarantor_id=visit.guarantor_id,
        cause="patient_responsibility",
        amount_cents=10_00,
    )
    await visit.ledger(("transfer.patient", "receivable.insurance", 10_00))
    await remit(visit, 60_00, applied=60_00, deposited=60_00)

    [finding] = await findings()
    assert "transfer_not_received" == finding["kind"]
    assert str(visit.encounter_id) == finding["encounter_id"]
    assert (10_00, 0) == (finding["expected_cents"], finding["found_cents"])
    assert finding["fix"]


async def test_charges_announced_and_not_in_the_ledger_are_named(visits: Visits, findings: Findings) -> None:
    visit = await charged(visits)
    await visit.publish("claims", "charges_posted", charged_cents=40_01, posted_on=visit.today, late=True, charges=[])

    [finding] = await findings()
    assert ("charges_not_posted", 140_01, 100_00) == _cents(finding)


async def test_a_decision_whose_payment_is_not_in_the_ledger_is_named(visits: Visits, findings: Findings) -> None:
    visit = await decided(visits)
    await visit.ledger(("payment.insurance", "receivable.insurance", -1))
    await remit(visit, 60_00, applied=60_00, deposited=60_00)

    [finding] = await findings()
    assert ("payment_not_posted", 60_00, 59_99) == _cents(finding)


async def test_money_on_an_account_without_meaning_is_named(visits: Visits, findings: Findings) -> None:
    visit = await charged(visits)
    await visit.ledger(("receivable.insurance", "suspense.unheard_of", 5_00))

    kinds = {finding["kind"] for finding in await findings()}
    assert {"not_conserved", "unknown_account"} == kinds


async def test_a_claim_nobody_acknowledged_is_named_after_five_days(
    visits: Visits, findings: Findings, days: Days
) -> None:
    visit = await charged(visits)
    await visit.submit("a", 100_00)
    assert [] == await findings()

    await days(6)

    [finding] = await findings()
    assert ("acknowledgment_missing", str(visit.claim_id("a"))) == (finding["kind"], finding["subject_id"])
    assert str(visit.encounter_id) == finding["encounter_id"]


async def test_a_claim_the_payer_does_not_have_is_named_until_it_answers(visits: Visits, findings: Findings) -> None:
    visit = await charged(visits)
    await visit.submit("a", 100_00)
    await visit.acknowledge("a")
    await report(visit, "A4")
    assert ["claim_not_found"] == [finding["kind"] for finding in await findings()]

    await report(visit, "P1")

    assert [] == await findings()


async def test_a_claim_the_payer_says_it_paid_is_named_until_it_is_posted(visits: Visits, findings: Findings) -> None:
    visit = await charged(visits)
    await visit.submit("a", 100_00)
    await visit.acknowledge("a")
    await report(visit, "F1")
    assert ["paid_not_posted"] == [finding["kind"] for finding in await findings()]

    await visit.decide("a", 70_00, (100_00, {"CO-45 contractual": 30_00}), remittance_id=REMITTANCE)
    await remit(visit, 70_00, applied=70_00, deposited=70_00)

    assert [] == await findings()


async def test_a_deposit_of_another_amount_is_named(visits: Visits, findings: Findings) -> None:
    visit = await decided(visits)
    await remit(visit, 60_00, applied=60_00, deposited=59_00)

    [finding] = await findings()
    assert ("deposit_differs", 60_00, 59_00) == _cents(finding)


async def test_a_deposit_that_never_came_is_named_after_five_days(
    visits: Visits, findings: Findings, days: Days
) -> None:
    visit = await decided(visits)
    await remit(visit, 60_00, applied=60_00, deposited=None)
    assert [] == await findings()

    await days(6)

    [finding] = await findings()
    assert ("deposit_missing", 60_00, 0) == _cents(finding)


async def test_cash_that_no_encounter_has_is_named(visits: Visits, findings: Findings) -> None:
    visit = await decided(visits)
    await remit(visit, 75_00, applied=75_00, deposited=75_00)

    [finding] = await findings()
    assert ("cash_not_on_encounters", 75_00, 60_00) == _cents(finding)


async def test_a_payees_cash_is_not_compared_where_not_all_its_clinics_are_granted(
    visits: Visits, findings: Findings
) -> None:
    visit = await decided(visits)
    await remit(visit, 75_00, applied=75_00, deposited=75_00)
    payee = StreamRef("organization", ORGANIZATION, "directory", PAYEE)
    both = [str(visit.clinic), str(derived_id("another clinic"))]
    await visit.publish("eligibility", "billing_entity_updated", payee, name="Payee", clinic_ids=both)

    assert [] == await findings()


async def test_a_missing_version_is_held_and_named(visits: Visits, findings: Findings) -> None:
    visit = await charged(visits)
    day = {"posted_on": visit.today.isoformat(), "charged_cents": 0}
    await visit.harness.hear_data("claims", "claims.charges_reversed.v1", day, visit.stream, version=5)

    [finding] = await findings()
    assert ("event_held", "stream") == (finding["kind"], finding["subject"])
    assert "version 3 is missing" in finding["found"]


async def report(visit: Visit, category: str) -> None:
    """Say the payer's answer to a claim status inquiry."""
    now = visit.harness.clock.now() + timedelta(0)
    codes = [{"category": category, "status": "20", "entity": ""}]
    await visit.publish("claims", "claim_status_reported", claim_id=visit.claim_id("a"), codes=codes, reported_at=now)


def _cents(finding: dict[str, Any]) -> tuple[str, int, int]:
    return finding["kind"], finding["expected_cents"], finding["found_cents"]
