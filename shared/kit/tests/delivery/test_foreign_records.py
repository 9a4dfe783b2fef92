"""A record that none of our relays wrote is passed over: what stands behind it is read."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from revcycle_kit.bus.protocol import Chunk, Record
from revcycle_kit.delivery.envelopes import envelopes_of
from revcycle_kit.telemetry.metrics import render_metrics

ENCOUNTER = UUID("0199f000-0000-7000-8000-0000000000a1")
OURS = {
    "ce_source": "/weather",
    "ce_type": "weather.rained.v1",
    "ce_time": datetime(2026, 1, 5, tzinfo=UTC).isoformat(),
    "version": "1",
    "step": "1",
    "clinic_id": "0199f000-0000-7000-8000-00000000c111",
    "encounter_id": str(ENCOUNTER),
}


def chunk(*headers: dict[str, str]) -> Chunk:
    records = [Record(UUID(int=number), ENCOUNTER, each, b"{}") for number, each in enumerate(headers)]
    return Chunk("weather.events", 0, "log", 0, len(records), records)


@pytest.mark.parametrize(
    "change",
    [
        {"clinic_id": None},
        {"encounter_id": None},
        {"clinic_id": "no id"},
        {"version": "one"},
        {"ce_type": None},
        {"ce_time": "yesterday"},
    ],
)
def test_what_cannot_be_read_is_passed_over_and_counted(change: dict[str, Any]) -> None:
    foreign = {name: value for name, value in {**OURS, **change}.items() if value is not None}
    reader = f"reader_{'_'.join(change)}_{'_'.join(map(str, change.values()))}".replace(" ", "_")

    [read] = envelopes_of([chunk(foreign, OURS)], reader)

    assert (UUID(int=1), ENCOUNTER, "clinic") == (read.message_id, read.stream.id, read.stream.tenant_kind)
    [line] = [line for line in render_metrics().decode().splitlines() if reader in line and "_total{" in line]
    assert line.startswith("revcycle_records_passed_over_total")
    assert line.endswith(" 1.0")
