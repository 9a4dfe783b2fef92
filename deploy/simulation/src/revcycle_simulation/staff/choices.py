"""What a denial specialist does with a denial, given the payer's reason and what the chart says."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

REGISTRATION = frozenset({"22", "26", "27", "31", "109"})
PATIENT = frozenset({"96", "119", "204"})
RECORDS = frozenset({"226", "252"})
LATE = "29"
BUNDLED = frozenset({"97", "236"})
CORRECTED = "The claim was corrected as the record says, and refused for the same reason again."
REFUSALS_MAX = 2
"""How often the payer may refuse the same way before the same correction is no longer sent."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to do, and what to do where that is refused."""

    deed: str
    otherwise: tuple[str, ...] = ("write_off",)
    changes: tuple[dict[str, Any], ...] = ()
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do about one denial, or about several of one claim in one letter or one correction."""

    denials: tuple[dict[str, Any], ...]
    choice: Choice

    @property
    def key(self) -> str:
        """What this step is known by: its first denial, where it stands, and how many there are."""
        first = self.denials[0]
        return f"{first['denial_id']}:{first['claim_id']}:{first['level']}:{len(self.denials)}"

    def alone(self) -> tuple["Step", ...]:
        """Return each denial as a step of its own."""
        return tuple(replace(self, denials=(denial,)) for denial in self.denials)


def together(decided: Iterable[tuple[dict[str, Any], Choice]]) -> list[Step]:
    """Put what goes to the payer about one claim together: it answers a claim, not its lines."""
    steps: dict[tuple[Any, ...], Step] = {}
    for denial, choice in decided:
        shared = choice.deed in {"appeal", "correct"}
        key = (denial["claim_id"], choice.deed, denial["level"]) if shared else (denial["denial_id"],)
        known = steps.get(key)
        if known is None:
            steps[key] = Step((denial,), choice)
            continue
        new = tuple(change for change in choice.changes if change not in known.choice.changes)
        both = replace(known.choice, changes=known.choice.changes + new)
        steps[key] = Step((*known.denials, denial), both)
    return list(steps.values())


class Refusals:
    """What was refused, how, and what correction was chosen: the same one does not help a third time."""

    def __init__(self) -> None:
        self._seen: dict[tuple[Any, ...], set[tuple[str, str]]] = {}

    def learn(self, denial: dict[str, Any], choice: Choice) -> Choice:
        """Return the choice, or what to do instead of a correction that met the same refusal often enough."""
        if choice.deed != "correct" or not choice.otherwise:
            return choice
        seen = self._seen.setdefault(_refused(denial, choice), set())
        seen.add((denial["denial_id"], denial["claim_id"]))
        if len(seen) < REFUSALS_MAX:
            return choice
        deed, *otherwise = choice.otherwise
        return replace(choice, deed=deed, otherwise=tuple(otherwise), argument=CORRECTED)


def _refused(denial: dict[str, Any], choice: Choice) -> tuple[Any, ...]:
    """Return what makes two refusals, and the corrections that answer them, the same."""
    where = tuple(denial[name] for name in ("encounter_id", "payer_id", "line_number", "group", "carc"))
    return (*where, repr(choice.changes))


def subject_of_hold(owner: str, edits: Iterable[str]) -> str:
    """Say what to ask the clinic about a claim that is held: first who is covered, then who agreed to the service."""
    found = set(edits)
    if found == {"authorization_on_file"}:
        return "authorization"
    return {"coder": "coding", "enrollment": "enrollment"}.get(owner, "registration")


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
