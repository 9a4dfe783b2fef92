"""What an ingest accounts for: every input, every message, every encounter."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

Fate = Literal["accepted", "held", "refused", "repeated"]
FATES: tuple[Fate, ...] = ("accepted", "held", "refused", "repeated")


@dataclass(frozen=True, slots=True)
class Taken:
    """One message and what became of it; an input that could not be read counts as one that was refused."""

    path: str
    number: int
    """Its place in the file, from 1."""
    fate: Fate
    message_id: str = ""
    encounter_ids: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` says of a message that was not simply accepted."""
        return {"path": self.path, "message": self.number, "outcome": self.fate, "reasons": list(self.reasons)}


@dataclass(frozen=True, slots=True)
class Ending:
    """How one encounter ended, and why."""

    encounter_id: str
    outcome: str
    reason: str = ""


@dataclass(slots=True)
class Report:
    """The whole account."""

    files: int = 0
    taken: list[Taken] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    money_cents: dict[str, int] = field(default_factory=dict)
    invariants: dict[str, bool] = field(default_factory=dict)
    vanished: list[str] = field(default_factory=list)
    """What was taken in and is found nowhere."""
    work_refused: list[str] = field(default_factory=list)
    """What the services refused to the people and to the post, in their own words."""
    played_until: str = ""
    seconds: float = 0.0

    @property
    def sound(self) -> bool:
        """Tell whether nothing vanished and every invariant holds."""
        return not self.vanished and all(self.invariants.values())

    def fates(self) -> dict[str, int]:
        """Return how many messages met which fate."""
        counted = Counter(message.fate for message in self.taken)
        return {fate: counted[fate] for fate in FATES}

    def outcomes(self) -> dict[str, int]:
        """Return how many encounters ended how, the most first."""
        return dict(Counter(ending.outcome for ending in self.endings).most_common())

    def reasons(self, outcome: str) -> dict[str, int]:
        """Return why encounters ended so, the most frequent first."""
        return dict(Counter(ending.reason for ending in self.endings if ending.outcome == outcome).most_common())

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` writes."""
        return {
            "files": self.files,
            "messages": len(self.taken),
            **self.fates(),
            "encounters": len(self.endings),
            "outcomes": self.outcomes(),
            "reasons": {outcome: self.reasons(outcome) for outcome in self.outcomes()},
            "inputs": [message.as_json() for message in self.taken if message.fate in ("refused", "held")],
            "repeated_inputs": [message.as_json() for message in self.taken if message.fate == "repeated"],
            "endings": [
                {"encounter_id": ending.encounter_id, "outcome": ending.outcome, "reason": ending.reason}
                for ending in self.endings
            ],
            "money_cents": self.money_cents,
            "invariants": self.invariants,
            "vanished": self.vanished,
            "played_until": self.played_until,
            "seconds": self.seconds,
        }
