"""Logs: one line of JSON, only what is allowed, whatever anybody passes in (S13, S16)."""

import io
import json
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from revcycle_kit.telemetry import bound, configure_logs, correlation_id, get_log, render_metrics

Lines = Callable[[], list[dict[str, Any]]]
CLINIC = UUID("0199a0c0-0000-7000-8000-00000000000a")
CANARY = "Zyxwv-Canary 1961-07-04"


def test_an_allowed_field_is_written_and_any_other_is_dropped_and_counted(lines: Lines) -> None:
    get_log().info("batch applied", reader="denials", count=3, clinic_id=CLINIC, patient_name=CANARY, ssn="1")
    [line] = lines()
    assert ("batch applied", "denials", 3, str(CLINIC)) == tuple(
        line[key] for key in ("event", "reader", "count", "clinic_id")
    )
    assert ("claims", "info", 2) == tuple(line[key] for key in ("service", "level", "dropped"))
    assert {"patient_name", "ssn"}.isdisjoint(line)


def test_dropped_fields_can_be_watched(lines: Lines) -> None:
    before = _dropped()
    get_log().info("x", secret_one=1, secret_two=2)
    assert 1 == len(lines())
    assert before + 2 == _dropped()


@pytest.mark.parametrize(
    "value",
    [CANARY, {"name": CANARY}, [CANARY], object(), b"raw", "x" * 161, "a\nb", "\x1b[31m", "a\u2028b", '"', "", 2**70],
)
def test_under_an_allowed_key_only_a_code_passes(lines: Lines, value: Any) -> None:
    get_log().info("x", reason=value)
    [line] = lines()
    assert line["reason"] in ("(withheld)", ["(withheld)"])


def test_numbers_codes_ids_and_times_pass_unchanged(lines: Lines) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    get_log().info("x", count=2, seconds=0.5, reason="CO-197", route="/v1/claims/{claim_id}", status=None)
    get_log().info("x", state=at, source=date(2026, 3, 1), topic=["a", "b"], outcome=True)
    first, second = lines()
    assert (2, 0.5, "CO-197", "/v1/claims/{claim_id}", None) == tuple(
        first[key] for key in ("count", "seconds", "reason", "route", "status")
    )
    assert (at.isoformat(), "2026-03-01", ["a", "b"], True) == tuple(
        second[key] for key in ("state", "source", "topic", "outcome")
    )


def test_values_cannot_ride_in_the_name_of_the_event(lines: Lines) -> None:
    get_log().info(f"claim of {CANARY}")
    get_log().info("claim %s", CANARY)
    assert not any(CANARY in str(line) for line in lines())


def test_a_field_cannot_overwrite_the_head_of_the_line(lines: Lines) -> None:
    get_log().info("x", level="debug", service="other", at="never")
    [line] = lines()
    assert ("info", "claims") == (line["level"], line["service"])
    assert "never" != line["at"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(), key=st.sampled_from(["reason", "reader", "unknown"]))
def test_whatever_is_logged_stays_one_line_of_printable_json(raw: io.StringIO, text: str, key: str) -> None:
    raw.seek(0)
    raw.truncate()
    get_log().warning(text, **{key: text})
    [line] = raw.getvalue().split("\n")[:-1]
    assert isinstance(json.loads(line), dict)
    assert line.isascii()
    assert line.isprintable()


def _fail() -> None:
    try:
        int(CANARY)
    except ValueError as problem:
        raise LookupError(CANARY, {"member": CANARY}) from problem


def test_an_exception_is_its_type_its_causes_and_our_frames_without_values(lines: Lines) -> None:
    try:
        _fail()
    except LookupError:
        get_log().exception("work failed")
    [line] = lines()
    assert ("builtins.LookupError", ["builtins.ValueError"]) == (line["error"], line["caused_by"])
    assert ["_fail", "test_an_exception_is_its_type_its_causes_and_our_frames_without_values"] == [
        frame.split(":")[1] for frame in line["frames"]
    ]
    assert line["fingerprint"].endswith(":_fail")
    assert "Canary" not in str(line)


def test_the_words_of_libraries_are_not_repeated(lines: Lines) -> None:
    logging.getLogger("asyncpg").warning("duplicate key (mrn)=(%s)", CANARY)
    logging.getLogger("asyncio").error("%s", CANARY, exc_info=ValueError(CANARY))
    logging.getLogger("chatty").info("nothing")
    first, second = lines()
    assert ("asyncpg", "warning") == (first["logger"], first["level"])
    assert "builtins.ValueError" == second["error"]
    assert "Canary" not in str([first, second])


def test_bound_fields_and_the_correlation_id_are_on_every_line_inside(lines: Lines) -> None:
    token = correlation_id.set("req-1")
    with bound(reader="denials"):
        get_log().info("inside")
    correlation_id.reset(token)
    get_log().info("outside")
    inside, outside = lines()
    assert ("req-1", "denials") == (inside["correlation_id"], inside["reader"])
    assert {"correlation_id", "reader"}.isdisjoint(outside)


def test_a_service_may_allow_a_key_of_its_own() -> None:
    stream = io.StringIO()
    configure_logs("claims", stream=stream, also=["interchange"])
    get_log().info("x", interchange="000000001")
    configure_logs("unnamed")
    assert '"interchange":"000000001"' in stream.getvalue()


def test_lines_below_the_level_are_not_written() -> None:
    stream = io.StringIO()
    configure_logs("claims", stream=stream, level=logging.WARNING)
    get_log().info("x")
    configure_logs("unnamed")
    assert "" == stream.getvalue()


def test_configuring_twice_does_not_say_things_twice(lines: Lines) -> None:
    handlers = len(logging.getLogger().handlers)
    configure_logs("claims", stream=io.StringIO())
    assert handlers == len(logging.getLogger().handlers)
    assert [] == lines()


def _dropped() -> float:
    rows = [
        row for row in render_metrics().decode().splitlines() if row.startswith("revcycle_log_fields_dropped_total")
    ]
    return sum(float(row.rsplit(" ", 1)[1]) for row in rows if 'service="claims"' in row)


def test_a_library_that_repeats_itself_is_heard_five_times_a_minute(lines: Lines) -> None:
    """A client that finds no broker says so a thousand times; the next minute's first line counts the rest."""
    log, at = logging.getLogger("aiokafka"), 1_000_020.0
    for second in (*range(12), 60):
        record = log.makeRecord("aiokafka", logging.ERROR, "client.py", 7, CANARY, (), None, "connect")
        record.created = at + second
        log.handle(record)

    said = lines()
    assert 6 == len(said)
    assert 7 == said[-1]["left_out"]
