"""What analytics promises is committed as it is; what it needs of others is promised to it; every event has words."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from analytics import consumed
from analytics.figures import detail, words
from analytics.queries.database import ReadOnlyDatabase
from analytics.service import build
from revcycle_kit.database.migrations import check, migrate
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.testing.contracts import ContractTests
from revcycle_kit.testing.harness import Harness
from revcycle_kit.testing.postgres import FreshDatabase

SERVICES = Path(__file__).parents[2]
CONTRACTS = SERVICES / "analytics" / "contracts"
PUBLISHERS = [SERVICES / source.replace("_", "-") / "contracts" for source in consumed.SOURCES]
NEEDED = [path for contracts in PUBLISHERS for path in sorted(contracts.glob("consumers/analytics/*.json"))]
EXAMPLES = [(event["headers"], event["data"]) for event in (json.loads(path.read_text()) for path in NEEDED)]
SCHEMAS = [path for contracts in PUBLISHERS for path in sorted(contracts.glob("events/*.schema.json"))]


class TestContracts(ContractTests):
    """The suite of all services."""

    PACKAGE = "analytics"


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
@pytest.mark.parametrize("choice", [0, -1], ids=["first choice", "last choice"])
def test_every_promised_event_can_be_read(path: Path, choice: int) -> None:
    """Whatever a field may be, null included, no event loses its details or is parked for having it."""
    schema = json.loads(path.read_text())

    body = json.dumps(sample(schema, schema, choice)).encode()
    detail._decode(body)
    route = build(ReadOnlyDatabase()).routes.get(schema["$id"])
    assert route is None or route.decode(body)


def sample(schema: dict[str, Any], root: dict[str, Any], choice: int) -> Any:
    """Return a value that a schema allows; where it allows several types, the first or the last of them."""
    if "$ref" in schema:
        return sample(root["$defs"][schema["$ref"].rpartition("/")[2]], root, choice)
    if "anyOf" in schema:
        return sample(schema["anyOf"][choice], root, choice)
    if "enum" in schema:
        return schema["enum"][choice]
    if schema["type"] == "object":
        return {name: named(name, sample(part, root, choice)) for name, part in schema.get("properties", {}).items()}
    plain = {"integer": 7, "number": 7, "boolean": True, "null": None, "string": TEXTS.get(schema.get("format", ""))}
    return [sample(schema["items"], root, choice)] if schema["type"] == "array" else plain[schema["type"]]


def named(name: str, value: Any) -> Any:
    """Return an instant where the name says so: the schemas say of an instant only that it is a text."""
    return "2026-02-05T15:00:00Z" if value == "words" and name.endswith("_at") else value


TEXTS = {
    "": "words",
    "uuid": "6b1f0d5c-2a11-8a10-9c01-000000000001",
    "date": "2026-02-05",
    "decimal": "1",
}


async def test_the_examples_are_all_that_our_handlers_need(analytics: Harness) -> None:
    """Each alone on its stream: whatever was heard before, it is handled; only a statement waits for its balance."""
    for number, (headers, data) in enumerate(EXAMPLES):
        tenant = next(name for name in ("clinic", "billing_entity") if f"{name}_id" in headers)
        kind = next(name for name in ("encounter", "account", "remittance") if f"{name}_id" in headers)
        alone = StreamRef(tenant, UUID(headers[f"{tenant}_id"]), kind, UUID(int=number + 1))
        await analytics.hear_data(headers["ce_source"][1:], headers["ce_type"], data, alone)

    assert [] == await analytics.parked()
    assert ["patient_billing.statement_issued.v1"] == [held["name"] for held in await analytics.waiting()]


def promised() -> dict[str, set[str]]:
    """Return the fields of every event that any service promises, by type."""
    schemas = [json.loads(path.read_text()) for path in SCHEMAS]
    return {schema["$id"]: set(schema["properties"]) for schema in schemas}


def test_every_promised_event_has_its_sentence_and_no_sentence_is_without_event() -> None:
    assert set(words._SENTENCES) == {kind.rpartition(".v")[0] for kind in promised()}


@pytest.mark.parametrize(
    ("kind", "fields"), sorted(promised().items()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_sentence_uses_only_fields_of_its_event(kind: str, fields: set[str]) -> None:
    named = set(re.findall(r"{(\w+)}", words._SENTENCES[kind.rpartition(".v")[0]]))
    made = {"payer": "payer_id", "refusals": "lines", "decided": "reversal"}

    assert set() == {made.get(name, name) for name in named} - fields


def test_the_migrations_make_all_that_is_declared(session_database: Callable[[str], FreshDatabase]) -> None:
    database = session_database("analytics")
    migrate("analytics", database.owner)

    check("analytics", database.owner)


def test_analytics_subscribes_to_all_of_each_service() -> None:
    assert set(consumed.SOURCES) == set(build(ReadOnlyDatabase()).witnesses)
