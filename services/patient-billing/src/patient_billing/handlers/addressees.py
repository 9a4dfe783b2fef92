"""Addressees: taken from an encounter's identity, and kept only sealed."""

from uuid import UUID

from patient_billing.consumed import Address, EncounterIdentity
from patient_billing.domain.addressee import PURPOSE, Addressee
from patient_billing.storage import BillingWork


def seal_addressee(identity: EncounterIdentity, encounter_id: UUID, work: BillingWork) -> str:
    """Seal the addressee under the clinic's key; nobody known gives an empty text."""
    addressee = addressee_of(identity)
    return work.seal(addressee, PURPOSE, encounter_id) if addressee.name else ""


def addressee_of(identity: EncounterIdentity) -> Addressee:
    """Take the guarantor, or the patient where nobody else guarantees payment."""
    patient = identity.patient
    payer = identity.guarantor if identity.guarantor.family else patient
    return Addressee(
        name=f"{payer.given} {payer.family}".strip(),
        address=address_lines(payer.address) or address_lines(patient.address),
        email=payer.email or patient.email,
        patient=f"{patient.given} {patient.family}".strip(),
    )


def address_lines(address: Address) -> tuple[str, ...]:
    """Write an address as lines of a letter, without empty ones."""
    place = " ".join(part for part in (address.state, address.postal_code) if part)
    city = ", ".join(part for part in (address.city, place) if part)
    return tuple(line for line in (address.line1, address.line2, city) if line)
