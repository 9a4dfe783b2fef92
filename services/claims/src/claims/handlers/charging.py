"""Charges: priced and posted, taken back, or waiting for a coder."""

from collections.abc import Iterable

from claims import consumed, published
from claims import events as say
from claims.domain.charging import post, priced, receive, recoded
from claims.domain.claims import UNSENT
from claims.domain.coding import missing
from claims.domain.encounters import Charge
from claims.domain.ledger import CHARGES, RECEIVABLE, Entry, Stamp, moved
from claims.handlers.case import Case
from claims.messages import CompleteCoding
from claims.storage import ClaimsWork
from revcycle_kit.money import Cents
from revcycle_kit.values import replace


async def receive_charges(event: consumed.ChargesReceived, work: ClaimsWork) -> None:
    """Price and post what the EHR handed over; what cannot be billed as it is goes to the coding worklist."""
    case = Case(work)
    case.encounter = receive(case.encounter, event.charges, event.diagnoses, complete=event.complete)
    charge(case, by="rules")
    case.save()


async def complete_coding(command: CompleteCoding, work: ClaimsWork) -> None:
    """Take a coder's answer: codes, diagnoses, provider; then the encounter goes on."""
    case = Case(work)
    codes = {line.line_id: line for line in command.lines}
    case.encounter = recoded(case.encounter, codes, command.diagnoses)
    if command.rendering_provider_id is not None:
        case.encounter = replace(case.encounter, rendering_provider_id=command.rendering_provider_id)
    charge(case, by="coder")
    case.save()


def charge(case: Case, *, by: str) -> None:
    """Post what has a price, take back what was credited, and say whether a coder is needed."""
    work = case.work
    prices = work.prices.find(case.encounter.billing_entity_id)
    encounter = priced(case.encounter, prices.prices if prices else None)
    late = any(claim.state not in UNSENT | {"voided"} for claim in case.claims.values())
    case.encounter, posted, gone = post(encounter, case.today)
    if posted:
        work.publish(say.charges_posted(encounter.encounter_id, posted, case.today, late=late))
        case.post(_charged(case, posted))
    if gone:
        _told_reversal(case, gone)
    _coding(case, by)
    if late or case.encounter.self_pay:
        case.settle("charges changed")
    case.schedule()


def take_back(case: Case, charges: tuple[Charge, ...]) -> None:
    """Reverse the charges of a cancelled encounter: they stand again if it takes place after all."""
    if not charges:
        return
    gone = tuple(replace(charge, reversed_on=case.today, cancelled=True) for charge in charges)
    ids = {charge.line_id: charge for charge in gone}
    case.encounter = replace(
        case.encounter, charges=tuple(ids.get(charge.line_id, charge) for charge in case.encounter.charges)
    )
    _told_reversal(case, gone)


def _told_reversal(case: Case, gone: tuple[Charge, ...]) -> None:
    case.work.publish(say.charges_reversed(case.encounter.encounter_id, gone, case.today))
    case.post(_charged(case, gone, sign=-1))


def _coding(case: Case, by: str) -> None:
    """Say once that a coder is needed, and once that coding is complete."""
    before = case.encounter.coding
    lacks = missing(case.encounter)
    if lacks:
        case.encounter = replace(case.encounter, coding="waiting")
        case.work.publish(say.coding_needed(case.encounter.encounter_id, lacks, case.work.now))
    elif case.encounter.charges:
        case.encounter = replace(case.encounter, coding="done")
        if before != "done":
            case.work.publish(
                published.CodingCompleted(
                    encounter_id=case.encounter.encounter_id,
                    by="coder" if by == "coder" else "rules",
                    completed_at=case.work.now,
                )
            )


def _charged(case: Case, charges: Iterable[Charge], sign: int = 1) -> tuple[Entry, ...]:
    stamp = Stamp(service_on=case.encounter.service_on, posted_on=case.today)
    cents = sum(charge.charge_cents or 0 for charge in charges)
    return moved(RECEIVABLE, CHARGES, Cents(sign * cents), stamp)
