"""Who stands in a transaction: names, addresses, identifiers, contacts. The same loops occur in every guide."""

from datetime import date

from revcycle_x12._views.fields import Field, code, day, text
from revcycle_x12._views.view import View
from revcycle_x12.codes import EntityType, Gender


class Named(View):
    """A loop around an NM1."""

    entity: Field[str] = text("NM101", default="")
    """The entity's role; filled in by the library where the loop allows one only."""
    entity_type: Field[EntityType | None] = code("NM102", EntityType, default=None)
    """Person or organization; where left out, a first name makes a person."""
    last_name: Field[str] = text("NM103", default="")
    """A person's last name, or an organization's name."""
    first_name: Field[str] = text("NM104", default="")
    middle_name: Field[str] = text("NM105", default="")
    suffix: Field[str] = text("NM107", default="")
    id_qualifier: Field[str] = text("NM108", default="")
    """What `id` is; where left out, the usual one of the loop (XX, MI, PI, 46)."""
    id: Field[str] = text("NM109", default="")

    @property
    def name(self) -> str:
        """First and last name in reading order, or the organization's name."""
        return " ".join(filter(None, (self.first_name, self.middle_name, self.last_name, self.suffix)))


class Located(Named):
    """A named party with an address."""

    address: Field[str] = text("N301", default="")
    address_2: Field[str] = text("N302", default="")
    city: Field[str] = text("N401", default="")
    state: Field[str] = text("N402", default="")
    postal_code: Field[str] = text("N403", default="")
    country: Field[str] = text("N404", default="")


class Provider(Located):
    """A provider: its NPI is NM109 under the qualifier XX."""

    taxonomy: Field[str] = text("PRV03", default="")

    @property
    def npi(self) -> str:
        """The NPI, empty where the provider is named by another number."""
        return self.id if self.id_qualifier in {"XX", ""} else ""


class Person(Located):
    """A subscriber or patient."""

    born_on: Field[date | None] = day("DMG02", default=None)
    gender: Field[Gender | None] = code("DMG03", Gender, default=None)
