"""Whatever payers decide, one after the other: what is open in denials is what the last decision refuses."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from denials.domain.claim import Adjudication, Adjustment, DecidedLine
from denials.domain.classify import Circumstances
from denials.domain.denial import Denial
from denials.domain.directory import PayerTerms
from denials.domain.triage import triage
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents, total

DAY = date(2026, 3, 2)
CODES = ("CO-197", "CO-50", "PR-204", "CO-16")
TERMS = PayerTerms(
    payer_id=derived_id("payer"),
    organization_id=derived_id("organization"),
    name="Prairie Health Plan",
    payer_code="PRAIRIE1",
    kind="commercial",
    appeal_days=90,
    timely_filing_days=90,
)

Line = tuple[int, dict[str, int]]
"""What is paid on a line, and what is refused, by code."""
lines = st.tuples(st.integers(0, 90_000), st.dictionaries(st.sampled_from(CODES), st.integers(1, 50_000), max_size=3))
decisions = st.lists(
    st.tuples(
        st.sampled_from(["decision", "decision", "reversal", "duplicate"]), st.lists(lines, min_size=2, max_size=2)
    ),
    min_size=1,
    max_size=6,
)


def decided(number: int, kind: str, told: Sequence[Line]) -> Adjudication:
    """Return the n-th decision on a claim of two lines."""
    return Adjudication(
        encounter_id=derived_id("encounter"),
        claim_id=derived_id("claim"),
        number=number,
        reversal=kind == "reversal",
        duplicate=kind == "duplicate",
        payer_id=TERMS.payer_id,
        payer_kind="commercial",
        contracted=True,
        kind="P",
        rank=1,
        payer_claim_control_number=f"ICN{number}",
        paid_cents=Cents(sum(paid for paid, _ in told)),
        lines=tuple(line(place, *each) for place, each in enumerate(told, start=1)),
        service_on=DAY,
        decided_on=DAY + timedelta(days=number),
        posted_on=DAY + timedelta(days=number),
    )


def line(place: int, paid: int, refused: dict[str, int]) -> DecidedLine:
    """Return a line as decided."""
    return DecidedLine(
        line_number=place,
        code="G0463",
        charge_cents=Cents(paid + sum(refused.values())),
        paid_cents=Cents(paid),
        allowed_cents=Cents(paid),
        adjustments=tuple(
            Adjustment(group=code[:2], carc=code[3:], amount_cents=Cents(amount), meaning="denial")
            for code, amount in refused.items()
        ),
    )


@given(decisions)
def test_what_is_open_is_what_the_last_decision_refuses(story: list[tuple[str, list[Line]]]) -> None:
    """A reversal or a duplicate changes nothing; each denial ends once; no more is recovered than was paid."""
    ids = (derived_id("denial", str(number)) for number in count())
    unresolved: dict[object, Denial] = {}
    ended: list[Denial] = []
    refused: dict[tuple[int, str], int] = {}

    for number, (kind, told) in enumerate(story, start=1):
        adjudication = decided(number, kind, told)
        around = Circumstances(claim=None, terms=TERMS, proof=None, opened_on=adjudication.posted_on)
        result = triage(adjudication, around, tuple(unresolved.values()), lambda: next(ids))
        for denial in (*result.opened, *result.kept):
            unresolved[denial.denial_id] = denial
        for denial in result.ended:
            del unresolved[denial.denial_id]
        ended += result.ended
        if kind == "decision":
            refused = {
                (place, code): cents for place, (_, codes) in enumerate(told, start=1) for code, cents in codes.items()
            }
            assert total([denial.recovered_cents for denial in result.ended]) <= adjudication.paid_cents

        held = {
            (denial.line_number, f"{denial.group}-{denial.carc}"): denial.amount_cents for denial in unresolved.values()
        }
        assert refused == held

    assert len({denial.denial_id for denial in ended}) == len(ended)
    assert all(denial.resolved for denial in ended)
