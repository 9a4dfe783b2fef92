"""From the wire to the encounter: what is acknowledged is kept."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from eligibility.hl7v2 import read_message
from eligibility.intake.listener import MllpReceiver
from eligibility.intake.mllp import MllpClient, MllpServer
from eligibility.intake.sender import Sender

ORGANIZATION = UUID("00000000-0000-8000-8000-00000000000a")
CLINIC = UUID("00000000-0000-8000-8000-00000000000c")
HEADER = "MSH|^~\\&|EHR|RIVER|RCM|RC|20260105090000||{kind}|C1|P|2.5.1"
PID = "PID|1||MRN1^^^RIVER^MR||DOE^JANE"

Message = Callable[..., bytes]


@pytest.mark.parametrize(
    ("raw", "code", "kept"),
    [
        (f"{HEADER.format(kind='ADT^A04')}\r{PID}\rPV1|1|O\r", "AA", "accepted"),
        (f"{HEADER.format(kind='ADT^A04')}\rPID|1\r", "AA", "held"),
        (f"{HEADER.format(kind='ORU^R01')}\r{PID}\r", "AR", "refused"),
        ("this is no message", "AE", "refused"),
    ],
)
async def test_every_message_is_kept_before_it_is_answered(desk: Any, raw: str, code: str, kept: str) -> None:
    intake = MllpReceiver(desk.reception, Sender(ORGANIZATION, CLINIC), desk.harness.runtime.clock)
    async with MllpServer(intake.receive) as server:
        client = MllpClient("127.0.0.1", await server.start("127.0.0.1", 0))
        answer = read_message(await client.send(raw.encode()))
        await client.close()

    assert code == answer.text("MSA", 1)
    [message] = await desk.harness.documents("message")
    assert kept == message.state
    rows = await desk.harness.query("SELECT count(*) AS number FROM raw_message")
    assert 1 == rows[0]["number"]


async def test_a_facility_that_a_clinic_claims_decides_whose_message_it_is(desk: Any, message: Message) -> None:
    elsewhere = Sender(ORGANIZATION, UUID(int=77))
    receipt = await desk.reception.receive(message(HEADER.format(kind="ADT^A04"), PID, "PV1|1|O"), elsewhere)
    await desk.harness.settle()

    assert "accepted" == receipt.outcome
    [encounter] = await desk.harness.documents("encounter")
    assert CLINIC == encounter.clinic_id
