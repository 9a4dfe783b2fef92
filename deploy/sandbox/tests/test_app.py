"""The sandbox behind the doors of real partners: what is handed over is taken, and answered later."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from revcycle_sandbox import Sandbox, SandboxProgram, build_app
from revcycle_sandbox.world import Plan

KEY = {"Idempotency-Key": "K1"}
LATER = datetime(2026, 6, 1, tzinfo=UTC)


class Place:
    """The application, its program, and a client of it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.now = datetime(2026, 1, 11, 9, tzinfo=UTC)
        self.program = SandboxProgram(sandbox, lambda: self.now)
        app = build_app(self.program, {"e-1": "V1", "b-1": "BE"})
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox")

    async def listed(self) -> list[str]:
        return [file["name"] for file in (await self.client.get("/mailbox")).json()["files"]]


@pytest.fixture
async def place(make: Any) -> AsyncIterator[Place]:
    world = make.world([make.payer(fees={"G0463": 180_00})], [Plan(code="PLAN", payer="PPO01")], [make.member()])
    made = Place(Sandbox(world, 1))
    yield made
    await made.client.aclose()


async def test_a_file_of_claims_is_taken_and_answered_by_files_in_the_mailbox(place: Place, make: Any) -> None:
    content = make.file(make.day(1), make.claim("C1", make.line("G0463", 250_00))).content
    answer = await place.client.post("/batch/claims.x12", content=content, headers=KEY)
    assert (202, "taken", []) == (answer.status_code, answer.json()["status"], await place.listed())
    place.program.step()
    place.now = LATER
    place.program.step()
    names = await place.listed()
    assert {"999", "277CA", "835"} <= {name.split("-")[1] for name in names}
    assert (await place.client.get(f"/mailbox/{names[0]}")).content.startswith(b"ISA")
    for _ in range(2):
        assert 204 == (await place.client.post(f"/mailbox/{names[0]}/archive")).status_code
    assert names[1:] == await place.listed()
    assert 404 == (await place.client.get(f"/mailbox/{names[0]}")).status_code


async def test_a_statement_moves_the_patient_it_names_by_the_billers_ids(place: Place) -> None:
    cover = {
        "document": "statement",
        "account_id": "A1",
        "statement_id": "S1",
        "number": 1,
        "balance_cents": 100_00,
        "billing_entity_id": "b-1",
        "encounter_ids": ["e-1", "unknown"],
        "more": "is not read",
    }
    letter = {"cover": json.dumps(cover), "document": base64.b64encode(b"PDF").decode()}
    assert 202 == (await place.client.post("/mail", json=letter, headers=KEY)).status_code
    [parcel] = place.program._inbox
    told = parcel.body()
    assert ("statement", ["V1"], "BE", 100_00) == (
        parcel.channel,
        told["visit_numbers"],
        told["billing_entity"],
        told["balance_cents"],
    )


async def test_a_reminder_moves_nobody(place: Place) -> None:
    letter = {"cover": json.dumps({"document": "reminder"}), "document": ""}
    assert 202 == (await place.client.post("/mail", json=letter, headers=KEY)).status_code
    assert 0 == place.program.waiting


async def test_an_appeal_is_taken_by_its_cover(place: Place) -> None:
    files = {"cover": ("cover.json", b"{}", "application/json"), "letter": ("letter.pdf", b"%PDF", "application/pdf")}
    assert 202 == (await place.client.post("/letters", files=files, headers=KEY)).status_code
    assert 1 == place.program.waiting


@pytest.mark.parametrize(
    ("path", "content", "headers", "status"),
    [
        ("/realtime", b"~", KEY, 400),
        ("/batch/x", b"ISA", {}, 400),
        ("/letters", b"{}", KEY, 400),
        ("/mail", b"{", KEY, 400),
        ("/mail", b'{"cover":"{}","document":"not base64"}', KEY, 400),
    ],
)
async def test_what_cannot_be_used_is_refused_and_says_what_to_send(
    place: Place, path: str, content: bytes, headers: dict[str, str], status: int
) -> None:
    answer = await place.client.post(path, content=content, headers=headers)
    assert (status, status) == (answer.status_code, answer.json()["status"])
    assert answer.json()["fix"]
    assert 0 == place.program.waiting


async def test_it_says_that_it_lives_and_how_much_waits(place: Place) -> None:
    await place.client.post("/batch/x", content=b"ISA", headers=KEY)
    assert {"status": "pass", "waiting": 1} == (await place.client.get("/health")).json()
