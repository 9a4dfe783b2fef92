"""What an adjustment means decides what happens to the money."""

from datetime import date

import pytest

from claims.domain.meanings import Meaning, meaning_of

ON = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("CO-45", "contractual"),
        ("PI-45", "contractual"),
        ("PR-45", "denial"),
        ("PR-1", "patient"),
        ("PR-2", "patient"),
        ("PR-3", "patient"),
        ("PR-100", "patient"),
        ("PR-26", "denial"),
        ("PR-27", "denial"),
        ("PR-31", "denial"),
        ("PR-96", "denial"),
        ("PR-119", "denial"),
        ("PR-204", "denial"),
        ("CO-4", "denial"),
        ("CO-16", "denial"),
        ("CO-29", "denial"),
        ("CO-97", "denial"),
        ("CO-197", "denial"),
        ("CO-22", "denial"),
        ("CO-252", "information"),
        ("CO-253", "reduction"),
        ("CO-237", "reduction"),
        ("CO-24", "capitated"),
        ("OA-18", "duplicate"),
        ("CO-18", "duplicate"),
        ("OA-23", "prior_payer"),
        ("CO-59", "contractual"),
        ("OA-94", "contractual"),
        ("CO-104", "contractual"),
        ("CO-131", "contractual"),
        ("CO-144", "contractual"),
        ("CO-161", "contractual"),
        ("CO-187", "contractual"),
        ("CO-246", "contractual"),
        ("CO-9999", "denial"),
    ],
)
def test_a_group_and_reason_mean_one_thing(code: str, meaning: str) -> None:
    """What nobody listed is a refusal: it stays open until somebody decides, and is never written off by itself."""
    group, _, carc = code.partition("-")

    assert meaning == meaning_of(group, carc, (), "commercial", ON)


def test_a_row_speaks_only_for_its_days_its_payers_and_its_remarks() -> None:
    row = Meaning(
        groups=frozenset({"CO"}),
        carcs=frozenset({"97"}),
        meaning="contractual",
        source="a contract",
        remarks=frozenset({"N19"}),
        payer_kinds=frozenset({"commercial"}),
        from_on=date(2026, 1, 1),
        to_on=date(2026, 6, 30),
    )

    assert "contractual" == meaning_of("CO", "97", ("N19",), "commercial", ON, (row,))
    assert "denial" == meaning_of("CO", "97", (), "commercial", ON, (row,))
    assert "denial" == meaning_of("CO", "97", ("N19",), "medicare", ON, (row,))
    assert "denial" == meaning_of("CO", "97", ("N19",), "commercial", date(2026, 7, 1), (row,))
    assert "denial" == meaning_of("PR", "97", ("N19",), "commercial", ON, (row,))
