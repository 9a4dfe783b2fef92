"""The patient as registration knows one: record numbers, encounters by their numbers, merges."""

from datetime import date
from uuid import UUID

from eligibility.domain.facts import EncounterSent, GuarantorSent, PatientSent
from eligibility.domain.people import Person
from revcycle_kit.values import Value, replace


class Link(Value, kw_only=True):
    """An encounter of the patient, with every number under which a sender may speak of it."""

    encounter_id: UUID
    visit_number: str = ""
    account_number: str = ""
    appointment_number: str = ""
    service_on: date | None = None

    def joined(self, sent: EncounterSent) -> "Link":
        """Return the link with the numbers that this message adds."""
        return Link(
            encounter_id=self.encounter_id,
            visit_number=self.visit_number or sent.visit_number,
            account_number=self.account_number or sent.account_number,
            appointment_number=self.appointment_number or sent.appointment_number,
            service_on=sent.service_on or self.service_on or sent.reported_on,
        )


class PatientIdentity(Value, kw_only=True):
    """Who the patient is: the part that rests sealed."""

    person: Person
    medical_record_number: str
    assigner: str
    guarantor: GuarantorSent | None = None
    links: tuple[Link, ...] = ()

    def updated(self, sent: PatientSent, guarantor: GuarantorSent | None) -> "PatientIdentity":
        """Return the identity as told later: what is left out stays, what is cleared goes."""
        person = self.person.updated_by(sent.person)
        blank = {name: getattr(Person(), name) for name in sent.cleared if name in person.__struct_fields__}
        return replace(self, person=replace(person, **blank), guarantor=guarantor or self.guarantor)

    def linked(self, sent: EncounterSent) -> tuple["PatientIdentity", UUID]:
        """Return the identity with this encounter linked, and the id of the encounter that is meant."""
        known = find_link(self.links, sent)
        link = (known or Link(encounter_id=sent.encounter_id)).joined(sent)
        others = [other for other in self.links if other.encounter_id != link.encounter_id]
        return replace(self, links=(*others, link)), link.encounter_id

    def absorbing(self, links: tuple[Link, ...]) -> "PatientIdentity":
        """Return the identity with the encounters of a merged record."""
        own = {link.encounter_id for link in self.links}
        return replace(self, links=(*self.links, *(link for link in links if link.encounter_id not in own)))


class Patient(Value, kw_only=True):
    """A patient's record; `identity` is sealed, `record_hash` finds it by its record number."""

    patient_id: UUID
    record_hash: str
    identity: str
    merged_into: UUID | None = None


def find_link(links: tuple[Link, ...], sent: EncounterSent) -> Link | None:
    """
    Find the encounter a message means among those known.

    By visit number; else by account or appointment, if no visit number contradicts; else the only encounter of
    that day with which no number is at odds.
    """
    same = next((link for link in links if link.encounter_id == sent.encounter_id), None)
    by_visit = next((link for link in links if sent.visit_number and link.visit_number == sent.visit_number), None)
    if by_visit or same:
        return by_visit or same
    open_links = [link for link in links if not (sent.visit_number and link.visit_number)]
    return (
        _by(open_links, "account_number", sent)
        or _by(open_links, "appointment_number", sent)
        or _that_day(open_links, sent)
    )


def _by(links: list[Link], number: str, sent: EncounterSent) -> Link | None:
    wanted = getattr(sent, number)
    found = [link for link in links if wanted and getattr(link, number) == wanted]
    day = sent.service_on or sent.reported_on
    return next((link for link in found if link.service_on == day), found[-1] if found else None)


def _that_day(links: list[Link], sent: EncounterSent) -> Link | None:
    """Find the only encounter of the day with which no number sent is at odds."""
    day = sent.service_on or sent.reported_on
    at_odds = {link.encounter_id for link in links if sent.account_number and link.account_number}
    candidates = [link for link in links if link.service_on == day and link.encounter_id not in at_odds]
    return candidates[0] if day and len(candidates) == 1 else None
