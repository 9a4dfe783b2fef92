"""The envelopes that are open where reading stands."""

from collections.abc import Iterator

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements
from revcycle_x12._reading.watch import Watch
from revcycle_x12._syntax.envelope import Group, Interchange
from revcycle_x12._syntax.findings import Findings


class OpenEnvelopes:
    """The interchange and group now open, and what was found. Whoever watches hears when one begins and ends."""

    def __init__(self, findings: Findings, watch: Watch) -> None:
        self.findings = findings
        self.watch = watch
        self.interchange: Interchange | None = None
        self.group: Group | None = None
        self.interchange_count = 0
        self.events: Iterator[Chunk | Transaction] = iter(())
        """Where transactions that are handed out take their chunks from."""

    def begin_interchange(self, interchange: Interchange) -> None:
        """Note that an ISA was read."""
        self.interchange = interchange
        self.interchange_count += 1
        self.watch.interchange(interchange, self.findings)

    def end_interchange(self, trailer: Elements | None) -> None:
        """Note that the interchange is over."""
        interchange, self.interchange = self.interchange, None
        if interchange is not None:
            interchange.trailer = trailer or []
            self.watch.interchange_ends(interchange)

    def begin_group(self, group: Group) -> None:
        """Note that a GS was read."""
        self.group = group
        self.watch.group(group, self.findings)

    def end_group(self, group: Group) -> None:
        """Note that a group is over."""
        self.group = None
        self.watch.group_ends(group)
