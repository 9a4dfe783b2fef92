"""The coverages of an encounter: what people add, correct and take off, and what patient billing was shown."""

from eligibility.consumed import InsurancePresented
from eligibility.domain.corrections import CoverageDetails, with_correction, with_coverage, without_coverage
from eligibility.domain.encounter import Coverage, EncounterRecord, difference
from eligibility.domain.facts import CoverageSent
from eligibility.handlers.records import open_record, payer_of, publish_change, registered_record
from eligibility.handlers.verification import publish_and_verify, verify_payer
from eligibility.messages.commands import (
    AddCoverage,
    CorrectCoverage,
    CoverageInput,
    Done,
    RemoveCoverage,
)
from eligibility.storage import EligibilityWork
from revcycle_kit.errors import NotFound, NotYet, Refusal


async def add_coverage(command: AddCoverage, work: EligibilityWork) -> Done:
    """Add a coverage that the patient presented, and verify it."""
    record = registered_record(work)
    if command.given.payer_id is None:
        raise Refusal("The coverage names no payer.", "payer_id", "Choose the payer from the directory.")
    payer = work.payers.get(command.given.payer_id)
    after, coverage_id = with_coverage(record, payer, _given(command.given, work), first=command.first)
    publish_and_verify(record, after, work)
    return Done(id=coverage_id, state="added")


async def correct_coverage(command: CorrectCoverage, work: EligibilityWork) -> Done:
    """Correct a coverage, and verify it again."""
    record = registered_record(work)
    after = with_correction(record, _coverage(record, command), _given(command.given, work))
    publish_and_verify(record, after, work)
    return Done(id=command.coverage_id, state="corrected")


async def remove_coverage(command: RemoveCoverage, work: EligibilityWork) -> Done:
    """Take a coverage off the encounter."""
    record = registered_record(work)
    _coverage(record, command)
    publish_change(difference(record, without_coverage(record, command.coverage_id)), work)
    return Done(id=command.coverage_id, state="removed")


async def present_insurance(event: InsurancePresented, work: EligibilityWork) -> None:
    """Add the coverage that patient billing was shown, and verify it: its numbers come from the payer."""
    record = open_record(work)
    if record is None or not record.encounter.registrations:
        raise NotYet(f"encounter {event.encounter_id}")
    payer = payer_of(CoverageSent(payer_name=event.payer_name), record.encounter.organization_id, work)
    if any(coverage.payer_id == payer.payer_id for coverage in record.encounter.coverages):
        verify_payer(payer.payer_id, work)
        return
    after, _ = with_coverage(record, payer, CoverageDetails(), first=False)
    publish_and_verify(record, after, work)


def _given(given: CoverageInput, work: EligibilityWork) -> CoverageDetails:
    return CoverageDetails(
        payer=work.payers.get(given.payer_id) if given.payer_id else None,
        member_id=given.member_id,
        group_number=given.group_number,
        relationship=given.relationship,
        subscriber=given.subscriber,
        begins_on=given.begins_on,
        ends_on=given.ends_on,
    )


def _coverage(record: EncounterRecord, command: CorrectCoverage | RemoveCoverage) -> Coverage:
    known = record.encounter.coverage(command.coverage_id)
    if known is None:
        raise NotFound("coverage")
    return known
