"""The world of an ingest: a billing company with one clinic; payers and clinicians come with the messages."""

import msgspec

from revcycle_sandbox import World
from revcycle_sandbox.behaviour import Behaviour
from revcycle_sandbox.demo.names import npi
from revcycle_sandbox.demo.payers import demo_payers, demo_plans
from revcycle_sandbox.demo.places import demo_chargemaster
from revcycle_sandbox.people import Address
from revcycle_sandbox.world import BillingEntity, Clinic, Organization, Payer

ADDRESS = Address(line1="1 INTAKE STREET", city="ALBANY", state="NY", postal_code="122070001")
HABITS = Behaviour(pay_after_days=14, acknowledge_exactly=True, deposit_exactly=True)
"""Payers answer on exact days and make no mistakes of their own: what is denied, is denied for a reason."""


def ingest_world() -> World:
    """Give the world; what the demonstration's clinics charge is its chargemaster."""
    entity = BillingEntity(
        code="INTAKE",
        name="INTAKE MEDICAL GROUP PC",
        tin="841990077",
        npi=npi("160000077"),
        taxonomy="261QP2300X",
        address=ADDRESS,
        phone="5185550177",
    )
    clinic = Clinic(code="INTAKE", name="Intake Clinic", npi=npi("160000078"), billing_entity="INTAKE", address=ADDRESS)
    charges = tuple(msgspec.structs.replace(item, billing_entity="") for item in demo_chargemaster())
    return World(
        organization=Organization(code="INTAKE", name="Intake Billing Services"),
        billing_entities=(entity,),
        clinics=(clinic,),
        payers=tuple(_calm(payer) for payer in demo_payers()),
        plans=demo_plans(),
        chargemaster=charges,
    )


def _calm(payer: Payer) -> Payer:
    return msgspec.structs.replace(payer, behaviour=HABITS)
