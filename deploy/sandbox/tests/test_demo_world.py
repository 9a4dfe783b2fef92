"""The demonstration world: who is in it, and that it is the same every time."""

from collections import Counter

import pytest

from revcycle_sandbox import demo_world, from_json, to_json
from revcycle_sandbox.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return demo_world(seed=1, encounters=400)


def is_npi(number: str) -> bool:
    """Check the Luhn digit over 80840 and the number."""
    digits = [int(digit) for digit in "80840" + number]
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(digits)]
    return len(number) == 10 and sum(doubled) % 10 == 0


def test_a_billing_company_with_its_clinics_payees_clinicians_and_payers(world: World) -> None:
    sizes = (len(world.clinics), len(world.billing_entities), len(world.providers), len(world.payers))
    assert (3, 2, 15, 7) == sizes
    kinds = Counter(payer.kind for payer in world.payers)
    assert {"medicare": 1, "medicaid": 1, "medicare_advantage": 1, "commercial": 3, "medigap": 1} == kinds


def test_every_npi_has_its_check_digit(world: World) -> None:
    npis = [entity.npi for entity in world.billing_entities]
    npis += [clinic.npi for clinic in world.clinics] + [provider.npi for provider in world.providers]
    assert is_npi("1234567893")
    assert [] == [npi for npi in npis if not is_npi(npi)]
    assert len(npis) == len(set(npis))


def test_the_same_seed_makes_the_same_world_and_another_seed_another(world: World) -> None:
    assert to_json(demo_world(seed=1, encounters=400)) == to_json(world)
    assert to_json(demo_world(seed=2, encounters=400)) != to_json(world)


def test_a_world_survives_json(world: World) -> None:
    assert world == from_json(to_json(world))


def test_as_many_visits_as_asked_for_each_of_a_known_patient_and_clinician(world: World) -> None:
    patients = {(patient.clinic, patient.mrn) for patient in world.patients}
    clinicians = {provider.npi: provider.clinics for provider in world.providers}
    assert 400 == len({visit.number for visit in world.visits})
    assert all((visit.clinic, visit.mrn) in patients for visit in world.visits)
    assert all(visit.clinic in clinicians[visit.provider_npi] for visit in world.visits)


def test_nobody_is_seen_twice_on_one_day(world: World) -> None:
    assert 1 == max(Counter((visit.mrn, visit.service_on) for visit in world.visits).values())


def test_no_code_is_a_cpt_code(world: World) -> None:
    """HCPCS Level II begins with a letter; five digits would be the AMA's."""
    codes = {item.code for item in world.chargemaster} | {code for payer in world.payers for code in payer.fees}
    codes |= {service.code for visit in world.visits for service in visit.services}
    assert [] == [code for code in codes if not (len(code) == 5 and code[0].isalpha() and code[1:].isdigit())]


def test_every_service_has_a_charge_and_every_coverage_a_member(world: World) -> None:
    charged = {item.code for item in world.chargemaster}
    members = {(member.payer, member.member_id) for member in world.members}
    assert {service.code for visit in world.visits for service in visit.services} <= charged
    real = {(coverage.payer, coverage.member_id) for patient in world.patients for coverage in patient.coverages}
    assert real <= members


def test_some_are_uninsured_some_have_a_second_payer_some_are_children(world: World) -> None:
    coverages = Counter(len(patient.coverages) for patient in world.patients)
    assert min(coverages[0], coverages[1], coverages[2]) > 0
    assert any(patient.guarantor_family for patient in world.patients)
    assert {"MB"} == {payer.filing_indicator for payer in world.payers if payer.kind == "medicare"}
