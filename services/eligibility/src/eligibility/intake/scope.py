"""Under whose names a message is read."""

from dataclasses import dataclass
from uuid import UUID

from eligibility.domain import identifiers


@dataclass(frozen=True, slots=True)
class Scope:
    """
    The organization a message belongs to, and the sender's time zone for times without an offset.

    `source` names the sender where the message does not: files and FHIR carry no sending facility.
    """

    organization_id: UUID
    time_zone: str = "America/New_York"
    source: str = "ehr"

    def patient_id(self, assigner: str, number: str) -> UUID:
        """Return the id of a patient: who assigned the number, and the number."""
        return identifiers.patient(self.organization_id, assigner, number)

    def encounter_id(self, facility: str, number: str) -> UUID:
        """Return the id of an encounter: the sending facility, and the strongest number sent."""
        return identifiers.encounter(self.organization_id, facility, number)

    def unnumbered_encounter_id(self, patient_id: UUID, day: str, visit_class: str) -> UUID:
        """Return the id of an encounter sent without any number: its patient, day and class."""
        return identifiers.unnumbered_encounter(self.organization_id, patient_id, day, visit_class)

    def guarantor_id(self, assigner: str, number: str) -> UUID:
        """Return the id of a guarantor with a number of the sender's."""
        return identifiers.guarantor(self.organization_id, assigner, number)

    def guarantor_by_name(self, name: str, birth_on: str) -> UUID:
        """Return the id of a guarantor known only by name and birth date."""
        return identifiers.guarantor(self.organization_id, name, birth_on)

    def guarantor_self(self, patient_id: UUID) -> UUID:
        """Return the id of the guarantor who is the patient."""
        return identifiers.guarantor_self(self.organization_id, patient_id)
