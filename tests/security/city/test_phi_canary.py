"""
Canaries: words that identify a patient, unique in the world, sent through every service; then looked for everywhere.

They may stand in what an authorized caller reads and in what a partner is sent. They may stand in no row, no event,
no header, no log, no error and no metric.
"""

import binascii
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
import pytest

from revcycle_kit.bus.protocol import Record
from revcycle_kit.delivery.envelopes import of_event
from revcycle_kit.delivery.messages import StreamRef

SERVICES = ("eligibility", "claims", "denials", "patient_billing", "analytics")
DIRECTORY = ("clinic_updated", "billing_entity_updated", "provider_updated", "payer_updated")
ALL_ROLES = (
    "admin", "administrator", "auditor", "biller", "client", "coder", "front_desk", "intake", "lead", "manager",
    "operator", "payments",
)  # fmt: skip


def forms_of(word: str) -> Iterator[str]:
    """Return the forms in which a value may be written: as it is, without punctuation, as a day."""
    yield word
    if digits := re.sub(r"[-() ]", "", word):
        yield digits
    if re.fullmatch(r"19\d{6}", word):
        yield date.fromisoformat(word).isoformat()


def encodings_of(form: str) -> Iterator[bytes]:
    """Return what stands for a form in base64 at any offset, and in hexadecimal."""
    for text in {form, form.upper(), form.lower()}:
        for shift in range(3):
            encoded = b64encode(b"\0" * shift + text.encode()).rstrip(b"=")
            yield encoded[-(-shift * 4 // 3) + (1 if shift else 0) : -1]
        yield binascii.hexlify(text.encode())


@cache
def needles_of(word: str) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Return what to look for in lower case, and what to look for as it stands."""
    forms = tuple(forms_of(word))
    encoded = {one for form in forms for one in encodings_of(form) if len(one) > 7}
    return tuple(form.lower().encode() for form in forms), tuple(sorted(encoded))


@dataclass(frozen=True, slots=True)
class Search:
    """Looks for people's words in anything."""

    words: dict[str, str]

    def hits(self, place: str, content: bytes) -> list[str]:
        """Say which words stand in a content; the words themselves are not repeated."""
        small, found = content.lower(), []
        for name, word in self.words.items():
            plain, encoded = needles_of(word)
            if any(form in small for form in plain) or any(form in content for form in encoded):
                found.append(f"{place}: {name}")
        return found

    async def hits_in(self, fetch: Any, database: Any) -> list[str]:
        """Search every column of every row of every table, as a superuser reads it."""
        found: list[str] = []
        for [table] in await fetch(database, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"):
            rows = await fetch(database, f'SELECT * FROM "{table}"')  # noqa: S608 - a name of the catalogue
            for column in rows[0].keys() if rows else ():
                whole = b"\n".join(_bytes(row[column]) for row in rows)
                found += self.hits(f"{table}.{column}", whole)
        return found


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def search(tenants: tuple[Any, Any]) -> Search:
    """Look for everybody's words."""
    return Search({f"{tenant.name} {name}": word for tenant in tenants for name, word in tenant.people.items()})


@pytest.mark.parametrize("service", SERVICES)
async def test_no_table_holds_a_patient_s_word(service: str, city: Any, search: Search, as_superuser: Any) -> None:
    """Documents, ledgers, kept messages, outbox, tasks, held messages and recorded answers: no word in clear."""
    assert [] == await search.hits_in(as_superuser, city.houses[service].harness.database)


async def test_the_words_did_go_through_every_service(city: Any, search: Search, tenants: tuple[Any, Any]) -> None:
    """The control: partners were sent them, and whoever may read them does."""
    sent = search.hits("partners", b"\n".join(city.wire.given))
    tenant = tenants[0]
    everybody = await city.houses["eligibility"].harness.documents("encounter")
    encounter = next(one.encounter_id for one in everybody if one.clinic_id == tenant.clinic_id)
    place = f"/v1/clinics/{tenant.clinic_id}/encounters/{encounter}"
    shown = search.hits("desk", str(await city.ask("eligibility", tenant, "GET", place)).encode())

    assert {"partners: NORTH family", "partners: NORTH member", "partners: SOUTH born"} <= set(sent)
    assert {"desk: NORTH family", "desk: NORTH born", "desk: NORTH record"} <= set(shown)


async def test_what_is_unsealed_is_found(city: Any, opened: Any, search: Search, as_superuser: Any) -> None:
    """The other control: a copy in clear, in base64, in bytes, in a log line is found by the same search."""
    house = await opened("eligibility")
    database = house.harness.database
    word = next(iter(search.words.values()))
    encoded = b64encode(b"name=" + word.encode()).decode()
    for column, copy in (("sealed", word), ("digest", f"x {encoded} x")):
        await as_superuser(database, f"UPDATE raw_message SET {column} = $1", copy)  # noqa: S608 - a literal
    await as_superuser(database, "UPDATE outbox SET body = $1", f'{{"name": "{word.lower()}"}}'.encode())
    found = await search.hits_in(as_superuser, database)

    assert {"raw_message.sealed", "raw_message.digest", "outbox.body"} == {hit.split(":")[0] for hit in found}
    assert [] != search.hits("log", city.log.getvalue().encode() + f"registered {word}".encode())


async def test_what_waits_and_what_is_parked_names_nobody(
    city: Any, opened: Any, search: Search, as_superuser: Any, tenants: tuple[Any, Any]
) -> None:
    """A reader without a directory holds encounters back; one that cannot read an identity parks it: both sealed."""
    rows = await city.houses["eligibility"].harness.query("SELECT * FROM outbox ORDER BY seq")
    for reader in ("claims", "patient_billing"):
        empty = await opened(reader)
        tables = ", ".join(f'"{table.name}"' for table in empty.service.metadata.sorted_tables)
        await as_superuser(empty.harness.database, f"TRUNCATE {tables}")
        records = [
            Record(row["event_id"], row["stream_id"], msgspec.json.decode(row["headers"]), row["body"]) for row in rows
        ]
        heard = [of_event(one) for one in records if one.headers["ce_type"].split(".")[1] not in DIRECTORY]
        await empty.harness.runtime._run(heard, ())
        await _hear_nonsense(empty, tenants[0])
        held = {row["state"] for row in await as_superuser(empty.harness.database, "SELECT state FROM held")}

        assert "parked" in held
        assert reader != "claims" or {"waiting", "parked"} <= held
        assert [] == await search.hits_in(as_superuser, empty.harness.database)


def _record(row: Any) -> Record:
    return Record(row["event_id"], row["stream_id"], msgspec.json.decode(row["headers"]), row["body"])


async def _hear_nonsense(house: Any, tenant: Any) -> None:
    """Let a service hear an encounter whose sealed identity is no identity."""
    encounter_id = UUID(int=77)
    nonsense = msgspec.defstruct("Identity", [("patient", str)])(patient=tenant.people["family"])
    fields = {"encounter_id": encounter_id, "billing_entity_id": tenant.billing_entity_id}
    fields |= {"organization_id": tenant.organization_id, "clinic_id": tenant.clinic_id, "visit_class": "outpatient"}
    fields |= {"guarantor_id": encounter_id, "patient_id": encounter_id, "service_on": date(2026, 1, 5), "identity": ""}
    event = msgspec.defstruct("EncounterRegistered", list(fields))(**fields)
    stream = StreamRef("clinic", tenant.clinic_id, "encounter", encounter_id)
    await house.harness.hear("eligibility", event, stream, identity=nonsense)


async def test_no_error_repeats_what_was_sent(
    city: Any, opened: Any, search: Search, tenants: tuple[Any, Any], issuer: Any
) -> None:
    """Wherever a body is taken, one that is a patient's words is refused without them; so are addresses and queries."""
    token = issuer.issue("ada", roles=ALL_ROLES, **tenants[0].grant)
    word = tenants[0].people["family"]
    bad = {"json": {"surprise": word, "patient": {"family": word, "birth_on": word}}, "params": {"cursor": word}}
    found: list[str] = []
    for name in SERVICES:
        house = await opened(name)
        async with house.client(token) as client:
            for path, methods in house.app.openapi()["paths"].items():
                for method in methods:
                    place, headers = re.sub(r"\{\w+\}", word, path), {"Idempotency-Key": f"{word} {word}"}
                    answer = await client.request(method, place, headers=headers, **bad)
                    found += search.hits(f"{name} {method} {path}", answer.content)
            metrics = await client.get("/metrics")
            found += search.hits(f"{name} metrics", metrics.content)

    assert [] == found
    assert [] == search.hits("log", city.log.getvalue().encode())
