"""What FHIR documents mean."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from eligibility.domain.facts import Appointment, Cancellation, Charges, Discharge, Reading, Registration
from eligibility.intake import Scope, read

SCOPE = Scope(UUID(int=10), "America/New_York", "RIVER")
SNOMED = "http://snomed.info/sct"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"

Resource = dict[str, Any]


def coded(system: str, code: str, display: str = "") -> Resource:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def patient(**more: Any) -> Resource:
    identifier = {
        "type": coded("http://terminology.hl7.org/CodeSystem/v2-0203", "MR"),
        "system": "RIVER",
        "value": "MRN1",
    }
    name = [{"use": "official", "family": "DOE", "given": ["JANE", "Q"]}]
    return {"resourceType": "Patient", "id": "p", "identifier": [identifier], "name": name, "gender": "female", **more}


def encounter(**more: Any) -> Resource:
    return {
        "resourceType": "Encounter",
        "id": "e",
        "identifier": [{"value": "V100"}],
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": {"reference": "Patient/p"},
        "period": {"start": "2026-01-05T09:30:00-05:00", "end": "2026-01-05T10:00:00-05:00"},
        **more,
    }


def claim(*items: Resource, **more: Any) -> Resource:
    return {
        "resourceType": "Claim",
        "id": "c",
        "identifier": [{"value": "V100-1"}],
        "status": "active",
        "use": "claim",
        "patient": {"reference": "Patient/p"},
        "item": list(items),
        **more,
    }


def item(code: str = "G0463", system: str = HCPCS, **more: Any) -> Resource:
    return {"encounter": [{"reference": "Encounter/e"}], "productOrService": coded(system, code), **more}


def reading_of(*resources: Resource) -> Reading:
    entries = [{"resource": resource} for resource in resources]
    raw = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()
    return read(raw, SCOPE)


def facts_of(*resources: Resource) -> list[Any]:
    return list(reading_of(*resources).facts)


def test_a_finished_encounter_is_registered_discharged_and_charged() -> None:
    discharge, charges = facts_of(patient(), encounter(), claim(item(net={"value": 250.0})))
    assert isinstance(discharge, Discharge)
    assert isinstance(charges, Charges)
    sent = discharge.registration.encounter
    assert sent is not None
    assert ("V100", "outpatient", date(2026, 1, 5)) == (sent.visit_number, sent.visit_class, sent.service_on)
    assert [("G0463", "hcpcs", 250_00)] == [(line.code, line.system, line.amount_cents) for line in charges.lines]


def test_the_same_visit_has_the_same_id_by_hl7_and_by_fhir() -> None:
    [told] = [fact for fact in facts_of(patient(), encounter(status="in-progress")) if isinstance(fact, Registration)]
    raw = b"MSH|^~\\&|EHR|RIVER|||20260105||ADT^A04|1|P|2.5\rPID|1||MRN1^^^RIVER^MR\rPV1|1|O" + b"|" * 17 + b"V100\r"
    [other] = [fact for fact in read(raw, SCOPE).facts if isinstance(fact, Registration)]
    assert told.encounter
    assert other.encounter
    assert told.patient.patient_id == other.patient.patient_id
    assert told.encounter.encounter_id == other.encounter.encounter_id


def test_a_coverage_is_read_with_its_payer_and_member() -> None:
    payer = {"resourceType": "Organization", "id": "o", "identifier": [{"value": "PPO01"}], "name": "Northern PPO"}
    coverage = {
        "resourceType": "Coverage",
        "id": "k",
        "status": "active",
        "subscriberId": "M1",
        "beneficiary": {"reference": "Patient/p"},
        "relationship": {"coding": [{"code": "child"}]},
        "payor": [{"reference": "Organization/o"}],
        "class": [{"type": {"coding": [{"code": "group"}]}, "value": "G1"}],
        "period": {"start": "2025-01-01"},
    }
    [told] = facts_of(patient(), encounter(status="in-progress"), payer, coverage)
    [sent] = told.coverages
    assert ("PPO01", "Northern PPO", "M1", "G1", "19") == (
        sent.payer_code,
        sent.payer_name,
        sent.member_id,
        sent.group_number,
        sent.relationship,
    )


def test_a_payer_that_is_only_a_name_in_a_claim_is_a_coverage_and_no_insurance_is_none() -> None:
    named = facts_of(patient(), encounter(), claim(item(), insurance=[{"coverage": {"display": "Humana"}}]))
    none = facts_of(patient(), encounter(), claim(item(), insurance=[{"coverage": {"display": "NO_INSURANCE"}}]))
    assert ["Humana"] == [each.payer_name for each in named[0].registration.coverages]
    assert () == none[0].registration.coverages


def test_a_coverage_contained_in_an_explanation_of_benefit_is_found_once() -> None:
    answer = {
        "resourceType": "ExplanationOfBenefit",
        "claim": {"reference": "Claim/c"},
        "contained": [{"resourceType": "Coverage", "id": "k", "payor": [{"display": "Humana"}]}],
        "insurance": [{"coverage": {"reference": "#k"}}],
    }
    facts = facts_of(patient(), encounter(), claim(item(), insurance=[{"coverage": {"display": "Humana"}}]), answer)
    assert ["Humana"] == [each.payer_name for each in facts[0].registration.coverages]


def test_findings_are_diagnoses_not_charges() -> None:
    condition = {"resourceType": "Condition", "id": "d", "code": coded(SNOMED, "15777000", "Prediabetes")}
    lines = [
        item("185349003", SNOMED),
        item("15777000", SNOMED),
        {"productOrService": coded(SNOMED, "224299000", "Received higher education (finding)")},
    ]
    diagnosed = claim(*lines, diagnosis=[{"sequence": 1, "diagnosisReference": {"reference": "Condition/d"}}])
    reading = reading_of(patient(), encounter(), condition, diagnosed)
    charges = next(fact for fact in reading.facts if isinstance(fact, Charges))
    assert ["185349003"] == [line.code for line in charges.lines]
    assert [("15777000", "snomed")] == [(each.code, each.system) for each in charges.diagnoses]
    assert ("2 × Claim item that is a finding, kept as diagnosis",) == reading.notes


def test_pharmacy_claims_and_authorizations_are_no_charges() -> None:
    pharmacy = claim(item(), type=coded("http://terminology.hl7.org/CodeSystem/claim-type", "pharmacy"))
    asked = claim(item(), use="preauthorization")
    reading = reading_of(patient(), encounter(), pharmacy, asked)
    assert [Discharge] == [type(fact) for fact in reading.facts]
    assert 2 == len(reading.notes)


def test_a_claim_without_an_encounter_implies_one() -> None:
    bare = claim({"productOrService": coded(HCPCS, "G0463")}, billablePeriod={"start": "2026-01-05"})
    discharge, charges = facts_of(patient(), bare)
    assert isinstance(discharge, Discharge)
    assert discharge.registration.encounter is not None
    assert date(2026, 1, 5) == discharge.registration.encounter.service_on
    assert discharge.registration.encounter.encounter_id == charges.encounter.encounter_id


def test_a_claim_of_the_same_day_belongs_to_that_days_encounter() -> None:
    bare = claim({"productOrService": coded(HCPCS, "G0463")}, billablePeriod={"start": "2026-01-05"})
    facts = facts_of(patient(), encounter(), bare)
    assert 1 == len({fact.encounter.encounter_id for fact in facts if isinstance(fact, Charges)})
    assert 1 == sum(isinstance(fact, Discharge) for fact in facts)


def test_procedures_are_charged_where_no_claim_says_otherwise() -> None:
    done = {
        "resourceType": "Procedure",
        "status": "completed",
        "code": coded(SNOMED, "430193006"),
        "encounter": {"reference": "Encounter/e"},
        "performedDateTime": "2026-01-05",
    }
    visit = encounter(type=[coded(SNOMED, "185349003")])
    [_, charges] = facts_of(patient(), visit, done, done | {"status": "not-done"})
    assert ["185349003", "430193006"] == [line.code for line in charges.lines]
    [_, claimed] = facts_of(patient(), visit, done, claim(item()))
    assert ["G0463"] == [line.code for line in claimed.lines]


def test_charge_items_carry_price_and_sign() -> None:
    charged = {
        "resourceType": "ChargeItem",
        "id": "x",
        "status": "billable",
        "code": coded(HCPCS, "G0463"),
        "subject": {"reference": "Patient/p"},
        "context": {"reference": "Encounter/e"},
        "priceOverride": {"value": -12.345},
    }
    [_, charges] = facts_of(patient(), encounter(), charged, charged | {"status": "not-billable"})
    [line] = charges.lines
    assert (12_35, True) == (line.amount_cents, line.credit)


def test_planned_and_cancelled_encounters_are_told_as_such() -> None:
    [planned] = facts_of(patient(), encounter(status="planned"))
    [cancelled] = facts_of(patient(), encounter(status="cancelled"))
    assert isinstance(planned, Appointment)
    assert isinstance(cancelled, Cancellation)


def test_a_patient_alone_is_registered_and_noted_as_not_billable() -> None:
    reading = reading_of(patient())
    assert "accepted" == reading.outcome
    assert ("1 × patient registered; no encounter, nothing to bill",) == reading.notes


def test_what_lacks_its_patient_is_held_and_counted() -> None:
    reading = reading_of(encounter(), encounter(id="e2"), claim())
    assert "held" == reading.outcome
    assert [("patient", "Claim (1 of them)"), ("patient", "Encounter (2 of them)")] == [
        (gap.what, gap.where) for gap in reading.gaps
    ]


def test_a_payers_answer_alone_is_refused_with_what_to_send_instead() -> None:
    reading = reading_of({"resourceType": "ExplanationOfBenefit", "status": "active"})
    assert "refused" == reading.outcome
    assert "835" in reading.refusals[0].fix


def test_a_bad_resource_beside_a_good_encounter_is_named_and_the_rest_used() -> None:
    reading = reading_of(patient(), encounter(), {"resourceType": "Claim", "item": 7})
    assert "accepted" == reading.outcome
    assert "Bundle.entry[2], $.item" == reading.refusals[0].where


def test_clinicians_behind_conditional_references_are_known_by_their_npi() -> None:
    participant = {"individual": {"reference": "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1234567893"}}
    invalid = {"individual": {"reference": "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999908629"}}
    [told] = facts_of(patient(), encounter(status="in-progress", participant=[participant]))
    [other] = facts_of(patient(), encounter(status="in-progress", participant=[invalid]))
    assert ["1234567893"] == [each.npi for each in told.encounter.providers]
    assert [(None, "9999908629")] == [(each.npi, each.local_id) for each in other.encounter.providers]


def test_the_primary_performer_of_a_visit_renders_it_and_attends_where_nobody_else_does() -> None:
    who = {"reference": "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1234567893"}
    performer = {"type": [{"coding": [{"code": "PPRF"}]}], "individual": who}
    [told] = facts_of(patient(), encounter(status="in-progress", participant=[performer]))
    roles = {each.role: each.npi for each in told.encounter.providers}
    assert {"rendering": "1234567893", "attending": "1234567893"} == roles
