"""
What a payer's decision means for the work: which denials it opens, which it keeps alive, which it ends.

What the contract writes off (CO-45), what the patient owes (PR-1, PR-2, PR-3) and a second copy (18) open nothing;
CO-197 and PR-27 do.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from denials.domain.claim import Adjudication, BilledClaim
from denials.domain.classify import Circumstances, open_denial
from denials.domain.denial import Denial, Outcome, State
from denials.domain.policy import Policy
from denials.domain.policy_table import POLICY
from denials.domain.refusals import refusals
from revcycle_kit.money import ZERO, Cents, allocate, total


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """What follows from one decision."""

    opened: tuple[Denial, ...] = ()
    kept: tuple[Denial, ...] = ()
    """Refused before and again."""
    ended: tuple[Denial, ...] = ()


def triage(
    adjudication: Adjudication,
    around: Circumstances,
    unresolved: Sequence[Denial],
    new_id: Callable[[], UUID],
    policy: Policy = POLICY,
) -> Triage:
    """
    Decide what a decision opens, keeps and ends.

    `unresolved` are the denials of this claim and of the claims it follows. A reversal and a duplicate leave all as it
    is: the decision that counts comes after them.
    """
    if adjudication.reversal or adjudication.duplicate:
        return Triage()
    found = refusals(adjudication, around.claim, policy)
    fresh = {refusal.key: open_denial(refusal, adjudication, around, new_id(), policy) for refusal in found}
    kept, ended = [], []
    for denial in unresolved:
        again = fresh.pop((denial.line_number, denial.group, denial.carc), None)
        if again is not None:
            kept.append(denial.refused_again(again))
        elif _is_about(adjudication, around.claim, denial):
            ended.append(denial)
    refused_lines = {refusal.line_number for refusal in found}
    return Triage(
        opened=tuple(fresh.values()),
        kept=tuple(kept),
        ended=_ended(adjudication, ended, refused_lines, around.opened_on),
    )


def _is_about(adjudication: Adjudication, claim: BilledClaim | None, denial: Denial) -> bool:
    """
    Say whether the decision speaks of what was refused: a split claim is decided in parts.

    A line that the new claim no longer bills has been given up by its correction.
    """
    if denial.line_number is None or not adjudication.lines or adjudication.line(denial.line_number):
        return True
    return claim is not None and claim.claim_id != denial.claim_id and claim.line(denial.line_number) is None


def _ended(
    adjudication: Adjudication, ended: Sequence[Denial], refused_lines: Collection[int | None], on: date
) -> tuple[Denial, ...]:
    """End what is no longer refused: it is refused for another reason (withdrawn), or it is paid."""
    by_line: dict[int | None, list[Denial]] = {}
    for denial in ended:
        by_line.setdefault(denial.line_number, []).append(denial)
    done: list[Denial] = []
    for line_number, denials in by_line.items():
        otherwise = bool(refused_lines) if line_number is None else bool({line_number, None} & set(refused_lines))
        gain = ZERO if otherwise else _gain(adjudication, line_number, denials)
        shares = allocate(gain, [denial.amount_cents for denial in denials])
        done += [
            denial.recovered(Outcome.WITHDRAWN if otherwise else _outcome(denial, adjudication), share, on)
            for denial, share in zip(denials, shares, strict=True)
        ]
    return tuple(done)


def _gain(adjudication: Adjudication, line_number: int | None, denials: Sequence[Denial]) -> Cents:
    """Return what the payer now pays beyond what it paid when it refused."""
    line = adjudication.line(line_number)
    paid = adjudication.paid_cents if line_number is None else (line.paid_cents if line else ZERO)
    return max(ZERO, Cents(paid - denials[0].paid_before_cents))


def _outcome(denial: Denial, adjudication: Adjudication) -> Outcome:
    corrected = denial.state is State.CORRECTED or adjudication.claim_id != denial.claim_id
    return Outcome.CORRECTED if corrected else Outcome.OVERTURNED


def small_enough_to_end(opened: Sequence[Denial], limit_cents: Cents) -> bool:
    """
    Say whether all that a decision opens is too small for anybody's time.

    Never where the patient may owe it, and never where the payer may still be made to pay it by a new claim.
    """
    amount = total([denial.amount_cents for denial in opened])
    cheap = all(denial.group != "PR" and denial.method != "new" for denial in opened)
    return bool(opened) and cheap and amount <= limit_cents


def follows(
    claim: BilledClaim, replaces: UUID | None, others: Collection[BilledClaim], unresolved: Collection[Denial]
) -> tuple[UUID, ...]:
    """
    Return the claims whose refusals a newly billed claim is meant to cure.

    A replacement names its predecessor (and inherits what that one followed). A new claim of the same kind and rank
    answers the corrections that wait for one.
    """
    if replaces is not None:
        waiting = {replaces}
    else:
        waiting = {
            denial.claim_id
            for denial in unresolved
            if denial.state is State.CORRECTED and (denial.claim_kind, denial.rank) == (claim.kind, claim.rank)
        }
    inherited = {older for other in others if other.claim_id in waiting for older in other.follows}
    return tuple(sorted((waiting | inherited) - {claim.claim_id}))
