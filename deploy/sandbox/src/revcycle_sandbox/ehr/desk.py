"""The front desk and the coders of the clinics: they answer what billing asks, from what they really know."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import msgspec

from revcycle_sandbox import truth
from revcycle_sandbox.clearinghouse import Clearinghouse
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.ehr.feed import Feed
from revcycle_sandbox.parcels import Parcel, json_parcel
from revcycle_sandbox.payer.book import Authorization
from revcycle_sandbox.people import Visit

REGISTRATION: Final = frozenset({"26", "27", "31", "22", "109", "33", "164"})
AUTHORIZATION: Final = frozenset({"197", "198"})
RETROACTIVE_DAYS: Final = 90


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What billing asks about a visit."""

    question_id: str
    visit_number: str
    about: str
    """registration, coding, authorization, enrollment, documentation, denial."""
    clinic: str = ""
    carc: str = ""
    line_number: int | None = None
    codes: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change to the claim, by the field's name in corrections."""

    field: str
    value: str
    line_number: int | None = None


class Desk:
    """Answers questions after an hour or some days, as people do."""

    def __init__(self, feed: Feed, clearinghouse: Clearinghouse, draws: Draws, *, exactly: bool) -> None:
        self.feed = feed
        self.clearinghouse = clearinghouse
        self.draws = draws
        self.exactly = exactly
        """True: every answer takes one hour."""

    def ask(self, parcel: Parcel, at: datetime) -> None:
        """Take a question; raises msgspec.ValidationError naming a field that is wrong."""
        question = msgspec.json.decode(parcel.content, type=Question)
        hours = 1 if self.exactly else self.draws.between(2, 40, question.visit_number, question.about, "answer")
        due = at + timedelta(hours=hours)
        self.feed.agenda.at(due, f"answer|{question.question_id}", lambda now: self._answer(question, parcel, now))

    def _answer(self, question: Question, parcel: Parcel, at: datetime) -> Iterator[Parcel]:
        visit = self.feed.visits.get(question.visit_number)
        if visit is None:
            yield self._reply(question, parcel, message="no visit has this number")
            return
        about = _about(question)
        changes: tuple[Change, ...] = ()
        corrected = about in {"registration", "denial"} and self._is_wrong(visit)
        if corrected:
            yield self.feed.correct(visit, at)
        if about == "authorization":
            changes = self._authorize(question, visit)
        elif about == "enrollment":
            changes = self._supervised(question, visit)
        elif about != "registration":
            changes = _fixes(question, visit)
        documented = self._documented(question, visit)
        yield self._reply(question, parcel, changes=changes, corrected=corrected, documented=documented)

    def _is_wrong(self, visit: Visit) -> bool:
        chart = self.feed.chart(visit)
        truth_differs = visit.presented is not None and visit.presented != chart.patient.coverages
        return not chart.corrected and (truth_differs or bool(visit.missing))

    def _authorize(self, question: Question, visit: Visit) -> tuple[Change, ...]:
        """Ask the payer after the fact; it agrees where it would have agreed before."""
        chart = self.feed.chart(visit)
        if not chart.patient.coverages:
            return ()
        coverage = chart.patient.coverages[0]
        office = self.clearinghouse.offices.get(coverage.payer)
        codes = question.codes or tuple(service.code for service in visit.services)
        on = visit.service_on
        agreed = [code for code in codes if truth.authorizable(self.draws, coverage.member_id, code, on)]
        if office is None or not agreed:
            return ()
        number = "R" + self.draws.digits(9, "retroactive", coverage.payer, visit.number)
        born = coverage.subscriber_birth_on if coverage.relationship == "18" else chart.patient.birth_on
        office.book.authorizations[number] = Authorization(
            number=number,
            person=f"{coverage.member_id}|{born or chart.patient.birth_on}",
            codes=tuple(agreed),
            begins_on=on,
            ends_on=on + timedelta(days=RETROACTIVE_DAYS),
            units=sum((service.units for service in visit.services), Decimal(0)),
        )
        return (Change(field="authorization_number", value=number, line_number=question.line_number),)

    def _supervised(self, question: Question, visit: Visit) -> tuple[Change, ...]:
        """Name a credentialed clinician of the clinic, by NPI, where the record says that one supervised the visit."""
        chart = self.feed.chart(visit)
        office = self.clearinghouse.offices.get(chart.coverages[0].payer) if chart.coverages else None
        if office is None or not self._documented(question, visit):
            return ()
        others = (
            clinician.npi for clinician in self.feed.clinicians(visit.clinic) if clinician.npi != visit.provider_npi
        )
        able = next((npi for npi in others if office.book.enrolled(npi, visit.service_on)), "")
        lines = (None, *range(1, len(visit.services) + 1)) if able else ()
        return tuple(Change(field="rendering_provider_id", value=able, line_number=line) for line in lines)

    def _documented(self, question: Question, visit: Visit) -> bool:
        """Tell whether the record supports the services asked about: then an appeal is worth its postage."""
        coverages = self.feed.chart(visit).patient.coverages
        member = coverages[0].member_id if coverages else ""
        codes = question.codes or tuple(service.code for service in visit.services)
        return all(truth.documented(self.draws, member, code, visit.service_on) for code in codes)

    def _reply(
        self,
        question: Question,
        parcel: Parcel,
        *,
        changes: tuple[Change, ...] = (),
        corrected: bool = False,
        documented: bool = False,
        message: str = "",
    ) -> Parcel:
        body: dict[str, Any] = {
            "question_id": question.question_id,
            "visit_number": question.visit_number,
            "changes": changes,
            "registration_corrected": corrected,
            "documented": documented,
            "message": message or ("see changes" if changes or corrected else "nothing to add"),
        }
        return json_parcel(
            "answer", question.clinic or parcel.receiver, parcel.sender, body, visit_number=question.visit_number
        )


def _about(question: Question) -> str:
    """Route a denial to who can answer: registration, the payer's authorization line, or the coder."""
    if question.about != "denial":
        return question.about
    if question.carc in AUTHORIZATION:
        return "authorization"
    return "registration" if question.carc in REGISTRATION else "denial"


def _fixes(question: Question, visit: Visit) -> tuple[Change, ...]:
    asked = [fix for fix in visit.fixes if fix.for_carc in {"", question.carc}]
    return tuple(Change(field=fix.field, value=fix.value, line_number=fix.line_number) for fix in asked)
