"""Ids that follow from what senders and the organization call things: the same name gives the same id, for ever."""

from uuid import UUID

from revcycle_kit.ids import derived_id


def patient(organization_id: UUID, assigner: str, number: str) -> UUID:
    """Return the id of a patient: who assigned the record number, and the number."""
    return derived_id("patient", str(organization_id), assigner.upper(), number.upper())


def encounter(organization_id: UUID, facility: str, number: str) -> UUID:
    """Return the id of an encounter: the sending facility, and the strongest number sent."""
    return derived_id("encounter", str(organization_id), facility.upper(), number.upper())


def unnumbered_encounter(organization_id: UUID, patient_id: UUID, day: str, visit_class: str) -> UUID:
    """Return the id of an encounter sent without any number: its patient, day and class."""
    return derived_id("encounter", str(organization_id), str(patient_id), day, visit_class)


def guarantor(organization_id: UUID, assigner: str, number: str) -> UUID:
    """Return the id of a guarantor with a number of the sender's."""
    return derived_id("guarantor", str(organization_id), assigner.upper(), number.upper())


def guarantor_self(organization_id: UUID, patient_id: UUID) -> UUID:
    """Return the id of the guarantor who is the patient."""
    return derived_id("guarantor", str(organization_id), str(patient_id))


def payer(organization_id: UUID, payer_code: str) -> UUID:
    """Return the id of a payer."""
    return derived_id("payer", str(organization_id), payer_code.upper())


def provider(organization_id: UUID, number: str) -> UUID:
    """Return the id of a clinician, by NPI or by the sender's own number."""
    return derived_id("provider", str(organization_id), number.upper())


def billing_entity(organization_id: UUID, tin: str, npi: str) -> UUID:
    """Return the id of a payee, by its tax number and billing NPI."""
    return derived_id("billing_entity", str(organization_id), tin, npi)


def clinic(organization_id: UUID, code: str) -> UUID:
    """Return the id of a clinic, by the organization's code for it."""
    return derived_id("clinic", str(organization_id), code.upper())
