"""Estimates of what the patient will owe: from the 271, or in good faith under the No Surprises Act."""

from datetime import date
from uuid import UUID

from eligibility import events
from eligibility.domain.encounter import Encounter, EncounterRecord, EncounterState
from eligibility.domain.estimate import Estimate, good_faith, good_faith_due_by, insured
from eligibility.domain.verification import Inquiry
from eligibility.handlers.records import keep_record, registered_record
from eligibility.messages.commands import Done, PrepareEstimate
from eligibility.storage import EligibilityWork
from revcycle_kit.clock import local_date
from revcycle_kit.errors import Conflict, Refusal
from revcycle_kit.ids import derived_id
from revcycle_kit.values import replace


def estimate_at_scheduling(today: date, work: EligibilityWork) -> None:
    """Give the uninsured their good-faith estimate when the visit is scheduled; note its clock."""
    record = registered_record(work)
    encounter = record.encounter
    if encounter.coverages or not (encounter.coverages_stated or encounter.self_pay):
        return
    due_by = good_faith_due_by(encounter.scheduled_on or today, encounter.service_on)
    _good_faith(replace(record, encounter=replace(encounter, estimate_due_by=due_by)), due_by, work)


def estimate_from_benefits(inquiry: Inquiry, work: EligibilityWork) -> None:
    """Give the insured an estimate from the primary plan's benefits, before the visit."""
    record = registered_record(work)
    encounter = record.encounter
    prices = work.price_lists.find(encounter.clinic_id)
    primary = encounter.coverages[0] if encounter.coverages else None
    if prices is None or primary is None or primary.coverage_id != inquiry.coverage_id or not encounter.services:
        return
    estimate = insured(prices, encounter.services, str(inquiry.payer_id), inquiry.benefits)
    if estimate is not None and estimate != encounter.estimate and encounter.state == EncounterState.REGISTERED:
        _tell(record, estimate, work)


async def prepare_estimate(command: PrepareEstimate, work: EligibilityWork) -> Done:
    """Estimate for the services named, because a person asked."""
    record = registered_record(work)
    encounter = replace(record.encounter, services=command.codes or record.encounter.services)
    prices = work.price_lists.find(encounter.clinic_id)
    if prices is None:
        raise Conflict("The clinic has no price list.", "clinic", "Enter its prices first.")
    clinic = work.clinics.get(encounter.clinic_id)
    if encounter.coverages:
        primary = encounter.coverages[0]
        inquiries = [inquiry for inquiry in work.inquiries.all() if inquiry.coverage_id == primary.coverage_id]
        newest = max(inquiries, key=lambda inquiry: inquiry.asked_at, default=None)
        benefits = newest.benefits if newest else ()
        estimate = insured(prices, encounter.services, str(primary.payer_id), benefits)
    else:
        today = local_date(work.now, clinic.time_zone)
        due_by = good_faith_due_by(today, encounter.service_on, requested=command.requested)
        estimate = good_faith(prices, encounter.services, due_by)
    if estimate is None:
        raise Refusal("None of these services has a price.", "codes", "Enter prices for them, or correct the codes.")
    return Done(id=_tell(replace(record, encounter=encounter), estimate, work), state=estimate.kind)


def _good_faith(record: EncounterRecord, due_by: date | None, work: EligibilityWork) -> None:
    encounter = record.encounter
    prices = work.price_lists.find(encounter.clinic_id)
    estimate = good_faith(prices, encounter.services, due_by) if prices else None
    if estimate is None or estimate == encounter.estimate:
        keep_record(record, work)
    else:
        _tell(record, estimate, work)


def _tell(record: EncounterRecord, estimate: Estimate, work: EligibilityWork) -> UUID:
    encounter: Encounter = record.encounter
    estimate_id = derived_id("estimate", str(encounter.encounter_id), str(work.message_id))
    keep_record(replace(record, encounter=replace(encounter, estimate=estimate)), work)
    work.publish(events.estimate_prepared(encounter.encounter_id, estimate_id, estimate, work.now))
    return estimate_id
