"""A city: the five services on real PostgreSQL, joined by their outboxes, with two billing companies in them."""

import importlib
import io
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import httpx
import msgspec
import pytest
from fastapi import FastAPI

import analytics.service
import claims.service
import denials.service
import eligibility.service
import patient_billing.service
from analytics.queries.database import ReadOnlyDatabase
from revcycle_kit.auth import Verifier
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.bus.protocol import Record
from revcycle_kit.database.migrations import migrate
from revcycle_kit.delivery.envelopes import of_event
from revcycle_kit.delivery.service import Service
from revcycle_kit.ids import derived_id
from revcycle_kit.partners.kinds import Partner
from revcycle_kit.telemetry import configure_logs
from revcycle_kit.testing.harness import Harness, _in_thread
from revcycle_kit.testing.keys import ThrowawayKeys
from revcycle_kit.testing.postgres import DatabaseFactory, DatabaseServer, FreshDatabase

START: Final = datetime(2026, 1, 5, 15, tzinfo=UTC)
SERVICES: Final = ("eligibility", "claims", "denials", "patient_billing", "analytics")


@dataclass(slots=True)
class Wire(Partner):
    """Every partner at once: takes what it is given, and keeps it; says of everybody that he is covered."""

    given: list[bytes] = field(default_factory=list)

    async def ask(self, interchange: bytes, key: str) -> bytes:
        del key
        self.given.append(interchange)
        return covered(interchange.decode()) if b"ST*270*" in interchange else b""

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        del name, key
        self.given.append(interchange)

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        del key
        self.given.extend((letter_pdf, cover))

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        del key
        self.given.extend((document, cover))


def covered(inquiry: str) -> bytes:
    """Answer a 270 with a 271 that repeats whom it asked about: covered, with a deductible of 50."""
    asked = {name: line for line in inquiry.split("~") for name in ("TRN*1*", "NM1*IL*") if line.startswith(name)}
    segments = [
        "ST*271*0001*005010X279A1",
        "BHT*0022*11*1*20260105*0900",
        "HL*1**20*1",
        "NM1*PR*2*PPO*****PI*PPO01",
        "HL*2*1*21*1",
        "NM1*1P*2*CLINIC*****XX*1234567893",
        "HL*3*2*22*0",
        f"TRN*2*{asked['TRN*1*'].split('*')[2]}*1123456789",
        asked["NM1*IL*"],
        "EB*1*IND*30",
        "EB*C*IND*30***29*50*****Y",
    ]
    head = "ISA*00*          *00*          *ZZ*PAYER          *ZZ*REVCYCLE       *260105*0900*^*00501*000000001*0*T*:"
    group = "GS*HB*PAYER*REVCYCLE*20260105*0900*1*X*005010X279A1"
    tail = [f"SE*{len(segments) + 1}*0001", "GE*1*1", "IEA*1*000000001", ""]
    return "~".join([head, group, *segments, *tail]).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A billing company with one clinic and one payee; `people` are the words that identify its patient."""

    name: str
    tin: str
    npi: str
    cents: int
    """The amount of its first service line: no other company uses it."""
    people: dict[str, str]

    @property
    def organization_id(self) -> UUID:
        return derived_id("organization", self.name)

    @property
    def clinic_id(self) -> UUID:
        return derived_id("clinic", self.name)

    @property
    def billing_entity_id(self) -> UUID:
        return derived_id("payee", self.name)

    @property
    def ids(self) -> tuple[UUID, UUID, UUID]:
        return self.organization_id, self.clinic_id, self.billing_entity_id

    @property
    def grant(self) -> dict[str, Any]:
        """What a token of its staff carries."""
        return {
            "organization_id": self.organization_id,
            "clinics": [self.clinic_id],
            "billing_entities": [self.billing_entity_id],
        }


@dataclass(slots=True)
class House:
    """One service of the city: its harness, its application, and how far the others have read its outbox."""

    name: str
    harness: Harness
    service: Service[Any]
    app: FastAPI
    read: int = 0

    def client(self, token: str) -> httpx.AsyncClient:
        """Return a client of its API."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://test", headers=bearer(token))

    def tenant_columns(self) -> dict[str, str]:
        """Return the column that names the tenant, for every table that has one."""
        tables = self.service.metadata.sorted_tables
        named = {table.name: table.info.get("tenant", "tenant_id") for table in tables}
        return {table.name: named[table.name] for table in tables if named[table.name] in table.c}


class City:
    """The five services, their keys, and who may enter."""

    def __init__(self, issuer: LocalIssuer, keys: ThrowawayKeys) -> None:
        self.issuer = issuer
        self.keys = keys
        self.wire = Wire()
        self.houses: dict[str, House] = {}
        self.asked = 0
        self.log = io.StringIO()

    def house(self, name: str, database: FreshDatabase, verifier: Verifier, start: datetime = START) -> House:
        """Open one service on a database."""
        opened: list[Harness] = []
        service = self._service(name, opened)
        harness = Harness(service, database, start)
        harness.sealer._ring = self.keys
        opened.append(harness)
        return House(name, harness, service, self._app(name, harness, verifier))

    def _service(self, name: str, opened: list[Harness]) -> Service[Any]:
        if name == "eligibility":
            return eligibility.service.build(self.wire)
        if name == "claims":
            return claims.service.build(self.wire, lambda: opened[0].runtime)
        if name == "denials":
            return denials.service.build(self.wire)
        if name == "patient_billing":
            return patient_billing.service.build(self.wire, lambda: opened[0].sealer, "text")
        return analytics.service.build(ReadOnlyDatabase.over(lambda: opened[0].runtime))

    def _app(self, name: str, harness: Harness, verifier: Verifier) -> FastAPI:
        http = importlib.import_module(f"{name}.http")
        more = (self.keys,) if name == "eligibility" else ()
        made: FastAPI = http.build_app(harness.runtime, verifier, *more)
        return made

    async def settle(self) -> None:
        """Let everything that was said be heard, until nobody says anything."""
        moved = True
        while moved:
            moved = False
            for house in self.houses.values():
                await house.harness.settle()
                moved = await self._carry(house) or moved

    async def _carry(self, house: House) -> bool:
        statement = "SELECT seq, event_id, stream_id, headers, body FROM outbox WHERE seq > $1 ORDER BY seq"
        rows = await house.harness.query(statement, house.read)
        said = [of_event(_record(row)) for row in rows]
        for reader in self.houses.values():
            if said and house.name in reader.service.sources:
                await reader.harness.runtime._run(said, ())
        house.read = rows[-1]["seq"] if rows else house.read
        return bool(rows)

    async def advance(self, to: datetime) -> None:
        """Move every clock, stopping at everything that comes due before."""
        while (due := await self._next_due()) is not None and due <= to:
            self._set(due)
            await self.settle()
        self._set(to)
        await self.settle()

    async def _next_due(self) -> datetime | None:
        dues = [await house.harness.runtime.next_due() for house in self.houses.values()]
        return min((due for due in dues if due is not None), default=None)

    def _set(self, now: datetime) -> None:
        for house in self.houses.values():
            house.harness.clock.advance_to(max(now, house.harness.clock.now()))

    def key(self) -> dict[str, str]:
        """Return a new idempotency key."""
        self.asked += 1
        return {"Idempotency-Key": f"key-{self.asked}"}

    async def ask(self, name: str, tenant: Tenant, method: str, path: str, **more: Any) -> Any:
        """Ask a service as all the staff of a tenant at once, and return the JSON; what is refused fails the test."""
        token = self.issuer.issue("staff", roles=roles_of(self.houses[name].app), **tenant.grant)
        async with self.houses[name].client(token) as client:
            answer = await client.request(method, path, headers=self.key(), **more)
        assert answer.is_success, (name, method, path, answer.text)
        return answer.json() if answer.content else None


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def roles_of(app: FastAPI) -> list[str]:
    """Return every role that a route of an application names."""
    operations = (operation for methods in app.openapi()["paths"].values() for operation in methods.values())
    return sorted({role for operation in operations for rule in operation.get("x-roles", []) for role in rule})


def _record(row: Any) -> Record:
    return Record(row["event_id"], row["stream_id"], msgspec.json.decode(row["headers"]), row["body"])


def _people(name: str, number: int) -> dict[str, str]:
    """Return words that stand nowhere else, for every field that tells who somebody is."""
    return {
        "family": f"QUORNDON{name}",
        "given": f"ZEPHYRINE{name}",
        "middle": f"XANTHIPPE{name}",
        "born": f"193{number}0729",
        "street": f"{number}77 Wyrmwood {name} Lane",
        "flat": f"Flat Quince{name}",
        "city": f"Oxbowville{name}",
        "zip": f"99{number}43118{number}",
        "phone": f"907555{number}417",
        "mail": f"zq{name.lower()}@canary.example",
        "ssn": f"97{number}-66-419{number}",
        "record": f"MRNQ{name}8841",
        "account": f"ACCTQ{name}7712",
        "visit": f"VISQ{name}55",
        "member": f"MEMQ{name}903117",
        "group": f"GRPQ{name}60",
        "payer family": f"BRAMBLETHWAITE{name}",
        "payer given": f"OSWALDINE{name}",
        "payer street": f"{number}88 Thistledown {name} Row",
        "payer born": f"192{number}1103",
        "note": f"Lives with a heron called Pertwee{name}",
    }


@pytest.fixture(scope="session")
def tenants() -> tuple[Tenant, Tenant]:
    """Return two billing companies that share nothing."""
    north = Tenant(name="NORTH", tin="123456789", npi="1234567893", cents=40_111, people=_people("NORTH", 1))
    south = Tenant(name="SOUTH", tin="987654321", npi="1987654328", cents=91_337, people=_people("SOUTH", 2))
    return north, south


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    """Return the issuer whose tokens every service believes."""
    return LocalIssuer(tmp_path_factory.mktemp("issuer") / "token.key")


@pytest.fixture(scope="session")
def new_tables(session_database: DatabaseFactory) -> Callable[[str], FreshDatabase]:
    """Return a maker of migrated databases that live as long as the session."""

    def make(name: str) -> FreshDatabase:
        database = session_database(name)
        _in_thread(migrate, name, database.owner)
        return database

    return make


@pytest.fixture(scope="session")
async def empty_city(issuer: LocalIssuer, new_tables: Callable[[str], FreshDatabase]) -> AsyncIterator[City]:
    """Open the five services, with nobody in them yet; what they log is kept."""
    city = City(issuer, ThrowawayKeys())
    configure_logs("city", stream=city.log, level=logging.DEBUG)
    for name in SERVICES:
        city.houses[name] = city.house(name, new_tables(name), issuer)
    yield city
    configure_logs("unnamed")
    for house in city.houses.values():
        await house.harness.close()


@pytest.fixture(scope="session")
def as_superuser(postgres_server: DatabaseServer) -> Callable[..., Any]:
    """Return a reader that no row security stops."""

    async def fetch(database: FreshDatabase, statement: str, *parameters: Any) -> list[Any]:
        async with postgres_server.connect_as_superuser(database.name) as connection:
            return list(await connection.fetch(statement, *parameters))

    return fetch
