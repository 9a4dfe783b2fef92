"""837 institutional (005010X223A2): claims of hospitals and other facilities."""

from collections.abc import Iterator
from typing import ClassVar

from revcycle_x12 import claim_common as common
from revcycle_x12._views.adjustments import Adjustment
from revcycle_x12._views.attachments import Attachment
from revcycle_x12._views.fields import Field, Many, One, Period, Timed, cents, many, one, period, text, timed
from revcycle_x12._views.health_codes import HealthCode, HealthCodesField, health_codes
from revcycle_x12._views.party import Located, Person, Provider
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
from revcycle_x12.guides.x223a2 import GUIDE


class ServiceLine(common.ServiceLineCommon):
    """2400: one revenue line of an institutional claim."""

    revenue_code: Field[str] = text("SV201")
    procedure: ProcedureField[Procedure | None] = procedure_code("SV202", default=None)
    charge_cents: Field[int] = cents("SV203")
    unit: Field[str] = text("SV204", default="UN")
    """UN units, DA days."""
    quantity: Field[str] = text("SV205", default="")
    non_covered_cents: Field[int | None] = cents("SV207", default=None)
    operating_physician: One[Provider | None] = one(Provider, "2420A", default=None)
    rendering_provider: One[Provider | None] = one(Provider, "2420C", default=None)


class Claim(common.ClaimCommon):
    """2300: an institutional claim."""

    facility_type: Field[str] = text("CLM05-1")
    """First two digits of the type of bill (after the leading zero): 11 hospital inpatient, 13 outpatient."""
    statement_period: Period = period("DTP[434]")
    """First and last day the claim covers."""
    admitted_at: Timed = timed("DTP[435]", default=None)
    """Admission date and hour, without a zone; None where absent."""
    admission_type: Field[str] = text("CL101", default="")
    admission_source: Field[str] = text("CL102", default="")
    discharge_status: Field[str] = text("CL103")
    principal_diagnosis: HealthCodesField = health_codes("ABK", also=("BK",), default=())
    admitting_diagnosis: HealthCodesField = health_codes("ABJ", also=("BJ",), default=())
    reasons_for_visit: HealthCodesField = health_codes("APR", also=("PR",), default=())
    external_causes: HealthCodesField = health_codes("ABN", also=("BN",), default=())
    other_diagnoses: HealthCodesField = health_codes("ABF", also=("BF",), default=())
    drg: HealthCodesField = health_codes("DR", default=())
    principal_procedure: HealthCodesField = health_codes("BBR", also=("BR", "CAH"), default=())
    other_procedures: HealthCodesField = health_codes("BBQ", also=("BQ",), default=())
    occurrence_spans: HealthCodesField = health_codes("BI", default=())
    occurrences: HealthCodesField = health_codes("BH", default=())
    values: HealthCodesField = health_codes("BE", default=())
    conditions: HealthCodesField = health_codes("BG", default=())
    attending_provider: One[Provider | None] = one(Provider, "2310A", default=None)
    operating_physician: One[Provider | None] = one(Provider, "2310B", default=None)
    rendering_provider: One[Provider | None] = one(Provider, "2310D", default=None)
    service_facility: One[Located | None] = one(Located, "2310E", default=None)
    referring_provider: One[Provider | None] = one(Provider, "2310F", default=None)
    service_lines: Many[ServiceLine] = many(ServiceLine, default=())

    @property
    def type_of_bill(self) -> str:
        """Facility type and frequency, three digits: 131."""
        return f"{self.facility_type}{self.frequency}"

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


class InstitutionalClaims(common.ClaimBatch):
    """A whole 837I."""

    guide: ClassVar = GUIDE
    billing_providers: Many[BillingProvider] = many(BillingProvider, "2000A", default=())

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
    "InstitutionalClaims",
    "LineDecision",
    "Located",
    "OtherCoverage",
    "OtherPayer",
    "OtherSubscriber",
    "Patient",
    "Payer",
    "Person",
    "Procedure",
    "Provider",
    "Receiver",
    "ServiceLine",
    "Submitter",
    "Subscriber",
]
