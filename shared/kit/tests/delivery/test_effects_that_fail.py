"""An effect that fails says so in the log and in a metric, names nobody, and is never sent blindly after a crash."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import Unavailable
from revcycle_kit.telemetry import configure_logs, configure_traces, render_metrics

ORDER = UUID(int=7)
STREAM = StreamRef("clinic", UUID(int=1), "encounter", ORDER)
CANARY = "Zyxwv Canary"
MONTH = timedelta(days=30)


@pytest.fixture
def logged() -> Iterator[StringIO]:
    told = StringIO()
    configure_logs("shop", stream=told)
    yield told
    configure_logs("tests")


@pytest.fixture
async def paid(shop: Any, events: Any) -> Any:
    """An order that is paid: the carrier is asked next."""
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)
    await shop.hear("bank", events.OrderPaid(order_id=ORDER, amount_cents=500), STREAM)
    return shop


def lines(logged: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logged.getvalue().splitlines() if "effect" in line]


def counted(outcome: str) -> float:
    name = f'revcycle_effect_failures_total{{effect="ship",outcome="{outcome}",service="shop"}} '
    found = [row for row in render_metrics().decode().splitlines() if row.startswith(name)]
    return float(found[0].removeprefix(name)) if found else 0.0


async def test_a_failure_is_one_line_with_its_type_and_place_and_without_its_text(
    paid: Any, carrier: Any, logged: StringIO
) -> None:
    carrier.broken = LookupError(CANARY)
    before = counted("error")
    await paid.settle()
    [line] = lines(logged)
    assert ("error", "effect failed", "shop", "ship", 1) == tuple(
        line[name] for name in ("level", "event", "source", "effect", "attempt")
    )
    assert ("LookupError", "builtins.LookupError", str(ORDER)) == (line["reason"], line["error"], line["stream_id"])
    assert "Carrier.ship" in line["frames"][0]
    assert CANARY not in logged.getvalue()
    assert 1 == counted("error") - before


async def test_a_partner_that_is_down_is_a_warning_without_a_stack(paid: Any, carrier: Any, logged: StringIO) -> None:
    carrier.down = 1
    before = counted("unavailable")
    await paid.settle()
    [line] = lines(logged)
    assert ("warning", "Unavailable") == (line["level"], line["reason"])
    assert "frames" not in line
    assert 1 == counted("unavailable") - before


async def test_after_twelve_failures_it_is_given_up_and_said(paid: Any, carrier: Any, logged: StringIO) -> None:
    carrier.broken = LookupError(CANARY)
    await paid.advance(paid.clock.now() + MONTH)
    told = [line["event"] for line in lines(logged)]
    assert [*["effect failed"] * 11, "effect given up"] == told
    assert [["given_up"]] == [
        list(row.values()) for row in await paid.query("SELECT state FROM task WHERE name = $1", "ship")
    ]


@pytest.mark.parametrize("trouble", [Unavailable("the carrier"), LookupError(CANARY)])
async def test_what_a_crash_interrupted_is_not_sent_again_while_the_partner_cannot_say_whether_it_has_it(
    paid: Any, events: Any, carrier: Any, trouble: Exception
) -> None:
    carrier.crash_after = True
    with pytest.raises(events.Crash):
        await paid.settle()
    carrier.broken = trouble
    paid.runtime.alone = True
    await paid.runtime.start()
    carrier.broken = None
    await paid.advance(paid.clock.now() + MONTH)
    assert 1 == len(carrier.sent)

    await paid.runtime.start()
    assert 1 == len(carrier.sent)
    [order] = await paid.documents("shop_order", ORDER)
    assert "shipped" == order.state


async def test_each_attempt_is_a_span_that_names_the_kind_of_effect(paid: Any, carrier: Any) -> None:
    spans = InMemorySpanExporter()
    configure_traces("shop", spans, at_once=True)
    carrier.down = 1
    await paid.advance(paid.clock.now() + MONTH)
    configure_traces("shop", None)
    told = [(each.name, (each.attributes or {})["effect"], each.status.is_ok) for each in spans.get_finished_spans()]
    assert [("effect", "ship", False), ("effect", "ship", True)] == told
