"""The encounter in FHIR resources: Encounter, with its Account and its clinicians."""

from eligibility.domain.facts import EncounterSent, PatientSent, ProviderRole, ProviderSent, VisitClass
from eligibility.fhir.elements import Coding, Identifier, Reference
from eligibility.fhir.references import Index
from eligibility.fhir.resources import Account, Encounter
from eligibility.intake.codes import visit_class
from eligibility.intake.dates import fhir_date, fhir_instant
from eligibility.intake.fhir_people import provider
from eligibility.intake.scope import Scope
from revcycle_kit.values import replace

FINISHED = {"finished", "completed", "discharged"}
CANCELLED = {"cancelled", "entered-in-error"}
_PERFORMING = {"PPRF", "SPRF"}
_REFERRING = {"REF", "REFB"}
_NOT_CLINICIANS = {"translator", "emergency", "ESC"}


def read_encounter(resource: Encounter, patient: PatientSent, index: Index, scope: Scope) -> EncounterSent:
    """
    Read an Encounter.

    Its id follows from the visit number (identifier of type VN, else its first), else from the resource's id.
    """
    number = _visit_number(resource.identifier)
    period = resource.period or resource.actual_period
    start, end = (period.start, period.end) if period else (None, None)
    finished = resource.status in FINISHED
    return EncounterSent(
        encounter_id=scope.encounter_id(scope.source, number or resource.id or str(patient.patient_id) + (start or "")),
        visit_number=number or resource.id or "",
        account_number=_account_number(resource, index),
        visit_class=_class(resource),
        service_on=fhir_date(start, scope.time_zone),
        service_through_on=fhir_date(end, scope.time_zone),
        admitted_at=fhir_instant(start, scope.time_zone),
        discharged_at=fhir_instant(end, scope.time_zone) if finished else None,
        providers=_providers(resource, index),
    )


def _visit_number(identifiers: tuple[Identifier, ...]) -> str:
    named = [identifier for identifier in identifiers if identifier.value and not identifier.has_type("AN")]
    chosen = next((identifier for identifier in named if identifier.has_type("VN")), named[0] if named else None)
    return (chosen.value if chosen else "") or ""


def _account_number(resource: Encounter, index: Index) -> str:
    for reference in resource.account:
        account = index.find(reference, Account, resource)
        for identifier in account.identifier if account else ():
            if identifier.value:
                return identifier.value
    return next((identifier.value or "" for identifier in resource.identifier if identifier.has_type("AN")), "")


def _class(resource: Encounter) -> VisitClass | None:
    concepts = resource.class_
    if isinstance(concepts, Coding):
        return visit_class(concepts.code or "")
    codes = [coding.code or "" for concept in concepts or () for coding in concept.coding]
    return next((read for read in map(visit_class, codes) if read), None)


def _providers(resource: Encounter, index: Index) -> tuple[ProviderSent, ...]:
    by_role: dict[ProviderRole, ProviderSent] = {}
    for participant in resource.participant:
        kinds = {coding.code or "" for concept in participant.type for coding in concept.coding}
        if kinds & _NOT_CLINICIANS:
            continue
        role: ProviderRole = "referring" if kinds & _REFERRING else "attending"
        role = "rendering" if kinds & _PERFORMING else role
        reference: Reference | None = participant.individual or participant.actor
        if (person := provider(reference, role, index, resource)) is not None:
            by_role.setdefault(role, person)
    if "attending" not in by_role and "rendering" in by_role:
        by_role["attending"] = replace(by_role["rendering"], role="attending")
    return tuple(by_role.values())
