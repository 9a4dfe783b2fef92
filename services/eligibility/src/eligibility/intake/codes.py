"""Code systems as senders name them, and codes that name none."""

import re

from eligibility.domain.facts import CodeSystem, DiagnosisSystem, VisitClass

_HCPCS = re.compile(r"\d{5}|[A-V]\d{4}|\d{4}[FTUM]")
_WITH_MODIFIER = re.compile(rf"({_HCPCS.pattern})[- ]([A-Z0-9]{{2}})")
_ICD_10 = re.compile(r"[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_ICD_9 = re.compile(r"(?:V\d{2}|E?\d{3})(?:\.\d{1,2})?")

_PROCEDURE_SYSTEMS: dict[str, CodeSystem] = {
    "C4": "hcpcs",
    "CPT": "hcpcs",
    "CPT4": "hcpcs",
    "C5": "hcpcs",
    "HCPCS": "hcpcs",
    "HCPC": "hcpcs",
    "HPC": "hcpcs",
    "HCPT": "hcpcs",
    "AMACPT": "hcpcs",
    "URNOID2168401113883612": "hcpcs",
    "URNOID21684011138836285": "hcpcs",
    "SCT": "snomed",
    "SNM": "snomed",
    "SNOMED": "snomed",
    "SNOMEDCT": "snomed",
    "CVX": "cvx",
    "LN": "loinc",
    "LOINC": "loinc",
    "RXNORM": "rxnorm",
    "NUBC": "revenue",
}
_URLS: tuple[tuple[str, CodeSystem], ...] = (
    ("ama-assn.org", "hcpcs"),
    ("hcpcs", "hcpcs"),
    ("snomed.info", "snomed"),
    ("sid/cvx", "cvx"),
    ("loinc.org", "loinc"),
    ("rxnorm", "rxnorm"),
    ("rev_cntr", "revenue"),
    ("rev-cntr", "revenue"),
    ("revenuecode", "revenue"),
    ("nubc.org", "revenue"),
)
_DIAGNOSIS_SYSTEMS: dict[str, DiagnosisSystem] = {
    "I10": "icd10cm",
    "I10C": "icd10cm",
    "10": "icd10cm",
    "ICD10": "icd10cm",
    "ICD10CM": "icd10cm",
    "URNOID216840111388366390": "icd10cm",
    "I9": "icd9cm",
    "I9C": "icd9cm",
    "I9CDX": "icd9cm",
    "09": "icd9cm",
    "ICD9": "icd9cm",
    "ICD9CM": "icd9cm",
    "SCT": "snomed",
    "SNM": "snomed",
    "SNOMED": "snomed",
    "SNOMEDCT": "snomed",
}
_CLASSES: dict[str, VisitClass] = {
    "I": "inpatient",
    "B": "inpatient",
    "IP": "inpatient",
    "IMP": "inpatient",
    "INPATIENT": "inpatient",
    "ACUTE": "inpatient",
    "NONAC": "inpatient",
    "O": "outpatient",
    "OP": "outpatient",
    "AMB": "outpatient",
    "OUTPATIENT": "outpatient",
    "AMBULATORY": "outpatient",
    "CLINIC": "outpatient",
    "R": "outpatient",
    "P": "outpatient",
    "C": "outpatient",
    "SS": "outpatient",
    "PRENC": "outpatient",
    "E": "emergency",
    "ER": "emergency",
    "ED": "emergency",
    "EMER": "emergency",
    "EMERGENCY": "emergency",
    "VR": "virtual",
    "VIRTUAL": "virtual",
    "OBSENC": "observation",
    "OBS": "observation",
    "OBSERVATION": "observation",
    "HH": "home",
    "HOME": "home",
}


def visit_class(code: str) -> VisitClass | None:
    """Read HL7 table 0004 and the FHIR ActEncounterCode alike; None where it says nothing of use."""
    return _CLASSES.get(code.strip().upper())


def procedure_system(code: str, named: str) -> CodeSystem:
    """
    Return the code system of a procedure.

    The sender's name for it decides; where there is none, a code that has the shape of CPT or HCPCS is one.
    """
    if system := _PROCEDURE_SYSTEMS.get(_plain(named)):
        return system
    lower = named.lower()
    for part, system in _URLS:
        if part in lower:
            return system
    return "hcpcs" if not named and _HCPCS.fullmatch(code.upper()) else "local"


def diagnosis_system(code: str, named: str) -> DiagnosisSystem:
    """Return the code system of a diagnosis: as named, else by the code's shape."""
    plain, lower = _plain(named), named.lower()
    if known := _DIAGNOSIS_SYSTEMS.get(plain):
        return known
    if "icd-10" in lower or "icd10" in lower:
        return "icd10cm"
    if "icd-9" in lower or "icd9" in lower:
        return "icd9cm"
    if "snomed" in lower:
        return "snomed"
    return _diagnosis_by_shape(code.upper()) if not named else "local"


def split_modifier(code: str) -> tuple[str, str]:
    """Split `99213-25`, as some senders write it; the modifier is empty where there is none."""
    match = _WITH_MODIFIER.fullmatch(code.upper())
    return (match[1], match[2]) if match else (code, "")


def _diagnosis_by_shape(code: str) -> DiagnosisSystem:
    if _ICD_10.fullmatch(code):
        return "icd10cm"
    return "icd9cm" if _ICD_9.fullmatch(code) else "local"


def _plain(named: str) -> str:
    return "".join(character for character in named.upper() if character.isalnum())
