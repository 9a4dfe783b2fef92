"""Any claim and any remittance that can be said survives writing and reading."""

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from revcycle_x12 import Delimiters, Envelope, write
from revcycle_x12._syntax.elements import format_cents, parse_cents
from revcycle_x12.codes import AdjustmentGroup
from revcycle_x12.professional import Claim, HealthCode, Procedure, ProfessionalClaims, ServiceLine
from revcycle_x12.remittance import Adjustment, ClaimPayment, ProviderAdjustment, Remittance, ServicePayment
from revcycle_x12.validate import validate

Make = Callable[..., Any]
MONEY = st.integers(-99_999_999_99, 99_999_999_99)
CHARGE = st.integers(0, 9_999_999_99)
DAYS = st.dates(date(2015, 10, 1), date(2099, 12, 31))
"""Since ICD-10 is in force."""
WORD = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -'.,&()", min_size=1, max_size=20).filter(lambda s: s.strip() == s)
REASON = st.integers(1, 300).map(str)
DELIMITERS = st.permutations("*:^~|<>!+%").map(lambda marks: Delimiters(*marks[:4]))
QUICKLY = settings(max_examples=60, deadline=None)


@given(MONEY)
def test_cents_survive_the_text_of_amounts(amount: int) -> None:
    assert amount == parse_cents(format_cents(amount))


@given(
    lines=st.lists(
        st.tuples(CHARGE, DAYS, st.lists(st.integers(1, 2), min_size=1, max_size=2, unique=True)), min_size=1
    ),
    number=WORD,
)
@QUICKLY
def test_a_claim_survives(
    *, envelope: Callable[..., Envelope], batch: Make, subscriber: Make, claim: Make,
    lines: list[tuple[int, date, list[int]]], number: str,
) -> None:  # fmt: skip
    built = claim(
        control_number=number,
        charge_cents=sum(line[0] for line in lines[:50]),
        diagnoses=[HealthCode("E119"), HealthCode("I10")],
        service_lines=[
            ServiceLine(
                procedure=Procedure("G0463"),
                charge_cents=charge,
                quantity="1",
                served=served,
                diagnosis_pointers=pointers,
            )
            for charge, served, pointers in lines[:50]
        ],
    )

    data = write(envelope(), [batch(subscriber(claims=[built]))])

    assert validate(data).ok
    [read] = [found for loaded in ProfessionalClaims.load(data) for found in loaded.claims]
    assert (number, built.charge_cents) == (read.control_number, read.charge_cents)
    assert lines[:50] == [(line.charge_cents, line.served_on, line.diagnosis_pointers) for line in read.service_lines]


@st.composite
def payments(draw: st.DrawFn) -> tuple[list[Adjustment], int, int]:
    """Adjustments, charge and payment of a line that balances."""
    groups = st.sampled_from([AdjustmentGroup.CONTRACTUAL, AdjustmentGroup.PATIENT, AdjustmentGroup.OTHER])
    found = draw(st.lists(st.tuples(groups, REASON, st.integers(-9_999_99, 9_999_99)), max_size=9))
    adjustments = [Adjustment(group, reason, cents) for group, reason, cents in found]
    charge = draw(st.integers(0, 99_999_99))
    return adjustments, charge, charge - sum(item.amount_cents for item in adjustments)


@given(
    claims=st.lists(st.lists(payments(), min_size=1, max_size=4), max_size=5),
    provider=st.lists(st.integers(-9_999_99, 9_999_99), max_size=8),
    delimiters=DELIMITERS,
)
@QUICKLY
def test_a_remittance_survives_and_balances(
    *, envelope: Callable[..., Envelope], remittance: Make, claim_payment: Make,
    claims: list[list[tuple[list[Adjustment], int, int]]], provider: list[int], delimiters: Delimiters,
) -> None:  # fmt: skip
    built: list[ClaimPayment] = [
        claim_payment(
            control_number=f"C{place}",
            charge_cents=sum(line[1] for line in lines),
            paid_cents=sum(line[2] for line in lines),
            service_lines=[
                ServicePayment(
                    procedure=Procedure("G0463"), charge_cents=charge, paid_cents=paid, adjustments=adjustments
                )
                for adjustments, charge, paid in lines
            ],
        )
        for place, lines in enumerate(claims)
    ]
    adjusted = [ProviderAdjustment("1234567893", date(2026, 12, 31), "WO", "R", cents) for cents in provider]
    total = sum(payment.paid_cents for payment in built) - sum(provider)
    era = remittance(*built, paid_cents=total, provider_adjustments=adjusted)

    data = write(envelope(delimiters=delimiters), [era])

    balances = {finding.code for finding in validate(data).findings if "balance" in finding.code}
    assert balances == set()
    [read] = Remittance.load(data)
    assert adjusted == read.provider_adjustments
    for claim, lines in zip(read.claims, claims, strict=True):
        for line, (adjustments, charge, paid) in zip(claim.service_lines, lines, strict=True):
            assert (charge, paid) == (line.charge_cents, line.paid_cents)
            assert sorted(map(repr, adjustments)) == sorted(map(repr, line.adjustments))


@given(draw=st.data())
@QUICKLY
def test_writing_what_was_read_changes_nothing(
    draw: st.DataObject, envelope: Callable[..., Envelope], batch: Make, subscriber: Make, claim: Make
) -> None:
    claims: list[Claim] = [
        claim(control_number=f"{place}-{draw.draw(WORD)}"[:20].strip()) for place in range(draw.draw(st.integers(1, 3)))
    ]
    written = write(envelope(), [batch(subscriber(claims=claims))])

    again = write(envelope(), ProfessionalClaims.load(written))

    assert written == again
