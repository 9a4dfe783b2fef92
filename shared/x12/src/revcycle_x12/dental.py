"""837 dental (005010X224A2): claims of dentists, and predeterminations."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from revcycle_x12 import claim_common as common
from revcycle_x12._views.adjustments import Adjustment
from revcycle_x12._views.fields import Field, Many, One, Period, cents, day, many, number, one, period, text
from revcycle_x12._views.health_codes import HealthCode, HealthCodesField, health_codes
from revcycle_x12._views.lists import PointersField, pointers
from revcycle_x12._views.party import Located, Named, Person, Provider
from revcycle_x12._views.procedure import Procedure, ProcedureField, procedure_code
from revcycle_x12._views.too import Teeth, Tooth, teeth
from revcycle_x12.claim_common import (
    LineDecision,
    OtherCoverage,
    OtherPayer,
    OtherSubscriber,
    Payer,
    Receiver,
    Submitter,
)
from revcycle_x12.guides.x224a2 import GUIDE


class ServiceLine(common.ServiceLineCommon):
    """2400: one line of a dental claim. The procedure's qualifier is AD."""

    procedure: ProcedureField[Procedure] = procedure_code("SV301")
    charge_cents: Field[int] = cents("SV302")
    place_of_service: Field[str] = text("SV303", default="")
    """Only where it differs from the claim's."""
    oral_cavity: Field[str] = text("SV304-1", default="")
    """Area: 00 whole mouth, 01 upper arch, 02 lower arch, 10 20 30 40 quadrants."""
    prosthesis: Field[str] = text("SV305", default="")
    """I initial placement, R replacement."""
    quantity: Field[str] = text("SV306", default="1")
    teeth: Teeth = teeth(default=())
    prior_placement_on: Field[date | None] = day("DTP[441|139]03", default=None)
    appliance_placed_on: Field[date | None] = day("DTP[452]03", default=None)
    predetermination: Field[str] = text("REF[G3]02", default="")
    rendering_provider: One[Provider | None] = one(Provider, "2420A", default=None)
    diagnosis_pointers: PointersField = pointers("SV311", default=())
    """Places of the diagnoses meant, in the list of the claim, from 1."""


class Claim(common.ClaimCommon):
    """2300: a dental claim, or with `submission_reason` PB a predetermination."""

    place_of_service: Field[str] = text("CLM05-1")
    provider_signature: Field[str] = text("CLM06", default="")
    related_cause: Field[str] = text("CLM11-1", default="")
    submission_reason: Field[str] = text("CLM19", default="")
    served: Period = period("DTP[472]", default=None)
    accident_on: Field[date | None] = day("DTP[439]03", default=None)
    appliance_placed_on: Field[date | None] = day("DTP[452]03", default=None)
    orthodontic_months: Field[int | None] = number("DN101", default=None)
    orthodontic_months_left: Field[int | None] = number("DN102", default=None)
    predetermination: Field[str] = text("REF[G3]02", default="")
    note: Field[str] = text("NTE[ADD]02", default="")
    diagnoses: HealthCodesField = health_codes("ABK", "ABF", ("BK", "BF", "TQ"), default=())
    referring_provider: One[Provider | None] = one(Provider, "2310A", default=None)
    rendering_provider: One[Provider | None] = one(Provider, "2310B", default=None)
    service_facility: One[Located | None] = one(Located, "2310C", default=None)
    assistant_surgeon: One[Provider | None] = one(Provider, "2310D", default=None)
    supervising_provider: One[Named | None] = one(Named, "2310E", default=None)
    service_lines: Many[ServiceLine] = many(ServiceLine, default=())


class Patient(common.Patient):
    """2000C with its claims."""

    claims: Many[Claim] = many(Claim, "2300", default=())


class Subscriber(common.Subscriber):
    """2000B with its claims, or with dependents who have them."""

    claims: Many[Claim] = many(Claim, "2300", default=())
    patients: Many[Patient] = many(Patient, "2000C", default=())


class BillingProvider(common.BillingProvider):
    """2000A with its subscribers."""

    subscribers: Many[Subscriber] = many(Subscriber, "2000B", default=())


class DentalClaims(common.ClaimBatch):
    """A whole 837D. `DentalClaims.read(source)` streams; its `claims` are handed out one at a time."""

    guide: ClassVar = GUIDE
    billing_providers: Many[BillingProvider] = many(BillingProvider, "2000A", default=())
    """Of a transaction built or loaded whole; while streaming take `claims`."""

    @property
    def claims(self) -> Iterator[Claim]:
        """Every claim, in order, each with its subscriber and billing provider above it."""
        return self._units(Claim, "2300")


__all__ = [
    "Adjustment",
    "BillingProvider",
    "Claim",
    "DentalClaims",
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
    "Provider",
    "Receiver",
    "ServiceLine",
    "Submitter",
    "Subscriber",
    "Tooth",
]
