"""Whose figures are wanted, and the roles that may read them."""

from datetime import UTC, date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from analytics.queries.scope import Scope
from revcycle_kit.auth import Grant
from revcycle_kit.errors import Refusal
from revcycle_kit.http import Now, requires

READERS = ("biller", "front_desk", "coder", "lead", "manager", "client", "auditor", "operator")
CONTROLLERS = ("lead", "manager", "client", "auditor", "operator")
Reader = Annotated[Grant, requires(*READERS)]
Controller = Annotated[Grant, requires(*CONTROLLERS)]


async def _scope(
    *,
    caller: Reader,
    now: Now,
    clinic_id: Annotated[UUID | None, Query(description="Only this clinic; else every clinic of the grant.")] = None,
    payer_id: Annotated[UUID | None, Query(description="Only encounters of this primary payer.")] = None,
    provider_id: Annotated[UUID | None, Query(description="Only this rendering provider.")] = None,
    month: Annotated[str | None, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="Such as 2026-03.")] = None,
    as_of: Annotated[date | None, Query(description="As known on this day; today by default.")] = None,
) -> Scope:
    """Return whose figures are asked for; a clinic outside the grant does not exist."""
    if clinic_id is not None:
        caller.require_clinic(clinic_id)
    today = now.astimezone(UTC).date()
    first = _first_of(month) if month else None
    return Scope(as_of=as_of or today, clinic_id=clinic_id, payer_id=payer_id, provider_id=provider_id, month=first)


def _first_of(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Refusal("This is no month.", "query.month", "Write it such as 2026-03.") from None


Scoped = Annotated[Scope, Depends(_scope)]
