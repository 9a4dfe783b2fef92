"""What must hold for any charges and any decisions: money is conserved, reversals restore, balances are checked."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claims.domain.balancing import claim_imbalances, file_imbalance, line_imbalance
from claims.domain.cash import applied, received, unapplied_cents
from claims.domain.ledger import CASH, NONCLAIM, PAYMENT, RECOUPMENT, UNAPPLIED, Stamp, balances
from claims.domain.remittance_advice import CasAmount, ClaimPayment, PaidLine, ProviderAdjustment, RemittanceAdvice
from claims.testing.story import EncounterStory, payment
from revcycle_kit.money import Cents
from revcycle_kit.values import replace

NEVER = date(2026, 1, 1)
CODES = ("CO-45", "PR-1", "PR-2", "PR-3", "CO-97", "CO-253", "PR-204", "CO-252", "CO-24", "OA-94")
cents = st.integers(min_value=1, max_value=500_000)


@st.composite
def decisions(draw: st.DrawFn, charges: list[int]) -> list[tuple[int, int, str]]:
    """Draw a decision that balances: each charge is split into a payment and up to three adjustments."""
    lines = []
    for charge in charges:
        cuts = sorted(draw(st.lists(st.integers(0, charge), min_size=3, max_size=3)))
        parts = [cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], charge - cuts[2]]
        codes = draw(st.lists(st.sampled_from(CODES), min_size=3, max_size=3))
        text = ", ".join(f"{code} {part}" for code, part in zip(codes, parts[1:], strict=True) if part)
        lines.append((charge, parts[0], text))
    return lines


def negative(lines: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Turn a decision into its reversal."""
    return [
        (
            -charge,
            -paid,
            ", ".join(f"{part.split()[0]} -{part.split()[1]}" for part in text.split(",") if part.strip()),
        )
        for charge, paid, text in lines
    ]


histories = st.lists(cents, min_size=1, max_size=4).flatmap(
    lambda charges: st.tuples(st.just(charges), st.lists(decisions(charges), min_size=1, max_size=3), st.booleans())
)


@given(history=histories)
def test_charged_is_paid_adjusted_moved_lost_and_open_whatever_is_decided(
    history: tuple[list[int], list[Any], bool],
) -> None:
    """After each decision, each reversal, and with a second payer or without."""
    charges, steps, second = history
    story = EncounterStory("ppo", "second") if second else EncounterStory("ppo")
    story.charge(*charges)
    [claim] = story.bill()
    for lines in steps:
        story.remit("ppo", payment(claim, *lines))
        money = story.money
        assert sum(charges) == money.charged
        assert money.charged == money.paid + money.adjusted + money.transferred + money.written_off + money.open
        story.remit("ppo", payment(claim, *negative(lines), status="22"))


@given(history=histories)
def test_a_reversal_restores_every_account(history: tuple[list[int], list[Any], bool]) -> None:
    charges, steps, _ = history
    story = EncounterStory("ppo")
    story.charge(*charges)
    [claim] = story.bill()
    for lines in steps:
        before = {account: amount for account, amount in balances(story.entries).items() if amount}
        story.remit("ppo", payment(claim, *lines))
        story.remit("ppo", payment(claim, *negative(lines), status="22"))
        after = {account: amount for account, amount in balances(story.entries).items() if amount}
        assert before == after
    assert 0 == story.applied_cents


@given(history=histories)
def test_every_posting_balances(history: tuple[list[int], list[Any], bool]) -> None:
    charges, steps, _ = history
    story = EncounterStory("ppo")
    story.charge(*charges)
    [claim] = story.bill()
    story.remit("ppo", payment(claim, *steps[0]))

    assert 0 == sum(balances(story.entries).values())
    assert all(entry.amount_cents > 0 for entry in story.entries)


@given(charge=cents, paid=st.integers(0, 500_000), off=st.integers(-1_000, 1_000))
def test_a_line_balances_exactly_when_its_adjustments_say_the_difference(charge: int, paid: int, off: int) -> None:
    line = PaidLine(
        code="99213",
        charge_cents=Cents(charge),
        paid_cents=Cents(paid),
        adjustments=(CasAmount(group="CO", carc="45", amount_cents=Cents(charge - paid + off)),),
    )

    found = line_imbalance(line, "line 1")

    assert (found is None) == (off == 0)
    if found is not None:
        assert (charge - paid, charge - paid + off) == (found.expected_cents, found.found_cents)


@given(
    payments=st.lists(st.integers(-50_000, 50_000), max_size=5), plb=st.lists(st.integers(-9_000, 9_000), max_size=3)
)
def test_a_file_balances_exactly_when_the_payment_is_claims_less_provider_adjustments(
    payments: list[int], plb: list[int]
) -> None:
    payment = sum(payments) - sum(plb)
    advice = RemittanceAdvice(
        trace_number="T",
        payment_cents=Cents(payment),
        claims=tuple(
            ClaimPayment(
                position=n,
                patient_control_number=str(n),
                status_code="1",
                charge_cents=Cents(paid),
                paid_cents=Cents(paid),
            )
            for n, paid in enumerate(payments, 1)
        ),
        provider_adjustments=tuple(ProviderAdjustment(reason="WO", amount_cents=Cents(amount)) for amount in plb),
    )

    assert (file_imbalance(advice) is None) == (payment >= 0)
    assert all(claim_imbalances(claim) == () for claim in advice.claims)
    assert file_imbalance(replace(advice, payment_cents=advice.payment_cents + 1)) is not None


@given(
    payment=st.integers(0, 900_000),
    taken=st.integers(-100_000, 900_000),
    plb=st.lists(st.tuples(st.sampled_from(["WO", "FB", "L6", "72", "CS"]), st.integers(-9_000, 9_000)), max_size=4),
)
def test_cash_is_applied_unapplied_and_what_belongs_to_no_claim(
    payment: int, taken: int, plb: list[tuple[str, int]]
) -> None:
    """Deposits = applied + unapplied + debt to the payer + income outside the claims."""
    advice = RemittanceAdvice(
        trace_number="T",
        payment_cents=Cents(payment),
        provider_adjustments=tuple(
            ProviderAdjustment(reason=reason, amount_cents=Cents(amount)) for reason, amount in plb
        ),
    )
    stamp = Stamp(service_on=NEVER, posted_on=NEVER)
    sums = balances((*received(advice, stamp), *applied(Cents(taken), stamp)))

    assert payment == sums.get(CASH, 0)
    assert unapplied_cents(advice, Cents(taken)) == -sums.get(UNAPPLIED, 0)
    elsewhere = sums.get(RECOUPMENT, 0) + sums.get(NONCLAIM, 0)
    assert payment == taken - sums.get(UNAPPLIED, 0) - elsewhere
    assert taken == -sums.get(PAYMENT, 0)
