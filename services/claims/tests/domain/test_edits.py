"""Each edit finds what it is for, names field, rule and fix, and leaves a sound claim alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from claims.domain.adjudication import Adjustment
from claims.domain.claims import Claim, PriorLine, PriorPayer
from claims.domain.directory import Enrollment
from claims.domain.edits import EDITS, EditContext, Rulebook, check
from claims.domain.edits.context import PreventionRule
from claims.domain.edits.parties import npi_valid
from claims.domain.encounters import Authorization
from claims.domain.people import Person
from claims.testing.story import PROVIDER, EncounterStory
from revcycle_kit.ids import derived_id
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import replace

Change = Callable[[EditContext], EditContext]
TODAY = date(2026, 1, 12)
PPO = derived_id("payer", "ppo")


def context_of(story: EncounterStory, claim: Claim) -> EditContext:
    """Put together a claim with nothing wrong."""
    people = story.context.identity
    return EditContext(
        claim=claim,
        encounter=story.encounter,
        identity=replace(people, subscribers=(people.subscriber(claim.coverage_id),)),
        parties=story.parties,
        today=TODAY,
    )


@pytest.fixture(scope="module")
def sound() -> EditContext:
    """A professional claim with nothing wrong."""
    story = EncounterStory("ppo")
    story.charge(25000)
    [claim] = story.bill()
    return context_of(story, claim)


@pytest.fixture(scope="module")
def facility() -> EditContext:
    """An institutional claim with nothing wrong."""
    story = EncounterStory("ppo")
    story.charge(25000, revenue_code="0510")
    [claim] = story.bill()
    return context_of(story, claim)


def claim(**changes: Any) -> Change:
    """Change the claim."""
    return lambda context: replace(context, claim=replace(context.claim, **changes))


def line(**changes: Any) -> Change:
    """Change the claim's first line."""

    def apply(context: EditContext) -> EditContext:
        first, *rest = context.claim.lines
        return replace(context, claim=replace(context.claim, lines=(replace(first, **changes), *rest)))

    return apply


def payee(**changes: Any) -> Change:
    """Change the billing entity."""
    return lambda context: replace(
        context, parties=replace(context.parties, payee=replace(context.parties.payee, **changes))
    )


def street(**changes: Any) -> Change:
    """Change the billing address."""
    return lambda context: payee(address=replace(context.parties.payee.address, **changes))(context)


def provider(**changes: Any) -> Change:
    """Change the rendering provider."""
    return lambda context: replace(
        context,
        parties=replace(context.parties, providers={PROVIDER: replace(context.parties.providers[PROVIDER], **changes)}),
    )


def payer(**changes: Any) -> Change:
    """Change the payer."""
    return lambda context: replace(
        context, parties=replace(context.parties, payers={PPO: replace(context.parties.payers[PPO], **changes)})
    )


def enrollment(transaction: str, provider_id: UUID | None = None) -> Change:
    """Enroll, but only from tomorrow on."""

    def apply(context: EditContext) -> EditContext:
        row = Enrollment(
            payer_id=PPO,
            billing_entity_id=context.claim.billing_entity_id,
            provider_id=provider_id,
            transaction=transaction,
            effective_on=date(2026, 1, 13),
        )
        return replace(context, parties=replace(context.parties, enrollments=(row,)))

    return apply


def person(**changes: Any) -> Change:
    """Change the patient."""
    return lambda context: replace(
        context, identity=replace(context.identity, patient=replace(context.identity.patient, **changes))
    )


def holder(**changes: Any) -> Change:
    """Change the subscriber."""

    def apply(context: EditContext) -> EditContext:
        [subscriber] = context.identity.subscribers
        return replace(context, identity=replace(context.identity, subscribers=(replace(subscriber, **changes),)))

    return apply


def coverage(**changes: Any) -> Change:
    """Change the coverage."""

    def apply(context: EditContext) -> EditContext:
        [coverage] = context.encounter.coverages
        return replace(context, encounter=replace(context.encounter, coverages=(replace(coverage, **changes),)))

    return apply


def encounter(**changes: Any) -> Change:
    """Change the encounter."""
    return lambda context: replace(context, encounter=replace(context.encounter, **changes))


def both(*changes: Change) -> Change:
    """Make several changes."""

    def apply(context: EditContext) -> EditContext:
        for change in changes:
            context = change(context)
        return context

    return apply


def authorization(**more: Any) -> Change:
    """Have an authorization on file and on the claim."""
    story = Authorization(authorization_id=derived_id("a"), payer_id=PPO, outcome="certified", number="A1", **more)
    return both(encounter(authorizations=(story,)), claim(authorization_number="A1"))


def prior(paid: int) -> tuple[PriorPayer, ...]:
    """Say what a payer before did with 250.00, if it paid that much."""
    taken = (Adjustment(group="CO", carc="45", amount_cents=Cents(15000), meaning="contractual"),)
    return (
        PriorPayer(
            coverage_id=derived_id("x"),
            payer_id=PPO,
            rank=1,
            paid_cents=Cents(paid),
            patient_cents=ZERO,
            lines=(PriorLine(line_number=1, paid_cents=Cents(paid), adjustments=taken),),
            adjudicated_on=TODAY,
        ),
    )


def rule(*, active: bool = True) -> Change:
    """Have a rule learned from denials."""
    learned = PreventionRule(
        rule_id=derived_id("r"), organization_id=derived_id("o"), payer_id=PPO, codes=("99211",), active=active
    )
    return lambda context: replace(context, rulebook=Rulebook(prevention=(learned,)))


def twice(context: EditContext) -> EditContext:
    """Let the same service stand twice."""
    [line] = context.claim.lines
    return replace(context, claim=replace(context.claim, lines=(line, replace(line, line_number=2))))


PROFESSIONAL: list[tuple[str, Change]] = [
    ("billing_npi", payee(npi="1234567890")),
    ("billing_tin", payee(tin="12-345")),
    ("billing_taxonomy", payee(taxonomy="207Q")),
    ("billing_street", street(line1="P.O. Box 12")),
    ("billing_street", street(line1="")),
    ("billing_zip", street(postal_code="12207")),
    ("rendering_provider", claim(rendering_provider_id=None)),
    ("rendering_npi", provider(npi="9999999999")),
    ("rendering_taxonomy", provider(taxonomy="X")),
    ("payer_known", payer(payer_code="")),
    ("edi_enrollment", enrollment("837")),
    ("credentialing", enrollment("credentialing", PROVIDER)),
    ("patient_name", person(given="")),
    ("patient_birth", person(birth_on=None)),
    ("patient_birth", person(birth_on=date(2026, 2, 1))),
    ("patient_sex", person(sex="X")),
    ("member_id", holder(member_id="")),
    ("medicare_number", both(claim(payer_kind="medicare"), holder(member_id="123456789A"))),
    ("subscriber_name", both(coverage(relationship="19"), holder(person=Person()))),
    ("relationship", coverage(relationship="99")),
    ("coverage_active", coverage(ends_on=date(2025, 12, 31))),
    ("coverage_refused", coverage(answer="refused")),
    ("coverage_verified", coverage(answer="")),
    ("self_pay_elected", encounter(self_pay_elected=True)),
    ("authorization_on_file", payer(authorization_codes=("99211",))),
    ("authorization_span", authorization(valid_from_on=date(2026, 1, 11))),
    ("authorization_units", authorization(units=Decimal("0.5"))),
    ("service_not_future", line(service_on=date(2026, 1, 20))),
    ("service_span", line(service_through_on=date(2026, 1, 9))),
    ("statement_dates", line(service_on=date(2026, 1, 9))),
    ("timely_filing", claim(timely_filing_by=date(2026, 1, 11))),
    ("diagnosis_present", claim(diagnoses=())),
    ("diagnosis_form", claim(diagnoses=("44054006",))),
    ("diagnosis_valid", lambda context: replace(context, rulebook=Rulebook(diagnosis_valid=lambda *_: False))),
    ("diagnosis_count", claim(diagnoses=tuple(f"E11{n:02}" for n in range(13)))),
    ("diagnosis_pointer", line(pointers=())),
    ("diagnosis_pointer", line(pointers=(2,))),
    ("procedure_form", line(code="OFFICE")),
    ("modifier_form", line(modifiers=("25", "25"))),
    ("modifier_form", line(modifiers=("2",))),
    ("modifier_conflict", line(modifiers=("59", "XU"))),
    ("units", line(units=Decimal(0))),
    ("units_limit", line(code="G0008", units=Decimal(2))),
    ("place_of_service", line(place_of_service="88")),
    ("same_line_twice", twice),
    ("billed_elsewhere", lambda context: replace(context, billed_elsewhere=frozenset({("99211", date(2026, 1, 10))}))),
    ("prevention_rule", rule()),
    ("line_charge", line(charge_cents=0)),
    ("charge_total", line(charge_cents=24000)),
    ("charge_limit", line(charge_cents=10**11)),
    ("line_count", claim(lines=())),
    ("payer_claim_number", claim(frequency="7")),
    ("prior_payment", claim(rank=2)),
    ("prior_balance", claim(rank=2, prior=prior(9000))),
]
INSTITUTIONAL: list[tuple[str, Change]] = [
    ("attending_provider", claim(attending_provider_id=None)),
    ("revenue_code", line(revenue_code="51")),
    ("bill_type", claim(facility_code="")),
    ("admission_date", encounter(visit_class="inpatient")),
]


def test_a_sound_claim_has_no_findings(sound: EditContext, facility: EditContext) -> None:
    assert () == check(sound)
    assert () == check(facility)


@pytest.mark.parametrize(("edit", "change"), PROFESSIONAL, ids=[name for name, _ in PROFESSIONAL])
def test_an_edit_finds_what_it_is_for(sound: EditContext, edit: str, change: Change) -> None:
    found = check(change(sound))

    assert edit in {finding.edit for finding in found}
    assert all(finding.field and finding.rule and finding.fix and finding.owner for finding in found)


@pytest.mark.parametrize(("edit", "change"), INSTITUTIONAL, ids=[name for name, _ in INSTITUTIONAL])
def test_an_institutional_edit_finds_what_it_is_for(facility: EditContext, edit: str, change: Change) -> None:
    assert edit in {finding.edit for finding in check(change(facility))}


def test_every_edit_is_tested_and_none_is_named_twice() -> None:
    names = [edit.name for edit in EDITS]

    assert len(names) == len(set(names))
    assert set(names) == {name for name, _ in (*PROFESSIONAL, *INSTITUTIONAL)}


def test_an_edit_that_a_person_overrode_is_left_out(sound: EditContext) -> None:
    late = claim(timely_filing_by=date(2026, 1, 11), overridden=("timely_filing",))

    assert () == check(late(sound))


def test_a_retired_rule_holds_nothing(sound: EditContext) -> None:
    assert () == check(rule(active=False)(sound))


def test_a_payer_is_not_waited_for_on_the_second_day(sound: EditContext) -> None:
    assert () == check(replace(coverage(answer="")(sound), may_wait=False))


def test_a_second_payer_that_balances_is_told(sound: EditContext) -> None:
    assert () == check(claim(rank=2, prior=prior(10000))(sound))


def test_an_admission_within_the_stay_is_sound(facility: EditContext) -> None:
    stay = both(
        encounter(visit_class="inpatient", admitted_at=datetime(2026, 1, 10, tzinfo=UTC)),
        claim(admitted_on=date(2026, 1, 10)),
    )

    assert () == check(stay(facility))


@pytest.mark.parametrize(
    ("npi", "valid"),
    [("1234567893", True), ("1245319599", True), ("1234567890", False), ("3234567893", False), ("12345", False)],
)
def test_the_check_digit_of_an_npi_counts_the_prefix(*, npi: str, valid: bool) -> None:
    assert valid == npi_valid(npi)


@pytest.mark.parametrize(("number", "valid"), [("1EG4TE5MK73", True), ("1EG4-TE5-MK73", True), ("1SG4TE5MK73", False)])
def test_a_medicare_number_has_its_own_letters(sound: EditContext, *, number: str, valid: bool) -> None:
    found = check(both(claim(payer_kind="medicare"), holder(member_id=number))(sound))

    assert valid == ("medicare_number" not in {finding.edit for finding in found})
