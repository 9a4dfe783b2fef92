"""The scripted carrier of letters."""

from dataclasses import dataclass, field

from revcycle_kit.partners.kinds import Partner


@dataclass(slots=True)
class ScriptedCarrier(Partner):
    """Keeps every letter that it was given, with its cover, by key."""

    sent: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    trouble: Exception | None = None
    """What goes wrong at each call, where anything does."""

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        """Take a letter."""
        if self.trouble is not None:
            raise self.trouble
        self.sent[key] = (letter_pdf, cover)
