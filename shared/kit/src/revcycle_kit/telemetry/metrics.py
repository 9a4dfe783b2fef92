"""
Metrics for Prometheus: every series is named `revcycle_…` and says which service it is about.

Labels come from a short list of names whose values are few; an id or a name of
a person is never a label.
"""

from typing import Any, Final, Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

LABELS: Final = frozenset(
    {"effect", "kind", "method", "outcome", "partition", "reader", "route", "state", "status", "topic"}
)
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0)
SERIES_MAX: Final = 5_000

_REGISTRY: Final = CollectorRegistry()
_FAMILIES: Final[dict[str, MetricWrapperBase]] = {}

Metric = TypeVar("Metric", bound=MetricWrapperBase)


class Series(Generic[Metric]):
    """One metric of one service; its label values select the line that is counted on."""

    def __init__(self, service: str, family: Metric) -> None:
        self._service = service
        self._family = family
        self._lines: dict[tuple[str, ...], Metric] = {}

    def _line(self, values: tuple[str, ...]) -> Metric:
        line = self._lines.get(values)
        if line is None:
            if len(self._lines) >= SERIES_MAX:
                values = ("(other)",) * len(values)
            line = self._lines[values] = self._family.labels(self._service, *values)
        return line


class Counted(Series[Counter]):
    """Something that is counted up."""

    def inc(self, amount: float = 1, *values: str) -> None:
        """Count up, on the line of these label values."""
        self._line(values).inc(amount)


class Gauged(Series[Gauge]):
    """Something that has a value now."""

    def set(self, value: float, *values: str) -> None:
        """Set the value, on the line of these label values."""
        self._line(values).set(value)


class Observed(Series[Histogram]):
    """Something whose distribution matters."""

    def observe(self, value: float, *values: str) -> None:
        """Add an observation, on the line of these label values."""
        self._line(values).observe(value)


class Metrics:
    """The metrics of one service. Asking for the same name again gives the same series."""

    def __init__(self, service: str) -> None:
        self._service = service

    def counter(self, name: str, text: str, *labels: str) -> Counted:
        """Return a counter; Prometheus shows it as `revcycle_<name>_total`."""
        return Counted(self._service, _family(Counter, name, text, labels))

    def gauge(self, name: str, text: str, *labels: str) -> Gauged:
        """Return a gauge, shown as `revcycle_<name>`."""
        return Gauged(self._service, _family(Gauge, name, text, labels))

    def histogram(self, name: str, text: str, *labels: str, buckets: tuple[float, ...] = SECONDS) -> Observed:
        """Return a histogram, by default over seconds."""
        return Observed(self._service, _family(Histogram, name, text, labels, buckets=buckets))


def render_metrics() -> bytes:
    """Return all metrics of this process in Prometheus' text format."""
    return generate_latest(_REGISTRY)


def _family(kind: type[Metric], name: str, text: str, labels: tuple[str, ...], **more: Any) -> Metric:
    """Return the family of that name, made once per process. Raises ValueError for labels that are not allowed."""
    unknown = set(labels) - LABELS
    if unknown:
        raise ValueError(f"labels are chosen from {sorted(LABELS)}, not {sorted(unknown)}: values must be few")
    known = _FAMILIES.get(name)
    if known is None:
        known = kind(f"revcycle_{name}", text, ("service", *labels), registry=_REGISTRY, **more)
        _FAMILIES[name] = known
    if not isinstance(known, kind) or known._labelnames != ("service", *labels):  # noqa: SLF001 - it has no accessor
        raise ValueError(f"the metric {name} exists with another kind or other labels")
    return known


ProcessCollector(registry=_REGISTRY)
PlatformCollector(registry=_REGISTRY)
GCCollector(registry=_REGISTRY)
