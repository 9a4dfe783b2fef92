"""Edits on who bills, who treated, and who is asked: NPI, TIN, address, enrollment."""

import re
from collections.abc import Iterable

from claims.domain.directory import enrolled
from claims.domain.edits.context import Edit, EditContext, Where, once

_TAXONOMY = re.compile(r"[0-9A-Z]{9}X")
_PO_BOX = re.compile(r"\b(?:p\.?\s*o\.?\s*box|post\s+office\s+box|lock\s*box)\b", re.IGNORECASE)
_NPI_LENGTH = 10
_NPI_PREFIX_SUM = 24
"""What the prefix 80840 adds to the Luhn sum of an NPI (CMS, NPI check digit)."""
_TIN_LENGTH = 9
_ZIP_LENGTH = 9


def npi_valid(npi: str | None) -> bool:
    """Check the ten digits of an NPI: Luhn over 80840 and the number."""
    if npi is None or len(npi) != _NPI_LENGTH or not npi.isdecimal() or npi[0] not in "12":
        return False
    total = _NPI_PREFIX_SUM
    for place, letter in enumerate(reversed(npi)):
        digit = int(letter) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit  # noqa: PLR2004 - the digits of a two-digit product
    return total % 10 == 0


def _taxonomy_wrong(taxonomy: str | None) -> bool:
    return taxonomy is not None and not _TAXONOMY.fullmatch(taxonomy)


def _street(context: EditContext) -> Iterable[Where]:
    lines = (context.payee.address.line1, context.payee.address.line2)
    return once(not lines[0] or any(_PO_BOX.search(line) for line in lines))


def _zip(context: EditContext) -> Iterable[Where]:
    code = context.payee.address.postal_code
    return once(len(code) != _ZIP_LENGTH or not code.isdecimal())


def _attending(context: EditContext) -> Iterable[Where]:
    if context.claim.kind != "I":
        return ()
    provider_id = context.claim.attending_provider_id
    provider = context.parties.providers.get(provider_id) if provider_id else None
    return once(provider is None or not npi_valid(provider.npi))


def _payer_unknown(context: EditContext) -> Iterable[Where]:
    return once(context.payer is None or not context.payer.payer_code or not context.payer.name)


def _not_enrolled(context: EditContext) -> Iterable[Where]:
    claim = context.claim
    rows = (enrollment for enrollment in context.parties.enrollments if enrollment.payer_id == claim.payer_id)
    return once(enrolled(rows, claim.billing_entity_id, None, "837", context.today) is False)


def _not_credentialed(context: EditContext) -> Iterable[Where]:
    claim = context.claim
    if claim.rendering_provider_id is None:
        return ()
    rows = (enrollment for enrollment in context.parties.enrollments if enrollment.payer_id == claim.payer_id)
    known = enrolled(rows, claim.billing_entity_id, claim.rendering_provider_id, "credentialing", claim.service_on)
    return once(known is False)


EDITS = (
    Edit(
        "billing_npi",
        "billing_entity.npi",
        "the billing NPI has ten digits and its check digit fits",
        "correct the NPI of the billing entity",
        "enrollment",
        lambda context: once(not npi_valid(context.payee.npi)),
    ),
    Edit(
        "billing_tin",
        "billing_entity.tin",
        "the tax number has nine digits",
        "correct the TIN of the billing entity",
        "enrollment",
        lambda context: once(len(context.payee.tin) != _TIN_LENGTH or not context.payee.tin.isdecimal()),
    ),
    Edit(
        "billing_taxonomy",
        "billing_entity.taxonomy",
        "a taxonomy code has ten characters and ends in X",
        "correct the taxonomy of the billing entity",
        "enrollment",
        lambda context: once(_taxonomy_wrong(context.payee.taxonomy)),
    ),
    Edit(
        "billing_street",
        "billing_entity.address.line1",
        "the billing address is a street, not a PO box (837 loop 2010AA)",
        "enter the street address of the billing entity",
        "enrollment",
        _street,
    ),
    Edit(
        "billing_zip",
        "billing_entity.address.postal_code",
        "the billing address has a ZIP code of nine digits",
        "enter ZIP+4 of the billing entity",
        "enrollment",
        _zip,
    ),
    Edit(
        "rendering_provider",
        "rendering_provider_id",
        "a professional claim names who rendered the service",
        "name the rendering provider of the encounter",
        "coder",
        lambda context: once(context.claim.kind == "P" and context.rendering is None),
    ),
    Edit(
        "rendering_npi",
        "rendering_provider.npi",
        "the rendering provider's NPI has ten digits and its check digit fits",
        "correct the NPI of the rendering provider",
        "enrollment",
        lambda context: once(context.rendering is not None and not npi_valid(context.rendering.npi)),
    ),
    Edit(
        "rendering_taxonomy",
        "rendering_provider.taxonomy",
        "a taxonomy code has ten characters and ends in X",
        "correct the taxonomy of the rendering provider",
        "enrollment",
        lambda context: once(context.rendering is not None and _taxonomy_wrong(context.rendering.taxonomy)),
    ),
    Edit(
        "attending_provider",
        "attending_provider_id",
        "an institutional claim names an attending provider with a valid NPI",
        "name the attending provider of the encounter",
        "coder",
        _attending,
    ),
    Edit(
        "payer_known",
        "payer_id",
        "the payer has a name and an identifier for electronic claims",
        "complete the payer in the directory",
        "registration",
        _payer_unknown,
    ),
    Edit(
        "edi_enrollment",
        "enrollment.837",
        "the payee is enrolled with the payer to send claims",
        "complete the enrollment for electronic claims, or enter its effective date",
        "enrollment",
        _not_enrolled,
    ),
    Edit(
        "credentialing",
        "enrollment.credentialing",
        "the rendering provider is credentialed with the payer on the day of service",
        "complete the credentialing, or bill under a credentialed supervising provider",
        "enrollment",
        _not_credentialed,
    ),
)
