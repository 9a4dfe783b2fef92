"""One element text against its type and lengths (SNIP 1) and its external code set (SNIP 5)."""

import re
from collections.abc import Callable
from decimal import Decimal

from revcycle_x12._grammar.spec import ElementSpec
from revcycle_x12._syntax.elements import parse_cents, parse_date, parse_short_date, parse_time
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12.validate.codes import LISTED_BY_GUIDES, verdict

Fault = tuple[str, str, str, Snip, Severity]

_SHORT = 6
_DECIMAL = re.compile(r"-?(?:\d+\.?\d*|\.\d+)\Z", re.ASCII)
_USUAL = {
    "amount": re.compile(r"-?\d{1,8}(?:\.\d{1,2})?\Z", re.ASCII),
    "percent": re.compile(r"(?:0?\.\d+|0|1)\Z", re.ASCII),
    "quantity": re.compile(r"-?\d+(?:\.\d{1,3})?\Z", re.ASCII),
}
"""For each form of number a pattern that holds for most good ones and for no bad one."""
_AMOUNT_MAX = 99_999_999_99
_QUANTITY_DECIMALS_MAX = 3
_WHOLE = re.compile(r"-?\d+\Z", re.ASCII)
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")


def quick_of(spec: ElementSpec) -> Callable[[str], bool] | None:
    """
    Give a quick test that most good texts pass; what fails it may still be good.

    None where only a look at codes, components or repetitions can tell.
    """
    if spec.usage == "N" or spec.codes is not None or spec.code_set or spec.components or spec.repeat_max > 1:
        return None
    shortest, longest = max(spec.length_min, 1), spec.length_max
    if spec.kind in {"AN", "ID"}:

        def is_plain(text: str) -> bool:
            return shortest <= len(text) <= longest and text.isascii() and text.isprintable() and text[0] != " "

        return is_plain
    if spec.kind == "R":
        usual = _USUAL.get(spec.form, _DECIMAL)
        return lambda text: len(text) <= longest and usual.match(text) is not None
    if spec.kind == "N0":
        return lambda text: shortest <= len(text) <= longest and text.isascii() and text.isdecimal()
    return None


def problem_of(spec: ElementSpec, text: str) -> Fault | None:
    """Give the first fault of a text: (code, message, fix, SNIP type, severity)."""
    fault = _TYPES[spec.kind](spec, text) or _length(spec, text)
    if fault is None and spec.code_set:
        severity = verdict(spec.code_set, text)
        if severity is not None:
            message = f"{spec.reference} has the code {text!r}, which is not in the code set {spec.code_set}"
            if spec.code_set in LISTED_BY_GUIDES:
                return "code-not-listed", message, "use a code that the guide lists", Snip.REQUIREMENT, severity
            return "code-unknown", message, "use a code of the set in force on the date", Snip.CODE_SET, severity
    return fault


def _length(spec: ElementSpec, text: str) -> Fault | None:
    size = len(text)
    if spec.kind in {"R", "N0"}:
        size -= text.startswith("-") + ("." in text)
    if size > spec.length_max:
        message = f"{spec.reference} has {size} characters, {spec.length_max} fit"
        return "element-too-long", message, "shorten it", Snip.SYNTAX, Severity.ERROR
    if size < spec.length_min:
        message = f"{spec.reference} has {size} characters, at least {spec.length_min} are needed"
        return "element-too-short", message, "", Snip.SYNTAX, Severity.ERROR
    return None


def _string(spec: ElementSpec, text: str) -> Fault | None:
    if text.isascii() and text.isprintable():
        if text[0] != " " or text.strip():
            return None
        return "element-blank", f"{spec.reference} holds only spaces", "leave it out", Snip.SYNTAX, Severity.ERROR
    if _CONTROL_CHARACTER.search(text) or any("\ud800" <= mark <= "\udfff" for mark in text):
        message = f"{spec.reference} holds a character that is neither of the basic nor of the extended set"
        return "character-invalid", message, "", Snip.SYNTAX, Severity.ERROR
    return None


def _decimal(spec: ElementSpec, text: str) -> Fault | None:
    if _DECIMAL.match(text):
        limit = _LIMITS.get(spec.form)
        return limit(spec, text) if limit is not None else None
    return (
        "number-invalid",
        f"{spec.reference} is not a decimal number",
        "digits, one point, a leading minus",
        Snip.SYNTAX,
        Severity.ERROR,
    )


def _amount(spec: ElementSpec, text: str) -> Fault | None:
    """Ask for whole cents, ten digits with them: what is more cannot be read as an amount either."""
    try:
        cents = parse_cents(text)
    except ValueError:
        message = f"{spec.reference} has a fraction of a cent"
        return "amount-decimals", message, "two decimals at most", Snip.REQUIREMENT, Severity.ERROR
    if abs(cents) <= _AMOUNT_MAX:
        return None
    message = f"{spec.reference} is an amount of more than ten digits"
    return "amount-too-large", message, "at most 99999999.99", Snip.REQUIREMENT, Severity.ERROR


def _percent(spec: ElementSpec, text: str) -> Fault | None:
    """Ask for a share of the whole, so that 20 percent is .2: 20 may have been meant as percent."""
    if 0 <= Decimal(text) <= 1:
        return None
    message = f"{spec.reference} is a share outside of 0 to 1"
    return "percent-range", message, "write 20 percent as .2", Snip.REQUIREMENT, Severity.ERROR


def _quantity(spec: ElementSpec, text: str) -> Fault | None:
    if len(text.partition(".")[2].rstrip("0")) <= _QUANTITY_DECIMALS_MAX:
        return None
    message = f"{spec.reference} has more than {_QUANTITY_DECIMALS_MAX} decimals"
    return "quantity-decimals", message, "round to three decimals", Snip.REQUIREMENT, Severity.ERROR


_LIMITS = {"amount": _amount, "percent": _percent, "quantity": _quantity}


def _whole(spec: ElementSpec, text: str) -> Fault | None:
    if _WHOLE.match(text):
        return None
    return "number-invalid", f"{spec.reference} is not a whole number", "digits only", Snip.SYNTAX, Severity.ERROR


def _date(spec: ElementSpec, text: str) -> Fault | None:
    try:
        (parse_short_date if spec.length_max == _SHORT else parse_date)(text)
    except ValueError:
        return (
            "date-invalid",
            f"{spec.reference} is not a date {'YYMMDD' if spec.length_max == _SHORT else 'CCYYMMDD'}",
            "",
            Snip.SYNTAX,
            Severity.ERROR,
        )
    return None


def _time(spec: ElementSpec, text: str) -> Fault | None:
    try:
        parse_time(text)
    except ValueError:
        return "time-invalid", f"{spec.reference} is not a time HHMM[SS[D[D]]]", "", Snip.SYNTAX, Severity.ERROR
    return None


_TYPES = {"AN": _string, "ID": _string, "R": _decimal, "N0": _whole, "DT": _date, "TM": _time}
