"""The validation of what a reader reads: every chunk is checked as it passes, findings are bounded."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._reading.reader import Reader
from revcycle_x12._reading.watch import Watch
from revcycle_x12._syntax.envelope import Group, Interchange
from revcycle_x12._syntax.findings import Finding, Findings, Position, Severity, Snip
from revcycle_x12._syntax.limits import DEFAULT, Limits
from revcycle_x12._syntax.source import Source
from revcycle_x12.validate.control import check_gs, check_isa
from revcycle_x12.validate.duplicates import Duplicates
from revcycle_x12.validate.flat import check_flat
from revcycle_x12.validate.hierarchy import Hierarchy
from revcycle_x12.validate.problem import Problem
from revcycle_x12.validate.rules import Fault, Rule, RuleMaker
from revcycle_x12.validate.standard_rules import STANDARD_RULES
from revcycle_x12.validate.structure import loop_check_of

_LEVELS = frozenset({"ST", "HL"})


@dataclass(slots=True)
class TransactionResult:
    """What validation found of one transaction set. `ok`: it was validated, and there is no error."""

    set_id: str
    version: str
    guide: str
    control_number: str
    group: str
    findings: list[Finding] = field(default_factory=list)
    errors: int = 0

    @property
    def validated(self) -> bool:
        """There is a guide for it here; without one only its syntax was looked at."""
        return bool(self.guide)

    @property
    def ok(self) -> bool:
        return self.validated and self.errors == 0


@dataclass(slots=True)
class GroupResult:
    """What validation found of one functional group."""

    group: Group
    transactions: list[TransactionResult] = field(default_factory=list)


@dataclass(slots=True)
class InterchangeResult:
    """What validation found of one interchange."""

    interchange: Interchange
    groups: list[GroupResult] = field(default_factory=list)


class Validation(Watch):
    """
    Watches a reader. `snip` is the highest SNIP type to check (1 to 5); `payer_rules` come on top as type 7.

    Findings go to the reader's list, in the order of the text, and to the
    transaction's result.
    """

    def __init__(
        self,
        *,
        snip: int = Snip.CODE_SET,
        payer_rules: Sequence[RuleMaker] = (),
        limits: Limits = DEFAULT,
        keep_results: bool = True,
    ) -> None:
        self.snip = snip
        self.results: list[TransactionResult] = []
        self.interchanges: list[InterchangeResult] = []
        self._makers = (*STANDARD_RULES, Duplicates(limits.duplicates_max).rule, *payer_rules)
        self._keep = keep_results
        self._results_max = limits.results_max
        self._checking: _Checking | None = None
        self._not_validated = 0
        self._numbers: set[tuple[str, str, str]] = set()

    def report(self, reader: Reader) -> "Report":
        """Say what was found of everything that the reader has read."""
        found = reader.findings
        return Report(
            list(found),
            found.lost,
            found.errors,
            reader.interchange_count,
            self.results,
            self.interchanges,
            self._not_validated,
        )

    def interchange(self, interchange: Interchange, findings: Findings) -> None:
        """Note that an interchange begins."""
        if self._keep and len(self.interchanges) < self._results_max:
            self.interchanges.append(InterchangeResult(interchange))
        if self.snip >= Snip.REQUIREMENT:
            for finding in (*check_isa(interchange), *self._repeated(interchange)):
                interchange.faults.append(finding.code)
                findings.add(finding)

    def _repeated(self, interchange: Interchange) -> Iterator[Finding]:
        """Warn of a control number that an interchange before it had, between the same partners."""
        key = interchange.sender_id, interchange.receiver_id, interchange.control_number
        if key in self._numbers:
            message = f"ISA13 is {interchange.control_number}, as in an interchange before it in this source"
            fix = "give every interchange a number of its own"
            yield Finding(
                "interchange-duplicate",
                message,
                Snip.REQUIREMENT,
                Severity.WARNING,
                interchange.position,
                "ISA",
                "",
                "ISA13",
                fix,
            )
        elif len(self._numbers) < self._results_max:
            self._numbers.add(key)

    def group(self, group: Group, findings: Findings) -> None:
        """Note that a functional group begins."""
        for finding in check_gs(group):
            group.faults.append(finding.code)
            findings.add(finding)
        if self._keep and self.interchanges and len(self.interchanges[-1].groups) < self._results_max:
            self.interchanges[-1].groups.append(GroupResult(group))

    def begin(self, transaction: Transaction, findings: Findings) -> None:
        """Note that a transaction begins."""
        rules = [rule for make in self._makers if (rule := make(transaction)) is not None]
        result = TransactionResult(
            transaction.set_id,
            transaction.version,
            transaction.guide.version if transaction.guide is not None else "",
            transaction.control_number,
            transaction.group.control_number if transaction.group is not None else "",
        )
        self._not_validated += not result.validated
        if self._keep and len(self.results) < self._results_max:
            self.results.append(result)
            if transaction.group is not None and self.interchanges and self.interchanges[-1].groups:
                self.interchanges[-1].groups[-1].transactions.append(result)
        self._checking = _Checking(transaction, findings, result, rules, self.snip)

    def chunk(self, chunk: Chunk) -> None:
        """Give a chunk passes."""
        if self._checking is not None:
            self._checking.chunk(chunk)

    def fresh_findings(self) -> list[Finding]:
        """Give findings since this was last asked, of the transaction being read."""
        return self._checking.fresh() if self._checking is not None else []

    def end(self) -> None:
        """Note that the transaction is over."""
        if self._checking is not None:
            self._checking.end()
            self._checking = None


class _Checking:
    """The checks of one transaction."""

    def __init__(
        self, transaction: Transaction, findings: Findings, result: TransactionResult, rules: list[Rule], snip: int
    ) -> None:
        self.transaction = transaction
        self.findings = findings
        self.result = result
        self.rules = rules
        self.snip = snip
        self.at: Chunk | None = None
        self.levels: dict[str, Chunk] = {}
        """The last chunk of each level: rules may speak of one gone by."""
        self.numbers: dict[int, int] = {}
        self.hierarchy = Hierarchy(self._report)
        self.after = 0
        self.errors_before = findings.errors
        self.mark = len(findings)
        self.reported = self.mark
        self.unit = ""

    def chunk(self, chunk: Chunk) -> None:
        """Check one chunk: its segments, its loops, then the rules."""
        self.at = chunk
        self.numbers = {}
        self.unit = _unit_of(chunk.loop)
        if self.transaction.guide is None:
            check_flat(chunk, self.transaction.version, self._report)
            return
        self.hierarchy.chunk(chunk)
        check = loop_check_of(chunk.loop.spec)
        self.after = check.walk(chunk.loop, chunk.start, chunk.first, self._report)
        for rule in self.rules:
            self._take(rule.chunk(chunk))
        if chunk.opens and chunk.loop.spec.opener in _LEVELS:
            self.levels[chunk.loop.spec.id] = chunk

    def end(self) -> None:
        """Check what can only be said of the whole."""
        if self.transaction.guide is not None:
            self.hierarchy.end(self.after)
            root = self.transaction.loop
            loop_check_of(root.spec).finalize(root, self.after, self._report)
            for rule in self.rules:
                self._take(rule.end(self.transaction.loop))
        self.result.errors = self.findings.errors - self.errors_before
        self.result.findings = self.findings.since(self.mark)

    def fresh(self) -> list[Finding]:
        """Give findings since this was last asked."""
        found = self.findings.since(self.reported)
        self.reported += len(found)
        return found

    def _take(self, faults: Iterable[Fault]) -> None:
        for item in faults:
            elements = item.elements
            number, chunk = self._locate(elements) if elements is not None else (0, None)
            self._report(item.problem, item.loop, elements, number, at=chunk)

    def _locate(self, elements: Elements) -> tuple[int, Chunk | None]:
        """Give number of a segment in the set, and its chunk: the present one, or the last one of a level."""
        number = self._number(elements)
        if number:
            return number, None
        for chunk in self.levels.values():
            for place, item in enumerate(chunk.all_elements(), chunk.first):
                if item is elements:
                    return place, chunk
        return 0, None

    def _number(self, elements: Elements) -> int:
        """Give the number of a segment in the set, 0 where it stands in a chunk gone by."""
        chunk = self.at
        if chunk is None:
            return 0
        if not self.numbers:
            self.numbers = {id(item): number for number, item in enumerate(chunk.all_elements(), chunk.first)}
        return self.numbers.get(id(elements), 0)

    def _report(
        self,
        problem: Problem,
        loop: Loop,
        elements: Elements | None,
        number: int,
        at: Chunk | None = None,
    ) -> None:
        if problem.snip > self.snip and problem.snip is not Snip.PAYER:
            return
        if self.findings.is_full:
            self.findings.count(self._severity(problem))
            return
        chunk = at or self.at
        position = chunk.position(number) if chunk is not None and number >= chunk.first else Position(number)
        segment_id = elements[0] if elements is not None else problem.element[:3].rstrip("0123456789")
        finding = Finding(
            problem.code,
            problem.message,
            problem.snip,
            self._severity(problem),
            position,
            segment_id,
            loop.spec.id,
            problem.element,
            problem.fix,
            self.unit,
        )
        self.findings.add(finding)

    def _severity(self, problem: Problem) -> Severity:
        """Made-up NPIs are usual in test interchanges, and no error there."""
        if problem.code == "npi-check-digit" and self.transaction.interchange.is_test:
            return Severity.WARNING
        return problem.severity


def _unit_of(loop: Loop) -> str:
    """Give the control number of a claim (CLM01, CLP01), empty for other loops."""
    first = loop.content[0] if loop.content else None
    if isinstance(first, list) and first[0] in {"CLM", "CLP"} and len(first) > 1:
        return first[1]
    return ""


@dataclass(slots=True)
class Report:
    """What validation says of a whole source."""

    findings: list[Finding]
    lost: int
    """Findings beyond the limit, counted only."""
    errors: int
    interchanges: int
    transactions: list[TransactionResult]
    envelopes: list[InterchangeResult]
    not_validated: int
    """Transaction sets without a guide: nobody can say whether they are right."""

    @property
    def ok(self) -> bool:
        """There is an interchange, everything in it was validated, and there is no error."""
        return self.errors == 0 and self.interchanges > 0 and not self.not_validated


def validate(
    source: Source,
    *,
    snip: int = Snip.CODE_SET,
    payer_rules: Sequence[RuleMaker] = (),
    limits: Limits = DEFAULT,
) -> Report:
    """Read a source through and report what is wrong, by SNIP types up to `snip`, and by the payer's rules."""
    validation = Validation(snip=snip, payer_rules=payer_rules, limits=limits)
    reader = Reader(source, limits, watch=validation)
    for transaction in reader:
        transaction.skip()
    return validation.report(reader)
