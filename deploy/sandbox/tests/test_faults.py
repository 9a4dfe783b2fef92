"""What goes wrong on the way, on purpose; and people nobody enrolled."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from revcycle_sandbox import Parcel, Sandbox
from revcycle_sandbox.behaviour import Faults
from revcycle_sandbox.world import Plan
from revcycle_x12.claim_acknowledgment import ClaimAcknowledgment
from revcycle_x12.remittance import Remittance

ALWAYS = 10_000
PLAN = Plan(code="PLAN", payer="PPO01", coinsurance_basis_points=2_000)


def instant(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 8, tzinfo=UTC)


def came(make: Any, faults: Faults, *lines: Any, **sandbox: Any) -> list[Parcel]:
    """Send one claim to a payer with a fault and give everything that comes back in 90 days."""
    behaviour = msgspec.structs.replace(make.payer().behaviour, faults=faults)
    payer = make.payer(fees={"G0463": 100_00, "G0127": 30_00}, behaviour=behaviour)
    place = Sandbox(make.world([payer], [PLAN], [make.member()]), 1, **sandbox)
    lines = lines or (make.line("G0463", 150_00, modifiers=("25",)),)
    out = place.step(instant(make.day(1)), [make.file(make.day(1), make.claim("C1A", *lines))])[0]
    return out + place.step(instant(make.day(90)))[0]


def eras(parcels: list[Parcel]) -> list[Remittance]:
    return [Remittance.load(parcel.content)[0] for parcel in parcels if parcel.meta.get("set") == "835"]


def test_a_lost_acknowledgment_never_comes_but_the_money_does(make: Any) -> None:
    parcels = came(make, Faults(acknowledgment_lost=ALWAYS))
    assert 1 == sum(parcel.meta.get("set") == "277CA" for parcel in parcels)
    assert [80_00] == [era.paid_cents for era in eras(parcels)]


def test_a_repeated_file_has_the_same_trace_and_brings_no_second_deposit(make: Any) -> None:
    parcels = came(make, Faults(file_repeated=ALWAYS))
    first, second = eras(parcels)
    assert (first.trace_number, first.paid_cents) == (second.trace_number, second.paid_cents)
    assert 1 == sum(parcel.channel == "bank" for parcel in parcels)


def test_a_payer_may_write_the_control_number_in_another_case_and_drop_a_modifier(make: Any) -> None:
    [era] = eras(came(make, Faults(control_number_case=ALWAYS, modifier_dropped=ALWAYS)))
    [payment] = era.claims
    assert ("c1a", ()) == (payment.control_number, payment.service_lines[0].procedure.modifiers)


def test_a_split_claim_goes_on_under_two_control_numbers(make: Any) -> None:
    """277CA A5 twice for one claim number; two CLP whose charges make up the whole."""
    lines = make.line("G0463", 150_00), make.line("G0127", 50_00, 2)
    parcels = came(make, Faults(claim_split=ALWAYS), *lines)
    acknowledged = [
        (claim.statuses[0].category, claim.payer_control_number)
        for parcel in parcels
        if parcel.meta.get("set") == "277CA" and parcel.meta["payer"]
        for ack in ClaimAcknowledgment.load(parcel.content)
        for claim in ack.claims
    ]
    payments = [payment for era in eras(parcels) for payment in era.claims]
    assert {"A5"} == {category for category, _number in acknowledged}
    assert {number for _category, number in acknowledged} == {payment.payer_control_number for payment in payments}
    assert (["C1A", "C1A"], [50_00, 150_00]) == (
        [payment.control_number for payment in payments],
        sorted(payment.charge_cents for payment in payments),
    )


def test_an_unbalanced_claim_comes_again_right(make: Any) -> None:
    wrong, right = eras(came(make, Faults(claim_unbalanced=ALWAYS)))
    short = [50_00 - next(era.claims).service_lines[0].adjustments[0].amount_cents for era in (wrong, right)]
    assert [1_00, 0] == short


def test_where_everybody_is_welcome_an_unknown_member_of_an_unknown_payer_is_paid_late_or_not(make: Any) -> None:
    """Two years after the service; a default plan and the default rate."""
    place = Sandbox(make.world([make.payer()], [PLAN], []), 1, enroll_unknown=True)
    stranger = make.claim("OLD", make.line("G0463", 100_00), payer="NOBODYKNOWS", member_id="X9")
    on = make.day(800)
    out = place.step(instant(on), [make.file(on, stranger)])[0] + place.step(instant(make.day(1_200)))[0]
    [era] = eras(out)
    [payment] = era.claims
    assert {("CO", "45"), ("PR", "2")} == {
        (adjustment.group.value, adjustment.reason) for adjustment in payment.service_lines[0].adjustments
    }
    assert 48_00 == payment.paid_cents
