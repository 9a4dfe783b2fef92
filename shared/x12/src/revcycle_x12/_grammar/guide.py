"""A guide: one transaction set as one implementation guide restricts it."""

from dataclasses import dataclass, field
from functools import cached_property

from revcycle_x12._grammar.matcher import compile_guide
from revcycle_x12._grammar.notation import parse_guide
from revcycle_x12._grammar.spec import LoopSpec


@dataclass(frozen=True)
class Situation:
    """
    A situational rule, as data: in `loop`, when `when` holds, `then` must hold too.

    Both are conditions of the small language of `validate.situations`.
    """

    code: str
    loop: str
    when: str
    then: str
    message: str
    fix: str = ""
    severity: str = "error"


@dataclass(frozen=True)
class Guide:
    """
    One implementation guide as data.

    `version` is what ST03 and GS08 say; guides are matched on its X number
    (`x_number`), so that an earlier addendum can be read. `bht02` tells
    apart guides that share set and number (278 request and response).
    """

    set_id: str
    version: str
    name: str
    functional_id: str
    table: str
    has_st03: bool = True
    bht02: frozenset[str] = frozenset()
    situations: tuple[Situation, ...] = ()
    accepted_versions: frozenset[str] = field(default_factory=frozenset)
    """Other addenda of the same guide that are as good."""
    earlier_versions: frozenset[str] = field(default_factory=frozenset)
    """What this one replaced: read with a warning. Any other version is not the guide's."""

    @property
    def x_number(self) -> str:
        return self.version[6:10]

    @cached_property
    def root(self) -> LoopSpec:
        """The loop that is the whole transaction set, compiled."""
        root = parse_guide(self.table)
        root.name = self.name
        compile_guide(root)
        return root

    def loop(self, path: str) -> LoopSpec:
        """
        Find a loop by its path of ids from the root, `2000A/2010AA`, or by an id that is unique enough.

        Raises KeyError.
        """
        spec = self.root
        for loop_id in filter(None, path.split("/")):
            spec = spec.loop(loop_id)
        return spec
