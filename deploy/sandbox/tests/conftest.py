"""A small town of payers for the tests: send claims, let days pass, read what came back."""

import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from revcycle_sandbox import Parcel
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
from revcycle_x12 import Envelope, institutional, professional, write
from revcycle_x12.codes import AdjustmentGroup, Gender, PayerSequence

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
        for item in news:
            if not self.clearinghouse.pass_on(item):
                self.news.append(item)

    def of(self, kind: type[Any]) -> list[Any]:
        return [item for item in self.news if isinstance(item, kind)]

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
        found: list[Acknowledgment] = [
            acknowledgment for acknowledgment in self.of(Acknowledgment) if acknowledgment.level == level
        ]
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
        for adjustment in line.adjustments:
            key = f"{adjustment.group}-{adjustment.carc}"
            total[key] = total.get(key, 0) + adjustment.amount_cents
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
    def file(on: date, *claims: Claim) -> Parcel:
        """Write claims as an 837 and wrap it for the clearinghouse."""
        return Parcel(channel="x12.batch", sender="BILLER", receiver="SANDBOX", content=_written(on, claims))

    @staticmethod
    def world(payers: list[Payer], plans: list[Plan], members: list[Member]) -> World:
        """Make a world of payers, plans and members around one clinic."""
        return Make.town(payers, plans, members).world

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


def _written(on: date, claims: tuple[Claim, ...]) -> bytes:
    """Write an 837P or 837I with one billing provider, a subscriber to each claim."""
    guide = institutional if claims[0].kind == "I" else professional
    envelope = Envelope(
        sender_id="BILLER",
        receiver_id="SANDBOX",
        control_number=1 + zlib.crc32("".join(claim.patient_control_number for claim in claims).encode()) % 10**9,
        created_at=datetime(on.year, on.month, on.day, 8),  # noqa: DTZ001 - X12 names no zone
        is_test=True,
    )
    address = {"address": "1 MAIN ST", "city": "ALBANY", "state": "NY"}
    provider = guide.Provider(last_name="CLINIC GROUP", id=BILLING_NPI, postal_code="100010001", **address)
    billing = guide.BillingProvider(taxonomy="207Q00000X", provider=provider)
    billing.tax_id = "123456789"
    billing.subscribers = [_subscriber(guide, claim) for claim in claims]
    desk = guide.Submitter(
        last_name="BILLER", id="BILLER", contact_name="DESK", contact_qualifier="TE", contact_number="5555550100"
    )
    batch = (guide.InstitutionalClaims if guide is institutional else guide.ProfessionalClaims)(
        reference=f"B{claims[0].patient_control_number}"[:20],
        created_at=envelope.created_at,
        submitter=desk,
        receiver=guide.Receiver(last_name="SANDBOX", id="SANDBOX"),
        billing_providers=[billing],
    )
    return write(envelope, [batch])


def _subscriber(guide: Any, claim: Claim) -> Any:
    person = guide.Person(
        last_name="DOE",
        first_name="JANE",
        id=claim.member_id,
        address="2 OAK",
        city="ALBANY",
        state="NY",
        postal_code="12207",
        born_on=claim.subscriber_birth_on,
        gender=Gender.FEMALE,
    )
    return guide.Subscriber(
        sequence=PayerSequence(claim.rank),
        relationship="18",
        filing_indicator="CI",
        person=person,
        payer=guide.Payer(last_name="PLAN", id=claim.payer),
        claims=[_claim(guide, claim)],
    )


def _claim(guide: Any, claim: Claim) -> Any:
    common = {
        "control_number": claim.patient_control_number,
        "charge_cents": claim.charge_cents,
        "frequency": claim.frequency,
        "accepts_assignment": "A",
        "benefits_assigned": "Y",
        "release_of_information": "Y",
        "payer_claim_control_number": claim.payer_control_number,
        "prior_authorization": claim.authorization,
        "service_lines": [_line(guide, line) for line in claim.lines],
    }
    codes = [guide.HealthCode(code) for code in claim.diagnoses]
    if guide is institutional:
        period = (claim.service_on, claim.service_on + timedelta(days=1))
        parts = {"facility_type": "13", "statement_period": period, "admission_type": "3", "discharge_status": "01"}
        attending = guide.Provider(last_name="SHAW", first_name="ANNA", id=RENDERING_NPI)
        return guide.Claim(**common, **parts, principal_diagnosis=codes[:1], attending_provider=attending)
    rendering = guide.Provider(last_name="SHAW", first_name="ANNA", id=RENDERING_NPI)
    written = guide.Claim(**common, place_of_service="11", provider_signature="Y", diagnoses=codes)
    written.rendering_provider = rendering
    if claim.prior or any(line.prior for line in claim.lines):
        written.other_coverages = [_other_coverage(guide, claim)]
    return written


def _other_coverage(guide: Any, claim: Claim) -> Any:
    prior = [payment for line in claim.lines for payment in line.prior]
    return guide.OtherCoverage(
        sequence=PayerSequence.PRIMARY,
        relationship="18",
        filing_indicator="MB",
        paid_cents=sum(payment.paid_cents for payment in prior),
        benefits_assigned="Y",
        release_of_information="Y",
        subscriber=guide.OtherSubscriber(last_name="DOE", first_name="JANE", id="M1"),
        payer=guide.OtherPayer(last_name="FIRST", id=prior[0].payer),
    )


def _line(guide: Any, line: Line) -> Any:
    procedure = guide.Procedure(line.code, line.modifiers)
    common = {"charge_cents": line.charge_cents, "quantity": str(line.units), "served": line.service_on}
    if guide is institutional:
        code = line.revenue_code or "0510"
        return guide.ServiceLine(revenue_code=code, procedure=procedure, control_number=line.control, **common)
    written = guide.ServiceLine(procedure=procedure, control_number=line.control, **common)
    written.diagnosis_pointers = [1]
    written.decisions = [
        guide.LineDecision(
            payer_id=payment.payer,
            paid_cents=payment.paid_cents,
            procedure=procedure,
            units="1",
            adjustments=[
                guide.Adjustment(AdjustmentGroup(cas.group), cas.carc, cas.amount_cents) for cas in payment.adjustments
            ],
            decided_on=payment.decided_on,
        )
        for payment in line.prior
    ]
    return written


@pytest.fixture(scope="session")
def make() -> type[Make]:
    """Give the maker of parts."""
    return Make
