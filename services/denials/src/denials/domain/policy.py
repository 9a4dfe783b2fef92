"""
How a refusal is classified: by CARC, remark, group, payer and date, the most specific rule first.

A rule is data: what kind of refusal it is, which stage could have prevented it, what usually cures it, who may be
billed, and how much of the expected payment comes back. The table itself stands in `policy_table`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Literal, TypeGuard, get_args

from revcycle_kit.values import Value

Category = Literal[
    "eligibility",
    "authorization",
    "coding",
    "bundling",
    "necessity",
    "timely_filing",
    "coordination",
    "duplicate",
    "information",
    "enrollment",
    "non_covered",
    "limit",
    "wrong_payer",
    "payer_error",
    "other",
]
Stage = Literal["registration", "eligibility", "authorization", "coding", "claim", "enrollment", "payer", "patient"]
Correction = Literal["new", "replacement", "void_and_new", "reopening"]
Method = Literal["new", "replacement", "void_and_new", "reopening", "appeal", "accept", "bill_patient", "write_off"]
CORRECTIONS: Final[frozenset[str]] = frozenset(get_args(Correction))
Remedy = Literal["correct", "new", "reopening", "appeal", "accept", "bill_patient", "write_off", "none"]
"""What cures it; `correct` becomes the payer's own method, `none` is no refusal at all."""
PatientLiable = Literal["never", "by_group", "always"]
"""May the patient be billed? `by_group`: only when the payer said PR."""

WHOLE_BP: Final = 10_000


class Rule(Value, kw_only=True):
    """One line of the policy; an empty condition matches everything."""

    carc: str
    category: Category
    stage: Stage
    remedy: Remedy
    recoverability_bp: int
    """Basis points of the expected payment that come back: starting estimates, to be replaced by own experience."""
    why: str
    appealable: bool = True
    patient: PatientLiable = "never"
    groups: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    payer_kinds: tuple[str, ...] = ()
    contracted: bool | None = None
    proof: bool | None = None
    """Timely filing: whether the payer's own acceptance proves that the claim came in time."""
    from_on: date | None = None
    to_on: date | None = None

    @property
    def specificity(self) -> int:
        """How many conditions the rule sets; a remark says most."""
        bare = (self.groups, self.payer_kinds)
        return 4 * bool(self.remarks) + sum(map(bool, bare)) + (self.contracted is not None) + (self.proof is not None)


class Question(Value, kw_only=True):
    """What the policy is asked: one refusal, in its circumstances."""

    group: str
    carc: str
    remarks: tuple[str, ...]
    payer_kind: str
    contracted: bool
    proof: bool
    decided_on: date


class Policy:
    """The rules by CARC, most specific first; a CARC without any falls to the rule for all others."""

    def __init__(self, rules: Iterable[Rule], otherwise: Rule) -> None:
        by_carc: defaultdict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            by_carc[rule.carc].append(rule)
        self._by_carc: Mapping[str, Sequence[Rule]] = {
            carc: sorted(of_carc, key=lambda rule: -rule.specificity) for carc, of_carc in by_carc.items()
        }
        self._otherwise = otherwise

    def rule(self, question: Question) -> Rule:
        """Return the first rule that fits, or the rule for all others."""
        candidates = self._by_carc.get(question.carc, ())
        return next((rule for rule in candidates if _fits(rule, question)), self._otherwise)

    @property
    def carcs(self) -> frozenset[str]:
        """The codes that have a rule of their own."""
        return frozenset(self._by_carc)


def _fits(rule: Rule, question: Question) -> bool:
    return (
        (not rule.groups or question.group in rule.groups)
        and (not rule.remarks or any(remark in rule.remarks for remark in question.remarks))
        and (not rule.payer_kinds or question.payer_kind in rule.payer_kinds)
        and rule.contracted in (None, question.contracted)
        and rule.proof in (None, question.proof)
        and in_force(rule.from_on, rule.to_on, question.decided_on)
    )


def in_force(from_on: date | None, to_on: date | None, day: date) -> bool:
    """Say whether something holds on a day; None is without limit, and the last day is no more of it."""
    return (from_on is None or from_on <= day) and (to_on is None or day < to_on)


def is_correction(method: Method) -> TypeGuard[Correction]:
    """Say whether a method sends the claim again."""
    return method in CORRECTIONS


def correction_method(payer_kind: str, claim_kind: str) -> Correction:
    """
    Return how this payer takes a corrected claim.

    Medicare Part B knows no replacement: small errors are reopened (42 CFR 405.980), the rest is sent new. Part A and
    all others take a replacement (CLM05-3 = 7 with the payer's claim control number). Paper-bound payers want it new.
    """
    if payer_kind == "medicare":
        return "replacement" if claim_kind == "I" else "reopening"
    return "new" if payer_kind in ("workers_compensation", "auto") else "replacement"
