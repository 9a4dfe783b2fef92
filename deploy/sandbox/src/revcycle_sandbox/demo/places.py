"""The demonstration's billing company: two billing entities, three clinics, fifteen clinicians."""

from datetime import date, timedelta
from typing import Final

from revcycle_sandbox.demo.catalogue import FACILITY, OFFERS, PROFESSIONAL
from revcycle_sandbox.demo.names import npi
from revcycle_sandbox.demo.payers import HARBOR, SUMMIT
from revcycle_sandbox.people import Address
from revcycle_sandbox.world import BillingEntity, ChargeItem, Clinic, Enrollment, Organization, Provider

NORTH: Final = "NORTHSIDE"
ORTHO: Final = "ORTHO"
GENERAL: Final = "GENERAL"
ORGANIZATION: Final = Organization(code="KEYSTONE", name="Keystone Billing Services")
ENTITIES: Final = (
    BillingEntity(
        code=PROFESSIONAL,
        name="RIVERSIDE PHYSICIANS PC",
        tin="841112233",
        npi=npi("160000001"),
        taxonomy="261QP2300X",
        address=Address(line1="410 RIVERSIDE DRIVE", city="ALBANY", state="NY", postal_code="122070410"),
        phone="5185550110",
    ),
    BillingEntity(
        code=FACILITY,
        name="VALLEY GENERAL HOSPITAL",
        tin="842223344",
        npi=npi("160000002"),
        taxonomy="282N00000X",
        address=Address(line1="1 HOSPITAL PLAZA", city="UTICA", state="NY", postal_code="135010001"),
        phone="3155550120",
    ),
)
CLINICS: Final = (
    Clinic(
        code=NORTH,
        name="Northside Family Practice",
        npi=npi("160000011"),
        billing_entity=PROFESSIONAL,
        address=Address(line1="22 NORTH PEARL STREET", city="ALBANY", state="NY", postal_code="122070022"),
        fhir_share=2_500,
    ),
    Clinic(
        code=ORTHO,
        name="Riverside Orthopedics and Infusion",
        npi=npi("160000012"),
        billing_entity=PROFESSIONAL,
        address=Address(line1="412 RIVERSIDE DRIVE", city="ALBANY", state="NY", postal_code="122070412"),
    ),
    Clinic(
        code=GENERAL,
        name="Valley General Outpatient",
        npi=npi("160000013"),
        billing_entity=FACILITY,
        address=Address(line1="1 HOSPITAL PLAZA", city="UTICA", state="NY", postal_code="135010001"),
        place_of_service="22",
        fhir_share=4_000,
    ),
)
_CLINICIANS: Final = (
    ("ARDEN", "LOUISE", "207Q00000X", NORTH), ("BEHAR", "SAMIR", "207Q00000X", NORTH),
    ("CHANDRA", "MIRA", "207R00000X", NORTH), ("DOLAN", "KEVIN", "207R00000X", NORTH),
    ("EASTON", "RUTH", "208000000X", NORTH), ("FALK", "ERIK", "363LF0000X", NORTH),
    ("GRANT", "OLIVIA", "207X00000X", ORTHO), ("HAN", "DAVID", "207X00000X", ORTHO),
    ("IRELAND", "NIALL", "207RR0500X", ORTHO), ("JOSHI", "PRIYA", "207RR0500X", ORTHO),
    ("KERR", "ALISON", "207P00000X", GENERAL), ("LUND", "SVEN", "207P00000X", GENERAL),
    ("MORI", "AYA", "207RG0100X", GENERAL), ("NASH", "PETER", "207P00000X", GENERAL),
    ("OBI", "GRACE", "207RG0100X", ORTHO),
)  # fmt: skip
NEWCOMER: Final = npi("170000015")
"""The last clinician joined lately: two payers credential her only after a month."""


def demo_providers() -> tuple[Provider, ...]:
    """Give the fifteen clinicians."""
    return tuple(
        Provider(npi=npi(f"1700000{number:02}"), family=family, given=given, taxonomy=taxonomy, clinics=(clinic,))
        for number, (family, given, taxonomy, clinic) in enumerate(_CLINICIANS, start=1)
    )


def demo_enrollments(start_on: date) -> tuple[Enrollment, ...]:
    """Give the newcomer's credentialing."""
    later = start_on + timedelta(days=30)
    return tuple(Enrollment(payer=payer, npi=NEWCOMER, effective_on=later) for payer in (SUMMIT, HARBOR))


def demo_chargemaster() -> tuple[ChargeItem, ...]:
    """Give the chargemaster of both billing entities: the hospital's services also carry revenue codes."""
    items = [
        ChargeItem(
            code=offer.code,
            description=offer.description,
            charge_cents=offer.charge_cents,
            revenue_code=offer.revenue_code,
            billing_entity=offer.entity,
        )
        for offer in OFFERS
    ]
    return tuple(items)
