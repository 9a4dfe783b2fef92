"""Every operation of every service, read from its OpenAPI; a valid request for each; what no answer may hold."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import httpx
import pytest
from hypothesis import find
from hypothesis import strategies as st

from revcycle_kit.delivery.schema import DELIVERY_TABLES

City = Any
House = Any
Tenant = Any
Asked = tuple[str, str, dict[str, Any]]
"""Method, path and what httpx is to send with them."""

UUIDS: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WORDS: Final = {
    "period": "2026-01",
    "month": "2026-01",
    "effective_on": "2026-02-20",
    "npi": "1234567893",
    "time_zone": "America/New_York",
}
"""What a schema alone does not tell."""
INVENTED: Final = {"deposit_id": "00000000-0000-8000-8000-0000000000d1"}
"""Ids that the caller makes."""


@cache
def matching(pattern: str, length_min: int) -> str:
    """Return the simplest text of so many characters that a pattern takes."""
    texts = st.from_regex(pattern, fullmatch=True)
    found: str = find(texts, lambda text: text.isascii() and len(text) >= length_min)
    return found


@dataclass(frozen=True, slots=True)
class Operation:
    """One method at one address, as described."""

    service: str
    method: str
    path: str
    described: Mapping[str, Any]
    schemas: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.service} {self.method} {self.path}"

    @property
    def roles(self) -> list[list[str]]:
        """Return its rules: of each, one role is needed; an empty rule takes anybody with a token."""
        rules: list[list[str]] = self.described["x-roles"]
        return rules

    def parameters(self, place: str) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
        """Return name, schema and whether it must be sent, for each parameter in the path or the query."""
        for one in self.described.get("parameters", []):
            if one["in"] == place:
                yield one["name"], one["schema"], one.get("required", False)

    @property
    def body(self) -> Mapping[str, Any] | None:
        content = self.described.get("requestBody", {}).get("content", {})
        schema: Mapping[str, Any] | None = content.get("application/json", {}).get("schema")
        return schema

    @property
    def names_somebody(self) -> bool:
        """Tell whether its path holds an id."""
        return any(name.endswith("_id") for name, _, _ in self.parameters("path"))


def operations_of(house: House) -> list[Operation]:
    """Return every operation that a service describes; what deletes comes last."""
    document = house.app.openapi()
    schemas = document["components"]["schemas"]
    every = [
        Operation(house.name, method.upper(), path, described, schemas)
        for path, methods in sorted(document["paths"].items())
        for method, described in sorted(methods.items())
    ]
    return sorted(every, key=lambda one: one.method == "DELETE")


class Sampler:
    """Makes the smallest valid value of a schema, with these ids where ids are asked for."""

    def __init__(
        self, schemas: Mapping[str, Any], ids: Mapping[str, str], *, full: bool = False, money: bool = False
    ) -> None:
        """Make a sampler; `full` adds what may hold an id, `money` what may hold an amount."""
        self._schemas = schemas
        self._ids = ids
        self._full = full
        self._money = money

    def value(self, schema: Mapping[str, Any], name: str = "") -> Any:  # noqa: PLR0911 - a table of types
        """Make a value."""
        schema = self.resolved(schema)
        if name in WORDS and "enum" not in schema:
            return WORDS[name]
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        match schema.get("type"):
            case "object":
                return self._object(schema)
            case "array":
                items = 1 if self._wanted(schema, name) else 0
                return [self.value(schema["items"], name.removesuffix("s"))] * max(items, schema.get("minItems", 0))
            case "integer" | "number":
                return int(max(schema.get("minimum", 0), schema.get("exclusiveMinimum", -1) + 1))
            case "boolean":
                return False
        return self._text(schema, name)

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Follow references; of alternatives take the first that is something."""
        while "$ref" in schema or "anyOf" in schema or "allOf" in schema:
            if "$ref" in schema:
                schema = self._schemas[schema["$ref"].rsplit("/", 1)[-1]]
            else:
                choices = schema.get("anyOf") or schema["allOf"]
                schema = next(one for one in choices if one.get("type") != "null")
        return schema

    def _object(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        needed, others = schema.get("required", []), schema.get("additionalProperties")
        return (
            {"x": self.value(others)}
            if self._money and isinstance(others, dict)
            else {
                name: self.value(below, name)
                for name, below in schema.get("properties", {}).items()
                if name in needed
                or (self._full and self._holds(below, name, _is_id))
                or (self._money and self._holds(below, name, _is_amount))
            }
        )

    def _wanted(self, schema: Mapping[str, Any], name: str) -> bool:
        return self._holds(schema, name, _is_id) or self.resolved(schema["items"]).get("type") == "object"

    def _holds(self, schema: Mapping[str, Any], name: str, wanted: Callable[[str, Mapping[str, Any]], bool]) -> bool:
        """Tell whether a field, or one below it, is wanted."""
        found = self.resolved(schema)
        below = {**found.get("properties", {}), name.removesuffix("s"): found.get("items", {})}
        return wanted(name, found) or any(self._holds(one, key, wanted) for key, one in below.items() if one)

    def _text(self, schema: Mapping[str, Any], name: str) -> str:
        match schema.get("format"):
            case "uuid":
                return self._ids[name]
            case "date":
                return "2026-02-20"
            case "date-time":
                return "2026-02-20T12:00:00Z"
        if "pattern" in schema:
            return matching(schema["pattern"], int(schema.get("minLength", 0)))
        return "x" * int(max(1, schema.get("minLength", 1)))


def _is_id(name: str, schema: Mapping[str, Any]) -> bool:
    return name.endswith("_id") and schema.get("format") == "uuid"


def _is_amount(name: str, _: Mapping[str, Any]) -> bool:
    return name.endswith("_cents")


def request_for(
    operation: Operation,
    path_ids: Mapping[str, str],
    other_ids: Mapping[str, str],
    raw: Mapping[str, bytes],
    *,
    full: bool = False,
) -> Asked:
    """Make a request: ids in the path from the first mapping, ids in query and body from the second."""
    paths, others = Sampler(operation.schemas, path_ids), Sampler(operation.schemas, other_ids, full=full)
    path = operation.path
    for name, schema, _ in operation.parameters("path"):
        path = path.replace(f"{{{name}}}", str(paths.value(schema, name)))
    sent: dict[str, Any] = {
        "params": {
            name: others.value(schema, name)
            for name, schema, needed in operation.parameters("query")
            if needed or others._holds(schema, name, _is_id)
        }
    }
    if operation.body is not None:
        sent["json"] = others.value(operation.body)
    elif f"{operation.service} {operation.path}" in raw and operation.method == "POST":
        sent["content"] = raw[f"{operation.service} {operation.path}"]
    return operation.method, path, sent


class Noted(dict[str, str]):
    """Has every id, and notes which it was asked for."""

    def __missing__(self, name: str) -> str:
        self[name] = "00000000-0000-8000-8000-000000000000"
        return self[name]


def id_names(operation: Operation) -> set[str]:
    """Return the name of every id that a request of an operation may carry."""
    noted = Noted()
    request_for(operation, noted, noted, {}, full=True)
    return set(noted)


async def ids_of(fetch: Any, house: House, tenant: Tenant) -> dict[str, str]:
    """
    Return an id of the tenant's own for every name that a request may carry.

    A name without anything behind it in the database fails the test: seed one, or the endpoint goes untried.
    """
    known = {name: str(getattr(tenant, name)) for name in ("organization_id", "clinic_id", "billing_entity_id")}
    known |= INVENTED
    names = {name for operation in operations_of(house) for name in id_names(operation)}
    for name in sorted(names - set(known)):
        found = [one for one in [await _found(fetch, house, tenant, name)] if one]
        assert found, f"{house.name} takes a {name}, and {tenant.name} has none: let the city make one"
        known[name] = found[0]
    return known


async def _found(fetch: Any, house: House, tenant: Tenant, name: str) -> str | None:
    """Find an id by name: a table's own, a column, or anywhere in a document; `paying_provider_id` is a provider."""
    words = name.split("_")
    for suffix in ["_".join(words[start:]) for start in range(len(words) - 1)]:
        for query in _places(house, suffix):
            rows = await fetch(house.harness.database, query, list(tenant.ids))
            if rows:
                return str(rows[0][0])
    return None


def _places(house: House, name: str) -> Iterator[str]:
    tenants = house.tenant_columns()
    columns = {table.name: set(table.c.keys()) for table in house.service.metadata.sorted_tables}
    wherever = {table: f'FROM "{table}" WHERE "{column}" = ANY($1)' for table, column in tenants.items()}
    for table, where in wherever.items():
        if table.removesuffix("_request") == name.removesuffix("_id") and "id" in columns[table]:
            yield f"SELECT id {where} ORDER BY id LIMIT 1"
    for table, where in wherever.items():
        if name in columns[table]:
            yield f'SELECT "{name}" {where} AND "{name}" IS NOT NULL LIMIT 1'
    for table, where in wherever.items():
        if "body" in columns[table] and "revision" not in columns[table] and table not in DELIVERY_TABLES:
            found = f"SELECT jsonb_path_query(body, '$.**.{name}') #>> '{{}}' AS id {where}"
            yield f"SELECT id FROM ({found}) AS every WHERE id IS NOT NULL LIMIT 1"  # noqa: S608 - our own names


async def rows_of(fetch: Any, house: House, tenant: Tenant) -> set[tuple[str, str]]:
    """Return every row of a tenant in a service's database, as text."""
    parts = [
        f'SELECT \'{table}\', t::text FROM "{table}" AS t WHERE "{column}" = ANY($1)'  # noqa: S608 - our own names
        for table, column in house.tenant_columns().items()
    ]
    rows = await fetch(house.harness.database, " UNION ALL ".join(parts), list(tenant.ids))
    return {(row[0], row[1]) for row in rows}


@dataclass(slots=True)
class Trial:
    """One service on a copy of the city, and what one company tries on another there."""

    house: House
    ours: Tenant
    theirs: Tenant
    known: "Survey"
    fetch: Any
    planted: set[str] = field(default_factory=set)
    """What of theirs we wrote into rows of our own: it may come back."""

    def requests(self, operation: Operation) -> Iterator[Asked]:
        """Make the requests: theirs in every place, and theirs only in query and body."""
        known = self.known
        yield request_for(operation, known.their_ids, known.their_ids, known.raw)
        yield request_for(operation, known.our_ids, known.their_ids, known.raw, full=True)

    def leaked(self, asked: Asked, answer: httpx.Response) -> set[str]:
        """Return what of theirs an answer holds that the request did not say."""
        said, text = str(asked).lower(), answer.text.lower()
        if answer.is_success and asked[0] != "GET":
            self.planted |= {secret for secret in self.known.secrets if secret in said}
        return {one for one in self.known.secrets - self.planted if one in text and one not in said}

    async def changed(self) -> set[str]:
        """Return the tables in which a row of theirs is not what it was."""
        now = await rows_of(self.fetch, self.house, self.theirs)
        return {table for table, _ in now ^ self.known.before}

    async def complaints(self, operation: Operation, asked: Asked, answer: httpx.Response) -> list[str]:
        """Say in what an answer, or what became of the rows, is wrong."""
        leaked, changed = self.leaked(asked, answer), set() if asked[0] == "GET" else await self.changed()
        found = [f"{operation.name}: tells {sorted(leaked)[:3]}"] if leaked else []
        return found + ([f"{operation.name}: changes {sorted(changed)}"] if changed else [])


def secrets_of(ours: set[tuple[str, str]], theirs: set[tuple[str, str]], tenant: Tenant) -> frozenset[str]:
    """Return what only the other company's rows hold: their ids, their people's words, their names."""
    ids = set(UUIDS.findall(str(theirs))) - set(UUIDS.findall(str(ours)))
    words = {word.lower() for word in tenant.people.values()}
    return frozenset(ids | words | {f"payee {tenant.name}".lower(), f"clinic {tenant.name}".lower(), tenant.tin})


@dataclass(frozen=True, slots=True)
class Survey:
    """What both companies have in a service, as the city left it: the same in every copy."""

    our_ids: dict[str, str]
    their_ids: dict[str, str]
    raw: dict[str, bytes]
    before: set[tuple[str, str]]
    secrets: frozenset[str]


@pytest.fixture(scope="session")
def surveys(
    city: City, tenants: tuple[Tenant, Tenant], as_superuser: Any, raw_bodies: Any
) -> Callable[[str], Awaitable[Survey]]:
    """Return the surveyor of the services; each is surveyed once."""
    done: dict[str, Survey] = {}
    ours, theirs = tenants

    async def survey(name: str) -> Survey:
        if name not in done:
            house = city.houses[name]
            before = await rows_of(as_superuser, house, theirs)
            done[name] = Survey(
                await ids_of(as_superuser, house, ours),
                await ids_of(as_superuser, house, theirs),
                raw_bodies(ours, theirs, await _claim_number(as_superuser, house, theirs)),
                before,
                secrets_of(await rows_of(as_superuser, house, ours), before, theirs),
            )
        return done[name]

    return survey


async def _claim_number(fetch: Any, house: House, tenant: Tenant) -> str:
    if house.name != "claims":
        return "NOBODY"
    query = "SELECT patient_control_number FROM claim WHERE clinic_id = $1 LIMIT 1"
    return str((await fetch(house.harness.database, query, tenant.clinic_id))[0][0])


@pytest.fixture
async def trial(
    tenants: tuple[Tenant, Tenant], opened: Any, as_superuser: Any, surveys: Any
) -> Callable[..., Awaitable[Trial]]:
    """Return a maker of trials: the first company tries what is the second's."""

    async def begin(name: str, verifier: Any = None) -> Trial:
        return Trial(await opened(name, verifier), *tenants, await surveys(name), as_superuser)

    return begin


@pytest.fixture
def operations() -> Callable[[House], list[Operation]]:
    """Return the reader of a service's operations."""
    return operations_of


@pytest.fixture
def full_request() -> Callable[..., Asked]:
    """Return the maker of requests with every amount that they may hold."""

    def make(operation: Operation, ids: Mapping[str, str]) -> Asked:
        method, path, sent = request_for(operation, ids, ids, {})
        if operation.body is not None:
            sent["json"] = Sampler(operation.schemas, ids, money=True).value(operation.body)
        return method, path, sent

    return make


@pytest.fixture
def request_of() -> Callable[..., Asked]:
    """Return the maker of requests."""
    return request_for
