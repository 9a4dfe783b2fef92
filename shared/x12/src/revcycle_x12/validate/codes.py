"""
External code sets: which codes exist.

Tables go stale: a code a table lacks but that looks like one of its kind is a
warning, one that cannot be is an error. Tables given with `use_codes` are
believed: what they lack is an error.
"""

import re
from collections.abc import Container
from dataclasses import dataclass

from revcycle_x12._syntax.findings import Severity
from revcycle_x12.validate import tables


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A table, and the shape of codes that may have come after it (empty: none can)."""

    codes: Container[str]
    newer: re.Pattern[str] | None = None


LISTED_BY_GUIDES = frozenset({"service_type"})
"""Sets that the guides list themselves: a code that is not among them breaks the guide (SNIP 2)."""


def _brought() -> dict[str, CodeSet]:
    return {
        "state": CodeSet(tables.STATES),
        "country": CodeSet(tables.COUNTRIES),
        "functional_group": CodeSet(tables.FUNCTIONAL_GROUPS, re.compile(r"[A-Z]{2}")),
        "transaction_set": CodeSet(tables.TRANSACTION_SETS, re.compile(r"\d{3}")),
        "currency": CodeSet(tables.CURRENCIES, re.compile(r"[A-Z]{3}")),
        "bill_type": CodeSet(tables.BILL_TYPES),
        "patient_status": CodeSet(tables.PATIENT_STATUSES),
        "service_type": CodeSet(tables.SERVICE_TYPES),
        "pos": CodeSet(tables.PLACES_OF_SERVICE),
        "carc": CodeSet(tables.ADJUSTMENT_REASONS, re.compile(r"3\d\d|P\d\d")),
        "remark": CodeSet(tables.REMARKS, re.compile(r"N9\d\d")),
        "status_category": CodeSet(tables.STATUS_CATEGORIES),
        "status": CodeSet(tables.STATUSES, re.compile(r"[89]\d\d")),
        "entity": CodeSet(tables.ENTITIES, re.compile(r"[A-Z0-9]{2,3}")),
    }


_sets = _brought()


def use_codes(code_set: str, codes: Container[str]) -> None:
    """
    Use these codes for a code set from now on, in this process.

    Sets: state, country, currency, pos, carc, remark, status_category, status,
    entity, service_type, bill_type, patient_status, functional_group,
    transaction_set, and those the library has no table for: icd10cm, icd10pcs,
    hcpcs.
    """
    _sets[code_set] = CodeSet(codes)


def verdict(code_set: str, code: str) -> Severity | None:
    """None where the code is known or the set is not; else how bad it is."""
    known = _sets.get(code_set)
    if known is None or code in known.codes:
        return None
    newer = known.newer is not None and known.newer.fullmatch(code)
    return Severity.WARNING if newer else Severity.ERROR
