"""What cannot be set says which field of which object, and what it takes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from revcycle_x12 import WriteError
from revcycle_x12.professional import Claim, Person, Procedure, ServiceLine, Subscriber

WRONG: list[tuple[Callable[..., Any], str, Any, str]] = [
    (ServiceLine, "charge_cents", "130.00", "an amount in whole cents, such as 12550 for 125.50 is needed, not str"),
    (ServiceLine, "charge_cents", 130.0, "an amount in whole cents, such as 12550 for 125.50 is needed, not float"),
    (ServiceLine, "charge_cents", True, "an amount in whole cents, such as 12550 for 125.50 is needed, not bool"),
    (ServiceLine, "served", "2026-10-05", "a date, or a pair of dates (first, last) is needed, not str"),
    (ServiceLine, "quantity", 1, 'a text, such as "1" is needed, not int'),
    (ServiceLine, "procedure", "99213", "a Procedure is needed, not str"),
    (ServiceLine, "diagnosis_pointers", 1, "a list of whole numbers is needed, not int"),
    (Claim, "diagnoses", ["E119"], "a list of HealthCode is needed, not list"),
    (Claim, "service_lines", [{"quantity": "1"}], "a list of ServiceLine is needed, not list"),
    (Person, "born_on", "19800203", "a date, such as date(2026, 1, 31) is needed, not str"),
    (Subscriber, "person", {"last_name": "DOE"}, "a Person is needed, not dict"),
    (Subscriber, "sequence", 1, "a PayerSequence (one of P, S, T, A, B, C, U) is needed, not int"),
]


@pytest.mark.parametrize(("kind", "name", "value", "said"), WRONG)
def test_a_value_of_the_wrong_kind_names_the_field_and_what_it_takes(
    kind: Callable[..., Any], name: str, value: Any, said: str
) -> None:
    with pytest.raises(WriteError) as refused:
        kind(**{name: value})

    assert f"{kind.__name__}.{name}: {said}" == str(refused.value)


def test_a_field_that_is_none_names_the_one_that_was_meant() -> None:
    with pytest.raises(TypeError, match="ServiceLine has no field 'charge'; is it 'charge_cents'"):
        ServiceLine(charge=1)  # type: ignore[call-arg]


def test_what_fits_is_set_as_before() -> None:
    line = ServiceLine(procedure=Procedure("G0463"), charge_cents=0, quantity="1", served=date(2026, 1, 5))

    assert (0, "1", (date(2026, 1, 5), date(2026, 1, 5))) == (line.charge_cents, line.quantity, line.served)
