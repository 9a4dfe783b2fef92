"""Who pays first, and why."""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from eligibility.domain.directory import PayerKind
from eligibility.domain.primacy import Contender, Patient, decide_order

ADULT = Patient(birth_on=date(1980, 1, 1), service_on=date(2026, 1, 5))
ELDER = Patient(birth_on=date(1950, 1, 1), service_on=date(2026, 1, 5))


def plan(number: int, kind: PayerKind = "commercial", **facts: object) -> Contender:
    return Contender(coverage_id=UUID(int=number), kind=kind, **{"sent_order": number, **facts})  # type: ignore[arg-type]


def first_of(*coverages: Contender, patient: Patient = ADULT) -> tuple[int, str]:
    order = decide_order(list(coverages), patient)
    assert order.reason
    return order.coverage_ids[0].int, order.rule


def test_the_subscribers_own_plan_pays_before_a_spouses() -> None:
    assert (2, "non_dependent_first") == first_of(plan(1, relationship="01"), plan(2))


def test_the_parent_whose_birthday_comes_first_in_the_year_pays_first() -> None:
    father = plan(1, relationship="19", subscriber_birth_on=date(1975, 9, 1))
    mother = plan(2, relationship="19", subscriber_birth_on=date(1982, 3, 1))
    assert (2, "birthday") == first_of(father, mother)


def test_medicaid_is_the_payer_of_last_resort() -> None:
    assert (2, "medicaid_last") == first_of(plan(1, "medicaid"), plan(2))
    assert (2, "medicaid_last") == first_of(plan(1, "medicaid"), plan(2, "medicare"))


def test_a_supplement_follows_medicare() -> None:
    assert (2, "medigap_supplements") == first_of(plan(1, "medigap"), plan(2, "medicare"), patient=ELDER)


def test_workers_compensation_pays_before_everything() -> None:
    assert (2, "accident_first") == first_of(plan(1, "medicare"), plan(2, "workers_compensation"), patient=ELDER)


def test_a_large_group_plan_of_current_employment_pays_before_medicare() -> None:
    group = plan(2, active_employment=True, employer_size=20)
    assert (2, "msp_group_first") == first_of(plan(1, "medicare"), group, patient=ELDER)


def test_a_small_or_former_employers_plan_pays_after_medicare() -> None:
    small = plan(1, active_employment=True, employer_size=19)
    former = plan(1, active_employment=False, employer_size=500)
    assert (2, "medicare_first") == first_of(small, plan(2, "medicare"), patient=ELDER)
    assert (2, "medicare_first") == first_of(former, plan(2, "medicare"), patient=ELDER)


def test_for_the_disabled_the_group_must_have_a_hundred_employees() -> None:
    fifty = plan(1, active_employment=True, employer_size=50)
    hundred = plan(1, active_employment=True, employer_size=100)
    assert (2, "medicare_first") == first_of(fifty, plan(2, "medicare"))
    assert (1, "msp_group_first") == first_of(hundred, plan(2, "medicare"))


def test_where_no_rule_decides_the_registrations_order_is_kept() -> None:
    assert (1, "sender_order") == first_of(plan(1), plan(2))
    assert (1, "sender_order") == first_of(plan(1), plan(2, "medicare"), patient=ELDER)


def test_the_longer_coverage_decides_between_two_that_registration_does_not_order() -> None:
    older = plan(2, begins_on=date(2020, 1, 1), sent_order=1)
    assert (2, "longer_coverage") == first_of(plan(1, begins_on=date(2024, 1, 1)), older)


def test_one_coverage_and_none_need_no_rule() -> None:
    assert "only_one" == decide_order([plan(1)], ADULT).rule
    assert ("none", ()) == (decide_order([], ADULT).rule, decide_order([], ADULT).coverage_ids)


KINDS = st.sampled_from(["medicare", "medicaid", "commercial", "medigap", "workers_compensation", "other"])


@given(st.lists(st.tuples(KINDS, st.sampled_from(["18", "01", "19"])), min_size=1, max_size=5), st.randoms())
def test_the_order_does_not_depend_on_how_coverages_are_listed(
    told: list[tuple[PayerKind, str]], randomness: object
) -> None:
    coverages = [plan(number, kind, relationship=relation) for number, (kind, relation) in enumerate(told, start=1)]
    shuffled = list(coverages)
    randomness.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = decide_order(coverages, ELDER), decide_order(shuffled, ELDER)
    assert {each.coverage_id for each in coverages} == set(one.coverage_ids)
    if len({(each.kind, each.relationship) for each in coverages}) == len(coverages) == 2:
        assert one.coverage_ids == other.coverage_ids
