"""Check runs: what is decided after the day's run goes on the next, and a redecided claim still crosses over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from revcycle_sandbox.behaviour import AppealRule
from revcycle_sandbox.world import NecessityRule, Plan


def test_a_decision_of_the_afternoon_is_paid_with_the_next_run_under_its_own_trace(make: Any) -> None:
    office = make.town([make.payer()], [], []).clearinghouse.offices["PPO01"]
    morning = datetime(2026, 7, 22, 5, tzinfo=UTC)
    noon = morning.replace(hour=12)
    assert noon == office.next_run(morning)
    assert noon + timedelta(days=1) == office.next_run(noon)
    assert noon + timedelta(days=1) == office.next_run(morning.replace(hour=14))


def test_a_claim_that_medicare_pays_only_on_appeal_is_forwarded_to_medigap_then(make: Any) -> None:
    rule = AppealRule(carc="50", outcome="overturned", decide_after_days=20, pay_after_days=7)
    behaviour = msgspec.structs.replace(make.payer().behaviour, appeals=(rule,))
    needs = (NecessityRule(code="G0463", diagnoses=("Z99",)),)
    medicare = make.payer("MCR", kind="medicare", fees={"G0463": 200_00}, behaviour=behaviour, necessity=needs)
    plans = [
        Plan(code="PLAN", payer="MCR", coinsurance_basis_points=2_000),
        Plan(code="GAP", payer="GAP", coordination="medigap"),
    ]
    covered = make.member(payer="MCR", crossover_payer="GAP", crossover_member_id="G1")
    place = make.town([medicare, make.payer("GAP", kind="medigap")], plans, [covered, make.member("G1", "GAP", "GAP")])

    place.send(make.day(1), make.claim("A1", make.line("G0463", 300_00), payer="MCR"))
    place.appeal(make.day(20), payer_code="MCR", patient_control_number="A1")
    place.pass_until(make.day(90))

    refused, reversal, paid, second = place.decisions
    assert [0, 0] == [refused.paid_cents, reversal.paid_cents]
    assert ("19", "GAP") == (paid.status, paid.forwarded_to)
    assert 40_00 == second.paid_cents
