"""A transaction set against its group: the guide they name, and the kind of group (SNIP 2)."""

from collections.abc import Iterator

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12.validate.rules import Fault, Rule, fault


class EnvelopeRules:
    """ST03, GS08 and GS01 against the guide the set was read by."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def chunk(self, chunk: Chunk) -> Iterator[Fault]:
        guide, group = self._transaction.guide, self._transaction.group
        if chunk.first != 1 or guide is None or group is None:
            return
        head = chunk.loop.elements("ST")
        if guide.functional_id and group.functional_id != guide.functional_id:
            message = (
                f"GS01 is {group.functional_id or 'empty'}, a {guide.set_id} goes in a group {guide.functional_id}"
            )
            yield _fault("group-functional-id", message, chunk.loop, head, "ST01")
        yield from self._version(chunk.loop, head)

    def _version(self, loop: Loop, head: Elements | None) -> Iterator[Fault]:
        guide, group = self._transaction.guide, self._transaction.group
        if guide is None or group is None:
            return
        stated = self._transaction.version.strip()
        message = f"the set names {stated or 'no guide'}; it is read by {guide.version}"
        if stated in guide.earlier_versions:
            yield _fault("guide-addendum", message, loop, head, "ST03", severity=Severity.WARNING)
        elif stated not in {guide.version, *guide.accepted_versions}:
            yield _fault("guide-unknown", message, loop, head, "ST03")
        named = head[3].strip() if head is not None and len(head) > 3 else ""  # noqa: PLR2004 (ST03)
        if guide.has_st03 and named and group.version and named != group.version:
            message = f"ST03 is {named}, GS08 is {group.version}"
            yield _fault("guide-mismatch", message, loop, head, "ST03", severity=Severity.WARNING)

    def end(self, root: Loop) -> Iterator[Fault]:  # noqa: ARG002 (nothing is said of the whole)
        return iter(())


def _fault(
    code: str, message: str, loop: Loop, elements: Elements | None, element: str, *, severity: Severity = Severity.ERROR
) -> Fault:
    return fault(code, message, loop, elements, element, snip=Snip.REQUIREMENT, severity=severity)


def envelope_rules(transaction: Transaction) -> Rule | None:
    """Give the rule for every guide."""
    return EnvelopeRules(transaction) if transaction.guide is not None else None
