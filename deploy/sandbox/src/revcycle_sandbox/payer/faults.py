"""What goes wrong with a remittance file on purpose: seeded, or stated by a scenario."""

import msgspec

from revcycle_sandbox.behaviour import Unbalanced
from revcycle_sandbox.claims import Adjustment, Decision, LineDecision
from revcycle_sandbox.payer.book import Record
from revcycle_sandbox.payer.clocks import Clocks
from revcycle_sandbox.payer.news import Remittance


class Faulty(msgspec.Struct, frozen=True, kw_only=True):
    """The file as first sent, and what comes after it, with the days between."""

    first: Remittance
    later: tuple[tuple[int, Remittance], ...] = ()


def with_faults(remittance: Remittance, entries: list[tuple[Record, Decision]], clocks: Clocks) -> Faulty:
    """Spoil a file where a rule or the dice say so."""
    right = _respelled(remittance, clocks)
    shortages = {}
    days = 0
    for record, decision in entries:
        rule = _unbalanced(record, decision, clocks)
        if rule is not None:
            shortages[decision.control_number] = rule.short_cents
            days = max(days, rule.corrected_after_days)
    if shortages:
        decisions = tuple(_short(decision, shortages.get(decision.control_number, 0)) for decision in right.decisions)
        wrong = msgspec.structs.replace(right, decisions=decisions)
        return Faulty(first=wrong, later=((days, msgspec.structs.replace(right, copy=2)),))
    if clocks.draws.chance(clocks.behaviour.faults.file_repeated, "file repeated", remittance.trace):
        return Faulty(first=right, later=((1, msgspec.structs.replace(right, copy=2)),))
    return Faulty(first=right)


def _unbalanced(record: Record, decision: Decision, clocks: Clocks) -> Unbalanced | None:
    if decision.adjusted("CO", "45") <= 0 or record.claim.frequency != "1":
        return None
    stated = [rule for rule in record.rules if isinstance(rule, Unbalanced)]
    if stated:
        return stated[0]
    key = decision.control_number
    if clocks.draws.chance(clocks.behaviour.faults.claim_unbalanced, "unbalanced", key):
        return Unbalanced(short_cents=min(100, decision.adjusted("CO", "45")))
    return None


def _short(decision: Decision, cents: int) -> Decision:
    """Take an amount off the first CO-45 of a claim, so that the claim does not add up."""
    if not cents or decision.reversal:
        return decision
    lines = list(decision.lines)
    for position, line in enumerate(lines):
        if any(
            (adjustment.group, adjustment.carc) == ("CO", "45") and adjustment.amount_cents >= cents
            for adjustment in line.adjustments
        ):
            lines[position] = _shorten(line, cents)
            break
    return msgspec.structs.replace(decision, lines=tuple(lines))


def _shorten(line: LineDecision, cents: int) -> LineDecision:
    kept = tuple(
        Adjustment(
            adjustment.group,
            adjustment.carc,
            adjustment.amount_cents - cents * ((adjustment.group, adjustment.carc) == ("CO", "45")),
        )
        for adjustment in line.adjustments
    )
    return msgspec.structs.replace(line, adjustments=kept)


def _respelled(remittance: Remittance, clocks: Clocks) -> Remittance:
    """Write some control numbers in another case and drop some modifiers, as some payers do."""
    faults = clocks.behaviour.faults
    if not faults.control_number_case and not faults.modifier_dropped:
        return remittance
    decisions = tuple(_respell(decision, clocks) for decision in remittance.decisions)
    return msgspec.structs.replace(remittance, decisions=decisions)


def _respell(decision: Decision, clocks: Clocks) -> Decision:
    draws, faults, key = clocks.draws, clocks.behaviour.faults, decision.control_number
    claim, lines = decision.claim, decision.lines
    if draws.chance(faults.control_number_case, "case", key):
        lowered = claim.patient_control_number.lower()
        claim = msgspec.structs.replace(claim, patient_control_number=lowered)
    if draws.chance(faults.modifier_dropped, "modifier", key):
        lines = tuple(
            msgspec.structs.replace(line, line=msgspec.structs.replace(line.line, modifiers=())) for line in lines
        )
    return msgspec.structs.replace(decision, claim=claim, lines=lines)
