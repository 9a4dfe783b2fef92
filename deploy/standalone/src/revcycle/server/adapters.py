"""Inbound adapters: how what the world sends enters the services, by MLLP and by their HTTP APIs."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx

from eligibility.domain import identifiers
from eligibility.intake.mllp import MllpClient
from revcycle.server.directory import Places, References
from revcycle.server.redelivery import Deliver, NotReady, Rejected
from revcycle.server.services import Services
from revcycle_kit.errors import Unavailable
from revcycle_kit.ids import derived_id
from revcycle_sandbox import Parcel

LOOPBACK = "127.0.0.1"
ATTEMPTS_MAX = 5
"""How often a message is sent before the feed gives up."""
CONNECTIONS = 64
"""How many EHRs send at the same time."""
CALLED = ("eligibility", "claims", "denials", "patient_billing")
NOT_READY = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT})
AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
"""Together with every status from 500 on: the service would take it at another time."""


class InboundAdapters:
    """
    Brings each kind of parcel to the service that it is for.

    Raises Unavailable where a service is out of order, NotReady where it does not know yet what the parcel is about,
    Rejected where it will never take it: all mean that the parcel was not taken.
    """

    def __init__(
        self,
        services: Services,
        places: Places,
        references: References,
        mllp: tuple[str, int],
        *,
        connections: int = CONNECTIONS,
    ) -> None:
        """Make the adapters; `mllp` is the host and port at which eligibility listens."""
        self._places = places
        self._references = references
        self._mllp = [MllpClient(*mllp) for _ in range(connections)]
        self._free: asyncio.Queue[MllpClient] = asyncio.Queue()
        for client in self._mllp:
            self._free.put_nowait(client)
        self._clients = {name: services.client(name, "door", **places.grant) for name in CALLED}
        self.acknowledged: Counter[str] = Counter()
        """How many messages were acknowledged, by code."""
        self.by_channel: Mapping[str, Deliver] = {
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
        await self._command("claims", "/v1/deposits", f"deposit-{told['deposit_id']}", body)

    async def payment(self, parcel: Parcel) -> None:
        """Take a patient's payment, or start the plan a patient asked for."""
        told = parcel.body()
        entity = self._places.entities[told["billing_entity"]] if told.get("billing_entity") else None
        if parcel.meta.get("kind") == "plan_request":
            path = f"/v1/billing-entities/{entity}/accounts/{told['account_id']}/plans"
            await self._command("patient_billing", path, f"plan-{told['statement_id']}", self._wish(told))
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
            await self._command("patient_billing", path, key, body)
            return
        encounter_id = self._references.encounter_of[told["visit_number"]]
        path = f"/v1/clinics/{self._places.clinics[told['clinic']]}/encounters/{encounter_id}/payments"
        await self._command("patient_billing", path, key, body)

    def _wish(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Write the plan that a patient asked for as patient billing takes it: for the visits named, or for all."""
        known = self._references.encounter_of
        return {
            "installments": wish["installments"],
            "first_due_on": wish["first_due_on"],
            "encounter_ids": [str(known[visit]) for visit in wish.get("visit_numbers", ())],
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
        await self._command("denials", f"/v1/appeals/{appeal_id}/decision", f"decision-{appeal_id}", body)

    async def _give(self, service: str, path: str, content: bytes, kind: str) -> None:
        answer = await self._clients[service].post(path, content=content, headers={"Content-Type": kind})
        _assert_taken(service, answer)

    async def _command(self, service: str, path: str, key: str, body: dict[str, Any]) -> None:
        answer = await self._clients[service].post(path, json=body, headers={"Idempotency-Key": key})
        if answer.status_code in NOT_READY:
            raise NotReady(service)
        _assert_taken(service, answer)

    async def close(self) -> None:
        """Hang up."""
        for client in self._mllp:
            await client.close()
        for api in self._clients.values():
            await api.aclose()


def _assert_taken(service: str, answer: httpx.Response) -> None:
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code in AGAIN:
        raise Unavailable(f"{service} (status {answer.status_code})")
    if answer.is_error:
        raise Rejected(service, answer.status_code, _reason(answer))


def _reason(answer: httpx.Response) -> str:
    """Return the kind of problem, and the fields it names: never a value."""
    try:
        problem = answer.json()
        places = [str(flaw["where"]) for flaw in problem.get("errors", [])]
        kind = str(problem["type"]).rpartition(":")[2]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "no-problem-details"
    return " ".join([kind, *places])[:160]


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
