"""The demonstration world, from a seed and the number of encounters."""

from datetime import date, timedelta
from typing import Final

from revcycle_sandbox.calendar import DAYS_A_WEEK
from revcycle_sandbox.demo.payers import demo_payers, demo_plans
from revcycle_sandbox.demo.places import (
    CLINICS,
    ENTITIES,
    ORGANIZATION,
    demo_chargemaster,
    demo_enrollments,
    demo_providers,
)
from revcycle_sandbox.demo.population import household
from revcycle_sandbox.demo.visits import drafted, visit_day
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.world import World, index

START_ON: Final = date(2026, 1, 5)
MONTH_DAYS: Final = 30
_VISITS_A_PATIENT: Final = (8, 5)
"""Eight visits for five patients."""


def demo_world(seed: int, encounters: int = 300, months: int = 6, start_on: date = START_ON) -> World:
    """Make a world in which so many encounters are registered over so many months of thirty days."""
    draws = Draws(seed)
    visits_a, patients_a = _VISITS_A_PATIENT
    homes = [household(draws, number) for number in range(max(1, encounters * patients_a // visits_a))]
    plans = demo_plans()
    by_code = index(plans, lambda plan: plan.code)
    providers = demo_providers()
    drafts = []
    taken: set[tuple[str, date]] = set()
    for number in range(encounters):
        home = homes[draws.below(len(homes), f"visit {number}", "patient")]
        on = visit_day(draws, number, start_on, months * MONTH_DAYS, home.patient.clinic)
        while (home.patient.mrn, on) in taken:
            on += timedelta(days=DAYS_A_WEEK)
        taken.add((home.patient.mrn, on))
        drafts.append(drafted(draws, home, number, on, by_code, providers))
    return World(
        organization=ORGANIZATION,
        billing_entities=ENTITIES,
        clinics=CLINICS,
        providers=providers,
        payers=demo_payers(),
        plans=plans,
        chargemaster=demo_chargemaster(),
        enrollments=demo_enrollments(start_on),
        members=tuple(member for home in homes for member in home.members)
        + tuple(member for draft in drafts for member in draft.members),
        patients=tuple(home.patient for home in homes),
        visits=tuple(draft.visit for draft in drafts),
    )
