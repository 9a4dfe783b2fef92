"""Encounters, their people and their coverages, as eligibility says them."""

from claims import consumed
from claims.domain.billing import schedule
from claims.domain.encounters import Authorization, Coverage, CoverageAnswer, Encounter
from claims.domain.people import EncounterIdentity
from claims.domain.registration import cancel, cover, revise, take_place
from claims.handlers.cases import keep_case, open_case
from claims.storage import SEALED_AS, ClaimsWork, EncounterFile
from revcycle_kit.events import build
from revcycle_kit.values import replace

UNDECIDED = frozenset({"unavailable", "provider_unknown"})
"""Causes for which a payer gives no answer about the member."""


async def register_encounter(event: consumed.EncounterRegistered, work: ClaimsWork) -> None:
    """Know an encounter from its registration on; one registered after its cancellation takes place after all."""
    identity = work.open_identity(event.identity, EncounterIdentity)
    sealed = work.seal(identity, SEALED_AS, event.encounter_id)
    file = work.encounters.find(event.encounter_id)
    former = file.encounter if file else None
    work.encounters.put(EncounterFile(encounter=_encounter(event, former), identity=sealed))
    if former is not None and former.cancelled:
        keep_case(take_place(open_case(work)), work)


async def update_encounter(event: consumed.EncounterUpdated, work: ClaimsWork) -> None:
    """Take over what changed; claims that wait for it, or were turned away for it, are tried again."""
    case = open_case(work)
    identity = work.open_identity(event.identity, EncounterIdentity)
    keep_case(revise(case, _encounter(event, case.encounter), identity), work)


async def finish_encounter(event: consumed.EncounterFinished, work: ClaimsWork) -> None:
    """Note that the service is over; billing need not wait for the end of the day."""
    del event
    case = open_case(work)
    keep_case(schedule(replace(case, encounter=replace(case.encounter, finished=True))), work)


async def cancel_encounter(event: consumed.EncounterCancelled, work: ClaimsWork) -> None:
    """Take back what was charged and what has not left; what has left is voided by a person."""
    del event
    keep_case(cancel(open_case(work)), work)


async def merge_patients(event: consumed.PatientsMerged, work: ClaimsWork) -> None:
    """Know the encounter under the patient who survives the merge."""
    case = open_case(work)
    encounter = replace(case.encounter, patient_id=event.surviving_patient_id)
    keep_case(replace(case, encounter=encounter), work)


async def order_coverages(event: consumed.CoverageOrderDecided, work: ClaimsWork) -> None:
    """Ask the payers in the order that was decided."""
    case = open_case(work)
    keep_case(cover(case, case.encounter.ordered(event.coverage_ids)), work)


async def verify_coverage(event: consumed.CoverageVerified, work: ClaimsWork) -> None:
    """Note that the payer knows the member; a claim that waited for it may leave."""
    case = open_case(work)
    keep_case(cover(case, case.encounter.answered(event.coverage_id, CoverageAnswer.VERIFIED)), work)


async def refuse_coverage(event: consumed.CoverageRefused, work: ClaimsWork) -> None:
    """Note that the payer does not know the member: claims to it are held for registration."""
    case = open_case(work)
    answer = CoverageAnswer.NONE if event.cause in UNDECIDED else CoverageAnswer.REFUSED
    keep_case(cover(case, case.encounter.answered(event.coverage_id, answer, event.cause)), work)


async def decide_authorization(event: consumed.AuthorizationDecided, work: ClaimsWork) -> None:
    """Note the payer's word on an authorization; a claim that waited for its number may leave."""
    case = open_case(work)
    keep_case(cover(case, case.encounter.authorized(build(Authorization, event))), work)


async def note_signature(event: consumed.NoticeSigned, work: ClaimsWork) -> None:
    """Note which notices the patient signed."""
    case = open_case(work)
    notices = tuple(dict.fromkeys((*case.encounter.notices, event.kind)))
    keep_case(replace(case, encounter=replace(case.encounter, notices=notices)), work)


async def elect_self_pay(event: consumed.SelfPayElected, work: ClaimsWork) -> None:
    """Send nothing to the plan: the patient pays, and forbids to tell (45 CFR 164.522)."""
    del event
    case = open_case(work)
    keep_case(cover(case, replace(case.encounter, self_pay_elected=True)), work)


def _encounter(event: consumed.EncounterFacts, former: Encounter | None) -> Encounter:
    """Take the facts from the snapshot, and keep what claims itself added."""
    base = former or Encounter(
        encounter_id=event.encounter_id,
        organization_id=event.organization_id,
        clinic_id=event.clinic_id,
        billing_entity_id=event.billing_entity_id,
        patient_id=event.patient_id,
        guarantor_id=event.guarantor_id,
        service_on=event.service_on,
    )
    return replace(
        base,
        patient_id=event.patient_id,
        guarantor_id=event.guarantor_id,
        visit_class=event.visit_class,
        place_of_service=event.place_of_service,
        service_on=event.service_on,
        service_through_on=event.service_through_on,
        admitted_at=event.admitted_at,
        discharged_at=event.discharged_at,
        rendering_provider_id=event.rendering_provider_id or base.rendering_provider_id,
        attending_provider_id=event.attending_provider_id or base.attending_provider_id,
        referring_provider_id=event.referring_provider_id or base.referring_provider_id,
        coverages=tuple(_coverage(coverage, base) for coverage in event.coverages),
    )


def _coverage(snapshot: consumed.CoverageRef, base: Encounter) -> Coverage:
    """Take the coverage from the snapshot, with the payer's answer as long as it is the same payer."""
    former = base.coverage(snapshot.coverage_id)
    if former is None or former.payer_id != snapshot.payer_id:
        return build(Coverage, snapshot)
    return build(Coverage, snapshot, answer=former.answer, refusal=former.refusal)
