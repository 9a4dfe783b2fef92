"""The payees' bank: deposits beside the remittances, usually the same day, sometimes not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from revcycle_sandbox.agenda import Agenda
from revcycle_sandbox.behaviour import Behaviour
from revcycle_sandbox.calendar import add_business_days, instant
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.parcels import Parcel, json_parcel
from revcycle_sandbox.payer.news import Remittance

SAME_DAY: Final = 8_000
REISSUED_AFTER_DAYS: Final = 20
DEPOSIT_HOUR: Final = 15


class Bank:
    """Turns payments into deposits."""

    def __init__(self, agenda: Agenda, draws: Draws, behaviour_of: Callable[[str], Behaviour]) -> None:
        self.agenda = agenda
        self.draws = draws
        self.behaviour_of = behaviour_of

    def expect(self, remittance: Remittance) -> datetime | None:
        """
        Bring the money of a remittance; a file sent again brings none.

        Gives the instant at which the file comes, where it comes after its money.
        """
        if remittance.paid_cents <= 0 or remittance.copy > 1:
            return None
        habits, trace = self.behaviour_of(remittance.payer), remittance.trace
        days = 0 if habits.deposit_exactly else self._shift(remittance)
        on = add_business_days(remittance.paid_on, max(0, days)) if days else remittance.paid_on
        if self.draws.chance(habits.faults.check_reissued, "reissued", trace):
            on += timedelta(days=REISSUED_AFTER_DAYS)
            trace = self.draws.digits(len(trace), "reissued trace", trace)
        due = instant(on, DEPOSIT_HOUR)
        parcel = self._deposit(remittance, trace, due)
        self.agenda.at(due, f"bank|{remittance.payer}|{trace}", lambda _at: [parcel])
        return instant(add_business_days(remittance.paid_on, -days), DEPOSIT_HOUR) if days < 0 else None

    def _shift(self, remittance: Remittance) -> int:
        """Draw the business days between file and money: negative where the money comes first."""
        if self.draws.chance(SAME_DAY, "deposit", remittance.trace):
            return 0
        return self.draws.between(-3, 3, "deposit days", remittance.trace)

    def _deposit(self, remittance: Remittance, trace: str, due: datetime) -> Parcel:
        body = {
            "deposit_id": f"{remittance.payer}-{trace}",
            "amount_cents": remittance.paid_cents,
            "deposited_on": due.date().isoformat(),
            "trace_number": trace,
            "replaces_trace_number": remittance.trace if trace != remittance.trace else None,
            "payer_code": remittance.payer,
            "payer_tin": remittance.payer_tin,
            "payer_name": remittance.payer_name,
            "payee_npi": remittance.payee_npi,
            "payee_tin": remittance.payee_tin,
            "method": remittance.method,
        }
        return json_parcel("bank", "BANK", remittance.submitter, body, trace_number=trace)
