"""The coding worklist, an encounter in full, and its ledger."""

from datetime import date
from uuid import UUID

from sqlalchemy import select, tuple_

from claims import queries
from claims.domain.charging import LineCoding
from claims.domain.ledger import Entry, money
from claims.http import requests, views
from claims.http.counter import Asked, Coder, Counter, Reader
from claims.messages import CompleteCoding
from claims.storage.tables import encounter_table, ledger_table
from revcycle_kit.errors import NotFound
from revcycle_kit.http import Cursor, IdempotencyKey, Page, Paging

by_service = Cursor("encounters", tuple[date, UUID])
ENTRIES_MAX = 5_000


class CodingRoutes:
    """Read what waits for a coder, and take the coder's answer."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def list_coding(
        self, caller: Reader, paging: Paging, clinic_id: UUID | None = None
    ) -> Page[views.EncounterView]:
        """List encounters that wait for a coder, the oldest service first, each with what is missing."""
        column = encounter_table.c
        clinics = [caller.require_clinic(clinic_id)] if clinic_id else caller.clinics
        query = select(column.service_on, column.id, queries.body_of(encounter_table)).where(
            column.clinic_id.in_(clinics), column.coding == "waiting"
        )
        after = by_service.read(paging.cursor)
        if after is not None:
            query = query.where(tuple_(column.service_on, column.id) > tuple_(*after))
        query = query.order_by(column.service_on, column.id).limit(paging.limit + 1)
        async with self._counter.runtime.read(caller) as connection:
            rows = (await connection.execute(query)).all()
        return by_service.page(
            rows,
            paging,
            item=lambda row: views.encounter_view(queries.decode("encounters", row.document).encounter),
            after=lambda row: (row.service_on, row.id),
        )

    async def read_encounter(self, encounter_id: UUID, caller: Reader) -> views.EncounterView:
        """Show an encounter with its charges and what its coder has to supply."""
        async with self._counter.runtime.read(caller) as connection:
            found = await queries.documents(connection, "encounters", [encounter_id])
        if encounter_id not in found:
            raise NotFound("encounter")
        return views.encounter_view(found[encounter_id].encounter)

    async def complete_coding(
        self, encounter_id: UUID, request: requests.CodingRequest, caller: Coder, key: IdempotencyKey
    ) -> views.EncounterView:
        """Take a coder's answer; when nothing is missing any more the encounter goes on to its claim."""
        command = CompleteCoding(
            lines=tuple(_line(line) for line in request.lines),
            diagnoses=tuple(request.diagnoses),
            rendering_provider_id=request.rendering_provider_id,
        )
        await self._counter.on_encounter(encounter_table, encounter_id, "encounter", command, Asked(caller, key))
        return await self.read_encounter(encounter_id, caller)

    async def read_ledger(self, encounter_id: UUID, caller: Reader) -> views.LedgerView:
        """Show an encounter's insurance ledger: every entry, and what they add up to."""
        column = ledger_table.c
        query = (
            select(*(column[name] for name in views.EntryView.__dataclass_fields__))
            .where(column.stream_id == encounter_id, column.clinic_id.in_(caller.clinics))
            .order_by(column.posted_on, column.id)
            .limit(ENTRIES_MAX)
        )
        async with self._counter.runtime.read(caller) as connection:
            rows = (await connection.execute(query)).all()
        if not rows:
            raise NotFound("ledger")
        entries = [Entry(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for a row's fields
        return views.ledger_view(money(entries), entries)


def _line(request: requests.LineCodingRequest) -> LineCoding:
    return LineCoding(
        line_id=request.line_id,
        code=request.code.strip().upper() if request.code else None,
        modifiers=None if request.modifiers is None else tuple(modifier.upper() for modifier in request.modifiers),
        units=request.units,
        charge_cents=request.charge_cents,
        diagnoses=None if request.diagnoses is None else tuple(request.diagnoses),
        rendering_provider_id=request.rendering_provider_id,
        remove=request.remove,
    )
