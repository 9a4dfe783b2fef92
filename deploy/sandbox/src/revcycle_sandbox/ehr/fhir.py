"""A visit as a FHIR R4 transaction bundle: Patient, Coverage, Encounter, Condition and the Claim to be billed."""

from typing import Any, Final
from uuid import UUID, uuid5

import msgspec

from revcycle_sandbox.ehr.registration import Chart, last_day
from revcycle_sandbox.people import Presented, Service

_NAMESPACE: Final = UUID("6f1d2c1e-5c1b-5a0e-9d5e-0c5f3b1a7e11")
_CLASSES: Final = {
    "outpatient": "AMB",
    "emergency": "EMER",
    "inpatient": "IMP",
    "observation": "OBSENC",
    "virtual": "VR",
}
_SEXES: Final = {"F": "female", "M": "male"}
_RELATIONSHIPS: Final = {"18": "self", "01": "spouse", "19": "child"}
_HCPCS: Final = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
_ICD: Final = "http://hl7.org/fhir/sid/icd-10-cm"
_NPI: Final = "http://hl7.org/fhir/sid/us-npi"
_TYPES: Final = "http://terminology.hl7.org/CodeSystem/v2-0203"

Resource = dict[str, Any]


def bundle(chart: Chart, services: list[tuple[int, Service]]) -> bytes:
    """Write the bundle of a finished visit."""
    resources = [_patient(chart), *_clinicians(chart), *_guarantor(chart), _encounter(chart), *_conditions(chart)]
    for rank, coverage in enumerate(chart.coverages, start=1):
        resources += _coverage(chart, rank, coverage)
    resources.append(_claim(chart, services))
    entries = [_entry(chart, resource) for resource in resources]
    return msgspec.json.encode({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def _entry(chart: Chart, resource: Resource) -> Resource:
    url = _url(chart, resource["id"])
    return {"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": resource["resourceType"]}}


def _url(chart: Chart, name: str) -> str:
    return f"urn:uuid:{uuid5(_NAMESPACE, f'{chart.facility}|{chart.visit.number}|{name}')}"


def _ref(chart: Chart, name: str) -> dict[str, str]:
    return {"reference": _url(chart, name)}


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _identifier(kind: str, system: str, value: str) -> dict[str, Any]:
    return {"type": _coded(_TYPES, kind), "system": system, "value": value}


def _patient(chart: Chart) -> Resource:
    person = chart.patient
    told: Resource = {
        "resourceType": "Patient",
        "id": "patient",
        "identifier": [_identifier("MR", chart.facility, person.mrn)],
        "name": [{"use": "official", "family": person.family, "given": [person.given]}],
        "gender": _SEXES.get(person.sex, "unknown"),
    }
    if person.phone:
        told["telecom"] = [{"system": "phone", "value": person.phone}]
    if chart.birth_on:
        told["birthDate"] = chart.birth_on.isoformat()
    if (home := chart.address) is not None:
        place = {"city": home.city, "state": home.state, "postalCode": home.postal_code}
        told["address"] = [{"line": [home.line1], **place}]
    return told


def _clinicians(chart: Chart) -> list[Resource]:
    clinician = chart.provider
    if clinician is None:
        return []
    named = [{"family": clinician.family, "given": [clinician.given]}]
    numbers = [{"system": _NPI, "value": clinician.npi}]
    return [{"resourceType": "Practitioner", "id": "clinician", "identifier": numbers, "name": named}]


def _guarantor(chart: Chart) -> list[Resource]:
    person = chart.patient
    if not person.guarantor_family:
        return []
    named = [{"family": person.guarantor_family, "given": [person.guarantor_given]}]
    parent: Resource = {"resourceType": "RelatedPerson", "id": "guarantor", "patient": _ref(chart, "patient")}
    parent |= {"name": named, "relationship": [_coded("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "PRN")]}
    if person.guarantor_birth_on:
        parent["birthDate"] = person.guarantor_birth_on.isoformat()
    answers = [{"party": _ref(chart, "guarantor")}]
    account: Resource = {"resourceType": "Account", "id": "account", "status": "active", "guarantor": answers}
    return [parent, account | {"subject": [_ref(chart, "patient")]}]


def _encounter(chart: Chart) -> Resource:
    told = chart.visit
    start, end = chart.local(told.service_on, 9, 30), chart.local(last_day(told), 16)
    resource: Resource = {
        "resourceType": "Encounter",
        "id": "encounter",
        "identifier": [_identifier("VN", chart.facility, told.number)],
        "status": "finished",
        "class": {"code": _CLASSES.get(told.visit_class, "AMB")},
        "subject": _ref(chart, "patient"),
        "period": {"start": start.isoformat(), "end": end.isoformat()},
    }
    if chart.provider is not None:
        resource["participant"] = [{"individual": _ref(chart, "clinician")}]
    if chart.patient.guarantor_family:
        resource["account"] = [_ref(chart, "account")]
    return resource


def _conditions(chart: Chart) -> list[Resource]:
    return [
        {
            "resourceType": "Condition",
            "id": f"condition-{rank}",
            "subject": _ref(chart, "patient"),
            "encounter": _ref(chart, "encounter"),
            "code": _coded(_ICD, code),
        }
        for rank, code in enumerate(chart.visit.diagnoses, start=1)
    ]


def _coverage(chart: Chart, rank: int, coverage: Presented) -> list[Resource]:
    payer = {
        "resourceType": "Organization",
        "id": f"payer-{rank}",
        "identifier": [_identifier("NIIP", "urn:payer", coverage.payer)],
        "name": chart.payer_name(coverage),
    }
    told: Resource = {
        "resourceType": "Coverage",
        "id": f"coverage-{rank}",
        "status": "active",
        "subscriberId": coverage.member_id,
        "beneficiary": _ref(chart, "patient"),
        "relationship": _coded("subscriber-relationship", _RELATIONSHIPS.get(coverage.relationship, "other")),
        "payor": [_ref(chart, f"payer-{rank}")],
        "order": rank,
    }
    others = _subscriber(chart, rank, coverage)
    if others:
        told["subscriber"] = _ref(chart, f"subscriber-{rank}")
    return [payer, *others, told]


def _subscriber(chart: Chart, rank: int, coverage: Presented) -> list[Resource]:
    if not coverage.subscriber_family:
        return []
    person: Resource = {
        "resourceType": "RelatedPerson",
        "id": f"subscriber-{rank}",
        "patient": _ref(chart, "patient"),
        "name": [{"family": coverage.subscriber_family, "given": [coverage.subscriber_given]}],
    }
    if coverage.subscriber_birth_on:
        person["birthDate"] = coverage.subscriber_birth_on.isoformat()
    return [person]


def _claim(chart: Chart, services: list[tuple[int, Service]]) -> Resource:
    codes = list(chart.visit.diagnoses)
    ranks = range(1, len(chart.coverages) + 1)
    return {
        "resourceType": "Claim",
        "id": "claim",
        "identifier": [
            {"system": chart.facility, "value": f"{chart.visit.number}-{services[0][0] if services else 0}"}
        ],
        "status": "active",
        "use": "claim",
        "patient": _ref(chart, "patient"),
        "billablePeriod": {"start": chart.visit.service_on.isoformat(), "end": last_day(chart.visit).isoformat()},
        "careTeam": [{"sequence": 1, "provider": _ref(chart, "clinician")}] if chart.provider else [],
        "diagnosis": [
            {"sequence": rank, "diagnosisCodeableConcept": _coded(_ICD, code)} for rank, code in enumerate(codes, 1)
        ],
        "insurance": [
            {"sequence": rank, "focal": rank == 1, "coverage": _ref(chart, f"coverage-{rank}")} for rank in ranks
        ],
        "item": [_item(chart, position, service, codes) for position, (_number, service) in enumerate(services, 1)],
    }


def _item(chart: Chart, position: int, service: Service, codes: list[str]) -> Resource:
    pointed = [codes.index(code) + 1 for code in service.diagnoses if code in codes]
    item: Resource = {
        "sequence": position,
        "encounter": [_ref(chart, "encounter")],
        "productOrService": _coded("urn:local", service.local_code)
        if service.local_code
        else _coded(_HCPCS, service.code),
        "servicedDate": (service.service_on or chart.visit.service_on).isoformat(),
        "quantity": {"value": float(service.units)},
        "diagnosisSequence": pointed,
    }
    if service.modifiers and not service.local_code:
        item["modifier"] = [_coded(_HCPCS, modifier) for modifier in service.modifiers]
    if service.revenue_code:
        item["revenue"] = _coded("https://www.nubc.org/CodeSystem/RevenueCodes", service.revenue_code)
    if service.amount_cents is not None:
        item["net"] = {"value": msgspec.Raw(_decimal(service.amount_cents)), "currency": "USD"}
    return item


def _decimal(cents: int) -> bytes:
    """Write an amount as a JSON number, digit by digit."""
    return f"{cents // 100}.{cents % 100:02}".encode()
