"""Periods are written as their guide wants them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from revcycle_x12 import Delimiters, write
from revcycle_x12._writing.defaults import put_defaults
from revcycle_x12.eligibility import (
    EligibilityInquiry,
    Inquiry,
    Payer,
    Person,
    Provider,
    Receiver,
    Source,
    Subscriber,
)
from revcycle_x12.guides import x223a2

NOON = datetime(2026, 1, 6, 12, 0)  # noqa: DTZ001 (X12 times name no zone)


@pytest.mark.parametrize(
    ("period", "written"),
    [
        (date(2026, 1, 6), "DTP*291*D8*20260106"),
        ((date(2026, 1, 6), date(2026, 1, 6)), "DTP*291*D8*20260106"),
        ((date(2026, 1, 1), date(2026, 1, 6)), "DTP*291*RD8*20260101-20260106"),
    ],
)
def test_a_day_is_a_date_and_several_are_a_span(
    envelope: Callable[..., Any], period: date | tuple[date, date], written: str
) -> None:
    asked = Inquiry(service_types=["30"])
    asked.plan_period = period
    subscriber = Subscriber(person=Person(last_name="DOE", id="M1"), inquiries=[asked])
    receiver = Receiver(provider=Provider(last_name="CLINIC", id="1234567893"), subscribers=[subscriber])
    source = Source(payer=Payer(last_name="PLAN", id="P1"), receivers=[receiver])

    data = write(envelope(), [EligibilityInquiry(reference="Q1", created_at=NOON, sources=[source])])

    assert written in data.decode().split("~")


def test_a_day_becomes_a_span_where_the_guide_takes_spans_only() -> None:
    claim = x223a2.GUIDE.root.loop("2000A").loop("2000B").loop("2300")
    statement = ["DTP", "434", "D8", "20260105"]
    spec = claim.spec_of(statement)
    assert spec is not None

    put_defaults(statement, spec, Delimiters())

    assert ["DTP", "434", "RD8", "20260105-20260105"] == statement
