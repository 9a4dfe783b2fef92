"""
Situational rules (SNIP 4) as guides state them: in a loop, when one condition holds, another must.

A condition is one or more terms joined by ` and `. A term is a path, alone (it has
a value) or with `=A,B` (its value is one of these) or `!=A,B` (it has another
value); `not` before it turns it round. Paths are those of `fields`: `CLM05-3`,
`REF[F8]02`, `REF[F8]` (the segment), `2010BA/DMG02`; a loop's id ending in `/` is
the child loop itself; `HI[ABJ]` is a code under that qualifier; and `^2000B/` in front starts from that loop above.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from revcycle_x12._grammar.guide import Guide, Situation
from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.errors import GuideError
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12._views.fields import Path
from revcycle_x12._views.health_codes import read_codes
from revcycle_x12.validate.rules import Fault, Rule, fault

Condition = Callable[[Loop], bool]
_TERM = re.compile(r"(?P<not>not )?(?:\^(?P<above>\w+)/)?(?P<path>[^=!\s]+)(?:(?P<op>!?=)(?P<values>\S+))?\Z")


def compile_condition(text: str) -> Condition:
    """Compile a condition. Raises GuideError."""
    terms = [_term(term) for term in text.split(" and ")]
    if len(terms) == 1:
        return terms[0]
    return lambda loop: all(term(loop) for term in terms)


def _term(text: str) -> Condition:
    found = _TERM.match(text)
    if not found:
        raise GuideError(f"condition not understood: {text!r}")
    holds = _valued(_value(found["path"]), found["op"], frozenset((found["values"] or "").split(",")))
    if found["above"]:
        holds = _above(found["above"], holds)
    return (lambda loop: not holds(loop)) if found["not"] else holds


def _value(text: str) -> Callable[[Loop], str]:
    """Tell what a path gives: an element's text, or a mark that the segment or loop is there."""
    if text.endswith("/"):
        loop_id = text[:-1]
        return lambda loop: "1" if loop.loop(loop_id) is not None else ""
    path = Path(text)
    if path.segment == "HI":
        return lambda loop: "1" if read_codes(loop, path.codes) else ""
    if path.element:
        return path.read
    return lambda loop: "1" if path.find(loop) is not None else ""


def _valued(value: Callable[[Loop], str], operator: str | None, values: frozenset[str]) -> Condition:
    if operator == "=":
        return lambda loop: value(loop) in values
    if operator == "!=":
        return lambda loop: (found := value(loop)) != "" and found not in values
    return lambda loop: value(loop) != ""


def _above(loop_id: str, holds: Condition) -> Condition:
    def holds_above(loop: Loop) -> bool:
        above = loop.ancestor(loop_id)
        return above is not None and holds(above)

    return holds_above


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A situation ready to be asked."""

    situation: Situation
    when: Condition
    then: Condition
    segment: str
    element: str


class Situations:
    """The situational rules of one guide."""

    def __init__(self, guide: Guide) -> None:
        self._of_loop: dict[str, list[_Compiled]] = {}
        for situation in guide.situations:
            self._of_loop.setdefault(situation.loop, []).append(_compiled(situation))
        self._on_the_way = {
            loop.id for loop in guide.root.walk() if any(inner.id in self._of_loop for inner in loop.walk())
        }
        """Loops that have rules, or rules somewhere below: the others are not looked into."""

    def chunk(self, chunk: Chunk) -> Iterator[Fault]:
        loop = chunk.loop
        if chunk.opens:
            yield from self._within(loop)
        else:
            for item in loop.content[chunk.start :]:
                if isinstance(item, Loop):
                    yield from self._within(item)

    def end(self, root: Loop) -> Iterator[Fault]:  # noqa: ARG002 (nothing is said of the whole)
        return iter(())

    def _within(self, loop: Loop) -> Iterator[Fault]:
        for rule in self._of_loop.get(loop.spec.id, ()):
            if rule.when(loop) and not rule.then(loop):
                yield _fault(rule, loop)
        for item in loop.content:
            if item.__class__ is not list and item.spec.id in self._on_the_way:  # type: ignore[union-attr]
                item.parent = loop  # type: ignore[union-attr]
                yield from self._within(item)  # type: ignore[arg-type]


def _compiled(situation: Situation) -> _Compiled:
    asked = re.sub(r"^not |[!=].*$| and .*$", "", situation.then).rsplit("/", 1)[-1]
    element = re.sub(r"\[.*\]", "", asked)
    segment = element.rstrip("0123456789-") if element[-1:].isdecimal() and len(element) > 3 else element  # noqa: PLR2004
    return _Compiled(situation, compile_condition(situation.when), compile_condition(situation.then), segment, element)


def _fault(rule: _Compiled, loop: Loop) -> Fault:
    found: Elements | None = loop.elements(rule.segment) if rule.segment else None
    first = loop.content[0] if loop.content else None
    elements = found if found is not None else first if isinstance(first, list) else None
    situation = rule.situation
    return fault(
        situation.code,
        situation.message,
        loop,
        elements,
        rule.element,
        fix=situation.fix,
        snip=Snip.SITUATION,
        severity=Severity(situation.severity),
    )


_by_guide: dict[int, Situations] = {}


def situations(transaction: Transaction) -> Rule | None:
    """Give the rule for guides that state situations."""
    guide = transaction.guide
    if guide is None or not guide.situations:
        return None
    found = _by_guide.get(id(guide))
    if found is None:
        found = _by_guide[id(guide)] = Situations(guide)
    return found
