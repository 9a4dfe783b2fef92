"""From an encounter's posted charges to claims: professional or institutional, to the payer whose turn it is."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from claims.domain.claims import Claim, PriorPayer, ServiceLine, control_number
from claims.domain.coding import bare
from claims.domain.directory import Payer
from claims.domain.encounters import Charge, Coverage, Encounter
from claims.domain.parties import Parties
from claims.domain.pricing import PriceList, expected_allowed
from revcycle_kit.ids import derived_id
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value, replace

DIAGNOSES_MAX = {"P": 12, "I": 25}
POINTERS_MAX = 4
LINES_MAX = {"P": 50, "I": 999}
_INPATIENT_FACILITY = "11"
_OUTPATIENT_FACILITY = "13"
_PLACE_OF_VISIT = {"emergency": "23", "inpatient": "21", "virtual": "10", "home": "12", "observation": "22"}


def kinds_of(encounter: Encounter) -> dict[str, tuple[Charge, ...]]:
    """Split the billable charges: a revenue code makes a line institutional (I), all others are professional (P)."""
    kinds: dict[str, tuple[Charge, ...]] = {}
    for charge in encounter.billable_charges:
        kind = "I" if charge.revenue_code else "P"
        kinds[kind] = (*kinds.get(kind, ()), charge)
    return kinds


def build(encounter: Encounter, kind: str, coverage: Coverage, parties: Parties, *, ordinal: int = 1) -> Claim:
    """Build the claim of one kind to one payer from what the encounter's charges say now."""
    payer = parties.payer(coverage.payer_id)
    charges = kinds_of(encounter).get(kind, ())
    diagnoses = _diagnoses(encounter, charges, DIAGNOSES_MAX[kind])
    place = encounter.place_of_service or _PLACE_OF_VISIT.get(encounter.visit_class) or parties.clinic.place_of_service
    ground = _Ground(encounter=encounter, payer=payer, prices=parties.prices, diagnoses=diagnoses, place=place)
    lines = tuple(_line(number, charge, ground) for number, charge in enumerate(charges, 1))
    claim_id = claim_identity(encounter.encounter_id, payer.payer_id, coverage.rank, kind, ordinal)
    begins, through = _span(encounter, charges)
    return Claim(
        claim_id=claim_id,
        encounter_id=encounter.encounter_id,
        clinic_id=encounter.clinic_id,
        billing_entity_id=encounter.billing_entity_id,
        patient_id=encounter.patient_id,
        patient_control_number=control_number(claim_id),
        payer_id=payer.payer_id,
        payer_kind=payer.kind,
        contracted=payer.contracted,
        coverage_id=coverage.coverage_id,
        rank=coverage.rank,
        kind=kind,
        ordinal=ordinal,
        place_of_service=place,
        facility_code=_facility(encounter) if kind == "I" else "",
        diagnoses=diagnoses,
        lines=lines,
        authorization_number=authorization_for(encounter, payer, lines),
        rendering_provider_id=encounter.rendering_provider_id or _first_provider(charges),
        attending_provider_id=encounter.attending_provider_id or encounter.rendering_provider_id,
        referring_provider_id=encounter.referring_provider_id,
        service_on=begins,
        service_through_on=through,
        admitted_on=encounter.admitted_at.date() if encounter.admitted_at and encounter.inpatient else None,
        timely_filing_by=filing_deadline(payer, kind, begins, through),
    )


def claim_identity(encounter_id: UUID, payer_id: UUID, rank: int, kind: str, ordinal: int) -> UUID:
    """Return the id of the n-th claim of this kind to this payer: the same each time it is asked."""
    return derived_id("claim", str(encounter_id), str(payer_id), str(rank), kind, str(ordinal))


def filing_deadline(payer: Payer, kind: str, begins: date, through: date, prior_on: date | None = None) -> date:
    """
    Return the last day on which this payer takes the claim.

    Counted from the service; an institutional claim from its last day (42 CFR 424.44 for Medicare), a secondary
    claim from the primary's decision.
    """
    if prior_on is not None:
        return prior_on + timedelta(days=payer.secondary_filing_days)
    return (through if kind == "I" else begins) + timedelta(days=payer.timely_filing_days)


def authorization_for(encounter: Encounter, payer: Payer, lines: Iterable[ServiceLine]) -> str | None:
    """Return the number of the granted authorization that covers these services, if there is one."""
    codes = {line.code for line in lines}
    for authorization in encounter.authorizations:
        fits = not authorization.codes or codes & set(authorization.codes)
        if authorization.payer_id == payer.payer_id and authorization.granted and authorization.number and fits:
            return authorization.number
    return None


def rebuilt(claim: Claim, fresh: Claim) -> Claim:
    """Bring an unsent claim up to date, keeping what people did to it."""
    return replace(
        fresh,
        claim_id=claim.claim_id,
        patient_control_number=claim.patient_control_number,
        ordinal=claim.ordinal,
        frequency=claim.frequency,
        replaces_claim_id=claim.replaces_claim_id,
        original_control_number=claim.original_control_number,
        prior=claim.prior,
        timely_filing_by=claim.timely_filing_by if claim.prior else fresh.timely_filing_by,
        overridden=claim.overridden,
        override_reason=claim.override_reason,
        touched=claim.touched,
        first_edited_on=claim.first_edited_on,
        rejected_before=claim.rejected_before,
    )


def secondary(fresh: Claim, prior: tuple[PriorPayer, ...], payer: Payer) -> Claim:
    """Turn a freshly built claim into one to the next payer, with what the payers before it decided."""
    decided_on = max(payer.adjudicated_on for payer in prior)
    return replace(
        fresh,
        prior=prior,
        timely_filing_by=filing_deadline(
            payer, fresh.kind, fresh.service_on, fresh.service_through_on, prior_on=decided_on
        ),
    )


class _Ground(Value, kw_only=True):
    """What all lines of one claim stand on."""

    encounter: Encounter
    payer: Payer
    prices: PriceList | None
    diagnoses: tuple[str, ...]
    place: str


def _line(number: int, charge: Charge, ground: _Ground) -> ServiceLine:
    cents = charge.charge_cents or ZERO
    return ServiceLine(
        line_number=number,
        line_id=charge.line_id,
        code=charge.code,
        modifiers=charge.modifiers,
        units=charge.units,
        charge_cents=cents,
        service_on=charge.service_on,
        service_through_on=charge.service_through_on,
        place_of_service=charge.place_of_service or ground.place,
        rendering_provider_id=charge.rendering_provider_id or ground.encounter.rendering_provider_id,
        pointers=pointers(charge.diagnoses or ground.encounter.diagnoses, ground.diagnoses),
        revenue_code=charge.revenue_code,
        ndc=charge.ndc,
        expected_allowed_cents=_expected(charge, cents, ground),
    )


def _expected(charge: Charge, cents: Cents, ground: _Ground) -> Cents | None:
    if ground.prices is None:
        return None
    rate = ground.prices.rate(ground.payer.payer_id, charge.code, charge.modifiers, charge.service_on)
    return expected_allowed(rate, cents, charge.units)


def pointers(own: tuple[str, ...], diagnoses: tuple[str, ...]) -> tuple[int, ...]:
    """Point from a line to the claim's diagnoses: at most four, counted from one."""
    places = {code: place for place, code in enumerate(diagnoses, 1)}
    found = (places.get(bare(code)) for code in own)
    return tuple(dict.fromkeys(place for place in found if place))[:POINTERS_MAX]


def _diagnoses(encounter: Encounter, charges: tuple[Charge, ...], limit: int) -> tuple[str, ...]:
    wanted = (
        *encounter.diagnoses[:1],
        *(code for charge in charges for code in charge.diagnoses),
        *encounter.diagnoses,
    )
    return tuple(dict.fromkeys(bare(code) for code in wanted))[:limit]


def _span(encounter: Encounter, charges: tuple[Charge, ...]) -> tuple[date, date]:
    begins = min((charge.service_on for charge in charges), default=encounter.service_on)
    through = max((charge.service_through_on or charge.service_on for charge in charges), default=begins)
    if encounter.inpatient:
        begins = min(begins, encounter.service_on)
        through = max(through, encounter.service_through_on or through)
    return begins, through


def _facility(encounter: Encounter) -> str:
    return _INPATIENT_FACILITY if encounter.inpatient else _OUTPATIENT_FACILITY


def _first_provider(charges: tuple[Charge, ...]) -> UUID | None:
    return next((charge.rendering_provider_id for charge in charges if charge.rendering_provider_id), None)
