"""
What an adjustment means for the balance: data, by group, reason, remark, kind of payer and day.

The first row that fits decides. A row's source is the rule it follows: X12's published reason code list and the 835
guide's notes for codes, the law for amounts. A group and reason without a row is a refusal: it stays open until a
person or a payer decides.
"""

from collections.abc import Iterable
from datetime import date

from revcycle_kit.values import Value

ALWAYS = date(2010, 1, 1)


class Meaning(Value, kw_only=True):
    """One row: the codes it fits, what they mean, since when, and why."""

    groups: frozenset[str]
    carcs: frozenset[str]
    meaning: str
    source: str
    remarks: frozenset[str] = frozenset()
    """Fits only beside one of these RARCs; empty: beside any."""
    payer_kinds: frozenset[str] = frozenset()
    from_on: date = ALWAYS
    to_on: date | None = None

    def fits(self, group: str, carc: str, remarks: Iterable[str], payer_kind: str, on: date) -> bool:
        """Say whether this row speaks about that adjustment."""
        return (
            carc in self.carcs
            and group in self.groups
            and self.from_on <= on
            and (self.to_on is None or on <= self.to_on)
            and (not self.payer_kinds or payer_kind in self.payer_kinds)
            and (not self.remarks or not self.remarks.isdisjoint(remarks))
        )


def _row(groups: str, carcs: str, meaning: str, source: str) -> Meaning:
    return Meaning(groups=frozenset(groups.split()), carcs=frozenset(carcs.split()), meaning=meaning, source=source)


MEANINGS: tuple[Meaning, ...] = (
    _row("OA CO PI", "23", "prior_payer", "835 guide: OA-23 restates what payers before this one paid and adjusted"),
    _row("OA CO PI", "18", "duplicate", "reason code list: exact duplicate; the first copy carries the money"),
    _row("PR", "1 2 3", "patient", "reason code list: deductible, coinsurance, copayment"),
    _row("PR", "100", "patient", "reason code list: the payer paid the patient, who owes the provider"),
    _row("CO OA PI", "45", "contractual", "reason code list: above the fee schedule or contract"),
    _row("CO OA PI", "59", "contractual", "reason code list: multiple or concurrent procedure rules"),
    _row("CO OA PI", "94", "contractual", "reason code list: paid above the charge (negative)"),
    _row("CO OA PI", "102 103 104 131 144 161 187", "contractual", "reason code list: agreed or withheld by contract"),
    _row("CO OA PI", "246", "contractual", "reason code list: not payable, reported only"),
    _row("CO OA PI", "24", "capitated", "reason code list: covered by a capitation agreement"),
    _row("CO OA PI", "253", "reduction", "Budget Control Act of 2011, sequestration: 2 % of the payment"),
    _row("CO OA PI", "237 137", "reduction", "reason code list: legislated or regulatory"),
    _row("CO OA PI", "252 227", "information", "reason code list: records or information asked for"),
)
"""Wording of our own. PR-26, 27, 31, 96, 119, 204 have no row: they are worked before a patient is billed."""


def meaning_of(  # noqa: PLR0917 - an adjustment is told by these five
    group: str,
    carc: str,
    remarks: Iterable[str],
    payer_kind: str,
    on: date,
    rows: tuple[Meaning, ...] = MEANINGS,
) -> str:
    """Return what an adjustment means on a day; a refusal where no row fits."""
    for row in rows:
        if row.fits(group, carc, remarks, payer_kind, on):
            return row.meaning
    return "denial"
