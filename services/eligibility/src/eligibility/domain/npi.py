"""The National Provider Identifier: ten digits, Luhn check digit over the prefix 80840 (45 CFR 162.406)."""

_PREFIX_SUM = 24  # what the digits 80840 add to the Luhn sum
_LENGTH = 10


def is_npi(text: str) -> bool:
    """Tell whether the text is a well-formed NPI."""
    if len(text) != _LENGTH or not (text.isascii() and text.isdigit()):
        return False
    doubled = [2 * int(digit) for digit in text[-2::-2]]
    total = sum(digit - 9 if digit > 9 else digit for digit in doubled)  # noqa: PLR2004 - digits of a two-digit sum
    return (_PREFIX_SUM + total + sum(int(digit) for digit in text[-1::-2])) % 10 == 0
