"""Bad files at the door of the payers: kept with the reason, quickly done with, and no cent moves by them."""

import random
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from revcycle_x12 import Envelope, write
from revcycle_x12 import remittance as era
from revcycle_x12.codes import AdjustmentGroup, ClaimStatus, PaymentMethod

SECONDS_MAX = 2.0
MEGABYTE = 1_000_000
NPI = "1234567893"
TIN = "123456789"
ISA = (
    b"ISA*00*          *00*          *ZZ*CLEARINGHOUSE  *ZZ*123456789      *260120*1200*^*00501*0000000%02d*0*T*:~"
    b"GS*HP*CLEARINGHOUSE*123456789*20260120*1200*1*X*005010X221A1~ST*835*0001~"
)
END = b"SE*2*0001~GE*1*1~IEA*1*0000000%02d~"
SERVED_ON = date(2026, 1, 9)

BAD: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "words": lambda: b"hello, is this the right place?",
    "half a header": lambda: b"ISA*00*          *00*",
    "a header and nothing else": lambda: (ISA % 10)[:106],
    "a header without a terminator": lambda: (ISA % 11).replace(b"~", b""),
    "no end": lambda: ISA % 12 + b"BPR*I*100*C*CHK************20260120~",
    "noise": lambda: random.Random(7).randbytes(100_000),  # noqa: S311 - noise
    "noise after a header": lambda: ISA % 13 + random.Random(8).randbytes(100_000),  # noqa: S311 - noise
    "a million segments": lambda: ISA % 14 + b"REF*EA*1~" * MEGABYTE + END % 14,
    "a million terminators": lambda: ISA % 15 + b"~" * MEGABYTE + END % 15,
    "5 MB in one element": lambda: ISA % 16 + b"TRN*1*" + b"A" * (5 * MEGABYTE) + b"~" + END % 16,
    "a million elements": lambda: ISA % 17 + b"TRN" + b"*1" * MEGABYTE + b"~" + END % 17,
    "5 MB without a terminator": lambda: ISA % 18 + b"A" * (5 * MEGABYTE),
    "100,000 levels": lambda: ISA % 19 + b"".join(b"HL*%d*%d*20*1~" % (n + 1, n) for n in range(100_000)) + END % 19,
    "amounts that are none": lambda: ISA % 20 + b"BPR*I*1e9999999*C*CHK************20260120~TRN*1*T*1~" + END % 20,
    "an amount of a million digits": lambda: ISA % 21 + b"BPR*I*" + b"9" * MEGABYTE + b"*C*CHK~TRN*1*T*1~" + END % 21,
    "days that are none": lambda: ISA % 22 + b"BPR*I*1*C*CHK************20269999~TRN*1*T*1~" + END % 22,
    "an 837": lambda: (ISA % 23).replace(b"ST*835", b"ST*837").replace(b"X221A1", b"X222A1") + END % 23,
    "a set that is none": lambda: (ISA % 24).replace(b"ST*835", b"ST*999999") + END % 24,
}
"""What holds nothing that could be posted."""


def paid(number: str, charge: int, paid_cents: int, *adjustments: tuple[str, str, int]) -> era.ClaimPayment:
    """Write what a payer decided about a claim of one line."""
    line = era.ServicePayment(
        procedure=era.Procedure("99213"),
        charge_cents=charge,
        paid_cents=paid_cents,
        units_paid="1",
        served_on=SERVED_ON,
        adjustments=[era.Adjustment(AdjustmentGroup(group), carc, cents) for group, carc, cents in adjustments],
    )
    return era.ClaimPayment(
        control_number=number,
        status=ClaimStatus("1"),
        charge_cents=charge,
        paid_cents=paid_cents,
        filing_indicator="12",
        payer_control_number=f"ICN{number}",
        patient_last_name="DOE",
        service_lines=[line],
    )


def advice(control_number: int, total: int, *payments: era.ClaimPayment, payee: str = NPI) -> bytes:
    """Write an 835 that says it pays so much."""
    said = era.Remittance(
        handling="I",
        paid_cents=total,
        method=PaymentMethod.CHECK,
        paid_on=date(2026, 1, 20),
        trace_number=f"EFT{control_number}",
        payer_tax_id="1987654321",
        payer=era.Payer(
            name="PLAN", address="PO BOX 1", city="TROY", state="NY", postal_code="12207", payer_id="PPO01",
            technical_contact_name="EDI", technical_contact_qualifier="TE", technical_contact_number="5555550100",
        ),
        payee=era.Payee(name="PAYEE", id_qualifier="XX", id=payee, tax_id=TIN if payee == NPI else ""),
        groups=[era.ClaimGroup(claims=list(payments))],
    )  # fmt: skip
    at = datetime(2026, 1, 20, 12)  # noqa: DTZ001 - X12 names no zone
    envelope = Envelope(
        sender_id="CLEARINGHOUSE", receiver_id=TIN, control_number=control_number, created_at=at, is_test=True
    )
    return write(envelope, [said])


async def ledger(files: Any) -> list[tuple[Any, ...]]:
    """Return what the encounters' ledgers say."""
    rows = await files.harness.query("SELECT id, debit, credit, amount_cents FROM ledger_entry ORDER BY id")
    return [tuple(row) for row in rows]


async def claim_number(files: Any, place: int = 0) -> str:
    """Return the number of the claim at which the bad files aim, or of another one."""
    numbers = sorted(claim.patient_control_number for claim in await files.harness.documents("claim"))
    return str(numbers[place])


@pytest.mark.parametrize("kind", BAD)
async def test_a_bad_file_is_kept_with_its_reason(kind: str, files: Any) -> None:
    """It is refused in words, kept, listed among the refused ones, and no ledger has moved."""
    before, entries = await files.kept(), await ledger(files)
    sent = await files.send(BAD[kind]())
    taken = sent.answer.json()
    listed = await files.client.get(files.path, params={"state": "refused", "limit": 100})

    assert sent.seconds < SECONDS_MAX
    assert (200, "refused") == (sent.answer.status_code, taken["state"]), sent.answer.text
    assert 20 < len(taken["reason"]) < 1_000
    assert before + 1 == await files.kept()
    assert taken["file_id"] in {row["file_id"] for row in listed.json()["items"]}
    assert entries == await ledger(files)
    assert [] == await files.harness.parked()


async def test_a_file_beyond_the_limit_is_not_read(files: Any) -> None:
    before = await files.kept()
    sent = await files.send(b"I" * (25 * MEGABYTE + 1))

    assert (413, "application/problem+json") == (sent.answer.status_code, sent.answer.headers["Content-Type"])
    assert before == await files.kept()


async def test_a_file_that_does_not_balance_moves_nothing(files: Any) -> None:
    """The claims pay 100.00, the file says 250.00: all of it is quarantined, and nothing is posted."""
    entries, number = await ledger(files), await claim_number(files)
    sent = await files.send(advice(50, 250_00, paid(number, 250_00, 100_00, ("CO", "45", 150_00))))
    told = [event for name, event in await files.harness.said() if name == "remittance_quarantined"]
    listed = (await files.client.get("/v1/remittances", params={"state": "quarantined"})).json()["items"]

    assert "accepted" == sent.answer.json()["state"]
    assert ("file", 250_00) == (told[-1]["scope"], told[-1]["amount_cents"])
    assert told[-1]["fix"]
    assert ["EFT50"] == [one["trace_number"] for one in listed]
    assert entries == await ledger(files)


async def test_a_claim_that_does_not_balance_is_set_aside_alone(files: Any) -> None:
    """Charged 250.00, paid 100.00 and adjusted 149.99: a cent is missing, so its money waits for a person."""
    entries, number = await ledger(files), await claim_number(files)
    await files.send(advice(51, 100_00, paid(number, 250_00, 100_00, ("CO", "45", 149_99))))
    waiting = (await files.client.get("/v1/payments-set-aside")).json()["items"]

    assert [(number, 100_00)] == [
        (one["patient_control_number"], one["amount_cents"])
        for one in waiting
        if one["patient_control_number"] == number
    ]
    assert entries == await ledger(files)


async def test_money_below_zero_without_a_reversal_is_posted_nowhere(files: Any) -> None:
    """A payment of −100.00 that reverses nothing is no payment: the claim stays as it was."""
    entries, number = await ledger(files), await claim_number(files)
    await files.send(advice(52, -100_00, paid(number, 250_00, -100_00, ("CO", "45", 350_00))))

    assert entries == await ledger(files)
    assert [] == await files.harness.parked()


async def test_another_payee_s_file_is_refused_by_name(files: Any) -> None:
    entries, number = await ledger(files), await claim_number(files)
    foreign = advice(53, 100_00, paid(number, 250_00, 100_00, ("CO", "45", 150_00)), payee="1245319599")
    taken = (await files.send(foreign)).answer.json()

    assert "refused" == taken["state"]
    assert "N1*PE" in taken["reason"]
    assert entries == await ledger(files)


async def test_the_same_number_with_other_content_is_held(files: Any) -> None:
    """A control number comes once: what comes under it again is kept and held until somebody says which counts."""
    first, second = (advice(54, cents, paid("NOBODY", cents, cents)) for cents in (1_00, 2_00))
    states = [(await files.send(content)).answer.json()["state"] for content in (first, first, second, second)]

    assert ["accepted", "repeated", "held", "repeated"] == states


async def test_after_all_that_a_good_file_is_posted(files: Any) -> None:
    """Nothing of the above stands in the way: the other claim is paid, to the cent."""
    number = await claim_number(files, 1)
    before = {row[0] for row in await ledger(files)}
    sent = await files.send(advice(55, 100_00, paid(number, 250_00, 100_00, ("CO", "45", 150_00))))
    moved = sorted(row[3] for row in await ledger(files) if row[0] not in before)

    assert "accepted" == sent.answer.json()["state"]
    assert [100_00, 150_00] == moved
