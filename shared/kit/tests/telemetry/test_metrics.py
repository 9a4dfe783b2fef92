"""Metrics: one family a name, few values a label."""

import pytest

from revcycle_kit.telemetry import Metrics, render_metrics
from revcycle_kit.telemetry import metrics as module


def test_two_services_of_one_process_count_apart() -> None:
    for service, times in (("claims", 1), ("denials", 2)):
        counted = Metrics(service).counter("test_apart", "For a test.", "outcome")
        for _ in range(times):
            counted.inc(1, "ok")
    shown = render_metrics().decode()
    assert 'revcycle_test_apart_total{outcome="ok",service="claims"} 1.0' in shown
    assert 'revcycle_test_apart_total{outcome="ok",service="denials"} 2.0' in shown


def test_asking_again_gives_the_same_series() -> None:
    Metrics("claims").gauge("test_again", "For a test.").set(1)
    Metrics("claims").gauge("test_again", "For a test.").set(5)
    assert 'revcycle_test_again{service="claims"} 5.0' in render_metrics().decode()


def test_a_histogram_counts_what_lies_below_each_bound() -> None:
    seen = Metrics("claims").histogram("test_seen", "For a test.", "route", buckets=(1.0, 10.0))
    for value in (0.5, 5, 50):
        seen.observe(value, "/v1/claims")
    shown = render_metrics().decode()
    assert 'revcycle_test_seen_bucket{le="10.0",route="/v1/claims",service="claims"} 2.0' in shown
    assert 'revcycle_test_seen_count{route="/v1/claims",service="claims"} 3.0' in shown


def test_a_label_that_could_name_a_person_is_refused() -> None:
    with pytest.raises(ValueError, match="patient"):
        Metrics("claims").counter("test_person", "For a test.", "patient")


def test_one_name_has_one_meaning() -> None:
    Metrics("claims").counter("test_meaning", "For a test.")
    with pytest.raises(ValueError, match="another kind"):
        Metrics("claims").gauge("test_meaning", "For a test.")
    with pytest.raises(ValueError, match="other labels"):
        Metrics("claims").counter("test_meaning", "For a test.", "kind")


def test_label_values_without_end_share_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SERIES_MAX", 2)
    counted = Metrics("claims").counter("test_many", "For a test.", "kind")
    for number in range(10):
        counted.inc(1, str(number))
    rows = [row for row in render_metrics().decode().splitlines() if row.startswith("revcycle_test_many_total")]
    assert 3 == len(rows)
    assert 'revcycle_test_many_total{kind="(other)",service="claims"} 8.0' in rows


def test_the_process_itself_is_measured() -> None:
    assert b"process_resident_memory_bytes" in render_metrics()
