"""Prevention rules: proposed from refusals of one pattern, activated and retired by people."""

from uuid import UUID

from denials import consumed, events, messages
from denials.domain.denial import Denial
from denials.domain.policy import Category
from denials.domain.prevention import Pattern, RuleState, Seen, teaches
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


async def count_rejection(rejected: consumed.ClaimRejected, work: DenialsWork) -> None:
    """Count a rejection at the door towards its pattern; claims does the work on it."""
    organization_id = work.payers.get(rejected.payer_id).organization_id
    status = rejected.codes[0] if rejected.codes else consumed.Status(category="rejected")
    seen = RefusalSeen(
        case_id=work.message_id,
        organization_id=organization_id,
        payer_id=rejected.payer_id,
        carc=f"{status.category}:{status.status}".rstrip(":"),
        codes=(),
        category=_CAUSES.get(rejected.cause, "information"),
        on=rejected.rejected_at.date(),
    )
    work.send(seen, _pattern_of(seen), key=str(seen.case_id))


def report_refusal(denial: Denial, organization_id: UUID, work: DenialsWork) -> None:
    """Send a preventable denial to its pattern, where it is counted."""
    if not teaches(denial.preventable_at):
        return
    seen = RefusalSeen(
        case_id=denial.denial_id,
        organization_id=organization_id,
        payer_id=denial.payer_id,
        carc=denial.carc,
        codes=(denial.code,) if denial.code else (),
        category=denial.category,
        on=denial.opened_on,
    )
    work.send(seen, _pattern_of(seen), key=str(seen.case_id))


def _pattern_of(seen: RefusalSeen) -> StreamRef:
    rule_id = derived_id("prevention_rule", str(seen.organization_id), str(seen.payer_id), seen.carc, *seen.codes)
    return StreamRef("organization", seen.organization_id, "prevention_rule", rule_id)


async def count_refusal(seen: RefusalSeen, work: DenialsWork) -> None:
    """Count a refusal; propose a rule when the same was refused often enough."""
    known = work.patterns.find(work.stream.id) or Pattern(
        rule_id=work.stream.id,
        organization_id=seen.organization_id,
        payer_id=seen.payer_id,
        carc=seen.carc,
        codes=seen.codes,
        category=seen.category,
    )
    counted = known.noticed(Seen(case_id=seen.case_id, on=seen.on))
    work.patterns.put(counted)
    if counted.state is RuleState.PROPOSED and known.state is RuleState.WATCHED:
        work.publish(events.rule_proposed(counted))


async def activate_rule(asked: messages.ActivateRule, work: DenialsWork) -> messages.RuleDecided:
    """Have claims held by a rule."""
    pattern = _pattern(asked.rule_id, work).activated(asked.by)
    work.patterns.put(pattern)
    work.publish(events.rule_activated(pattern))
    return messages.RuleDecided(rule_id=pattern.rule_id, state=pattern.state)


async def retire_rule(asked: messages.RetireRule, work: DenialsWork) -> messages.RuleDecided:
    """Have claims held no longer, or turn a proposal down."""
    pattern = _pattern(asked.rule_id, work).retired(asked.by)
    work.patterns.put(pattern)
    work.publish(events.rule_retired(pattern))
    return messages.RuleDecided(rule_id=pattern.rule_id, state=pattern.state)


def _pattern(rule_id: UUID, work: DenialsWork) -> Pattern:
    pattern = work.patterns.find(rule_id)
    if pattern is None:
        raise NotFound("prevention rule")
    return pattern
