"""People and places as registration knows them."""

from datetime import date
from typing import Literal

from revcycle_kit.values import Value, replace

Sex = Literal["F", "M", "U"]


class Address(Value, kw_only=True):
    """A postal address in the United States; the postal code is 5 or 9 digits without hyphen."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""


class Person(Value, kw_only=True):
    """A human being as forms and X12 know one; an empty text means unknown."""

    family: str = ""
    given: str = ""
    middle: str = ""
    birth_on: date | None = None
    sex: Sex = "U"
    address: Address = Address()
    phone: str = ""
    email: str = ""

    @property
    def is_named(self) -> bool:
        return bool(self.family)

    def updated_by(self, later: "Person") -> "Person":
        """Return the person as later told: what the later telling leaves out stays known."""
        fields = {name: getattr(later, name) for name in self.__struct_fields__}
        unknown = {"sex": "U", "birth_on": None, "address": Address()}
        told_fields = {name: value for name, value in fields.items() if value not in (unknown.get(name, ""), "")}
        return replace(self, **told_fields)
