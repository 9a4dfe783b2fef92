"""Authorizations: request them where the payer wants one (278), record decisions, follow up pended ones."""

from datetime import timedelta
from uuid import UUID

from eligibility import events
from eligibility.domain.authorization import Authorization, AuthorizationState, Decision, codes_needing, decision_due
from eligibility.domain.directory import Payer
from eligibility.domain.encounter import Coverage, EncounterRecord, EncounterState
from eligibility.domain.facts import CoverageSent, Registration
from eligibility.domain.verification import Inquiry
from eligibility.handlers import parties
from eligibility.handlers.records import keep_record, payer_of, registered_record
from eligibility.messages.commands import Done, RecordAuthorization, RequestAuthorization
from eligibility.messages.effects import SendAuthorizationRequest
from eligibility.messages.timers import FollowUpAuthorization
from eligibility.storage import EligibilityWork
from revcycle_kit.delivery.messages import GivenUp, Reply
from revcycle_kit.errors import Conflict, NotFound, Refusal
from revcycle_kit.ids import derived_id
from revcycle_kit.values import replace

AGAIN_AFTER = timedelta(days=1)
TIMES_MAX = 14


def request_needed_authorizations(inquiry: Inquiry, work: EligibilityWork) -> None:
    """Ask for an authorization where the payer's rules or its 271 want one for what is planned."""
    record = registered_record(work)
    encounter = record.encounter
    coverage = encounter.coverage(inquiry.coverage_id)
    payer = work.payers.find(inquiry.payer_id)
    if coverage is None or payer is None or not encounter.services or encounter.state == EncounterState.FINISHED:
        return
    wanted = encounter.services if inquiry.authorization_required else codes_needing(payer, encounter.services)
    asked = {
        code
        for authorization in work.authorizations.all()
        if authorization.coverage_id == coverage.coverage_id
        for code in authorization.codes
    }
    codes = tuple(code for code in wanted if code not in asked)
    if codes:
        _request(record, coverage, payer, codes, work)


def take_over_authorizations(registration: Registration, work: EligibilityWork) -> None:
    """Take over the authorizations that the EHR already obtained, each number once."""
    record = registered_record(work)
    known = {authorization.number for authorization in work.authorizations.all()}
    for sent, coverage in _numbered(registration, record, work):
        if sent.authorization_number not in known:
            payer = payer_of(sent, record.encounter.organization_id, work)
            authorization = _new(registered_record(work), coverage, payer, (), work)
            _decide(authorization, Decision(outcome="certified", number=sent.authorization_number), work)


def _numbered(
    registration: Registration, record: EncounterRecord, work: EligibilityWork
) -> list[tuple[CoverageSent, Coverage]]:
    pairs = []
    for sent in registration.coverages or ():
        if sent.authorization_number:
            payer = payer_of(sent, record.encounter.organization_id, work)
            found = next(
                (coverage for coverage in record.encounter.coverages if coverage.payer_id == payer.payer_id), None
            )
            pairs += [(sent, found)] if found else []
    return pairs


async def request_authorization(command: RequestAuthorization, work: EligibilityWork) -> Done:
    """Ask for an authorization because a person wants one, also after the service."""
    record = registered_record(work)
    if not command.codes:
        raise Refusal("There is no service to authorize.", "codes", "Name at least one procedure code.")
    coverage = _coverage(record, command.coverage_id)
    payer = work.payers.get(coverage.payer_id)
    authorization = _request(record, coverage, payer, command.codes, work, expedited=command.expedited)
    return Done(id=authorization.authorization_id, state=authorization.state)


async def record_authorization(command: RecordAuthorization, work: EligibilityWork) -> Done:
    """Record a decision that came by telephone, portal or letter."""
    record = registered_record(work)
    decision = Decision(
        outcome=command.outcome,
        number=command.number,
        units=command.units,
        valid_from_on=command.valid_from_on,
        valid_to_on=command.valid_to_on,
        reason=command.reason,
    )
    if command.authorization_id is not None:
        known = work.authorizations.find(command.authorization_id)
        if known is None:
            raise NotFound("authorization")
    else:
        coverage = _coverage(record, command.coverage_id)
        known = _new(record, coverage, work.payers.get(coverage.payer_id), command.codes, work)
    _decide(known, decision, work)
    return Done(id=known.authorization_id, state=decision.outcome)


async def record_decision(reply: Reply[Decision], work: EligibilityWork) -> None:
    """Record what the payer answered to the 278."""
    effect = reply.effect
    if not isinstance(effect, SendAuthorizationRequest):
        raise TypeError("a decision belongs to a request for authorization")
    authorization = work.authorizations.get(effect.authorization_id)
    if authorization.state == AuthorizationState.REQUESTED:
        _decide(authorization, reply.answer, work)


async def give_up_request(failure: GivenUp[Decision], work: EligibilityWork) -> None:
    """Announce that a request is not sent again by itself; it stays open, and on the list of what is not delivered."""
    if not isinstance(failure.effect, SendAuthorizationRequest):
        raise TypeError("a request that was given up is one for authorization")
    work.publish(events.effect_given_up(failure, failure.effect.authorization_id, work.now))


async def follow_up_authorization(timer: FollowUpAuthorization, work: EligibilityWork) -> None:
    """Ask once more about a pended authorization."""
    authorization, record = work.authorizations.get(timer.authorization_id), registered_record(work)
    coverage, payer = record.encounter.coverage(authorization.coverage_id), work.payers.find(authorization.payer_id)
    if authorization.state != AuthorizationState.REQUESTED or coverage is None or payer is None:
        return
    again = authorization.asked_again()
    work.authorizations.put(again)
    _ask(again, record, coverage, payer, work)


def _decide(authorization: Authorization, decision: Decision, work: EligibilityWork) -> None:
    decided = authorization.decided(decision, work.now)
    work.authorizations.put(decided)
    if decided.state == AuthorizationState.DECIDED:
        work.cancel(FollowUpAuthorization, str(decided.authorization_id))
    elif decided.asked < TIMES_MAX:
        timer = FollowUpAuthorization(authorization_id=decided.authorization_id)
        work.later(timer, work.now + AGAIN_AFTER, str(decided.authorization_id))
    if decided.outcome != authorization.outcome:
        work.publish(events.authorization_decided(decided, decision))


def _request(
    record: EncounterRecord,
    coverage: Coverage,
    payer: Payer,
    codes: tuple[str, ...],
    work: EligibilityWork,
    *,
    expedited: bool = False,
) -> Authorization:
    authorization = _new(record, coverage, payer, codes, work, expedited=expedited)
    work.publish(events.authorization_requested(authorization))
    _ask(authorization, record, coverage, payer, work)
    return authorization


def _new(
    record: EncounterRecord,
    coverage: Coverage,
    payer: Payer,
    codes: tuple[str, ...],
    work: EligibilityWork,
    *,
    expedited: bool = False,
) -> Authorization:
    encounter = replace(record.encounter, authorized=record.encounter.authorized + 1)
    authorization = Authorization(
        authorization_id=derived_id("authorization", str(encounter.encounter_id), str(encounter.authorized)),
        encounter_id=encounter.encounter_id,
        coverage_id=coverage.coverage_id,
        payer_id=coverage.payer_id,
        codes=codes,
        state=AuthorizationState.REQUESTED,
        requested_at=work.now,
        decision_due_at=decision_due(payer, work.now, expedited=expedited),
        expedited=expedited,
    )
    work.authorizations.put(authorization)
    keep_record(replace(record, encounter=encounter), work)
    return authorization


def _ask(
    authorization: Authorization, record: EncounterRecord, coverage: Coverage, payer: Payer, work: EligibilityWork
) -> None:
    payee = work.billing_entities.find(record.encounter.billing_entity_id)
    subscriber = record.identity.subscriber_of(coverage.coverage_id)
    if payee is None or subscriber is None or not payer.real_time:
        return
    encounter = record.encounter
    attending = encounter.rendering_provider_id or encounter.attending_provider_id
    provider = work.providers.find(attending) if attending else None
    effect = SendAuthorizationRequest(
        authorization_id=authorization.authorization_id,
        encounter_id=encounter.encounter_id,
        payer_code=payer.payer_code,
        payer_name=payer.name,
        payee=parties.requester_of(payee),
        member=parties.member_of(record, coverage, subscriber),
        provider_npi=(provider.npi or "") if provider else "",
        provider_name=provider.family if provider else "",
        codes=authorization.codes,
        diagnoses=tuple(diagnosis.code for diagnosis in encounter.diagnoses if diagnosis.system == "icd10cm"),
        service_on=encounter.service_on,
        place_of_service=encounter.place_of_service,
        expedited=authorization.expedited,
        asked_at=work.now,
    )
    work.effect(effect, key=f"{authorization.authorization_id}:{authorization.asked}")


def _coverage(record: EncounterRecord, coverage_id: UUID | None) -> Coverage:
    coverages = record.encounter.coverages
    if not coverages:
        raise Conflict("The encounter has no coverage.", "coverage_id", "Add the patient's coverage first.")
    found = coverages[0] if coverage_id is None else record.encounter.coverage(coverage_id)
    if found is None:
        raise NotFound("coverage")
    return found
