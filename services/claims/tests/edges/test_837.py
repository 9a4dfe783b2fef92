"""What leaves as an 837 keeps to its guide by the codec's own validation, and says what the claim says."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from claims.domain.adjudication import Adjustment
from claims.domain.claims import Claim, PriorLine, PriorPayer, ServiceLine, control_number
from claims.domain.directory import Address, BillingEntity, Clinic, Payer, Provider
from claims.domain.encounters import Coverage, Encounter
from claims.domain.parties import Parties
from claims.domain.people import EncounterIdentity, Person, Subscriber
from claims.edi.claim_837 import writable, write_batch
from claims.edi.claim_form import ClaimForm, Sender
from claims.edi.status_276 import write_inquiry
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents
from revcycle_kit.values import replace
from revcycle_x12.institutional import InstitutionalClaims
from revcycle_x12.professional import ProfessionalClaims
from revcycle_x12.validate import validate

AT = datetime(2026, 2, 1, 12)  # noqa: DTZ001 - X12 names no zone
ON = date(2026, 1, 10)
HEALER = derived_id("provider")
HOME = Address(line1="2 Oak St. #5", city="Albany", state="NY", postal_code="12207")
JANE = Person(family="Doe", given="Jane", middle="Q", birth_on=date(1980, 2, 3), sex="F", address=HOME)
Make = Callable[..., ClaimForm]


def party(kind: str) -> Any:
    return derived_id(kind)


def parties() -> Parties:
    organization = party("organization")
    payers = [
        Payer(payer_id=party(code), organization_id=organization, name=f"Plan {code}", payer_code=code)
        for code in ("ONE", "TWO")
    ]
    return Parties(
        clinic=Clinic(clinic_id=party("clinic"), organization_id=organization),
        payee=BillingEntity(
            billing_entity_id=party("payee"),
            organization_id=organization,
            name="Riverside Clinic * Billing",
            tin="123456789",
            npi="1234567893",
            taxonomy="207Q00000X",
            address=Address(line1="1 Main St", city="Albany", state="NY", postal_code="122071234"),
        ),
        payers={payer.payer_id: payer for payer in payers},
        providers={
            HEALER: Provider(
                provider_id=HEALER, organization_id=organization, npi="1245319599", family="Healer", given="Ann"
            )
        },
    )


def line_of(kind: str) -> ServiceLine:
    """Make a service line."""
    return ServiceLine(
        line_number=1,
        line_id=party("line"),
        code="G0463",
        modifiers=("25",),
        units=Decimal("1.50"),
        charge_cents=Cents(25000),
        service_on=ON,
        place_of_service="11",
        rendering_provider_id=HEALER,
        pointers=(1, 2),
        revenue_code="0510" if kind == "I" else None,
    )


def claim_of(kind: str) -> Claim:
    """Make a claim."""
    return Claim(
        claim_id=party("claim"),
        encounter_id=party("encounter"),
        clinic_id=party("clinic"),
        billing_entity_id=party("payee"),
        patient_id=party("patient"),
        patient_control_number=control_number(party("claim")),
        payer_id=party("ONE"),
        coverage_id=party("coverage ONE"),
        kind=kind,
        place_of_service="11",
        facility_code="13" if kind == "I" else "",
        diagnoses=("E119", "I10"),
        lines=(line_of(kind),),
        rendering_provider_id=HEALER,
        attending_provider_id=HEALER,
        service_on=ON,
        service_through_on=ON,
    )


def encounter_of(claim: Claim, relationship: str) -> Encounter:
    """Make the encounter of a claim, with two coverages."""
    return Encounter(
        encounter_id=claim.encounter_id,
        organization_id=party("organization"),
        clinic_id=claim.clinic_id,
        billing_entity_id=claim.billing_entity_id,
        patient_id=claim.patient_id,
        guarantor_id=party("guarantor"),
        service_on=ON,
        coverages=tuple(
            Coverage(coverage_id=party(f"coverage {code}"), payer_id=party(code), rank=rank, relationship=relationship)
            for rank, code in enumerate(("ONE", "TWO"), 1)
        ),
    )


@pytest.fixture
def form() -> Make:
    """Make a claim with everything that its loops name."""

    def make(kind: str = "P", relationship: str = "18", **changes: Any) -> ClaimForm:
        claim = replace(claim_of(kind), **changes)
        holder = JANE if relationship == "18" else Person(family="Doe", given="John")
        subscribers = tuple(
            Subscriber(coverage_id=party(f"coverage {code}"), person=holder, member_id=f"M-{code}")
            for code in ("ONE", "TWO")
        )
        identity = EncounterIdentity(patient=JANE, subscribers=subscribers)
        encounter = encounter_of(claim, relationship)
        return ClaimForm(claim=claim, encounter=encounter, identity=identity, parties=parties())

    return make


def flaws(content: bytes) -> list[str]:
    """Return what the codec's validation finds wrong."""
    return [
        f"{finding.segment_id} {finding.loop}: {finding.message}"
        for finding in validate(content).findings
        if finding.is_error
    ]


def written(*forms: ClaimForm) -> bytes:
    """Write an interchange of these claims."""
    return write_batch(forms, forms[0].claim.kind, 7, AT, Sender())


def test_a_professional_claim_keeps_to_its_guide(form: Make) -> None:
    content = written(form())

    assert [] == flaws(content)
    [batch] = ProfessionalClaims.load(content)
    [claim] = batch.claims
    [line] = claim.service_lines
    assert (25000, "1", "11", "A") == (
        claim.charge_cents,
        claim.frequency,
        claim.place_of_service,
        claim.accepts_assignment,
    )
    assert ("G0463", ("25",), "1.5", [1, 2], ON) == (
        line.procedure.code,
        line.procedure.modifiers,
        line.quantity,
        line.diagnosis_pointers,
        line.served_on,
    )
    assert ("123456789", "1234567893", "1245319599") == (
        claim.billing_provider.tax_id,
        claim.billing_provider.npi,
        claim.rendering_provider.npi if claim.rendering_provider else "",
    )


def test_a_referred_patient_s_claim_names_who_referred(form: Make) -> None:
    content = written(form(referring_provider_id=HEALER))

    assert [] == flaws(content)
    [batch] = ProfessionalClaims.load(content)
    [claim] = batch.claims
    referring: Any = claim.referring_provider
    assert ("DN", "HEALER", "1245319599") == (referring.entity, referring.last_name, referring.npi)


def test_delimiters_in_names_are_taken_out(form: Make) -> None:
    [batch] = ProfessionalClaims.load(written(form()))
    [claim] = batch.claims

    assert "RIVERSIDE CLINIC BILLING" == claim.billing_provider.provider.last_name
    assert "2 OAK ST. #5" == claim.subscriber.person.address


def test_a_dependent_stands_under_the_subscriber(form: Make) -> None:
    content = written(form(relationship="19"))

    assert [] == flaws(content)
    [batch] = ProfessionalClaims.load(content)
    [claim] = batch.claims
    patient: Any = claim.patient
    assert ("JOHN", "19", "JANE") == (claim.subscriber.person.first_name, patient.relationship, patient.first_name)


@pytest.mark.parametrize(("frequency", "number"), [("7", "ICN1"), ("8", "ICN1")])
def test_a_corrected_claim_names_the_payers_number(form: Make, frequency: str, number: str) -> None:
    content = written(form(frequency=frequency, original_control_number=number, authorization_number="AUTH 1"))

    assert [] == flaws(content)
    [batch] = ProfessionalClaims.load(content)
    [claim] = batch.claims
    assert (frequency, number, "AUTH 1") == (
        claim.frequency,
        claim.payer_claim_control_number,
        claim.prior_authorization,
    )


@pytest.mark.parametrize("kind", ["P", "I"])
def test_a_second_payer_is_told_what_the_first_one_did(form: Make, kind: str) -> None:
    adjustments = (
        Adjustment(group="CO", carc="45", amount_cents=Cents(9000), meaning="contractual"),
        Adjustment(group="PR", carc="1", amount_cents=Cents(4000), meaning="patient"),
        Adjustment(group="CO", carc="253", amount_cents=Cents(240), meaning="reduction"),
    )
    prior = PriorPayer(
        coverage_id=party("coverage ONE"),
        payer_id=party("ONE"),
        rank=1,
        paid_cents=Cents(11760),
        patient_cents=Cents(4000),
        lines=(PriorLine(line_number=1, paid_cents=Cents(11760), adjustments=adjustments),),
        adjudicated_on=date(2026, 1, 25),
    )
    second = {"payer_id": party("TWO"), "coverage_id": party("coverage TWO"), "rank": 2, "prior": (prior,)}

    content = written(form(kind, **second))

    assert [] == flaws(content)
    batches: list[Any] = [*ProfessionalClaims.load(content), *InstitutionalClaims.load(content)]
    [claim] = batches[0].claims
    [told] = claim.service_lines[0].decisions
    assert ("TWO", 11760, 4000, date(2026, 1, 25)) == (
        claim.subscriber.payer.id,
        claim.other_coverages[0].paid_cents,
        claim.other_coverages[0].remaining_patient_liability_cents,
        told.decided_on,
    )


def test_an_institutional_claim_of_one_day_keeps_to_its_guide(form: Make) -> None:
    content = written(form("I"))

    assert [] == flaws(content)
    [batch] = InstitutionalClaims.load(content)
    [claim] = batch.claims
    assert ("131", (ON, ON), "0510") == (
        claim.type_of_bill,
        claim.statement_period,
        claim.service_lines[0].revenue_code,
    )


def test_an_inpatient_claim_tells_the_admission(form: Make) -> None:
    stay = form("I", facility_code="11", service_through_on=date(2026, 1, 13))
    encounter = replace(
        stay.encounter, visit_class="inpatient", admitted_at=datetime(2026, 1, 10, 8, tzinfo=UTC), discharged_at=None
    )

    content = written(ClaimForm(claim=stay.claim, encounter=encounter, identity=stay.identity, parties=stay.parties))

    assert [] == flaws(content)
    [batch] = InstitutionalClaims.load(content)
    [claim] = batch.claims
    assert ("30", datetime(2026, 1, 10, 8)) == (claim.discharge_status, claim.admitted_at)  # noqa: DTZ001


def test_one_claim_that_cannot_be_said_leaves_the_others_alone(form: Make) -> None:
    """A place of service that the guide does not list: named, and kept out."""
    good, bad = form(), form(place_of_service="ZZZ", patient_control_number="OTHER")

    said, refused = writable([good, bad], "P", 7, AT, Sender())

    assert ([good], [bad]) == (said, [refusal for refusal, _ in refused])
    assert "CLM05" in refused[0][1]


def test_the_same_batch_is_written_the_same(form: Make) -> None:
    assert written(form(), form()) == written(form(), form())


def test_a_status_inquiry_keeps_to_its_guide_and_repeats_its_number(form: Make) -> None:
    at = datetime(2026, 2, 1, 12, tzinfo=UTC)
    content = write_inquiry(form(payer_claim_control_number="ICN1"), "key", at, Sender())

    assert [] == flaws(content)
    assert content == write_inquiry(form(payer_claim_control_number="ICN1"), "key", at, Sender())
