"""The people of the demonstration, and under which plans they are covered."""

from datetime import date, timedelta
from typing import Final

import msgspec

from revcycle_sandbox.demo.names import FAMILIES, MEN, STREETS, WOMEN, medicare_number
from revcycle_sandbox.demo.payers import ADVANTAGE, HARBOR, MEDICAID, MEDICARE, MEDIGAP, SECONDARY, SUMMIT
from revcycle_sandbox.demo.places import GENERAL, NORTH, ORTHO
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.people import Address, Patient, Presented
from revcycle_sandbox.world import Member, OtherPayer, Span

COVERED_SINCE: Final = date(2021, 1, 1)
ELDERLY: Final = frozenset({"medicare", "medicare_gap", "medicare_qmb", "advantage"})
_MIX: Final = {
    "medicare": 9,
    "medicare_gap": 9,
    "medicare_qmb": 3,
    "advantage": 14,
    "medicaid": 12,
    "summit_ppo": 18,
    "summit_hdhp": 8,
    "harbor": 13,
    "harbor_secondary": 6,
    "uninsured": 8,
}
_CLINICS: Final = {NORTH: 52, ORTHO: 24, GENERAL: 24}
_CHILDREN: Final = 1_500
"""Basis points of commercial patients who are children covered through a parent."""
_PLANS: Final = {
    "medicare": ((MEDICARE, "MCR-B"),),
    "medicare_gap": ((MEDICARE, "MCR-B"), (MEDIGAP, "GAP-G")),
    "medicare_qmb": ((MEDICARE, "MCR-B"), (MEDICAID, "MCD")),
    "advantage": ((ADVANTAGE, "MAP-HMO"),),
    "medicaid": ((MEDICAID, "MCD"),),
    "summit_ppo": ((SUMMIT, "SUM-PPO"),),
    "summit_hdhp": ((SUMMIT, "SUM-HDHP"),),
    "harbor": ((HARBOR, "HAR-EPO"),),
    "harbor_secondary": ((HARBOR, "HAR-EPO"), (SECONDARY, "SEC-COB")),
    "uninsured": (),
}
_PREFIXES: Final = {MEDICAID: "MD", ADVANTAGE: "AV", SUMMIT: "SU", HARBOR: "HB", SECONDARY: "LK", MEDIGAP: "GP"}


class Household(msgspec.Struct, frozen=True, kw_only=True):
    """A patient with the memberships behind the coverages."""

    patient: Patient
    members: tuple[Member, ...]
    coverage: str


def household(draws: Draws, number: int) -> Household:
    """Invent one patient."""
    key = f"patient {number}"
    coverage = draws.weighted(_MIX, key, "coverage")
    clinic = draws.weighted(_CLINICS, key, "clinic")
    commercial = coverage.startswith(("summit", "harbor"))
    child = commercial and clinic != ORTHO and draws.chance(_CHILDREN, key, "child")
    patient = _person(draws, key, f"{clinic[0]}{100_000 + number}", clinic, coverage, child=child)
    members = tuple(_member(draws, key, payer, plan, patient) for payer, plan in _PLANS[coverage])
    members = _linked(members, coverage)
    presented = tuple(present(member, patient) for member in members)
    return Household(patient=msgspec.structs.replace(patient, coverages=presented), members=members, coverage=coverage)


def _person(draws: Draws, key: str, mrn: str, clinic: str, coverage: str, *, child: bool) -> Patient:
    sex = draws.pick(("F", "M"), key, "sex")
    family = draws.pick(FAMILIES, key, "family")
    low, high = (66, 90) if coverage in ELDERLY else (3, 16) if child else (19, 63)
    born = date(2026, 1, 1) - timedelta(days=draws.between(low * 365, high * 365, key, "born"))
    parent = {}
    if child:
        parent = {
            "guarantor_family": family,
            "guarantor_given": draws.pick(WOMEN, key, "parent"),
            "guarantor_birth_on": date(1985, 1, 1) + timedelta(days=draws.below(3_000, key, "parent born")),
            "guarantor_number": f"G{mrn}",
        }
    return Patient(
        mrn=mrn,
        clinic=clinic,
        family=family,
        given=draws.pick(WOMEN if sex == "F" else MEN, key, "given"),
        birth_on=born,
        sex=sex,
        address=_home(draws, key),
        phone=f"518555{draws.below(10_000, key, 'phone'):04}",
        **parent,  # type: ignore[arg-type]
    )


def _home(draws: Draws, key: str) -> Address:
    house = draws.between(1, 980, key, "house")
    street = draws.pick(STREETS, key, "street")
    return Address(
        line1=f"{house} {street}", city="ALBANY", state="NY", postal_code=f"1220{draws.between(1, 9, key, 'zip')}0001"
    )


def _member(draws: Draws, key: str, payer: str, plan: str, patient: Patient) -> Member:
    """Enroll the patient, or the parent through whom a child is covered."""
    dependents = ((patient.given, patient.birth_on),) if patient.guarantor_family else ()
    return Member(
        member_id=member_number(draws, key, payer),
        payer=payer,
        family=patient.guarantor_family or patient.family,
        given=patient.guarantor_given or patient.given,
        birth_on=patient.guarantor_birth_on or patient.birth_on,
        sex="U" if dependents else patient.sex,
        spans=(Span(plan=plan, begins_on=COVERED_SINCE),),
        dependents=dependents,
        group_number="" if payer in {MEDICARE, MEDICAID} else f"GRP{draws.between(100, 180, key, payer)}",
    )


def member_number(draws: Draws, key: str, payer: str) -> str:
    """Invent a member id as this payer writes them."""
    if payer == MEDICARE:
        return medicare_number(draws, key)
    return f"{_PREFIXES[payer]}{draws.digits(9, key, payer, 'member')}"


def _linked(members: tuple[Member, ...], coverage: str) -> tuple[Member, ...]:
    """Tell the payers of each other: who pays first, and to whom Medicare forwards."""
    if len(members) < 2:  # noqa: PLR2004 - one coverage has no order
        return members
    first, second = members
    second = msgspec.structs.replace(second, pays_after=OtherPayer(payer=first.payer, since=COVERED_SINCE))
    if coverage == "medicare_gap":
        first = msgspec.structs.replace(first, crossover_payer=second.payer, crossover_member_id=second.member_id)
    if coverage == "medicare_qmb":
        first = msgspec.structs.replace(first, qmb=True)
    return first, second


def present(member: Member, patient: Patient) -> Presented:
    """Write a membership down as a card shown at the desk."""
    if not patient.guarantor_family:
        return Presented(
            payer=member.payer,
            member_id=member.member_id,
            group_number=member.group_number,
            begins_on=member.spans[0].begins_on,
        )
    return Presented(
        payer=member.payer,
        member_id=member.member_id,
        group_number=member.group_number,
        relationship="19",
        subscriber_family=member.family,
        subscriber_given=member.given,
        subscriber_birth_on=member.birth_on,
        begins_on=member.spans[0].begins_on,
    )
