"""What a running service tells its operators: logs, metrics and traces, none of which can carry patient data."""

from revcycle_kit.telemetry.logs import bound, configure_logs, correlation_id, get_log
from revcycle_kit.telemetry.metrics import Metrics, render_metrics
from revcycle_kit.telemetry.traces import configure_traces, current_traceparent, span

__all__ = [
    "Metrics",
    "bound",
    "configure_logs",
    "configure_traces",
    "correlation_id",
    "current_traceparent",
    "get_log",
    "render_metrics",
    "span",
]
