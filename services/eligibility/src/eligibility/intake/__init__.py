"""Intake of EHR messages: HL7 v2 and FHIR read into the facts of `eligibility.domain.facts`."""

from eligibility.intake.reading import pieces_of, read
from eligibility.intake.scope import Scope

__all__ = ["Scope", "pieces_of", "read"]
