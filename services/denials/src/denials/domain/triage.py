"""
What a payer's decision means for the work: which denials it opens, which it keeps alive, which it ends.

What the contract writes off (CO-45), what the patient owes (PR-1, PR-2, PR-3) and a second copy (18) open nothing;
CO-197 and PR-27 do.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from uuid import UUID

from denials.domain.claim import Adjudication, BilledClaim
from denials.domain.classify import Circumstances, open_denial
from denials.domain.denial import Denial, Outcome, State
from denials.domain.policy import Policy
from denials.domain.policy_table import POLICY
from denials.domain.refusals import refusals
from revcycle_kit.money import ZERO, Cents, allocate, total
from revcycle_kit.values import Value


class Triage(Value, kw_only=True):
    """What follows from one decision."""

    opened: tuple[Denial, ...] = ()
    kept: tuple[Denial, ...] = ()
    """Refused before and again."""
    ended: tuple[Denial, ...] = ()


def triage(
    adjudication: Adjudication,
    circumstances: Circumstances,
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
    refused = refusals(adjudication, circumstances.claim, policy)
    fresh = {refusal.key: open_denial(refusal, adjudication, circumstances, new_id(), policy) for refusal in refused}
    kept: list[Denial] = []
    ended: list[tuple[_Place, Denial]] = []
    for denial in unresolved:
        place = _place(denial, circumstances.claim)
        again = fresh.pop((place.line_number, denial.group, denial.carc), None) if place.billed else None
        if again is not None:
            kept.append(denial.refused_again(again))
        elif _decides(adjudication, place):
            ended.append((place, denial))
    refused_lines = {refusal.line_number for refusal in refused}
    return Triage(
        opened=tuple(fresh.values()),
        kept=tuple(kept),
        ended=_ended(adjudication, ended, refused_lines, circumstances.opened_on),
    )


class _Place(Value):
    """Where the claim decided bills what was refused."""

    line_number: int | None
    """None: at claim level."""
    billed: bool = True
    """False: it no longer bills the service."""


def _place(denial: Denial, claim: BilledClaim | None) -> _Place:
    """Find the line on which the claim decided bills what was refused: a new claim may number its lines anew."""
    if denial.line_number is None or denial.line_id is None or claim is None or claim.claim_id == denial.claim_id:
        return _Place(denial.line_number)
    number = claim.number_of(denial.line_id)
    return _Place(number, billed=number is not None)


def _decides(adjudication: Adjudication, place: _Place) -> bool:
    """Say whether the decision is about what stands at this place: a split claim is decided in parts."""
    return place.line_number is None or not adjudication.lines or adjudication.line(place.line_number) is not None


def _ended(
    adjudication: Adjudication,
    ended: Sequence[tuple[_Place, Denial]],
    refused_lines: Collection[int | None],
    on: date,
) -> tuple[Denial, ...]:
    """End what is no longer refused: it is refused for another reason (withdrawn), or it is paid."""
    by_place: dict[_Place, list[Denial]] = {}
    for place, denial in ended:
        by_place.setdefault(place, []).append(denial)
    return tuple(
        denial
        for place, denials in by_place.items()
        for denial in _ended_at(place, denials, adjudication, refused_lines, on)
    )


def _ended_at(
    place: _Place,
    denials: Sequence[Denial],
    adjudication: Adjudication,
    refused_lines: Collection[int | None],
    on: date,
) -> list[Denial]:
    refused_otherwise = _refused_at(place, refused_lines)
    gain = ZERO if refused_otherwise else _gain(adjudication, place, denials)
    shares = allocate(gain, [denial.amount_cents for denial in denials])
    return [
        denial.recovered(Outcome.WITHDRAWN if refused_otherwise else _outcome(denial, adjudication), share, on)
        for denial, share in zip(denials, shares, strict=True)
    ]


def _refused_at(place: _Place, refused_lines: Collection[int | None]) -> bool:
    """Say whether something is refused here: on the line, at claim level, or for the claim on any of its lines."""
    if not place.billed:
        return None in refused_lines
    return bool(refused_lines) if place.line_number is None else not {place.line_number, None}.isdisjoint(refused_lines)


def _gain(adjudication: Adjudication, place: _Place, denials: Sequence[Denial]) -> Cents:
    """Return what the payer now pays beyond what it paid when it refused."""
    return max(ZERO, Cents(_paid_at(adjudication, place) - denials[0].paid_before_cents))


def _paid_at(adjudication: Adjudication, place: _Place) -> Cents:
    if not place.billed:
        return ZERO
    if place.line_number is None:
        return adjudication.paid_cents
    line = adjudication.line(place.line_number)
    return line.paid_cents if line else ZERO


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
