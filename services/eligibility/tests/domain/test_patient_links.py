"""Which encounter of a patient a message means."""

from datetime import date
from uuid import UUID

from eligibility.domain.facts import EncounterSent
from eligibility.domain.patient import Link, PatientIdentity, find_link
from eligibility.domain.people import Person

DAY = date(2026, 1, 5)


def sent(number: int = 99, **facts: object) -> EncounterSent:
    return EncounterSent(encounter_id=UUID(int=number), **facts)  # type: ignore[arg-type]


def link(number: int, **facts: object) -> Link:
    return Link(encounter_id=UUID(int=number), **facts)  # type: ignore[arg-type]


def meant(links: list[Link], told: EncounterSent) -> int | None:
    found = find_link(tuple(links), told)
    return found.encounter_id.int if found else None


def test_the_visit_number_decides() -> None:
    links = [link(1, visit_number="V1", account_number="A"), link(2, visit_number="V2", account_number="A")]
    assert 2 == meant(links, sent(visit_number="V2", account_number="A"))


def test_another_visit_of_the_same_account_is_another_encounter() -> None:
    assert meant([link(1, visit_number="V1", account_number="A")], sent(visit_number="V2", account_number="A")) is None


def test_the_account_decides_where_one_side_has_no_visit_number() -> None:
    assert 1 == meant([link(1, visit_number="V1", account_number="A")], sent(account_number="A"))
    assert 1 == meant([link(1, account_number="A")], sent(visit_number="V1", account_number="A"))


def test_of_several_visits_of_an_account_that_of_the_day_is_meant() -> None:
    links = [
        link(1, visit_number="V1", account_number="A", service_on=DAY),
        link(2, visit_number="V2", account_number="A", service_on=date(2026, 1, 9)),
    ]
    assert 1 == meant(links, sent(account_number="A", service_on=DAY))


def test_an_appointment_becomes_the_visit_of_its_day() -> None:
    booked = link(1, appointment_number="F1", service_on=DAY)
    assert 1 == meant([booked], sent(visit_number="V1", service_on=DAY))
    assert 1 == meant([booked], sent(visit_number="V1", appointment_number="F1", service_on=date(2026, 1, 6)))


def test_without_any_number_the_only_encounter_of_the_day_is_meant_and_never_one_of_two() -> None:
    one, two = link(1, visit_number="V1", service_on=DAY), link(2, visit_number="V2", service_on=DAY)
    assert 1 == meant([one], sent(service_on=DAY))
    assert meant([one, two], sent(service_on=DAY)) is None
    assert meant([one], sent(service_on=date(2026, 1, 6))) is None


def test_two_numbered_visits_on_one_day_stay_two() -> None:
    assert meant([link(1, visit_number="V1", service_on=DAY)], sent(visit_number="V2", service_on=DAY)) is None


def test_a_link_learns_every_number_under_which_its_encounter_is_spoken_of() -> None:
    identity = PatientIdentity(person=Person(), medical_record_number="M", assigner="H")
    identity, first = identity.linked(sent(1, visit_number="V1", service_on=DAY))
    identity, second = identity.linked(sent(2, account_number="A", service_on=DAY))
    assert first == second
    assert 1 == meant(list(identity.links), sent(3, account_number="A"))
