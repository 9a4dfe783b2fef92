"""What messages of EHR systems mean: HL7 v2 and FHIR to the facts of `eligibility.domain.intake`."""

from eligibility.intake.reading import pieces_of, read
from eligibility.intake.scope import Scope

__all__ = ["Scope", "pieces_of", "read"]
