"""An encounter at work: the encounter and its claims as they are now, and what has changed and follows so far."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from msgspec import field

from claims.domain.claims import Claim
from claims.domain.directory import Clinic, Payer
from claims.domain.edits import PreventionRule
from claims.domain.encounters import Encounter
from claims.domain.facts import Fact
from claims.domain.ledger import Entry
from claims.domain.parties import Parties
from claims.domain.people import EncounterIdentity
from claims.domain.policy import BillingPolicy
from claims.domain.pricing import PriceList
from revcycle_kit.values import Value, replace


class Context(Protocol):
    """
    What a decision about an encounter looks up: the moment, the directory, prices and rules.

    It gives the same answer as often as it is asked during one decision.
    """

    @property
    def now(self) -> datetime:
        """The instant."""
        ...

    @property
    def today(self) -> date:
        """The date that the clinic reads on its calendar."""
        ...

    @property
    def clinic(self) -> Clinic:
        """The clinic."""
        ...

    @property
    def policy(self) -> BillingPolicy:
        """The clinic's billing days."""
        ...

    @property
    def identity(self) -> EncounterIdentity:
        """Who the people of the encounter are, as they were before this decision."""
        ...

    @property
    def prices(self) -> PriceList | None:
        """The chargemaster and the contracts of the payee."""
        ...

    @property
    def rules(self) -> tuple[PreventionRule, ...]:
        """The rules that were learned from denials."""
        ...

    def payer(self, payer_id: UUID) -> Payer | None:
        """Return a payer, if the directory has it."""
        ...

    def parties(self, encounter: Encounter, payer_ids: Iterable[UUID]) -> Parties:
        """Return everybody whom a claim of the encounter has to name."""
        ...


class Wait(StrEnum):
    """What an encounter, or one claim of it, waits for."""

    BILLING = "billing"
    """For the bill hold to end."""
    RECHECK = "recheck"
    """For what a held claim lacks."""
    ANSWER = "answer"
    """For somebody to answer about a claim."""


class Alarm(Value, kw_only=True):
    """When a wait ends by itself; `at` None: nothing is waited for any more."""

    wait: Wait
    at: datetime | None
    claim_id: UUID | None = None


class Changes(Value, kw_only=True):
    """What a decision changed, and what follows from it."""

    claims: dict[UUID, Claim] = field(default_factory=dict)
    """The claims to be kept, by id."""
    identity: EncounterIdentity | None = None
    """Who the people are from now on; None: who they were."""
    entries: tuple[Entry, ...] = ()
    facts: tuple[Fact, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    queued: tuple[Claim, ...] = ()
    """Claims that leave with their payee's next interchange."""


class EncounterCase(Value, kw_only=True):
    """An encounter with its claims, what decides about it, and what has changed; each step gives the next case."""

    former: Encounter
    """The encounter as it was before this decision."""
    encounter: Encounter
    claims: dict[UUID, Claim]
    context: Context
    changes: Changes = Changes()

    @property
    def today(self) -> date:
        """The date that the clinic reads on its calendar."""
        return self.context.today

    @property
    def identity(self) -> EncounterIdentity:
        """Who the people are."""
        return self.changes.identity or self.context.identity

    def parties(self) -> Parties:
        """Return everybody whom a claim of the encounter has to name."""
        coverages = [coverage.payer_id for coverage in self.encounter.coverages]
        payers = dict.fromkeys(coverages + [claim.payer_id for claim in self.claims.values()])
        return self.context.parties(self.encounter, payers)

    def numbered(self, patient_control_number: str) -> Claim | None:
        """Return the claim of this number, in any case of its letters."""
        wanted = patient_control_number.upper()
        return next((claim for claim in self.claims.values() if claim.patient_control_number == wanted), None)

    # -- steps --------------------------------------------------------------------------------------------------------

    def keep(self, *claims: Claim) -> "EncounterCase":
        """Keep claims as they are now."""
        changed = {claim.claim_id: claim for claim in claims if self.claims.get(claim.claim_id) != claim}
        if not changed:
            return self
        return replace(
            self,
            claims={**self.claims, **changed},
            changes=replace(self.changes, claims={**self.changes.claims, **changed}),
        )

    def post(self, entries: Iterable[Entry]) -> "EncounterCase":
        """Put entries on the encounter's ledger."""
        return replace(self, changes=replace(self.changes, entries=(*self.changes.entries, *entries)))

    def announce(self, *facts: Fact) -> "EncounterCase":
        """Announce facts, in this order."""
        return replace(self, changes=replace(self.changes, facts=(*self.changes.facts, *facts)))

    def arm(self, wait: Wait, at: datetime | None, claim_id: UUID | None = None) -> "EncounterCase":
        """Wait until an instant, or (None) no more."""
        alarm = Alarm(wait=wait, at=at, claim_id=claim_id)
        return replace(self, changes=replace(self.changes, alarms=(*self.changes.alarms, alarm)))

    def queue(self, claim: Claim) -> "EncounterCase":
        """Let a claim leave with its payee's next interchange."""
        return replace(self, changes=replace(self.changes, queued=(*self.changes.queued, claim)))

    def identify(self, identity: EncounterIdentity) -> "EncounterCase":
        """Know the people by what registration says of them now."""
        return replace(self, changes=replace(self.changes, identity=identity))
