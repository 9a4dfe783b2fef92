"""The coverages of an encounter: what people add, correct and take off, and what patient billing was shown."""

from eligibility.consumed import InsurancePresented
from eligibility.domain.corrections import Given, with_correction, with_coverage, without_coverage
from eligibility.domain.encounter import Coverage
from eligibility.domain.facts import CoverageSent
from eligibility.domain.registration import Chart, told_difference
from eligibility.handlers.records import known_chart, open_chart, payer_of, tell
from eligibility.handlers.verification import publish_and_verify, verify_payer
from eligibility.messages.commands import (
    AddCoverage,
    CorrectCoverage,
    CoverageGiven,
    Done,
    RemoveCoverage,
)
from eligibility.storage import EligibilityWork
from revcycle_kit.errors import NotFound, NotYet, Refusal


async def add_coverage(asked: AddCoverage, work: EligibilityWork) -> Done:
    """Add a coverage that the patient presented, and verify it."""
    chart = known_chart(work)
    if asked.given.payer_id is None:
        raise Refusal("The coverage names no payer.", "payer_id", "Choose the payer from the directory.")
    payer = work.payers.get(asked.given.payer_id)
    after, coverage_id = with_coverage(chart, payer, _given(asked.given, work), first=asked.first)
    publish_and_verify(chart, after, work)
    return Done(id=coverage_id, state="added")


async def correct_coverage(asked: CorrectCoverage, work: EligibilityWork) -> Done:
    """Correct a coverage, and verify it again."""
    chart = known_chart(work)
    after = with_correction(chart, _coverage(chart, asked), _given(asked.given, work))
    publish_and_verify(chart, after, work)
    return Done(id=asked.coverage_id, state="corrected")


async def remove_coverage(asked: RemoveCoverage, work: EligibilityWork) -> Done:
    """Take a coverage off the encounter."""
    chart = known_chart(work)
    _coverage(chart, asked)
    tell(told_difference(chart, without_coverage(chart, asked.coverage_id)), work)
    return Done(id=asked.coverage_id, state="removed")


async def present_insurance(told: InsurancePresented, work: EligibilityWork) -> None:
    """Add the coverage that patient billing was shown, and verify it: its numbers come from the payer."""
    chart = open_chart(work)
    if chart is None or not chart.encounter.registrations:
        raise NotYet(f"encounter {told.encounter_id}")
    payer = payer_of(CoverageSent(payer_name=told.payer_name), chart.encounter.organization_id, work)
    if any(each.payer_id == payer.payer_id for each in chart.encounter.coverages):
        verify_payer(payer.payer_id, work)
        return
    after, _ = with_coverage(chart, payer, Given(), first=False)
    publish_and_verify(chart, after, work)


def _given(given: CoverageGiven, work: EligibilityWork) -> Given:
    return Given(
        payer=work.payers.get(given.payer_id) if given.payer_id else None,
        member_id=given.member_id,
        group_number=given.group_number,
        relationship=given.relationship,
        subscriber=given.subscriber,
        begins_on=given.begins_on,
        ends_on=given.ends_on,
    )


def _coverage(chart: Chart, asked: CorrectCoverage | RemoveCoverage) -> Coverage:
    known = chart.encounter.coverage(asked.coverage_id)
    if known is None:
        raise NotFound("coverage")
    return known
