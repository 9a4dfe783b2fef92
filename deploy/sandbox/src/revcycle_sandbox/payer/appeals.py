"""Appeals: heard after weeks, decided on their merits, paid later by reversal and new decision."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from revcycle_sandbox.behaviour import AppealRule
from revcycle_sandbox.calendar import instant
from revcycle_sandbox.claims import LineDecision
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.payer.book import Record
from revcycle_sandbox.payer.merits import deserves
from revcycle_sandbox.payer.news import AppealLetter, News
from revcycle_sandbox.payer.office import Office

LETTER_HOUR: Final = 14


class AppealDesk:
    """Where letters to a payer arrive."""

    def __init__(self, office: Office, draws: Draws) -> None:
        self.office = office
        self.draws = draws

    def file(self, cover: dict[str, Any], at: datetime) -> Iterator[News]:
        """Take an appeal in; a letter about a claim that the payer does not have is dismissed."""
        record = self._find(cover)
        if record is None or record.decision is None:
            yield self._letter(cover, record, "dismissed", "no decided claim under this control number", 0, at)
            return
        rule = self._rule(record)
        records_only = all(line.refused_by in {"records", ""} for line in record.decision.lines)
        days = rule.decide_after_days if rule else self._days(record, records_only=records_only)
        due = instant(at.date() + timedelta(days=days), LETTER_HOUR)
        key = f"appeal|{self.office.payer.code}|{record.control_number}"
        self.office.agenda.at(due, key, lambda now: self._decide(cover, record, now))

    def _days(self, record: Record, *, records_only: bool) -> int:
        return self.office.clocks.appeal_days(record.control_number, records=records_only)

    def _find(self, cover: dict[str, Any]) -> Record | None:
        book = self.office.book
        number = str(cover.get("payer_claim_control_number") or "")
        if number in book.records:
            return book.records[number]
        known = book.by_patient_control.get(str(cover.get("patient_control_number", "")).upper(), [])
        return next((each for each in reversed(known) if each.decision is not None), None)

    def _rule(self, record: Record) -> AppealRule | None:
        carcs = {adjustment.carc for line in _refused(record) for adjustment in line.adjustments}
        return next((rule for rule in self.office.payer.behaviour.appeals if rule.carc in {"", *carcs}), None)

    def _decide(self, cover: dict[str, Any], record: Record, at: datetime) -> Iterator[News]:
        """Look at every refused line; what is overturned is decided again and paid on a later run."""
        refused = _refused(record)
        rule = self._rule(record)
        won = [line for line in refused if self._wins(record, line, rule, at)]
        due = at + timedelta(days=rule.pay_after_days if rule else self.draws.between(7, 21, record.control_number))
        expected = 0
        for line in won:
            self._open_gate(record, line)
        if won:
            expected = self._pay_again(record, at, due)
        outcome = "upheld" if not won else "overturned" if len(won) == len(refused) else "partly_overturned"
        reason = "the refusal stands" if not won else "the services will be paid"
        payment_by = due if won else None
        yield self._letter(cover, record, outcome, reason, expected, at, payment_by)

    def _wins(self, record: Record, line: LineDecision, rule: AppealRule | None, at: datetime) -> bool:
        if rule is not None:
            return rule.outcome == "overturned"
        return deserves(self.office.open(record, at.date()), line, self.draws)

    def _open_gate(self, record: Record, line: LineDecision) -> None:
        record.waived.add((line.refused_by, line.line.number))
        record.corrected = True

    def _pay_again(self, record: Record, at: datetime, due: datetime) -> int:
        """Decide again on the day of payment; the letter already says what to expect."""
        key = f"readjudicate|{self.office.payer.code}|{record.control_number}"
        self.office.agenda.at(due, key, lambda now: self._readjudicate(record, now))
        before = record.decision.paid_cents if record.decision else 0
        return max(0, self._preview(record, at) - before)

    def _preview(self, record: Record, at: datetime) -> int:
        before = record.decision
        self.office.book.undo(record)
        expected = self.office.preview(record, at.date()).paid_cents
        if before is not None:
            self.office.book.apply(record, before)
        return expected

    def _readjudicate(self, record: Record, at: datetime) -> Iterator[News]:
        yield from self.office.decide_again(record, at)

    def _letter(  # noqa: PLR0917 - a letter has these parts
        self,
        cover: dict[str, Any],
        record: Record | None,
        outcome: str,
        reason: str,
        expected: int,
        at: datetime,
        payment_by: datetime | None = None,
    ) -> AppealLetter:
        return AppealLetter(
            cover=cover,
            payer=self.office.payer.code,
            outcome=outcome,
            reason=reason,
            patient_control_number=record.claim.patient_control_number if record else "",
            control_number=record.control_number if record else "",
            expected_cents=expected,
            payment_due_by=payment_by.date() + timedelta(days=7) if payment_by else None,
            decided_on=at.date(),
        )


def _refused(record: Record) -> list[LineDecision]:
    lines = record.decision.lines if record.decision else ()
    return [line for line in lines if line.refused_by]
