"""Doors: how what the world sends enters the services: MLLP, and their HTTP APIs."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from eligibility.domain import identifiers
from eligibility.intake.listener import MllpReceiver
from eligibility.intake.mllp import MllpClient, MllpServer
from eligibility.intake.receiver import MessageReceiver, Sender
from revcycle.server.directory import Places
from revcycle.server.keyed_concurrency import SIDE_BY_SIDE, Deeds
from revcycle.server.post import Ledger, Post
from revcycle.server.system import System
from revcycle_kit.ids import derived_id
from revcycle_sandbox import Parcel

LOOPBACK = "127.0.0.1"
ATTEMPTS_MAX = 5
"""How often a message is sent before the feed gives up."""


class Doors:
    """Brings each kind of parcel to the service that it is for."""

    def __init__(
        self,
        system: System,
        places: Places,
        pairs: Ledger,
        mllp: tuple[str, int],
        *,
        side_by_side: int = SIDE_BY_SIDE,
    ) -> None:
        """Make the doors; `mllp` is the host and port at which eligibility listens."""
        self._places = places
        self._pairs = pairs
        self._lines = [MllpClient(*mllp) for _ in range(side_by_side)]
        self._free: asyncio.Queue[MllpClient] = asyncio.Queue()
        for line in self._lines:
            self._free.put_nowait(line)
        self._clients = {name: system.client(name, "door", **places.grant) for name in system.parts}
        self.acknowledged: Counter[str] = Counter()
        """How many messages were acknowledged, by code."""
        self._late: dict[str, tuple[str, str, dict[str, Any]]] = {}
        self.refused: list[str] = []
        """What a service refused, in its own words."""

    def open(self, post: Post) -> None:
        """Let the post know who takes what."""
        post.doors |= {
            "ehr.hl7": self.hl7,
            "ehr.fhir": self.fhir,
            "x12.batch": self.interchange,
            "bank": self.deposit,
            "payment": self.payment,
            "letter": self.letter,
        }

    async def hl7(self, parcel: Parcel) -> None:
        """Send a message over MLLP and wait for its acknowledgment."""
        line = await self._free.get()
        try:
            answer = await _sent(line, parcel.content)
        finally:
            self._free.put_nowait(line)
        self.acknowledged[_code(answer)] += 1

    async def fhir(self, parcel: Parcel) -> None:
        """Post a bundle to its clinic."""
        clinic = self._places.facilities.get(parcel.sender) or next(iter(self._places.clinics.values()))
        path = f"/v1/clinics/{clinic}/messages?source={parcel.sender}"
        await self._give("eligibility", path, parcel.content, "application/fhir+json")

    async def interchange(self, parcel: Parcel) -> None:
        """Hand an acknowledgment or a remittance to claims."""
        await self._give("claims", "/v1/interchanges", parcel.content, "application/edi-x12")

    async def deposit(self, parcel: Parcel) -> None:
        """Tell claims what the bank received."""
        told = parcel.body()
        payee = identifiers.billing_entity(self._places.organization_id, told["payee_tin"], told["payee_npi"])
        body = {
            "deposit_id": str(derived_id("deposit", told["deposit_id"])),
            "billing_entity_id": str(payee),
            "amount_cents": told["amount_cents"],
            "deposited_on": told["deposited_on"],
            "trace_number": told["trace_number"],
            "replaces_trace_number": told.get("replaces_trace_number"),
        }
        await self._tell("claims", "/v1/deposits", f"deposit-{told['deposit_id']}", body)

    async def payment(self, parcel: Parcel) -> None:
        """Take a patient's payment, or start the plan a patient asked for."""
        told = parcel.body()
        entity = self._places.entities[told["billing_entity"]] if told.get("billing_entity") else None
        if parcel.meta.get("kind") == "plan_request":
            path = f"/v1/billing-entities/{entity}/accounts/{told['account_id']}/plans"
            await self._tell("patient_billing", path, f"plan-{told['statement_id']}", self._wish(told))
            return
        body = {
            "amount_cents": told["amount_cents"],
            "method": told["method"],
            "purpose": told["purpose"],
            "received_on": told["received_on"],
            "reference": told["payment_id"],
        }
        if told["purpose"] == "balance" and told.get("statement_id"):
            body["statement_id"] = told["statement_id"]
        key = f"payment-{told['payment_id']}"
        if told.get("account_id"):
            path = f"/v1/billing-entities/{entity}/accounts/{told['account_id']}/payments"
            await self._tell("patient_billing", path, key, body)
            return
        encounter_id = self._pairs.encounter_of[told["visit_number"]]
        path = f"/v1/clinics/{self._places.clinics[told['clinic']]}/encounters/{encounter_id}/payments"
        await self._tell_later("patient_billing", path, key, body)

    def _wish(self, told: dict[str, Any]) -> dict[str, Any]:
        """Write the plan that a patient asked for as patient billing takes it: for the visits named, or for all."""
        known = self._pairs.encounter_of
        return {
            "installments": told["installments"],
            "first_due_on": told["first_due_on"],
            "encounter_ids": [str(known[visit]) for visit in told.get("visit_numbers", ())],
        }

    async def letter(self, parcel: Parcel) -> None:
        """Enter a payer's decision on an appeal."""
        told = parcel.body()
        body = {
            "outcome": told["outcome"],
            "expected_cents": told["expected_cents"],
            "payment_due_by": told["payment_due_by"],
            "decided_on": told["decided_on"],
        }
        appeal_id = told["cover"]["appeal_id"]
        await self._tell("denials", f"/v1/appeals/{appeal_id}/decision", f"decision-{appeal_id}", body)

    async def _give(self, service: str, path: str, content: bytes, kind: str) -> Any:
        answer = await self._clients[service].post(path, content=content, headers={"Content-Type": kind})
        if answer.is_error:
            self.refused.append(f"{service} {path}: {answer.status_code} {answer.text[:300]}")
        return answer

    async def _tell(self, service: str, path: str, key: str, body: dict[str, Any]) -> bool:
        """Ask a service; what it does not know yet (404, or a conflict of the moment) is kept and asked again."""
        answer = await self._clients[service].post(path, json=body, headers={"Idempotency-Key": key})
        if answer.status_code in (404, 409):
            self._late[key] = (service, path, body)
            return False
        self._late.pop(key, None)
        if answer.is_error:
            self.refused.append(f"{service} {path}: {answer.status_code} {answer.text[:300]}")
        return True

    async def _tell_later(self, service: str, path: str, key: str, body: dict[str, Any]) -> None:
        """Keep what comes together with the message that it is about: the service has not heard that yet."""
        self._late[key] = (service, path, body)

    async def ask_again(self) -> bool:
        """Ask again what came too early; True when any of it was taken."""
        again = Deeds()
        for key, (service, path, body) in self._late.items():
            again.add(path, partial(self._tell, service, path, key, body))
        return await again.done()

    @property
    def waiting(self) -> int:
        """How many things that came in still wait for a service to hear of what they are about."""
        return len(self._late)

    async def close(self) -> None:
        """Hang up."""
        for line in self._lines:
            await line.close()
        for client in self._clients.values():
            await client.aclose()


@asynccontextmanager
async def opened_doors(system: System, places: Places, pairs: Ledger, post: Post) -> AsyncIterator[Doors]:
    """Listen for MLLP on loopback, and open every door to the post."""
    async with AsyncExitStack() as stack:
        runtime = system.runtimes["eligibility"]
        first = next(iter(places.clinics.values()))
        intake = MllpReceiver(MessageReceiver(runtime), Sender(places.organization_id, first, "mllp"), runtime.clock)
        server = await stack.enter_async_context(MllpServer(intake.receive))
        port = await server.start(LOOPBACK, 0)
        doors = Doors(system, places, pairs, (LOOPBACK, port))
        stack.push_async_callback(doors.close)
        doors.open(post)
        yield doors


async def _sent(line: MllpClient, message: bytes) -> bytes:
    """Send a message as an EHR does: where no acknowledgment came, the same message again on a new connection."""
    for _ in range(ATTEMPTS_MAX - 1):
        try:
            return await line.send(message)
        except (ConnectionError, TimeoutError):
            continue
    return await line.send(message)


def _code(acknowledgment: bytes) -> str:
    """Return MSA-1 of an acknowledgment."""
    for segment in acknowledgment.split(b"\r"):
        if segment.startswith(b"MSA"):
            return segment[4:6].decode()
    return "none"
