"""The clearinghouse between providers and payers: turns away, passes on, acknowledges."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

import msgspec

from revcycle_sandbox.agenda import Agenda
from revcycle_sandbox.behaviour import Behaviour, Faults
from revcycle_sandbox.claims import Claim
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.payer.appeals import AppealDesk
from revcycle_sandbox.payer.door import FORWARDED, clearinghouse_findings
from revcycle_sandbox.payer.news import Acknowledgment, ClaimStatus, Crossover, News
from revcycle_sandbox.payer.office import Office
from revcycle_sandbox.world import Payer, Plan, World, index

NAME = "SANDBOX CLEARINGHOUSE"
ACKNOWLEDGED_WITHIN_MINUTES = 240
_KINDS = {"MB": "medicare", "MA": "medicare", "MC": "medicaid", "16": "medicare_advantage"}


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
        office = self.offices[payer.code] = self._founded(payer)
        return office

    def _founded(self, payer: Payer) -> Office:
        if self.enroll_unknown and not any(plan.payer == payer.code for plan in self.plans.values()):
            standard = Plan(code=f"STANDARD {payer.code}", payer=payer.code, coinsurance_basis_points=2_000)
            self.plans[standard.code] = standard
        office = Office(payer, self.plans, self.agenda, self.draws, unknown=self.enroll_unknown)
        office.billing, office.rendering = self.billing, self.rendering
        return office

    def asked(self, code: str, name: str = "") -> Office | None:
        """Find a payer that is asked; where everybody is welcome, one that nobody knows answers, and is forgotten."""
        found = self.offices.get(code)
        if found is not None or not self.enroll_unknown or not code:
            return found
        return self._founded(self._unknown(code, name, "CI"))

    def office(self, code: str, name: str = "", filing_indicator: str = "CI") -> Office | None:
        """Find a payer; where everybody is welcome, one that nobody knows opens its doors."""
        found = self.offices.get(code)
        if found is not None or not self.enroll_unknown or not code:
            return found
        return self._open(self._unknown(code, name, filing_indicator))

    def _unknown(self, code: str, name: str, filing_indicator: str) -> Payer:
        habits = self.offices[next(iter(self.offices))].payer.behaviour if self.offices else Behaviour()
        tin = self.draws.digits(9, "payer", code)
        return Payer(
            code=code,
            name=name or code,
            kind=_kind(name, filing_indicator),
            filing_indicator=filing_indicator,
            tin=tin,
            behaviour=msgspec.structs.replace(
                habits, faults=Faults(), records_wanted=0, denied_by_mistake=0, overpaid=0
            ),
        )

    def file_reviews(self) -> None:
        """Let every payer file what it answered since the last step."""
        for office in self.offices.values():
            office.reviews.file()

    def receive(self, claims: Collection[Claim], at: datetime, key: str) -> None:
        """Take the claims of one file in: each is passed on to its payer, or turned away with the reason."""
        statuses: list[tuple[Claim, tuple[ClaimStatus, ...]]] = []
        routed: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            self.office(claim.payer, claim.payer, claim.filing_indicator or "CI")
        for claim in sorted(claims, key=lambda each: (each.patient_control_number, each.frequency)):
            findings = clearinghouse_findings(claim, self.offices, at.date(), strict=not self.enroll_unknown)
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


def _kind(name: str, filing_indicator: str) -> str:
    """Guess what kind of payer nobody knows, by its name, else by the filing indicator."""
    named = (kind for kind in ("medicaid", "medicare") if kind.upper() in name.upper())
    return next(named, _KINDS.get(filing_indicator, "commercial"))
