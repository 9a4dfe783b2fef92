"""Days that pass."""

from datetime import timedelta

from revcycle_kit.testing.harness import Harness


class Days:
    """Lets days pass: `await days(3)`."""

    def __init__(self, harness: Harness) -> None:
        self._harness = harness

    async def __call__(self, count: int) -> None:
        """Let so many days pass, with all that comes due in them."""
        await self._harness.advance(self._harness.clock.now() + timedelta(days=count))
