"""What an operator looks for in a system, and how held messages are freed."""

from typing import Any
from uuid import UUID

from revcycle.operate.desk import Desk, RefusedError
from revcycle.server.system import SERVICES

Row = dict[str, Any]
NOT_FOUND = 404
PAYERS_DOING = frozenset(
    {"acknowledgment_missing", "claim_not_found", "deposit_missing", "paid_not_posted", "remittance_not_posted"}
)
"""Findings about what a payer or the bank has not done: work for people, not a flaw of ours."""


async def find_journey(desk: Desk, encounter: str) -> Row:
    """Return the journey of an encounter, by its id or by its visit number. Raises RefusedError."""
    for encounter_id in await _ids(desk, encounter):
        try:
            story: Row = await desk.read(f"/analytics/v1/journeys/{encounter_id}")
        except RefusedError as refusal:
            if refusal.status != NOT_FOUND:
                raise
        else:
            return story
    raise RefusedError(NOT_FOUND, f"there is no encounter {encounter}: give its id, or the visit number the EHR sent")


async def _ids(desk: Desk, encounter: str) -> list[str]:
    try:
        return [str(UUID(encounter))]
    except ValueError:
        pass
    found = []
    for clinic_id in desk.record.clinics:
        page = await desk.read(f"/eligibility/v1/clinics/{clinic_id}/encounters", visit_number=encounter)
        found += [row["encounter_id"] for row in page["items"]]
    return found


def unsound(findings: list[Row]) -> list[Row]:
    """Return the findings about our own books; the others are what payers or the bank still owe us."""
    return [finding for finding in findings if finding["kind"] not in PAYERS_DOING]


async def held(desk: Desk, *, waiting: bool) -> Row:
    """Return what is held, and which services stopped reading."""
    states = ["parked", "queued", *(["waiting"] if waiting else [])]
    return {
        "held": await desk.read("/operate/v1/held", state=states),
        "breakers": [each for each in await desk.read("/operate/v1/breakers") if each["paused"]],
    }


async def held_under(desk: Desk, key: str) -> Row:
    """Return what is held under a key. Raises RefusedError where nothing is."""
    found = await held(desk, waiting=True)
    return {**found, "held": matching(found["held"], key)}


def matching(rows: list[Row], key: str) -> list[Row]:
    """
    Return the held messages of a stream, or with a fingerprint; the beginning of either will do.

    Raises RefusedError where there are none.
    """
    wanted = key.lower()
    found = [row for row in rows if row["stream_id"].startswith(wanted) or _is_of(row["fingerprint"], wanted)]
    if not found:
        raise RefusedError(NOT_FOUND, f"nothing is held under {key!r}: see `revcycle parked list --waiting`")
    return found


def _is_of(fingerprint: str, wanted: str) -> bool:
    return bool(fingerprint) and fingerprint.lower().startswith(wanted)


async def replay_queues(desk: Desk, rows: list[Row]) -> Row:
    """Let the queues of these messages try again, each from its first message on."""
    queues = {(row["service"], row["tenant_id"], row["stream_id"], row["source"]) for row in rows}
    applied = 0
    for service, tenant_id, stream_id, source in sorted(queues):
        body = {"service": service, "tenant_id": tenant_id, "stream_id": stream_id, "source": source}
        applied += (await desk.do("/operate/v1/replay", body))["applied"]
    mine = {queue[2] for queue in queues}
    still = (await held(desk, waiting=True))["held"]
    return {"applied": applied, "left": [row for row in still if row["stream_id"] in mine]}


async def resume_services(desk: Desk, services: list[str]) -> Row:
    """Let services read on."""
    for service in services or SERVICES:
        await desk.do("/operate/v1/resume", {"service": service})
    return {"resumed": list(services or SERVICES)}


async def troubled_effects(desk: Desk) -> list[Row]:
    """Return what does not go out to partners: failing for now, given up, or in doubt."""
    effects: list[Row] = await desk.read("/operate/v1/effects")
    return effects


async def effects_under(desk: Desk, key: str) -> list[Row]:
    """Return the effects whose id begins so, or of that name. Raises RefusedError where there are none."""
    wanted = key.lower()
    rows = [row for row in await troubled_effects(desk) if row["task_id"].startswith(wanted) or row["name"] == wanted]
    if not rows:
        raise RefusedError(NOT_FOUND, f"no effect is in trouble under {key!r}: see `revcycle effects list`")
    return rows


async def resend_effects(desk: Desk, rows: list[Row]) -> Row:
    """Send effects again, each under its own key."""
    for row in rows:
        await desk.do("/operate/v1/effects/resend", {"service": row["service"], "task_id": row["task_id"]})
    return {"resent": [row["task_id"] for row in rows]}
