"""What an EHR says of a visit at a given moment: the patient, and the coverages as somebody wrote them down."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from revcycle_sandbox.people import Address, Patient, Presented, Service, Visit
from revcycle_sandbox.world import Clinic, Payer, Provider


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A visit with the people and places it names."""

    visit: Visit
    patient: Patient
    clinic: Clinic
    provider: Provider | None
    payer_names: dict[str, str]
    corrected: bool = False
    """True: the front desk has looked again, and the truth is written down."""

    @property
    def coverages(self) -> tuple[Presented, ...]:
        """The coverages as they are written down now."""
        if self.corrected or self.visit.presented is None:
            return self.patient.coverages
        return self.visit.presented

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields not filled in yet."""
        return () if self.corrected else self.visit.missing

    @property
    def birth_on(self) -> date | None:
        return None if "birth_on" in self.missing else self.patient.birth_on

    @property
    def address(self) -> Address | None:
        return None if "address" in self.missing else self.patient.address

    @property
    def facility(self) -> str:
        return self.clinic.facility or self.clinic.code

    def payer_name(self, coverage: Presented) -> str:
        return coverage.payer_name or self.payer_names.get(coverage.payer, coverage.payer)

    def local(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Give an hour of the clinic's day as an instant."""
        zone = ZoneInfo(self.clinic.time_zone)
        return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)

    def stamp(self, at: datetime) -> str:
        """Write an instant as HL7 does, in the clinic's time with its offset."""
        return at.astimezone(ZoneInfo(self.clinic.time_zone)).strftime("%Y%m%d%H%M%S%z")


def payer_names(payers: tuple[Payer, ...]) -> dict[str, str]:
    """Give the names of payers by code."""
    return {payer.code: payer.name for payer in payers}


def batches(visit: Visit) -> dict[int, list[tuple[int, Service]]]:
    """Group the services by the day after the visit on which they are charged, each with its line number."""
    grouped: dict[int, list[tuple[int, Service]]] = {}
    for number, service in enumerate(visit.services, start=1):
        days = visit.charges_after_days + (service.late_after_days or 0)
        grouped.setdefault(days, []).append((number, service))
    return grouped


def last_day(visit: Visit) -> date:
    """Give the day the visit ended."""
    return visit.through_on or visit.service_on


def next_day(day: date, days: int) -> date:
    """Go so many days on."""
    return day + timedelta(days=days)
