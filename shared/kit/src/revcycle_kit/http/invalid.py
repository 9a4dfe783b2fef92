"""
What pydantic found wrong with a request, in words for people and without the values.

Pydantic's own messages may quote what was sent; so only kinds of error listed
here get a precise sentence, and any other a general one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from revcycle_kit.money import NotAnAmount

_FLAWS_MAX: Final = 50
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,79}", re.ASCII)

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "missing": ("This field is required.", "Send it."),
    "extra_forbidden": ("This is not a field of the request.", "Remove it, or check its spelling."),
    "json_invalid": ("The body is not valid JSON.", "Correct it at the position named."),
    "nul": ("A text holds U+0000, which cannot be kept.", "Remove it."),
    "string_type": ("This is not a text.", "Send a text in quotes."),
    "string_too_short": ("This text is too short.", "Send at least {min_length} characters."),
    "string_too_long": ("This text is too long.", "Send at most {max_length} characters."),
    "string_pattern_mismatch": ("This text has the wrong form.", "Send a text that matches {pattern}."),
    "int_type": ("This is not a whole number.", "Send a whole number."),
    "int_parsing": ("This is not a whole number.", "Send a whole number."),
    "int_from_float": ("This is not a whole number.", "Send a whole number; money is in cents."),
    "int_parsing_size": ("This number is too large.", "Check its digits."),
    "float_type": ("This is not a number.", "Send a number."),
    "float_parsing": ("This is not a number.", "Send a number."),
    "finite_number": ("This is not a finite number.", "Send a finite number."),
    "bool_type": ("This is neither true nor false.", "Send true or false."),
    "bool_parsing": ("This is neither true nor false.", "Send true or false."),
    "greater_than": ("This number is too small.", "Send more than {gt}."),
    "greater_than_equal": ("This number is too small.", "Send at least {ge}."),
    "less_than": ("This number is too large.", "Send less than {lt}."),
    "less_than_equal": ("This number is too large.", "Send at most {le}."),
    "enum": ("This is not one of the values allowed.", "Send one of {expected}."),
    "literal_error": ("This is not one of the values allowed.", "Send one of {expected}."),
    "uuid_type": ("This is not a UUID.", "Send an id as we gave it."),
    "uuid_parsing": ("This is not a UUID.", "Send an id as we gave it."),
    "uuid_version": ("This is not a UUID of the right version.", "Send an id as we gave it."),
    "date_type": ("This is not a date.", "Send a date such as 2026-03-01."),
    "date_parsing": ("This is not a date.", "Send a date such as 2026-03-01."),
    "date_from_datetime_parsing": ("This is not a date.", "Send a date such as 2026-03-01."),
    "datetime_type": ("This is not an instant.", "Send an instant such as 2026-03-01T12:00:00Z."),
    "datetime_parsing": ("This is not an instant.", "Send an instant such as 2026-03-01T12:00:00Z."),
    "datetime_from_date_parsing": ("This is not an instant.", "Send an instant such as 2026-03-01T12:00:00Z."),
    "timezone_aware": ("This instant has no time zone.", "End it with Z or an offset."),
    "too_short": ("This list is too short.", "Send at least {min_length}."),
    "too_long": ("This list is too long.", "Send at most {max_length}."),
    "list_type": ("This is not a list.", "Send a list."),
    "dict_type": ("This is not an object.", "Send an object."),
    "model_type": ("This is not an object.", "Send an object, as application/json."),
    "model_attributes_type": ("This is not an object.", "Send an object, as application/json."),
}
_GENERAL: Final = ("This value is not acceptable.", "See the description of the field in the API.")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong: where, what, and what to do."""

    where: str
    what: str
    fix: str


def flaws_in(errors: Iterable[Mapping[str, Any]]) -> list[Flaw]:
    """Return the flaws that pydantic's errors describe, at most fifty."""
    return [_flaw(error) for error, _ in zip(errors, range(_FLAWS_MAX), strict=False)]


def _flaw(error: Mapping[str, Any]) -> Flaw:
    where = _place(error.get("loc", ()))
    context = error.get("ctx") or {}
    ours = context.get("error")
    if isinstance(ours, NotAnAmount):
        return Flaw(where, "This is not an amount of money.", f"{ours}.")
    what, fix = _SENTENCES.get(str(error.get("type")), _GENERAL)
    return Flaw(where, what, fix.format_map(_Limits(context)))


def _place(steps: Iterable[Any]) -> str:
    """Return a path such as `body.lines[0].charged_cents`; a name no schema would use is not repeated."""
    place = ""
    for step in steps:
        if isinstance(step, int):
            place += f"[{step}]"
        else:
            place += "." + (step if _NAME.fullmatch(str(step)) else "(name withheld)")
    return place.removeprefix(".")


class _Limits(dict[str, Any]):
    """The limits of the schema, for a sentence; a missing one leaves a general word."""

    def __missing__(self, _: str) -> str:
        return "what the API describes"
