"""When an EHR sends what: appointments before, registration on the day, charges after."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from revcycle_sandbox.agenda import Agenda
from revcycle_sandbox.draws import BASIS_POINTS, Draws
from revcycle_sandbox.ehr import fhir, hl7
from revcycle_sandbox.ehr.registration import Chart, batches, last_day, next_day, payer_names
from revcycle_sandbox.parcels import Parcel
from revcycle_sandbox.people import Service, Visit
from revcycle_sandbox.world import Provider, World, index

Services = list[tuple[int, Service]]


class Feed:
    """The messages of all visits of a world, each sent when its time comes."""

    def __init__(self, world: World, agenda: Agenda, draws: Draws) -> None:
        self.agenda = agenda
        self.draws = draws
        self._clinics = index(world.clinics, lambda clinic: clinic.code)
        self._providers = index(world.providers, lambda provider: provider.npi)
        self._patients = {(patient.clinic, patient.mrn): patient for patient in world.patients}
        self._payers = payer_names(world.payers)
        self._receiver = world.organization.code
        self._known: set[tuple[str, str]] = set()
        self._corrected: set[str] = set()
        self.visits = index(world.visits, lambda visit: visit.number)
        for visit in world.visits:
            self._schedule(visit)
        for position, raw in enumerate(world.messages):
            at = datetime.fromisoformat(raw.at)
            content = raw.content.replace("\n", "\r").encode() if raw.channel == "ehr.hl7" else raw.content.encode()
            parcel = Parcel(channel=raw.channel, sender=raw.sender, receiver=self._receiver, content=content)
            agenda.at(at, f"ehr|message|{position:06}", lambda _at, parcel=parcel: [parcel])  # type: ignore[misc]

    def chart(self, visit: Visit) -> Chart:
        """Open the chart of a visit as it stands now."""
        return Chart(
            visit=visit,
            patient=self._patients[visit.clinic, visit.mrn],
            clinic=self._clinics[visit.clinic],
            provider=self._providers.get(visit.provider_npi),
            payer_names=self._payers,
            corrected=visit.number in self._corrected,
        )

    def clinicians(self, clinic: str) -> list[Provider]:
        """List who sees patients at a clinic."""
        return [provider for provider in self._providers.values() if clinic in provider.clinics]

    def _schedule(self, visit: Visit) -> None:
        chart = self.chart(visit)
        if self._speaks_fhir(visit, chart):
            self._schedule_bundles(visit, chart)
            return
        self._schedule_appointment(visit, chart)
        if visit.cancelled:
            return
        arrival = chart.local(visit.service_on, 9, self.draws.below(50, visit.number, "arrival"))
        self._adt(visit, "A01" if visit.visit_class == "inpatient" else "A04", arrival, 1)
        self._adt(visit, "A03", chart.local(last_day(visit), 16, 5), 2)
        for days, services in batches(visit).items():
            at = chart.local(next_day(last_day(visit), days), 18, self.draws.below(60, visit.number, "charges"))
            self._dft(visit, services, at, days)

    def _speaks_fhir(self, visit: Visit, chart: Chart) -> bool:
        if visit.feed or visit.cancelled:
            return visit.feed == "fhir"
        return self.draws.below(BASIS_POINTS, visit.number, "feed") < chart.clinic.fhir_share

    def _schedule_appointment(self, visit: Visit, chart: Chart) -> None:
        days = visit.scheduled_days_before
        if days is None:
            return
        booked = chart.local(visit.service_on - timedelta(days=days), 11, self.draws.below(60, visit.number, "booking"))
        self.agenda.at(booked, f"ehr|{visit.number}|0", lambda at: self._book(visit, at))
        if visit.cancelled:
            trigger = "S15" if visit.cancelled == "cancelled" else "S26"
            ended = chart.local(visit.service_on, 8 if trigger == "S15" else 12)
            self.agenda.at(ended, f"ehr|{visit.number}|9", lambda at: [self._siu(visit, trigger, at)])

    def _book(self, visit: Visit, at: datetime) -> Iterator[Parcel]:
        """Register a patient who is new (A28), then book the appointment (S12)."""
        key = (visit.clinic, visit.mrn)
        if key not in self._known:
            self._known.add(key)
            yield self._parcel(visit, hl7.adt(self.chart(visit), "A28", at, f"{visit.number}-A28"))
        yield self._siu(visit, "S12", at)

    def _siu(self, visit: Visit, trigger: str, at: datetime) -> Parcel:
        return self._parcel(visit, hl7.siu(self.chart(visit), trigger, at, f"{visit.number}-{trigger}"))

    def _adt(self, visit: Visit, trigger: str, at: datetime, place: int) -> None:
        def send(now: datetime) -> Iterator[Parcel]:
            self._known.add((visit.clinic, visit.mrn))
            yield self._parcel(visit, hl7.adt(self.chart(visit), trigger, now, f"{visit.number}-{trigger}"))

        self.agenda.at(at, f"ehr|{visit.number}|{place}", send)

    def _dft(self, visit: Visit, services: Services, at: datetime, days: int) -> None:
        def send(now: datetime) -> Iterator[Parcel]:
            yield self._parcel(visit, hl7.dft(self.chart(visit), services, now, f"{visit.number}-P03-{days}"))

        self.agenda.at(at, f"ehr|{visit.number}|3", send)

    def _schedule_bundles(self, visit: Visit, chart: Chart) -> None:
        for days, services in batches(visit).items():
            at = chart.local(next_day(last_day(visit), days), 19, self.draws.below(60, visit.number, "bundle"))
            self._bundle(visit, services, at)

    def _bundle(self, visit: Visit, services: Services, at: datetime) -> None:
        def send(_now: datetime) -> Iterator[Parcel]:
            yield self._parcel(visit, fhir.bundle(self.chart(visit), services), "ehr.fhir")

        self.agenda.at(at, f"ehr|{visit.number}|3", send)

    def correct(self, visit: Visit, at: datetime) -> Parcel:
        """Write the truth down and send it (A08); from now on every message of the visit says it."""
        self._corrected.add(visit.number)
        return self._parcel(visit, hl7.adt(self.chart(visit), "A08", at, f"{visit.number}-A08"))

    def _parcel(self, visit: Visit, content: bytes, channel: str = "ehr.hl7") -> Parcel:
        chart = self.chart(visit)
        meta = {"clinic": visit.clinic, "visit_number": visit.number}
        return Parcel(channel=channel, sender=chart.facility, receiver=self._receiver, content=content, meta=meta)
