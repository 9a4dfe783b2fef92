"""Verification of coverages: ask the payer (270), record its response (271), verify again when it is due."""

from datetime import time
from uuid import UUID

from eligibility import events
from eligibility.consumed import ClaimRejected, DenialOpened
from eligibility.domain.encounter import (
    Coverage,
    Encounter,
    EncounterRecord,
    EncounterState,
    Identity,
    difference,
    missing_fields,
)
from eligibility.domain.verification import CoverageResponse, Inquiry, InquiryState, retry_at, verify_again_on
from eligibility.handlers.authorizations import request_needed_authorizations
from eligibility.handlers.estimates import estimate_from_benefits
from eligibility.handlers.parties import member_of, requester_of
from eligibility.handlers.records import keep_record, open_record, publish_change, registered_record
from eligibility.messages.commands import Done, VerifyCoverage
from eligibility.messages.effects import SendInquiry
from eligibility.messages.timers import RetryInquiry, ReverifyCoverage
from eligibility.storage import EligibilityWork
from revcycle_kit.clock import local_date, local_instant
from revcycle_kit.delivery.messages import GivenUp, Reply
from revcycle_kit.errors import Conflict, NotFound
from revcycle_kit.ids import derived_id
from revcycle_kit.values import replace

MORNING = time(6, 0)
"""When the day's first tick of work falls, in the clinic's time."""


def verify_changed_coverages(before: Encounter | None, identity_before: Identity | None, work: EligibilityWork) -> None:
    """Ask about every coverage that is new, or about whose member something changed."""
    record = registered_record(work)
    same_day = before is not None and before.service_on == record.encounter.service_on
    for coverage in record.encounter.coverages:
        previous = before.coverage(coverage.coverage_id) if before else None
        subscriber_before = identity_before.subscriber_of(coverage.coverage_id) if identity_before else None
        if (
            previous is None
            or previous.payer_id != coverage.payer_id
            or not same_day
            or subscriber_before != record.identity.subscriber_of(coverage.coverage_id)
        ):
            inquire(coverage, work)


def inquire(coverage: Coverage, work: EligibilityWork) -> Inquiry | None:
    """Ask the payer about one coverage of the stream's encounter; None where this payer cannot be asked."""
    record = open_record(work)
    if (
        record is None
        or record.encounter.state == EncounterState.CANCELLED
        or record.encounter.elected_self_pay_on is not None
    ):
        return None
    if work.payers.find(coverage.payer_id) is None:  # met in this very message: ask when the directory has it
        work.later(ReverifyCoverage(coverage_id=coverage.coverage_id), work.now, str(coverage.coverage_id))
        return None
    encounter = replace(record.encounter, inquired=record.encounter.inquired + 1)
    identifier = derived_id("inquiry", str(encounter.encounter_id), str(encounter.inquired))
    inquiry = Inquiry(
        inquiry_id=identifier,
        encounter_id=encounter.encounter_id,
        coverage_id=coverage.coverage_id,
        payer_id=coverage.payer_id,
        state=InquiryState.ASKED,
        asked_at=work.now,
    )
    if not _send(inquiry, coverage, record, work):
        return None
    keep_record(replace(record, encounter=encounter), work)
    work.inquiries.put(inquiry)
    return inquiry


def _send(inquiry: Inquiry, coverage: Coverage, record: EncounterRecord, work: EligibilityWork) -> bool:
    payer, payee = work.payers.find(coverage.payer_id), work.billing_entities.find(record.encounter.billing_entity_id)
    subscriber = record.identity.subscriber_of(coverage.coverage_id)
    if payee is None or not payee.npi or subscriber is None or payer is None or not payer.real_time:
        return False
    effect = SendInquiry(
        inquiry_id=inquiry.inquiry_id,
        encounter_id=inquiry.encounter_id,
        coverage_id=coverage.coverage_id,
        payer_code=payer.payer_code,
        payer_name=payer.name,
        payee=requester_of(payee),
        member=member_of(record, coverage, subscriber),
        service_on=record.encounter.service_on,
        asked_at=work.now,
    )
    work.effect(effect, key=f"{inquiry.inquiry_id}:{inquiry.tries}")
    return True


async def record_response(reply: Reply[CoverageResponse], work: EligibilityWork) -> None:
    """Record what a payer answered: verified, refused with the next step, or to be asked again."""
    effect, response = reply.effect, reply.answer
    if not isinstance(effect, SendInquiry):
        raise TypeError("an answer of a payer belongs to a question to a payer")
    inquiry = work.inquiries.get(effect.inquiry_id).answered(response, work.now)
    work.inquiries.put(inquiry)
    record = open_record(work)
    if record is None or _superseded(inquiry, work) or record.encounter.coverage(inquiry.coverage_id) is None:
        return
    if inquiry.state == InquiryState.RETRYING:
        work.later(
            RetryInquiry(inquiry_id=inquiry.inquiry_id), retry_at(inquiry.tries, work.now), str(inquiry.inquiry_id)
        )
    elif inquiry.state == InquiryState.REFUSED:
        work.publish(events.coverage_refused(inquiry))
    else:
        _verified(inquiry, response, record, work)


async def give_up_inquiry(failure: GivenUp[CoverageResponse], work: EligibilityWork) -> None:
    """Announce that an inquiry is not sent again by itself, and let the front desk know that nobody answered."""
    if not isinstance(failure.effect, SendInquiry):
        raise TypeError("an inquiry that was given up is a question to a payer")
    work.publish(events.effect_given_up(failure, failure.effect.inquiry_id, work.now))
    inquiry = work.inquiries.get(failure.effect.inquiry_id).undelivered(work.now)
    work.inquiries.put(inquiry)
    if not _superseded(inquiry, work):
        work.publish(events.coverage_refused(inquiry))


def _verified(inquiry: Inquiry, response: CoverageResponse, record: EncounterRecord, work: EligibilityWork) -> None:
    _learn_member_number(inquiry.coverage_id, response, record, work)
    work.publish(events.coverage_verified(inquiry, response))
    _schedule_reverification(inquiry, record.encounter, work)
    request_needed_authorizations(inquiry, work)
    estimate_from_benefits(inquiry, work)


def _learn_member_number(
    coverage_id: UUID, response: CoverageResponse, record: EncounterRecord, work: EligibilityWork
) -> None:
    """Take over the numbers that the payer has and the registration lacks."""
    subscriber = record.identity.subscriber_of(coverage_id)
    if subscriber is None or (subscriber.member_id or not response.member_id):
        return
    learned = replace(
        subscriber, member_id=response.member_id, group_number=subscriber.group_number or response.group_number
    )
    others = [subscriber for subscriber in record.identity.subscribers if subscriber.coverage_id != coverage_id]
    identity = replace(record.identity, subscribers=(*others, learned))
    encounter = replace(record.encounter, missing=missing_fields(record.encounter, identity))
    publish_change(difference(record, EncounterRecord(encounter=encounter, identity=identity)), work)


def _schedule_reverification(inquiry: Inquiry, encounter: Encounter, work: EligibilityWork) -> None:
    clinic = work.clinics.get(work.stream.tenant_id)
    coverage = encounter.coverage(inquiry.coverage_id)
    if coverage is None:
        return
    today = local_date(work.now, clinic.time_zone)
    on = verify_again_on(encounter.service_on, today, coverage.kind)
    if on is not None and on > today:
        at = local_instant(on, MORNING, clinic.time_zone)
        work.later(ReverifyCoverage(coverage_id=coverage.coverage_id), at, str(coverage.coverage_id))


def _superseded(inquiry: Inquiry, work: EligibilityWork) -> bool:
    return any(
        later.coverage_id == inquiry.coverage_id and later.asked_at > inquiry.asked_at for later in work.inquiries.all()
    )


async def reverify_coverage(timer: ReverifyCoverage, work: EligibilityWork) -> None:
    """Verify a coverage once more, near the visit."""
    record = open_record(work)
    coverage = record.encounter.coverage(timer.coverage_id) if record else None
    if coverage is not None:
        work.payers.get(coverage.payer_id)  # NotYet until the directory has it
        inquire(coverage, work)


async def retry_inquiry(timer: RetryInquiry, work: EligibilityWork) -> None:
    """Ask a payer again that could not response."""
    inquiry, record = work.inquiries.get(timer.inquiry_id), open_record(work)
    coverage = record.encounter.coverage(inquiry.coverage_id) if record else None
    if record is None or coverage is None or inquiry.state != InquiryState.RETRYING or _superseded(inquiry, work):
        return
    again = inquiry.again(work.now)
    if _send(again, coverage, record, work):
        work.inquiries.put(again)


async def verify_coverage(command: VerifyCoverage, work: EligibilityWork) -> Done:
    """Ask the payer now."""
    encounter = registered_record(work).encounter
    chosen = [coverage for coverage in encounter.coverages if command.coverage_id in {None, coverage.coverage_id}]
    if not chosen:
        raise NotFound("coverage")
    inquiries = [inquire(coverage, work) for coverage in chosen]
    if not any(inquiries):
        raise Conflict(
            "This coverage cannot be verified electronically.",
            "coverage_id",
            "Complete payer and billing entity in the directory, or verify by telephone.",
        )
    return Done(id=encounter.encounter_id, state="asked")


async def reverify_after_rejection(event: ClaimRejected, work: EligibilityWork) -> None:
    """Verify the coverage again when a claim was rejected for it."""
    if event.cause == "eligibility":
        verify_payer(event.payer_id, work)


async def reverify_after_denial(event: DenialOpened, work: EligibilityWork) -> None:
    """Verify the coverage again when a payment was refused for it."""
    if event.category == "eligibility":
        verify_payer(event.payer_id, work)


def verify_payer(payer_id: UUID, work: EligibilityWork) -> None:
    """Verify every coverage of this payer again."""
    record = open_record(work)
    for coverage in record.encounter.coverages if record else ():
        if coverage.payer_id == payer_id:
            inquire(coverage, work)


def publish_and_verify(before: EncounterRecord, after: EncounterRecord, work: EligibilityWork) -> None:
    """Publish what changed, and verify the coverages that it touches."""
    publish_change(difference(before, after), work)
    verify_changed_coverages(before.encounter, before.identity, work)
