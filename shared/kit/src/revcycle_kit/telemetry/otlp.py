"""Sends spans to a collector by OTLP over HTTP, as JSON (OpenTelemetry protocol 1.x, `/v1/traces`)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import httpx
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from revcycle_kit.telemetry.logs import get_log

SECONDS_MAX: Final = 5.0
_log = get_log()


class OtlpExporter(SpanExporter):
    """
    Sends spans to a collector's address (`http://collector:4318`).

    While the collector is out of reach spans are lost and nothing waits; the first loss is logged, and the recovery.
    """

    def __init__(self, address: str, client: httpx.Client | None = None) -> None:
        self._url = f"{address.rstrip('/')}/v1/traces"
        self._client = client or httpx.Client(timeout=SECONDS_MAX)
        self._losing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch once."""
        try:
            lost = self._client.post(self._url, json=_request(spans)).is_error
        except httpx.HTTPError:
            lost = True
        if lost != self._losing:
            _log.warning("traces are lost" if lost else "traces are sent again", count=len(spans))
            self._losing = lost
        return SpanExportResult.FAILURE if lost else SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Hang up."""
        self._client.close()


def _request(spans: Sequence[ReadableSpan]) -> dict[str, Any]:
    """Return the message ExportTraceServiceRequest; all spans of a process come from one resource."""
    resource = spans[0].resource.attributes if spans else {}
    scoped = {"scope": {"name": "revcycle_kit"}, "spans": [_span(span) for span in spans]}
    return {"resourceSpans": [{"resource": {"attributes": _attributes(resource)}, "scopeSpans": [scoped]}]}


def _span(span: ReadableSpan) -> dict[str, Any]:
    """Return one span; ids are hexadecimal and 64-bit numbers are texts in OTLP's JSON."""
    context, parent = span.get_span_context(), span.parent
    made = {
        "traceId": f"{context.trace_id:032x}" if context else "",
        "spanId": f"{context.span_id:016x}" if context else "",
        "name": span.name,
        "kind": span.kind.value + 1,
        "startTimeUnixNano": str(span.start_time or 0),
        "endTimeUnixNano": str(span.end_time or 0),
        "attributes": _attributes(span.attributes or {}),
        "status": {"code": span.status.status_code.value, "message": span.status.description or ""},
    }
    return made | ({"parentSpanId": f"{parent.span_id:016x}"} if parent else {})


def _attributes(attributes: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in attributes.items()]


def _value(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return {"arrayValue": {"values": [_value(item) for item in value]}}
    return {"stringValue": str(value)}
