"""What people at the desk do, and what other services send back to registration."""

from uuid import UUID

from msgspec.structs import replace

from eligibility import published
from eligibility.consumed import ClaimRejected, DenialOpened, InsurancePresented
from eligibility.domain.charges import Delivery, charged
from eligibility.domain.corrections import Given, with_correction, with_coverage, with_patient, without_coverage
from eligibility.domain.encounter import Coverage
from eligibility.domain.facts import Charges, CoverageSent, EncounterSent, PatientSent
from eligibility.domain.registration import Chart, finished, told_difference
from eligibility.handlers.encounters import finish, hand_on
from eligibility.handlers.records import keep, known_chart, open_chart, payer_of, tell
from eligibility.handlers.verification import ask, verify_changed
from eligibility.messages.commands import (
    AddCharges,
    AddCoverage,
    CancelEncounter,
    CorrectCoverage,
    CorrectPatient,
    CoverageGiven,
    Done,
    ElectSelfPay,
    FinishEncounter,
    RemoveCoverage,
    SignNotice,
    VerifyCoverage,
)
from eligibility.storage import EligibilityWork
from revcycle_kit.clock import local_date
from revcycle_kit.errors import Conflict, NotFound, NotYet, Refusal


async def add_coverage(asked: AddCoverage, work: EligibilityWork) -> Done:
    """Add a coverage that the patient presented, and verify it."""
    chart = known_chart(work)
    if asked.given.payer_id is None:
        raise Refusal("The coverage names no payer.", "payer_id", "Choose the payer from the directory.")
    payer = work.payers.get(asked.given.payer_id)
    after, coverage_id = with_coverage(chart, payer, _given(asked.given, work), first=asked.first)
    _tell_and_verify(chart, after, work)
    return Done(id=coverage_id, state="added")


async def correct_coverage(asked: CorrectCoverage, work: EligibilityWork) -> Done:
    """Correct a coverage, and verify it again."""
    chart = known_chart(work)
    after = with_correction(chart, _coverage(chart, asked), _given(asked.given, work))
    _tell_and_verify(chart, after, work)
    return Done(id=asked.coverage_id, state="corrected")


async def remove_coverage(asked: RemoveCoverage, work: EligibilityWork) -> Done:
    """Take a coverage off the encounter."""
    chart = known_chart(work)
    _coverage(chart, asked)
    tell(told_difference(chart, without_coverage(chart, asked.coverage_id)), work)
    return Done(id=asked.coverage_id, state="removed")


async def correct_patient(asked: CorrectPatient, work: EligibilityWork) -> Done:
    """Correct who the patient or the guarantor is, and verify what depends on it."""
    chart = known_chart(work)
    _tell_and_verify(chart, with_patient(chart, asked.patient, asked.guarantor), work)
    return Done(id=chart.encounter.encounter_id, state="corrected")


async def verify_coverage(asked: VerifyCoverage, work: EligibilityWork) -> Done:
    """Ask the payer now."""
    encounter = known_chart(work).encounter
    chosen = [each for each in encounter.coverages if asked.coverage_id in {None, each.coverage_id}]
    if not chosen:
        raise NotFound("coverage")
    inquiries = [ask(coverage, work) for coverage in chosen]
    if not any(inquiries):
        raise Conflict(
            "This coverage cannot be verified electronically.",
            "coverage_id",
            "Complete payer and billing entity in the directory, or verify by telephone.",
        )
    return Done(id=encounter.encounter_id, state="asked")


async def sign_notice(asked: SignNotice, work: EligibilityWork) -> Done:
    """Record a notice that the patient signed."""
    encounter = known_chart(work).encounter
    work.publish(
        published.NoticeSigned(
            encounter_id=encounter.encounter_id, kind=asked.kind, codes=asked.codes, signed_on=asked.signed_on
        )
    )
    return Done(id=encounter.encounter_id, state=asked.kind)


async def elect_self_pay(asked: ElectSelfPay, work: EligibilityWork) -> Done:
    """Record that the patient pays cash and forbids disclosure to the plan (45 CFR 164.522)."""
    chart = known_chart(work)
    if chart.encounter.elected_self_pay_on is None:
        elected = replace(chart.encounter, self_pay=True, elected_self_pay_on=asked.elected_on)
        keep(Chart(encounter=elected, identity=chart.identity), work)
        work.publish(published.SelfPayElected(encounter_id=elected.encounter_id, elected_on=asked.elected_on))
    return Done(id=chart.encounter.encounter_id, state="self_pay")


async def add_charges(asked: AddCharges, work: EligibilityWork) -> Done:
    """Take charges entered by hand."""
    chart = known_chart(work)
    told = Charges(
        patient=PatientSent(
            patient_id=chart.encounter.patient_id,
            medical_record_number=chart.identity.medical_record_number,
            assigner="",
            person=chart.identity.patient,
        ),
        encounter=EncounterSent(encounter_id=chart.encounter.encounter_id),
        lines=asked.lines,
        diagnoses=asked.diagnoses,
        complete=asked.complete,
        reference=f"api/{asked.reference}",
    )
    delivery: Delivery = charged(chart.encounter, told)
    if delivery.unmatched:
        raise Refusal(
            "A credit takes back a charge that this encounter does not have.",
            "lines",
            "Send the transaction id, or code, modifiers and date of the charge it takes back.",
        )
    hand_on(told, chart, work)
    return Done(id=chart.encounter.encounter_id, state=f"{len(delivery.lines)} lines")


async def finish_encounter(asked: FinishEncounter, work: EligibilityWork) -> Done:
    """End the visit, as the desk says."""
    del asked
    chart = known_chart(work)
    clinic = work.clinics.get(work.stream.tenant_id)
    finish(chart, finished(chart, work.now, local_date(work.now, clinic.time_zone)), work)
    return Done(id=chart.encounter.encounter_id, state="finished")


async def cancel_encounter(asked: CancelEncounter, work: EligibilityWork) -> Done:
    """Cancel the visit, as the desk says."""
    chart = known_chart(work)
    encounter = chart.encounter
    if encounter.charged:
        raise Conflict("The encounter has charges.", "encounter", "Credit its charges first, then cancel it.")
    if encounter.state != "cancelled":
        gone = replace(encounter, state="cancelled", cancelled_at=work.now)
        keep(Chart(encounter=gone, identity=chart.identity), work)
        work.publish(
            published.EncounterCancelled(
                encounter_id=encounter.encounter_id, reason=asked.reason, cancelled_at=work.now
            )
        )
    return Done(id=encounter.encounter_id, state="cancelled")


async def present_insurance(told: InsurancePresented, work: EligibilityWork) -> None:
    """Add the coverage that patient billing was shown, and verify it: its numbers come from the payer."""
    chart = open_chart(work)
    if chart is None or not chart.encounter.registrations:
        raise NotYet(f"encounter {told.encounter_id}")
    payer = payer_of(CoverageSent(payer_name=told.payer_name), chart.encounter.organization_id, work)
    if any(each.payer_id == payer.payer_id for each in chart.encounter.coverages):
        _verify_payer(payer.payer_id, work)
        return
    after, _ = with_coverage(chart, payer, Given(), first=False)
    _tell_and_verify(chart, after, work)


async def learn_of_rejection(told: ClaimRejected, work: EligibilityWork) -> None:
    """Verify the coverage again when a claim was rejected for it."""
    if told.cause == "eligibility":
        _verify_payer(told.payer_id, work)


async def learn_of_denial(told: DenialOpened, work: EligibilityWork) -> None:
    """Verify the coverage again when a payment was refused for it."""
    if told.category == "eligibility":
        _verify_payer(told.payer_id, work)


def _verify_payer(payer_id: UUID, work: EligibilityWork) -> None:
    chart = open_chart(work)
    for coverage in chart.encounter.coverages if chart else ():
        if coverage.payer_id == payer_id:
            ask(coverage, work)


def _tell_and_verify(before: Chart, after: Chart, work: EligibilityWork) -> None:
    tell(told_difference(before, after), work)
    verify_changed(before.encounter, before.identity, work)


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
