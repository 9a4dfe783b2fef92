"""Money: every cent that goes in comes out."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revcycle_kit.money import (
    CENTS_MAX,
    Cents,
    NotAnAmount,
    allocate,
    checked,
    format_cents,
    format_dollars,
    format_x12,
    parse_cents,
    parse_written,
    percent,
    split,
    total,
)

amounts = st.integers(-CENTS_MAX, CENTS_MAX).map(Cents)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1234.5", 123450),
        ("1234.50", 123450),
        ("100", 10000),
        ("12.", 1200),
        (".5", 50),
        ("-.05", -5),
        ("+3.10", 310),
        ("0", 0),
        ("-0.00", 0),
        ("1.2e2", 12000),
        ("1250E-3", 125),
        ("1.500", 150),
        ("0000012.34", 1234),
    ],
)
def test_a_decimal_is_read_exactly(text: str, cents: Cents) -> None:
    assert cents == parse_cents(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "-",
        "1,000.00",
        "$1",
        "1.2.3",
        "NaN",
        "Infinity",
        "1e",
        "e5",
        "0x10",
        "١٢",
        "1 2",
        "1_000",
        "--1",
        "1.005",
        "0.001",
        "1e99",
        "9" * 30,
        "1" * 10000,
        "1\n",
    ],
)
def test_what_is_no_amount_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(NotAnAmount) as refusal:
        parse_cents(text)
    assert len(text) < 3 or text not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1.005", 101), ("1.0049", 100), ("-1.005", -101), ("2.5e-3", 0), ("5e-3", 1), ("10.125", 1013)],
)
def test_a_fraction_of_a_cent_is_rounded_half_up_only_on_request(text: str, cents: Cents) -> None:
    with pytest.raises(NotAnAmount, match="fraction of a cent"):
        parse_cents(text)
    assert cents == parse_cents(text, round_half_up=True)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("$1,234.50", 123450),
        (" 1234.50 ", 123450),
        ("(12.30)", -1230),
        ("-$12.30", -1230),
        ("$1,000,000", 100000000),
        ("$.50", 50),
    ],
)
def test_people_write_dollars_with_signs_commas_and_brackets(text: str, cents: Cents) -> None:
    assert cents == parse_written(text)


@pytest.mark.parametrize("text", ["1,23.00", "12,34", "(-5)", "$", "()", "1.234,50", "$-5", "five", "-(5)", "--5"])
def test_a_misplaced_comma_or_sign_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_written(text)


@given(amounts)
def test_every_form_reads_back_to_the_same_cents(cents: Cents) -> None:
    assert cents == parse_cents(format_cents(cents))
    assert cents == parse_cents(format_x12(cents))
    assert cents == parse_written(format_dollars(cents))


@pytest.mark.parametrize(
    ("cents", "fhir", "x12", "dollars"),
    [
        (123450, "1234.50", "1234.5", "$1,234.50"),
        (10000, "100.00", "100", "$100.00"),
        (-5, "-0.05", "-0.05", "-$0.05"),
        (0, "0.00", "0", "$0.00"),
    ],
)
def test_each_reader_gets_the_form_it_expects(cents: Cents, fhir: str, x12: str, dollars: str) -> None:
    assert (fhir, x12, dollars) == (format_cents(cents), format_x12(cents), format_dollars(cents))


def test_a_plan_of_seven_installments_starts_with_the_larger_ones() -> None:
    assert [107_15] * 2 + [107_14] * 5 == split(Cents(750_00), 7)


@given(amounts, st.integers(1, 400))
def test_equal_parts_add_up_differ_by_a_cent_at_most_and_start_with_the_larger(amount: Cents, parts: int) -> None:
    shares = split(amount, parts)
    sizes = [abs(share) for share in shares]
    assert parts == len(shares)
    assert amount == total(shares)
    assert max(sizes) - min(sizes) <= 1
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("parts", [0, -1])
def test_there_is_no_split_into_nothing(parts: int) -> None:
    with pytest.raises(ValueError, match="one part or more"):
        split(Cents(100), parts)


@given(amounts, weights.filter(any))
def test_shares_add_up_and_each_is_within_a_cent_of_its_exact_value(amount: Cents, by: list[int]) -> None:
    shares = allocate(amount, by)
    assert amount == total(shares)
    for share, weight in zip(shares, by, strict=True):
        assert abs(share - Fraction(amount * weight, sum(by))) < 1


@given(amounts, weights.filter(any))
def test_a_takeback_is_shared_as_the_payment_was(amount: Cents, by: list[int]) -> None:
    assert [-share for share in allocate(amount, by)] == allocate(Cents(-amount), by)


@pytest.mark.parametrize(
    ("amount", "by", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [0, 1, 1], [0, 51, 50]),
        (10, [3, 3, 1], [4, 4, 2]),
        (0, [0, 0], [0, 0]),
        (0, [], []),
    ],
)
def test_the_cents_left_over_go_to_the_largest_remainders(amount: Cents, by: list[int], shares: list[int]) -> None:
    assert shares == allocate(Cents(amount), by)


@pytest.mark.parametrize("by", [[], [0, 0], [1, -1], [2, -1]])
def test_money_without_a_weight_to_carry_it_is_refused(by: list[int]) -> None:
    with pytest.raises(ValueError, match="weight"):
        allocate(Cents(100), by)


@pytest.mark.parametrize(
    ("cents", "numerator", "denominator", "expected"),
    [(1050, 10, 100, 105), (105, 10, 100, 11), (-105, 10, 100, -11), (100, 1, 3, 33), (200, 1, 3, 67), (5, 0, 1, 0)],
)
def test_a_fraction_of_an_amount_is_rounded_half_up(
    cents: Cents, numerator: int, denominator: int, expected: int
) -> None:
    assert expected == percent(Cents(cents), numerator, denominator)


@given(amounts, st.integers(-1000, 1000), st.integers(1, 10_000))
def test_a_fraction_of_an_amount_is_never_more_than_half_a_cent_off(
    amount: Cents, numerator: int, denominator: int
) -> None:
    exact = Fraction(amount * numerator, denominator)
    assert abs(percent(amount, numerator, denominator) - exact) <= Fraction(1, 2)


def test_a_denominator_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="denominator"):
        percent(Cents(1), 1, 0)


def test_an_amount_beyond_the_limit_is_refused() -> None:
    assert CENTS_MAX == checked(CENTS_MAX)
    with pytest.raises(NotAnAmount, match="ten trillion"):
        checked(-CENTS_MAX - 1)
