"""An exception as operators may see it: its type, its causes, and where in our code; never its text or values."""

import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final

_FRAMES_MAX: Final = 12
_CAUSES_MAX: Final = 5
_OURS: Final = {"revcycle", "revcycle_kit", "revcycle_x12", "revcycle_sandbox"}
_LIBRARIES: Final = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


def claim_package(name: str) -> None:
    """Count a package's frames as ours, wherever it is installed."""
    _OURS.add(name)


def described(error: BaseException) -> dict[str, Any]:
    """Return `error`, `caused_by`, `frames` (of ours, the innermost first) and `fingerprint`."""
    frames = _frames_of(error)
    kind = _named(type(error))
    return {
        "error": kind,
        "caused_by": [_named(type(cause)) for cause in _causes(error)],
        "frames": frames,
        "fingerprint": fingerprint(error),
    }


def fingerprint(error: BaseException) -> str:
    """Return what failures of the same making share: the type, and the innermost frame of ours without its line."""
    frames = _frames_of(error)
    place = frames[0].rpartition(":")[0] if frames else "elsewhere"
    return f"{_named(type(error))}@{place}"


def current() -> BaseException | None:
    """Return the exception that is being handled."""
    return sys.exc_info()[1]


def _frames_of(error: BaseException) -> list[str]:
    for cause in (error, *_causes(error)):
        frames = list(_ours(cause.__traceback__))
        if frames:
            return frames[-_FRAMES_MAX:][::-1]
    return []


def _causes(error: BaseException) -> list[BaseException]:
    causes: list[BaseException] = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    while cause is not None and len(causes) < _CAUSES_MAX:
        causes.append(cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return causes


def _ours(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        code = trace.tb_frame.f_code
        module = str(trace.tb_frame.f_globals.get("__name__") or Path(code.co_filename).stem)
        if module.partition(".")[0] in _OURS or not code.co_filename.startswith((*_LIBRARIES, "<")):
            yield f"{module}:{code.co_qualname}:{trace.tb_lineno}"
        trace = trace.tb_next


def _named(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
