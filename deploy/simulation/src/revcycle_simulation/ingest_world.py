"""
The world of an ingest: the demonstration's billing company without its patients; what comes, comes in files.

Messages go to the clinic that their facility (MSH-4) names, else to the first. Payers and clinicians that nobody
entered come with the messages, provisionally; the sandbox opens a payer for each.
"""

import msgspec

from revcycle_sandbox import World
from revcycle_sandbox.behaviour import Behaviour
from revcycle_sandbox.demo.payers import demo_payers, demo_plans
from revcycle_sandbox.demo.places import CLINICS, ENTITIES, ORGANIZATION, demo_chargemaster, demo_providers

HABITS = Behaviour(pay_after_days=14, acknowledge_exactly=True, deposit_exactly=True)
"""Payers answer on exact days and make no mistakes of their own: what is denied, is denied for a reason."""


def ingest_world() -> World:
    """Give the world."""
    return World(
        organization=ORGANIZATION,
        billing_entities=ENTITIES,
        clinics=CLINICS,
        providers=demo_providers(),
        payers=tuple(msgspec.structs.replace(payer, behaviour=HABITS) for payer in demo_payers()),
        plans=demo_plans(),
        chargemaster=demo_chargemaster(),
    )
