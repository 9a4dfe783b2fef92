"""People in FHIR resources: Patient, RelatedPerson, Practitioner, and the identifiers references carry."""

import re

from eligibility.domain.facts import GuarantorSent, PatientSent, ProviderRole, ProviderSent
from eligibility.domain.npi import is_npi
from eligibility.domain.people import Address, Person, Sex
from eligibility.fhir import identifier_of
from eligibility.fhir.elements import Address as FhirAddress
from eligibility.fhir.elements import CodeableConcept, ContactPoint, HumanName, Identifier, Reference
from eligibility.fhir.references import Index
from eligibility.fhir.resources import Patient, Practitioner, PractitionerRole, RelatedPerson, Resource
from eligibility.intake.dates import fhir_date
from eligibility.intake.hl7_people import relationship
from eligibility.intake.scope import Scope
from eligibility.intake.states import state_code

_SEXES: dict[str, Sex] = {"female": "F", "male": "M"}
_NOT_RECORD_NUMBERS = ("SS", "SB", "DL", "PPN", "MC", "MA", "AN", "VN", "NPI", "HC", "BC")
_NPI_SYSTEM = "us-npi"


def read_patient(resource: Patient, scope: Scope) -> PatientSent:
    """Read a Patient; its record number is the identifier of type MR, else another of its own, else its id."""
    record = record_number(resource.identifier)
    number = (record.value if record else resource.id) or ""
    assigner = (record.system if record else "") or scope.source
    return PatientSent(
        patient_id=scope.patient_id(assigner, number),
        medical_record_number=number,
        assigner=assigner,
        person=person_of(resource, scope),
    )


def record_number(identifiers: tuple[Identifier, ...]) -> Identifier | None:
    """Choose the medical record number: type MR first, then any that is no other kind of number."""
    usable = [
        identifier for identifier in identifiers if identifier.value and not identifier.has_type(*_NOT_RECORD_NUMBERS)
    ]
    usable = [
        identifier
        for identifier in usable
        if "us-ssn" not in (identifier.system or "") and "us-mbi" not in (identifier.system or "")
    ]
    return next((identifier for identifier in usable if identifier.has_type("MR")), usable[0] if usable else None)


def person_of(resource: Patient | RelatedPerson, scope: Scope) -> Person:
    """Read who somebody is."""
    return Person(
        **name_parts(resource.name),
        birth_on=fhir_date(resource.birth_date, scope.time_zone),
        sex=_SEXES.get((resource.gender or "").lower(), "U"),
        address=address(resource.address),
        phone=phone(resource.telecom),
        email=next((contact.value or "" for contact in resource.telecom if contact.system == "email"), ""),
    )


def name_parts(names: tuple[HumanName, ...]) -> dict[str, str]:
    """Read the official name, else the first with a family name."""
    usable = [name for name in names if name.family or name.text]
    chosen = next((name for name in usable if name.use == "official"), usable[0] if usable else None)
    if chosen is None:
        return {}
    family = chosen.family if isinstance(chosen.family, str) else " ".join(chosen.family or ())
    given = [part for part in chosen.given if part]
    if not family and chosen.text:
        *given, family = chosen.text.split()
    return {"family": family, "given": given[0] if given else "", "middle": " ".join(given[1:])}


def address(addresses: tuple[FhirAddress, ...]) -> Address:
    """Read the first address that names a city or a postal code."""
    for candidate in addresses:
        if candidate.city or candidate.postal_code:
            lines = [line for line in candidate.line if line]
            digits = re.sub(r"\D", "", candidate.postal_code or "")
            return Address(
                line1=lines[0] if lines else "",
                line2=lines[1] if len(lines) > 1 else "",
                city=candidate.city or "",
                state=state_code(candidate.state or ""),
                postal_code=digits if len(digits) in {5, 9} else "",
            )
    return Address()


def phone(contacts: tuple[ContactPoint, ...]) -> str:
    """Read the first phone number of ten digits."""
    for contact in contacts:
        digits = re.sub(r"\D", "", contact.value or "").removeprefix("1")
        if contact.system in {None, "phone"} and len(digits) == 10:  # noqa: PLR2004 - a US number
            return digits
    return ""


def guarantor(party: RelatedPerson | Patient | None, patient: PatientSent, scope: Scope) -> GuarantorSent | None:
    """Read an account's guarantor."""
    if party is None:
        return None
    if isinstance(party, Patient):
        return GuarantorSent(guarantor_id=scope.guarantor_self(patient.patient_id), person=patient.person)
    person = person_of(party, scope)
    if not person.is_named:
        return None
    return GuarantorSent(
        guarantor_id=scope.guarantor_by_name(f"{person.family}^{person.given}", str(person.birth_on)),
        person=person,
        relationship=_related(party.relationship),
    )


def _related(concepts: tuple[CodeableConcept, ...]) -> str:
    codes = [coding.code or "" for concept in concepts for coding in concept.coding]
    return relationship(codes[0]) if codes else "G8"


def provider(
    reference: Reference | None, role: ProviderRole, index: Index, within: Resource | None = None
) -> ProviderSent | None:
    """Read a clinician from a reference: the resource if the document has it, else what the reference says."""
    if reference is None:
        return None
    resource = index.find(reference, Practitioner, within)
    if resource is None and (job := index.find(reference, PractitionerRole, within)):
        resource = index.find(job.practitioner, Practitioner, job)
    if resource is not None:
        parts = name_parts(resource.name)
        return _provider(role, resource.identifier, parts.get("family", ""), parts.get("given", ""), resource.id or "")
    if not _may_be_clinician(reference.reference or ""):
        return None
    named = identifier_of(reference)
    if named is None and not reference.display:
        return None
    *given, family = (reference.display or "").split() or [""]
    return _provider(role, (named,) if named else (), family, " ".join(given), "")


def _may_be_clinician(literal: str) -> bool:
    return not literal or literal.startswith(("Practitioner", "urn:")) or "/Practitioner" in literal


def _provider(
    role: ProviderRole, identifiers: tuple[Identifier, ...], family: str, given: str, fallback: str
) -> ProviderSent | None:
    numbers = [
        identifier.value or ""
        for identifier in identifiers
        if _NPI_SYSTEM in (identifier.system or "") or identifier.has_type("NPI")
    ]
    local = next((identifier.value for identifier in identifiers if identifier.value), None) or fallback
    npi = next((number for number in numbers if is_npi(number)), None)
    if not (npi or local or family):
        return None
    return ProviderSent(role=role, npi=npi, local_id="" if npi else local, family=family, given=given)
