"""Who attends renders the service, unless the sender names somebody else."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from eligibility.domain.directory import Clinic
from eligibility.domain.encounter import EncounterRecord
from eligibility.domain.facts import EncounterSent, PatientSent, Registration
from eligibility.domain.people import Person
from eligibility.domain.registration import Context, registered

DAY = date(2026, 1, 5)
HOUSE, WILSON, CUDDY = (UUID(int=number) for number in (11, 12, 13))
PATIENT = PatientSent(patient_id=UUID(int=5), medical_record_number="1", assigner="TEST", person=Person())
SENT = EncounterSent(encounter_id=UUID(int=1), visit_number="V1", service_on=DAY)
CLINIC = Clinic(organization_id=UUID(int=2), clinic_id=UUID(int=3), name="Clinic", time_zone="America/New_York")


def tell(known: EncounterRecord | None, minute: int, **who: UUID) -> EncounterRecord:
    """Register the visit, or change its registration, with these clinicians."""
    at = datetime(2026, 1, 5, 12, minute, tzinfo=UTC)
    context = Context(
        clinic=CLINIC,
        billing_entity_id=UUID(int=4),
        source="hl7v2",
        received_at=at,
        sent_at=at,
        today=DAY,
        guarantor_id=UUID(int=6),
        provider_ids=dict(who),
    )
    return registered(known, Registration(patient=PATIENT, encounter=SENT), SENT, context).record


@pytest.mark.parametrize(
    ("told", "renders"),
    [
        ([{"attending": HOUSE}], HOUSE),
        ([{"attending": HOUSE, "rendering": WILSON}], WILSON),
        ([{"attending": HOUSE}, {"attending": CUDDY}], CUDDY),
        ([{"attending": HOUSE, "rendering": WILSON}, {"attending": CUDDY}], WILSON),
        ([{"attending": HOUSE}, {"rendering": WILSON}], WILSON),
        ([{"referring": HOUSE}], None),
    ],
)
def test_the_attending_clinician_renders_until_somebody_else_is_named(
    told: list[dict[str, UUID]], renders: UUID | None
) -> None:
    chart = None
    for minute, who in enumerate(told):
        chart = tell(chart, minute, **who)
    assert chart is not None
    assert renders == chart.encounter.rendering_provider_id
