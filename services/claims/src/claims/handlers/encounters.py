"""Registration and coverage, as eligibility says them."""

from msgspec.structs import replace

from claims import consumed
from claims.domain.claims import IN_FLIGHT, UNSENT, Claim
from claims.domain.encounters import Authorization, Coverage, Encounter
from claims.domain.people import EncounterIdentity
from claims.handlers.billing import send_again
from claims.handlers.case import Case
from claims.handlers.charging import charge, take_back
from claims.storage import SEALED_AS, ClaimsWork, EncounterFile


async def register_encounter(told: consumed.EncounterRegistered, work: ClaimsWork) -> None:
    """Know an encounter from its registration on; one registered after its cancellation takes place after all."""
    identity = work.open_identity(told.identity, EncounterIdentity)
    sealed = work.seal(identity, SEALED_AS, told.encounter_id)
    file = work.encounters.find(told.encounter_id)
    known = file.encounter if file else None
    work.encounters.put(EncounterFile(encounter=_facts(told, known), identity=sealed))
    if known is not None and known.cancelled:
        _take_place(Case(work))


def _take_place(case: Case) -> None:
    """Charge again what was taken back with the cancelled encounter, and bill it."""
    case.encounter = replace(
        case.encounter, cancelled=False, charges=tuple(one.stands_again() for one in case.encounter.charges)
    )
    if case.encounter.charges:
        charge(case, by="rules")
    case.save()


async def update_encounter(told: consumed.EncounterUpdated, work: ClaimsWork) -> None:
    """Take over what changed; claims that wait for it, or were turned away for it, are tried again."""
    case = Case(work)
    before, was = case.identity, case.encounter
    now = work.open_identity(told.identity, EncounterIdentity)
    if now != before:
        case.sealed = work.seal(now, SEALED_AS, told.encounter_id)
        case.identity = now
    case.encounter = _facts(told, was)
    if case.encounter.coding:
        cured = [one for one in case.claims.values() if _turned_away(one) and _same_payer(one, was, case.encounter)]
        _give_up_lost(case, was)
        case.bill()
        for claim in cured:
            if _other_people(claim, before, now):
                send_again(case, claim)
        case.settle("insurance was found")
    case.save()


async def finish_encounter(told: consumed.EncounterFinished, work: ClaimsWork) -> None:
    """Note that the service is over; billing need not wait for the end of the day."""
    del told
    case = Case(work)
    case.encounter = replace(case.encounter, finished=True)
    case.schedule()
    case.save()


async def cancel_encounter(told: consumed.EncounterCancelled, work: ClaimsWork) -> None:
    """Take back what was charged and what has not left; what has left is voided by a person."""
    del told
    case = Case(work)
    case.encounter = replace(case.encounter, cancelled=True, coding="")
    for claim in list(case.claims.values()):
        if claim.state in UNSENT:
            case.keep(claim.void())
    if not any(one.state in IN_FLIGHT or one.decisions for one in case.claims.values()):
        take_back(case, case.encounter.billable_charges)
        case.encounter = replace(case.encounter, self_pay=False)
        case.settle("the encounter was cancelled")
    case.save()


async def merge_patients(told: consumed.PatientsMerged, work: ClaimsWork) -> None:
    """Know the encounter under the patient who survives the merge."""
    case = Case(work)
    case.encounter = replace(case.encounter, patient_id=told.surviving_patient_id)
    case.save()


async def order_coverages(told: consumed.CoverageOrderDecided, work: ClaimsWork) -> None:
    """Ask the payers in the order that was decided."""
    case = Case(work)
    case.encounter = case.encounter.ordered(told.coverage_ids)
    _coverage_changed(case)


async def verify_coverage(told: consumed.CoverageVerified, work: ClaimsWork) -> None:
    """Note that the payer knows the member; a claim that waited for it may leave."""
    case = Case(work)
    case.encounter = case.encounter.answered(told.coverage_id, "verified")
    _coverage_changed(case)


async def refuse_coverage(told: consumed.CoverageRefused, work: ClaimsWork) -> None:
    """Note that the payer does not know the member: claims to it are held for registration."""
    case = Case(work)
    answer = "refused" if told.cause not in {"unavailable", "provider_unknown"} else ""
    case.encounter = case.encounter.answered(told.coverage_id, answer, told.cause)
    _coverage_changed(case)


async def decide_authorization(told: consumed.AuthorizationDecided, work: ClaimsWork) -> None:
    """Note the payer's word on an authorization; a claim that waited for its number may leave."""
    case = Case(work)
    case.encounter = case.encounter.authorized(
        Authorization(
            authorization_id=told.authorization_id,
            payer_id=told.payer_id,
            outcome=told.outcome,
            number=told.number,
            codes=told.codes,
            units=told.units,
            valid_from_on=told.valid_from_on,
            valid_to_on=told.valid_to_on,
        )
    )
    _coverage_changed(case)


async def note_signature(told: consumed.NoticeSigned, work: ClaimsWork) -> None:
    """Note which notices the patient signed."""
    case = Case(work)
    case.encounter = replace(case.encounter, notices=tuple(dict.fromkeys((*case.encounter.notices, told.kind))))
    case.save()


async def elect_self_pay(told: consumed.SelfPayElected, work: ClaimsWork) -> None:
    """Send nothing to the plan: the patient pays, and forbids to tell (45 CFR 164.522)."""
    del told
    case = Case(work)
    case.encounter = replace(case.encounter, self_pay_elected=True)
    _coverage_changed(case)


def _coverage_changed(case: Case) -> None:
    """Bring held claims up to date; nothing is to be done before the encounter was billed."""
    if case.claims or case.encounter.self_pay or case.encounter.self_pay_elected:
        case.bill()
        case.settle("insurance was found")
    case.save()


def _turned_away(claim: Claim) -> bool:
    return claim.state in {"rejected", "not_ours"} and claim.hold_owner == "registration"


def _same_payer(claim: Claim, was: Encounter, now: Encounter) -> bool:
    old, new = was.coverage(claim.coverage_id), now.coverage(claim.coverage_id)
    return old is not None and new is not None and old.payer_id == new.payer_id


def _other_people(claim: Claim, before: EncounterIdentity, now: EncounterIdentity) -> bool:
    """Say whether the member or the patient is told otherwise than when the claim was turned away."""
    coverage_id = claim.coverage_id
    return before.patient != now.patient or before.subscriber(coverage_id) != now.subscriber(coverage_id)


def _give_up_lost(case: Case, was: Encounter) -> None:
    """Let go of claims that were turned away by a payer who covers nobody here: another one is asked instead."""
    for claim in list(case.claims.values()):
        if _turned_away(claim) and not _same_payer(claim, was, case.encounter):
            case.keep(claim.supersede())


def _facts(told: consumed.EncounterFacts, known: Encounter | None) -> Encounter:
    """Take the facts from the snapshot, and keep what claims itself added."""
    base = known or Encounter(
        encounter_id=told.encounter_id,
        organization_id=told.organization_id,
        clinic_id=told.clinic_id,
        billing_entity_id=told.billing_entity_id,
        patient_id=told.patient_id,
        guarantor_id=told.guarantor_id,
        service_on=told.service_on,
    )
    return replace(
        base,
        patient_id=told.patient_id,
        guarantor_id=told.guarantor_id,
        visit_class=told.visit_class,
        place_of_service=told.place_of_service,
        service_on=told.service_on,
        service_through_on=told.service_through_on,
        admitted_at=told.admitted_at,
        discharged_at=told.discharged_at,
        rendering_provider_id=told.rendering_provider_id or base.rendering_provider_id,
        attending_provider_id=told.attending_provider_id or base.attending_provider_id,
        referring_provider_id=told.referring_provider_id or base.referring_provider_id,
        coverages=tuple(_coverage(one, base) for one in told.coverages),
    )


def _coverage(told: consumed.CoverageRef, base: Encounter) -> Coverage:
    known = base.coverage(told.coverage_id)
    same = known is not None and known.payer_id == told.payer_id
    return Coverage(
        coverage_id=told.coverage_id,
        payer_id=told.payer_id,
        rank=told.rank,
        relationship=told.relationship,
        begins_on=told.begins_on,
        ends_on=told.ends_on,
        answer=known.answer if known is not None and same else "",
        refusal=known.refusal if known is not None and same else "",
    )
