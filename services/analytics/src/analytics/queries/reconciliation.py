"""
Reconciliation: every place where two services, a payer or the bank should say the same, compared.

The database picks the candidates; `findings.py` judges them. While events travel, what is in transit shows up here;
at rest the list is empty, or something is wrong.
"""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    and_,
    any_,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.figures.deadlines import ACKNOWLEDGMENT_DAYS
from analytics.figures.encounters import Announced
from analytics.figures.findings import (
    Finding,
    OpenClaim,
    RemittanceSides,
    claim_findings,
    money_findings,
    remittance_findings,
)
from analytics.figures.money import FIELDS, Amounts, Cash
from analytics.queries.sums import summed
from analytics.storage import (
    cash_table,
    claim_table,
    encounter_table,
    event_table,
    metadata,
    posting_table,
    remittance_table,
)
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value

FINDINGS_MAX: Final = 1000
"""Of each kind of check; more than that is one cause."""
_P, _E, _C, _R, _EVENT = posting_table.c, encounter_table.c, claim_table.c, remittance_table.c, event_table.c
_HELD = metadata.tables["held"].c


class Checked(Value, kw_only=True):
    """How much was compared."""

    encounters: int
    claims: int
    remittances: int
    events: int


class Reconciliation(Value, kw_only=True):
    """What was compared, and what does not agree."""

    as_of: date
    checked: Checked
    findings: list[Finding]


async def reconcile(connection: AsyncConnection, today: date, clinic_ids: frozenset[UUID]) -> Reconciliation:
    """Compare everything that the grant reaches; `clinic_ids` are the clinics it names."""
    findings = [
        *await _encounters(connection),
        *await _claims(connection, today),
        *await _remittances(connection, today, clinic_ids),
        *await _gaps(connection),
        *await _held(connection),
    ]
    return Reconciliation(as_of=today, checked=await _checked(connection), findings=findings)


async def _checked(connection: AsyncConnection) -> Checked:
    counts = [
        select(func.count()).select_from(table).scalar_subquery()
        for table in (encounter_table, claim_table, remittance_table, event_table)
    ]
    row = (await connection.execute(select(*counts))).one()
    return Checked(encounters=row[0], claims=row[1], remittances=row[2], events=row[3])


async def _encounters(connection: AsyncConnection) -> list[Finding]:
    rows = (await connection.execute(_unequal_encounters())).mappings().all()
    return [
        finding
        for row in rows
        for finding in money_findings(
            row["id"],
            summed(Amounts, row),
            summed(Announced, row, prefix="announced_"),
        )
    ]


def _unequal_encounters() -> Executable:
    sums = [func.coalesce(func.sum(_P[name]), 0).label(name) for name in FIELDS]
    announced = [_announced(name).label(f"announced_{name}") for name in Announced.__struct_fields__]
    joined = encounter_table.outerjoin(posting_table, and_(_E.clinic_id == _P.clinic_id, _E.id == _P.stream_id))
    encounters = select(_E.id, *sums, *announced).select_from(joined).group_by(_E.clinic_id, _E.id).subquery()
    c = encounters.c
    became = c.insurance_paid_cents + c.adjusted_cents + c.patient_paid_cents + c.written_off_cents
    still_open = c.insurance_open_cents + c.transferred_cents - c.received_cents + c.patient_open_cents
    unequal = or_(
        c.charged_cents != became + still_open,
        c.unknown_cents != 0,
        c.transferred_cents != c.received_cents,
        *(c[name] != c[f"announced_{name}"] for name in Announced.__struct_fields__),
    )
    return select(encounters).where(unequal).order_by(c.id).limit(FINDINGS_MAX)


def _announced(name: str) -> ColumnElement[int]:
    return func.coalesce(_E.body["announced"][name].astext.cast(BigInteger), 0)


async def _claims(connection: AsyncConnection, today: date) -> list[Finding]:
    silent_since = today - timedelta(days=ACKNOWLEDGMENT_DAYS)
    unanswered = and_(_C.answered_on.is_(None), _C.submitted_on < silent_since)
    query = (
        select(
            _C.id.label("claim_id"),
            _C.stream_id.label("encounter_id"),
            *(_C.charge_cents, _C.submitted_on, _C.answered_on, _C.not_found_on, _C.paid_reported_on),
        )
        .join(encounter_table, and_(_E.clinic_id == _C.clinic_id, _E.id == _C.stream_id))
        .where(_C.submitted_on.is_not(None), _C.decided_on.is_(None), _E.state.not_in(("closed", "cancelled")))
        .where(or_(unanswered, _C.not_found_on.is_not(None), _C.paid_reported_on.is_not(None)))
        .order_by(_C.id)
        .limit(FINDINGS_MAX)
    )
    rows = (await connection.execute(query)).mappings().all()
    return [finding for row in rows for finding in claim_findings(OpenClaim(**row))]


async def _remittances(connection: AsyncConnection, today: date, clinic_ids: frozenset[UUID]) -> list[Finding]:
    paid = await _paid_by_remittance(connection)
    whole = await _payees_in_reach(connection, clinic_ids)
    rows = (await connection.execute(_cash_by_remittance())).mappings().all()
    findings: list[Finding] = []
    for row in rows:
        reached = row["billing_entity_id"] in whole
        findings += remittance_findings(
            RemittanceSides(
                remittance_id=row["id"],
                cash=summed(Cash, row),
                on_encounters_cents=paid.get(row["id"], ZERO) if reached else None,
                **{name: row[name] for name in _SIDES},
            ),
            today,
        )
    return findings[:FINDINGS_MAX]


_SIDES: Final = ("announced_cents", "received_on", "posted_on", "deposited_on", "deposited_cents")


def _cash_by_remittance() -> Executable:
    names = Cash.__struct_fields__
    sums = (
        select(cash_table.c.stream_id, *(func.sum(cash_table.c[name]).label(name) for name in names))
        .group_by(cash_table.c.stream_id)
        .subquery()
    )
    joined = remittance_table.outerjoin(sums, sums.c.stream_id == _R.id)
    amounts = [func.coalesce(sums.c[name], 0).label(name) for name in names]
    own = [_R[name] for name in _SIDES]
    return select(_R.billing_entity_id, _R.id, *own, *amounts).select_from(joined).order_by(_R.id)


async def _paid_by_remittance(connection: AsyncConnection) -> dict[UUID, Cents]:
    """
    Return what decisions paid, by the remittance's stream.

    The stream is the payment (payee and trace): a file sent again is another remittance on the same stream.
    """
    remittance = _EVENT.detail["remittance_id"].astext
    named = select(remittance, _EVENT.stream_id).where(_EVENT.type == "claims.remittance_received.v1")
    stream_of = {row[0]: row[1] for row in await connection.execute(named)}
    query = (
        select(remittance, func.sum(_EVENT.detail["paid_cents"].astext.cast(BigInteger)))
        .where(_EVENT.type == "claims.claim_adjudicated.v1")
        .group_by(remittance)
    )
    paid: dict[UUID, Cents] = {}
    for row in await connection.execute(query):
        if row[0] in stream_of:
            stream_id = stream_of[row[0]]
            paid[stream_id] = Cents(paid.get(stream_id, ZERO) + int(row[1] or 0))
    return paid


async def _payees_in_reach(connection: AsyncConnection, clinic_ids: frozenset[UUID]) -> set[UUID]:
    """Return the billing entities all of whose clinics are granted, as the directory last said."""
    query = (
        select(_EVENT.stream_id, _EVENT.detail)
        .where(_EVENT.type == "eligibility.billing_entity_updated.v1")
        .order_by(_EVENT.stream_id, _EVENT.version)
    )
    clinics = {row.stream_id: row.detail.get("clinic_ids", []) for row in await connection.execute(query)}
    return {
        payee for payee, named in clinics.items() if named and {UUID(clinic_id) for clinic_id in named} <= clinic_ids
    }


async def _gaps(connection: AsyncConnection) -> list[Finding]:
    """Prove that nothing was missed: a publisher counts its versions 1, 2, 3 … on each stream."""
    query = (
        select(_EVENT.source, _EVENT.stream_id, func.count().label("heard"), func.max(_EVENT.version).label("last"))
        .group_by(_EVENT.source, _EVENT.tenant_id, _EVENT.stream_id)
        .having(func.count() != func.max(_EVENT.version))
        .limit(FINDINGS_MAX)
    )
    return [
        Finding(
            kind="version_gap",
            subject="stream",
            subject_id=row.stream_id,
            what=f"every event that {row.source} said on this stream was heard",
            expected=f"versions 1 to {row.last}",
            found=f"{row.heard} events",
            fix="Find the missing version in the topic; replay it from its publisher's outbox.",
        )
        for row in await connection.execute(query)
    ]


async def _held(connection: AsyncConnection) -> list[Finding]:
    query = select(_HELD.stream_id, _HELD.source, _HELD.name, _HELD.state, _HELD.reason).where(
        _HELD.state == any_(literal_column("ARRAY['waiting', 'parked']"))
    )
    return [
        Finding(
            kind="event_held",
            subject="stream",
            subject_id=row.stream_id,
            what=f"{row.name} took effect here",
            expected="handled",
            found=f"{row.state}: {row.reason}",
            fix="Remove the cause, then replay the stream.",
        )
        for row in await connection.execute(query.limit(FINDINGS_MAX))
    ]
