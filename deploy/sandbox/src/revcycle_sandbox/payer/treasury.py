"""Gate 15: check runs. Decisions of a payee and day become one 835, with takebacks by PLB."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from revcycle_sandbox.agenda import Agenda
from revcycle_sandbox.claims import Decision
from revcycle_sandbox.payer.book import Record
from revcycle_sandbox.payer.clocks import Clocks
from revcycle_sandbox.payer.faults import Faulty, with_faults
from revcycle_sandbox.payer.news import ProviderAdjustment, Remittance
from revcycle_sandbox.world import Payer

TRACE_DIGITS: Final = 12


class DoesNotBalance(Exception):  # noqa: N818 - says what is wrong
    """A decision of ours does not add up: a defect of the sandbox, never sent."""


@dataclass(slots=True)
class Payee:
    """A billing entity as the payer pays it, and what it still owes."""

    npi: str
    tin: str
    name: str
    submitter: str
    forward_cents: int = 0
    """Deficit carried forward (FB)."""
    recoverable: list[tuple[datetime, str, int]] = field(default_factory=list)
    """Takebacks put off (WO): not before, reference, cents left."""


@dataclass(slots=True)
class Entry:
    """One claim on a check run; a correction has its reversal before it."""

    decision: Decision
    reversal: Decision | None
    record: Record
    put_off_cents: int = 0

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return (self.reversal, self.decision) if self.reversal else (self.decision,)


class Treasury:
    """The payment cycle of one payer."""

    def __init__(self, payer: Payer, clocks: Clocks, agenda: Agenda) -> None:
        self.payer = payer
        self.clocks = clocks
        self.agenda = agenda
        self.payees: dict[str, Payee] = {}
        self._runs: dict[tuple[str, datetime], list[Entry]] = defaultdict(list)

    def pay(self, entries: Iterable[Entry], run_at: datetime) -> None:
        """Put decisions on a check run."""
        for entry in entries:
            check(entry.decisions)
            claim = entry.decision.claim
            key = f"{claim.billing_npi}|{claim.billing_tin}"
            payee = self.payees.setdefault(
                key, Payee(claim.billing_npi, claim.billing_tin, claim.billing_name, claim.submitter)
            )
            payee.submitter = claim.submitter or payee.submitter
            self._open(key, run_at)
            self._runs[key, run_at].append(entry)

    def _open(self, key: str, run_at: datetime) -> None:
        if (key, run_at) not in self._runs:
            self.agenda.at(run_at, f"run|{self.payer.code}|{key}", lambda at: self._run(key, at))

    def _run(self, key: str, at: datetime) -> Iterator[Remittance]:
        """Write the 835 of a payee, with PLB so that it balances."""
        payee = self.payees[key]
        entries = sorted(self._runs.pop((key, at)), key=lambda entry: entry.decision.control_number)
        decisions = tuple(decision for entry in entries for decision in entry.decisions)
        total = sum(decision.paid_cents for decision in decisions)
        adjustments = self._provider_adjustments(payee, entries, total, at)
        paid = total - sum(adjustment.amount_cents for adjustment in adjustments)
        for entry in entries:
            entry.record.paid_at = at
        remittance = Remittance(
            payer=self.payer.code,
            payer_name=self.payer.name,
            payer_tin=self.payer.tin,
            payee_name=payee.name,
            payee_npi=payee.npi,
            payee_tin=payee.tin,
            submitter=payee.submitter,
            trace=self._trace(key, at),
            paid_cents=paid,
            paid_on=at.date(),
            decisions=decisions,
            provider_adjustments=adjustments,
        )
        faulty = with_faults(remittance, [(entry.record, entry.decision) for entry in entries], self.clocks)
        self._send_again(faulty, at)
        yield faulty.first

    def _send_again(self, faulty: Faulty, at: datetime) -> None:
        for position, (days, again) in enumerate(faulty.later):
            due = at + timedelta(days=days)
            self.agenda.at(due, f"again|{again.trace}|{position}", lambda _at, again=again: [again])  # type: ignore[misc]

    def _provider_adjustments(
        self, payee: Payee, entries: list[Entry], total: int, at: datetime
    ) -> tuple[ProviderAdjustment, ...]:
        """Put takebacks off (WO −), recover earlier ones (WO +), bring forward and carry forward (FB)."""
        found = list(self._put_off(payee, entries, total, at))
        left = total - sum(each.amount_cents for each in found)
        if payee.forward_cents and left > 0:
            found.append(_adjust("FB", payee.npi, taken := min(left, payee.forward_cents)))
            payee.forward_cents -= taken
            left -= taken
        found += self._recover(payee, left, at)
        left = total - sum(each.amount_cents for each in found)
        if left < 0:
            found.append(_adjust("FB", payee.npi, left))
            payee.forward_cents -= left
        return tuple(found)

    def _put_off(self, payee: Payee, entries: list[Entry], total: int, at: datetime) -> Iterator[ProviderAdjustment]:
        """Pay on what a correction takes back, to recover it later: only where something else is paid beside it."""
        if self.payer.behaviour.recover != "next" or total <= 0:
            return
        weeks = self.payer.behaviour.recover_after_runs
        for entry in entries:
            if entry.put_off_cents:
                reference = entry.decision.control_number
                payee.recoverable.append((at + timedelta(days=7 * weeks - 6), reference, entry.put_off_cents))
                yield _adjust("WO", reference, -entry.put_off_cents)

    def _recover(self, payee: Payee, left: int, at: datetime) -> Iterator[ProviderAdjustment]:
        """Take back what was put off, as far as this payment carries it."""
        waiting, payee.recoverable = payee.recoverable, []
        for due, reference, cents in waiting:
            taken = min(cents, max(0, left)) if due <= at else 0
            if taken:
                left -= taken
                yield _adjust("WO", reference, taken)
            if taken < cents:
                payee.recoverable.append((due, reference, cents - taken))

    def _trace(self, key: str, at: datetime) -> str:
        return self.clocks.draws.digits(TRACE_DIGITS, "trace", self.payer.code, key, at.isoformat())


def _adjust(reason: str, reference: str, cents: int) -> ProviderAdjustment:
    return ProviderAdjustment(reason=reason, reference=reference, amount_cents=cents)


def check(decisions: Iterable[Decision]) -> None:
    """Refuse to send what does not add up; raises DoesNotBalance."""
    for decision in decisions:
        for line in decision.lines:
            if line.imbalance_cents:
                raise DoesNotBalance(
                    f"claim {decision.control_number} line {line.line.number} is off by {line.imbalance_cents} cents"
                )
