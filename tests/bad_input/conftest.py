"""Two doors, for messages of EHR systems and for files of payers; behind them a clinic with two open claims."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import httpx
import msgspec
import pytest

import claims.http
import claims.service
import eligibility.http
import eligibility.service
from eligibility import published
from revcycle_kit.auth import Grant
from revcycle_kit.database.migrations import migrate
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.ids import derived_id
from revcycle_kit.partners import kinds
from revcycle_kit.testing.harness import Harness, _in_thread
from revcycle_kit.testing.keys import ThrowawayKeys
from revcycle_kit.testing.postgres import DatabaseFactory

ORGANIZATION: Final = derived_id("organization", "BAD")
CLINIC: Final = derived_id("clinic", "BAD")
PAYEE: Final = derived_id("payee", "BAD")
PAYER: Final = derived_id("payer", "BAD")
PROVIDER: Final = derived_id("provider", "BAD")
NPI: Final = "1234567893"
TIN: Final = "123456789"
START: Final = datetime(2026, 1, 10, 15, tzinfo=UTC)
ADDRESS: Final = published.Address(line1="1 MAIN ST", city="ALBANY", state="NY", postal_code="122071234")


class Partner(kinds.Partner):
    """Takes what it is given, and answers nothing."""

    async def ask(self, interchange: bytes, key: str) -> bytes:
        del interchange, key
        return b""

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        del interchange, name, key


class Believing:
    """Believes whoever comes: a clerk of the clinic."""

    async def verify(self, token: str) -> Grant:
        """Return the clerk's grant, whatever the token."""
        del token
        roles = frozenset({"intake", "operator", "auditor", "front_desk", "biller"})
        return Grant("door", roles, ORGANIZATION, frozenset({CLINIC}), frozenset({PAYEE}))


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of one input, and how long this process worked on it."""

    answer: httpx.Response
    seconds: float


@dataclass(slots=True)
class Door:
    """One address that takes raw bytes."""

    harness: Harness
    client: httpx.AsyncClient
    path: str
    table: str
    """Where what comes in is kept."""

    async def send(self, content: bytes) -> Sent:
        """Send bytes, and let all that follows settle."""
        begun = time.process_time()
        answer = await self.client.post(self.path, content=content)
        spent = time.process_time() - begun
        await self.harness.settle()
        return Sent(answer, spent)

    async def kept(self) -> int:
        """Return how many inputs are kept."""
        rows = await self.harness.query(f'SELECT count(*) FROM "{self.table}"')  # noqa: S608 - our own name
        return int(rows[0][0])


def client_of(app: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test", headers={"Authorization": "Bearer clerk"})


@pytest.fixture(scope="session")
def new_tables(session_database: DatabaseFactory) -> Callable[[str], Any]:
    """Return a maker of migrated databases that live as long as the session."""

    def make(name: str) -> Any:
        database = session_database(name)
        _in_thread(migrate, name, database.owner)
        return database

    return make


@pytest.fixture(scope="session")
async def messages(new_tables: Callable[[str], Any]) -> AsyncIterator[Door]:
    """Open the door for messages of EHR systems."""
    harness = Harness(eligibility.service.build(Partner()), new_tables("eligibility"), START)
    app = eligibility.http.build_app(harness.runtime, Believing(), ThrowawayKeys())
    async with client_of(app) as client:
        clinic = {"name": "Bad Clinic", "time_zone": "America/New_York", "facility_codes": ["BAD"]}
        entered = await client.put(f"/v1/clinics/{CLINIC}", json=clinic, headers={"Idempotency-Key": "clinic"})
        assert entered.is_success, entered.text
        yield Door(harness, client, f"/v1/clinics/{CLINIC}/messages", "message")
    await harness.close()


@pytest.fixture(scope="session")
async def files(new_tables: Callable[[str], Any]) -> AsyncIterator[Door]:
    """Open the door for files of payers, with two claims behind it that were sent and not yet answered."""
    opened: list[Harness] = []
    service = claims.service.build(Partner(), lambda: opened[0].runtime)
    opened.append(Harness(service, new_tables("claims"), START))
    harness = opened[0]
    for event in directory():
        entry = StreamRef("organization", ORGANIZATION, "directory", derived_id(type(event).__name__))
        await harness.hear("eligibility", event, entry)
    for number in (1, 2):
        await bill(harness, number)
    await harness.advance(datetime(2026, 1, 12, 15, tzinfo=UTC))
    assert [] == await harness.parked()
    async with client_of(claims.http.build_app(harness.runtime, Believing())) as client:
        yield Door(harness, client, "/v1/interchanges", "interchange")
    await harness.close()


def directory() -> list[msgspec.Struct]:
    """Say who the clinic, its payee, its clinician and its payer are."""
    common: dict[str, Any] = {"organization_id": ORGANIZATION}
    return [
        published.ClinicUpdated(clinic_id=CLINIC, name="C", time_zone="America/New_York", **common),
        published.BillingEntityUpdated(
            billing_entity_id=PAYEE, name="PAYEE", tin=TIN, npi=NPI, taxonomy="207Q00000X", address=ADDRESS,
            contact_phone="5555550100", **common,
        ),
        published.ProviderUpdated(provider_id=PROVIDER, npi="1245319599", family="HEALER", given="ANN", **common),
        published.PayerUpdated(
            payer_id=PAYER, name="PLAN", payer_code="PPO01", kind="commercial",
            filing_indicator="CI", timely_filing_days=90, **common,
        ),
    ]  # fmt: skip


async def bill(harness: Harness, number: int) -> None:
    """Let an encounter be registered and charged, so that its claim leaves."""
    encounter_id, coverage_id = derived_id("encounter", str(number)), derived_id("coverage", str(number))
    stream = StreamRef("clinic", CLINIC, "encounter", encounter_id)
    person = {"family": "DOE", "given": "JANE", "birth_on": "1980-02-03", "sex": "F"}
    subscriber = {"coverage_id": coverage_id, "person": person, "member_id": "M1"}
    identity = msgspec.defstruct("Identity", ["patient", "subscribers"])(patient=person, subscribers=[subscriber])
    registered = {
        "encounter_id": encounter_id, "organization_id": ORGANIZATION, "clinic_id": CLINIC, "billing_entity_id": PAYEE,
        "patient_id": stream.id, "guarantor_id": stream.id, "visit_class": "outpatient", "place_of_service": "11",
        "service_on": date(2026, 1, 9), "rendering_provider_id": PROVIDER, "identity": "",
        "coverages": [{"coverage_id": coverage_id, "payer_id": PAYER, "rank": 1}],
    }  # fmt: skip
    line = {"line_id": derived_id("line", str(number)), "code": "99213", "amount_cents": 250_00}
    charged = {"encounter_id": encounter_id, "charges": [line], "complete": True}
    charged["diagnoses"] = [{"code": "E11.9", "system": "icd10cm", "rank": 1}]
    await harness.hear("eligibility", named("EncounterRegistered", registered), stream, identity=identity)
    verified = {"encounter_id": encounter_id, "coverage_id": coverage_id}
    await harness.hear("eligibility", named("CoverageVerified", verified), stream)
    await harness.hear("eligibility", named("ChargesReceived", charged), stream)


def named(kind: str, fields: dict[str, Any]) -> msgspec.Struct:
    """Make a value whose class has this name: what another service would say."""
    made: msgspec.Struct = msgspec.defstruct(kind, list(fields), kw_only=True)(**fields)
    return made


@pytest.fixture
def good_message() -> Callable[[int], bytes]:
    """Return a writer of messages with which nothing is wrong."""

    def write(number: int) -> bytes:
        segments = (
            f"MSH|^~\\&|EHR|BAD|RCM|RC|20260105090000||ADT^A04|G{number}|P|2.5.1",
            f"PID|1||MRN{number}^^^BAD^MR||DOE^JANE||19800203|F",
            f"PV1|1|O|||||{NPI}^HART^ANN||||||||||||V{number}|||||||||||||||||||||||||20260105083000",
        )
        return ("\r".join(segments) + "\r").encode()

    return write
