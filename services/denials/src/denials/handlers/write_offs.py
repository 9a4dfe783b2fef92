"""Write-offs: amounts given up, by a person within a tier or at once where they are small."""

from collections.abc import Iterable, Sequence

from denials import events, messages
from denials.domain.denial import Denial
from denials.domain.triage import small_enough_to_end
from denials.domain.write_off import TIERS, Split, WriteOffClass, adjust_whole, approving_tier, split
from denials.storage import DenialsWork


async def write_off_denial(command: messages.WriteOffDenial, work: DenialsWork) -> messages.GivenUp:
    """Give an amount up as a loss, if the person's tier allows it."""
    denial = work.denial(command.denial_id)
    expected = command.expected_allowed_cents
    if expected is None:
        expected = denial.expected_allowed_cents
    usual: WriteOffClass = "timely" if denial.category == "timely_filing" else "denial"
    ended = denial.written_off(work.today)
    shares = split(denial.amount_cents, expected)
    return _give_up(denial, ended, shares, command.write_off_class or usual, command.by, command.roles, work)


async def accept_denial(command: messages.AcceptDenial, work: DenialsWork) -> messages.GivenUp:
    """Agree with the refusal: nothing was ever to be paid, so all of it is adjustment."""
    denial = work.denial(command.denial_id)
    ended = denial.accepted(work.today)
    shares = adjust_whole(denial.amount_cents)
    return _give_up(denial, ended, shares, "bundled_correct", command.by, command.roles, work)


def _give_up(  # noqa: PLR0917 - one deed in all its parts
    denial: Denial,
    ended: Denial,
    shares: Split,
    write_off_class: WriteOffClass,
    by: str,
    roles: Iterable[str],
    work: DenialsWork,
) -> messages.GivenUp:
    tier = approving_tier(denial.amount_cents, tuple(roles))
    work.denials.put(ended)
    work.publish(events.write_off_approved(denial, shares, write_off_class, tier.name, by, work.now))
    work.publish(events.denial_resolved(ended))
    return messages.GivenUp(
        denial_id=denial.denial_id,
        tier=tier.name,
        adjustment_cents=shares.adjustment_cents,
        write_off_cents=shares.write_off_cents,
        approved_at=work.now,
    )


def end_small_balances(opened: Sequence[Denial], work: DenialsWork) -> None:
    """Write off at once what is not worth anybody's time: the first tier needs nobody's approval."""
    automatic = TIERS[0]
    if automatic.limit_cents is None or not small_enough_to_end(opened, automatic.limit_cents):
        return
    for denial in opened:
        ended = denial.written_off(denial.opened_on)
        shares = split(denial.amount_cents, denial.expected_allowed_cents)
        work.denials.put(ended)
        work.publish(
            events.write_off_approved(denial, shares, "small_balance", automatic.name, "write-off policy", work.now)
        )
        work.publish(events.denial_resolved(ended))
