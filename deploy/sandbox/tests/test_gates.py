"""Every gate refuses for its own cause, with its own codes, and a cured cause is paid."""

from typing import Any

import pytest

from revcycle_sandbox.payer.book import Authorization
from revcycle_sandbox.world import Bundle, Enrollment, ModifierRule, NecessityRule, OtherPayer, Plan, Span

PLAN = Plan(code="PLAN", payer="PPO01")


def decide(make: Any, *lines: Any, payer: Any = None, plan: Plan = PLAN, member: Any = None, **parts: Any) -> Any:
    """Send one claim and give the decision on it."""
    place = make.town([payer or make.payer(fees={"G0463": 100_00})], [plan], [member or make.member()])
    for enrollment in parts.pop("enrollments", ()):
        place.clearinghouse.offices["PPO01"].book.enrollments[enrollment.npi].append(enrollment)
    for authorization in parts.pop("authorizations", ()):
        place.clearinghouse.offices["PPO01"].book.authorizations[authorization.number] = authorization
    place.send(make.day(1), make.claim("C1", *lines, **parts))
    place.pass_until(make.day(30))
    return place.decisions[0]


def reasons(decision: Any) -> list[str]:
    return [f"{adjustment.group}-{adjustment.carc}" for line in decision.lines for adjustment in line.adjustments]


def test_coverage_not_yet_begun_is_pr_26(make: Any) -> None:
    member = make.member(spans=(Span(plan="PLAN", begins_on=make.day(5)),))
    assert ["PR-26"] == reasons(decide(make, make.line("G0463", 150_00), member=member))


def test_an_end_that_the_payer_does_not_know_yet_does_not_count(make: Any) -> None:
    """Ended before the service, known only after the decision: paid."""
    span = Span(plan="PLAN", begins_on=make.day(-90), ends_on=make.day(-1), end_known_on=make.day(60))
    assert ["CO-45"] == reasons(decide(make, make.line("G0463", 150_00), member=make.member(spans=(span,))))


def test_another_payer_comes_first(make: Any) -> None:
    member = make.member(pays_after=OtherPayer(payer="FIRST", since=make.day(-100)))
    assert ["CO-22"] == reasons(decide(make, make.line("G0463", 150_00), member=member))


def test_a_clinician_not_credentialed_on_the_day_is_b7(make: Any) -> None:
    later = Enrollment(payer="PPO01", npi="1245319599", effective_on=make.day(10))
    assert ["CO-B7"] == reasons(decide(make, make.line("G0463", 150_00), enrollments=(later,)))


def authorized(make: Any, units: int) -> Authorization:
    parts: dict[str, Any] = {"begins_on": make.day(0), "ends_on": make.day(90), "units": units}
    return Authorization(number="A1", person="M1|1980-01-01", codes=("G0463",), **parts)


@pytest.mark.parametrize(("units", "number", "expected"), [(1, "A1", "CO-45"), (1, "", "CO-197"), (0, "A1", "CO-198")])
def test_an_authorization_is_named_and_has_units_left(make: Any, units: int, number: str, expected: str) -> None:
    plan = Plan(code="PLAN", payer="PPO01", authorization_codes=("G0463",))
    known = (authorized(make, units),)
    line = make.line("G0463", 150_00)
    assert [expected] == reasons(decide(make, line, plan=plan, authorization=number, authorizations=known))


def test_a_service_the_plan_does_not_cover_is_the_patients(make: Any) -> None:
    plan = Plan(code="PLAN", payer="PPO01", not_covered=("G0463",))
    assert ["PR-204"] == reasons(decide(make, make.line("G0463", 150_00), plan=plan))


def test_units_beyond_the_years_limit_are_pr_119(make: Any) -> None:
    """Two of three units stand on earlier lines of the claim: the third line goes over."""
    plan = Plan(code="PLAN", payer="PPO01", limits={"G0463": 2})
    lines = [make.line("G0463", 150_00, number, modifiers=(f"7{number}",)) for number in (1, 2, 3)]
    assert ["CO-45", "CO-45", "PR-119"] == reasons(decide(make, *lines, plan=plan))


def test_a_modifier_that_is_needed_only_beside_another_code(make: Any) -> None:
    rule = ModifierRule(code="G0463", any_of=("25",), beside=("G0127",))
    payer = make.payer(fees={"G0463": 100_00, "G0127": 20_00}, modifiers=(rule,))
    alone = decide(make, make.line("G0463", 150_00), payer=payer)
    together = decide(make, make.line("G0463", 150_00), make.line("G0127", 50_00, 2), payer=payer)
    assert (["CO-45"], ["CO-4", "CO-45"]) == (reasons(alone), reasons(together))


@pytest.mark.parametrize(("modifiers", "expected"), [((), "CO-97"), (("59",), "CO-45")])
def test_a_modifier_unbundles_where_the_edit_allows_it(make: Any, modifiers: tuple[str, ...], expected: str) -> None:
    payer = make.payer(fees={}, bundles=(Bundle(column1="G0463", column2="G0127"),))
    lines = make.line("G0463", 150_00), make.line("G0127", 50_00, 2, modifiers=modifiers)
    assert expected == reasons(decide(make, *lines, payer=payer))[1]


def test_more_units_than_likely_in_a_day_are_co_151(make: Any) -> None:
    payer = make.payer(units_max={"J1885": 8})
    assert ["CO-151"] == reasons(decide(make, make.line("J1885", 150_00, units=9), payer=payer))


@pytest.mark.parametrize(("modifiers", "expected"), [((), "CO-50"), (("GA",), "PR-50")])
def test_a_waiver_on_file_makes_the_patient_liable_for_what_is_not_necessary(
    make: Any, modifiers: tuple[str, ...], expected: str
) -> None:
    payer = make.payer(necessity=(NecessityRule(code="G0447", diagnoses=("E66", "Z68")),))
    line = make.line("G0447", 60_00, diagnoses=("Z713",), modifiers=modifiers)
    assert [expected] == reasons(decide(make, line, payer=payer))


def test_a_supported_diagnosis_passes_the_necessity_gate(make: Any) -> None:
    payer = make.payer(necessity=(NecessityRule(code="G0447", diagnoses=("E66",)),))
    assert ["CO-45"] == reasons(decide(make, make.line("G0447", 60_00, diagnoses=("E6601",)), payer=payer))


def test_the_first_refusing_gate_speaks_and_other_lines_go_on(make: Any) -> None:
    """The first line lacks authorization and necessity: authorization comes first. The second is paid."""
    plan = Plan(code="PLAN", payer="PPO01", authorization_codes=("G0447",))
    payer = make.payer(fees={"G0463": 100_00}, necessity=(NecessityRule(code="G0447", diagnoses=("E66",)),))
    decision = decide(make, make.line("G0447", 60_00), make.line("G0463", 150_00, 2), payer=payer, plan=plan)
    assert (["CO-197", "CO-45"], 100_00) == (reasons(decision), decision.paid_cents)


def test_medicare_calls_a_claim_without_information_unprocessable_and_takes_it_again_as_new(make: Any) -> None:
    """CO-16 with MA130: the new claim is no duplicate."""
    medicare = make.payer(kind="medicare", fees={"G0463": 100_00}, unspecified=("M25569",))
    place = make.town([medicare], [PLAN], [make.member()])
    place.send(make.day(1), make.claim("C1", make.line("G0463", 150_00, diagnoses=("M25569",))))
    place.send(make.day(20), make.claim("C2", make.line("G0463", 150_00, diagnoses=("M25561",))))
    place.pass_until(make.day(40))
    refused, paid = place.decisions
    assert (["CO-16"], True) == (reasons(refused), "MA130" in refused.remarks)
    assert 98_00 == paid.paid_cents


def test_a_denied_claim_sent_again_as_new_is_a_duplicate(make: Any) -> None:
    place = make.town([make.payer(unspecified=("M25569",))], [PLAN], [make.member()])
    place.send(make.day(1), make.claim("C1", make.line("G0463", 150_00, diagnoses=("M25569",))))
    place.send(make.day(20), make.claim("C2", make.line("G0463", 150_00, diagnoses=("M25561",))))
    place.pass_until(make.day(40))
    assert [["CO-16"], ["OA-18"]] == [reasons(decision) for decision in place.decisions]


def test_a_capitated_service_closes_with_co_24(make: Any) -> None:
    plan = Plan(code="PLAN", payer="PPO01", capitated=("G0463",))
    assert ["CO-24"] == reasons(decide(make, make.line("G0463", 150_00), plan=plan))


def test_without_a_contract_the_excess_is_the_patients(make: Any) -> None:
    payer = make.payer(fees={"G0463": 100_00}, contracted=False, excess_group="PR")
    assert ["PR-45"] == reasons(decide(make, make.line("G0463", 150_00), payer=payer))


def test_second_procedures_are_paid_at_half(make: Any) -> None:
    """The dearest in full, whichever line it stands on."""
    payer = make.payer(fees={"G0105": 900_00, "G0121": 1_000_00}, reduced=("G0105", "G0121"))
    decision = decide(make, make.line("G0105", 2_000_00), make.line("G0121", 2_000_00, 2), payer=payer)
    assert [450_00, 1_000_00] == [line.paid_cents for line in decision.lines]
