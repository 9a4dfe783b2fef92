"""Gates 11 and 12: the price of a line, and the patient's share of it."""

from decimal import Decimal
from typing import Final

import msgspec

from revcycle_sandbox.cents import share, times
from revcycle_sandbox.claims import Adjustment, Line
from revcycle_sandbox.payer.case import Case

_HALF: Final = 5_000


def allowed_cents(case: Case, line: Line) -> int:
    """Price a line: the lesser of the charge and fee × units, reduced for second procedures."""
    fee = _fee(case, line)
    price = share(line.charge_cents, case.payer.unlisted_basis_points) if fee is None else times(fee, line.units)
    if _is_second_procedure(case, line):
        price = share(price, _HALF)
    return min(line.charge_cents, price)


def _fee(case: Case, line: Line) -> int | None:
    mistake = case.mistakes.get(line.number)
    if mistake is not None and mistake.does == "price":
        return mistake.fee_cents
    fees = case.payer.fees
    return fees.get(line.code, fees.get(line.revenue_code))


def _is_second_procedure(case: Case, line: Line) -> bool:
    """Of the codes under multiple-procedure reduction the dearest counts in full, the first of equals."""
    if line.code not in case.payer.reduced:
        return False
    subject = [each for each in case.claim.lines if each.code in case.payer.reduced]
    dearest = max(subject, key=lambda each: (case.payer.fees.get(each.code, 0), -each.number))
    return line is not dearest


class CostShare(msgspec.Struct, frozen=True, kw_only=True):
    """What the patient owes of an allowed amount."""

    deductible_cents: int = 0
    coinsurance_cents: int = 0
    copay_cents: int = 0

    @property
    def total_cents(self) -> int:
        return self.deductible_cents + self.coinsurance_cents + self.copay_cents

    def adjustments(self) -> tuple[Adjustment, ...]:
        """Say it as CAS PR-1, PR-2, PR-3, without zeros."""
        amounts = (("1", self.deductible_cents), ("2", self.coinsurance_cents), ("3", self.copay_cents))
        return tuple(Adjustment("PR", carc, cents) for carc, cents in amounts if cents)

    def capped(self, left_cents: int) -> "CostShare":
        """Bring the sum under a cap, giving back coinsurance, then copay, then deductible."""
        over = max(0, self.total_cents - left_cents)
        coinsurance = min(over, self.coinsurance_cents)
        copay = min(over - coinsurance, self.copay_cents)
        deductible = over - coinsurance - copay
        return CostShare(
            deductible_cents=self.deductible_cents - deductible,
            coinsurance_cents=self.coinsurance_cents - coinsurance,
            copay_cents=self.copay_cents - copay,
        )


def cost_share(case: Case, line: Line, allowed: int) -> CostShare:
    """Take copay, or deductible and coinsurance, capped by what is left of the year's maximum."""
    plan = case.plan
    if plan is None:
        return CostShare()
    copay = plan.copays.get(line.code, plan.copays.get(line.revenue_code))
    mistake = case.mistakes.get(line.number)
    if mistake is not None and mistake.does == "ignore_copay":
        copay = None
    if copay is not None:
        taken = CostShare(copay_cents=min(copay, allowed))
    else:
        left = max(0, plan.deductible_cents - case.purse["deductible"])
        deductible = min(allowed, left)
        rest = share(allowed - deductible, plan.coinsurance_basis_points)
        taken = CostShare(deductible_cents=deductible, coinsurance_cents=rest)
    if plan.out_of_pocket_cents is None:
        return taken
    return taken.capped(max(0, plan.out_of_pocket_cents - case.purse["out_of_pocket"]))


def units_text(units: Decimal) -> str:
    """Write units without needless zeros."""
    return format(units.normalize(), "f")
