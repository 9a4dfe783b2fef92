"""The people and organizations of eligibility and authorization transactions."""

from datetime import date
from typing import ClassVar

from revcycle_x12._views.fields import Field, text
from revcycle_x12._views.health_codes import HealthCodesField, health_codes
from revcycle_x12._views.party import Located, Named
from revcycle_x12._views.party import Person as NamedPerson
from revcycle_x12._views.rows import Dated, Reference, Rows, dates, references


class Payer(Named):
    """Who answers: NM101 PR (payer) unless said otherwise, and its payer identifier (PI)."""

    entity: Field[str] = text("NM101", default="PR")
    id_qualifier: Field[str] = text("NM108", default="PI")
    contact_name: Field[str] = text("PER[IC]02", default="")
    """PER stands in responses only."""
    contact_qualifier: Field[str] = text("PER[IC]03", default="")
    contact_number: Field[str] = text("PER[IC]04", default="")


class Provider(Located):
    """Who asks: NM101 1P (provider) unless said otherwise, and its NPI (XX)."""

    entity: Field[str] = text("NM101", default="1P")
    role: Field[str] = text("PRV01", default="")
    """PRV01: BI billing, PE performing, RF referring …"""
    taxonomy: Field[str] = text("PRV03", default="")

    @property
    def npi(self) -> str:
        """The NPI, empty where the provider is named by another number."""
        return self.id if self.id_qualifier in {"XX", ""} else ""


class Person(NamedPerson):
    """2100C and 2100D: a subscriber (with the member number in `id`) or a dependent."""

    loop_id: ClassVar[str] = "2100C"
    references: Rows[Reference] = references(default=())
    """Other numbers: 6P group, 1L policy, SY social security, EJ the provider's patient account …"""
    provider_role: Field[str] = text("PRV01", default="")
    provider_id: Field[str] = text("PRV03", default="")
    relationship: Field[str] = text("INS02", default="")
    """18 self, 01 spouse, 19 child … Only where the payer needs it to tell people apart."""
    birth_sequence: Field[str] = text("INS17", default="")
    diagnoses: HealthCodesField = health_codes("ABK", "ABF", ("BK", "BF"), default=())
    dates: Rows[Dated] = dates(default=())
    """291 plan, 307 eligibility, 346/347 plan begin and end, 356/357 eligibility begin and end, 442 death …"""

    def period_of(self, *qualifiers: str) -> tuple[date, date] | None:
        """First and last day of the first DTP under one of the qualifiers."""
        return period_among(self.dates, qualifiers)

    def reference(self, qualifier: str) -> str:
        """Find the number under a REF qualifier, empty where absent."""
        return next((row.id for row in self.references if row.qualifier == qualifier), "")


def period_among(rows: list[Dated], qualifiers: tuple[str, ...]) -> tuple[date, date] | None:
    """First and last day of the first DTP under one of the qualifiers."""
    return next(((row.first_on, row.last_on) for row in rows if row.qualifier in qualifiers), None)
