"""
FHIR R4 as it is really sent: typed resources, bundles read resource by resource, references resolved.

Nothing here knows what a resource means for billing; that is `eligibility.intake`.
"""

from eligibility.fhir.bundle import Document, Refusal, UnreadableDocumentError, read_document
from eligibility.fhir.references import Index, identifier_of

__all__ = ["Document", "Index", "Refusal", "UnreadableDocumentError", "identifier_of", "read_document"]
