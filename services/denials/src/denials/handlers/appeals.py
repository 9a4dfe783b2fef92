"""Appeals: filed with their letter, sent, decided; a promised payment is awaited."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

from denials import events, messages
from denials.domain.appeal import Appeal, after_decision, choose_level, expected_payment
from denials.domain.deadlines import Level
from denials.domain.denial import Denial, State
from denials.handlers.letters import compose_letter, cover_of, send_letter
from denials.letters.pdf import render
from denials.messages import LetterSent, PaymentOverdue, SendLetter
from denials.storage import DenialsWork
from revcycle_kit.delivery.messages import GivenUp, Reply
from revcycle_kit.errors import NotFound
from revcycle_kit.money import total

_NOON = time(12, tzinfo=UTC)


async def file_appeal(command: messages.FileAppeal, work: DenialsWork) -> messages.Filed:
    """Write the letter of the next level, keep it sealed, and send it."""
    denials = [work.denial(denial_id) for denial_id in dict.fromkeys(command.denial_ids)]
    filed_on = work.today
    level = choose_level(denials, on=filed_on)
    claim = work.claims.get(denials[0].claim_id)
    for denial in denials:
        work.denials.put(denial.appealed(level.level, filed_on=filed_on, late_reason=command.late_reason))
    paper = render(compose_letter(command, denials, claim, level, work))
    appeal = _appeal(command, denials, level, sha256(paper).hexdigest(), work)
    work.appeals.put(appeal)
    work.publish(events.appeal_filed(appeal))
    send_letter(paper, appeal, cover_of(appeal, denials, claim, work), work)
    return messages.Filed(
        appeal_id=appeal.appeal_id,
        level=appeal.level,
        level_name=appeal.level_name,
        letter_sha256=appeal.letter_sha256,
        filed_on=appeal.filed_on,
        decision_due_by=appeal.decision_due_by,
    )


def _appeal(
    command: messages.FileAppeal, denials: Sequence[Denial], level: Level, digest: str, work: DenialsWork
) -> Appeal:
    filed_on = work.today
    return Appeal(
        appeal_id=work.new_id(),
        encounter_id=denials[0].encounter_id,
        claim_id=denials[0].claim_id,
        denial_ids=tuple(denial.denial_id for denial in denials),
        payer_id=denials[0].payer_id,
        level=level.level,
        level_name=level.name,
        reviewer=level.reviewer,
        amount_cents=total([denial.amount_cents for denial in denials]),
        filed_on=filed_on,
        filed_by=command.by,
        decision_due_by=filed_on + timedelta(days=level.decision_days),
        letter_sha256=digest,
    )


async def record_letter_sent(reply: Reply[LetterSent], work: DenialsWork) -> None:
    """Note that the partner took the letter."""
    if isinstance(reply.effect, SendLetter):
        work.appeals.put(work.appeals.get(reply.effect.appeal_id).sent(work.now.date()))


async def give_up_letter(failure: GivenUp[LetterSent], work: DenialsWork) -> None:
    """Announce that a letter is not sent again by itself; it stays on the list of what is not delivered."""
    if isinstance(failure.effect, SendLetter):
        work.publish(events.effect_given_up(failure, work.appeals.get(failure.effect.appeal_id), work.now))


async def record_decision(command: messages.RecordDecision, work: DenialsWork) -> messages.Decided:
    """Note what the payer answered; a won appeal waits for its money, a lost one for the next level."""
    filed = work.appeals.find(command.appeal_id)
    if filed is None:
        raise NotFound("appeal")
    standing = filed.standing(command.outcome, command.upheld_denial_ids)
    denials = [work.denials.get(denial_id) for denial_id in filed.denial_ids]
    expected = command.expected_cents
    if expected is None:
        expected = expected_payment([denial for denial in denials if denial.denial_id not in standing])
    appeal = filed.decided(
        command.outcome, expected_cents=expected, on=command.decided_on, payment_by=command.payment_due_by
    )
    work.appeals.put(appeal)
    for denial in denials:
        if denial.awaits_decision:
            days = work.payers.get(denial.payer_id).appeal_days
            stands = denial.denial_id in standing
            work.denials.put(after_decision(denial, command.decided_on, days, stands=stands))
    work.publish(events.appeal_decided(appeal))
    _await_payment(appeal, work)
    return messages.Decided(appeal_id=appeal.appeal_id, outcome=command.outcome, payment_due_by=appeal.payment_due_by)


def _await_payment(appeal: Appeal, work: DenialsWork) -> None:
    if appeal.payment_due_by is not None:
        overdue_at = datetime.combine(appeal.payment_due_by + timedelta(days=1), _NOON)
        work.later(PaymentOverdue(appeal_id=appeal.appeal_id), overdue_at, key=str(appeal.appeal_id))


async def miss_payment(timer: PaymentOverdue, work: DenialsWork) -> None:
    """Take the work back where a payer promised to pay and did not."""
    for denial_id in work.appeals.get(timer.appeal_id).denial_ids:
        denial = work.denials.get(denial_id)
        if denial.state is State.OVERTURNED:
            work.denials.put(denial.resumed())
