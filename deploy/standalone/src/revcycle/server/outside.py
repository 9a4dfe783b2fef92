"""
The world outside as a system has it: a sandbox, its mailbox, and what it sends, brought until it is taken.

One and the same for the demonstration, journeys, `up` and Compose. Who drives it supplies the time: one turn lets the
sandbox take its inbox in, picks files up at its mailbox, and brings what came to the services.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import httpx
import msgspec

from revcycle.server.redelivery import Deliver, Redelivery
from revcycle.server.x12_names import transaction_set
from revcycle_sandbox import FolderDoor, Parcel, SandboxProgram

ADDRESS = "http://sandbox"


class Outside:
    """The sandbox and what is brought from it; made by `opened_outside`."""

    def __init__(
        self,
        program: SandboxProgram,
        mailbox: httpx.AsyncClient,
        deliver: Mapping[str, Deliver],
        now: Callable[[], datetime],
        *,
        at_every_turn: bool,
        folder: FolderDoor | None,
    ) -> None:
        self.program = program
        self.deliver: dict[str, Deliver] = dict(deliver)
        """Who takes what comes, by channel."""
        self.redelivery = Redelivery(self.deliver, now, at_every_turn=at_every_turn)
        self._mailbox = mailbox
        self._folder = folder

    async def turn(self) -> bool:
        """Let the sandbox take its inbox in, and bring what came; True when a service took anything."""
        if self._folder is not None:
            self._folder.poll()
        self.program.step()
        if self._folder is None:
            await self._pick_up()
        for number, parcel in self.program.outgoing.items():
            self.redelivery.add(f"{number:08}", parcel)
        taken = await self.redelivery.round()
        for key in taken:
            if key.isdigit():
                self.program.delivered(int(key))
            else:
                (await self._mailbox.post(f"/mailbox/{key}/archive")).raise_for_status()
        return bool(taken)

    def next_due(self) -> datetime | None:
        """Return when the sandbox acts by itself."""
        return self.program.next_due

    def ask_front_desk(self, question: Mapping[str, Any]) -> None:
        """Ask the front desk or the clinician something; the answer comes on the channel `answer`."""
        content, key = msgspec.json.encode(question), str(question["question_id"])
        self.program.take(
            Parcel(channel="question", sender="REVCYCLE", receiver="SANDBOX", content=content, meta={"key": key})
        )

    def rejections(self) -> list[str]:
        """Say what services rejected, each in a line without contents."""
        rejected = self.redelivery.kept("rejected")
        return [f"{kept.service} {kept.parcel.channel}: {kept.status} {kept.reason}" for kept in rejected]

    async def _pick_up(self) -> None:
        """Fetch the files that are new in the mailbox; they stay there until claims has them."""
        listed = (await self._mailbox.get("/mailbox")).raise_for_status().json()["files"]
        for file in listed:
            name = file["name"]
            if name not in self.redelivery:
                content = (await self._mailbox.get(f"/mailbox/{name}")).raise_for_status().content
                meta = {"set": transaction_set(content)}
                parcel = Parcel(
                    channel="x12.batch", sender="CLEARINGHOUSE", receiver="", content=content, name=name, meta=meta
                )
                self.redelivery.add(name, parcel)


@asynccontextmanager
async def opened_outside(
    program: SandboxProgram,
    partners: httpx.AsyncBaseTransport,
    deliver: Mapping[str, Deliver],
    now: Callable[[], datetime],
    *,
    at_every_turn: bool = False,
    folder: FolderDoor | None = None,
) -> AsyncIterator[Outside]:
    """
    Open the mailbox and what leads to the services.

    `at_every_turn`: what was not taken is brought again with every turn, instead of after a pause.
    With a `folder` files go in and out there, and whoever reaches it picks them up.
    """
    async with httpx.AsyncClient(transport=partners, base_url=ADDRESS) as mailbox:
        yield Outside(program, mailbox, deliver, now, at_every_turn=at_every_turn, folder=folder)
