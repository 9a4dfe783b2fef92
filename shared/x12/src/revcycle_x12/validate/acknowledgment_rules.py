"""Acknowledgments against themselves: a 277CA's statuses, levels and counts; a 999's verdicts (SNIP 3 to 5)."""

from collections.abc import Iterator
from dataclasses import dataclass

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.elements import format_cents
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12.validate.claim_balance import amount
from revcycle_x12.validate.rules import Fault, Rule, fault

_COMPOSITES = (1, 10, 11)
_REJECTIONS = frozenset({"A3", "A4", "A6", "A7", "A8"})
_ACCEPTANCES = frozenset({"A0", "A1", "A2", "A5"})
_LEVELS = {"2000B": ("2200B", "90", "AA"), "2000C": ("2200C", "QA", "QC")}
"""For each level its loop of totals, and the qualifiers of what was accepted and what was rejected there."""


@dataclass(slots=True)
class _Tally:
    """What a level of a 277CA states of its claims, and the claims that were seen below it."""

    totals: Loop
    accepted: str
    rejected: str
    count: int = 0
    rejected_count: int = 0
    cents: int = 0
    rejected_cents: int = 0


class ClaimAnswerRules:
    """What the statuses of a 277CA ask of each other."""

    def __init__(self) -> None:
        self._open: dict[str, _Tally] = {}

    def chunk(self, chunk: Chunk) -> Iterator[Fault]:
        level = chunk.loop
        if level.spec.id in _LEVELS:
            yield from self._close(level.spec.id)
            totals_id, accepted, rejected = _LEVELS[level.spec.id]
            totals = level.loop(totals_id)
            if totals is not None:
                self._open[level.spec.id] = _Tally(totals, accepted, rejected)
        for loop in level.walk():
            for elements in loop.lists("STC"):
                yield from _status(loop, elements)
            if loop.spec.id == "2200D":
                self._count(loop)

    def end(self, root: Loop) -> Iterator[Fault]:  # noqa: ARG002 (asked for by Rule)
        yield from self._close("2000B")

    def _count(self, claim: Loop) -> None:
        refused = any(_is_refused(loop, item) for loop in claim.walk() for item in loop.lists("STC"))
        cents = amount(claim.elements("STC"), 4) or 0
        for tally in self._open.values():
            if refused:
                tally.rejected_count += 1
                tally.rejected_cents += cents
            else:
                tally.count += 1
                tally.cents += cents

    def _close(self, level: str) -> Iterator[Fault]:
        """Compare what a level stated with what was seen. Totals of a receiver include those of its providers."""
        for inner in ("2000C", "2000B") if level == "2000B" else ("2000C",):
            tally = self._open.pop(inner, None)
            if tally is not None:
                yield from _compare(tally)


def _is_refused(loop: Loop, elements: Elements) -> bool:
    separator = loop.delimiters.component
    return any(_category(elements, place, separator) in _REJECTIONS for place in _COMPOSITES)


def _category(elements: Elements, place: int, separator: str) -> str:
    return elements[place].partition(separator)[0] if place < len(elements) else ""


def _status(loop: Loop, elements: Elements) -> Iterator[Fault]:
    """
    Ask for a category of acknowledgment, and an action that agrees with it.

    What became of a claim (P, F, R) is said in a 277, not in a 277CA (RFI 1942).
    """
    separator = loop.delimiters.component
    for place in _COMPOSITES:
        category = _category(elements, place, separator)
        if category and category[0] not in "AE":
            reference = f"STC{place:02d}-1"
            message = f"{reference} is {category}, which acknowledges nothing"
            fix = "send a category A, or E in real time; what becomes of a claim later is said in a 277"
            yield fault("status-category", message, loop, elements, reference, fix=fix, snip=Snip.CODE_SET)
    action = elements[3] if len(elements) > 3 else ""  # noqa: PLR2004 (STC03)
    refused = _is_refused(loop, elements)
    if (action == "WQ" and refused) or (
        action == "U" and _category(elements, 1, separator) in {"A0", "A1", "A2", "A5"}
    ):
        message = f"STC03 {action} does not agree with the category {_category(elements, 1, separator)}"
        yield fault("status-action", message, loop, elements, "STC03", fix="U rejects, WQ accepts", snip=Snip.SITUATION)


def _compare(tally: _Tally) -> Iterator[Fault]:
    totals = tally.totals
    if not tally.count and not tally.rejected_count:
        return
    status = totals.elements("STC", "U", at=3)
    if status is not None and tally.count:
        message = "STC03 U rejects everything below, but claims below are accepted"
        fix = "reject at this level only where the whole file is rejected (RFI 2145)"
        yield _warning("whole-rejected", message, totals, status, "STC03", fix=fix)
    counted = (
        (tally.accepted, tally.count, "YU", tally.cents),
        (tally.rejected, tally.rejected_count, "YY", tally.rejected_cents),
    )
    for quantity, count, money, cents in counted:
        stated = totals.elements("QTY", quantity)
        if stated is not None and len(stated) > 2 and stated[2] != str(count):  # noqa: PLR2004 (QTY02)
            message = f"QTY*{quantity} is {stated[2]}, there are {count} such claims"
            yield _warning("claim-count", message, totals, stated, "QTY02", fix=f"state {count}")
        sum_stated = totals.elements("AMT", money)
        if sum_stated is not None and amount(sum_stated, 2) not in {None, cents}:
            message = f"AMT*{money} is {sum_stated[2]}, such claims sum to {format_cents(cents)}"
            yield _warning("claim-sum", message, totals, sum_stated, "AMT02", fix=f"state {format_cents(cents)}")


def _warning(code: str, message: str, loop: Loop, elements: Elements, element: str, *, fix: str) -> Fault:
    return fault(code, message, loop, elements, element, fix=fix, severity=Severity.WARNING)


class GroupAnswerRules:
    """The verdict of a 999 on the group against its verdicts on the sets."""

    def __init__(self) -> None:
        self._answered = 0
        self._accepted = 0

    def chunk(self, chunk: Chunk) -> Iterator[Fault]:
        verdict = chunk.loop.elements("IK5") if chunk.loop.spec.id == "2000" else None
        if verdict is not None and len(verdict) > 1:
            self._answered += 1
            self._accepted += verdict[1] in {"A", "E"}
        return iter(())

    def end(self, root: Loop) -> Iterator[Fault]:
        group = root.elements("AK9")
        if group is None or not self._answered:
            return
        verdict, refused = group[1] if len(group) > 1 else "", self._answered - self._accepted
        wrong = (
            (verdict in {"A", "E"} and refused)
            or (verdict in {"M", "R", "W", "X"} and self._accepted)
            or (verdict == "P" and not refused)
        )
        if wrong:
            message = f"AK901 is {verdict}, but {self._accepted} of {self._answered} sets are accepted"
            fix = "A or E where all sets are accepted, P where some are, R where none is"
            yield fault("group-verdict", message, root, group, "AK901", fix=fix, snip=Snip.SITUATION)
        all_answered = len(group) > 4 and group[3] == str(self._answered)  # noqa: PLR2004 (AK904)
        if all_answered and group[4] != str(self._accepted):
            message = f"AK904 is {group[4]}, {self._accepted} sets are accepted"
            yield fault("accepted-count", message, root, group, "AK904", fix=f"write {self._accepted} in AK904")


def acknowledgment_rules(transaction: Transaction) -> Rule | None:
    """Give the rule for the 277CA and the 999."""
    guide = transaction.guide
    if guide is None:
        return None
    if guide.x_number == "X214":
        return ClaimAnswerRules()
    return GroupAnswerRules() if guide.set_id == "999" else None
