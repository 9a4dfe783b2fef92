"""The clinic of a message: the one that its sender's facility (MSH-4) names, else the connection's."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from eligibility import queries
from eligibility.domain.directory import Clinic
from eligibility.hl7v2 import UnreadableMessageError, read_message
from eligibility.intake.sender import Sender
from eligibility.storage import EligibilityWork
from revcycle_kit.auth.grant import Grant
from revcycle_kit.delivery.runtime import Runtime

KNOWN_FOR = timedelta(minutes=5)
"""How long the directory's clinics are remembered …"""
UNKNOWN_FOR = timedelta(seconds=30)
"""… and how long a facility that no clinic claims stays unknown."""


class ClinicFinder:
    """Finds the clinic of a message in the directory, of which it remembers the clinics for a while."""

    def __init__(self, runtime: Runtime[EligibilityWork]) -> None:
        self._runtime = runtime
        self._clinics: dict[UUID, tuple[datetime, dict[UUID, Clinic]]] = {}
        self._reading = asyncio.Lock()

    async def clinic_of(self, raw: bytes, sender: Sender) -> Clinic | None:
        """Return the clinic a message belongs to, as the directory knows it."""
        facility = _facility(raw) or sender.name.upper()
        clinics = await self.clinics(sender.organization_id)
        clinic = _named(clinics, facility) or clinics.get(sender.clinic_id)
        if clinic is None or facility not in _codes(clinic):
            clinics = await self.clinics(sender.organization_id, age_max=UNKNOWN_FOR)
            clinic = _named(clinics, facility) or clinics.get(sender.clinic_id)
        return clinic

    async def clinics(self, organization_id: UUID, *, age_max: timedelta = KNOWN_FOR) -> dict[UUID, Clinic]:
        """Return the clinics of an organization, read anew where they were read too long ago."""
        async with self._reading:  # who comes meanwhile finds what the first one read
            now = self._runtime.clock.now()
            read_at, clinics = self._clinics.get(organization_id, (None, {}))
            if read_at is None or now - read_at >= age_max:
                async with self._runtime.read(Grant("reception", organization_id=organization_id)) as connection:
                    clinics = await queries.clinics(connection, organization_id)
                self._clinics[organization_id] = (now, clinics)
            return clinics

    def forget(self, organization_id: UUID) -> None:
        """Read the clinics anew next time: the directory has changed."""
        self._clinics.pop(organization_id, None)


def _facility(raw: bytes) -> str:
    if raw.lstrip()[:3] != b"MSH":
        return ""
    try:
        return read_message(raw.split(b"\r", 1)[0].split(b"\n", 1)[0]).header.text(4).upper()
    except UnreadableMessageError:
        return ""


def _named(clinics: dict[UUID, Clinic], facility: str) -> Clinic | None:
    return next((clinic for clinic in clinics.values() if facility in _codes(clinic)), None)


def _codes(clinic: Clinic) -> set[str]:
    return {code.upper() for code in clinic.facility_codes}
