"""Denials under test on real PostgreSQL: fed with the examples that it keeps in its publishers' trees."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from denials.domain.denial import Denial
from denials.service import build
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.testing.harness import Harness

SERVICES = Path(__file__).parents[3]
CLINIC = UUID("6b1f0d5c-2a11-8a10-9c01-000000000001")
ENCOUNTER = UUID("6b1f0d5c-2a11-8a10-9c02-000000000001")
ORGANIZATION = UUID("6b1f0d5c-2a11-8a10-9c06-000000000001")


@dataclass(slots=True)
class Post:
    """The scripted carrier: keeps what it was given."""

    sent: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        self.sent[key] = (letter_pdf, cover)


@dataclass(frozen=True, slots=True)
class Room:
    """The service with its directory known, and short words for what tests do."""

    harness: Harness
    post: Post
    clinic: UUID = CLINIC
    organization: UUID = ORGANIZATION

    async def hear(self, example: str, **changes: Any) -> None:
        """Let the service hear one of its examples: `claims/claim_adjudicated.no_authorization`."""
        source, _, name = example.partition("/")
        event, _, case = name.partition(".")
        path = SERVICES / source / "contracts" / "consumers" / "denials" / f"{event}.v1.{case}.json"
        await self.harness.hear_example(path, **changes)

    async def ask(self, command: Command) -> Any:
        """Let a command take effect on the encounter."""
        return await self.harness.command(command, self.encounter)

    @property
    def encounter(self) -> StreamRef:
        return StreamRef("clinic", CLINIC, "encounter", ENCOUNTER)

    async def denials(self) -> list[Denial]:
        """Return every denial, by id."""
        found: list[Denial] = await self.harness.documents("denial")
        return found

    async def said(self) -> list[str]:
        """Return the names of what was said of the encounter."""
        return await self.harness.said_names(ENCOUNTER)

    async def last(self, event: str) -> dict[str, Any]:
        """Return what the last event of that name said."""
        return [told for name, told in await self.harness.said() if name == event][-1]


@pytest.fixture
async def room(harness: Callable[..., Awaitable[Harness]]) -> Room:
    """Open the service on a fresh database; the directory has spoken."""
    post = Post()
    started = await harness(build(post), package="denials", start=datetime(2026, 3, 3, 15, tzinfo=UTC))
    made = Room(started, post)
    await made.hear("eligibility/payer_updated.commercial")
    await made.hear("eligibility/billing_entity_updated.billing_company")
    await made.hear("eligibility/clinic_updated.chicago")
    return made
