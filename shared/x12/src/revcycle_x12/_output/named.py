"""Loops under the names of their typed views, for programs that should not need to know where CLP03 stands."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Any

from revcycle_x12._grammar.guide import Guide
from revcycle_x12._reading.loop import Loop
from revcycle_x12._syntax.errors import X12Error
from revcycle_x12._views.fields import Field
from revcycle_x12._views.loop_fields import Many, One
from revcycle_x12._views.nested import Within
from revcycle_x12._views.transaction_view import TransactionView
from revcycle_x12._views.view import View
from revcycle_x12.acknowledgment import ImplementationAcknowledgment, InterchangeAcknowledgment
from revcycle_x12.authorization import AuthorizationRequest, AuthorizationResponse
from revcycle_x12.claim_acknowledgment import ClaimAcknowledgment
from revcycle_x12.claim_status import StatusInquiry, StatusResponse
from revcycle_x12.codes import OpenCode
from revcycle_x12.dental import DentalClaims
from revcycle_x12.eligibility import EligibilityInquiry, EligibilityResponse
from revcycle_x12.institutional import InstitutionalClaims
from revcycle_x12.professional import ProfessionalClaims
from revcycle_x12.remittance import Remittance

_VIEWS: tuple[type[TransactionView], ...] = (
    AuthorizationRequest,
    AuthorizationResponse,
    ClaimAcknowledgment,
    DentalClaims,
    EligibilityInquiry,
    EligibilityResponse,
    ImplementationAcknowledgment,
    InstitutionalClaims,
    InterchangeAcknowledgment,
    ProfessionalClaims,
    Remittance,
    StatusInquiry,
    StatusResponse,
)


def named(guide: Guide | None, loop: Loop) -> dict[str, Any]:
    """
    Give what a loop itself holds under the names of its view: cents, ISO dates, codes with their texts.

    What is absent is left out, and so is what cannot be read: its segment says
    how it stands. Child loops speak for themselves.
    """
    kind = _views_of(guide).get(loop.id) if guide is not None else None
    if kind is None or guide is None:
        return {}
    view = kind.of(loop)
    found = ((name, _value_of(view, name)) for name in _names_of(guide, loop.id))
    return {name: value for name, value in found if not _is_absent(value)}


@cache
def _views_of(guide: Guide) -> dict[str, type[View]]:
    """Find the view of each loop of a guide, from the view of its transaction down."""
    found: dict[str, type[View]] = {}
    for kind in _VIEWS:
        if kind.guide is guide:
            _collect(kind, "ST", found)
    return found


def _collect(kind: type[View], loop_id: str, views: dict[str, type[View]]) -> None:
    if loop_id in views:
        return
    views[loop_id] = kind
    for _, item in _attributes(kind):
        if isinstance(item, (One, Many, Within)):
            _collect(item.view, item.loop_id, views)


def _attributes(kind: type[View]) -> Iterator[tuple[str, Any]]:
    owned = {name: item for base in reversed(kind.__mro__) for name, item in vars(base).items()}
    yield from ((name, item) for name, item in owned.items() if not name.startswith("_") and hasattr(item, "__get__"))


@cache
def _names_of(guide: Guide, loop_id: str) -> tuple[str, ...]:
    """Name the fields that stand in the loop itself."""
    kind = _views_of(guide)[loop_id]
    return tuple(
        name
        for name, item in _attributes(kind)
        if hasattr(item, "form")
        and not isinstance(item, (One, Many, Within))
        and not (isinstance(item, Field) and item.path.loops)
    )


def _value_of(view: View, name: str) -> Any:
    try:
        return _plain(getattr(view, name))
    except (X12Error, ValueError):
        return None


def _plain(value: Any) -> Any:
    """Give a value as JSON has it."""
    if isinstance(value, OpenCode):
        return {"code": str(value), "text": value.text} if value.text else {"code": str(value)}
    if isinstance(value, (date, time, Decimal)):
        return str(value) if isinstance(value, Decimal) else value.isoformat()
    if is_dataclass(value) or hasattr(value, "_fields"):
        names = [field.name for field in fields(value)] if is_dataclass(value) else value._fields
        return _parts(value, names)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _parts(value: Any, names: Any) -> dict[str, Any]:
    parts = {name: _plain(getattr(value, name)) for name in (*names, "text") if hasattr(value, name)}
    return {name: part for name, part in parts.items() if not _is_absent(part)}


def _is_absent(value: Any) -> bool:
    """Zero and False are values."""
    return value is None or (isinstance(value, (str, list, dict)) and not value)
