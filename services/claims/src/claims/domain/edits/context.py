"""What an edit may look at, and what an edit is."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from uuid import UUID

from msgspec import field

from claims.domain.claims import Claim
from claims.domain.directory import BillingEntity, Payer, Provider
from claims.domain.encounters import Coverage, Encounter
from claims.domain.parties import Parties
from claims.domain.people import EncounterIdentity, Person, Subscriber
from revcycle_kit.values import Value

UNITS_MAX: Mapping[str, int] = {"G0008": 1, "G0009": 1, "G0010": 1, "G0438": 1, "G0439": 1, "G0444": 1}
"""Services rendered at most once a day, by their definition; the payers' unit tables (MUE) are loaded beside them."""

MODIFIER_CONFLICTS: tuple[frozenset[str], ...] = (
    frozenset({"59", "XE"}),
    frozenset({"59", "XS"}),
    frozenset({"59", "XP"}),
    frozenset({"59", "XU"}),
    frozenset({"26", "TC"}),
    frozenset({"50", "LT"}),
    frozenset({"50", "RT"}),
    frozenset({"GA", "GZ"}),
    frozenset({"GX", "GZ"}),
    frozenset({"GA", "GY"}),
    frozenset({"76", "77"}),
)
"""Modifiers that contradict each other on one line (CMS modifier instructions)."""


class PreventionRule(Value, kw_only=True):
    """A rule learned from denials: these codes to this payer are held until somebody looks."""

    rule_id: UUID
    organization_id: UUID
    payer_id: UUID
    codes: tuple[str, ...] = ()
    carc: str = ""
    fix: str = ""
    active: bool = False


class Rulebook(Value):
    """The loadable part of the edits: code sets, unit limits, modifier conflicts, learned rules."""

    diagnosis_valid: Callable[[str, date], bool] | None = None
    """Says whether an ICD-10-CM code (no point) may be billed on a day; None: no table is loaded, form only."""
    units_max: Mapping[str, int] = field(default_factory=lambda: UNITS_MAX)
    modifier_conflicts: tuple[frozenset[str], ...] = MODIFIER_CONFLICTS
    prevention: tuple[PreventionRule, ...] = ()


class EditContext(Value):
    """One claim with everything that an edit compares it to."""

    claim: Claim
    encounter: Encounter
    identity: EncounterIdentity
    parties: Parties
    today: date
    rulebook: Rulebook = Rulebook()
    siblings: tuple[Claim, ...] = ()
    """The other claims of the encounter."""
    billed_elsewhere: frozenset[tuple[str, date]] = frozenset()
    """(code, day) pairs billed for the same patient and provider by other encounters."""
    may_wait: bool = True
    """True: it is still the day of the first check, so an answer of the payer may be waited for."""

    @property
    def payer(self) -> Payer | None:
        """The payer, if the directory has it."""
        return self.parties.payers.get(self.claim.payer_id)

    @property
    def payee(self) -> BillingEntity:
        """The billing entity."""
        return self.parties.payee

    @property
    def coverage(self) -> Coverage | None:
        """The coverage under which the claim is made."""
        return self.encounter.coverage(self.claim.coverage_id)

    @property
    def patient(self) -> Person:
        """The patient."""
        return self.identity.patient

    @property
    def subscriber(self) -> Subscriber:
        """Who holds the coverage."""
        return self.identity.subscriber(self.claim.coverage_id)

    @property
    def rendering(self) -> Provider | None:
        """The rendering provider of the claim, if the directory has one."""
        provider_id = self.claim.rendering_provider_id
        return self.parties.providers.get(provider_id) if provider_id else None


class Where(Value):
    """One place where a rule is broken; empty texts leave the edit's own."""

    line_number: int | None = None
    field: str = ""
    fix: str = ""
    owner: str = ""


class Edit(Value):
    """One rule of the table."""

    name: str
    field: str
    rule: str
    fix: str
    owner: str
    find: Callable[[EditContext], Iterable[Where]]


HERE = (Where(),)
NOWHERE: tuple[Where, ...] = ()


def once(broken: bool) -> tuple[Where, ...]:  # noqa: FBT001 - the rule's own yes or no
    """Say that the claim as a whole breaks the rule, or does not."""
    return HERE if broken else NOWHERE
