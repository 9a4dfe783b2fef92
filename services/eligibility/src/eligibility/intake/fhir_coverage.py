"""Insurance in FHIR resources: Coverage, or only a payer's name inside a Claim or ExplanationOfBenefit."""

from collections.abc import Iterable

from eligibility.domain.facts import CoverageSent
from eligibility.domain.people import Person
from eligibility.fhir.elements import Identifier, Reference
from eligibility.fhir.references import Index
from eligibility.fhir.resources import (
    Claim,
    Coverage,
    ExplanationOfBenefit,
    Insurance,
    Organization,
    Patient,
    RelatedPerson,
    Resource,
)
from eligibility.intake.dates import fhir_date
from eligibility.intake.fhir_people import person_of
from eligibility.intake.hl7_coverage import means_no_insurance
from eligibility.intake.scope import Scope
from revcycle_kit.values import replace

_ENDED = {"cancelled", "entered-in-error"}
_RELATIONSHIPS = {"self": "18", "spouse": "01", "child": "19", "common": "53", "onself": "18", "se": "18"}


def of_patient(index: Index, patient: Patient, scope: Scope) -> tuple[CoverageSent, ...] | None:
    """Read the Coverage resources whose beneficiary is the patient; None where there is none."""
    mine = [
        coverage
        for coverage in index.of(Coverage)
        if coverage.status not in _ENDED and index.find(coverage.beneficiary, Patient, coverage) is patient
    ]
    return _coverages_of(((coverage, "", order) for order, coverage in enumerate(mine, start=1)), index, scope)


def of_claims(
    claims: Iterable[Claim | ExplanationOfBenefit], index: Index, scope: Scope
) -> tuple[CoverageSent, ...] | None:
    """Read the insurance that claims of one encounter name: a Coverage, contained or not, or a name only."""
    insurances: list[tuple[Coverage | None, str, int]] = []
    numbers: dict[int, str] = {}
    for claim in claims:
        for order, insurance in enumerate(claim.insurance, start=1):
            coverage = index.find(insurance.coverage, Coverage, claim)
            insurances.append((coverage, _payer_name(insurance, claim), insurance.sequence or order))
            if insurance.pre_auth_ref:
                numbers[insurance.sequence or order] = insurance.pre_auth_ref[0]
    coverages = _coverages_of(insurances, index, scope)
    if coverages is None:
        return None
    return tuple(replace(sent, authorization_number=numbers.get(sent.order, "")) for sent in coverages)


def _payer_name(insurance: Insurance, claim: Claim | ExplanationOfBenefit) -> str:
    name = (insurance.coverage.display or "") if insurance.coverage else ""
    insurer = getattr(claim, "insurer", None)
    return name or ((insurer.display or "") if insurer else "")


def _coverages_of(
    insurances: Iterable[tuple[Coverage | None, str, int]], index: Index, scope: Scope
) -> tuple[CoverageSent, ...] | None:
    by_payer: dict[str, CoverageSent] = {}
    is_mentioned = False
    for coverage, name, order in insurances:
        is_mentioned = is_mentioned or coverage is not None or bool(name)
        sent = read_coverage(coverage, index, scope, order) if coverage else CoverageSent(payer_name=name, order=order)
        payer = sent.payer_name or sent.payer_code or name
        if payer and not means_no_insurance(payer):
            _keep(by_payer, payer.upper(), sent)
    if not is_mentioned:
        return None
    return tuple(sorted(by_payer.values(), key=lambda sent: sent.order))


def _keep(by_payer: dict[str, CoverageSent], name: str, sent: CoverageSent) -> None:
    """Keep each payer once: with its member number if any mention has one; two numbers are two coverages."""
    previous = by_payer.get(name)
    if previous is None or not previous.member_id:
        by_payer[name] = sent
    elif sent.member_id and sent.member_id != previous.member_id:
        by_payer[f"{name} {sent.member_id}"] = sent


def read_coverage(resource: Coverage, index: Index, scope: Scope, order: int = 1) -> CoverageSent:
    """Read one Coverage."""
    code, name = _payer(resource, index)
    codes = [coding.code or "" for coding in (resource.relationship.coding if resource.relationship else ())]
    related = _RELATIONSHIPS.get(codes[0].lower(), "G8") if codes else "18"
    period = resource.period
    return CoverageSent(
        payer_code=code,
        payer_name=name,
        plan_code=_class(resource, "plan"),
        plan_type=next((coding.code or "" for coding in (resource.type.coding if resource.type else ())), ""),
        member_id=_member_id(resource, index),
        group_number=_class(resource, "group"),
        relationship=related,
        subscriber=None if related == "18" else _subscriber(resource, index, scope),
        begins_on=fhir_date(period.start, scope.time_zone) if period else None,
        ends_on=fhir_date(period.end, scope.time_zone) if period else None,
        order=resource.order or order,
    )


def _payer(resource: Coverage, index: Index) -> tuple[str, str]:
    references: list[Reference] = [*resource.payor, *([resource.insurer] if resource.insurer else [])]
    for reference in references:
        organization = index.find(reference, Organization, resource)
        if organization is not None:
            return _payer_code(organization.identifier), organization.name or ""
        if reference.identifier and reference.identifier.value:
            return reference.identifier.value, reference.display or ""
        if reference.display:
            return "", reference.display
    return "", (resource.type.text or "") if resource.type else ""


def _payer_code(identifiers: tuple[Identifier, ...]) -> str:
    usable = [
        identifier for identifier in identifiers if identifier.value and "us-npi" not in (identifier.system or "")
    ]
    typed = next((identifier for identifier in usable if identifier.has_type("NIIP", "PAYERID", "NAIC")), None)
    chosen = typed or (usable[0] if usable else None)
    return (chosen.value if chosen else "") or ""


def _class(resource: Coverage, kind: str) -> str:
    for plan_class in resource.class_:
        if plan_class.value and any(
            coding.code == kind for coding in (plan_class.type.coding if plan_class.type else ())
        ):
            return plan_class.value
    return ""


def _member_id(resource: Coverage, index: Index) -> str:
    if isinstance(resource.subscriber_id, str) and resource.subscriber_id:
        return resource.subscriber_id
    candidates = [*(resource.subscriber_id or ()), *resource.identifier]
    identifiers = [candidate for candidate in candidates if isinstance(candidate, Identifier)]
    if number := _membership(identifiers):
        return number
    patient = index.find(resource.beneficiary, Patient, resource)
    return _membership(
        [identifier for identifier in (patient.identifier if patient else ()) if not identifier.has_type("MR")]
    )


def _membership(identifiers: list[Identifier]) -> str:
    for identifier in identifiers:
        system = identifier.system or ""
        if identifier.value and (identifier.has_type("MB", "SN", "MC", "MA") or "member" in system or "us-m" in system):
            return identifier.value
    return ""


def _subscriber(resource: Coverage, index: Index, scope: Scope) -> Person | None:
    reference = resource.subscriber or resource.policy_holder
    party: Resource | None = index.find(reference, RelatedPerson, resource) or index.find(reference, Patient, resource)
    return person_of(party, scope) if isinstance(party, Patient | RelatedPerson) else None
