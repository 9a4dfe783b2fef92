"""Who somebody is: opened from the sealed identity for as long as a claim is checked and written."""

from datetime import date
from uuid import UUID

from claims.domain.directory import Address
from revcycle_kit.values import Value


class Person(Value, kw_only=True):
    """A human being as forms and X12 know one."""

    family: str = ""
    given: str = ""
    middle: str = ""
    birth_on: date | None = None
    sex: str = "U"
    address: Address = Address()
    phone: str = ""


class Subscriber(Value, kw_only=True):
    """Who holds a coverage, and under which numbers."""

    coverage_id: UUID
    person: Person = Person()
    member_id: str = ""
    group_number: str = ""


class EncounterIdentity(Value, kw_only=True):
    """Everything that says who the people of an encounter are."""

    patient: Person = Person()
    medical_record_number: str = ""
    visit_number: str = ""
    guarantor: Person = Person()
    subscribers: tuple[Subscriber, ...] = ()

    def subscriber(self, coverage_id: UUID) -> Subscriber:
        """Return who holds this coverage; an empty one where registration does not say."""
        for subscriber in self.subscribers:
            if subscriber.coverage_id == coverage_id:
                return subscriber
        return Subscriber(coverage_id=coverage_id)
