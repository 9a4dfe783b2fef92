"""The clearinghouse between providers and payers: turns away, passes on, acknowledges."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from revcycle_sandbox.agenda import Agenda
from revcycle_sandbox.claims import Claim
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.payer.appeals import AppealDesk
from revcycle_sandbox.payer.door import FORWARDED, clearinghouse_findings
from revcycle_sandbox.payer.news import Acknowledgment, ClaimStatus, Crossover, News
from revcycle_sandbox.payer.office import Office
from revcycle_sandbox.world import Payer, World, index

NAME = "SANDBOX CLEARINGHOUSE"
ACKNOWLEDGED_WITHIN_MINUTES = 240


class Clearinghouse:
    """The way to every payer of a world."""

    def __init__(self, world: World, agenda: Agenda, draws: Draws, *, enroll_unknown: bool = False) -> None:
        self.agenda = agenda
        self.draws = draws
        self.enroll_unknown = enroll_unknown
        self.plans = index(world.plans, lambda plan: plan.code)
        self.offices: dict[str, Office] = {}
        self.billing = frozenset(entity.npi for entity in world.billing_entities)
        self.rendering = frozenset(provider.npi for provider in world.providers)
        for payer in world.payers:
            self._open(payer)
        for member in world.members:
            self.offices[member.payer].book.enroll(member)
        for enrollment in world.enrollments:
            self.offices[enrollment.payer].book.enrollments[enrollment.npi].append(enrollment)

    def _open(self, payer: Payer) -> Office:
        office = Office(payer, self.plans, self.agenda, self.draws, unknown=self.enroll_unknown)
        office.billing, office.rendering = self.billing, self.rendering
        self.offices[payer.code] = office
        return office

    def receive(self, claims: Iterable[Claim], at: datetime, key: str) -> None:
        """Take the claims of one file in: each is passed on to its payer, or turned away with the reason."""
        statuses: list[tuple[Claim, tuple[ClaimStatus, ...]]] = []
        routed: dict[str, list[Claim]] = defaultdict(list)
        for claim in sorted(claims, key=lambda each: (each.patient_control_number, each.frequency)):
            findings = clearinghouse_findings(claim, self.offices, at.date())
            statuses.append((claim, findings or (FORWARDED,)))
            if not findings:
                routed[claim.payer].append(claim)
        self._acknowledge(statuses, at, key)
        for payer, group in routed.items():
            self.offices[payer].receive(group, at, f"{key}|{payer}")

    def _acknowledge(self, statuses: list[tuple[Claim, tuple[ClaimStatus, ...]]], at: datetime, key: str) -> None:
        if not statuses:
            return
        exactly = all(office.payer.behaviour.acknowledge_exactly for office in self.offices.values())
        minutes = 2 if exactly else self.draws.between(20, ACKNOWLEDGED_WITHIN_MINUTES, key, "clearinghouse")
        due = at + timedelta(minutes=minutes)
        claims = tuple(statuses)
        self.agenda.at(due, f"277CA|clearinghouse|{key}", lambda now: self._news(claims, key, now))

    def _news(
        self, claims: tuple[tuple[Claim, tuple[ClaimStatus, ...]], ...], key: str, at: datetime
    ) -> Iterator[Acknowledgment]:
        yield Acknowledgment(
            level="clearinghouse",
            payer="",
            payer_name=NAME,
            submitter=claims[0][0].submitter,
            key=key,
            claims=claims,
            at=at,
        )

    def pass_on(self, news: News) -> bool:
        """Hand a crossover to the next payer; tells whether the news stays between payers."""
        if not isinstance(news, Crossover):
            return False
        if news.payer in self.offices:
            self.offices[news.payer].receive_crossover(news)
        return True

    def appeal(self, cover: dict[str, object], at: datetime) -> Iterator[News]:
        """Deliver a letter to the payer it names. Raises LookupError for a payer nobody knows."""
        code = str(cover.get("payer_code", ""))
        if code not in self.offices:
            raise LookupError(f"no payer has the code {code!r}: the cover of an appeal names payer_code")
        return AppealDesk(self.offices[code], self.draws).file(cover, at)
