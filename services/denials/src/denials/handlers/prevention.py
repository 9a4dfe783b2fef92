"""Prevention rules: proposed from what is refused again and again, activated and retired by people."""

from uuid import UUID

from denials import consumed, events, messages
from denials.domain.denial import Denial
from denials.domain.policy import Category
from denials.domain.prevention import CountedRefusal, PreventionRule, RuleState, teaches
from denials.messages import RefusalSeen
from denials.storage import DenialsWork
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import NotFound
from revcycle_kit.ids import derived_id

_CAUSES: dict[str, Category] = {
    "eligibility": "eligibility",
    "enrollment": "enrollment",
    "payer_routing": "wrong_payer",
}


async def count_rejection(event: consumed.ClaimRejected, work: DenialsWork) -> None:
    """Count a rejection at the door towards its pattern; claims does the work on it."""
    organization_id = work.payers.get(event.payer_id).organization_id
    status = event.codes[0] if event.codes else consumed.Status(category="rejected")
    refusal = RefusalSeen(
        case_id=work.message_id,
        organization_id=organization_id,
        payer_id=event.payer_id,
        carc=f"{status.category}:{status.status}".rstrip(":"),
        codes=(),
        category=_CAUSES.get(event.cause, "information"),
        on=event.rejected_at.date(),
    )
    work.send(refusal, _stream_of(refusal), key=str(refusal.case_id))


def report_refusal(denial: Denial, organization_id: UUID, work: DenialsWork) -> None:
    """Send a preventable denial to its pattern, where it is counted."""
    if not teaches(denial.preventable_at):
        return
    refusal = RefusalSeen(
        case_id=denial.denial_id,
        organization_id=organization_id,
        payer_id=denial.payer_id,
        carc=denial.carc,
        codes=(denial.code,) if denial.code else (),
        category=denial.category,
        on=denial.opened_on,
    )
    work.send(refusal, _stream_of(refusal), key=str(refusal.case_id))


def _stream_of(refusal: RefusalSeen) -> StreamRef:
    rule_id = derived_id(
        "prevention_rule", str(refusal.organization_id), str(refusal.payer_id), refusal.carc, *refusal.codes
    )
    return StreamRef("organization", refusal.organization_id, "prevention_rule", rule_id)


async def count_refusal(message: RefusalSeen, work: DenialsWork) -> None:
    """Count a refusal; propose a rule when the same was refused often enough."""
    watched = work.rules.find(work.stream.id) or PreventionRule(
        rule_id=work.stream.id,
        organization_id=message.organization_id,
        payer_id=message.payer_id,
        carc=message.carc,
        codes=message.codes,
        category=message.category,
    )
    rule = watched.counted(CountedRefusal(case_id=message.case_id, on=message.on))
    work.rules.put(rule)
    if rule.state is RuleState.PROPOSED and watched.state is RuleState.WATCHED:
        work.publish(events.rule_proposed(rule))


async def activate_rule(command: messages.ActivateRule, work: DenialsWork) -> messages.RuleDecided:
    """Have claims held by a rule."""
    rule = _rule(command.rule_id, work).activated(command.by)
    work.rules.put(rule)
    work.publish(events.rule_activated(rule))
    return messages.RuleDecided(rule_id=rule.rule_id, state=rule.state)


async def retire_rule(command: messages.RetireRule, work: DenialsWork) -> messages.RuleDecided:
    """Have claims held no longer, or turn a proposal down."""
    rule = _rule(command.rule_id, work).retired(command.by)
    work.rules.put(rule)
    work.publish(events.rule_retired(rule))
    return messages.RuleDecided(rule_id=rule.rule_id, state=rule.state)


def _rule(rule_id: UUID, work: DenialsWork) -> PreventionRule:
    rule = work.rules.find(rule_id)
    if rule is None:
        raise NotFound("prevention rule")
    return rule
