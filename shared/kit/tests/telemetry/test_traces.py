"""Traces: the thread goes on across processes, and carries nothing that logs would not."""

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from revcycle_kit.telemetry import configure_traces, current_traceparent, span

BROUGHT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNSAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"


def test_while_tracing_is_off_a_traceparent_is_handed_on_unchanged() -> None:
    with span("claims.open", BROUGHT):
        assert BROUGHT == current_traceparent()
        with span("inner"):
            assert BROUGHT == current_traceparent()
    assert current_traceparent() is None


def test_outside_any_trace_there_is_none() -> None:
    with span("claims.open"):
        assert current_traceparent() is None


def test_a_message_continues_its_trace_and_what_it_sets_off_hangs_below(spans: InMemorySpanExporter) -> None:
    with span("outer", BROUGHT):
        said = current_traceparent()
    with span("later", said):
        pass
    outer, later = spans.get_finished_spans()
    assert outer.context is not None
    assert outer.parent is not None
    assert later.parent is not None
    assert BROUGHT.split("-")[1] == f"{outer.context.trace_id:032x}" == f"{later.parent.trace_id:032x}"
    assert BROUGHT.split("-")[2] == f"{outer.parent.span_id:016x}"
    assert outer.context.span_id == later.parent.span_id


def test_without_a_traceparent_the_span_hangs_below_the_current_one(spans: InMemorySpanExporter) -> None:
    with span("outer"), span("inner"):
        pass
    inner, outer = spans.get_finished_spans()
    assert inner.parent is not None
    assert outer.context is not None
    assert outer.context.span_id == inner.parent.span_id
    assert outer.parent is None


def test_a_decision_not_to_sample_is_kept_and_handed_on(spans: InMemorySpanExporter) -> None:
    with span("outer", UNSAMPLED):
        said = current_traceparent()
    assert () == spans.get_finished_spans()
    assert said is not None
    assert (UNSAMPLED.split("-")[1], "00") == (said.split("-")[1], said.split("-")[3])


@pytest.mark.parametrize(
    "text",
    ["", "x", BROUGHT + "-x", BROUGHT.upper(), "00-" + "0" * 32 + "-b7ad6b7169203331-01", "ff" + BROUGHT[2:], None],
)
def test_a_malformed_traceparent_begins_a_new_trace(spans: InMemorySpanExporter, text: str | None) -> None:
    with span("outer", text):
        assert current_traceparent() not in {None, text}
    assert spans.get_finished_spans()[0].parent is None


def test_of_an_exception_only_the_type_is_recorded(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="Canary"), span("outer", count=2, patient="Canary", reason="Canary Jones"):
        raise ValueError("Canary")
    [failed] = spans.get_finished_spans()
    assert "Canary" not in failed.to_json()
    assert "ValueError" == failed.status.description
    assert {"count": 2, "reason": "(withheld)"} == dict(failed.attributes or {})


def test_switching_tracing_off_sends_what_waits(spans: InMemorySpanExporter) -> None:
    exporter = InMemorySpanExporter()
    configure_traces("claims", exporter)
    with span("outer"):
        pass
    configure_traces("claims", None)
    assert ["outer"] == [one.name for one in exporter.get_finished_spans()]
    assert () == spans.get_finished_spans()
