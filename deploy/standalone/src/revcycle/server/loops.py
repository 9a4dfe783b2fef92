"""The loops of a running system beside those of its services: the world outside goes on."""

from revcycle.server.outside import Outside
from revcycle_kit.delivery.loops import WakeEvent, run_until_stopped


async def live(outside: Outside, wake: WakeEvent) -> None:
    """Let the world's time pass until stopped."""
    await run_until_stopped(wake, "sandbox", outside.turn)
