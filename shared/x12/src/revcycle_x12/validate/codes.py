"""External code sets: which codes exist. Tables can be replaced, for they change three times a year."""

from collections.abc import Container

_tables: dict[str, Container[str]] = {}


def use_codes(code_set: str, codes: Container[str]) -> None:
    """Use these codes for a code set (`state`, `pos`, `carc`, `remark`, …) from now on, in this process."""
    _tables[code_set] = codes


def is_known(code_set: str, code: str) -> bool:
    """Say whether a code is in its set; every code is, where the set was never given."""
    table = _tables.get(code_set)
    return table is None or code in table
