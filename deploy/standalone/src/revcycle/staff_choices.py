"""What a denial specialist does with a denial, given the payer's reason and what the chart says."""

from dataclasses import dataclass
from typing import Any

REGISTRATION = frozenset({"22", "26", "27", "31", "109"})
PATIENT = frozenset({"96", "119", "204"})
RECORDS = frozenset({"226", "252"})
LATE = "29"
BUNDLED = frozenset({"97", "236"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What to do, and what to do where that is refused."""

    deed: str
    otherwise: tuple[str, ...] = ("write_off",)
    changes: tuple[dict[str, Any], ...] = ()
    argument: str = ""


def choose(denial: dict[str, Any], answer: dict[str, Any] | None, order: str | None) -> Choice:
    """Return what to do about a denial; an order of the scenario comes before judgment."""
    if order is not None:
        changes = tuple(answer["changes"]) if answer else ()
        return Choice(order, (), changes, "The record supports the service.")
    told = answer or {"changes": [], "documented": False, "registration_corrected": False}
    if denial["level"] > 0 or denial["state"] == "upheld":
        return _given_up(denial)
    return _first_try(denial, told)


def _first_try(denial: dict[str, Any], told: dict[str, Any]) -> Choice:
    carc = denial["carc"]
    if carc in PATIENT and denial["group"] == "PR":
        return Choice("bill_patient")
    if carc in RECORDS:
        return Choice("appeal", argument="The records that you asked for are enclosed.")
    if told["changes"] or (carc in REGISTRATION and told["registration_corrected"]):
        return Choice("correct", ("appeal", "write_off"), tuple(told["changes"]))
    if told["documented"] and denial["appealable"]:
        return Choice("appeal", ("write_off",), argument="The record supports the service as billed.")
    if carc == LATE and denial["method"] == "appeal":
        return Choice("appeal", ("write_off",), argument="You accepted the claim in time: see the acknowledgment.")
    return _given_up(denial)


def _given_up(denial: dict[str, Any]) -> Choice:
    if denial["carc"] in BUNDLED:
        return Choice("accept", ("write_off",))
    if denial["group"] == "PR":
        return Choice("bill_patient", ("write_off",))
    return Choice("write_off", ())
