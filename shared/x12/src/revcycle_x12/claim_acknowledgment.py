"""277CA claim acknowledgment (005010X214): which claims a payer or clearinghouse takes for adjudication."""

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
    day,
    many,
    moment,
    number,
    one,
    period,
    text,
)
from revcycle_x12._views.party import Named
from revcycle_x12._views.procedure import Procedure, ProcedureField, procedure_code
from revcycle_x12._views.status import Status, StatusesField, statuses_of
from revcycle_x12._views.transaction_view import TransactionView
from revcycle_x12._views.view import View
from revcycle_x12.guides.x214 import GUIDE


class LineStatus(View):
    """2220D: the status of one service line."""

    loop_id: ClassVar[str] = "2220D"
    procedure: ProcedureField[Procedure | None] = procedure_code("SVC01", default=None)
    charge_cents: Field[int | None] = cents("SVC02", default=None)
    revenue_code: Field[str] = text("SVC04", default="")
    units: Field[str] = text("SVC07", default="")
    statuses: StatusesField = statuses_of(default=())
    control_number: Field[str] = text("REF[FJ]02", default="")
    """The line's number (REF*6R of the claim), echoed."""
    served: Period = period("DTP[472]", default=None)


class ClaimStatus(View):
    """2200D: what was decided at the door about one claim."""

    loop_id: ClassVar[str] = "2200D"
    control_number: Field[str] = text("TRN02")
    """The provider's claim number (CLM01), echoed."""
    statuses: StatusesField = statuses_of(default=())
    payer_control_number: Field[str] = text("REF[1K]02", default="")
    clearinghouse_trace: Field[str] = text("REF[D9]02", default="")
    type_of_bill: Field[str] = text("REF[BLT]02", default="")
    served: Period = period("DTP[472]", default=None)
    lines: Many[LineStatus] = many(LineStatus, default=())

    @property
    def is_accepted(self) -> bool:
        """Taken for adjudication: something was said, and no status of claim or line rejects."""
        said = [*self.statuses, *(status for line in self.lines for status in line.statuses)]
        return bool(said) and not any(status.is_rejection for status in said)


class PatientLevel(View):
    """2000D: one patient and the claims for that patient."""

    loop_id: ClassVar[str] = "2000D"
    patient: One[Named] = one(Named, "2100D")
    claims: Many[ClaimStatus] = many(ClaimStatus, "2200D", default=())


class ProviderLevel(View):
    """2000C: a billing provider; the status of its claims as a whole is optional."""

    loop_id: ClassVar[str] = "2000C"
    provider: One[Named] = one(Named, "2100C")
    trace: Field[str] = text("2200C/TRN02", default="")
    statuses: StatusesField = statuses_of("2200C", default=())
    accepted_count: Field[int | None] = number("2200C/QTY[QA]02", default=None)
    rejected_count: Field[int | None] = number("2200C/QTY[QC]02", default=None)
    accepted_cents: Field[int | None] = cents("2200C/AMT[YU]02", default=None)
    rejected_cents: Field[int | None] = cents("2200C/AMT[YY]02", default=None)
    patients: Many[PatientLevel] = many(PatientLevel, "2000D", default=())

    @property
    def is_rejected(self) -> bool:
        """Everything below is rejected as a whole: no claim is named, and each is as good as never sent."""
        return any(status.is_rejection for status in self.statuses)


class ReceiverLevel(View):
    """2000B: who sent the claims; `trace` echoes the batch's BHT03."""

    loop_id: ClassVar[str] = "2000B"
    receiver: One[Named] = one(Named, "2100B")
    trace: Field[str] = text("2200B/TRN02")
    statuses: StatusesField = statuses_of("2200B", default=())
    accepted_count: Field[int | None] = number("2200B/QTY[90]02", default=None)
    rejected_count: Field[int | None] = number("2200B/QTY[AA]02", default=None)
    accepted_cents: Field[int | None] = cents("2200B/AMT[YU]02", default=None)
    rejected_cents: Field[int | None] = cents("2200B/AMT[YY]02", default=None)
    providers: Many[ProviderLevel] = many(ProviderLevel, "2000C", default=())

    @property
    def is_rejected(self) -> bool:
        """Everything below is rejected as a whole: no claim is named, and each is as good as never sent."""
        return any(status.is_rejection for status in self.statuses)


class SourceLevel(View):
    """2000A: who answers (a payer or a clearinghouse), and when it received and processed the batch."""

    loop_id: ClassVar[str] = "2000A"
    source: One[Named] = one(Named, "2100A")
    receipt: Field[str] = text("2200A/TRN02")
    received_on: Field[date] = day("2200A/DTP[050]03")
    processed_on: Field[date] = day("2200A/DTP[009]03")
    receivers: Many[ReceiverLevel] = many(ReceiverLevel, "2000B", default=())


class ClaimAcknowledgment(TransactionView):
    """A whole 277CA."""

    guide: ClassVar = GUIDE
    reference: Field[str] = text("BHT03")
    created_at: Moment = moment("BHT04", "BHT05")
    sources: Many[SourceLevel] = many(SourceLevel, "2000A", default=())
    """To build, or of one loaded whole; while streaming take `claims`."""

    @property
    def batches(self) -> list[ReceiverLevel]:
        """
        Give the batches answered, of one built or loaded whole.

        A batch, or a provider in it, may be rejected as a whole (`is_rejected`):
        then none of its claims is among `claims`.
        """
        return [receiver for source in self.sources for receiver in source.receivers]

    @property
    def claims(self) -> Iterator[ClaimStatus]:
        """Every claim answered by itself, in order; a batch rejected as a whole names none (`batches`)."""
        for patient in self._units(PatientLevel, "2000D"):
            yield from patient.claims


__all__ = [
    "ClaimAcknowledgment",
    "ClaimStatus",
    "LineStatus",
    "Named",
    "PatientLevel",
    "Procedure",
    "ProviderLevel",
    "ReceiverLevel",
    "SourceLevel",
    "Status",
]
