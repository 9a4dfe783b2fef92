"""The directory: clinics and billing entities, as eligibility tells them."""

from patient_billing.consumed import BillingEntityUpdated, ClinicUpdated
from patient_billing.handlers.addressees import address_lines
from patient_billing.storage import BillingEntity, BillingWork, Clinic


async def record_clinic(event: ClinicUpdated, work: BillingWork) -> None:
    """Know the clinic's name and time zone."""
    work.clinics.put(Clinic(event.clinic_id, work.stream.tenant_id, event.name, event.time_zone))


async def record_billing_entity(event: BillingEntityUpdated, work: BillingWork) -> None:
    """Know who statements come from."""
    lines = address_lines(event.address)
    entity = BillingEntity(event.billing_entity_id, work.stream.tenant_id, event.name, lines, event.contact_phone)
    work.billing_entities.put(entity)
