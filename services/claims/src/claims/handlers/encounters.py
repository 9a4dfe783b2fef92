"""Registration and coverage, as eligibility says them."""

from claims import consumed
from claims.domain.claims import IN_FLIGHT, UNSENT, Claim
from claims.domain.encounters import Authorization, Coverage, Encounter
from claims.domain.people import EncounterIdentity
from claims.handlers.billing import send_again
from claims.handlers.case import Case
from claims.handlers.charging import charge, take_back
from claims.storage import SEALED_AS, ClaimsWork, EncounterFile
from revcycle_kit.values import replace


async def register_encounter(event: consumed.EncounterRegistered, work: ClaimsWork) -> None:
    """Know an encounter from its registration on; one registered after its cancellation takes place after all."""
    identity = work.open_identity(event.identity, EncounterIdentity)
    sealed = work.seal(identity, SEALED_AS, event.encounter_id)
    file = work.encounters.find(event.encounter_id)
    known = file.encounter if file else None
    work.encounters.put(EncounterFile(encounter=_facts(event, known), identity=sealed))
    if known is not None and known.cancelled:
        _take_place(Case(work))


def _take_place(case: Case) -> None:
    """Charge again what was taken back with the cancelled encounter, and bill it."""
    case.encounter = replace(
        case.encounter, cancelled=False, charges=tuple(charge.stands_again() for charge in case.encounter.charges)
    )
    if case.encounter.charges:
        charge(case, by="rules")
    case.save()


async def update_encounter(event: consumed.EncounterUpdated, work: ClaimsWork) -> None:
    """Take over what changed; claims that wait for it, or were turned away for it, are tried again."""
    case = Case(work)
    before, was = case.identity, case.encounter
    now = work.open_identity(event.identity, EncounterIdentity)
    if now != before:
        case.sealed = work.seal(now, SEALED_AS, event.encounter_id)
        case.identity = now
    case.encounter = _facts(event, was)
    if case.encounter.coding:
        cured = [
            claim for claim in case.claims.values() if _turned_away(claim) and _same_payer(claim, was, case.encounter)
        ]
        _give_up_lost(case, was)
        case.bill()
        for claim in cured:
            if _other_people(claim, before, now):
                send_again(case, claim)
        case.settle("insurance was found")
    case.save()


async def finish_encounter(event: consumed.EncounterFinished, work: ClaimsWork) -> None:
    """Note that the service is over; billing need not wait for the end of the day."""
    del event
    case = Case(work)
    case.encounter = replace(case.encounter, finished=True)
    case.schedule()
    case.save()


async def cancel_encounter(event: consumed.EncounterCancelled, work: ClaimsWork) -> None:
    """Take back what was charged and what has not left; what has left is voided by a person."""
    del event
    case = Case(work)
    case.encounter = replace(case.encounter, cancelled=True, coding="")
    for claim in list(case.claims.values()):
        if claim.state in UNSENT:
            case.keep(claim.void())
    if not any(claim.state in IN_FLIGHT or claim.decisions for claim in case.claims.values()):
        take_back(case, case.encounter.billable_charges)
        case.encounter = replace(case.encounter, self_pay=False)
        case.settle("the encounter was cancelled")
    case.save()


async def merge_patients(event: consumed.PatientsMerged, work: ClaimsWork) -> None:
    """Know the encounter under the patient who survives the merge."""
    case = Case(work)
    case.encounter = replace(case.encounter, patient_id=event.surviving_patient_id)
    case.save()


async def order_coverages(event: consumed.CoverageOrderDecided, work: ClaimsWork) -> None:
    """Ask the payers in the order that was decided."""
    case = Case(work)
    case.encounter = case.encounter.ordered(event.coverage_ids)
    _coverage_changed(case)


async def verify_coverage(event: consumed.CoverageVerified, work: ClaimsWork) -> None:
    """Note that the payer knows the member; a claim that waited for it may leave."""
    case = Case(work)
    case.encounter = case.encounter.answered(event.coverage_id, "verified")
    _coverage_changed(case)


async def refuse_coverage(event: consumed.CoverageRefused, work: ClaimsWork) -> None:
    """Note that the payer does not know the member: claims to it are held for registration."""
    case = Case(work)
    answer = "refused" if event.cause not in {"unavailable", "provider_unknown"} else ""
    case.encounter = case.encounter.answered(event.coverage_id, answer, event.cause)
    _coverage_changed(case)


async def decide_authorization(event: consumed.AuthorizationDecided, work: ClaimsWork) -> None:
    """Note the payer's word on an authorization; a claim that waited for its number may leave."""
    case = Case(work)
    case.encounter = case.encounter.authorized(
        Authorization(
            authorization_id=event.authorization_id,
            payer_id=event.payer_id,
            outcome=event.outcome,
            number=event.number,
            codes=event.codes,
            units=event.units,
            valid_from_on=event.valid_from_on,
            valid_to_on=event.valid_to_on,
        )
    )
    _coverage_changed(case)


async def note_signature(event: consumed.NoticeSigned, work: ClaimsWork) -> None:
    """Note which notices the patient signed."""
    case = Case(work)
    case.encounter = replace(case.encounter, notices=tuple(dict.fromkeys((*case.encounter.notices, event.kind))))
    case.save()


async def elect_self_pay(event: consumed.SelfPayElected, work: ClaimsWork) -> None:
    """Send nothing to the plan: the patient pays, and forbids to tell (45 CFR 164.522)."""
    del event
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


def _facts(event: consumed.EncounterFacts, encounter: Encounter | None) -> Encounter:
    """Take the facts from the snapshot, and keep what claims itself added."""
    base = encounter or Encounter(
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
    known = base.coverage(snapshot.coverage_id)
    same = known is not None and known.payer_id == snapshot.payer_id
    return Coverage(
        coverage_id=snapshot.coverage_id,
        payer_id=snapshot.payer_id,
        rank=snapshot.rank,
        relationship=snapshot.relationship,
        begins_on=snapshot.begins_on,
        ends_on=snapshot.ends_on,
        answer=known.answer if known is not None and same else "",
        refusal=known.refusal if known is not None and same else "",
    )
