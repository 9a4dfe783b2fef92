"""A payer at work: takes claims in, decides them when their day comes, corrects, reverses, hears appeals."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from revcycle_sandbox.agenda import Agenda
from revcycle_sandbox.behaviour import Lost, Match, Repeated
from revcycle_sandbox.calendar import instant
from revcycle_sandbox.claims import Adjustment, Claim, Decision, Line, PriorDecision, reverse
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.payer.adjudicate import adjudicate, open_case
from revcycle_sandbox.payer.book import Book, Record
from revcycle_sandbox.payer.case import Case
from revcycle_sandbox.payer.clocks import DECIDE_HOUR, Clocks
from revcycle_sandbox.payer.door import payer_findings
from revcycle_sandbox.payer.mistakes import drawn_mistakes, stated_mistakes
from revcycle_sandbox.payer.news import Acknowledgment, ClaimStatus, Crossover, News
from revcycle_sandbox.payer.reviews import Reviews
from revcycle_sandbox.payer.treasury import Entry, Treasury
from revcycle_sandbox.world import Payer, Plan

CONTROL_DIGITS: Final = 13
VOID: Final = "8"


class Office:
    """One payer. Everything it does later stands on the agenda."""

    def __init__(self, payer: Payer, plans: dict[str, Plan], agenda: Agenda, draws: Draws, *, unknown: bool) -> None:
        self.payer = payer
        self.agenda = agenda
        self.draws = draws
        self.book = Book(payer, plans, enroll_unknown=unknown)
        self.clocks = Clocks(payer.code, payer.behaviour, draws)
        self.treasury = Treasury(payer, self.clocks, agenda)
        self.billing: frozenset[str] = frozenset()
        self.rendering: frozenset[str] = frozenset()
        self.reviews = Reviews(self.book)
        self._met: dict[Match, int] = defaultdict(int)

    # -- the front door -------------------------------------------------------------------

    def receive(self, claims: Iterable[Claim], received_at: datetime, key: str) -> None:
        """Take the claims of one file in; the payer's 277CA follows on its own clock."""
        statuses = tuple(answered for claim in claims for answered in self._admit(claim, received_at))
        if statuses and not self.clocks.acknowledgment_lost(key):
            due = self.clocks.acknowledged_at(received_at, key)
            news = AcknowledgmentDue(self.payer, "payer", key, statuses)
            self.agenda.at(due, f"277CA|{self.payer.code}|{key}", news)

    def _admit(self, claim: Claim, received_at: datetime) -> Iterator[tuple[Claim, tuple[ClaimStatus, ...]]]:
        """Take a claim in, or turn it away; one that is split (A5) goes on under several control numbers."""
        findings = payer_findings(claim, self.book, self.billing, self.rendering)
        if findings:
            yield claim, findings
            return
        parts = self._split(claim)
        for part in parts:
            record = self._file(part, received_at)
            self._start(record)
            category = "A2" if len(parts) == 1 else "A5"
            number = record.control_number
            yield part, (ClaimStatus(category=category, status="20", entity="PR", control_number=number),)
        accepted = (claim.person, claim.billing_npi, claim.service_on)
        self.book.accepted.setdefault(accepted, received_at)

    def _split(self, claim: Claim) -> list[Claim]:
        """Split the first line from the others, in the few claims that this payer's system splits."""
        share = self.payer.behaviour.faults.claim_split
        number = claim.patient_control_number.upper()
        whole = len(claim.lines) == 1 or claim.frequency != "1" or claim.coordinated
        if whole or not self.draws.chance(share, "split", self.payer.code, number):
            return [claim]
        return [_part(claim, claim.lines[:1]), _part(claim, claim.lines[1:])]

    def _start(self, record: Record) -> None:
        """Let a claim go its way: rules that it meets, the day of its decision, a second copy by mistake."""
        self._count_rules(record)
        if not any(isinstance(rule, Lost) for rule in record.rules):
            self._schedule(record)
        self._repeat(record)

    def _file(self, claim: Claim, received_at: datetime) -> Record:
        earlier = self.book.by_patient_control[claim.patient_control_number.upper()]
        nth = len(earlier) + 1
        number = self.draws.digits(
            CONTROL_DIGITS, "control", self.payer.code, claim.patient_control_number.upper(), claim.rank, str(nth)
        )
        record = Record(claim=claim, control_number=number, received_at=received_at, nth=nth)
        if claim.frequency in {"7", VOID}:
            record.replaces = self.book.records.get(claim.payer_control_number)
        self.book.records[number] = record
        earlier.append(record)
        return record

    def _count_rules(self, record: Record) -> None:
        habits = self.payer.behaviour
        met = []
        for rule in (*habits.mistakes, *habits.unbalanced, *habits.repeated, *habits.lost):
            if _meets(rule, record.claim):
                self._met[rule] += 1
                if rule.nth in {0, self._met[rule]}:
                    met.append(rule)
        record.rules = tuple(met)

    def _repeat(self, record: Record) -> None:
        """Let the clearinghouse hand the claim over twice, where a rule says so."""
        for rule in record.rules:
            if isinstance(rule, Repeated) and record.nth == 1:
                again = record.received_at + timedelta(days=rule.after_days)
                key = f"repeat|{self.payer.code}|{record.control_number}"
                self.agenda.at(again, key, lambda at: self._receive_again(record, at))

    def _receive_again(self, record: Record, at: datetime) -> Iterator[News]:
        self.receive([record.claim], at, f"{record.control_number} again")
        return iter(())

    # -- decisions ------------------------------------------------------------------------

    def _schedule(self, record: Record) -> None:
        received_on = record.received_at.date()
        on = self.clocks.decided_on(received_on, record.control_number)
        due = max(instant(on, DECIDE_HOUR), record.received_at)
        key = f"decide|{self.payer.code}|{record.received_at.isoformat()}|{record.control_number}"
        self.agenda.at(due, key, lambda at: self._decide(record, at))

    def _decide(self, record: Record, at: datetime) -> Iterator[News]:
        """Decide a claim on its day, with what the payer then knows."""
        if record.closed:
            return
        run_at = self.clocks.run_at(at.date(), record.received_at.date())
        original, reversal = record.replaces, None
        if original is not None:
            reversal = self._withdraw(original, at.date())
        if record.claim.frequency == VOID:
            record.closed = True
            if reversal is not None and original is not None:
                self.treasury.pay([Entry(reversal, None, original, -reversal.paid_cents)], run_at)
            return
        decision = self._adjudicate(record, at.date())
        self.book.apply(record, decision)
        self._put_on_run(record, decision, reversal, run_at)
        yield from self._afterwards(record, decision, run_at)

    def _withdraw(self, original: Record, on: date) -> Decision | None:
        """Take the decision on a replaced or voided claim back; one not decided yet never will be."""
        before = original.decision
        self.book.undo(original)
        original.closed = True
        return reverse(before, on) if before is not None else None

    def _adjudicate(self, record: Record, on: date) -> Decision:
        case = self.open(record, on)
        case.records_wanted = self._wants_records(record)
        if not record.corrected and record.claim.frequency == "1" and not record.claim.coordinated:
            case.mistakes = stated_mistakes(record) or drawn_mistakes(case, self.draws)
        return adjudicate(case)

    def preview(self, record: Record, on: date) -> Decision:
        """Tell what the decision would be today; nothing counts."""
        return self._adjudicate(record, on)

    def next_run(self, at: datetime) -> datetime:
        """Give the check run for a decision that is not bound to a receipt; the run of this noon may be over."""
        long_ago = at.date() - timedelta(days=365)
        run_at = self.clocks.run_at(at.date(), long_ago)
        return run_at if run_at > at else self.clocks.run_at(at.date() + timedelta(days=1), long_ago)

    def open(self, record: Record, on: date) -> Case:
        """Lay a claim on the desk."""
        return open_case(self.book, record, on)

    def _wants_records(self, record: Record) -> bool:
        claim, share = record.claim, self.payer.behaviour.records_wanted
        if not share or claim.coordinated or claim.frequency != "1":
            return False
        return self.draws.chance(share, "records wanted", self.payer.code, claim.person, str(claim.service_on))

    def _put_on_run(self, record: Record, decision: Decision, reversal: Decision | None, run_at: datetime) -> None:
        entry = Entry(decision, reversal, record)
        taken_back = -(decision.paid_cents + (reversal.paid_cents if reversal else 0))
        if reversal is not None and taken_back > 0:
            entry.put_off_cents = taken_back
        self.treasury.pay([entry], run_at)

    def _afterwards(self, record: Record, decision: Decision, run_at: datetime) -> Iterator[News]:
        """Plan what follows from a decision: the payer's own correction, the next payer."""
        case = self.open(record, decision.decided_on)
        if not record.corrected and record.claim.frequency == "1" and not record.claim.coordinated:
            mistakes = stated_mistakes(record) or drawn_mistakes(case, self.draws)
            days = [
                mistake.corrected_after_days
                for mistake in mistakes.values()
                if mistake.corrected_after_days is not None
            ]
            if days:
                self._correct_later(record, run_at + timedelta(days=min(days)))
        yield from self._forward(record, decision, run_at)

    def _forward(self, record: Record, decision: Decision, run_at: datetime) -> Iterator[News]:
        """Hand the claim on to the next payer, where the decision says so."""
        if decision.forwarded_to:
            record.forwarded = True
            claim = forwarded_claim(self.open(record, decision.decided_on), decision, run_at.date())
            yield Crossover(payer=decision.forwarded_to, claim=claim, paid_at=run_at)

    def _correct_later(self, record: Record, at: datetime) -> None:
        due = instant(at.date(), DECIDE_HOUR)
        self.agenda.at(due, f"correct|{self.payer.code}|{record.control_number}", lambda now: self.correct(record, now))

    def correct(self, record: Record, at: datetime) -> Iterator[News]:
        """Decide again without the mistake; what changed goes out as reversal and new decision."""
        record.corrected = True
        yield from self.decide_again(record, at)

    def decide_again(self, record: Record, at: datetime) -> Iterator[News]:
        """Replace the decision in force by a new one, and forward it; nothing where nothing changes or stands."""
        before = record.decision
        if before is None or record.closed:
            return
        self.book.undo(record)
        after = self._adjudicate(record, at.date())
        same = [(line.paid_cents, line.adjustments) for line in before.lines]
        if same == [(line.paid_cents, line.adjustments) for line in after.lines]:
            self.book.apply(record, before)
            return
        self.book.apply(record, after)
        run_at = self.next_run(at)
        self._put_on_run(record, after, reverse(before, at.date()), run_at)
        yield from self._forward(record, after, run_at)

    # -- crossover ------------------------------------------------------------------------

    def receive_crossover(self, news: Crossover) -> None:
        """Take over what another payer forwarded: no acknowledgment, its own days."""
        record = self._file(news.claim, news.paid_at)
        days = self.clocks.crossover_days(record.control_number)
        due = instant(news.paid_at.date() + timedelta(days=days), DECIDE_HOUR)
        key = f"decide|{self.payer.code}|{record.control_number}"
        self.agenda.at(due, key, lambda at: self._decide_crossover(record, at))

    def _decide_crossover(self, record: Record, at: datetime) -> Iterator[News]:
        decision = self._adjudicate(record, at.date())
        self.book.apply(record, decision)
        run_at = self.next_run(at)
        self._put_on_run(record, decision, None, run_at)
        return iter(())


class AcknowledgmentDue:
    """Gives the 277CA when its time comes."""

    def __init__(
        self, payer: Payer, level: str, key: str, claims: tuple[tuple[Claim, tuple[ClaimStatus, ...]], ...]
    ) -> None:
        self.payer, self.level, self.key, self.claims = payer, level, key, claims

    def __call__(self, at: datetime) -> Iterator[News]:
        yield Acknowledgment(
            level=self.level,
            payer=self.payer.code,
            payer_name=self.payer.name,
            submitter=self.claims[0][0].submitter,
            key=self.key,
            claims=self.claims,
            at=at,
        )


def _part(claim: Claim, lines: tuple[Line, ...]) -> Claim:
    return msgspec.structs.replace(claim, lines=lines, charge_cents=sum(line.charge_cents for line in lines))


def _meets(rule: Match, claim: Claim) -> bool:
    """Compare a rule's member, code and kind with a claim. Corrections and later payers' claims meet none."""
    if claim.frequency != "1" or claim.coordinated:
        return False
    codes = {line.code for line in claim.lines} | {line.revenue_code for line in claim.lines}
    return rule.member_id in ("", claim.member_id) and rule.code in ({""} | codes) and rule.kind in ("", claim.kind)


def forwarded_claim(case: Case, decision: Decision, paid_on: date) -> Claim:
    """Write the claim as the next payer gets it: with this payer's decision on every line."""
    member, claim = case.member, decision.claim
    lines = tuple(
        msgspec.structs.replace(line.line, prior=(_prior(case.payer.code, line.paid_cents, line.adjustments, paid_on),))
        for line in decision.lines
    )
    return msgspec.structs.replace(
        claim,
        payer=decision.forwarded_to,
        member_id=member.crossover_member_id if member else claim.member_id,
        rank="S" if claim.rank == "P" else "T",
        frequency="1",
        payer_control_number="",
        lines=lines,
    )


def _prior(payer: str, paid: int, adjustments: tuple[Adjustment, ...], on: date) -> PriorDecision:
    return PriorDecision(payer=payer, paid_cents=paid, adjustments=adjustments, decided_on=on)
