"""What a payer gets wrong at first: stated by a scenario, or drawn."""

from typing import Final

from revcycle_sandbox.behaviour import Mistake
from revcycle_sandbox.cents import share
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.payer.book import Record
from revcycle_sandbox.payer.case import Case

WRONG_REASONS: Final = (("CO", "50", ()), ("CO", "197", ()), ("CO", "16", ("N290",)))
"""What wrong refusals look like."""
OVERPAID_BASIS_POINTS: Final = 12_500


def stated_mistakes(record: Record) -> dict[int, Mistake]:
    """Give the lines of which a rule says that the payer gets them wrong."""
    rules = [rule for rule in record.rules if isinstance(rule, Mistake)]
    return {
        line.number: rule
        for rule in rules
        for line in record.claim.lines
        if rule.code in ("", line.code, line.revenue_code)
    }


def drawn_mistakes(case: Case, draws: Draws) -> dict[int, Mistake]:
    """Draw the lines that the payer gets wrong: refused without cause, or overpaid and later taken back."""
    habits, claim = case.payer.behaviour, case.claim
    found: dict[int, Mistake] = {}
    for line in claim.lines:
        key = (case.payer.code, claim.person, line.code, str(line.service_on))
        if draws.chance(habits.denied_by_mistake, "denied by mistake", *key):
            group, carc, remarks = draws.pick(WRONG_REASONS, "wrong reason", *key)
            found[line.number] = Mistake(does="deny", group=group, carc=carc, remarks=remarks)
        elif draws.chance(habits.overpaid, "overpaid", *key):
            fee = share(case.payer.fees.get(line.code, 0), OVERPAID_BASIS_POINTS)
            days = draws.between(60, 240, "takeback days", *key)
            if fee:
                found[line.number] = Mistake(does="price", fee_cents=fee, corrected_after_days=days)
    return found
