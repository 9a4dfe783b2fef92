"""837 professional (005010X222A1): claims of physicians and suppliers."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from revcycle_x12 import claim_common as common
from revcycle_x12._views.adjustments import Adjustment
from revcycle_x12._views.attachments import Attachment
from revcycle_x12._views.fields import Field, Many, One, cents, day, many, one, text
from revcycle_x12._views.health_codes import HealthCode, HealthCodesField, health_codes
from revcycle_x12._views.lists import PointersField, pointers
from revcycle_x12._views.party import Located, Named, Person, Provider
from revcycle_x12._views.procedure import Procedure, ProcedureField, procedure_code
from revcycle_x12.claim_common import (
    Drug,
    LineDecision,
    OtherCoverage,
    OtherPayer,
    OtherSubscriber,
    Payer,
    Receiver,
    Submitter,
)
from revcycle_x12.guides.x222a1 import GUIDE

ICD9_TOO = ("BK", "BF")


class ServiceLine(common.ServiceLineCommon):
    """2400: one line of a professional claim."""

    procedure: ProcedureField[Procedure] = procedure_code("SV101")
    charge_cents: Field[int] = cents("SV102")
    unit: Field[str] = text("SV103", default="UN")
    """UN units, MJ minutes (anesthesia)."""
    quantity: Field[str] = text("SV104", default="")
    place_of_service: Field[str] = text("SV105", default="")
    """Only where it differs from the claim's."""
    diagnosis_pointers: PointersField = pointers("SV107", default=())
    """Places of the line's diagnoses in the claim's list, from 1, most important first."""
    is_emergency: Field[str] = text("SV109", default="")
    rendering_provider: One[Provider | None] = one(Provider, "2420A", default=None)
    ordering_provider: One[Provider | None] = one(Provider, "2420E", default=None)
    note: Field[str] = text("NTE[ADD]02", default="")


class Claim(common.ClaimCommon):
    """2300: a professional claim."""

    place_of_service: Field[str] = text("CLM05-1")
    provider_signature: Field[str] = text("CLM06", default="")
    patient_signature_source: Field[str] = text("CLM10", default="")
    related_cause: Field[str] = text("CLM11-1", default="")
    """AA auto accident, EM employment, OA other accident."""
    accident_state: Field[str] = text("CLM11-4", default="")
    onset_on: Field[date | None] = day("DTP[431]03", default=None)
    accident_on: Field[date | None] = day("DTP[439]03", default=None)
    admitted_on: Field[date | None] = day("DTP[435]03", default=None)
    discharged_on: Field[date | None] = day("DTP[096]03", default=None)
    clia_number: Field[str] = text("REF[X4]02", default="")
    note: Field[str] = text("NTE[ADD|CER|DCP|DGN|TPO]02", default="")
    diagnoses: HealthCodesField = health_codes("ABK", "ABF", ICD9_TOO, default=())
    """Principal diagnosis first; at most twelve."""
    referring_provider: One[Provider | None] = one(Provider, "2310A", default=None)
    rendering_provider: One[Provider | None] = one(Provider, "2310B", default=None)
    service_facility: One[Located | None] = one(Located, "2310C", default=None)
    supervising_provider: One[Named | None] = one(Named, "2310D", default=None)
    service_lines: Many[ServiceLine] = many(ServiceLine, default=())

    @classmethod
    def _levels(cls) -> "tuple[type[BillingProvider], type[Subscriber], type[Patient]]":
        return BillingProvider, Subscriber, Patient


class Patient(common.Patient):
    """2000C with its claims."""

    claims: Many[Claim] = many(Claim, "2300", default=())


class Subscriber(common.Subscriber):
    """2000B with the claims for the subscriber, or the patients who depend on the subscriber."""

    claims: Many[Claim] = many(Claim, "2300", default=())
    patients: Many[Patient] = many(Patient, "2000C", default=())


class BillingProvider(common.BillingProvider):
    """2000A with its subscribers."""

    subscribers: Many[Subscriber] = many(Subscriber, "2000B", default=())


class ProfessionalClaims(common.ClaimBatch):
    """A whole 837P. `ProfessionalClaims.read(source)` streams; its `claims` are handed out one at a time."""

    guide: ClassVar = GUIDE
    billing_providers: Many[BillingProvider] = many(BillingProvider, "2000A", default=())
    """Of a transaction built or loaded whole; while streaming take `claims`."""

    @property
    def claims(self) -> Iterator[Claim]:
        """Every claim, in order, each with its subscriber and billing provider above it."""
        return self._units(Claim, "2300")


__all__ = [
    "Adjustment",
    "Attachment",
    "BillingProvider",
    "Claim",
    "Drug",
    "HealthCode",
    "LineDecision",
    "Located",
    "Named",
    "OtherCoverage",
    "OtherPayer",
    "OtherSubscriber",
    "Patient",
    "Payer",
    "Person",
    "Procedure",
    "ProfessionalClaims",
    "Provider",
    "Receiver",
    "ServiceLine",
    "Submitter",
    "Subscriber",
]
