"""A clearinghouse that answers as a test says."""

from collections.abc import Callable
from dataclasses import dataclass, field

from revcycle_kit.partners.kinds import Partner


@dataclass
class ScriptedClearinghouse(Partner):
    """Answers every interchange by a function; keeps the interchanges it was sent."""

    answer: Callable[[bytes], bytes] = lambda _: b""
    received: list[bytes] = field(default_factory=list)
    trouble: Exception | None = None
    """What goes wrong at each call, where anything does."""

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """Answer one interchange."""
        del key
        if self.trouble is not None:
            raise self.trouble
        self.received.append(interchange)
        return self.answer(interchange)
