"""Charging an encounter: what is priced is posted, what was credited is taken back, what lacks a code waits."""

from collections.abc import Iterable
from typing import Literal

from claims.domain.balances import settle_case
from claims.domain.billing import schedule
from claims.domain.case import EncounterCase
from claims.domain.charging import post, priced
from claims.domain.claims import UNSENT, ClaimState
from claims.domain.coding import missing
from claims.domain.encounters import Charge, CodingState
from claims.domain.facts import ChargesPosted, ChargesReversed, CodingCompleted, CodingNeeded
from claims.domain.ledger import CHARGES, RECEIVABLE, Entry, Stamp, moved
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import replace

Coder = Literal["rules", "coder"]


def charge(case: EncounterCase, by: Coder) -> EncounterCase:
    """Post what has a price, take back what was credited, and say whether a coder is needed."""
    late = any(claim.state not in UNSENT | {ClaimState.VOIDED} for claim in case.claims.values())
    encounter, posted, reversed_now = post(priced(case.encounter, case.context.prices), case.today)
    case = replace(case, encounter=encounter)
    if posted:
        case = case.announce(ChargesPosted(charges=posted, late=late)).post(_entries(case, posted))
    if reversed_now:
        case = _reverse(case, reversed_now)
    case = _code(case, by)
    if late or case.encounter.self_pay:
        case = settle_case(case, "charges changed")
    return schedule(case)


def take_back(case: EncounterCase) -> EncounterCase:
    """Reverse the charges of a cancelled encounter: they stand again if it takes place after all."""
    taken_back = {
        charge.line_id: replace(charge, reversed_on=case.today, cancelled=True)
        for charge in case.encounter.billable_charges
    }
    if not taken_back:
        return case
    charges = tuple(taken_back.get(charge.line_id, charge) for charge in case.encounter.charges)
    case = replace(case, encounter=replace(case.encounter, charges=charges))
    return _reverse(case, tuple(taken_back.values()))


def _reverse(case: EncounterCase, charges: tuple[Charge, ...]) -> EncounterCase:
    return case.announce(ChargesReversed(charges=charges)).post(_entries(case, charges, sign=-1))


def _code(case: EncounterCase, by: Coder) -> EncounterCase:
    """Say that a coder is needed, again only where something else is missing, and once that coding is complete."""
    before = case.encounter.coding
    lacks = missing(case.encounter)
    if lacks:
        case = replace(case, encounter=replace(case.encounter, coding=CodingState.WAITING))
        said_already = before == CodingState.WAITING and lacks == missing(case.former)
        return case if said_already else case.announce(CodingNeeded(missing=lacks))
    if not case.encounter.charges:
        return case
    case = replace(case, encounter=replace(case.encounter, coding=CodingState.DONE))
    return case if before == CodingState.DONE else case.announce(CodingCompleted(by=by))


def _entries(case: EncounterCase, charges: Iterable[Charge], sign: int = 1) -> tuple[Entry, ...]:
    stamp = Stamp(service_on=case.encounter.service_on, posted_on=case.today)
    cents = sum(charge.charge_cents or ZERO for charge in charges)
    return moved(RECEIVABLE, CHARGES, Cents(sign * cents), stamp)
