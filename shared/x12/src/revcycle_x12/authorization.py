"""278 services review (005010X217): ask a payer for an authorization, and what it decides."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Self

from revcycle_x12._inquiries.rejections import FollowUp, Rejection, RejectReason, rejections
from revcycle_x12._inquiries.review import Attachment, EventProvider, PatientEvent, Person, Requester, Reviewer, Service
from revcycle_x12._inquiries.review_codes import Certification, ReviewAction, ReviewCategory
from revcycle_x12._reading.reader import read
from revcycle_x12._reading.watch import Watch
from revcycle_x12._syntax.limits import DEFAULT, Limits
from revcycle_x12._syntax.source import Source
from revcycle_x12._views.element_fields import Repeated, repeated
from revcycle_x12._views.fields import Field, Many, Moment, One, Period, code, day, many, moment, one, period, text
from revcycle_x12._views.health_codes import HealthCode
from revcycle_x12._views.nested import Keeping, keeping
from revcycle_x12._views.procedure import Procedure
from revcycle_x12._views.rows import Reference, Rows, Trace, traces
from revcycle_x12._views.transaction_view import TransactionView
from revcycle_x12._views.view import View
from revcycle_x12.guides import x217


class _Asked(View):
    trace: Field[str] = text("TRN[1]02", default="")
    """The asker's number for it, echoed in the response. Needs `trace_originator`."""
    trace_originator: Field[str] = text("TRN[1]03", default="")
    """TRN03, ten characters: 9 and an identifier, or 1 and the tax number."""


class RequestedService(_Asked, Service):
    """2000F of a request."""

    providers: Many[EventProvider] = many(EventProvider, "2010F", default=())


class RequestedEvent(_Asked, PatientEvent):
    """2000E of a request."""

    providers: Many[EventProvider] = many(EventProvider, "2010EA", default=())
    services: Many[RequestedService] = many(RequestedService, default=())


class RequestDependent(View):
    """2000D: the patient, where he is not the subscriber."""

    loop_id: ClassVar[str] = "2000D"
    person: One[Person] = one(Person, "2010D")
    events: Many[RequestedEvent] = many(RequestedEvent, default=())


class RequestSubscriber(View):
    """2000C: the insured; the patient, where there is no dependent."""

    loop_id: ClassVar[str] = "2000C"
    person: One[Person] = one(Person, "2010C")
    dependent: One[RequestDependent | None] = one(RequestDependent, default=None)
    events: Many[RequestedEvent] = many(RequestedEvent, default=())


class RequestRequester(View):
    """2000B: who asks."""

    loop_id: ClassVar[str] = "2000B"
    provider: One[Requester] = one(Requester)
    subscriber: One[RequestSubscriber] = one(RequestSubscriber)


class RequestReviewer(View):
    """2000A: who is asked."""

    loop_id: ClassVar[str] = "2000A"
    organization: One[Reviewer] = one(Reviewer)
    requester: One[RequestRequester] = one(RequestRequester)


class _Whole(TransactionView):
    """Read whole, for it is about one patient: levels below an event are there when the event is."""

    @classmethod
    def read(cls, source: Source, *, limits: Limits = DEFAULT, watch: Watch | None = None) -> Iterator[Self]:
        """Read the transactions of this guide in a source, one at a time, each whole."""
        for transaction in read(source, limits=limits, watch=watch):
            if transaction.guide is cls.guide:
                transaction.tree()
                yield cls.of_transaction(transaction)


class AuthorizationRequest(_Whole):
    """A whole 278 request."""

    guide: ClassVar = x217.REQUEST
    purpose: Field[str] = text("BHT02", default="13")
    reference: Field[str] = text("BHT03")
    created_at: Moment = moment("BHT04", "BHT05")
    reviewer: One[RequestReviewer] = one(RequestReviewer)

    @property
    def events(self) -> Iterator[RequestedEvent]:
        """Every patient event, in order, with its services."""
        return self._units(RequestedEvent, "2000E")


class _Decided(View):
    traces: Rows[Trace] = traces(default=())
    """Kind 2 echoes the request's TRN, kind 1 is the reviewer's own."""
    rejections: Rows[Rejection] = rejections(default=())
    action: Field[ReviewAction | None] = code("HCR01", ReviewAction, default=None)
    """What was decided; None where it was rejected (`rejections`) or is decided at the other level."""
    authorization_number: Field[str] = text("HCR02", default="")
    reasons: Repeated = repeated("HCR03", default=())
    """Review decision reason codes (X12 external list 886)."""
    second_opinion: Field[str] = text("HCR04", default="")
    issued_on: Field[date | None] = day("DTP[102]03", default=None)
    expires_on: Field[date | None] = day("DTP[036]03", default=None)
    effective: Period = period("DTP[007]", default=None)

    @property
    def trace(self) -> str:
        """The request's number, echoed (TRN01 = 2), empty where absent."""
        return next((row.number for row in self.traces if row.kind == "2"), "")


class DecidedService(_Decided, Service):
    """2000F of a response."""

    providers: Many[EventProvider] = many(EventProvider, "2010FA", default=())


class DecidedEvent(_Decided, PatientEvent):
    """2000E of a response. A decision here holds for its services, but for those that have their own."""

    providers: Many[EventProvider] = many(EventProvider, "2010EA", default=())
    services: Many[DecidedService] = many(DecidedService, default=())


class ResponseDependent(View):
    """2000D of a response."""

    loop_id: ClassVar[str] = "2000D"
    person: Keeping[Person] = keeping(Person, "2010D")
    rejections: Rows[Rejection] = rejections("2010D", default=())
    events: Many[DecidedEvent] = many(DecidedEvent, default=())


class ResponseSubscriber(View):
    """2000C of a response."""

    loop_id: ClassVar[str] = "2000C"
    person: Keeping[Person] = keeping(Person, "2010C")
    rejections: Rows[Rejection] = rejections("2010C", default=())
    dependent: One[ResponseDependent | None] = one(ResponseDependent, default=None)
    events: Many[DecidedEvent] = many(DecidedEvent, default=())


class ResponseRequester(View):
    """2000B of a response."""

    loop_id: ClassVar[str] = "2000B"
    provider: Keeping[Requester] = keeping(Requester, "2010B")
    rejections: Rows[Rejection] = rejections("2010B", default=())
    subscriber: One[ResponseSubscriber | None] = one(ResponseSubscriber, default=None)


class ResponseReviewer(View):
    """2000A of a response."""

    loop_id: ClassVar[str] = "2000A"
    rejections: Rows[Rejection] = rejections(default=())
    organization: One[Reviewer] = one(Reviewer)
    requester: One[ResponseRequester | None] = one(ResponseRequester, default=None)


class AuthorizationResponse(_Whole):
    """A whole 278 response."""

    guide: ClassVar = x217.RESPONSE
    purpose: Field[str] = text("BHT02", default="11")
    reference: Field[str] = text("BHT03")
    """BHT03 of the request, echoed."""
    kind: Field[str] = text("BHT06", default="")
    """18 nothing more follows, 19 more will follow, AT administrative, RU reservation."""
    created_at: Moment = moment("BHT04", "BHT05")
    reviewer: One[ResponseReviewer] = one(ResponseReviewer)

    @property
    def events(self) -> Iterator[DecidedEvent]:
        """Every patient event, in order, with its services."""
        return self._units(DecidedEvent, "2000E")

    @property
    def rejections(self) -> list[Rejection]:
        """Every AAA of the transaction, outermost first."""
        return [row for loop in self.loop.walk() for row in _Rejected.of(loop).rejections]


class _Rejected(View):
    rejections: Rows[Rejection] = rejections()


__all__ = [
    "Attachment",
    "AuthorizationRequest",
    "AuthorizationResponse",
    "Certification",
    "DecidedEvent",
    "DecidedService",
    "EventProvider",
    "FollowUp",
    "HealthCode",
    "Person",
    "Procedure",
    "Reference",
    "RejectReason",
    "Rejection",
    "RequestDependent",
    "RequestRequester",
    "RequestReviewer",
    "RequestSubscriber",
    "RequestedEvent",
    "RequestedService",
    "Requester",
    "ResponseDependent",
    "ResponseRequester",
    "ResponseReviewer",
    "ResponseSubscriber",
    "ReviewAction",
    "ReviewCategory",
    "Reviewer",
    "Trace",
]
