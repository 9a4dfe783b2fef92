"""
Logs: one line of JSON per event, through an allow-list.

`get_log()` gives a structlog logger: `log.info("batch applied", reader=…, count=…)`.
Importing this module already installs the allow-list, so nothing is ever logged
without it; `configure_logs` names the service and the stream.
"""

import logging
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final, TextIO, cast

import orjson
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from revcycle_kit.telemetry import faults
from revcycle_kit.telemetry.allowed import KEYS, allowed, allowed_event
from revcycle_kit.telemetry.metrics import Metrics

_LIBRARY_LINES_MAX: Final = 5
_LIBRARY_PLACES_MAX: Final = 500

correlation_id: ContextVar[str | None] = ContextVar("correlation_id", default=None)
"""The id under which a caller finds everything that its request set off."""


class _AllowList:
    """Lets only allowed keys with harmless values through, and counts the rest."""

    def __init__(self, service: str, also: Iterable[str] = ()) -> None:
        self._service = service
        self._keys = tuple(sorted(KEYS | set(also)))
        self._dropped = Metrics(service).counter("log_fields_dropped", "Log fields that the allow-list dropped.")

    def __call__(self, _: WrappedLogger, level: str, event: EventDict) -> EventDict:
        head: EventDict = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": level,
            "service": self._service,
            "event": allowed_event(event.pop("event", None)),
        }
        error = _error_of(event)
        correlation = correlation_id.get()
        if correlation is not None:
            event.setdefault("correlation_id", correlation)
        kept, dropped = allowed(event, self._keys)
        if dropped:
            self._dropped.inc(dropped)
            kept["dropped"] = dropped
        return {**kept, **head, **(faults.described(error) if error else {})}


class _FromLibraries(logging.Handler):
    """
    Says that a library logged something, and where; its words may hold values and are not repeated.

    From one place at most five lines a minute: a client that finds no broker says so a thousand times. The next
    minute's first line counts those that were left out.
    """

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self._minutes: dict[str, tuple[int, int]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        where = f"{record.module}:{record.funcName}:{record.lineno}"
        minute = int(record.created // 60)
        before, count = self._minutes.get(where, (minute, 0))
        left_out = 0
        if before != minute:
            left_out, count = max(0, count - _LIBRARY_LINES_MAX), 0
        if len(self._minutes) >= _LIBRARY_PLACES_MAX:
            self._minutes.clear()
        self._minutes[where] = (minute, count + 1)
        if count >= _LIBRARY_LINES_MAX:
            return
        error = record.exc_info[1] if record.exc_info else None
        more = {"left_out": left_out} if left_out else {}
        log: FilteringBoundLogger = structlog.get_logger()
        log.log(record.levelno, "library log", logger=record.name, where=where, exc_info=error, **more)


def get_log(**fields: Any) -> FilteringBoundLogger:
    """Return a logger with these fields on each of its lines."""
    return cast("FilteringBoundLogger", structlog.get_logger(**fields))


def bound(**fields: Any) -> AbstractContextManager[None]:
    """Put these fields on every line logged inside the `with`, in this task and those it starts."""
    return cast("AbstractContextManager[None]", structlog.contextvars.bound_contextvars(**fields))


def configure_logs(
    service: str, *, stream: TextIO | None = None, level: int = logging.INFO, also: Iterable[str] = ()
) -> None:
    """
    Name the service on every line, write to `stream` (standard error), and allow the keys in `also`.

    Libraries that use `logging` are heard from WARNING on, without their words.
    """
    faults.claim_package(service.replace("-", "_"))
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, _AllowList(service, also), _as_json],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in [candidate for candidate in root.handlers if isinstance(candidate, _FromLibraries)]:
        root.removeHandler(handler)
    root.addHandler(_FromLibraries(max(level, logging.WARNING)))


def _error_of(event: EventDict) -> BaseException | None:
    given = event.pop("exc_info", None)
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return cast("BaseException | None", given[1])
    return faults.current() if given else None


def _as_json(_: WrappedLogger, __: str, event: EventDict) -> str:
    return orjson.dumps(event).decode()


_UNNAMED: Final = "unnamed"
configure_logs(_UNNAMED)
