"""Logs into the test's hand, and tracing that ends with the test."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from revcycle_kit.telemetry import configure_logs, configure_traces


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    stream = io.StringIO()
    configure_logs("claims", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    configure_logs("unnamed")


@pytest.fixture
def raw() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logs("claims", stream=stream)
    yield stream
    configure_logs("unnamed")


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    configure_traces("claims", exporter, at_once=True)
    yield exporter
    configure_traces("claims", None)
