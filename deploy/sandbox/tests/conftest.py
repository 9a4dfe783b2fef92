"""A small town of payers for the tests: send claims, let days pass, read what came back."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from revcycle_sandbox.agenda import Agenda
from revcycle_sandbox.behaviour import Behaviour
from revcycle_sandbox.claims import Claim, Decision, Line, LineDecision, PriorDecision
from revcycle_sandbox.clearinghouse import Clearinghouse
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.payer.news import Acknowledgment, AppealLetter, News, Remittance
from revcycle_sandbox.world import (
    BillingEntity,
    Clinic,
    Member,
    Organization,
    Payer,
    Plan,
    Provider,
    Span,
    World,
)

BILLING_NPI = "1234567893"
RENDERING_NPI = "1245319599"
SERVICE_ON = date(2026, 1, 10)
EXACT = Behaviour(pay_after_days=14, acknowledge_exactly=True, deposit_exactly=True, crossover_days=(10, 10))
PPO = "PPO01"


class Town:
    """Payers, a clearinghouse between, and everything they said so far."""

    def __init__(self, world: World, seed: int = 1) -> None:
        self.world = world
        self.agenda = Agenda()
        self.clearinghouse = Clearinghouse(world, self.agenda, Draws(seed))
        self.news: list[News] = []

    def send(self, on: date, *claims: Claim) -> None:
        """Hand claims over in one file at eight in the morning of a day."""
        at = datetime(on.year, on.month, on.day, 8, tzinfo=UTC)
        self.pass_until(on, hour=8)
        self.clearinghouse.receive(claims, at, "|".join(claim.patient_control_number for claim in claims) + str(on))

    def appeal(self, on: date, **cover: Any) -> None:
        """Send a letter."""
        self.pass_until(on, hour=8)
        self._hear(self.clearinghouse.appeal(cover, datetime(on.year, on.month, on.day, 8, tzinfo=UTC)))

    def pass_until(self, on: date, hour: int = 23) -> None:
        """Let time pass up to an hour of a day."""
        self._hear(self.agenda.fire(datetime(on.year, on.month, on.day, hour, tzinfo=UTC)))

    def _hear(self, news: Iterable[News]) -> None:
        for each in news:
            if not self.clearinghouse.pass_on(each):
                self.news.append(each)

    def of(self, kind: type[Any]) -> list[Any]:
        return [each for each in self.news if isinstance(each, kind)]

    @property
    def remittances(self) -> list[Remittance]:
        return self.of(Remittance)

    @property
    def decisions(self) -> list[Decision]:
        return [decision for remittance in self.remittances for decision in remittance.decisions]

    @property
    def letters(self) -> list[AppealLetter]:
        return self.of(AppealLetter)

    def statuses(self, level: str = "payer") -> list[str]:
        """Give category:status:entity of every 277CA status heard from a station."""
        found: list[Acknowledgment] = [each for each in self.of(Acknowledgment) if each.level == level]
        return [
            ":".join(filter(None, (status.category, status.status, status.entity)))
            for news in found
            for _claim, statuses in news.claims
            for status in statuses
        ]


def cas(decision: Decision) -> dict[str, int]:
    """Add the adjustments of a decision up by group and reason."""
    total: dict[str, int] = {}
    for line in decision.lines:
        for each in line.adjustments:
            key = f"{each.group}-{each.carc}"
            total[key] = total.get(key, 0) + each.amount_cents
    return total


class Make:
    """Makes the parts of a test, with sensible rest."""

    @staticmethod
    def said(decision: Decision) -> dict[str, int]:
        """Read a decision as {group-reason: cents}, with `charge` and `paid`."""
        return {"charge": decision.charge_cents, "paid": decision.paid_cents, **cas(decision)}

    @staticmethod
    def payer(code: str = PPO, **parts: Any) -> Payer:
        """Make a commercial payer that pays on day 14, exactly."""
        named: dict[str, Any] = {
            "behaviour": EXACT,
            "timely_filing_days": 90,
            "filing_indicator": "CI",
            "kind": "commercial",
        } | parts
        return Payer(code=code, name=f"Payer {code}", **named)

    @staticmethod
    def member(member_id: str = "M1", payer: str = PPO, plan: str = "PLAN", **parts: Any) -> Member:
        """Make a member of one plan since the beginning of 2020."""
        spans = parts.pop("spans", (Span(plan=plan, begins_on=date(2020, 1, 1)),))
        named: dict[str, Any] = {"family": "DOE", "given": "JANE", "birth_on": date(1980, 1, 1)} | parts
        return Member(member_id=member_id, payer=payer, spans=spans, **named)

    @staticmethod
    def town(payers: list[Payer], plans: list[Plan], members: list[Member], seed: int = 1, **parts: Any) -> Town:
        """Make a town of payers, plans and members around one clinic."""
        world = World(
            organization=Organization(code="ORG", name="Billing Company"),
            billing_entities=(BillingEntity(code="BE", name="CLINIC GROUP", tin="123456789", npi=BILLING_NPI),),
            clinics=(Clinic(code="C1", name="Clinic", npi=BILLING_NPI, billing_entity="BE"),),
            providers=(Provider(npi=RENDERING_NPI, family="Shaw"),),
            payers=tuple(payers),
            plans=tuple(plans),
            members=tuple(members),
            **parts,
        )
        return Town(world, seed)

    @staticmethod
    def line(code: str, charge_cents: int, number: int = 1, **parts: Any) -> Line:
        """Make a service line."""
        named: dict[str, Any] = {
            "service_on": SERVICE_ON,
            "diagnoses": ("E119",),
            "place": "11",
            "control": f"L{number}",
        } | parts
        return Line(number=number, code=code, charge_cents=charge_cents, **named)

    @staticmethod
    def claim(pcn: str, *lines: Line, payer: str = PPO, member_id: str = "M1", **parts: Any) -> Claim:
        """Make a claim of lines."""
        on = lines[0].service_on
        named: dict[str, Any] = {
            "kind": "P",
            "service_on": on,
            "service_through_on": on,
            "billing_npi": BILLING_NPI,
            "billing_tin": "123456789",
            "billing_name": "CLINIC GROUP",
            "billing_postal_code": "100010001",
            "rendering_npi": RENDERING_NPI,
            "diagnoses": ("E119",),
            "subscriber_birth_on": date(1980, 1, 1),
            "place": "11",
        } | parts
        total = sum(each.charge_cents for each in lines)
        return Claim(
            payer=payer, patient_control_number=pcn, member_id=member_id, charge_cents=total, lines=lines, **named
        )

    @staticmethod
    def as_secondary(decision: Decision, payer: str, member_id: str, pcn: str) -> Claim:
        """Write a claim for the next payer, with what the one before decided on its lines."""
        lines = tuple(msgspec.structs.replace(each.line, prior=(_prior(decision, each),)) for each in decision.lines)
        return msgspec.structs.replace(
            decision.claim, payer=payer, member_id=member_id, patient_control_number=pcn, rank="S", lines=lines
        )

    @staticmethod
    def day(days: int) -> date:
        """Give the date so many days after the service."""
        return SERVICE_ON + timedelta(days=days)


def _prior(decision: Decision, line: LineDecision) -> PriorDecision:
    return PriorDecision(
        payer=decision.claim.payer,
        paid_cents=line.paid_cents,
        adjustments=line.adjustments,
        decided_on=decision.decided_on,
    )


@pytest.fixture
def make() -> type[Make]:
    """Give the maker of parts."""
    return Make
