"""Bad messages at the door of the EHR systems: named, kept, quickly done with, and nobody else notices."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

SECONDS_MAX = 2.0
MEGABYTE = 1_000_000
HEADER = b"MSH|^~\\&|EHR|BAD|RCM|RC|20260105090000||ADT^A04|%d|P|2.5.1\r"
PATIENT = b"PID|1||MRN9^^^BAD^MR||DOE^JANE||19800203|F"
VISIT = b"PV1|1|O|||||||||||||||||V9\r"


def bundle(entries: int) -> bytes:
    """Write a bundle of observations, of which none is of use."""
    one = {"resource": {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}}
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [one] * entries}).encode()


def circle() -> bytes:
    """Write a bundle whose resources refer to themselves and to each other."""
    encounter = {"resourceType": "Encounter", "id": "e", "status": "finished", "subject": {"reference": "Patient/p"}}
    encounter["partOf"] = {"reference": "Encounter/e"}
    patient = {"resourceType": "Patient", "id": "p", "link": [{"other": {"reference": "Patient/p"}, "type": "refer"}]}
    resources = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in (encounter, patient)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": resources}).encode()


BAD: dict[str, Callable[[], bytes]] = {
    "words": lambda: b"hello, is this the right place?",
    "no header": lambda: PATIENT + b"\r" + VISIT,
    "half a header": lambda: b"MSH|",
    "a header without a type": lambda: b"MSH|^~\\&|EHR|BAD|RCM|RC|20260105||||P|2.5.1\r",
    "a header whose separators are all the same": lambda: b"MSH||||||||||\r" + PATIENT,
    "noise": lambda: random.Random(7).randbytes(100_000),  # noqa: S311 - noise
    "zeros": lambda: b"\0" * 100_000,
    "frames within frames": lambda: b"\x0b" * 1_000 + HEADER % 2 + b"\x1c\r" * 1_000,
    "no such event": lambda: (HEADER % 3).replace(b"ADT^A04", b"ZZZ^Z99") + PATIENT,
    "5 MB in one field": lambda: HEADER % 6 + PATIENT + b"|" + b"A" * (5 * MEGABYTE) + b"\r" + VISIT,
    "a million segments": lambda: HEADER % 9 + b"ZZZ|1\r" * MEGABYTE,
    "no text in any known character set": lambda: (HEADER % 11).replace(b"2.5.1", b"2.5.1||||||KLINGON") + b"\xff\xfe",
    "bad XML": lambda: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;&a;</x>',
    "JSON cut short": lambda: b'{"resourceType": "Bundle", "entry": [',
    "JSON that is no resource": lambda: b'{"hello": "world"}',
    "JSON 100,000 deep": lambda: b'{"resourceType": "Bundle", "entry": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "JSON with numbers that are none": lambda: b'{"resourceType": "Encounter", "length": NaN, "n": 1e999999}',
    "JSON with a number of a million digits": lambda: b'{"resourceType": "Encounter", "n": ' + b"9" * MEGABYTE + b"}",
    "a bundle with 50,000 entries": lambda: bundle(50_000),
    "a bundle whose entries are no resources": lambda: b'{"resourceType": "Bundle", "entry": [1, null, "x", {}, []]}',
    "a resource of a kind that is none": lambda: b'{"resourceType": ["Encounter"], "id": {"x": 1}}',
}
"""What nobody can use."""
ODD: dict[str, Callable[[], bytes]] = {
    "a day of a million digits": lambda: HEADER % 4 + PATIENT.replace(b"19800203", b"9" * MEGABYTE) + b"\r" + VISIT,
    "days that are none": lambda: HEADER % 5 + PATIENT.replace(b"19800203", b"20269999") + b"\r" + VISIT,
    "100,000 patients in one": lambda: HEADER % 7 + b"PID|1||" + b"~".join([b"M^^^BAD^MR"] * 100_000) + b"\r" + VISIT,
    "a million components": lambda: HEADER % 8 + b"PID|1||MRN9||" + b"^" * MEGABYTE + b"\r" + VISIT,
    "a million escapes": lambda: HEADER % 10 + PATIENT + b"|" + b"\\X41\\" * 200_000 + b"\\X" * 200_000 + b"\r" + VISIT,
    "a bundle that goes in circles": circle,
}
"""What is strange, but says who came and when: it is taken, without the part that says nothing."""


@pytest.mark.parametrize("kind", BAD)
async def test_a_bad_message_is_named_and_kept(kind: str, messages: Any, good_message: Callable[[int], bytes]) -> None:
    """It is refused or held with what, where and fix, it is kept for a replay, and the next message is taken."""
    before = await messages.kept()
    sent = await messages.send(BAD[kind]())
    number = 1000 + list(BAD).index(kind)
    after = await messages.kept()
    next_one = await messages.send(good_message(number))

    assert sent.seconds < SECONDS_MAX
    assert 200 == sent.answer.status_code, sent.answer.text
    for receipt in sent.answer.json():
        reasons = [*receipt["refusals"], *receipt["gaps"]]
        assert receipt["outcome"] in {"refused", "held"}, receipt
        assert [] != reasons
        assert all(one["where"] and one["fix"] and (one.get("problem") or one.get("what")) for one in reasons), reasons
    assert before + len(sent.answer.json()) == after
    assert ["accepted"] == [receipt["outcome"] for receipt in next_one.answer.json()]
    assert [] == await messages.harness.parked()


@pytest.mark.parametrize("kind", ODD)
async def test_a_strange_message_is_taken_for_what_it_says(kind: str, messages: Any) -> None:
    """It costs no more time than a bad one, and nothing of it is left that cannot be."""
    sent = await messages.send(ODD[kind]())
    [receipt] = sent.answer.json()
    address = messages.path.replace("messages", f"encounters/{receipt['encounter_ids'][0]}")
    read = await messages.client.get(address)

    assert sent.seconds < SECONDS_MAX
    assert ("accepted", 200) == (receipt["outcome"], read.status_code)
    assert len(read.content) < 20_000
    assert [] == await messages.harness.parked()


async def test_an_empty_message_is_refused(messages: Any) -> None:
    [receipt] = (await messages.send(b"")).answer.json()

    assert ("refused", "Send it again.") == (receipt["outcome"], receipt["refusals"][0]["fix"])


async def test_a_message_beyond_the_limit_is_not_read(messages: Any) -> None:
    """More than a file may hold is refused at the door (413) with what to do; nothing is kept."""
    before = await messages.kept()
    sent = await messages.send(b"M" * (64 * MEGABYTE + 1))

    assert (413, "application/problem+json") == (sent.answer.status_code, sent.answer.headers["Content-Type"])
    assert "smaller parts" in sent.answer.json()["detail"]
    assert before == await messages.kept()


async def test_a_file_of_good_and_bad_messages_gives_each_its_own_receipt(
    messages: Any, good_message: Callable[[int], bytes]
) -> None:
    """The bad ones in the middle spoil nothing; each message of the file is accounted for."""
    bad = [b"MSH|^~\\&|EHR|BAD|RCM|RC|x||XXX|B1|P|2.5.1\r", HEADER % 99 + b"PID|\r"]
    content = good_message(1) + bad[0] + good_message(2) + bad[1] + good_message(3)
    receipts = (await messages.send(content)).answer.json()

    assert ["accepted", "refused", "accepted", "held", "accepted"] == [one["outcome"] for one in receipts]


async def test_a_refused_message_can_be_replayed(messages: Any) -> None:
    """What was refused is read again from what was kept, and still says why it is of no use."""
    [receipt] = (await messages.send(b"nothing that anybody could read")).answer.json()
    path = f"{messages.path}/replay"
    answer = await messages.client.post(path, json={"message_ids": [receipt["message_id"]]})

    assert 200 == answer.status_code, answer.text
    [again] = answer.json()
    assert (receipt["message_id"], "refused") == (again["message_id"], again["outcome"])
    assert receipt["refusals"] == again["refusals"]


async def test_a_clinic_that_is_not_the_sender_s_takes_nothing(
    messages: Any, good_message: Callable[[int], bytes]
) -> None:
    foreign = messages.path.replace(messages.path.split("/")[3], "00000000-0000-8000-8000-00000000dead")
    before = await messages.kept()
    answer = await messages.client.post(foreign, content=good_message(4))

    assert (404, "application/problem+json") == (answer.status_code, answer.headers["Content-Type"])
    assert before == await messages.kept()
