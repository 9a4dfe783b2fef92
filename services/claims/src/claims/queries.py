"""What is read outside of handlers: documents, the directory, and where a claim's answers have to go."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from claims.domain.claims import DECIDED, IN_FLIGHT, Claim
from claims.domain.directory import BillingEntity, Clinic, Payer, Provider
from claims.storage import ClaimsWork, EncounterFile, Interchange
from claims.storage.tables import address_table
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.stores import Store
from revcycle_kit.errors import NotFound

AnyRow = Row[*tuple[Any, ...]]
T = TypeVar("T")


def store(name: str) -> Store[Any]:
    """Return the store of that name, as `ClaimsWork` declares it."""
    declared: Store[Any] = vars(ClaimsWork)[name]
    return declared


def body_of(table: Table) -> ColumnElement[str]:
    """Read a document's body as text: its store decodes it."""
    return cast(table.c.body, Text).label("document")


def decode(name: str, text: str) -> Any:
    """Return the document that a body says."""
    return store(name).decode(text.encode())


async def documents(connection: AsyncConnection, name: str, keys: Collection[UUID]) -> dict[UUID, Any]:
    """Return documents of one store by their ids, as far as the grant covers them."""
    table = store(name).table
    query = select(table.c.id, body_of(table)).where(table.c.id.in_(keys))
    return {row.id: decode(name, row.document) for row in await connection.execute(query)}


async def claims_and_files(
    connection: AsyncConnection, claim_ids: Collection[UUID], encounter_ids: Collection[UUID]
) -> tuple[dict[UUID, Claim], dict[UUID, EncounterFile]]:
    """Return claims and the encounters they belong to."""
    return (
        await documents(connection, "claims", claim_ids),
        await documents(connection, "encounters", encounter_ids),
    )


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody whom the organization knows."""

    clinics: dict[UUID, Clinic]
    payees: dict[UUID, BillingEntity]
    payers: dict[UUID, Payer]
    providers: dict[UUID, Provider]

    def payee_named(self, *numbers: str) -> BillingEntity | None:
        """Find a payee by its NPI or tax number."""
        wanted = {number for number in numbers if number}
        return next((payee for payee in self.payees.values() if wanted & {payee.npi, payee.tin}), None)

    def payer_named(self, codes: Iterable[str], name: str) -> Payer | None:
        """Find a payer by its identifier, else by its name."""
        wanted = {code for code in codes if code}
        by_code = (payer for payer in self.payers.values() if payer.payer_code in wanted)
        by_name = (payer for payer in self.payers.values() if name and payer.name.upper() == name.upper())
        return next(by_code, None) or next(by_name, None)


async def directory(connection: AsyncConnection, *names: str) -> Directory:
    """Read the directory of the caller's organization: all of it, or only these parts."""
    parts = names or ("clinics", "payees", "payers", "providers")
    found = {name: await _references(connection, name) for name in parts}
    return Directory(
        clinics=found.get("clinics", {}),
        payees=found.get("payees", {}),
        payers=found.get("payers", {}),
        providers=found.get("providers", {}),
    )


async def addresses(connection: AsyncConnection, numbers: Collection[str]) -> dict[str, tuple[UUID, UUID, UUID]]:
    """Tell for patient control numbers where they belong: payee, clinic, encounter."""
    if not numbers:
        return {}
    column = address_table.c
    query = select(column.patient_control_number, column.billing_entity_id, column.clinic_id, column.encounter_id)
    rows = await connection.execute(query.where(column.patient_control_number.in_(numbers)))
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


async def by_payer_numbers(
    connection: AsyncConnection, grant: Grant, numbers: Collection[str]
) -> dict[str, tuple[UUID, UUID, UUID]]:
    """Tell for payers' claim numbers where they belong: for files that lost our own number."""
    column = store("claims").table.c
    query: Select[Any] = select(
        column.payer_claim_control_number, column.billing_entity_id, column.clinic_id, column.stream_id
    ).where(column.clinic_id.in_(grant.clinics), column.payer_claim_control_number.in_(numbers))
    rows = await connection.execute(query)
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


async def _references(connection: AsyncConnection, name: str) -> dict[UUID, Any]:
    table = store(name).table
    rows = await connection.execute(select(table.c.id, body_of(table)))
    return {row.id: decode(name, row.document) for row in rows}


async def kept_file(connection: AsyncConnection, file_id: UUID) -> tuple[Interchange, UUID]:
    """Return a file as it was kept, and its stream. Raises NotFound."""
    table = store("interchanges").table
    query = select(table.c.stream_id, body_of(table)).where(table.c.id == file_id)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("file")
    return decode("interchanges", row.document), row.stream_id


async def billed_for_same_patients(connection: AsyncConnection, leaving: Iterable[Claim]) -> list[Claim]:
    """Return what was billed before for the patients of these claims, on the days of these claims."""
    claims = tuple(leaving)
    if not claims:
        return []
    table = store("claims").table
    query = select(body_of(table)).where(
        table.c.clinic_id.in_({claim.clinic_id for claim in claims}),
        table.c.patient_id.in_({claim.patient_id for claim in claims}),
        table.c.service_on.between(
            min(claim.service_on for claim in claims), max(claim.service_on for claim in claims)
        ),
        table.c.state.in_(sorted(IN_FLIGHT | DECIDED)),
        table.c.stream_id.not_in({claim.encounter_id for claim in claims}),
    )
    return [decode("claims", row.document) for row in await connection.execute(query)]


async def of_same_encounter(connection: AsyncConnection, claim_id: UUID) -> list[Claim]:
    """Return every claim of the encounter that this claim belongs to."""
    table = store("claims").table
    stream = select(table.c.stream_id).where(table.c.id == claim_id).scalar_subquery()
    rows = await connection.execute(select(table.c.id, body_of(table)).where(table.c.stream_id == stream))
    return [decode("claims", row.document) for row in rows]
