"""
Traces: one thread through requests, events and effects, in W3C Trace Context.

`span(name, traceparent)` continues the trace that a message brought. While
tracing is off it only hands the traceparent on, for next to nothing. Spans
carry the same allow-listed fields as logs, and of an exception only its type.
"""

import re
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, Final, Self

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, SpanContext, StatusCode, TraceFlags, Tracer

from revcycle_kit.telemetry.allowed import KEYS, allowed

_TRACEPARENT: Final = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})", re.ASCII)
_current: Final[ContextVar[str | None]] = ContextVar("traceparent", default=None)


class _Tracing:
    tracer: Tracer | None = None
    provider: TracerProvider | None = None


def configure_traces(
    service: str, exporter: SpanExporter | None, *, sampled: float = 1.0, at_once: bool = False
) -> None:
    """
    Send spans to an exporter, or switch tracing off with None.

    `sampled` is the share of new traces recorded; a trace begun elsewhere keeps
    its decision. `at_once` exports each span as it ends (tests). What was
    waiting for export is sent first.
    """
    if _Tracing.provider is not None:
        _Tracing.provider.shutdown()
    _Tracing.provider = _Tracing.tracer = None
    if exporter is None:
        return
    sampler = ParentBased(TraceIdRatioBased(sampled))
    provider = TracerProvider(resource=Resource.create({"service.name": service}), sampler=sampler)
    provider.add_span_processor(SimpleSpanProcessor(exporter) if at_once else BatchSpanProcessor(exporter))
    _Tracing.provider, _Tracing.tracer = provider, provider.get_tracer("revcycle_kit")


def current_traceparent() -> str | None:
    """Return the traceparent to put on what is said or asked now, or None outside any trace."""
    return _current.get()


def valid_traceparent(text: str | None) -> str | None:
    """Return the text if it is a traceparent of version 00, or else None."""
    return text if text is not None and _TRACEPARENT.fullmatch(text) else None


class span:  # noqa: N801 - it reads as a verb: with span("claims.open_denials", traceparent)
    """
    Time a piece of work as a part of a trace: the one a message brought, or the current one, or a new one.

    Use it as a context manager; `note` adds fields on the way.
    """

    __slots__ = ("_fields", "_name", "_parent", "_span", "_token")

    def __init__(self, name: str, traceparent: str | None = None, **fields: Any) -> None:
        self._name = name
        self._parent = traceparent
        self._fields = fields
        self._span: Span | None = None
        self._token: Token[str | None] | None = None

    def __enter__(self) -> Self:
        parent = valid_traceparent(self._parent) or _current.get()
        if _Tracing.tracer is not None:
            self._span = _Tracing.tracer.start_span(self._name, context=_context_of(parent))
            self.note(**self._fields)
            parent = _traceparent_of(self._span.get_span_context())
        self._token = _current.set(parent)
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if self._token is not None:
            _current.reset(self._token)
        if self._span is not None:
            if kind is not None:
                self._span.set_status(StatusCode.ERROR, kind.__qualname__)
            self._span.end()

    def note(self, **fields: Any) -> None:
        """Add fields to the span, through the allow-list of logs."""
        if self._span is not None:
            kept, _ = allowed(fields, KEYS)
            self._span.set_attributes({key: value for key, value in kept.items() if value is not None})


def _context_of(traceparent: str | None) -> Context:
    match = _TRACEPARENT.fullmatch(traceparent or "")
    if match is None:
        return Context()
    flags = TraceFlags(int(match[3], 16))
    remote = SpanContext(int(match[1], 16), int(match[2], 16), is_remote=True, trace_flags=flags)
    return trace.set_span_in_context(trace.NonRecordingSpan(remote), Context())


def _traceparent_of(context: SpanContext) -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags & 0xFF:02x}"
