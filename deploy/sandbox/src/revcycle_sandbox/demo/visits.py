"""The visits of the demonstration, and what is wrong with some of them at registration or in the charges."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from revcycle_sandbox import truth
from revcycle_sandbox.calendar import SATURDAY
from revcycle_sandbox.demo.catalogue import CLINIC_VISITS, DEFECTIVE, FACILITY_VISITS, SPECIALTY_VISITS, Template
from revcycle_sandbox.demo.payers import HARBOR, SUMMIT
from revcycle_sandbox.demo.places import GENERAL, NORTH, ORTHO
from revcycle_sandbox.demo.population import Household, member_number
from revcycle_sandbox.draws import BASIS_POINTS, Draws
from revcycle_sandbox.people import Fix, Presented, Service, Visit
from revcycle_sandbox.world import Member, Plan, Provider, Span

_TEMPLATES: Final = {NORTH: CLINIC_VISITS, ORTHO: SPECIALTY_VISITS, GENERAL: FACILITY_VISITS}
_DEFECTS: Final = {
    "wrong_member_id": 280,
    "former_coverage": 160,
    "retroactive_end": 150,
    "missing": 180,
    "local_code": 150,
    "no_diagnosis": 100,
    "unspecified": 190,
    "modifier": 110,
    "authorization": 160,
    "not_covered": 190,
    "necessity": 120,
    "bundled": 80,
    "late": 40,
}
"""Basis points of insured visits; prevention may catch the first six before a claim is denied for them."""
_BY_COVERAGE: Final = {"medicare": 7, "medicaid": 13, "advantage": 13, "summit": 11, "harbor": 11}
"""Tenths: how often rules are run into, by the kind of coverage (Premier's rates by payer)."""
_AT_SERVICE: Final = 6_000
_CANCELLED: Final = 250
_ONLY_SECOND_CARD: Final = 600
_LATE_DAYS: Final = 100
_BOOKED_ALWAYS: Final = frozenset({"infusion", "knee injection"})
"""Nobody walks in for a drug that the clinic has to order and the payer to authorize."""


class Drafted(msgspec.Struct, frozen=True, kw_only=True):
    """A visit, and the memberships that exist only because of it."""

    visit: Visit
    members: tuple[Member, ...] = ()


class Draft:
    """One visit being drawn up."""

    def __init__(self, draws: Draws, home: Household, number: int, on: date, plans: dict[str, Plan]) -> None:
        self.draws = draws
        self.home = home
        self.key = f"visit {number}"
        self.on = on
        self.plans = plans
        self.number = f"{home.patient.clinic[0]}V{number:06}"
        self.defect = self._defect()
        self.template = self._template()

    def _defect(self) -> str:
        if not self.home.members:
            return "retroactive_end" if self.draws.chance(300, self.key, "defect") else ""
        tenths = next((each for name, each in _BY_COVERAGE.items() if self.home.coverage.startswith(name)), 10)
        weights = {name: share * tenths for name, share in _DEFECTS.items()}
        weights[""] = BASIS_POINTS * 10 - sum(weights.values())
        found = self.draws.weighted(weights, self.key, "defect")
        facility = self.home.patient.clinic == GENERAL and found in DEFECTIVE
        return "" if facility and found != "unspecified" else found

    def _template(self) -> Template:
        if self.home.patient.clinic == GENERAL and self.defect == "unspecified":
            return Template(name="sprain", services=(("G0381", 1),), diagnoses=("S93.409A",), weight=1)
        if self.defect in DEFECTIVE:
            return DEFECTIVE[self.defect]
        choices = _TEMPLATES[self.home.patient.clinic]
        weights = {position: each.weight for position, each in enumerate(choices)}
        return choices[self.draws.weighted(weights, self.key, "template")]

    def services(self) -> tuple[Service, ...]:
        """List what was done, as the EHR will say it."""
        template = self.template
        diagnoses = () if self.defect == "no_diagnosis" else template.diagnoses
        return tuple(
            Service(
                code=code,
                units=Decimal(units),
                modifiers=(template.modifiers[code],) if code in template.modifiers else (),
                diagnoses=diagnoses,
                local_code=f"LOCAL-{code}" if self.defect == "local_code" and not position else "",
            )
            for position, (code, units) in enumerate(template.services)
        )

    def fixes(self) -> tuple[Fix, ...]:
        """List what the coder or the front desk will answer when asked."""
        first = self.template.services[0][0]
        lines = range(1, len(self.template.services) + 1)
        if self.defect == "local_code":
            return (Fix(field="code", value=first, line_number=1),)
        if self.defect == "no_diagnosis":
            return tuple(Fix(field="diagnoses", value=self.template.diagnoses[0], line_number=line) for line in lines)
        if self.defect == "unspecified":
            right = "S93.401A" if self.home.patient.clinic == GENERAL else "M25.561"
            return (Fix(field="diagnoses", value=right, line_number=1, for_carc="16"),)
        if self.defect == "modifier":
            return (Fix(field="modifiers", value="RT", line_number=2, for_carc="4"),)
        if self.defect == "bundled" and self._documented("G0127"):
            return (Fix(field="modifiers", value="59", line_number=2, for_carc="97"),)
        return ()

    def _documented(self, code: str) -> bool:
        return truth.documented(self.draws, self.home.members[0].member_id, code, self.on)

    def presented(self) -> tuple[tuple[Presented, ...] | None, tuple[Member, ...]]:
        """Say what the front desk wrote down, with memberships that exist for it; None is the truth."""
        real = self.home.patient.coverages
        if self.defect == "wrong_member_id":
            wrong = msgspec.structs.replace(real[0], member_id=_swapped(real[0].member_id))
            return (wrong, *real[1:]), ()
        if self.defect in {"former_coverage", "retroactive_end"}:
            former = self._former()
            return (Presented(payer=former.payer, member_id=former.member_id),), (former,)
        if len(real) > 1 and self.draws.chance(_ONLY_SECOND_CARD, self.key, "only second card"):
            return real[1:], ()
        return None, ()

    def _former(self) -> Member:
        """Invent a coverage that ended before the visit; the payer may not know yet when asked."""
        paying = {member.payer for member in self.home.members}
        payer, plan = (HARBOR, "HAR-EPO") if SUMMIT in paying else (SUMMIT, "SUM-PPO")
        retroactive = self.defect == "retroactive_end"
        ended = self.on - timedelta(days=self.draws.between(3, 25, self.key, "ended"))
        begins = ended - timedelta(days=700)
        known = self.on + timedelta(days=4) if retroactive else None
        person = self.home.patient
        return Member(
            member_id=member_number(self.draws, self.key, payer),
            payer=payer,
            family=person.guarantor_family or person.family,
            given=person.guarantor_given or person.given,
            birth_on=person.guarantor_birth_on or person.birth_on,
            spans=(Span(plan=plan, begins_on=begins, ends_on=ended, end_known_on=known),),
        )

    def copay_cents(self) -> int:
        """Give what the desk collects: the copay of the first service, from those who pay at the desk."""
        if self.defect or not self.home.members:
            return 0
        plan = self.plans[self.home.members[0].spans[0].plan]
        copay = plan.copays.get(self.template.services[0][0], 0)
        return copay if self.draws.chance(_AT_SERVICE, self.key, "pays at service") else 0

    def scheduled(self) -> int | None:
        """Tell how many days ahead it was booked; emergencies and walk-ins were not."""
        if self.template.name.startswith(("emergency", "observation", "sprain")):
            return None
        if self.template.name in _BOOKED_ALWAYS:
            return self.draws.between(5, 24, self.key, "booked")
        return (
            self.draws.between(2, 24, self.key, "booked") if self.draws.chance(7_000, self.key, "scheduled") else None
        )


def drafted(  # noqa: PLR0917 - a visit happens to somebody, somewhere, some day
    draws: Draws, home: Household, number: int, on: date, plans: dict[str, Plan], providers: tuple[Provider, ...]
) -> Drafted:
    """Draw up one visit."""
    draft = Draft(draws, home, number, on, plans)
    presented, members = draft.presented()
    scheduled = draft.scheduled()
    clinicians = [provider for provider in providers if home.patient.clinic in provider.clinics]
    cancelled = scheduled is not None and draws.chance(_CANCELLED, draft.key, "cancelled")
    days = _LATE_DAYS if draft.defect == "late" and home.coverage.startswith("harbor") else _lag(draws, draft.key)
    emergency = draft.template.name.startswith(("emergency", "sprain"))
    visit = Visit(
        number=draft.number,
        mrn=home.patient.mrn,
        clinic=home.patient.clinic,
        service_on=on,
        provider_npi=draws.pick(clinicians, draft.key, "clinician").npi,
        services=draft.services(),
        diagnoses=() if draft.defect == "no_diagnosis" else draft.template.diagnoses,
        visit_class="emergency"
        if emergency
        else "observation"
        if draft.template.name == "observation"
        else "outpatient",
        through_on=on + timedelta(days=1) if draft.template.name == "observation" else None,
        presented=presented,
        scheduled_days_before=scheduled,
        cancelled=draws.pick(("cancelled", "no_show"), draft.key, "cancelled how") if cancelled else "",
        charges_after_days=days,
        missing=(draws.pick(("birth_on", "address"), draft.key, "missing"),) if draft.defect == "missing" else (),
        fixes=draft.fixes(),
        copay_cents=draft.copay_cents(),
    )
    return Drafted(visit=visit, members=members)


def visit_day(draws: Draws, number: int, start_on: date, days: int, clinic: str) -> date:
    """Draw the day of a visit: clinics are closed at weekends, the hospital is not."""
    on = start_on + timedelta(days=draws.below(days, f"visit {number}", "day"))
    if clinic != GENERAL and on.weekday() >= SATURDAY:
        on -= timedelta(days=on.weekday() - SATURDAY + 1 + draws.below(3, f"visit {number}", "weekday"))
    return max(on, start_on)


def _lag(draws: Draws, key: str) -> int:
    """Most charges come within two days, some after a week."""
    return draws.weighted({0: 25, 1: 40, 2: 15, 3: 10, 5: 6, 8: 4}, key, "charge lag")


def _swapped(member_id: str) -> str:
    """Swap the first two different neighbours from the end, as typing does."""
    for place in range(len(member_id) - 1, 0, -1):
        if member_id[place] != member_id[place - 1]:
            return member_id[: place - 1] + member_id[place] + member_id[place - 1] + member_id[place + 1 :]
    return member_id + "0"
