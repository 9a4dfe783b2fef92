"""Schemas say what is promised; a comparison names what a change would break."""

import copy
import json
from pathlib import Path
from typing import Any, ClassVar, Literal

import msgspec
import pytest

from revcycle_kit.contracts.evolution import broken
from revcycle_kit.contracts.schemas import as_text, schema_of, stale, write
from revcycle_kit.events import Published
from revcycle_kit.testing.examples import unkept


class Line(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    cents: int


class Billed(Published, frozen=True, kw_only=True):
    STREAM: ClassVar[str] = "account"
    TENANT: ClassVar[str] = "billing_entity"
    lines: tuple[Line, ...]
    state: Literal["open", "closed"] = "open"
    note: str | None = None


@pytest.fixture
def schema() -> dict[str, Any]:
    return schema_of("shop", Billed)


def test_a_schema_names_its_event_and_requires_every_field_the_event_always_carries(schema: dict[str, Any]) -> None:
    assert "shop.billed.v1" == schema["$id"]
    assert ["lines", "note", "state"] == schema["required"]
    assert ["cents", "code"] == schema["$defs"]["Line"]["required"]
    assert ("account", "billing_entity") == (schema["x-stream"], schema["x-tenant"])


def test_more_fields_break_nothing(schema: dict[str, Any]) -> None:
    now = copy.deepcopy(schema)
    now["properties"]["extra"] = {"type": "string"}

    assert [] == broken(schema, now)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda s: s["properties"].pop("state"), "state: is gone"),
        (lambda s: s["required"].remove("state"), "state: is no longer required"),
        (
            lambda s: s["$defs"]["Line"]["properties"].update(cents={"type": "string"}),
            "lines[].cents: was integer, is string",
        ),
        (lambda s: s["properties"].update(lines={"type": "object"}), "lines: was array, is object"),
        (lambda s: s["properties"]["note"]["anyOf"].append({"type": "integer"}), "note: may now be integer"),
    ],
)
def test_less_than_was_promised_is_named(schema: dict[str, Any], change: Any, complaint: str) -> None:
    now = copy.deepcopy(schema)
    change(now)

    assert complaint in broken(schema, now)


def test_files_that_differ_or_stand_for_nothing_are_stale(tmp_path: Path, schema: dict[str, Any]) -> None:
    write(tmp_path, {"billed.v1.schema.json": as_text(schema)})
    (tmp_path / "gone.v1.schema.json").write_text("{}")

    assert ["gone.v1.schema.json", "paid.v1.schema.json"] == stale(
        tmp_path, {"billed.v1.schema.json": as_text(schema), "paid.v1.schema.json": "{}"}
    )


@pytest.mark.parametrize(
    ("told", "complaints"),
    [
        ({"lines": [{"code": "G0463", "cents": 5}]}, []),
        ({"lines": [{"code": "G0463", "sum": 5}]}, ["data.lines[].sum is not promised"]),
        ({"lines": [{"cents": "5"}]}, ["data.lines[].cents: '5' is not of type 'integer'"]),
    ],
)
def test_a_reader_may_need_only_what_is_promised(
    tmp_path: Path, schema: dict[str, Any], told: dict[str, Any], complaints: list[str]
) -> None:
    write(tmp_path / "events", {"billed.v1.schema.json": as_text(schema)})
    example = tmp_path / "consumers" / "reader" / "billed.v1.one.json"
    example.parent.mkdir(parents=True)
    headers = {
        "ce_id": "1",
        "ce_source": "/shop",
        "ce_type": "shop.billed.v1",
        "ce_time": "2026-01-05T08:00:00+00:00",
        "version": "1",
        "step": "1",
    }
    example.write_text(json.dumps({"headers": headers, "data": told}))

    assert complaints == unkept(tmp_path, example)
