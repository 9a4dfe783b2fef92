"""
What a decision refuses, per line or claim.

Refused is what the payer neither pays, nor adjusts by contract, nor leaves to the patient as cost share. It is read
from the adjustments, never from the claim's status code.
"""

from collections.abc import Sequence
from itertools import groupby

from denials.domain.claim import Adjudication, Adjustment, BilledClaim
from denials.domain.policy import Policy, Question
from denials.domain.policy_table import POLICY
from denials.domain.recovery import expected_allowed
from revcycle_kit.money import Cents, total
from revcycle_kit.values import Value


class RefusedAmount(Value, kw_only=True):
    """One amount that a decision refuses: a line's (or, without a number, the claim's), by group and CARC."""

    line_number: int | None
    code: str
    group: str
    carc: str
    remarks: tuple[str, ...]
    amount_cents: Cents
    expected_allowed_cents: Cents | None
    paid_cents: Cents

    @property
    def key(self) -> tuple[int | None, str, str]:
        """What makes it the same refusal in a later decision."""
        return self.line_number, self.group, self.carc


def refusals(adjudication: Adjudication, claim: BilledClaim | None, policy: Policy = POLICY) -> list[RefusedAmount]:
    """Return every amount that the decision refuses, lines first; a reversal or a duplicate refuses nothing."""
    if adjudication.reversal or adjudication.duplicate:
        return []
    amounts: list[RefusedAmount] = []
    for line in adjudication.lines:
        billed = claim.line(line.line_number) if claim else None
        expected = line.expected_allowed_cents
        if expected is None and billed is not None:
            expected = billed.expected_allowed_cents
        remarks = tuple(dict.fromkeys((*line.remarks, *adjudication.remarks)))
        refused = _refused(line.adjustments, adjudication, remarks, policy)
        shares = expected_allowed([amount for _, _, amount in refused], expected, line.allowed_cents)
        amounts += [
            RefusedAmount(
                line_number=line.line_number,
                code=line.code,
                group=group,
                carc=carc,
                remarks=remarks,
                amount_cents=amount,
                expected_allowed_cents=share,
                paid_cents=line.paid_cents,
            )
            for (group, carc, amount), share in zip(refused, shares, strict=True)
        ]
    return amounts + _claim_level(adjudication, claim, policy)


def _claim_level(adjudication: Adjudication, claim: BilledClaim | None, policy: Policy) -> list[RefusedAmount]:
    refused = _refused(adjudication.claim_adjustments, adjudication, adjudication.remarks, policy)
    if not refused:
        return []
    expected, allowed = _expected_of_claim(adjudication, claim)
    shares = expected_allowed([amount for _, _, amount in refused], expected, allowed)
    return [
        RefusedAmount(
            line_number=None,
            code="",
            group=group,
            carc=carc,
            remarks=adjudication.remarks,
            amount_cents=amount,
            expected_allowed_cents=share,
            paid_cents=adjudication.paid_cents,
        )
        for (group, carc, amount), share in zip(refused, shares, strict=True)
    ]


def _expected_of_claim(adjudication: Adjudication, claim: BilledClaim | None) -> tuple[Cents | None, Cents]:
    """Add up what the contract allows for the claim's lines; unknown if it is for any of them."""
    lines: Sequence[Cents | None] = [line.expected_allowed_cents for line in adjudication.lines]
    if not lines and claim is not None:
        lines = [line.expected_allowed_cents for line in claim.lines]
    known = [cents for cents in lines if cents is not None]
    allowed = total([line.allowed_cents for line in adjudication.lines])
    return (total(known) if known and len(known) == len(lines) else None), allowed


def _refused(
    adjustments: Sequence[Adjustment], adjudication: Adjudication, remarks: tuple[str, ...], policy: Policy
) -> list[tuple[str, str, Cents]]:
    """Add up what is refused by group and CARC; amounts that net to nothing or less refuse nothing."""
    refused = [entry for entry in adjustments if _is_refusal(entry, adjudication, remarks, policy)]
    ordered = sorted(refused, key=lambda entry: (entry.group, entry.carc))
    sums = [
        (group, carc, total([entry.amount_cents for entry in entries]))
        for (group, carc), entries in groupby(ordered, key=lambda entry: (entry.group, entry.carc))
    ]
    return [(group, carc, amount) for group, carc, amount in sums if amount > 0]


def _is_refusal(entry: Adjustment, adjudication: Adjudication, remarks: tuple[str, ...], policy: Policy) -> bool:
    """Believe the publisher; where it uses a word that we do not know, ask our own table."""
    if entry.meaning != "unknown":
        return entry.meaning in ("denial", "information")
    question = question_of(entry.group, entry.carc, remarks, adjudication, proof=False)
    return policy.rule(question).remedy != "none"


def question_of(
    group: str, carc: str, remarks: tuple[str, ...], adjudication: Adjudication, *, proof: bool
) -> Question:
    """Put a refusal and its circumstances as a question to the policy."""
    return Question(
        group=group,
        carc=carc,
        remarks=remarks,
        payer_kind=adjudication.payer_kind,
        contracted=adjudication.contracted,
        proof=proof,
        decided_on=adjudication.decided_on,
    )
