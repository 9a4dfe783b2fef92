"""What patient billing promises to its readers, and what it needs from those it hears."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_type_hints

import msgspec

from patient_billing import published
from patient_billing.domain.contact import Channel
from patient_billing.domain.dispute import DisputeOutcome
from patient_billing.domain.hold import HoldReason
from patient_billing.domain.ledger import WriteOffClass
from patient_billing.domain.payment import PaymentMethod, PaymentPurpose
from patient_billing.domain.placement import PlacementKind
from patient_billing.events import EVENTS
from patient_billing.testing.office import BillingOffice
from revcycle_kit.events import Published
from revcycle_kit.testing.contracts import ContractTests

SERVICES = Path(__file__).parents[2]
NEEDS = "contracts/consumers/patient_billing"


def need(publisher: str, name: str) -> Path:
    return SERVICES / publisher / NEEDS / f"{name}.json"


def promised(event: type[Published], field: str) -> object:
    """Return what a published field may say."""
    return get_type_hints(event)[field]


class TestContracts(ContractTests):
    """Patient billing keeps what every service keeps."""

    PACKAGE = "patient_billing"
    WORDS = (
        (PaymentMethod, promised(published.PatientPaymentReceived, "method")),
        (PaymentPurpose, promised(published.PatientPaymentReceived, "purpose")),
        (Channel, promised(published.ReminderSent, "channel")),
        (HoldReason, promised(published.AccountHeld, "reason")),
        (DisputeOutcome, promised(published.DisputeResolved, "outcome")),
        (PlacementKind, promised(published.AccountPlacedWithAgency, "kind")),
        (WriteOffClass, promised(published.PatientWrittenOff, "write_off_class")),
    )


def test_each_fact_of_the_domain_has_exactly_the_fields_of_its_event() -> None:
    common = {"account_id", "billing_entity_id"}
    for fact, event in EVENTS.items():
        promised = {field.name for field in msgspec.structs.fields(event)}
        assert set(fact.__struct_fields__) | common == promised, fact.__name__


async def test_the_needs_of_patient_billing_are_enough_to_bill(office: BillingOffice) -> None:
    """The examples in the publishers' trees carry a bill from registration to a statement."""
    hear = office.harness.hear_example
    await hear(need("eligibility", "clinic_updated.v1.chicago"))
    await hear(need("eligibility", "billing_entity_updated.v1.medical_group"))
    await hear(need("eligibility", "encounter_registered.v1.child_with_guarantor"))
    await hear(need("eligibility", "encounter_updated.v1.guarantor_moved"))
    await hear(need("claims", "patient_balance_due.v1.deductible_and_coinsurance"))
    await hear(need("claims", "patient_balance_withdrawn.v1.corrected_decision"))
    await office.harness.advance(datetime(2026, 3, 3, 20, tzinfo=UTC))

    account = await office.see_account()
    assert (26_00, date(2026, 3, 3)) == (account.due_cents, account.dunning.last_statement_on)
    [cover] = office.mail.covers
    assert {"name": "Alex Example", "address": ["12 Oak Street", "Duluth, MN 55803"]} == cover["to"]
    await office.nothing_parked()


async def test_a_cancelled_encounter_and_its_estimate_are_heard(office: BillingOffice) -> None:
    hear = office.harness.hear_example
    await hear(need("eligibility", "encounter_registered.v1.child_with_guarantor"))
    await hear(need("eligibility", "estimate_prepared.v1.good_faith"))
    await hear(need("eligibility", "encounter_cancelled.v1.no_show"))
    await office.harness.settle()

    [encounter] = await office.encounters()
    assert (720_00, True) == (encounter.estimate_cents, encounter.cancelled)
    await office.nothing_parked()


async def test_self_pay_arrives_under_its_cause(office: BillingOffice) -> None:
    hear = office.harness.hear_example
    await hear(need("eligibility", "clinic_updated.v1.chicago"))
    await hear(need("eligibility", "billing_entity_updated.v1.medical_group"))
    await hear(need("eligibility", "encounter_registered.v1.child_with_guarantor"))
    await hear(need("claims", "patient_balance_due.v1.self_pay"))
    await office.harness.settle()

    [balance] = (await office.see_account()).balances
    assert 1_250_00 == balance.self_pay_cents
    await office.nothing_parked()


async def test_the_ledger_of_claims_says_that_insurance_is_open(office: BillingOffice) -> None:
    hear = office.harness.hear_example
    await hear(need("eligibility", "encounter_registered.v1.child_with_guarantor"))
    await hear(need("claims", "ledger_posted.v1.charge"))
    await office.harness.settle()

    [encounter] = await office.encounters()
    assert (250_00, True) == (encounter.insurance_cents, encounter.insurance_open)
    await office.nothing_parked()
