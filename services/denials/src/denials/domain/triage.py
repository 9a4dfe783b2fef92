"""
What a payer's decision means for the work: which denials it opens, which it keeps alive, which it ends.

What the contract writes off (CO-45), what the patient owes (PR-1, PR-2, PR-3) and a second copy (18) open nothing;
CO-197 and PR-27 do.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
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
    kept: list[Denial] = []
    ended: list[tuple[int | None, Denial]] = []
    for denial in unresolved:
        place = _place(denial, around.claim)
        again = fresh.pop((place, denial.group, denial.carc), None)
        if again is not None:
            kept.append(denial.refused_again(again))
        elif _speaks_of(adjudication, place):
            ended.append((place, denial))
    refused_lines = {refusal.line_number for refusal in found}
    return Triage(
        opened=tuple(fresh.values()),
        kept=tuple(kept),
        ended=_ended(adjudication, ended, refused_lines, around.opened_on),
    )


_GIVEN_UP: Final = 0
"""In place of a line number: the claim decided no longer bills the service."""


def _place(denial: Denial, claim: BilledClaim | None) -> int | None:
    """Return the line on which the claim decided bills what was refused: a new claim may number its lines anew."""
    if denial.line_number is None or denial.line_id is None or claim is None or claim.claim_id == denial.claim_id:
        return denial.line_number
    return claim.number_of(denial.line_id) or _GIVEN_UP


def _speaks_of(adjudication: Adjudication, place: int | None) -> bool:
    """Say whether the decision is about what stands at this place: a split claim is decided in parts."""
    return place in (None, _GIVEN_UP) or not adjudication.lines or adjudication.line(place) is not None


def _ended(
    adjudication: Adjudication,
    ended: Sequence[tuple[int | None, Denial]],
    refused_lines: Collection[int | None],
    on: date,
) -> tuple[Denial, ...]:
    """End what is no longer refused: it is refused for another reason (withdrawn), or it is paid."""
    by_place: dict[int | None, list[Denial]] = {}
    for place, denial in ended:
        by_place.setdefault(place, []).append(denial)
    done: list[Denial] = []
    for place, denials in by_place.items():
        otherwise = bool(refused_lines) if place is None else bool({place, None} & set(refused_lines))
        gain = ZERO if otherwise else _gain(adjudication, place, denials)
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

    A claim that names its predecessor follows it, and what that one followed. Any other of the same kind and rank
    answers the corrections that wait for one: the predecessor it names may never have left the house. To another payer
    it answers all that the former one refused, for that payer is not asked any more.
    """
    waiting = {
        denial.claim_id
        for denial in unresolved
        if (denial.claim_kind, denial.rank) == (claim.kind, claim.rank)
        and (denial.state is State.CORRECTED or denial.payer_id != claim.payer_id)
    }
    if any(other.claim_id == replaces for other in others):
        waiting = {replaces} if replaces else set()
    inherited = {older for other in others if other.claim_id in waiting for older in other.follows}
    return tuple(sorted((waiting | inherited) - {claim.claim_id}))
