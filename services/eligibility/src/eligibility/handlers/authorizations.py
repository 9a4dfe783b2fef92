"""May it be done? A payer that wants to be asked is asked (278), and its decision is recorded."""

from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from eligibility import events
from eligibility.domain.authorization import Authorization, Decision, codes_needing, decision_due
from eligibility.domain.directory import Payer
from eligibility.domain.encounter import Coverage
from eligibility.domain.facts import CoverageSent, Registration
from eligibility.domain.registration import Chart
from eligibility.domain.verification import Inquiry
from eligibility.handlers import parties
from eligibility.handlers.records import keep, known_chart, payer_of
from eligibility.messages.commands import Done, RecordAuthorization, RequestAuthorization
from eligibility.messages.effects import AskAuthorization
from eligibility.messages.timers import AskAuthorizationAgain
from eligibility.storage import EligibilityWork
from revcycle_kit.delivery.messages import Reply
from revcycle_kit.errors import Conflict, NotFound, Refusal
from revcycle_kit.ids import derived_id

AGAIN_AFTER = timedelta(days=1)
TIMES_MAX = 14


def request_where_needed(inquiry: Inquiry, work: EligibilityWork) -> None:
    """Ask for an authorization where the payer's rules or its 271 want one for what is planned."""
    chart = known_chart(work)
    encounter = chart.encounter
    coverage = encounter.coverage(inquiry.coverage_id)
    payer = work.payers.find(inquiry.payer_id)
    if coverage is None or payer is None or not encounter.services or encounter.state == "finished":
        return
    wanted = encounter.services if inquiry.authorization_required else codes_needing(payer, encounter.services)
    asked = {
        code for each in work.authorizations.all() if each.coverage_id == coverage.coverage_id for code in each.codes
    }
    codes = tuple(code for code in wanted if code not in asked)
    if codes:
        _request(chart, coverage, payer, codes, work)


def note_authorizations(told: Registration, work: EligibilityWork) -> None:
    """Take over the authorizations that the EHR already obtained, each number once."""
    chart = known_chart(work)
    known = {each.number for each in work.authorizations.all()}
    for sent, coverage in _numbered(told, chart, work):
        if sent.authorization_number not in known:
            payer = payer_of(sent, chart.encounter.organization_id, work)
            authorization = _new(known_chart(work), coverage, payer, (), work)
            _decide(authorization, Decision(outcome="certified", number=sent.authorization_number), work)


def _numbered(told: Registration, chart: Chart, work: EligibilityWork) -> list[tuple[CoverageSent, Coverage]]:
    pairs = []
    for sent in told.coverages or ():
        if sent.authorization_number:
            payer = payer_of(sent, chart.encounter.organization_id, work)
            found = next((each for each in chart.encounter.coverages if each.payer_id == payer.payer_id), None)
            pairs += [(sent, found)] if found else []
    return pairs


async def request_authorization(asked: RequestAuthorization, work: EligibilityWork) -> Done:
    """Ask for an authorization because a person wants one, also after the service."""
    chart = known_chart(work)
    if not asked.codes:
        raise Refusal("There is no service to authorize.", "codes", "Name at least one procedure code.")
    coverage = _coverage(chart, asked.coverage_id)
    payer = work.payers.get(coverage.payer_id)
    authorization = _request(chart, coverage, payer, asked.codes, work, expedited=asked.expedited)
    return Done(id=authorization.authorization_id, state=authorization.state)


async def record_authorization(asked: RecordAuthorization, work: EligibilityWork) -> Done:
    """Record a decision that came by telephone, portal or letter."""
    chart = known_chart(work)
    decision = Decision(
        outcome=asked.outcome,
        number=asked.number,
        units=asked.units,
        valid_from_on=asked.valid_from_on,
        valid_to_on=asked.valid_to_on,
        reason=asked.reason,
    )
    if asked.authorization_id is not None:
        known = work.authorizations.find(asked.authorization_id)
        if known is None:
            raise NotFound("authorization")
    else:
        coverage = _coverage(chart, asked.coverage_id)
        known = _new(chart, coverage, work.payers.get(coverage.payer_id), asked.codes, work)
    _decide(known, decision, work)
    return Done(id=known.authorization_id, state=decision.outcome)


async def record_decision(reply: Reply[Decision], work: EligibilityWork) -> None:
    """Record what the payer answered to the 278."""
    question = reply.effect
    if not isinstance(question, AskAuthorization):
        raise TypeError("a decision belongs to a request for authorization")
    authorization = work.authorizations.get(question.authorization_id)
    if authorization.state == "requested":
        _decide(authorization, reply.answer, work)


async def ask_authorization_again(timer: AskAuthorizationAgain, work: EligibilityWork) -> None:
    """Ask once more about a pended authorization."""
    authorization, chart = work.authorizations.get(timer.authorization_id), known_chart(work)
    coverage, payer = chart.encounter.coverage(authorization.coverage_id), work.payers.find(authorization.payer_id)
    if authorization.state != "requested" or coverage is None or payer is None:
        return
    again = authorization.asked_again()
    work.authorizations.put(again)
    _ask(again, chart, coverage, payer, work)


def _decide(authorization: Authorization, decision: Decision, work: EligibilityWork) -> None:
    decided = authorization.decided(decision, work.now)
    work.authorizations.put(decided)
    if decided.state == "decided":
        work.cancel(AskAuthorizationAgain, str(decided.authorization_id))
    elif decided.asked < TIMES_MAX:
        timer = AskAuthorizationAgain(authorization_id=decided.authorization_id)
        work.later(timer, work.now + AGAIN_AFTER, str(decided.authorization_id))
    if decided.outcome != authorization.outcome:
        work.publish(events.authorization_decided(decided, decision))


def _request(
    chart: Chart,
    coverage: Coverage,
    payer: Payer,
    codes: tuple[str, ...],
    work: EligibilityWork,
    *,
    expedited: bool = False,
) -> Authorization:
    authorization = _new(chart, coverage, payer, codes, work, expedited=expedited)
    work.publish(events.authorization_requested(authorization))
    _ask(authorization, chart, coverage, payer, work)
    return authorization


def _new(
    chart: Chart,
    coverage: Coverage,
    payer: Payer,
    codes: tuple[str, ...],
    work: EligibilityWork,
    *,
    expedited: bool = False,
) -> Authorization:
    encounter = replace(chart.encounter, authorized=chart.encounter.authorized + 1)
    authorization = Authorization(
        authorization_id=derived_id("authorization", str(encounter.encounter_id), str(encounter.authorized)),
        encounter_id=encounter.encounter_id,
        coverage_id=coverage.coverage_id,
        payer_id=coverage.payer_id,
        codes=codes,
        state="requested",
        requested_at=work.now,
        decision_due_at=decision_due(payer, work.now, expedited=expedited),
        expedited=expedited,
    )
    work.authorizations.put(authorization)
    keep(Chart(encounter=encounter, identity=chart.identity), work)
    return authorization


def _ask(authorization: Authorization, chart: Chart, coverage: Coverage, payer: Payer, work: EligibilityWork) -> None:
    payee = work.billing_entities.find(chart.encounter.billing_entity_id)
    subscriber = chart.identity.subscriber_of(coverage.coverage_id)
    if payee is None or subscriber is None or not payer.real_time:
        return
    encounter = chart.encounter
    attending = encounter.rendering_provider_id or encounter.attending_provider_id
    provider = work.providers.find(attending) if attending else None
    question = AskAuthorization(
        authorization_id=authorization.authorization_id,
        encounter_id=encounter.encounter_id,
        payer_code=payer.payer_code,
        payer_name=payer.name,
        payee=parties.payee_asking(payee),
        member=parties.member_asked(chart, coverage, subscriber),
        provider_npi=(provider.npi or "") if provider else "",
        provider_name=provider.family if provider else "",
        codes=authorization.codes,
        diagnoses=tuple(each.code for each in encounter.diagnoses if each.system == "icd10cm"),
        service_on=encounter.service_on,
        place_of_service=encounter.place_of_service,
        expedited=authorization.expedited,
        asked_at=work.now,
    )
    work.effect(question, key=f"{authorization.authorization_id}:{authorization.asked}")


def _coverage(chart: Chart, coverage_id: UUID | None) -> Coverage:
    coverages = chart.encounter.coverages
    if not coverages:
        raise Conflict("The encounter has no coverage.", "coverage_id", "Add the patient's coverage first.")
    found = coverages[0] if coverage_id is None else chart.encounter.coverage(coverage_id)
    if found is None:
        raise NotFound("coverage")
    return found
