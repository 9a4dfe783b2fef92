"""The demonstration as a whole: how much is denied at first, and how much of it an appeal wins."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from revcycle_sandbox import demo_world
from revcycle_sandbox.agenda import Agenda
from revcycle_sandbox.claims import Claim, Line
from revcycle_sandbox.clearinghouse import Clearinghouse
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.payer.news import AppealLetter, Remittance
from revcycle_sandbox.people import Visit
from revcycle_sandbox.world import ChargeItem, World

END = datetime(2028, 1, 1, tzinfo=UTC)
NO_DENIAL = {("CO", "45"), ("PR", "1"), ("PR", "2"), ("PR", "3"), ("CO", "253"), ("OA", "23"), ("OA", "18")}


def billed(world: World) -> list[Claim]:
    """Bill every visit as an office would that verifies coverage and asks for authorizations on the published list."""
    patients = {(patient.clinic, patient.mrn): patient for patient in world.patients}
    active = {(m.payer, m.member_id) for m in world.members if all(not s.ends_on or s.end_known_on for s in m.spans)}
    charges = {item.code: item for item in world.chargemaster}
    claims = []
    for visit in world.visits:
        patient = patients[visit.clinic, visit.mrn]
        coverages = visit.presented if visit.presented is not None else patient.coverages
        if not coverages or (coverages[0].payer, coverages[0].member_id) not in active:
            coverages = patient.coverages
        published = {code for payer in world.payers if coverages and payer.code == coverages[0].payer
                     for code in payer.authorization_codes}  # fmt: skip
        if not coverages or visit.cancelled or published & {service.code for service in visit.services}:
            continue
        lines = _lines(visit, charges)
        claims.append(
            Claim(
                kind="I" if lines[0].revenue_code else "P",
                payer=coverages[0].payer,
                patient_control_number=visit.number,
                member_id=coverages[0].member_id,
                charge_cents=sum(line.charge_cents for line in lines),
                lines=lines,
                service_on=visit.service_on,
                service_through_on=visit.service_on,
                billing_npi=world.billing_entities[0].npi,
                billing_postal_code="122070410",
                rendering_npi=visit.provider_npi,
                subscriber_birth_on=patient.guarantor_birth_on or patient.birth_on,
                diagnoses=lines[0].diagnoses,
            )
        )
    return claims


def _lines(visit: Visit, charges: dict[str, ChargeItem]) -> tuple[Line, ...]:
    diagnoses = tuple(code.replace(".", "") for code in visit.diagnoses or ("I10",))
    return tuple(
        Line(
            number=number,
            code=service.code,
            charge_cents=charges[service.code].charge_cents * int(service.units),
            service_on=visit.service_on,
            units=service.units,
            modifiers=service.modifiers,
            diagnoses=diagnoses,
            revenue_code=charges[service.code].revenue_code,
        )
        for number, service in enumerate(visit.services, start=1)
    )


class Year:
    """A year of the demonstration without a provider's work: what came back, and what appeals won."""

    def __init__(self, encounters: int) -> None:
        world = demo_world(11, encounters)
        self.agenda = Agenda()
        self.house = Clearinghouse(world, self.agenda, Draws(11))
        self.claims = billed(world)
        lags = {visit.number: visit.charges_after_days for visit in world.visits}
        for claim in sorted(self.claims, key=lambda each: (each.service_on, each.patient_control_number)):
            sent_on = date.fromordinal(claim.service_on.toordinal() + 1 + lags[claim.patient_control_number])
            at = datetime(sent_on.year, sent_on.month, sent_on.day, 22, tzinfo=UTC)
            self.agenda.at(at, claim.patient_control_number, self._sender(claim))
        self.first: dict[str, set[tuple[str, str]]] = {}
        self._hear(END)

    def _sender(self, claim: Claim) -> Any:
        def send(at: datetime) -> Iterator[Any]:
            self.house.receive([claim], at, claim.patient_control_number)
            return iter(())

        return send

    def _hear(self, until: datetime) -> list[Any]:
        heard = []
        for news in self.agenda.fire(until):
            self.house.pass_on(news)
            heard.append(news)
            for decision in news.decisions if isinstance(news, Remittance) else ():
                found = {
                    (adjustment.group, adjustment.carc) for line in decision.lines for adjustment in line.adjustments
                }
                if decision.claim.rank == "P":
                    self.first.setdefault(decision.claim.patient_control_number.upper(), found)
        return heard

    @property
    def denied(self) -> list[str]:
        return [number for number, found in self.first.items() if found - NO_DENIAL]

    def appeal_all(self) -> list[AppealLetter]:
        payers = {claim.patient_control_number.upper(): claim.payer for claim in self.claims}
        for number in self.denied:
            list(self.house.appeal({"payer_code": payers[number], "patient_control_number": number}, END))
        return [each for each in self._hear(END.replace(year=2029)) if isinstance(each, AppealLetter)]


@pytest.fixture(scope="module")
def year() -> Year:
    return Year(3_000)


def test_about_twelve_percent_are_denied_at_first(year: Year) -> None:
    """Before anything is learned from denials; the coverage was verified."""
    assert 0.10 < len(year.denied) / len(year.first) < 0.14


def test_about_half_of_what_is_appealed_is_overturned(year: Year) -> None:
    """Of denials that are appealed at all: those of coverage, benefit and coordination are not."""
    letters = year.appeal_all()
    hopeless = {("PR", "27"), ("CO", "22"), ("PR", "204"), ("PR", "96"), ("CO", "29"), ("CO", "B7"), ("CO", "31")}
    worth = {number for number in year.denied if not year.first[number] & hopeless}
    decided = [letter for letter in letters if letter.patient_control_number.upper() in worth]
    won = sum(each.outcome in {"overturned", "partly_overturned"} for each in decided)
    assert 0.40 < won / len(decided) < 0.70
