"""Charges in FHIR resources: Claim items, ChargeItem, Procedure; diagnoses: Condition."""

from collections.abc import Iterable
from decimal import Decimal

from eligibility.domain.facts import ChargeSent, CodeSystem, DiagnosisSent, Gap, ProviderSent
from eligibility.fhir.elements import CodeableConcept, Coding, Money, Quantity, Reference
from eligibility.fhir.references import Index
from eligibility.fhir.resources import ChargeItem, Claim, ClaimDiagnosis, ClaimItem, Condition, Encounter, Procedure
from eligibility.intake.codes import diagnosis_system, procedure_system, split_modifier
from eligibility.intake.dates import fhir_date
from eligibility.intake.fhir_people import provider
from eligibility.intake.scope import Scope
from revcycle_kit.money import Cents, NotAnAmount, parse_cents

_FINDINGS = ("(finding)", "(disorder)", "(situation)", "(person)")
_NOT_BILLABLE = {"aborted", "not-billable", "entered-in-error"}
_NOT_DONE = {"not-done", "entered-in-error", "preparation"}
_POS_LENGTH = 2


def best_coding(concept: CodeableConcept | None) -> tuple[str, CodeSystem]:
    """Choose the coding a claim can carry: CPT or HCPCS if there is one, else the first."""
    codings = [_coded(coding) for coding in (concept.coding if concept else ()) if coding.code]
    return next((coding for coding in codings if coding[1] == "hcpcs"), codings[0] if codings else ("", "local"))


def _coded(coding: Coding) -> tuple[str, CodeSystem]:
    code, _ = split_modifier(coding.code or "")
    return code, procedure_system(code, coding.system or "")


def diagnosis(concept: CodeableConcept | None, rank: int = 0) -> DiagnosisSent | None:
    """Read a diagnosis: the ICD-10-CM coding if there is one, else the first."""
    codings = [coding for coding in (concept.coding if concept else ()) if coding.code]
    codes = [(coding.code or "", diagnosis_system(coding.code or "", coding.system or "")) for coding in codings]
    chosen = next((code for code in codes if code[1] == "icd10cm"), codes[0] if codes else None)
    return DiagnosisSent(code=chosen[0], system=chosen[1], rank=rank) if chosen else None


def claim_diagnoses(claim: Claim, index: Index) -> dict[int, DiagnosisSent]:
    """Return the diagnoses of a claim by their sequence."""
    diagnoses: dict[int, DiagnosisSent] = {}
    for position, entry in enumerate(claim.diagnosis, start=1):
        sequence = entry.sequence or position
        if (read := diagnosis(_concept(entry, index, claim), sequence)) is not None:
            diagnoses[sequence] = read
    return diagnoses


def _concept(entry: ClaimDiagnosis, index: Index, claim: Claim) -> CodeableConcept | None:
    if entry.diagnosis_codeable_concept:
        return entry.diagnosis_codeable_concept
    condition = index.find(entry.diagnosis_reference, Condition, claim)
    return condition.code if condition else None


def encounter_diagnoses(resource: Encounter, index: Index, conditions: Iterable[Condition]) -> list[DiagnosisSent]:
    """Read the diagnoses of an encounter: those it ranks, then the Conditions recorded in it."""
    ranked = [
        diagnosis(condition.code, entry.rank or position)
        for position, entry in enumerate(resource.diagnosis, start=1)
        if (condition := index.find(entry.condition, Condition, resource)) is not None
    ]
    unranked = [diagnosis(condition.code) for condition in conditions]
    return [read for read in [*ranked, *unranked] if read]


def claim_lines(claim: Claim, index: Index, scope: Scope) -> tuple[list[ChargeSent], list[Gap], int]:
    """Read the items of a claim: lines, what is missing, and how many items are findings, not services."""
    diagnoses = claim_diagnoses(claim, index)
    diagnosis_codes = {diagnosis.code for diagnosis in diagnoses.values()}
    lines: list[ChargeSent] = []
    gaps: list[Gap] = []
    findings = 0
    for item in claim.item:
        code, _ = best_coding(item.product_or_service)
        if _is_finding(item.product_or_service) or code in diagnosis_codes:
            findings += 1
            continue
        line = _line(claim, item, diagnoses, _rendering(claim, index), scope)
        if isinstance(line, Gap):
            gaps.append(line)
        else:
            lines.append(line)
    return lines, gaps, findings


def _line(
    claim: Claim,
    item: ClaimItem,
    diagnoses: dict[int, DiagnosisSent],
    rendering: ProviderSent | None,
    scope: Scope,
) -> ChargeSent | Gap:
    code, system = best_coding(item.product_or_service)
    revenue, _ = best_coding(item.revenue)
    sequence = item.sequence or claim.item.index(item) + 1
    if not code and not revenue:
        where = f"Claim.item[{sequence}].productOrService"
        return Gap(what="procedure_code", where=where, fix="Send a coding with code and system.")
    units = _units(item.quantity)
    cents = amount_cents(item.net) or _times(amount_cents(item.unit_price), units)
    period = item.serviced_period
    return ChargeSent(
        transaction_id=_transaction(claim, sequence),
        position=sequence,
        code=code or revenue,
        system=system if code else "revenue",
        modifiers=tuple(coding.code for modifier in item.modifier for coding in modifier.coding[:1] if coding.code),
        units=abs(units),
        amount_cents=Cents(abs(cents)) if cents else None,
        service_on=fhir_date(item.serviced_date or (period.start if period else None), scope.time_zone),
        service_through_on=fhir_date(period.end if period else None, scope.time_zone),
        place_of_service=_place(item.location_codeable_concept),
        provider=rendering,
        diagnoses=tuple(diagnoses[number] for number in item.diagnosis_sequence if number in diagnoses),
        revenue_code=revenue,
        credit=units < 0 or (cents or 0) < 0,
    )


def _transaction(claim: Claim, sequence: int) -> str:
    """Return a number for the line: from its claim's business identifier, as a resource id is no name that lasts."""
    number = next((identifier.value for identifier in claim.identifier if identifier.value), None)
    return f"{number}/{sequence}" if number else ""


def _rendering(claim: Claim, index: Index) -> ProviderSent | None:
    references: list[Reference | None] = [member.provider for member in claim.care_team] + [claim.provider]
    providers = (provider(reference, "rendering", index, claim) for reference in references)
    return next((person for person in providers if person), None)


def charge_item(resource: ChargeItem, index: Index, scope: Scope) -> ChargeSent | Gap | None:
    """Read a ChargeItem; None where it says itself that it is not to be billed."""
    if resource.status in _NOT_BILLABLE:
        return None
    code, system = best_coding(resource.code)
    if not code:
        return Gap(what="procedure_code", where="ChargeItem.code", fix="Send a coding with code and system.")
    units, period = _units(resource.quantity), resource.occurrence_period
    cents = amount_cents(resource.price_override)
    day = resource.occurrence_date_time or (period.start if period else None)
    performers = (provider(performer.actor, "rendering", index, resource) for performer in resource.performer)
    return ChargeSent(
        transaction_id=next((identifier.value for identifier in resource.identifier if identifier.value), None)
        or resource.id
        or "",
        code=code,
        system=system,
        units=abs(units),
        amount_cents=Cents(abs(cents)) if cents else None,
        service_on=fhir_date(day, scope.time_zone),
        provider=next((person for person in performers if person), None),
        diagnoses=tuple(read for reason in resource.reason if (read := diagnosis(reason)) is not None),
        credit=units < 0 or (cents or 0) < 0,
    )


def procedure_line(resource: Procedure, index: Index, scope: Scope) -> ChargeSent | None:
    """Read a Procedure as a service without a price; None where it was not done or has no code."""
    code, system = best_coding(resource.code)
    if not code or resource.status in _NOT_DONE:
        return None
    period = resource.performed_period
    performers = (provider(performer.actor, "rendering", index, resource) for performer in resource.performer)
    return ChargeSent(
        transaction_id=resource.id or "",
        code=code,
        system=system,
        service_on=fhir_date(resource.performed_date_time or (period.start if period else None), scope.time_zone),
        provider=next((person for person in performers if person), None),
    )


def amount_cents(money: Money | None) -> Cents | None:
    """Read an amount; senders compute in floating point, so a fraction of a cent is rounded half up."""
    if money is None or money.value is None:
        return None
    try:
        return parse_cents(str(money.value.quantize(Decimal("0.0001"))), round_half_up=True) or None
    except (NotAnAmount, ArithmeticError):
        return None


def _times(unit: Cents | None, units: Decimal) -> Cents | None:
    return Cents(int((unit * units).to_integral_value())) if unit else None


def _units(quantity: Quantity | None) -> Decimal:
    value = quantity.value if quantity else None
    return value if value and value.is_finite() and abs(value) < 100_000 else Decimal(1)  # noqa: PLR2004


def _place(concept: CodeableConcept | None) -> str:
    code, _ = best_coding(concept)
    return code if len(code) == _POS_LENGTH and code.isdigit() else ""


def _is_finding(concept: CodeableConcept | None) -> bool:
    texts = [concept.text or "", *(coding.display or "" for coding in concept.coding)] if concept else []
    return any(text.rstrip().endswith(_FINDINGS) for text in texts)
