"""
The world outside the revenue-cycle system, as one value that JSON can carry.

Codes (of clinics, billing entities, payers, plans) are the keys by which things
refer to one another. Amounts are whole cents, dates calendar dates.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

import msgspec

from revcycle_sandbox.behaviour import Behaviour
from revcycle_sandbox.people import Address, Patient, Visit

Thing = TypeVar("Thing")


class Organization(msgspec.Struct, frozen=True, kw_only=True):
    """The billing company."""

    code: str
    name: str


class BillingEntity(msgspec.Struct, frozen=True, kw_only=True):
    """A payee: tax number and billing NPI."""

    code: str
    name: str
    tin: str
    npi: str
    taxonomy: str = "261QP2300X"
    address: Address = Address()
    phone: str = ""


class Clinic(msgspec.Struct, frozen=True, kw_only=True):
    """A place of care and its EHR."""

    code: str
    name: str
    npi: str
    billing_entity: str
    time_zone: str = "America/New_York"
    address: Address = Address()
    place_of_service: str = "11"
    facility: str = ""
    """MSH-4 of its messages; its code where empty."""
    fhir_share: int = 0
    """Basis points of its visits that come as FHIR bundles instead of HL7 v2."""


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """A clinician."""

    npi: str
    family: str
    given: str = ""
    taxonomy: str = "207Q00000X"
    clinics: tuple[str, ...] = ()


class ChargeItem(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the chargemaster."""

    code: str
    description: str
    charge_cents: int
    revenue_code: str = ""
    """Not empty: billed by the facility (837I)."""
    billing_entity: str = ""
    """Empty: for all."""


class Enrollment(msgspec.Struct, frozen=True, kw_only=True):
    """A clinician's credentialing with a payer; one without any enrollment on file counts as enrolled."""

    payer: str
    npi: str
    effective_on: date
    ends_on: date | None = None


class ModifierRule(msgspec.Struct, frozen=True, kw_only=True):
    """A code that needs one of these modifiers, always or only beside other codes (else CO-4)."""

    code: str
    any_of: tuple[str, ...]
    beside: tuple[str, ...] = ()


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A column-2 code that is part of a column-1 code of the same day, unless a modifier says otherwise."""

    column1: str
    column2: str
    modifier_allowed: bool = True
    carc: str = "97"
    remark: str = "M15"


class NecessityRule(msgspec.Struct, frozen=True, kw_only=True):
    """A code that is covered only for diagnoses that begin so (else CO-50)."""

    code: str
    diagnoses: tuple[str, ...]


class Payer(msgspec.Struct, frozen=True, kw_only=True):
    """A payer: its contract, its rules, its behaviour."""

    code: str
    """NM109 of loop 2010BB."""
    name: str
    kind: str
    filing_indicator: str
    contracted: bool = True
    excess_group: str = "CO"
    """Group of CARC 45: CO under contract, else PR or PI."""
    ended_group: str = "PR"
    """Group of CARC 26, 27 and 31."""
    timely_filing_days: int = 180
    secondary_filing_days: int = 365
    appeal_days: int = 180
    tin: str = "990000000"
    fees: dict[str, int] = {}
    """Price of one unit by HCPCS or revenue code, cents."""
    unlisted_basis_points: int = 6_000
    """What is allowed of the charge where no fee is listed."""
    authorization_codes: tuple[str, ...] = ()
    """The published list; what counts is the plan's."""
    modifiers: tuple[ModifierRule, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    necessity: tuple[NecessityRule, ...] = ()
    units_max: dict[str, int] = {}
    places: dict[str, tuple[str, ...]] = {}
    unspecified: tuple[str, ...] = ()
    """Diagnoses that are not specific enough as the only one of a line (CO-16 with M76)."""
    reduced: tuple[str, ...] = ()
    """Codes under multiple-procedure reduction: the highest in full, the others at half."""
    behaviour: Behaviour = Behaviour()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A benefit plan. All amounts per person and calendar year."""

    code: str
    payer: str
    name: str = ""
    deductible_cents: int = 0
    coinsurance_basis_points: int = 0
    out_of_pocket_cents: int | None = None
    copays: dict[str, int] = {}
    """By procedure or revenue code: a copay-only service skips deductible and coinsurance."""
    not_covered: tuple[str, ...] = ()
    not_covered_carc: str = "204"
    limits: dict[str, int] = {}
    """Units a year."""
    authorization_codes: tuple[str, ...] = ()
    capitated: tuple[str, ...] = ()
    coordination: str = "non_duplication"
    """As a secondary: non_duplication, lesser_of, medigap, supplement (pays deductible as well)."""


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """When a member is covered, and under which plan."""

    plan: str
    begins_on: date
    ends_on: date | None = None
    end_known_on: date | None = None
    """A retroactive end: before this day the payer's answers still say active."""


class OtherPayer(msgspec.Struct, frozen=True, kw_only=True):
    """A payer that pays before this one."""

    payer: str
    since: date


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A member as the payer's enrollment file has one."""

    member_id: str
    payer: str
    family: str
    given: str
    birth_on: date
    sex: str = "U"
    spans: tuple[Span, ...] = ()
    dependents: tuple[tuple[str, date], ...] = ()
    """Given name and birth date of those covered under the same id."""
    group_number: str = ""
    deductible_used_cents: int = 0
    out_of_pocket_used_cents: int = 0
    pays_after: OtherPayer | None = None
    crossover_payer: str = ""
    crossover_member_id: str = ""
    qmb: bool = False


class Scheduled(msgspec.Struct, frozen=True, kw_only=True):
    """A raw message that an EHR sends at an instant: scenario files carry these."""

    at: str
    """ISO instant with offset."""
    channel: str
    content: str
    sender: str = ""


class World(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the sandbox knows at the beginning."""

    organization: Organization
    billing_entities: tuple[BillingEntity, ...] = ()
    clinics: tuple[Clinic, ...] = ()
    providers: tuple[Provider, ...] = ()
    payers: tuple[Payer, ...] = ()
    plans: tuple[Plan, ...] = ()
    chargemaster: tuple[ChargeItem, ...] = ()
    enrollments: tuple[Enrollment, ...] = ()
    members: tuple[Member, ...] = ()
    patients: tuple[Patient, ...] = ()
    visits: tuple[Visit, ...] = ()
    messages: tuple[Scheduled, ...] = ()
    self_pay_discount_basis_points: int = 4_000


def index(things: Iterable[Thing], key: Callable[[Thing], str]) -> dict[str, Thing]:
    """Arrange things by their key."""
    return {key(thing): thing for thing in things}


def to_json(world: World) -> bytes:
    """Write a world as JSON; the same world gives the same bytes."""
    return msgspec.json.encode(world, order="deterministic")


def from_json(content: bytes) -> World:
    """Read a world; raises msgspec.ValidationError naming the field that is wrong."""
    return msgspec.json.decode(content, type=World)
