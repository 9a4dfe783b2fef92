"""
The money of an encounter, told from the entries of two ledgers.

`claims` and `patient_billing` publish double entries; what an account means for the encounter stands here once.
Always: charged = insurance paid + adjusted + patient paid + written off + insurance open + in transit + patient open,
where in transit is what claims transferred to the patient and patient billing has not received yet.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from revcycle_kit.money import ZERO, Cents, total
from revcycle_kit.values import Value

CLAIMS = "claims"
PATIENT_BILLING = "patient_billing"

Meaning = tuple[tuple[str, int], ...]
"""Which amounts a debit on an account raises (+1) or lowers (-1)."""

_ACCOUNTS: dict[tuple[str, str], Meaning] = {
    (CLAIMS, "revenue.charges"): (("charged_cents", -1),),
    (CLAIMS, "receivable.insurance"): (("insurance_open_cents", 1),),
    (CLAIMS, "payment.insurance"): (("insurance_paid_cents", 1),),
    (CLAIMS, "transfer.patient"): (("transferred_cents", 1),),
    (PATIENT_BILLING, "receivable.patient"): (("patient_open_cents", 1),),
    (PATIENT_BILLING, "transfer.insurance"): (("received_cents", -1),),
    (PATIENT_BILLING, "unapplied.patient"): (("patient_paid_cents", 1),),
    (PATIENT_BILLING, "refund.patient"): (("patient_paid_cents", 1), ("refunded_cents", -1)),
}
_ASIDE: dict[str, str] = {
    "write_off.denial": "refused_loss_cents",
    "write_off.timely": "refused_loss_cents",
    "write_off.bad_debt": "bad_debt_cents",
    "write_off.charity": "charity_cents",
    "adjustment.capitated": "capitated_cents",
}


class Entry(Protocol):
    """A double entry: the same cents on two accounts."""

    @property
    def debit(self) -> str: ...

    @property
    def credit(self) -> str: ...

    @property
    def amount_cents(self) -> Cents: ...


class Amounts(Value, kw_only=True):
    """
    The money of an encounter, or of many, in cents; open amounts are signed (below zero: a credit balance).

    The last six repeat a part of what stands above: losses on refusals, bad debt, charity, capitation, refunds to
    patients, and what stands on an account unknown here (always zero, or the reconciliation says so).
    """

    charged_cents: Cents = ZERO
    insurance_paid_cents: Cents = ZERO
    adjusted_cents: Cents = ZERO
    patient_paid_cents: Cents = ZERO
    written_off_cents: Cents = ZERO
    insurance_open_cents: Cents = ZERO
    transferred_cents: Cents = ZERO
    received_cents: Cents = ZERO
    patient_open_cents: Cents = ZERO
    refused_loss_cents: Cents = ZERO
    bad_debt_cents: Cents = ZERO
    charity_cents: Cents = ZERO
    capitated_cents: Cents = ZERO
    refunded_cents: Cents = ZERO
    unknown_cents: Cents = ZERO

    @property
    def in_transit_cents(self) -> Cents:
        """What claims moved to the patient and patient billing has not taken up yet."""
        return Cents(self.transferred_cents - self.received_cents)

    @property
    def open_cents(self) -> Cents:
        """What is still owed by anybody."""
        return total((self.insurance_open_cents, self.in_transit_cents, self.patient_open_cents))

    @property
    def settled(self) -> bool:
        """Nobody owes anything, and nothing is owed back."""
        return not (self.insurance_open_cents or self.in_transit_cents or self.patient_open_cents)

    @property
    def gone_cents(self) -> Cents:
        """What does not add up: charged less everything it became. Zero, or money was lost or made."""
        became = self.insurance_paid_cents + self.adjusted_cents + self.patient_paid_cents + self.written_off_cents
        return Cents(self.charged_cents - became - self.open_cents)

    def plus(self, other: "Amounts") -> "Amounts":
        """Add what later entries say."""
        return Amounts(**{name: getattr(self, name) + getattr(other, name) for name in FIELDS})


FIELDS = Amounts.__struct_fields__


def amounts_of(source: str, entries: Iterable[Entry]) -> Amounts:
    """Read what double entries of one service's ledger mean for the encounter."""
    sums: dict[str, Cents] = {}
    for entry in entries:
        for account, cents in ((entry.debit, entry.amount_cents), (entry.credit, -entry.amount_cents)):
            for name, sign in _meaning(source, account):
                sums[name] = Cents(sums.get(name, ZERO) + sign * cents)
    return Amounts(**sums)


@lru_cache(maxsize=256)
def _meaning(source: str, account: str) -> Meaning:
    known = _ACCOUNTS.get((source, account))
    if known is not None:
        return known
    kind = account.partition(".")[0]
    if kind == "adjustment":
        whole = "adjusted_cents"
    elif kind == "write_off":
        whole = "written_off_cents"
    else:
        return (("unknown_cents", 1),)
    aside = _ASIDE.get(account)
    return ((whole, 1), (aside, 1)) if aside else ((whole, 1),)


class Cash(Value, kw_only=True):
    """
    The cash of a remittance, or of many, in cents.

    Always: deposits = applied + unapplied + what belongs to no claim (interest, capitation, takebacks owed).
    """

    deposits_cents: Cents = ZERO
    applied_cents: Cents = ZERO
    unapplied_cents: Cents = ZERO
    recoupment_cents: Cents = ZERO
    """Owed to the payer for takebacks that it will keep from a later payment."""
    nonclaim_cents: Cents = ZERO
    unknown_cents: Cents = ZERO

    @property
    def gone_cents(self) -> Cents:
        """What does not add up; zero unless cash was lost or made."""
        parts = self.applied_cents + self.unapplied_cents + self.recoupment_cents + self.nonclaim_cents
        return Cents(self.deposits_cents - parts)

    def plus(self, other: "Cash") -> "Cash":
        """Add what later entries say."""
        return Cash(**{name: getattr(self, name) + getattr(other, name) for name in Cash.__struct_fields__})


_CASH_ACCOUNTS: dict[str, tuple[str, int]] = {
    "cash.insurance": ("deposits_cents", 1),
    "payment.insurance": ("applied_cents", -1),
    "unapplied.insurance": ("unapplied_cents", -1),
    "liability.recoupment": ("recoupment_cents", -1),
    "income.nonclaim": ("nonclaim_cents", -1),
}


def cash_of(entries: Iterable[Entry]) -> Cash:
    """Read what double entries of the cash ledger mean."""
    sums: dict[str, Cents] = {}
    for entry in entries:
        for account, cents in ((entry.debit, entry.amount_cents), (entry.credit, -entry.amount_cents)):
            name, sign = _CASH_ACCOUNTS.get(account, ("unknown_cents", 1))
            sums[name] = Cents(sums.get(name, ZERO) + sign * cents)
    return Cash(**sums)
