"""Writing off: who may, and how much of it is a loss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denials.domain.write_off import approving_tier, split, tier_for
from revcycle_kit.errors import Refusal
from revcycle_kit.money import Cents

cents = st.integers(0, 10**12).map(Cents)


@pytest.mark.parametrize(
    ("amount", "tier"),
    [
        (10_00, "auto"),
        (10_01, "biller"),
        (100_00, "biller"),
        (100_01, "lead"),
        (500_00, "lead"),
        (500_01, "manager"),
        (5_000_00, "manager"),
        (5_000_01, "client"),
    ],
)
def test_each_tier_ends_at_its_limit(amount: int, tier: str) -> None:
    assert tier == tier_for(Cents(amount)).name


def test_a_person_approves_up_to_their_highest_tier() -> None:
    assert "biller" == approving_tier(Cents(50_00), ["viewer", "biller", "lead"]).name
    assert "auto" == approving_tier(Cents(10_00), []).name


def test_beyond_the_tier_the_refusal_names_who_is_needed() -> None:
    with pytest.raises(Refusal, match=r"\$210\.00 needs the approval of a lead") as refused:
        approving_tier(Cents(210_00), ["biller"])
    assert "your own tier is biller" in refused.value.fix


def test_an_unknown_contract_price_counts_the_whole_as_a_loss() -> None:
    shares = split(Cents(70_00), None)

    assert (0, 70_00) == (shares.adjustment_cents, shares.write_off_cents)


@given(amount=cents, expected=st.none() | cents)
def test_both_parts_make_up_the_amount(amount: Cents, expected: Cents | None) -> None:
    shares = split(amount, expected)

    assert amount == shares.adjustment_cents + shares.write_off_cents
    assert shares.adjustment_cents >= 0
    assert shares.write_off_cents >= 0
