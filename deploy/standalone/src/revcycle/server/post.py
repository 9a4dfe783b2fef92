"""
Post: carries parcels between the services and the sandbox, in both directions.

Towards the sandbox it stands where the live partners would: clearinghouse, correspondence, letter shop. From the
sandbox it brings EHR messages over MLLP and HTTP, files, deposits, payments and letters to the services' own doors.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from revcycle.server.keyed_concurrency import in_turns
from revcycle.server.outside import Outside
from revcycle_kit.clock import Clock
from revcycle_kit.errors import Unavailable
from revcycle_sandbox import Parcel

US = "REVCYCLE"
Deliver = Callable[[Parcel], Awaitable[None]]


class Ledger:
    """What is known of visits on both sides: the EHR's numbers and our ids."""

    def __init__(self) -> None:
        self.visit_of: dict[UUID, str] = {}
        self.encounter_of: dict[str, UUID] = {}
        self.entity_code_of: dict[str, str] = {}

    def pair(self, visit_number: str, encounter_id: UUID) -> None:
        """Remember that a visit and an encounter are the same."""
        self.visit_of[encounter_id] = visit_number
        self.encounter_of[visit_number] = encounter_id


class Post:
    """The partners' place, taken by the sandbox; see the module."""

    def __init__(self, outside: Outside, clock: Clock, pairs: Ledger, edi: Path | None = None) -> None:
        self._outside = outside
        self._clock = clock
        self._pairs = pairs
        self._edi = edi
        self._kept = 0
        self._to_sandbox: list[Parcel] = []
        self._from_sandbox: list[Parcel] = []
        self._next_due: datetime | None = outside.start_at
        self.doors: dict[str, Deliver] = {}
        """Who takes what comes, by channel."""
        self.problems: list[dict[str, Any]] = []
        """What the sandbox could not use."""

    # where the partners would stand

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """Answer a 270, 276 or 278 at once."""
        self._keep(interchange, "realtime")
        asked = Parcel(channel="x12.realtime", sender=US, receiver="SANDBOX", content=interchange, meta={"key": key})
        parcels = await self._exchange([asked])
        answers = [parcel for parcel in parcels if parcel.meta.get("in_reply_to") == key]
        self._from_sandbox += [parcel for parcel in parcels if parcel not in answers]
        if not answers or answers[0].channel == "problem":
            raise Unavailable("an answer of the clearinghouse")
        self._keep(answers[0].content, "realtime")
        return answers[0].content

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        """Take a claim file."""
        self._keep(interchange, "batch")
        parcel = Parcel(
            channel="x12.batch", sender=US, receiver="SANDBOX", content=interchange, name=name, meta={"key": key}
        )
        self._to_sandbox.append(parcel)

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        """Take an appeal: the payer's side reads the cover sheet."""
        del letter_pdf
        self._to_sandbox.append(
            Parcel(channel="appeal", sender=US, receiver="SANDBOX", content=cover, meta={"key": key})
        )

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        """Take a letter to a guarantor; only statements move a patient to pay."""
        del document
        told = msgspec.json.decode(cover)
        if told.get("document") != "statement":
            return
        visits = [self._pairs.visit_of.get(UUID(each), "") for each in told["encounter_ids"]]
        statement = {
            "account_id": told["account_id"],
            "statement_id": told["statement_id"],
            "number": told["number"],
            "balance_cents": told["balance_cents"],
            "billing_entity": self._pairs.entity_code_of.get(told["billing_entity_id"], ""),
            "guarantor": told["account_id"],
            "visit_numbers": [visit for visit in visits if visit],
        }
        content = msgspec.json.encode(statement)
        self._to_sandbox.append(
            Parcel(channel="statement", sender=US, receiver="SANDBOX", content=content, meta={"key": key})
        )

    def question(self, asked: dict[str, Any]) -> None:
        """Ask the front desk or the clinician something; the answer comes to the door `answer`."""
        self._to_sandbox.append(
            Parcel(channel="question", sender=US, receiver="SANDBOX", content=msgspec.json.encode(asked))
        )

    # the world's turn

    async def step(self) -> bool:
        """Exchange parcels and bring what came; True when anything was exchanged."""
        exchanged = await self.exchange()
        return await self.bring() or exchanged

    async def exchange(self) -> bool:
        """Hand over what the services gave us, and fetch what comes by itself; True when anything was exchanged."""
        going, self._to_sandbox = self._to_sandbox, []
        if not going and (self._next_due is None or self._next_due > self._clock.now()):
            return False
        self._from_sandbox += await self._exchange(going)
        return True

    async def bring(self) -> bool:
        """Bring what came to its doors; True when there was anything."""
        coming, self._from_sandbox = self._from_sandbox, []
        await self._bring(coming)
        return bool(coming)

    def next_due(self) -> datetime | None:
        """Return when the sandbox acts by itself."""
        return self._next_due

    async def _exchange(self, going: list[Parcel]) -> list[Parcel]:
        coming, self._next_due = await self._outside.exchange(self._clock.now(), going)
        for parcel in coming:
            if parcel.channel == "problem":
                self.problems.append(parcel.body())
            if parcel.channel == "x12.batch":
                self._keep(parcel.content, parcel.meta.get("set", "file"))
        return [parcel for parcel in coming if parcel.channel != "problem" or parcel.meta.get("in_reply_to")]

    async def _bring(self, parcels: list[Parcel]) -> None:
        """Bring parcels side by side; those about the same matter, and what answers our files, in their order."""
        for wave in ("TA1", "999", "277CA", ""):
            fitting = [parcel for parcel in parcels if _wave(parcel) == wave and parcel.channel in self.doors]
            await in_turns((_matter(parcel), partial(self.doors[parcel.channel], parcel)) for parcel in fitting)

    def _keep(self, interchange: bytes, kind: str) -> None:
        """Keep an interchange as a file, its transaction set in the name."""
        if self._edi is None:
            return
        self._kept += 1
        (self._edi / f"{self._kept:06}_{transaction_set(interchange) or kind}.x12").write_bytes(interchange)


def _wave(parcel: Parcel) -> str:
    """Return the transaction set of an acknowledgment: all of one are brought before the next."""
    name = parcel.meta.get("set", "")
    return name if name in ("TA1", "999", "277CA") else ""


def _matter(parcel: Parcel) -> str:
    """
    Return what a parcel is about: parcels about the same are brought one after another.

    An acknowledgment is about one file of ours; a remittance may follow another payer's on the same encounter.
    """
    if _wave(parcel):
        return parcel.name
    return parcel.meta.get("visit_number") or (parcel.sender if parcel.channel == "payment" else parcel.channel)


def transaction_set(interchange: bytes) -> str:
    """Return the first transaction set's name (837P, 837I, 835 …), or TA1."""
    if len(interchange) < 106:  # noqa: PLR2004 - the length of an ISA
        return ""
    element, terminator = interchange[3:4], interchange[105:106]
    name = ""
    for raw in interchange.split(terminator, 6):
        parts = raw.strip().split(element)
        if parts[0] == b"TA1":
            name = name or "TA1"
        if parts[0] == b"ST":
            guide = parts[3] if len(parts) > 3 else b""  # noqa: PLR2004 - ST03 is optional
            kind = {b"X222": "P", b"X223": "I", b"X224": "D", b"X214": "CA"}.get(guide[6:10], "")
            return parts[1].decode() + kind
    return name
