"""270 eligibility inquiry (005010X279A1): is the patient covered, and for what."""

from collections.abc import Iterator
from typing import ClassVar

from revcycle_x12._inquiries.member import Payer, Person, Provider
from revcycle_x12._views.element_fields import Repeated, repeated
from revcycle_x12._views.fields import Field, Many, Moment, One, Period, many, moment, one, period, text
from revcycle_x12._views.nested import Keeping, Within, keeping, within
from revcycle_x12._views.procedure import Procedure, ProcedureField, procedure_code
from revcycle_x12._views.transaction_view import TransactionView
from revcycle_x12._views.view import View
from revcycle_x12.guides import x279a1


class Inquiry(View):
    """2110C and 2110D: one question, by service type (30 = the health plan as a whole) or by procedure."""

    loop_id: ClassVar[str] = "2110C"
    service_types: Repeated = repeated("EQ01", default=())
    procedure: ProcedureField[Procedure | None] = procedure_code("EQ02", default=None)
    coverage_level: Field[str] = text("EQ03", default="")
    place_of_service: Field[str] = text("III02", default="")
    prior_authorization: Field[str] = text("REF[G1]02", default="")
    referral_number: Field[str] = text("REF[9F]02", default="")
    plan_period: Period = period("DTP[291]", default=None)


class _Asked(View):
    trace: Field[str] = text("TRN[1]02", default="")
    """The asker's number, echoed in the response. Needs `trace_originator`."""
    trace_originator: Field[str] = text("TRN[1]03", default="")
    """TRN03, ten characters: 9 and an identifier, or 1 and the tax number."""

    @property
    def payer(self) -> Payer:
        """Who is asked, above this level."""
        above = self.loop.ancestor("2000A")
        return Source.of(above).payer if above is not None else Payer()

    @property
    def provider(self) -> Provider:
        """Who asks, above this level."""
        above = self.loop.ancestor("2000B")
        return Receiver.of(above).provider if above is not None else Provider()


class Dependent(_Asked):
    """2000D: the patient, where he is not the subscriber."""

    loop_id: ClassVar[str] = "2000D"
    person: Keeping[Person] = keeping(Person, "2100D")
    inquiries: Within[Inquiry] = within(Inquiry, "2100D", "2110D")

    @property
    def subscriber(self) -> "Subscriber":
        """The subscriber above."""
        above = self.loop.ancestor("2000C")
        return Subscriber.of(above) if above is not None else Subscriber()


class Subscriber(_Asked):
    """2000C: the insured. Without dependents he is the patient, and the inquiries are his."""

    loop_id: ClassVar[str] = "2000C"
    person: Keeping[Person] = keeping(Person, "2100C")
    inquiries: Within[Inquiry] = within(Inquiry, "2100C", "2110C")
    dependents: Many[Dependent] = many(Dependent, default=())

    @property
    def member_id(self) -> str:
        return self.person.id


class Receiver(View):
    """2000B: who asks."""

    loop_id: ClassVar[str] = "2000B"
    provider: One[Provider] = one(Provider, "2100B")
    subscribers: Many[Subscriber] = many(Subscriber, default=())


class Source(View):
    """2000A: who is asked."""

    loop_id: ClassVar[str] = "2000A"
    payer: One[Payer] = one(Payer, "2100A")
    receivers: Many[Receiver] = many(Receiver, default=())


class EligibilityInquiry(TransactionView):
    """A whole 270."""

    guide: ClassVar = x279a1.INQUIRY
    purpose: Field[str] = text("BHT02", default="13")
    """13 request, 01 cancellation."""
    reference: Field[str] = text("BHT03", default="")
    created_at: Moment = moment("BHT04", "BHT05")
    sources: Many[Source] = many(Source, default=())
    """Of a transaction built or loaded whole; while streaming take `subscribers`."""

    @property
    def subscribers(self) -> Iterator[Subscriber]:
        """Every subscriber, in order; dependents are under them only when loaded whole."""
        return self._units(Subscriber, "2000C")

    @property
    def members(self) -> Iterator[Subscriber | Dependent]:
        """Every subscriber and every dependent, in order; the patients are those with `inquiries`."""
        for unit in self._units(View, "2000C", "2000D"):
            yield (Dependent if unit.loop.spec.id == "2000D" else Subscriber).of(unit.loop)
