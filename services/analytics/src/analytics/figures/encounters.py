"""
The journey of an encounter in brief: a value that grows event by event.

An event may come in any order between services, so nothing here is refused: what is not known yet stays empty.
"""

from datetime import date, datetime
from typing import Final, Literal, Self
from uuid import UUID

from analytics.figures.deadlines import STALLED_AFTER, Step, Wait
from analytics.figures.money import Amounts
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value, replace

State = Literal[
    "registered",
    "charges_received",
    "waiting_for_codes",
    "unbilled",
    "held",
    "with_payer",
    "rejected",
    "answered",
    "denied",
    "in_transit",
    "patient_owes",
    "credit_balance",
    "closed",
    "cancelled",
]
Stage = Literal[
    "registered",
    "charges_received",
    "waiting_for_codes",
    "unbilled",
    "held",
    "with_payer",
    "rejected",
    "answered",
]
ENDED: tuple[State, ...] = ("closed", "cancelled")
_NEXT: Final[dict[State, str]] = {
    "registered": "The EHR sends the charges.",
    "charges_received": "Claims prices and codes the charges.",
    "waiting_for_codes": "A coder supplies what is missing.",
    "unbilled": "The claim is built, edited and sent.",
    "held": "Somebody fixes what the edits found, and the claim goes out.",
    "with_payer": "The payer decides the claim.",
    "rejected": "The claim is corrected and sent as new.",
    "answered": "The open amount is followed up with the payer.",
    "denied": "The refusal is corrected, appealed or given up.",
    "in_transit": "Patient billing takes up what claims transferred.",
    "patient_owes": "The guarantor pays or is reminded.",
    "credit_balance": "The credit balance is refunded.",
    "closed": "Nothing: every dollar is accounted for.",
    "cancelled": "Nothing: the encounter did not take place.",
}


class Announced(Value, kw_only=True):
    """Amounts as events announce them beside the ledger: what the reconciliation compares the ledgers with."""

    charged_cents: Cents = ZERO
    insurance_paid_cents: Cents = ZERO
    transferred_cents: Cents = ZERO
    patient_paid_cents: Cents = ZERO


class Encounter(Value, kw_only=True):
    """An encounter's journey in brief."""

    encounter_id: UUID
    billing_entity_id: UUID | None = None
    payer_id: UUID | None = None
    """The primary payer."""
    provider_id: UUID | None = None
    service_on: date | None = None
    registered: bool = False
    cancelled: bool = False
    charged: bool = False
    """True: services were charged at least once."""
    stage: Stage = "registered"
    money: Amounts = Amounts()
    announced: Announced = Announced()
    open_denials: tuple[UUID, ...] = ()
    waits: tuple[Wait, ...] = ()
    last_event: str = ""
    last_at: datetime | None = None
    quiet_since: datetime | None = None
    """Since when nothing has happened, a missed deadline included."""
    stalled: bool = False
    armed_at: datetime | None = None
    """When the encounter's timer fires."""
    measured_on: date | None = None
    """The last day on which this encounter asked for the clinic's KPIs to be measured."""

    # what is read from it

    @property
    def state(self) -> State:
        """Where the encounter stands, in one word."""
        if self.cancelled:
            return "cancelled"
        if not self.charged:
            return self.stage
        return "closed" if self.money.settled else self._owed_by()

    def _owed_by(self) -> State:
        money = self.money
        if money.insurance_open_cents > 0:
            return "denied" if self.open_denials else self.stage
        if money.in_transit_cents:
            return "in_transit"
        return "patient_owes" if money.insurance_open_cents == 0 and money.patient_open_cents > 0 else "credit_balance"

    @property
    def next_due_at(self) -> datetime | None:
        """The earliest instant by which something has to have happened, missed ones included."""
        return min((wait.due_at for wait in self.waits), default=None)

    @property
    def wakes_at(self) -> datetime | None:
        """When the timer has to fire: at the next deadline, or where there is none, when silence becomes a stall."""
        ahead = [wait.due_at for wait in self.waits if not wait.missed]
        if ahead:
            return min(ahead)
        if self.stalled or self.quiet_since is None or self.state in ENDED:
            return None
        return self.quiet_since + STALLED_AFTER

    # what happens to it

    def went_on(self, event: str, at: datetime) -> Self:
        """Go on: something happened."""
        return replace(self, last_event=event, last_at=at, quiet_since=at, stalled=False)

    def posted(self, amounts: Amounts) -> Self:
        """Add what the ledger took."""
        return replace(self, money=self.money.plus(amounts), charged=self.charged or bool(amounts.charged_cents))

    def announcing(
        self, *, charged: int = 0, insurance_paid: int = 0, transferred: int = 0, patient_paid: int = 0
    ) -> Self:
        """Remember an amount that an event named: the ledger has to show it as well."""
        announced = self.announced
        return replace(
            self,
            announced=Announced(
                charged_cents=Cents(announced.charged_cents + charged),
                insurance_paid_cents=Cents(announced.insurance_paid_cents + insurance_paid),
                transferred_cents=Cents(announced.transferred_cents + transferred),
                patient_paid_cents=Cents(announced.patient_paid_cents + patient_paid),
            ),
        )

    def expecting(self, step: Step, subject_id: UUID, due_at: datetime) -> Self:
        """From now on a step is due; asking again moves it."""
        wait = Wait(step=step, subject_id=subject_id, due_at=due_at)
        return replace(self, waits=(*self._without((step,), (subject_id,)), wait))

    def done(self, *steps: Step, of: tuple[UUID, ...] = ()) -> Self:
        """Wait no longer for these steps, for these subjects or for any."""
        left = self._without(steps, of)
        return self if len(left) == len(self.waits) else replace(self, waits=left)

    def overdue(self, now: datetime) -> tuple[Wait, ...]:
        """Return what should have happened by now and was not missed before."""
        return tuple(wait for wait in self.waits if not wait.missed and wait.due_at <= now)

    def silent(self, now: datetime) -> bool:
        """Say whether an open journey with no deadline ahead has been quiet for too long."""
        wakes_at = self.wakes_at
        return wakes_at is not None and not self.stalled and wakes_at <= now and all(wait.missed for wait in self.waits)

    def alarmed(self, now: datetime) -> Self:
        """Remember what has been told as late: missed deadlines, or else a stall."""
        overdue = self.overdue(now)
        if not overdue:
            return replace(self, stalled=self.stalled or self.silent(now))
        waits = tuple(replace(wait, missed=True) if wait in overdue else wait for wait in self.waits)
        return replace(self, waits=waits, quiet_since=now)

    def denial_opened(self, denial_id: UUID) -> Self:
        """Count a refusal as being worked on."""
        return replace(self, open_denials=(*self.denial_closed(denial_id).open_denials, denial_id))

    def denial_closed(self, denial_id: UUID) -> Self:
        """Count a refusal no longer."""
        return replace(self, open_denials=tuple(open_id for open_id in self.open_denials if open_id != denial_id))

    def _without(self, steps: tuple[Step, ...], of: tuple[UUID, ...]) -> tuple[Wait, ...]:
        return tuple(wait for wait in self.waits if wait.step not in steps or (of and wait.subject_id not in of))


def next_step(encounter: Encounter) -> str:
    """Say what has to happen next."""
    return _NEXT[encounter.state]
