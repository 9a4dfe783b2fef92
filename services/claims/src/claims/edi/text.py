"""Text as X12 carries it: no delimiters, upper case, within the guide's length."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from claims.domain.directory import Address

_NOT_SAID = re.compile(r"[*~^:<>|\\\x00-\x1f\x7f-\U0010ffff]+")
_NAME_MAX = 60
_GIVEN_MAX = 35
MEMBER_MAX = 80
_STATE = re.compile(r"[A-Z]{2}")
_ZIP = re.compile(r"[0-9]{5}(?:[0-9]{4})?")


def x12_text(text: str, limit: int) -> str:
    """Return a text in the basic and extended character set, without delimiters, cut to the limit."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return " ".join(_NOT_SAID.sub("", text).upper().split())[:limit]


def name(text: str) -> str:
    """Return a family name, or the name of an organization, as NM103 takes it."""
    return x12_text(text, _NAME_MAX)


def given_name(text: str) -> str:
    """Return a given name as NM104 takes it."""
    return x12_text(text, _GIVEN_MAX)


def quantity(units: Decimal) -> str:
    """Return units without trailing zeros or an exponent."""
    return format(units.normalize(), "f")


def address_fields(address: Address) -> dict[str, str]:
    """Return an address's fields where it is whole; nothing of one that is not, for half an address is refused."""
    state, code = address.state.strip().upper(), address.postal_code.replace("-", "").strip()
    line, city = x12_text(address.line1, 55), x12_text(address.city, 30)
    if not line or not city or not _STATE.fullmatch(state) or not _ZIP.fullmatch(code):
        return {}
    fields = {"address": line, "city": city, "state": state, "postal_code": code}
    second = x12_text(address.line2, 55)
    return {**fields, "address_2": second} if second else fields


def units_of(text: str) -> Decimal:
    """Read units; blank or broken units are one, as the 835 guide says of absent ones."""
    try:
        return Decimal(text) if text else Decimal(1)
    except InvalidOperation:
        return Decimal(1)
