"""Is the patient covered? The payer is asked, and its answer decides."""

from datetime import time
from uuid import UUID

from msgspec.structs import replace

from eligibility import events
from eligibility.consumed import ClaimRejected, DenialOpened
from eligibility.domain.encounter import Coverage, Encounter, Identity, lacking
from eligibility.domain.registration import Chart, told_difference
from eligibility.domain.verification import Answer, Inquiry, retry_at, verify_again_on
from eligibility.handlers.authorizations import request_where_needed
from eligibility.handlers.estimates import estimate_from_benefits
from eligibility.handlers.parties import member_asked, payee_asking
from eligibility.handlers.records import keep, known_chart, open_chart, tell
from eligibility.messages.commands import Done, VerifyCoverage
from eligibility.messages.effects import AskPayer
from eligibility.messages.timers import RetryInquiry, VerifyAgain
from eligibility.storage import EligibilityWork
from revcycle_kit.clock import local_date, local_instant
from revcycle_kit.delivery.messages import Reply
from revcycle_kit.errors import Conflict, NotFound
from revcycle_kit.ids import derived_id

MORNING = time(6, 0)
"""When the day's first tick of work falls, in the clinic's time."""


def verify_changed(before: Encounter | None, known: Identity | None, work: EligibilityWork) -> None:
    """Ask about every coverage that is new, or about whose member something changed."""
    chart = known_chart(work)
    same_day = before is not None and before.service_on == chart.encounter.service_on
    for coverage in chart.encounter.coverages:
        was = before.coverage(coverage.coverage_id) if before else None
        who = known.subscriber_of(coverage.coverage_id) if known else None
        if (
            was is None
            or was.payer_id != coverage.payer_id
            or not same_day
            or who != chart.identity.subscriber_of(coverage.coverage_id)
        ):
            ask(coverage, work)


def ask(coverage: Coverage, work: EligibilityWork) -> Inquiry | None:
    """Ask the payer about one coverage of the stream's encounter; None where this payer cannot be asked."""
    chart = open_chart(work)
    if chart is None or chart.encounter.state == "cancelled" or chart.encounter.elected_self_pay_on is not None:
        return None
    if work.payers.find(coverage.payer_id) is None:  # met in this very message: ask when the directory has it
        work.later(VerifyAgain(coverage_id=coverage.coverage_id), work.now, str(coverage.coverage_id))
        return None
    encounter = replace(chart.encounter, inquired=chart.encounter.inquired + 1)
    identifier = derived_id("inquiry", str(encounter.encounter_id), str(encounter.inquired))
    inquiry = Inquiry(
        inquiry_id=identifier,
        encounter_id=encounter.encounter_id,
        coverage_id=coverage.coverage_id,
        payer_id=coverage.payer_id,
        state="asked",
        asked_at=work.now,
    )
    if not _send(inquiry, coverage, chart, work):
        return None
    keep(Chart(encounter=encounter, identity=chart.identity), work)
    work.inquiries.put(inquiry)
    return inquiry


def _send(inquiry: Inquiry, coverage: Coverage, chart: Chart, work: EligibilityWork) -> bool:
    payer, payee = work.payers.find(coverage.payer_id), work.billing_entities.find(chart.encounter.billing_entity_id)
    subscriber = chart.identity.subscriber_of(coverage.coverage_id)
    if payee is None or not payee.npi or subscriber is None or payer is None or not payer.real_time:
        return False
    question = AskPayer(
        inquiry_id=inquiry.inquiry_id,
        encounter_id=inquiry.encounter_id,
        coverage_id=coverage.coverage_id,
        payer_code=payer.payer_code,
        payer_name=payer.name,
        payee=payee_asking(payee),
        member=member_asked(chart, coverage, subscriber),
        service_on=chart.encounter.service_on,
        asked_at=work.now,
    )
    work.effect(question, key=f"{inquiry.inquiry_id}:{inquiry.tries}")
    return True


async def record_answer(reply: Reply[Answer], work: EligibilityWork) -> None:
    """Record what a payer answered: verified, refused with the next step, or to be asked again."""
    question, answer = reply.effect, reply.answer
    if not isinstance(question, AskPayer):
        raise TypeError("an answer of a payer belongs to a question to a payer")
    inquiry = work.inquiries.get(question.inquiry_id).answered(answer, work.now)
    work.inquiries.put(inquiry)
    chart = open_chart(work)
    if chart is None or _superseded(inquiry, work) or chart.encounter.coverage(inquiry.coverage_id) is None:
        return
    if inquiry.state == "retrying":
        work.later(
            RetryInquiry(inquiry_id=inquiry.inquiry_id), retry_at(inquiry.tries, work.now), str(inquiry.inquiry_id)
        )
    elif inquiry.state == "refused":
        work.publish(events.coverage_refused(inquiry))
    else:
        _verified(inquiry, answer, chart, work)


def _verified(inquiry: Inquiry, answer: Answer, chart: Chart, work: EligibilityWork) -> None:
    _learn(inquiry.coverage_id, answer, chart, work)
    work.publish(events.coverage_verified(inquiry, (answer.plan_begins_on, answer.plan_ends_on)))
    _plan_next(inquiry, chart.encounter, work)
    request_where_needed(inquiry, work)
    estimate_from_benefits(inquiry, work)


def _learn(coverage_id: UUID, answer: Answer, chart: Chart, work: EligibilityWork) -> None:
    """Take over the numbers that the payer has and the registration lacks."""
    known = chart.identity.subscriber_of(coverage_id)
    if known is None or (known.member_id or not answer.member_id):
        return
    learned = replace(known, member_id=answer.member_id, group_number=known.group_number or answer.group_number)
    others = [each for each in chart.identity.subscribers if each.coverage_id != coverage_id]
    identity = replace(chart.identity, subscribers=(*others, learned))
    encounter = replace(chart.encounter, missing=lacking(chart.encounter, identity))
    tell(told_difference(chart, Chart(encounter=encounter, identity=identity)), work)


def _plan_next(inquiry: Inquiry, encounter: Encounter, work: EligibilityWork) -> None:
    clinic = work.clinics.get(work.stream.tenant_id)
    coverage = encounter.coverage(inquiry.coverage_id)
    if coverage is None:
        return
    today = local_date(work.now, clinic.time_zone)
    on = verify_again_on(encounter.service_on, today, coverage.kind)
    if on is not None and on > today:
        at = local_instant(on, MORNING, clinic.time_zone)
        work.later(VerifyAgain(coverage_id=coverage.coverage_id), at, str(coverage.coverage_id))


def _superseded(inquiry: Inquiry, work: EligibilityWork) -> bool:
    later = [
        each
        for each in work.inquiries.all()
        if each.coverage_id == inquiry.coverage_id and each.asked_at > inquiry.asked_at
    ]
    return bool(later)


async def verify_again(timer: VerifyAgain, work: EligibilityWork) -> None:
    """Verify a coverage once more, near the visit."""
    chart = open_chart(work)
    coverage = chart.encounter.coverage(timer.coverage_id) if chart else None
    if coverage is not None:
        work.payers.get(coverage.payer_id)  # NotYet until the directory has it
        ask(coverage, work)


async def retry_inquiry(timer: RetryInquiry, work: EligibilityWork) -> None:
    """Ask a payer again that could not answer."""
    inquiry, chart = work.inquiries.get(timer.inquiry_id), open_chart(work)
    coverage = chart.encounter.coverage(inquiry.coverage_id) if chart else None
    if chart is None or coverage is None or inquiry.state != "retrying" or _superseded(inquiry, work):
        return
    again = inquiry.again(work.now)
    if _send(again, coverage, chart, work):
        work.inquiries.put(again)


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


async def learn_of_rejection(told: ClaimRejected, work: EligibilityWork) -> None:
    """Verify the coverage again when a claim was rejected for it."""
    if told.cause == "eligibility":
        verify_payer(told.payer_id, work)


async def learn_of_denial(told: DenialOpened, work: EligibilityWork) -> None:
    """Verify the coverage again when a payment was refused for it."""
    if told.category == "eligibility":
        verify_payer(told.payer_id, work)


def verify_payer(payer_id: UUID, work: EligibilityWork) -> None:
    """Verify every coverage of this payer again."""
    chart = open_chart(work)
    for coverage in chart.encounter.coverages if chart else ():
        if coverage.payer_id == payer_id:
            ask(coverage, work)


def publish_and_verify(before: Chart, after: Chart, work: EligibilityWork) -> None:
    """Publish what changed, and verify the coverages that it touches."""
    tell(told_difference(before, after), work)
    verify_changed(before.encounter, before.identity, work)
