"""270, 276 and 278, answered at once."""

from datetime import datetime

from revcycle_sandbox.clearinghouse import Clearinghouse
from revcycle_sandbox.draws import Draws


class Realtime:
    """Answers inquiries."""

    def __init__(self, clearinghouse: Clearinghouse, draws: Draws, *, is_test: bool) -> None:
        self.clearinghouse = clearinghouse
        self.draws = draws
        self.is_test = is_test

    def answer(self, content: bytes, at: datetime) -> bytes:
        """Answer one interchange."""
        raise LookupError(f"no answer yet to {len(content)} bytes at {at}")
