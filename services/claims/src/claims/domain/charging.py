"""From what the EHR handed over to what is charged: priced, credited, or waiting for a coder."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from claims.domain.coding import BILLABLE_SYSTEMS, DIAGNOSIS_SYSTEM
from claims.domain.encounters import Charge, Encounter
from claims.domain.pricing import PriceList, times
from revcycle_kit.money import Cents
from revcycle_kit.values import Value, replace


class SentDiagnosis(Value, kw_only=True):
    """A diagnosis as the sender coded it."""

    code: str
    system: str = DIAGNOSIS_SYSTEM
    rank: int = 0


class SentCharge(Value, kw_only=True):
    """A service that the EHR says was rendered."""

    line_id: UUID
    code: str
    system: str = "hcpcs"
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    amount_cents: Cents | None = None
    service_on: date | None = None
    service_through_on: date | None = None
    place_of_service: str | None = None
    rendering_provider_id: UUID | None = None
    diagnoses: tuple[SentDiagnosis, ...] = ()
    revenue_code: str | None = None
    ndc: str | None = None
    credit: bool = False


def receive(
    encounter: Encounter, sent: tuple[SentCharge, ...], diagnoses: tuple[SentDiagnosis, ...], *, complete: bool
) -> Encounter:
    """
    Take in what arrived: new lines are added, a repeated line id is the same line, a credit takes its line back.

    Nothing is posted here; lines without a price stay unposted.
    """
    known = {charge.line_id: charge for charge in encounter.charges}
    for sent_charge in sent:
        if sent_charge.credit:
            known = _credited(known, sent_charge)
        elif sent_charge.line_id not in known:
            known[sent_charge.line_id] = _charge(sent_charge, encounter)
    codes = (*diagnoses, *(code for charge in sent for code in charge.diagnoses))
    usable = tuple(code.code for code in sorted(codes, key=_rank) if code.system == DIAGNOSIS_SYSTEM)
    return replace(
        encounter,
        charges=tuple(known.values()),
        charges_complete=complete,
        diagnoses=tuple(dict.fromkeys((*encounter.diagnoses, *usable))),
        unmapped=tuple(sorted({*encounter.unmapped, *(c.system for c in codes if c.system != DIAGNOSIS_SYSTEM)})),
    )


def priced(encounter: Encounter, prices: PriceList | None) -> Encounter:
    """Give every unpriced line its price: the sender's amount if there is one, else the chargemaster's."""
    return replace(encounter, charges=tuple(_with_price(charge, prices) for charge in encounter.charges))


def post(encounter: Encounter, today: date) -> tuple[Encounter, tuple[Charge, ...], tuple[Charge, ...]]:
    """
    Post what can be posted and mirror what was taken back.

    Returns the encounter, the charges posted now, and the charges reversed now.
    """
    posted = tuple(replace(charge, posted_on=today) for charge in encounter.charges if _postable(charge))
    reversed_now = tuple(
        replace(charge, reversed_on=today, credited=False)
        for charge in encounter.charges
        if charge.credited and charge.posted_on is not None
    )
    changed = {charge.line_id: charge for charge in (*posted, *reversed_now)}
    charges = tuple(
        changed.get(charge.line_id, charge)
        for charge in encounter.charges
        if charge.posted_on is not None or not charge.credited
    )
    return replace(encounter, charges=charges), posted, reversed_now


def recoded(encounter: Encounter, codes: Mapping[UUID, "LineCoding"], diagnoses: tuple[str, ...]) -> Encounter:
    """
    Take the coder's answer for lines and encounter.

    What was posted keeps its code, units and price; it is taken back (remove) and charged anew.
    """
    return replace(
        encounter,
        charges=tuple(_coded(charge, codes.get(charge.line_id)) for charge in encounter.charges),
        diagnoses=tuple(dict.fromkeys(diagnoses)) or encounter.diagnoses,
        unmapped=() if diagnoses or encounter.diagnoses else encounter.unmapped,
    )


class LineCoding(Value, kw_only=True):
    """What a coder says about one line; what is not given stays as it is."""

    line_id: UUID
    code: str | None = None
    modifiers: tuple[str, ...] | None = None
    units: Decimal | None = None
    charge_cents: Cents | None = None
    diagnoses: tuple[str, ...] | None = None
    rendering_provider_id: UUID | None = None
    remove: bool = False


def _coded(charge: Charge, answer: LineCoding | None) -> Charge:
    if answer is None:
        return charge
    described = replace(
        charge,
        modifiers=charge.modifiers if answer.modifiers is None else answer.modifiers,
        diagnoses=charge.diagnoses if answer.diagnoses is None else answer.diagnoses,
        rendering_provider_id=answer.rendering_provider_id or charge.rendering_provider_id,
        credited=charge.credited or (answer.remove and charge.reversed_on is None),
    )
    if charge.posted_on is not None:
        return described
    return replace(
        described,
        code=answer.code or charge.code,
        system="hcpcs" if answer.code else charge.system,
        units=charge.units if answer.units is None else answer.units,
        sent_cents=charge.sent_cents if answer.charge_cents is None else answer.charge_cents,
        charge_cents=charge.charge_cents if answer.charge_cents is None else answer.charge_cents,
    )


def _credited(charges: dict[UUID, Charge], credit: SentCharge) -> dict[UUID, Charge]:
    """Mark the line that this credit takes back: the same id, or else the newest equal service still standing."""
    target = charges.get(credit.line_id) or next(
        (
            charge
            for charge in reversed(charges.values())
            if charge.stands and (charge.code, charge.modifiers) == (credit.code, credit.modifiers)
        ),
        None,
    )
    if target is None or not target.stands:
        return charges
    return {**charges, target.line_id: replace(target, credited=True)}


def _charge(sent: SentCharge, encounter: Encounter) -> Charge:
    return Charge(
        line_id=sent.line_id,
        code=sent.code,
        system=sent.system,
        modifiers=tuple(modifier for modifier in sent.modifiers if modifier),
        units=sent.units,
        sent_cents=sent.amount_cents,
        service_on=sent.service_on or encounter.service_on,
        service_through_on=sent.service_through_on,
        place_of_service=sent.place_of_service,
        rendering_provider_id=sent.rendering_provider_id,
        diagnoses=tuple(
            diagnosis.code for diagnosis in sorted(sent.diagnoses, key=_rank) if diagnosis.system == DIAGNOSIS_SYSTEM
        ),
        revenue_code=sent.revenue_code,
        ndc=sent.ndc,
    )


def _with_price(charge: Charge, prices: PriceList | None) -> Charge:
    if charge.posted_on is not None or charge.system not in BILLABLE_SYSTEMS:
        return charge
    if charge.sent_cents is not None and charge.sent_cents > 0:
        return replace(charge, charge_cents=charge.sent_cents)
    price = prices.price(charge.code, charge.modifiers, charge.service_on) if prices else None
    if price is None:
        return charge
    return replace(
        charge,
        charge_cents=times(price.unit_cents, charge.units),
        revenue_code=charge.revenue_code or price.revenue_code,
    )


def _postable(charge: Charge) -> bool:
    return (
        charge.posted_on is None
        and charge.stands
        and charge.charge_cents is not None
        and charge.charge_cents > 0
        and charge.system in BILLABLE_SYSTEMS
    )


def _rank(diagnosis: SentDiagnosis) -> int:
    return diagnosis.rank
