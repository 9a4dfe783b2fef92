"""276 claim status inquiry and 277 claim status response (005010X212): where is the claim."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from revcycle_x12._views.fields import (
    Field,
    Many,
    Moment,
    One,
    Period,
    cents,
    code,
    day,
    many,
    moment,
    one,
    period,
    text,
)
from revcycle_x12._views.nested import Alike, alike
from revcycle_x12._views.party import Named
from revcycle_x12._views.procedure import Procedure, ProcedureField, procedure_code
from revcycle_x12._views.status import Status, StatusesField, statuses_of
from revcycle_x12._views.transaction_view import TransactionView
from revcycle_x12._views.view import View
from revcycle_x12.codes import Gender
from revcycle_x12.guides import x212


class LineInquiry(View):
    """2210D and 2210E: one line that is asked about."""

    loop_id: ClassVar[str] = "2210D"
    procedure: ProcedureField[Procedure] = procedure_code("SVC01")
    charge_cents: Field[int] = cents("SVC02")
    revenue_code: Field[str] = text("SVC04", default="")
    units: Field[str] = text("SVC07", default="")
    control_number: Field[str] = text("REF[FJ]02", default="")
    served: Period = period("DTP[472]", default=None)


class _InClaimLevel(View):
    """What a claim knows of the levels above it."""

    looks_up: ClassVar[bool] = True

    @property
    def patient(self) -> Named:
        """The subscriber or dependent the claim is for."""
        above = self.loop.parent
        return PatientLevel.of(above).person if above is not None else Named()

    @property
    def subscriber(self) -> Named:
        """The subscriber, with the member number in `id`."""
        above = self.loop.ancestor("2000D")
        return PatientLevel.of(above).person if above is not None else Named()

    @property
    def provider(self) -> Named:
        """The provider of service."""
        above = self.loop.ancestor("2000C")
        return _ProviderAbove.of(above).provider if above is not None else Named()

    @property
    def payer(self) -> Named:
        """The payer."""
        above = self.loop.ancestor("2000A")
        return _PayerAbove.of(above).payer if above is not None else Named()


class ClaimInquiry(_InClaimLevel):
    """2200D and 2200E: one claim that is asked about."""

    loop_id: ClassVar[str] = "2200D"
    trace: Field[str] = text("TRN02")
    """The asker's number, echoed in the response."""
    payer_control_number: Field[str] = text("REF[1K]02", default="")
    type_of_bill: Field[str] = text("REF[BLT]02", default="")
    location: Field[str] = text("REF[LU]02", default="")
    group_number: Field[str] = text("REF[6P]02", default="")
    control_number: Field[str] = text("REF[EJ]02", default="")
    """The provider's claim number (CLM01)."""
    prescription_number: Field[str] = text("REF[XZ]02", default="")
    clearinghouse_trace: Field[str] = text("REF[D9]02", default="")
    charge_cents: Field[int | None] = cents("AMT[T3]02", default=None)
    served: Period = period("DTP[472]", default=None)
    lines: Alike[LineInquiry] = alike(LineInquiry, "2210D", default=())


class PatientLevel(View):
    """What 2000D and 2000E have in common: a person, whose name stands in 2100D or 2100E."""

    loop_id: ClassVar[str] = "2000D"

    @property
    def person(self) -> Named:
        """Who."""
        found = self.loop.loop("2100" + self.loop.spec.id[-1])
        return Named.of(found) if found is not None else Named()


class _ProviderAbove(View):
    provider: One[Named] = one(Named, "2100C")


class _PayerAbove(View):
    payer: One[Named] = one(Named, "2100A")


class DependentInquiry(View):
    """2000E: a dependent, and claims for him."""

    loop_id: ClassVar[str] = "2000E"
    born_on: Field[date | None] = day("DMG02", default=None)
    gender: Field[Gender | None] = code("DMG03", Gender, default=None)
    person: One[Named] = one(Named, "2100E")
    claims: Alike[ClaimInquiry] = alike(ClaimInquiry, "2200E", default=())


class SubscriberInquiry(View):
    """2000D: a subscriber, claims for him, and dependents."""

    loop_id: ClassVar[str] = "2000D"
    born_on: Field[date | None] = day("DMG02", default=None)
    gender: Field[Gender | None] = code("DMG03", Gender, default=None)
    person: One[Named] = one(Named, "2100D")
    claims: Alike[ClaimInquiry] = alike(ClaimInquiry, "2200D", default=())
    dependents: Many[DependentInquiry] = many(DependentInquiry, default=())


class ProviderInquiry(View):
    """2000C: a provider."""

    loop_id: ClassVar[str] = "2000C"
    provider: One[Named] = one(Named, "2100C")
    subscribers: Many[SubscriberInquiry] = many(SubscriberInquiry, default=())


class ReceiverInquiry(View):
    """2000B: who asks, and gets the answer (electronic transmitter number, 46)."""

    loop_id: ClassVar[str] = "2000B"
    receiver: One[Named] = one(Named, "2100B")
    providers: Many[ProviderInquiry] = many(ProviderInquiry, default=())


class PayerInquiry(View):
    """2000A: the payer asked."""

    loop_id: ClassVar[str] = "2000A"
    payer: One[Named] = one(Named, "2100A")
    receivers: Many[ReceiverInquiry] = many(ReceiverInquiry, default=())


class StatusInquiry(TransactionView):
    """A whole 276."""

    guide: ClassVar = x212.INQUIRY
    reference: Field[str] = text("BHT03")
    created_at: Moment = moment("BHT04", "BHT05")
    payers: Many[PayerInquiry] = many(PayerInquiry, "2000A", default=())
    """Of a transaction built or loaded whole; while streaming take `claims`."""

    @property
    def claims(self) -> Iterator[ClaimInquiry]:
        """Every claim asked about, in order."""
        for level in self._units(SubscriberInquiry, "2000D", "2000E"):
            yield from level.claims


class LineStatus(View):
    """2220D and 2220E: the status of one service line."""

    loop_id: ClassVar[str] = "2220D"
    procedure: ProcedureField[Procedure] = procedure_code("SVC01")
    charge_cents: Field[int] = cents("SVC02")
    paid_cents: Field[int] = cents("SVC03", default=0)
    revenue_code: Field[str] = text("SVC04", default="")
    units: Field[str] = text("SVC07", default="")
    statuses: StatusesField = statuses_of(default=())
    control_number: Field[str] = text("REF[FJ]02", default="")
    served: Period = period("DTP[472]", default=None)


class ClaimStatus(_InClaimLevel):
    """2200D and 2200E: where one claim stands."""

    loop_id: ClassVar[str] = "2200D"
    trace: Field[str] = text("TRN02")
    """The inquiry's number, echoed."""
    statuses: StatusesField = statuses_of(default=())
    """Most telling first. `amount_cents` is the charge, `paid_cents` the payment."""
    payer_control_number: Field[str] = text("REF[1K]02", default="")
    type_of_bill: Field[str] = text("REF[BLT]02", default="")
    control_number: Field[str] = text("REF[EJ]02", default="")
    prescription_number: Field[str] = text("REF[XZ]02", default="")
    voucher: Field[str] = text("REF[VV]02", default="")
    clearinghouse_trace: Field[str] = text("REF[D9]02", default="")
    served: Period = period("DTP[472]", default=None)
    lines: Alike[LineStatus] = alike(LineStatus, "2220D", default=())

    @property
    def is_finalized(self) -> bool:
        """The payer has decided (category F)."""
        return any(status.category.startswith("F") for status in self.statuses)

    @property
    def is_pending(self) -> bool:
        """The payer is still at it (category P)."""
        return any(status.category.startswith("P") for status in self.statuses)

    @property
    def is_not_found(self) -> bool:
        """The payer does not know the claim (A4, or D0: the search failed)."""
        return any(status.category in {"A4", "D0"} for status in self.statuses)


class DependentStatus(View):
    """2000E of a response."""

    loop_id: ClassVar[str] = "2000E"
    person: One[Named] = one(Named, "2100E")
    claims: Alike[ClaimStatus] = alike(ClaimStatus, "2200E", default=())


class SubscriberStatus(View):
    """2000D of a response."""

    loop_id: ClassVar[str] = "2000D"
    person: One[Named] = one(Named, "2100D")
    claims: Alike[ClaimStatus] = alike(ClaimStatus, "2200D", default=())
    dependents: Many[DependentStatus] = many(DependentStatus, default=())


class ProviderStatus(View):
    """2000C of a response; `statuses` only where the provider as a whole was refused."""

    loop_id: ClassVar[str] = "2000C"
    provider: One[Named] = one(Named, "2100C")
    trace: Field[str] = text("2200C/TRN02", default="")
    statuses: StatusesField = statuses_of("2200C", default=())
    subscribers: Many[SubscriberStatus] = many(SubscriberStatus, default=())


class ReceiverStatus(View):
    """2000B of a response; `statuses` only where the asker as a whole was refused."""

    loop_id: ClassVar[str] = "2000B"
    receiver: One[Named] = one(Named, "2100B")
    trace: Field[str] = text("2200B/TRN02", default="")
    statuses: StatusesField = statuses_of("2200B", default=())
    providers: Many[ProviderStatus] = many(ProviderStatus, default=())


class PayerStatus(View):
    """2000A of a response."""

    loop_id: ClassVar[str] = "2000A"
    payer: One[Named] = one(Named, "2100A")
    receivers: Many[ReceiverStatus] = many(ReceiverStatus, default=())


class StatusResponse(TransactionView):
    """A whole 277 (X212). The claim acknowledgment 277CA (X214) is another: `claim_acknowledgment`."""

    guide: ClassVar = x212.RESPONSE
    reference: Field[str] = text("BHT03")
    created_at: Moment = moment("BHT04", "BHT05")
    payers: Many[PayerStatus] = many(PayerStatus, "2000A", default=())
    """Of a transaction built or loaded whole; while streaming take `claims`."""

    @property
    def claims(self) -> Iterator[ClaimStatus]:
        """Every claim answered, in order."""
        for level in self._units(SubscriberStatus, "2000D", "2000E"):
            yield from level.claims


__all__ = [
    "ClaimInquiry",
    "ClaimStatus",
    "DependentInquiry",
    "DependentStatus",
    "LineInquiry",
    "LineStatus",
    "Named",
    "PatientLevel",
    "PayerInquiry",
    "PayerStatus",
    "Procedure",
    "ProviderInquiry",
    "ProviderStatus",
    "ReceiverInquiry",
    "ReceiverStatus",
    "Status",
    "StatusInquiry",
    "StatusResponse",
    "SubscriberInquiry",
    "SubscriberStatus",
]
