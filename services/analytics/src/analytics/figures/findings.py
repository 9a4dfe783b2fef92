"""
What a reconciliation can find, and the rules by which it finds it: pure comparisons of what two sides say.

One side is what an event told, the other what a ledger, another service, a payer or the bank says about the same
money. A finding names the thing, what was expected, what was found, to the cent, and what to do.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from analytics.figures.encounters import Announced
from analytics.figures.money import Amounts, Cash
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value

REMITTANCE_DAYS: Final = 3
"""So long a remittance may wait to be posted."""
DEPOSIT_DAYS: Final = 5
"""So long the bank's deposit may lag behind the 835 (three business days, and a weekend)."""


class Finding(Value, kw_only=True):
    """Two sides that should say the same, and do not."""

    kind: str
    subject: str
    """What it is about: `encounter`, `claim`, `remittance`, `stream`."""
    subject_id: UUID
    encounter_id: UUID | None = None
    what: str
    expected: str
    found: str
    expected_cents: Cents | None = None
    found_cents: Cents | None = None
    fix: str


class Rule(Value):
    """One comparison of an encounter's money: who says what, and what to do when they differ."""

    kind: str
    what: str
    expected: str
    found: str
    fix: str


_RULES: Final = {
    "not_conserved": Rule(
        "not_conserved",
        "charged = insurance paid + adjusted + patient paid + written off + open",
        "what the ledgers charged",
        "what they say it became",
        "Read both ledgers' entries in the journey: an account is missing or an entry has one side only.",
    ),
    "unknown_account": Rule(
        "unknown_account",
        "every account of the ledgers has a meaning here",
        "nothing on unknown accounts",
        "cents on unknown accounts",
        "Give the account its meaning in analytics before figures are used.",
    ),
    "transfer_not_received": Rule(
        "transfer_not_received",
        "what claims transferred to the patient, patient billing has taken up",
        "transferred by claims",
        "received by patient billing",
        "Look for a waiting or parked patient_balance_due of this encounter in patient billing.",
    ),
    "charges_not_posted": Rule(
        "charges_not_posted",
        "announced charges stand in the ledger",
        "charges posted less reversed, as announced",
        "charged in the ledger",
        "Compare charges_posted with ledger_posted of claims for this encounter.",
    ),
    "payment_not_posted": Rule(
        "payment_not_posted",
        "what payers decided to pay stands in the ledger",
        "paid according to the decisions",
        "insurance payments in the ledger",
        "Compare claim_adjudicated with ledger_posted of claims for this encounter.",
    ),
    "balance_not_transferred": Rule(
        "balance_not_transferred",
        "what was announced as due from the patient was transferred",
        "due less withdrawn, as announced",
        "transferred in the ledger",
        "Compare patient_balance_due with ledger_posted of claims for this encounter.",
    ),
    "patient_payment_not_posted": Rule(
        "patient_payment_not_posted",
        "what was announced as applied stands in the patient ledger",
        "applied less refunded, as announced",
        "patient payments in the ledger",
        "Compare patient_payment_applied with ledger_posted of patient billing for this encounter.",
    ),
}


def money_findings(encounter_id: UUID, money: Amounts, announced: Announced) -> list[Finding]:
    """Compare an encounter's ledgers with one another and with what events announced."""
    pairs = {
        "not_conserved": (money.charged_cents, Cents(money.charged_cents - money.gone_cents)),
        "unknown_account": (ZERO, money.unknown_cents),
        "transfer_not_received": (money.transferred_cents, money.received_cents),
        "charges_not_posted": (announced.charged_cents, money.charged_cents),
        "payment_not_posted": (announced.insurance_paid_cents, money.insurance_paid_cents),
        "balance_not_transferred": (announced.transferred_cents, money.transferred_cents),
        "patient_payment_not_posted": (announced.patient_paid_cents, money.patient_paid_cents),
    }
    return [
        _unequal(_RULES[kind], encounter_id, expected, actual)
        for kind, (expected, actual) in pairs.items()
        if expected != actual
    ]


def _unequal(rule: Rule, encounter_id: UUID, expected: Cents, actual: Cents) -> Finding:
    return Finding(
        kind=rule.kind,
        subject="encounter",
        subject_id=encounter_id,
        encounter_id=encounter_id,
        what=rule.what,
        expected=rule.expected,
        found=rule.found,
        expected_cents=expected,
        found_cents=actual,
        fix=rule.fix,
    )


class OpenClaim(Value, kw_only=True):
    """A claim that was sent and not decided."""

    claim_id: UUID
    encounter_id: UUID
    charge_cents: Cents
    submitted_on: date
    answered_on: date | None
    not_found_on: date | None
    paid_reported_on: date | None


def claim_findings(claim: OpenClaim) -> list[Finding]:
    """Say what is wrong with a sent claim: nobody acknowledged it, the payer has none, or its payment never came."""
    findings: list[Finding] = []
    if claim.not_found_on:
        findings.append(_of_claim(claim, _NOT_FOUND, f"not found, said the payer on {claim.not_found_on}"))
    elif claim.answered_on is None:
        findings.append(_of_claim(claim, _UNACKNOWLEDGED, "no answer"))
    if claim.paid_reported_on:
        findings.append(_of_claim(claim, _UNPOSTED, f"paid, said the payer on {claim.paid_reported_on}; not posted"))
    return findings


_NOT_FOUND: Final = Rule(
    "claim_not_found",
    "the payer has the claim that was billed",
    "sent on {submitted_on}",
    "",
    "Send the claim again, with proof of timely filing.",
)
_UNACKNOWLEDGED: Final = Rule(
    "acknowledgment_missing",
    "a claim that was sent is acknowledged (277CA)",
    "sent on {submitted_on}",
    "",
    "Ask the clearinghouse for the 999 and 277CA of its interchange; ask the payer (276).",
)
_UNPOSTED: Final = Rule(
    "paid_not_posted",
    "what the payer says it paid was posted",
    "posted, for it was sent on {submitted_on}",
    "",
    "Ask the payer for the 835 and its trace number; look among held files, and unmatched and quarantined claims.",
)


def _of_claim(claim: OpenClaim, rule: Rule, seen: str) -> Finding:
    return Finding(
        kind=rule.kind,
        subject="claim",
        subject_id=claim.claim_id,
        encounter_id=claim.encounter_id,
        what=rule.what,
        expected=rule.expected.format(submitted_on=claim.submitted_on),
        found=seen,
        expected_cents=claim.charge_cents,
        fix=rule.fix,
    )


class RemittanceSides(Value, kw_only=True):
    """What the file, the cash ledger, the encounters and the bank say about one remittance."""

    remittance_id: UUID
    announced_cents: Cents | None
    received_on: date | None
    posted_on: date | None
    deposited_on: date | None
    deposited_cents: Cents | None
    cash: Cash
    on_encounters_cents: Cents | None
    """Paid by decisions of this remittance; None: the grant does not reach every clinic of the payee."""


def remittance_findings(sides: RemittanceSides, today: date) -> list[Finding]:
    """Compare file, cash ledger, encounters and bank; what is only young is no finding."""
    return [*_late_findings(sides, today), *_cent_findings(sides)]


def _late_findings(sides: RemittanceSides, today: date) -> Iterable[Finding]:
    announced = sides.announced_cents or ZERO
    since = sides.received_on or today
    if sides.posted_on is None and (today - since).days > REMITTANCE_DAYS:
        yield _of_remittance(
            sides,
            "remittance_not_posted",
            "a remittance that arrived was posted",
            (announced, sides.cash.deposits_cents),
            "Look for the remittance among those set aside.",
        )
    if announced > 0 and sides.deposited_cents is None and (today - since).days > DEPOSIT_DAYS:
        yield _of_remittance(
            sides,
            "deposit_missing",
            "the bank has what the 835 says was paid",
            (announced, ZERO),
            "Ask the bank for the payment with this trace number, then the payer.",
        )


def _cent_findings(sides: RemittanceSides) -> Iterable[Finding]:
    cash, announced = sides.cash, sides.announced_cents
    pairs = {
        "deposit_differs": ("the bank has what the 835 says was paid", announced, sides.deposited_cents),
        "cash_not_conserved": ("deposits = applied + unapplied + what belongs to no claim", ZERO, cash.gone_cents),
        "cash_not_on_encounters": ("what cash applied, encounters have", cash.applied_cents, sides.on_encounters_cents),
    }
    if sides.posted_on is not None and cash != Cash():
        pairs["cash_differs"] = ("the cash ledger has what the 835 says was paid", announced, cash.deposits_cents)
    for kind, (what, expected, actual) in pairs.items():
        if expected is not None and actual is not None and expected != actual:
            yield _of_remittance(
                sides, kind, what, (expected, actual), "Compare the remittance's cash entries with its 835."
            )


def _of_remittance(sides: RemittanceSides, kind: str, what: str, cents: tuple[Cents, Cents], fix: str) -> Finding:
    expected, actual = cents
    return Finding(
        kind=kind,
        subject="remittance",
        subject_id=sides.remittance_id,
        what=what,
        expected=f"{expected} cents",
        found=f"{actual} cents",
        expected_cents=expected,
        found_cents=actual,
        fix=fix,
    )
