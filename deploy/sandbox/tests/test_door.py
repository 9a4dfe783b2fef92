"""What is turned away before adjudication, and by whom."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from revcycle_sandbox.claims import Adjustment, PriorDecision
from revcycle_sandbox.world import Plan

PLAN = Plan(code="PLAN", payer="PPO01")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"payer": "NOBODY"}, "A3:116"),
        ({"billing_postal_code": "10001"}, "A7:500:85"),
        ({"frequency": "7"}, "A7:464"),
    ],
)
def test_the_clearinghouse_turns_away_what_it_cannot_pass_on(make: Any, change: dict[str, str], status: str) -> None:
    place = make.town([make.payer()], [PLAN], [make.member()])
    place.send(make.day(1), msgspec.structs.replace(make.claim("C1", make.line("G0463", 100_00)), **change))
    place.pass_until(make.day(40))
    assert status in place.statuses("clearinghouse")
    assert [] == place.decisions


def test_a_service_in_the_future_is_turned_away(make: Any) -> None:
    place = make.town([make.payer()], [PLAN], [make.member()])
    place.send(make.day(1), make.claim("C1", make.line("G0463", 100_00, service_on=make.day(9))))
    place.pass_until(make.day(40))
    assert ["A7:187"] == place.statuses("clearinghouse")


def test_coordination_that_does_not_balance_is_turned_away(make: Any) -> None:
    """Charge 100.00; the other payer is said to have paid 40.00 and adjusted 50.00."""
    prior = PriorDecision(payer="X", paid_cents=40_00, adjustments=(Adjustment("CO", "45", 50_00),))
    place = make.town([make.payer()], [PLAN], [make.member()])
    place.send(make.day(1), make.claim("C1", make.line("G0463", 100_00, prior=(prior,)), rank="S"))
    place.pass_until(make.day(40))
    assert ["A8:672"] == place.statuses("clearinghouse")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"member_id": "NOBODY"}, "A7:33:IL"),
        ({"billing_npi": "1999999992"}, "A7:562:85"),
        ({"rendering_npi": "1999999992"}, "A7:562:82"),
        ({"frequency": "7", "payer_control_number": "UNKNOWN"}, "A7:535"),
    ],
)
def test_the_payer_turns_away_whom_it_does_not_know(make: Any, change: dict[str, str], status: str) -> None:
    place = make.town([make.payer()], [PLAN], [make.member()])
    place.send(make.day(1), msgspec.structs.replace(make.claim("C1", make.line("G0463", 100_00)), **change))
    place.pass_until(make.day(40))
    assert status in place.statuses("payer")
    assert [] == place.decisions


def test_a_payer_without_front_end_membership_answers_status_4(make: Any) -> None:
    """Accepted at the door, then CLP02 4 with reason 31."""
    behaviour = msgspec.structs.replace(make.payer().behaviour, front_end_membership=False)
    place = make.town([make.payer(behaviour=behaviour, ended_group="CO")], [PLAN], [make.member()])
    place.send(make.day(1), make.claim("C1", make.line("G0463", 100_00), member_id="NOBODY"))
    place.pass_until(make.day(40))
    [decision] = place.decisions
    assert ("4", 100_00) == (decision.status, decision.adjusted("CO", "31"))


def test_a_good_claim_of_a_file_goes_on_beside_a_bad_one(make: Any) -> None:
    place = make.town([make.payer(fees={"G0463": 80_00})], [PLAN], [make.member()])
    good = make.claim("GOOD", make.line("G0463", 100_00, units=Decimal(1)))
    bad = make.claim("BAD", make.line("G0463", 100_00), payer="NOBODY")
    place.send(make.day(1), bad, good)
    place.pass_until(make.day(40))
    assert ["A3:116", "A1:19:PR"] == place.statuses("clearinghouse")
    assert [80_00] == [decision.paid_cents for decision in place.decisions]
