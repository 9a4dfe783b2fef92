"""The whole way over X12: a claim file in, acknowledgments, remittance and deposit out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from revcycle_sandbox import Parcel, Sandbox
from revcycle_sandbox.behaviour import Unbalanced
from revcycle_sandbox.world import Plan
from revcycle_x12.acknowledgment import ImplementationAcknowledgment
from revcycle_x12.claim_acknowledgment import ClaimAcknowledgment
from revcycle_x12.remittance import Remittance
from revcycle_x12.validate import validate

PPO = Plan(code="PLAN", payer="PPO01", deductible_cents=500_00, coinsurance_basis_points=2_000)


def instant(on: Any, hour: int = 8) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=UTC)


def world(make: Any, **parts: Any) -> Any:
    payer = make.payer(fees={"G0463": 180_00, "0510": 410_00}, **parts)
    return make.world([payer], [PPO], [make.member(deductible_used_cents=450_00), make.member("M2")])


def sent(make: Any, sandbox: Sandbox, *files: tuple[int, tuple[Any, ...]], until: int = 60) -> list[Parcel]:
    """Send files of claims on days and give everything that comes back."""
    found: list[Parcel] = []
    for days, claims in files:
        on = make.day(days)
        found += sandbox.step(instant(on), [make.file(on, *claims)])[0]
    return found + sandbox.step(instant(make.day(until)))[0]


def of_set(parcels: list[Parcel], set_id: str) -> list[bytes]:
    return [parcel.content for parcel in parcels if parcel.meta.get("set") == set_id]


def test_j1_over_x12(make: Any) -> None:
    """Accepted at three stations, paid 104.00 of 250.00, the deposit beside it under the same trace."""
    came = sent(make, Sandbox(world(make), 1), (1, (make.claim("J1", make.line("G0463", 250_00)),)))

    assert ["TA1", "999", "277CA", "277CA", "835"] == [parcel.meta["set"] for parcel in came if "set" in parcel.meta]
    [accepted] = ImplementationAcknowledgment.load(of_set(came, "999")[0])
    assert "A" == accepted.verdict.value
    stations = [
        claim for data in of_set(came, "277CA") for ack in ClaimAcknowledgment.load(data) for claim in ack.claims
    ]
    assert [("J1", True), ("J1", True)] == [(station.control_number, station.is_accepted) for station in stations]
    [era] = Remittance.load(of_set(came, "835")[0])
    [payment] = era.claims
    [line] = payment.service_lines
    assert ("J1", "1", 250_00, 104_00, 76_00) == (
        payment.control_number,
        payment.status.value,
        payment.charge_cents,
        payment.paid_cents,
        payment.patient_responsibility_cents,
    )
    assert {("CO", "45", 70_00), ("PR", "1", 50_00), ("PR", "2", 26_00)} == {
        (adjustment.group.value, adjustment.reason, adjustment.amount_cents) for adjustment in line.adjustments
    }
    assert (180_00, "L1") == (line.allowed_cents, line.control_number)
    assert stations[1].payer_control_number == payment.payer_control_number
    [deposit] = [parcel.body() for parcel in came if parcel.channel == "bank"]
    assert (era.trace_number, 104_00, era.paid_cents) == (deposit["trace_number"], deposit["amount_cents"], 104_00)


def test_a_facility_claim_and_a_secondary_claim_are_read(make: Any) -> None:
    """837I priced by revenue code; an 837P with another payer's decision is coordinated."""
    facility = make.claim("F1", make.line("G0380", 900_00, revenue_code="0510"), kind="I", member_id="M2")
    came = sent(make, Sandbox(world(make), 1), (1, (facility,)))
    [era] = Remittance.load(of_set(came, "835")[0])
    assert (410_00, "0510") == (
        next(era.claims).service_lines[0].allowed_cents,
        Remittance.load(of_set(came, "835")[0])[0].groups[0].claims[0].service_lines[0].revenue_code,
    )


def test_a_replacement_quotes_the_payers_number_and_is_reversed_and_decided(make: Any) -> None:
    sandbox = Sandbox(world(make), 1)
    first = sent(make, sandbox, (1, (make.claim("C1", make.line("G0463", 250_00)),)), until=20)
    number = next(Remittance.load(of_set(first, "835")[0])[0].claims).payer_control_number
    again = make.claim("C2", make.line("G0463", 300_00), frequency="7", payer_control_number=number)
    second = sent(make, sandbox, (21, (again,)))
    reversal, corrected = Remittance.load(of_set(second, "835")[0])[0].claims
    assert (("C1", "22", -250_00, -104_00), ("C2", 300_00, 104_00)) == (
        (reversal.control_number, reversal.status.value, reversal.charge_cents, reversal.paid_cents),
        (corrected.control_number, corrected.charge_cents, corrected.paid_cents),
    )


def test_what_is_written_stands_up_to_validation(make: Any) -> None:
    """Every file of a rejected, a denied and a paid claim is without an error, but for the unbalanced on purpose."""
    good = make.claim("GOOD", make.line("G0463", 250_00))
    unknown = make.claim("BAD", make.line("G0463", 250_00), member_id="NOBODY")
    came = sent(make, Sandbox(world(make), 1), (1, (good, unknown)), (2, (make.claim("DUP", *good.lines),)))
    faults = [
        (parcel.meta["set"], finding.code, finding.message)
        for parcel in came
        if "set" in parcel.meta
        for finding in validate(parcel.content).findings
        if finding.is_error
    ]
    assert [] == faults


def test_an_unbalanced_claim_stays_unbalanced_in_the_file(make: Any) -> None:
    """The seeded fault reaches the wire: off by 30.00; the corrected file has the same trace."""
    rule = Unbalanced(member_id="M1", short_cents=30_00)
    behaviour = msgspec.structs.replace(make.payer().behaviour, unbalanced=(rule,))
    came = sent(
        make, Sandbox(world(make, behaviour=behaviour), 1), (1, (make.claim("J12", make.line("G0463", 250_00)),))
    )
    wrong, right = (Remittance.load(data)[0] for data in of_set(came, "835"))
    off = [
        claim.charge_cents
        - claim.paid_cents
        - sum(adjustment.amount_cents for adjustment in claim.service_lines[0].adjustments)
        for era in (wrong, right)
        for claim in era.claims
    ]
    assert ([30_00, 0], wrong.trace_number) == (off, right.trace_number)


def test_a_file_with_an_error_is_refused_by_999_and_nothing_of_it_is_taken(make: Any) -> None:
    file = make.file(make.day(1), make.claim("C1", make.line("G0463", 250_00)))
    broken = msgspec.structs.replace(file, content=file.content.replace(b"~CLM*C1*250*", b"~CLM*C1**"))
    sandbox = Sandbox(world(make), 1)
    came = sandbox.step(instant(make.day(1)), [broken])[0] + sandbox.step(instant(make.day(60)))[0]
    [refused] = ImplementationAcknowledgment.load(of_set(came, "999")[0])
    assert "R" == refused.verdict.value
    assert [] == of_set(came, "277CA") + of_set(came, "835")


def test_what_cannot_be_used_comes_back_with_the_reason(make: Any) -> None:
    sandbox = Sandbox(world(make), 1)
    for channel, content in (("x12.batch", b"no X12"), ("question", b"{}"), ("pigeon", b"")):
        parcel = Parcel(channel=channel, sender="BILLER", receiver="X", content=content, meta={"key": "K1"})
        [answer] = sandbox.step(instant(make.day(1)), [parcel])[0]
        assert ("problem", "K1", True) == (answer.channel, answer.meta["in_reply_to"], bool(answer.body()["problem"]))


def test_time_without_a_zone_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match="time zone"):
        Sandbox(world(make), 1).step(datetime(2026, 1, 1) + timedelta())  # noqa: DTZ001
