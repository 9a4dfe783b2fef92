"""Spans reach a collector as OTLP's JSON; a collector that is away costs spans and nothing else."""

import json
from io import StringIO
from typing import Any

import httpx
import pytest

from revcycle_kit.program import ServiceSettings, trace_to
from revcycle_kit.telemetry import configure_logs, configure_traces, span
from revcycle_kit.telemetry.otlp import OtlpExporter

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
BROUGHT = f"00-{TRACE}-{PARENT}-01"
CANARY = "Zyxwv Canary"


class Collector:
    """Takes what is posted, or does not."""

    def __init__(self) -> None:
        self.status = 200
        self.came: list[dict[str, Any]] = []
        self.exporter = OtlpExporter(
            "http://collector:4318/", httpx.Client(transport=httpx.MockTransport(self._answer))
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        assert "http://collector:4318/v1/traces" == str(request.url)
        if self.status == 0:
            raise httpx.ConnectError("refused")
        self.came.append(json.loads(request.content))
        return httpx.Response(self.status)

    def spans(self) -> list[dict[str, Any]]:
        return [each for told in self.came for each in told["resourceSpans"][0]["scopeSpans"][0]["spans"]]


@pytest.fixture
def collector() -> Any:
    made = Collector()
    configure_traces("claims", made.exporter, at_once=True)
    yield made
    configure_traces("claims", None)


def test_a_span_keeps_its_trace_its_parent_its_fields_and_its_service(collector: Collector) -> None:
    with span("http request", BROUGHT, route="/v1/claims", status=200):
        pass
    [told] = collector.spans()
    assert (TRACE, PARENT, "http request", 1) == (
        told["traceId"],
        told["parentSpanId"],
        told["name"],
        told["kind"],
    )
    assert [
        {"key": "route", "value": {"stringValue": "/v1/claims"}},
        {"key": "status", "value": {"intValue": "200"}},
    ] == sorted(told["attributes"], key=lambda each: str(each["key"]))
    assert 0 < int(told["startTimeUnixNano"]) <= int(told["endTimeUnixNano"])
    resource = collector.came[0]["resourceSpans"][0]["resource"]["attributes"]
    assert {"key": "service.name", "value": {"stringValue": "claims"}} in resource


def test_a_new_trace_has_no_parent_and_a_failure_only_its_type(collector: Collector) -> None:
    with pytest.raises(LookupError), span("claims.handle"):
        raise LookupError(CANARY)
    [told] = collector.spans()
    assert "parentSpanId" not in told
    assert {"code": 2, "message": "LookupError"} == told["status"]
    assert CANARY not in json.dumps(told)


@pytest.mark.parametrize("status", [0, 503])
def test_a_collector_that_is_away_is_said_once_and_again_when_it_is_back(collector: Collector, status: int) -> None:
    said = StringIO()
    configure_logs("claims", stream=said)
    for each in (status, status, 200, 200):
        collector.status = each
        with span("work"):
            pass
    configure_logs("tests")
    assert ["traces are lost", "traces are sent again"] == [
        json.loads(line)["event"] for line in said.getvalue().splitlines()
    ]


def test_a_process_traces_only_where_an_address_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert trace_to(ServiceSettings()) is None
    monkeypatch.setenv("REVCYCLE_TRACES", "http://collector:4318")
    exporter = trace_to(ServiceSettings())
    assert isinstance(exporter, OtlpExporter)
    exporter.shutdown()
