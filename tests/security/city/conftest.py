"""The life of the city: both companies see a patient, bill, are refused in part, appeal, and bill the patient."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from revcycle_kit.testing.postgres import DatabaseFactory
from revcycle_x12 import Envelope, write
from revcycle_x12 import remittance as era
from revcycle_x12.codes import AdjustmentGroup, ClaimStatus, PaymentMethod

PAID_CENTS: Final = 20_011
ENCOUNTERS: Final = 5
"""As many equal refusals make denials propose a rule."""

City = Any
House = Any
Tenant = Any


def segment(name: str, **fields: str) -> str:
    """Write an HL7 segment; `f5="DOE^JANE"` is its fifth field."""
    numbered = {int(field[1:]): text for field, text in fields.items()}
    return "|".join([name, *(numbered.get(number, "") for number in range(1, max(numbered) + 1))])


def header(tenant: Tenant, kind: str, control: str) -> str:
    """Write the header of a message."""
    at = "20260105090000"
    return f"MSH|^~\\&|EHR|{tenant.name}|RCM|RC|{at}||{kind}|{tenant.name}{control}|P|2.5.1"


def registration(tenant: Tenant, number: int) -> bytes:
    """Write the registration of an encounter, in which every field says who the people are."""
    who = tenant.people
    patient = segment(
        "PID", f1="1", f3=f"{who['record']}^^^{tenant.name}^MR", f5=f"{who['family']}^{who['given']}^{who['middle']}",
        f7=who["born"], f8="F", f11=f"{who['street']}^{who['flat']}^{who['city']}^NY^{who['zip']}",
        f13=f"{who['phone']}^PRN^PH^{who['mail']}", f18=who["account"], f19=who["ssn"],
    )  # fmt: skip
    visit = segment(
        "PV1", f1="1", f2="O", f7=f"{tenant.npi}^HART^ANN", f19=f"{who['visit']}{number}^^^{tenant.name}^VN",
        f44="20260105083000",
    )  # fmt: skip
    guarantor = segment(
        "GT1", f1="1", f2="G1", f3=f"{who['payer family']}^{who['payer given']}",
        f5=f"{who['payer street']}^^Albany^NY^12207", f6="5185550100", f8=who["payer born"], f9="M", f11="SPO",
    )  # fmt: skip
    insurance = segment(
        "IN1", f1="1", f2="PPO01", f3="PPO01", f4=f"PPO {tenant.name}", f8=who["group"], f12="20250101",
        f16=f"{who['family']}^{who['given']}", f17="SEL", f18=who["born"], f36=who["member"],
    )  # fmt: skip
    note = segment("NTE", f1="1", f3=who["note"])
    parts = (header(tenant, "ADT^A04", f"A{number}"), patient, visit, guarantor, insurance, note)
    return ("\r".join(parts) + "\r").encode()


def charges(tenant: Tenant, number: int) -> bytes:
    """Write the charges of an encounter: one line that will be paid, one that will be refused."""
    who = tenant.people
    patient = segment("PID", f1="1", f3=f"{who['record']}^^^{tenant.name}^MR")
    visit = segment("PV1", f1="1", f2="O", f19=f"{who['visit']}{number}^^^{tenant.name}^VN")
    lines = [
        segment(
            "FT1", f1=str(at), f2=f"T{number}{at}", f4=f"2026010{number}", f6="CG", f7=f"{code}^^HCPCS", f10="1",
            f11=f"{cents / 100:.2f}", f19="E11.9^^I10", f20=f"{tenant.npi}^HART^ANN", f25=f"{code}^^HCPCS",
        )
        for at, (code, cents) in enumerate((("99213", tenant.cents), ("87070", PAID_CENTS)), 1)
    ]  # fmt: skip
    return ("\r".join([header(tenant, "DFT^P03", f"D{number}"), patient, visit, *lines]) + "\r").encode()


async def enter(city: City, tenant: Tenant) -> None:
    """Enter a company's directory, prices and days."""
    address = {"line1": "1 Main St", "city": "Albany", "state": "NY", "postal_code": "122071234"}
    clinic = {
        "name": f"Clinic {tenant.name}",
        "time_zone": "America/New_York",
        "npi": tenant.npi,
        "address": address,
        "billing_entity_ids": [str(tenant.billing_entity_id)],
        "facility_codes": [tenant.name],
    }
    payee = {"name": f"Payee {tenant.name}", "tin": tenant.tin, "npi": tenant.npi, "taxonomy": "207Q00000X"}
    payee |= {"address": address, "clinic_ids": [str(tenant.clinic_id)], "contact_phone": "5185550199"}
    payer = {"name": f"PPO {tenant.name}", "payer_code": "PPO01", "kind": "commercial", "filing_indicator": "CI"}
    provider = {"npi": tenant.npi, "family": "HART", "given": "ANN", "taxonomy": "207Q00000X"}
    desk = "eligibility"
    await city.ask(desk, tenant, "PUT", f"/v1/clinics/{tenant.clinic_id}", json=clinic)
    await city.ask(desk, tenant, "PUT", f"/v1/billing-entities/{tenant.billing_entity_id}", json=payee)
    await city.ask(desk, tenant, "POST", "/v1/providers", json=provider)
    await city.ask(desk, tenant, "POST", "/v1/payers", json={**payer, "timely_filing_days": 90})
    prices = {"prices": [{"code": "99213", "charge_cents": tenant.cents}]}
    await city.ask(desk, tenant, "PUT", f"/v1/clinics/{tenant.clinic_id}/prices", json=prices)
    price = {"code": "99213", "unit_cents": tenant.cents, "effective_on": "2026-01-01"}
    entity = f"/v1/billing-entities/{tenant.billing_entity_id}"
    await city.ask("claims", tenant, "POST", f"{entity}/prices", json={"prices": [price]})


async def care(city: City, tenant: Tenant) -> None:
    """Let the EHR tell of the patient's visits."""
    path = f"/v1/clinics/{tenant.clinic_id}/messages?source=ehr"
    for number in range(1, ENCOUNTERS + 1):
        for message in (registration(tenant, number), charges(tenant, number)):
            [receipt] = await city.ask("eligibility", tenant, "POST", path, content=message)
            assert "accepted" == receipt["outcome"], receipt


def payment(tenant: Tenant, number: str, service_on: date) -> era.ClaimPayment:
    """Pay the second line but for the patient's coinsurance; refuse the first for want of an authorization."""

    def line(at: int, code: str, cents: int, paid: int, *adjustments: era.Adjustment) -> era.ServicePayment:
        return era.ServicePayment(
            procedure=era.Procedure(code),
            charge_cents=cents,
            paid_cents=paid,
            units_paid="1",
            served_on=service_on,
            control_number=f"{number}{at:03}",
            adjustments=list(adjustments),
        )

    refused = era.Adjustment(AdjustmentGroup("CO"), "197", tenant.cents)
    coinsurance = era.Adjustment(AdjustmentGroup("PR"), "2", 3_000)
    return era.ClaimPayment(
        control_number=number,
        status=ClaimStatus("1"),
        charge_cents=tenant.cents + PAID_CENTS,
        paid_cents=PAID_CENTS - 3_000,
        filing_indicator="12",
        payer_control_number=f"ICN{number}",
        patient_last_name=tenant.people["family"],
        patient_first_name=tenant.people["given"],
        patient_id_qualifier="MI",
        patient_id=tenant.people["member"],
        service_lines=[
            line(1, "99213", tenant.cents, 0, refused),
            line(2, "87070", PAID_CENTS, PAID_CENTS - 3_000, coinsurance),
        ],
    )


def remittance(tenant: Tenant, payments: list[era.ClaimPayment], number: int = 1) -> bytes:
    """Write the payer's 835."""
    advice = era.Remittance(
        handling="I",
        paid_cents=sum(one.paid_cents for one in payments),
        method=PaymentMethod.CHECK,
        paid_on=date(2026, 1, 20),
        trace_number=f"EFT{tenant.name}{number}",
        payer_tax_id="1987654321",
        payer=era.Payer(
            name=f"PPO {tenant.name}", address="PO BOX 1", city="TROY", state="NY", postal_code="12207",
            payer_id="PPO01", technical_contact_name="EDI", technical_contact_qualifier="TE",
            technical_contact_number="5555550100",
        ),
        payee=era.Payee(name="PAYEE", id_qualifier="XX", id=tenant.npi, tax_id=tenant.tin),
        groups=[era.ClaimGroup(claims=payments)],
    )  # fmt: skip
    at = datetime(2026, 1, 20, 12)  # noqa: DTZ001 - X12 names no zone
    envelope = Envelope(
        sender_id=f"CH{tenant.name}", receiver_id=tenant.tin, control_number=number, created_at=at, is_test=True
    )
    return write(envelope, [advice])


async def pay(city: City, tenant: Tenant) -> None:
    """Let the payer answer: every claim in part, and a claim that is nobody's."""
    everybody = await city.houses["claims"].harness.documents("claim")
    ours = [claim for claim in everybody if claim.billing_entity_id == tenant.billing_entity_id]
    assert ENCOUNTERS == len(ours), [(claim.state, claim.findings) for claim in ours]
    payments = [payment(tenant, claim.patient_control_number, claim.service_on) for claim in ours]
    stray = payment(tenant, f"STRAY{tenant.name}", ours[0].service_on)
    content = remittance(tenant, [*payments, stray])
    taken = await city.ask("claims", tenant, "POST", "/v1/interchanges", content=content)
    assert "accepted" == taken["state"], taken


async def work(city: City, tenant: Tenant) -> None:
    """Let the staff ask for an authorization, appeal, and deal with the guarantor in every way that leaves a trace."""
    everybody = await city.houses["eligibility"].harness.documents("encounter")
    visit = next(one.encounter_id for one in everybody if one.clinic_id == tenant.clinic_id)
    place = f"/v1/clinics/{tenant.clinic_id}/encounters/{visit}/authorizations"
    await city.ask("eligibility", tenant, "POST", place, json={"codes": ["99213"]})
    listed = await city.ask("denials", tenant, "GET", "/v1/denials")
    appeal = {
        "denial_ids": [listed["items"][0]["denial_id"]],
        "signed_by": "K. Miller",
        "argument": "It could not wait.",
    }
    await city.ask("denials", tenant, "POST", "/v1/appeals", json=appeal)
    entity = f"/v1/billing-entities/{tenant.billing_entity_id}"
    [row] = (await city.ask("patient_billing", tenant, "GET", f"{entity}/accounts"))["items"]
    account = f"{entity}/accounts/{row['account_id']}"
    balances = (await city.ask("patient_billing", tenant, "GET", account))["balances"]
    first, second = balances[0]["encounter_id"], balances[1]["encounter_id"]
    deeds: list[tuple[str, dict[str, Any]]] = [
        ("payments", {"amount_cents": 1_000, "method": "card"}),
        ("placements", {"encounter_ids": [first]}),
        ("disputes", {"encounter_id": second, "amount_cents": 500}),
        ("assistance-applications", {}),
    ]
    for deed, body in deeds:
        await city.ask("patient_billing", tenant, "POST", f"{account}/{deed}", json=body or None)


@pytest.fixture(scope="session")
async def city(empty_city: City, tenants: tuple[Tenant, Tenant]) -> City:
    """Let both companies live through two months."""
    for tenant in tenants:
        await enter(empty_city, tenant)
    await empty_city.settle()
    for tenant in tenants:
        await care(empty_city, tenant)
    await empty_city.advance(datetime(2026, 1, 20, 15, tzinfo=UTC))
    for tenant in tenants:
        await pay(empty_city, tenant)
    await empty_city.advance(datetime(2026, 2, 20, 15, tzinfo=UTC))
    for tenant in tenants:
        await work(empty_city, tenant)
    await empty_city.settle()
    for house in empty_city.houses.values():
        assert [] == await house.harness.parked(), house.name
    return empty_city


@pytest.fixture(scope="session")
def raw_bodies() -> Callable[[Tenant, Tenant, str], dict[str, bytes]]:
    """Return a writer of the bodies that are no JSON: from one company, about the patient and claim of another."""

    def write_them(sender: Tenant, about: Tenant, claim_number: str) -> dict[str, bytes]:
        paid = payment(about, claim_number, date(2026, 1, 5))
        return {
            "eligibility /v1/clinics/{clinic_id}/messages": registration(about, 9),
            "claims /v1/interchanges": remittance(sender, [paid], number=7),
        }

    return write_them


@pytest.fixture
async def opened(
    city: City, issuer: Any, fresh_database: DatabaseFactory
) -> AsyncIterator[Callable[..., Awaitable[House]]]:
    """Return an opener of a service on a copy of the city's database, believing the given verifier."""
    made: list[House] = []

    async def open_copy(name: str, verifier: Any = None) -> House:
        lived = city.houses[name]
        await lived.harness.close()
        copy = fresh_database(name, lived.harness.database)
        made.append(city.house(name, copy, verifier or issuer, lived.harness.clock.now()))
        return made[-1]

    yield open_copy
    for house in made:
        await house.harness.close()
