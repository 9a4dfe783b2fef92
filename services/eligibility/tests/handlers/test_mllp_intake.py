"""From the wire to the encounter: what is acknowledged is kept."""

from uuid import UUID

import pytest

from eligibility.hl7v2 import read_message
from eligibility.intake.listener import MllpReceiver
from eligibility.intake.mllp import MllpClient, MllpServer
from eligibility.intake.sender import Sender
from eligibility.testing.hl7 import hl7_message
from eligibility.testing.practice import CLINIC, ORGANIZATION, Practice

HEADER = "MSH|^~\\&|EHR|RIVER|RCM|RC|20260105090000||{kind}|C1|P|2.5.1"
PID = "PID|1||MRN1^^^RIVER^MR||DOE^JANE"


@pytest.mark.parametrize(
    ("raw", "code", "kept"),
    [
        (f"{HEADER.format(kind='ADT^A04')}\r{PID}\rPV1|1|O\r", "AA", "accepted"),
        (f"{HEADER.format(kind='ADT^A04')}\rPID|1\r", "AA", "held"),
        (f"{HEADER.format(kind='ORU^R01')}\r{PID}\r", "AR", "refused"),
        ("this is no message", "AE", "refused"),
    ],
)
async def test_every_message_is_kept_before_it_is_answered(practice: Practice, raw: str, code: str, kept: str) -> None:
    intake = MllpReceiver(practice.receiver, Sender(ORGANIZATION, CLINIC), practice.harness.runtime.clock)
    async with MllpServer(intake.receive) as server:
        client = MllpClient("127.0.0.1", await server.start("127.0.0.1", 0))
        answer = read_message(await client.send(raw.encode()))
        await client.close()

    assert code == answer.text("MSA", 1)
    message = await practice.message()
    assert kept == message.state
    rows = await practice.harness.query("SELECT count(*) AS number FROM raw_message")
    assert 1 == rows[0]["number"]


async def test_a_facility_that_a_clinic_claims_decides_whose_message_it_is(practice: Practice) -> None:
    elsewhere = Sender(ORGANIZATION, UUID(int=77))
    receipt = await practice.receiver.receive(hl7_message(HEADER.format(kind="ADT^A04"), PID, "PV1|1|O"), elsewhere)
    await practice.harness.settle()

    assert "accepted" == receipt.outcome
    encounter = await practice.encounter()
    assert CLINIC == encounter.clinic_id
