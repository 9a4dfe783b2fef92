"""What a correction changes: the encounter's charges and facts, from which the next claim is built."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from uuid import UUID

from claims.domain.claims import Claim
from claims.domain.encounters import Authorization, Charge, Encounter
from claims.domain.refusal import Refused
from revcycle_kit.ids import derived_id
from revcycle_kit.values import Value, replace

BY_REGISTRATION = frozenset({"member_id", "payer_id", "subscriber"})
"""Changed where they belong: the encounter's registration tells them again."""


class Change(Value, kw_only=True):
    """One change to a claim, by the field's name."""

    field: str
    line_number: int | None = None
    value: str = ""
    """Lists are separated by commas."""


def corrected(encounter: Encounter, claim: Claim, changes: Iterable[Change]) -> Encounter:
    """Apply changes, one after the other. Raises Refused for a change that cannot be made."""
    for change in changes:
        encounter = _apply(encounter, claim, change)
    return encounter


def _apply(encounter: Encounter, claim: Claim, change: Change) -> Encounter:
    if change.field in BY_REGISTRATION:
        return encounter
    if change.field == "authorization_number":
        return _authorized(encounter, claim, change.value)
    if change.field == "rendering_provider_id" and change.line_number is None:
        return replace(encounter, rendering_provider_id=_uuid(change.value))
    if change.field == "place_of_service" and change.line_number is None:
        return replace(encounter, place_of_service=change.value)
    if change.field == "diagnoses" and change.line_number is None:
        return replace(encounter, diagnoses=_listed(change.value))
    return _on_line(encounter, claim, change)


def _on_line(encounter: Encounter, claim: Claim, change: Change) -> Encounter:
    line = claim.line(change.line_number or 0)
    if line is None:
        raise Refused(
            f"{change.field} names line {change.line_number}, which the claim does not have",
            f"name a line from 1 to {len(claim.lines)}",
        )
    return replace(
        encounter,
        charges=tuple(
            _changed(charge, change) if charge.line_id == line.line_id else charge for charge in encounter.charges
        ),
    )


def _changed(charge: Charge, change: Change) -> Charge:
    change_line = _ON_LINES.get(change.field)
    if change_line is None:
        raise Refused(f"{change.field} is no field that can be corrected", f"correct one of {', '.join(_ON_LINES)}")
    return change_line(charge, change.value)


def _authorized(encounter: Encounter, claim: Claim, number: str) -> Encounter:
    authorization_id = derived_id("authorization", str(claim.claim_id), number)
    return encounter.authorized(
        Authorization(authorization_id=authorization_id, payer_id=claim.payer_id, outcome="certified", number=number)
    )


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip().upper() for part in value.split(",") if part.strip())


def _units(value: str) -> Decimal:
    try:
        units = Decimal(value)
    except InvalidOperation:
        units = Decimal(0)
    if not units.is_finite() or units <= 0:
        raise Refused("units must be a number greater than zero", "enter how many units were rendered")
    return units


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise Refused("the provider is no identifier of the directory", "choose a provider of the directory") from None


_ON_LINES: Mapping[str, Callable[[Charge, str], Charge]] = {
    "modifiers": lambda charge, value: replace(charge, modifiers=_listed(value)),
    "code": lambda charge, value: replace(charge, code=value.strip().upper()),
    "units": lambda charge, value: replace(charge, units=_units(value)),
    "diagnoses": lambda charge, value: replace(charge, diagnoses=_listed(value)),
    "rendering_provider_id": lambda charge, value: replace(charge, rendering_provider_id=_uuid(value)),
    "place_of_service": lambda charge, value: replace(charge, place_of_service=value.strip()),
    "remove_line": lambda charge, _: replace(charge, credited=True),
}
