"""FHIR documents: one bad resource never refuses the others; every kind of reference is followed."""

import json
from typing import Any

import pytest

from eligibility.fhir import Index, UnreadableDocumentError, identifier_of, read_document
from eligibility.fhir.elements import Reference
from eligibility.fhir.resources import Claim, Coverage, Organization, Patient

PATIENT = {"resourceType": "Patient", "id": "p", "identifier": [{"system": "s", "value": "1"}]}


def bundle(*resources: Any) -> bytes:
    entries = [{"fullUrl": f"urn:uuid:{number}", "resource": each} for number, each in enumerate(resources)]
    return json.dumps({"resourceType": "Bundle", "type": "batch", "entry": entries}).encode()


def test_a_bad_resource_is_refused_alone_and_says_where() -> None:
    document = read_document(bundle(PATIENT, {"resourceType": "Claim", "item": "none"}, PATIENT))
    assert ["Patient", "Patient"] == [entry.resource.resource_type for entry in document.entries]
    [refusal] = document.refusals
    assert "Bundle.entry[1], $.item" == refusal.where


@pytest.mark.parametrize("kind", ["transaction", "collection", "searchset"])
def test_any_bundle_is_read(kind: str) -> None:
    raw = bundle(PATIENT).replace(b"batch", kind.encode())
    assert f"Bundle/{kind}" == read_document(raw).kind


def test_a_bundle_in_a_bundle_is_read_through() -> None:
    document = read_document(bundle(json.loads(bundle(PATIENT))))
    assert 1 == len(document.entries)


def test_newline_delimited_resources_are_read_line_by_line() -> None:
    raw = b"\n".join([json.dumps(PATIENT).encode(), b"{broken", json.dumps(PATIENT).encode()])
    document = read_document(raw)
    assert 2 == len(document.entries)
    assert ["line 2"] == [refusal.where for refusal in document.refusals]


@pytest.mark.parametrize(
    "raw", [b"{", b"[1]", b"{}", b'{"a": 1}', b"[" * 100_000, b'{"a":' * 100_000, b'{"resourceType": NaN}', b"null"]
)
def test_what_is_no_document_is_refused_with_what_to_do(raw: bytes) -> None:
    with pytest.raises(UnreadableDocumentError) as refusal:
        read_document(raw)
    assert refusal.value.fix


def test_a_resource_nested_too_deeply_refuses_the_document_and_says_so() -> None:
    deep = b'{"resourceType": "Patient", "contact": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001
    with pytest.raises(UnreadableDocumentError, match="nested"):
        read_document(deep)


def test_a_document_over_the_limit_is_refused() -> None:
    with pytest.raises(UnreadableDocumentError, match="bytes"):
        read_document(bundle(PATIENT), bytes_max=10)


@pytest.mark.parametrize(
    "reference",
    ["Patient/p", "urn:uuid:0", "http://ehr/fhir/Patient/p", "Patient/p/_history/2", "Patient?identifier=s|1"],
)
def test_a_reference_finds_its_resource(reference: str) -> None:
    index = Index(read_document(bundle(PATIENT)).entries)
    assert index.find(Reference(reference=reference), Patient) is index.of(Patient)[0]


def test_a_reference_to_another_kind_finds_nothing() -> None:
    index = Index(read_document(bundle(PATIENT)).entries)
    assert index.find(Reference(reference="Patient/p"), Organization) is None
    assert index.find(None, Patient) is None


def test_a_contained_resource_is_found_within_its_holder() -> None:
    contained = {"resourceType": "Coverage", "id": "c", "subscriberId": "M1"}
    claim = {"resourceType": "Claim", "contained": [{"resourceType": "Coverage", "id": 7}, contained]}
    index = Index(read_document(bundle(claim)).entries)
    found = index.find(Reference(reference="#c"), Coverage, index.of(Claim)[0])
    assert found is not None
    assert "M1" == found.subscriber_id


def test_an_unresolved_conditional_reference_still_says_its_identifier() -> None:
    named = identifier_of(Reference(reference="Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1234567893"))
    assert named is not None
    assert ("http://hl7.org/fhir/sid/us-npi", "1234567893") == (named.system, named.value)
