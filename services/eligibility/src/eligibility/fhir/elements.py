"""FHIR R4 data types, as far as this service reads them; unknown members are ignored."""

from decimal import Decimal

import msgspec


class Element(msgspec.Struct, rename="camel", kw_only=True):
    """What every FHIR element is here: names in camel case, unknown members ignored."""


class Coding(Element):
    """A code of a code system."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class CodeableConcept(Element):
    """A concept, by any number of codings and a text."""

    coding: tuple[Coding, ...] = ()
    text: str | None = None


class Identifier(Element):
    """A business identifier with its assigner's system."""

    use: str | None = None
    type: CodeableConcept | None = None
    system: str | None = None
    value: str | None = None

    def has_type(self, *codes: str) -> bool:
        """Tell whether the identifier's type is one of the codes of HL7 table 0203."""
        return any((coding.code or "").upper() in codes for coding in (self.type.coding if self.type else []))


class Reference(Element):
    """A pointer to another resource: literal, conditional, contained, by identifier or by name only."""

    reference: str | None = None
    display: str | None = None
    identifier: Identifier | None = None


class Period(Element):
    """Two FHIR dateTimes as sent; they are read where they are used, because some are no dates."""

    start: str | None = None
    end: str | None = None


class Money(Element):
    """An amount in dollars, exactly as sent."""

    value: Decimal | None = None


class Quantity(Element):
    """A number of units."""

    value: Decimal | None = None


class HumanName(Element):
    """A person's name."""

    use: str | None = None
    text: str | None = None
    family: str | tuple[str, ...] | None = None
    given: tuple[str | None, ...] = ()
    suffix: tuple[str | None, ...] = ()


class Address(Element):
    """A postal address."""

    line: tuple[str | None, ...] = ()
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class ContactPoint(Element):
    """A phone number or e-mail address."""

    system: str | None = None
    value: str | None = None
