"""A mail partner that keeps what it is given."""

import json
from typing import Any

from revcycle_kit.partners.kinds import Partner


class ScriptedMail(Partner):
    """Keeps every letter, once per key."""

    def __init__(self) -> None:
        self.letters: dict[str, tuple[bytes, dict[str, Any]]] = {}
        self.trouble: Exception | None = None
        """What goes wrong at each call, where anything does."""

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        """Keep the letter."""
        if self.trouble is not None:
            raise self.trouble
        self.letters.setdefault(key, (document, json.loads(cover)))

    @property
    def covers(self) -> list[dict[str, Any]]:
        return [cover for _, cover in self.letters.values()]
